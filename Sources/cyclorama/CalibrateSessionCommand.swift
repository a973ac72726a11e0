import ArgumentParser
import ControlServer
import Foundation
import Glibc
import Platform
import StageCalibration
import StageConfig
import StageModel
import StageRun
import Timing

/// `calibrate STAGE`: the whole calibration, step by step.
struct CalibrateSessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Lead through a whole calibration, step by step; goes on where it was left.",
        discussion: """
            The stage runs (`cyclorama run STAGE`): each step shows its pattern, says what to do, \
            and asks for what the camera recorded. Steps: \
            \(SessionStep.allCases.map(\.rawValue).joined(separator: ", ")). After each, what was \
            done is written to calibration/DATE beside the stage file, with the captures, results, \
            verdicts and a report for a browser.

              cyclorama calibrate volume
              cyclorama calibrate volume --step color

            With --offline no stage runs: the captures have been made before.
            """)

    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var stage: String
    @Option(help: "The session's folder. Default: the newest unfinished one, or one of today.")
    var folder: String?
    @Option(help: "Only this step, once more.") var step: String?
    @Flag(help: "No stage runs; what was captured before is read.") var offline = false

    func validate() throws {
        if let step, SessionStep(rawValue: step) == nil {
            throw ValidationError(
                "--step \(step): known are "
                    + SessionStep.allCases.map(\.rawValue).joined(separator: ", "))
        }
    }

    func run() throws {
        let desk = Self.desk(try Self.socket(of: stage, offline: offline))
        var session = try CalibrationSession(
            stage: stage, folder: folder, today: Self.now("yyyy-MM-dd"), desk: desk)
        try session.run(only: step.flatMap { SessionStep(rawValue: $0) })
    }

    /// The time of day here, as names of folders have it.
    static func now(_ format: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = format
        return formatter.string(from: Date())
    }

    /// A desk of whoever sits at the terminal and the stage that listens at a path.
    static func desk(_ path: String?) -> SessionDesk {
        SessionDesk(
            say: { FileHandle.standardOutput.write(Data("\($0)\n".utf8)) },
            ask: { question in
                FileHandle.standardOutput.write(Data("\(question): ".utf8))
                return readLine()
            },
            request: path.map { path in { try request($0, path) } },
            wait: { Clocks.sleep(until: Clocks.now() + Int64($0 * 1e9)) })
    }

    /// The running stage's control socket; nil with --offline.
    static func socket(of stage: String, offline: Bool) throws -> String? {
        guard !offline else { return nil }
        switch StageConfig.load(stage) {
        case .failure(let complaints): throw TrackFault("\(complaints)")
        case .success(let built):
            do { _ = try request("version", built.controlSocket) } catch {
                throw TrackFault(
                    "\(error) – start it with `cyclorama run \(stage)`, or say --offline to read "
                        + "what was captured before")
            }
            return built.controlSocket
        }
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
