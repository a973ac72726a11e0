import ControlServer
import Foundation
import Glibc
import StageTwin
import TestSupport
import Testing

/// `cyclorama run` as an operator has it: a supervisor, its stage, a control socket, a stream.
@Suite(.serialized, .enabled(if: RunningStage.isBuilt, "needs `swift build -c release`"))
struct `The running program` {
    /// A stage whose frames come.
    private func start() throws -> RunningStage {
        let stage = try RunningStage()
        let isUp = stage.wire.read(seconds: 20) { stage.wire.frames.count >= 10 }
        try #require(isUp, "no frames in 20 s")
        return stage
    }

    /// Frames the sender's clock let go or the machine lost, against those that came.
    private func gaps(_ frames: [WireReader.Frame]) -> Int {
        zip(frames, frames.dropFirst()).reduce(0) { sum, pair in
            let ticks = Double(pair.1.timestamp &- pair.0.timestamp)
            return sum + Int((ticks / 1501.5).rounded()) - 1
        }
    }

    @Test func `streams without one rule broken, every stamp on the grid`() throws {
        let stage = try start()
        stage.wire.forget()
        let isDone = stage.wire.read(seconds: 20) { stage.wire.frames.count >= 120 }
        #expect(isDone)
        #expect(stage.wire.faults == 0)
        #expect(stage.wire.strict.breaks.isEmpty, "\(stage.wire.strict.breaks)")
        for (a, b) in zip(stage.wire.frames, stage.wire.frames.dropFirst()) {
            // 60000/1001 Hz in 90 kHz: steps of 1501 and 1502, or a whole number of both.
            let ticks = Double(b.timestamp &- a.timestamp)
            let periods = (ticks / 1501.5).rounded()
            #expect(periods >= 1 && abs(ticks - periods * 1501.5) < 1)
        }
        print("stream: 120 frames, \(gaps(stage.wire.frames)) instants let go")
        #expect(stage.stop() == 0)
    }

