import Foundation
import FrameLoop
import Glibc
import StageRun
import TestSupport
import Testing
import Timing
import Tracking

/// Takes of `cyclorama run`, as an operator records and replays them.
@Suite(.serialized, .enabled(if: RunningStage.isBuilt, "needs `swift build -c release`"))
struct `A running program's take` {
    private static let grid = FrameGrid(rate: FrameRate(60000, 1001)!)

    /// A stage whose frames come, and a socket that tracks for it.
    private func start() throws -> RunningStage {
        let stage = try RunningStage()
        let isUp = stage.wire.read(seconds: 20) { stage.wire.frames.count >= 10 }
        try #require(isUp, "no frames in 20 s")
        return stage
    }

    /// Reads frames while the camera pans, a packet a frame.
    private func shoot(_ stage: RunningStage, frames: Int, from first: inout Int) throws {
        let socket = try loopbackSocket()
        defer { close(socket) }
        for _ in 0..<frames {
            let packet = freeD(pan: 8 * sin(Double(first) * 0.05), 0, 0, 1.5)
            #expect(sendDatagram(packet, from: socket, to: stage.trackingPort))
            let count = stage.wire.frames.count
            _ = stage.wire.read(seconds: 2) { stage.wire.frames.count > count }
            first += 1
        }
    }

    @Test func `replays to what was on the wire`() throws {
        let stage = try start()
        var at = 0
        try shoot(stage, frames: 20, from: &at)
        #expect(try stage.ctl("set", "take/record", "on").code == 0)
        stage.wire.forget()
        try shoot(stage, frames: 40, from: &at)
        #expect(try stage.ctl("set", "all/exposure", "-1", "fade", "0.5s").code == 0)
        try shoot(stage, frames: 40, from: &at)
        #expect(try stage.ctl("set", "take/record", "off").code == 0)
        try shoot(stage, frames: 10, from: &at)
        let sent = stage.wire.frames
        let path = "\(stage.folder)/takes/small-0001.take"
        #expect(stage.stop() == 0)
        let list = "\(stage.folder)/hashes"
        let replay = Process()
        replay.executableURL = URL(filePath: RunningStage.program)
        replay.arguments = ["replay", path, "--hashes", list, "--json"]
        let output = Pipe()
        replay.standardOutput = output
        try replay.run()
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        replay.waitUntilExit()
        #expect(replay.terminationStatus == 0)
        let report = try #require(
            try JSONSerialization.jsonObject(with: answer) as? [String: Any])
        #expect(report["ending"] as? String == "ended as asked")
        #expect((report["notes"] as? [String])?.isEmpty == true, "\(report)")
        var pictures: [Int64: UInt64] = [:]
        var due: [UInt32: Int64] = [:]
        for line in try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ")
            let frame = try #require(words.first.flatMap { Int64($0) })
            pictures[frame] = words.last.flatMap { UInt64($0, radix: 16) }
            // The picture made in frame n is on the wire in frame n + 1.
            due[Self.grid.rtpTimestamp(of: frame + 1)] = frame
        }
        var (compared, shifted) = (0, 0)
        for sent in sent {
            guard let frame = due[sent.timestamp] else { continue }
            compared += 1
            let own = sent.octets.withUnsafeBytes(wordFingerprint)
            if own == pictures[frame] { continue }
            // Beside other work a picture may miss its turn and its forerunner go out again, or a
            // sender that woke late already find the next: pictures of this take all the same.
            shifted += 1
            let isNear = (frame - 4...frame + 1).contains { pictures[$0] == own }
            #expect(isNear, "RTP \(sent.timestamp) carries no picture of the take")
        }
        print("take: \(pictures.count) replayed, \(compared) compared, \(shifted) late on the wire")
        #expect(compared > 40)
        if RunningStage.isAlone { #expect(shifted == 0) }
        #expect(Set(pictures.values).count > 10, "the shot moves")
    }

    @Test func `loses at most 100 ms when it is killed, and the next one goes on`() throws {
        let stage = try start()
        #expect(try stage.ctl("set", "take/record", "on").code == 0)
        var at = 0
        try shoot(stage, frames: 60, from: &at)
        let child = try #require(stage.child)
        kill(child, SIGKILL)
        _ = stage.wire.read(seconds: 0.05)
        let last = try #require(stage.wire.frames.last).timestamp
        let take = try Take(path: "\(stage.folder)/takes/small-0001.take")
        #expect(take.ending == .cut)
        let newest = take.events.reversed().lazy.compactMap { event in
            if case .frame(let record) = event { record.frame } else { nil }
        }.first
        let kept = Self.grid.rtpTimestamp(of: try #require(newest) + 1)
        let lost = Double(Int32(bitPattern: last &- kept)) / 90_000
        print("killed: the take ends \(Int(lost * 1000)) ms before the wire did")
        if RunningStage.isAlone { #expect(lost <= 0.1) }
        let second = "\(stage.folder)/takes/small-0002.take"
        let goesOn = stage.wire.read(seconds: 20) {
            ((try? Take(path: second))?.frameCount ?? 0) > 10
        }
        #expect(goesOn, "the stage that came back records on")
        #expect(stage.stop() == 0)
        #expect(try Take(path: second).ending == .asked)
    }
}
