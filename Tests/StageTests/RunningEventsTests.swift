import Foundation
import Glibc
import StageRun
import TestSupport
import Testing
import Timing

/// The event log of `cyclorama run`, as an operator reads it the next morning.
@Suite(.serialized, .enabled(if: RunningStage.isBuilt, "needs `swift build -c release`"))
struct `A running program's event log` {
    private static let grid = FrameGrid(rate: FrameRate(60000, 1001)!)

    /// A line taken apart: `TIMECODE frame N  KIND  text`.
    private struct Line {
        var timecode: String
        var frame: Int64
        var kind: String
        var text: String

        init?(_ line: Substring) {
            guard let match = line.wholeMatch(of: /(\S+) frame (\d+)  ([a-z]+)  (.+)/),
                let frame = Int64(match.2)
            else { return nil }
            timecode = String(match.1)
            self.frame = frame
            (kind, text) = (String(match.3), String(match.4))
        }
    }

    private func lines(_ stage: RunningStage) throws -> [Line] {
        guard let text = try? String(contentsOfFile: stage.eventsPath, encoding: .utf8) else {
            return []
        }
        return try text.split(separator: "\n").map { try #require(Line($0), "\($0)") }
    }

    /// Reads frames until the log has a line of a kind that holds a text.
    private func waitFor(
        _ kind: String, _ text: String, _ stage: RunningStage, seconds: Double = 10
    ) -> Bool {
        stage.wire.read(seconds: seconds) {
            let found = try? lines(stage).contains { $0.kind == kind && $0.text.contains(text) }
            return found ?? false
        }
    }

    /// Sends a packet a frame.
    private func track(_ stage: RunningStage, frames: Int) throws {
        let socket = try loopbackSocket()
        defer { close(socket) }
        for index in 0..<frames {
            let packet = freeD(pan: Double(index % 10) * 0.1, 0, 0, 1.5)
            #expect(sendDatagram(packet, from: socket, to: stage.trackingPort))
            let count = stage.wire.frames.count
            _ = stage.wire.read(seconds: 2) { stage.wire.frames.count > count }
        }
    }

    @Test func `tells edits, a tracker's loss and return, and a fault, with their timecodes`()
        throws
    {
        let stage = try RunningStage()
        let isUp = stage.wire.read(seconds: 20) { stage.wire.frames.count >= 10 }
        try #require(isUp, "no frames in 20 s")
        try track(stage, frames: 30)
        #expect(try stage.ctl("set", "all/exposure", "-1", "fade", "0.5s").code == 0)
        #expect(try stage.ctl("set", "stage/blackout", "on").code == 0)
        #expect(try stage.ctl("undo").code == 0)
        #expect(try stage.ctl("set", "take/record", "on").code == 0)
        #expect(waitFor("tracker", "tracker lost", stage))
        // Longer than what is put together: else it is told of only as lost once more.
        try track(stage, frames: 120)
        #expect(waitFor("tracker", "tracker back after", stage))
        #expect(try stage.ctl("set", "take/record", "off").code == 0)
        #expect(waitFor("take", "take 1: ended", stage))

        let written = try lines(stage)
        for (kind, text) in [
            ("stage", "small started on 20"), ("scene", "dome.hdr shown"),
            ("tracker", "tracker live"),
            ("edit", "all/exposure -1 stops over 0.5 s, by client 1 of user \(getuid())"),
            ("blackout", "on: stage/blackout on, by client 2"),
            ("blackout", "off: undo: stage/blackout off, by client 3"),
            ("take", "take 1: recording to "), ("tracker", "tracker stale"),
        ] {
            let isThere = written.contains { $0.kind == kind && $0.text.contains(text) }
            #expect(isThere, "\(kind): \(text)")
        }
        for line in written {
            let label = Timecode(frame: line.frame, of: Self.grid, utcOffset: -37)
            #expect(line.timecode == "\(label)")
        }
        let (code, told) = try stage.ctl("events", "200")
        #expect(code == 0)
        let tail = told.split(separator: "\n")
        #expect(tail.last?.hasPrefix("ok ") == true)
        #expect(
            tail.contains {
                $0.hasSuffix(
                    "tracker lost: its pose stands still – look at the "
                        + "tracker and its network")
            })
        let (_, number) = try stage.ctl("get", "status/events")
        let count = number.split(separator: " ").last.flatMap { Int($0) } ?? 0
        #expect(count >= written.count, "\(number)")

        let child = try #require(stage.child)
        kill(child, SIGKILL)
        #expect(waitFor("stage", "small started again after a fault", stage, seconds: 20))
        let (_, after) = try stage.ctl("events", "200")
        #expect(after.contains("all/exposure -1 stops over 0.5 s"), "the tail goes on")
        #expect(after.contains("started again after a fault"))
        #expect(stage.stop() == 0)
        #expect(try lines(stage).last?.text.hasPrefix("small stopped after ") == true)
    }
}
