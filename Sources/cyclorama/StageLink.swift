import ArgumentParser
import ControlServer
import Foundation
import Glibc
import Platform
import StageModel
import StageRun
import Timing

/// What a calibration talks to: the running stage, and the camera's feed.
struct StageLink: ParsableArguments {
    @Option(
        help: """
            Record the camera's RTP feed here: its SDP file, curve and primaries, as "camera.sdp \
            logc4 ARRI Wide Gamut 4". Without it the camera records, and its clips are asked for.
            """)
    var feed: String?
    @Flag(help: "No stage runs; what was captured before is read.") var offline = false

    func validate() throws {
        if offline, feed != nil {
            throw ValidationError("--feed --offline: a feed is recorded while the stage runs")
        }
    }

    /// A desk of whoever sits at the terminal, and the stage that runs.
    func desk(of stage: String) throws -> SessionDesk {
        let feed = try feed.map(CameraFeed.init)
        let path = try socket(of: stage)
        var desk = SessionDesk(
            say: { FileHandle.standardOutput.write(Data("\($0)\n".utf8)) },
            ask: { question in
                // A key pressed while something was shown is no answer to what is asked now.
                if isatty(STDIN_FILENO) == 1 { tcflush(STDIN_FILENO, TCIFLUSH) }
                FileHandle.standardOutput.write(Data("\(question): ".utf8))
                return readLine()
            },
            request: path.map { path in { try Self.request($0, path) } },
            wait: { Clocks.sleep(until: Clocks.now() + Int64($0 * 1e9)) })
        desk.feed = feed
        return desk
    }

    /// The running stage's control socket; nil with --offline.
    private func socket(of stage: String) throws -> String? {
        guard !offline else { return nil }
        let path = try stageNamed(stage).controlSocket
        do { _ = try Self.request("version", path) } catch {
            throw TrackFault(
                "\(error) – start it with `cyclorama run \(stage)`, or say --offline to read what "
                    + "was captured before")
        }
        return path
    }

    /// One request, and the last line of its answer.
    private static func request(_ text: String, _ path: String) throws -> String {
        let descriptor = try ControlSocket.connect(path: path)
        defer { close(descriptor) }
        let bytes = Array("\(text)\nquit\n".utf8)
        guard
            bytes.withUnsafeBytes({ send(descriptor, $0.baseAddress, $0.count, 0x4000) })
                == bytes.count
        else { throw TrackFault("\(path): the stage has gone") }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count > 0, answer.count < 1 << 20 else { break }
            answer += buffer[..<count]
        }
        let lines = String(decoding: answer, as: UTF8.self).split(separator: "\n").map(String.init)
        return lines.last ?? ""
    }
}
