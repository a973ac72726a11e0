import Foundation
import FrameLoop
import Scenes
import StageModel
import StageRun
import Testing
import Timing
import Tracking

/// A pan on a stage in virtual time, recorded as a take, and the table somebody made of pictures.
private struct PanTake {
    static let first = VirtualStage.firstFrame
    static let frames: Int64 = 720
    /// From capture to arrival, seconds: 2.3 frames.
    static let delay = 2.3 * VirtualStage.period * 1e-9
    let take: Take

    /// Degrees; ± 10° to and fro.
    static func pan(_ host: HostTime) -> Double {
        let t = Double(host - VirtualStage.host(first)) * 1e-9
        return 8 * sin(2 * .pi * t / 3.1) + 2 * sin(2 * .pi * t / 1.7)
    }

    static func lightTime(_ frame: Int64) -> HostTime { VirtualStage.host(frame + 1) + 8_000_000 }

    init() throws {
        let wall = try VirtualStage(TestScenes.checker(width: 64))
        let folder = NSTemporaryDirectory() + "cyclorama-pan-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let recorder = wall.recorder(into: folder)
        wall.edit("take/record", 1, at: Self.first)
        for frame in Self.first..<Self.first + Self.frames {
            let arrival = VirtualStage.host(frame, plus: -0.4)
            let captured = arrival + -Int64(Self.delay * 1e9)
            wall.prepare(
                frame,
                [
                    VirtualStage.Datagram(
                        arrivalTime: arrival, bytes: freeD(pan: Self.pan(captured), 0, 0, 1.5))
                ])
            wall.path.abandon()
            recorder.drain()
        }
        recorder.stop()
        take = try Take(path: "\(folder)/virtual-0001.take")
    }

    /// A picture of every third frame: the pan to the other side, from 30°.
    static func table(every step: Int64 = 3) -> String {
        var text = "frame,panDegrees\r\n"
        for frame in stride(from: first, to: first + frames, by: Int(step)) {
            text += "\(frame),\(30 - pan(lightTime(frame)))\r\n"
        }
        return text + "\r\n"
    }
}

@Suite struct `The delay in a take` {
    @Test func `is found from the packets in it and a table of pictures`() throws {
        let take = try PanTake().take
        let report = try TrackRun.delay(
            of: take, stage: VirtualStage.stage(), source: "one",
            pictures: PictureTable(text: PanTake.table(), name: "t.csv"))
        #expect(abs(report.delayMilliseconds - PanTake.delay * 1000) < 0.05)
        #expect(abs(report.delayFrames - 2.3) < 0.005)
        #expect(report.uncertaintyMilliseconds < 0.1)
        #expect(abs(report.scale + 1) < 1e-3)
        #expect(report.pictures + report.picturesLeftOut + report.picturesOutside == 240)
        // The last 0.3 s of the take and a little at its start.
        #expect((5...20).contains(report.picturesOutside))
        let line = String(format: "delayMilliseconds: %.2f", report.delayMilliseconds)
        #expect(report.stageLine == line)
    }

    @Test func `is refused in a line that says why and what to do`() throws {
        let take = try PanTake().take
        func said(_ source: String?, _ table: String) -> String {
            do {
                _ = try TrackRun.delay(
                    of: take, stage: VirtualStage.stage(), source: source,
                    pictures: PictureTable(text: table, name: "t.csv"))
                return "nothing"
            } catch {
                return "\(error)"
            }
        }
        let table = PanTake.table()
        #expect(said(nil, table).hasSuffix("choose with --source: one, two"))
        #expect(said("three", table) == "--source three: the take's trackers are: one, two")
        #expect(said("two", table).hasPrefix("too few packets: the take has none of two"))
        #expect(said("one", "").hasPrefix("too few pictures: 0 of 0 show one of"))
        #expect(
            said("one", "1,2\n3,4").hasPrefix("too few pictures: 0 of 2 show one of the take's"))
        #expect(said("one", PanTake.table(every: 20)).hasPrefix("too few pictures: 36 of 36"))
        // Pans that jump about.
        let other = (Int64(0)..<240).map { "\(PanTake.first + 3 * $0),\($0 * $0 % 17)" }
        #expect(said("one", other.joined(separator: "\n")).hasPrefix("not the same move: of a pan"))
    }

    @Test(arguments: [
        ("frame,panDegrees\n12,3,4", 2), ("12", 1), ("1,2\n\nx,3", 3), ("1,nan", 1), ("1.5,2", 1),
        ("1,2\nframe,panDegrees", 2), ("1,99999", 1),
    ])
    func `names the line of a table that is none`(text: String, line: Int) {
        #expect {
            try PictureTable(text: text, name: "t.csv")
        } throws: { error in
            "\(error)".hasPrefix("t.csv:\(line): “") && "\(error)".contains("FRAME,PANDEGREES")
        }
    }

    @Test func `is read from tables with and without a head, in any order`() throws {
        let rows = try PictureTable(text: " 5 , -1.5e0 \n3,2", name: "t.csv").rows
        #expect(rows.map(\.frame) == [5, 3])
        #expect(rows.map(\.panDegrees) == [-1.5, 2])
        #expect(try PictureTable(text: "Frame,PanDegrees\n5,1", name: "t.csv").rows.count == 1)
        #expect(throws: RunError.self) { try PictureTable(path: "/nowhere/t.csv") }
    }
}