    @Test func `is back within two seconds when it is killed, with the last edit on the wall`()
        throws
    {
        let stage = try start()
        let before = stage.wire.frames.last!.octets
        let (code, answer) = try stage.ctl("set", "all/exposure", "-1.25")
        #expect(code == 0)
        #expect(answer.hasPrefix("applied r"), "\(answer)")
        let isEdited = stage.wire.read(seconds: 5) { stage.wire.frames.last!.octets != before }
        try #require(isEdited)
        let edited = stage.wire.frames.last!.octets
        for round in 1...3 {
            let child = try #require(stage.child)
            let sequence = stage.wire.frames.last!.sequence
            stage.wire.forget()
            let killed = ContinuousClock.now
            kill(child, SIGKILL)
            // A new process counts its packets from the start.
            let isBack = stage.wire.read(seconds: 20) {
                stage.wire.frames.last.map { $0.sequence < sequence } ?? false
            }
            try #require(isBack)
            let back = stage.wire.frames.last!
            let milliseconds = Int((back.time - killed) / .milliseconds(1))
            print("killed: the picture is back after \(milliseconds) ms (round \(round))")
            if RunningStage.isAlone { #expect(milliseconds <= 2000) }
            #expect(back.octets == edited)
            #expect(stage.child != child)
            stage.wire.forget()
            let isGoingOn = stage.wire.read(seconds: 10) { stage.wire.frames.count >= 30 }
            #expect(isGoingOn)
            #expect(stage.wire.frames.allSatisfy { $0.octets == edited })
        }
        let (_, value) = try stage.ctl("get", "all/exposure")
        #expect(value.contains("-1.25"))
        let (_, undone) = try stage.ctl("set", "all/exposure", "0")
        #expect(undone.hasPrefix("applied r"))
        let isUndone = stage.wire.read(seconds: 5) { stage.wire.frames.last!.octets == before }
        #expect(isUndone)
        #expect(stage.stop() == 0)
    }

    @Test func `keeps an edit it has answered even when it is killed in the same moment`() throws {
        let stage = try start()
        let before = stage.wire.frames.last!.octets
        let child = try #require(stage.child)
        let client = try ControlSocket.connect(path: stage.socketPath)
        defer { close(client) }
        let sequence = stage.wire.frames.last!.sequence
        stage.wire.forget()
        let request = Array("set all/exposure -2\n".utf8)
        #expect(Glibc.send(client, request, request.count, Int32(MSG_NOSIGNAL)) == request.count)
        var answer = [UInt8](repeating: 0, count: 256)
        let count = recv(client, &answer, answer.count, 0)
        kill(child, SIGKILL)
        #expect(String(decoding: answer.prefix(max(0, count)), as: UTF8.self).hasPrefix("applied"))
        let isBack = stage.wire.read(seconds: 20) {
            stage.wire.frames.last.map { $0.sequence < sequence } ?? false
        }
        try #require(isBack)
        let back = stage.wire.frames.last!.octets
        #expect(back != before)
        let (_, value) = try stage.ctl("get", "all/exposure")
        #expect(value.contains("-2"), "\(value)")
        #expect(stage.wire.frames.last!.octets == back)
        #expect(stage.stop() == 0)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `stops cleanly when asked, and leaves no socket and no process`(signal: Int32) throws {
        let stage = try start()
        let child = try #require(stage.child)
        #expect(FileManager.default.fileExists(atPath: stage.socketPath))
        let asked = ContinuousClock.now
        #expect(stage.stop(signal) == 0)
        print("stopped after \(Int((ContinuousClock.now - asked) / .milliseconds(1))) ms")
        #expect(!FileManager.default.fileExists(atPath: stage.socketPath))
        #expect(kill(child, 0) != 0)
    }

    @Test func `a stage that cannot start says why once and does not try again`() throws {
        let client = Process()
        let text = Pipe()
        client.executableURL = URL(filePath: RunningStage.program)
        client.arguments = ["run", "/nowhere/stage.yaml"]
        client.standardError = text
        client.standardOutput = text
        try client.run()
        let said = String(
            decoding: try text.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        client.waitUntilExit()
        #expect(client.terminationStatus != 0)
        #expect(said.contains("/nowhere/stage.yaml"))
        #expect(said.split(separator: "\n").count == 1, "\(said)")
    }

    @Test func `a dead tracker's garbage and control clients cost no frame`() throws {
        let stage = try start()
        let path = stage.socketPath
        let silent = try ControlSocket.connect(path: path)
        let rude = try ControlSocket.connect(path: path)
        defer { for descriptor in [silent, rude] { close(descriptor) } }
        var random = SeededRandom(seed: 7)
        let garbage = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        stage.wire.forget()
        let begin = ContinuousClock.now
        #expect(send(garbage, to: rude, reading: stage.wire))
        // One line of 10 MB, and no end to it.
        let long = try ControlSocket.connect(path: path)
        defer { close(long) }
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 10 << 20)
        _ = send(line, to: long, reading: stage.wire)
        let tracking = try loopbackSocket()
        defer { close(tracking) }
        for round in 0..<200 {
            let bytes = garbage[round * 29..<round * 29 + 1 + round % 60]
            #expect(sendDatagram(Array(bytes), from: tracking, to: stage.trackingPort))
            _ = stage.wire.read(seconds: 0.003)
        }
        let (code, answer) = try stage.ctl("set", "all/exposure", "-0.5")
        #expect(code == 0 && answer.hasPrefix("applied r"), "\(answer)")
        _ = stage.wire.read(seconds: 1)
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        let frames = stage.wire.frames
        print("under garbage: \(frames.count) frames in \(seconds) s, \(gaps(frames)) let go")
        #expect(stage.wire.faults == 0)
        #expect(stage.wire.strict.breaks.isEmpty)
        #expect(frames.count > 30)
        // A busy machine takes some; what is ours to lose is none.
        let (_, late) = try stage.ctl("get", "status/frames-late-by-us")
        #expect(late.hasPrefix("ok status/frames-late-by-us "), "\(late)")
        if RunningStage.isAlone {
            #expect(Double(frames.count) > 0.75 * seconds * 59.94)
            #expect(late.hasSuffix(" 0"), "\(late)")
        }
        #expect(stage.stop() == 0)
    }

    /// Sends bytes as fast as the stage takes them, frames being read meanwhile.
    private func send(_ bytes: [UInt8], to descriptor: Int32, reading wire: WireReader) -> Bool {
        var rest = bytes[...]
        var answers = [UInt8](repeating: 0, count: 65536)
        return wire.read(seconds: 20) {
            while recv(descriptor, &answers, answers.count, Int32(MSG_DONTWAIT)) > 0 {}
            let count = rest.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress, min($0.count, 65536),
                    Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
            }
            if count > 0 { rest = rest.dropFirst(count) }
            if count < 0 && errno != EAGAIN { return true }
            return rest.isEmpty
        }
    }
}
