import ArgumentParser
import ControlServer
import Foundation
import Glibc
import StageConfig
import StageModel

/// `cyclorama probe`: every step of one wall pixel's color on a running stage.
struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Tell every step of one wall pixel's color, of a stage that runs.",
        discussion: """
            From the content's scene-linear light over each scope's exposure, white balance, CDL \
            and look, the wall's primaries, nits, roll-off, gamut and limiters to the code value:

              cyclorama probe demo --wall main --at 960,540

            The pixel is one of the canvas that feeds the wall, counted from its top left. In a \
            camera's soft edge every view that is there is told, and then the light they make \
            together. Afterwards the probe is off again.
            """)

    @Argument(help: "The stage: a file, its folder, or the name of a folder in stage-configs.")
    var stage: String

    @Option(help: "The wall, by its name in the stage file.")
    var wall: String

    @Option(help: "Column and row, as 960,540.")
    var at: String

    @Option(help: "Path of the control socket, if it is not the stage file's.")
    var socket: String?

    private var place: (x: Int, y: Int)? {
        let parts = at.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let x = Int(parts[0]), let y = Int(parts[1]),
            0...65535 ~= x, 0...65535 ~= y
        else { return nil }
        return (x, y)
    }

    func validate() throws {
        guard place != nil else {
            throw ValidationError("--at \(at): a column and a row, each 0 to 65535, as 960,540")
        }
    }

    func run() throws {
        guard let place else { return }
        let path = try socket ?? StageConfig.load(stage).get().controlSocket
        let descriptor: Int32
        do {
            descriptor = try ControlSocket.connect(path: path)
        } catch { throw ValidationError("\(error)") }
        defer { close(descriptor) }
        let talk = ControlQuestions(descriptor: descriptor)
        for request in ["x \(place.x)", "y \(place.y)", "wall \(step(wall))"] {
            let answer = talk.ask("set probe/\(request)").last ?? "the stage has gone"
            guard answer.hasPrefix("applied") else { throw ValidationError(answer) }
        }
        // The edit shows with the next frame; a fifth of a second has two of any rate.
        usleep(200_000)
        let answer = talk.ask("probe")
        _ = talk.ask("set probe/wall none")
        for line in answer { print(line) }
        if answer.last?.hasPrefix("ok") != true { throw ExitCode(1) }
    }

    /// A name as the control tree has it.
    private func step(_ name: String) -> String {
        String(
            name.lowercased().map { c in
                c.isASCII && (c.isLetter || c.isNumber) || "._-".contains(c) ? c : "-"
            })
    }
}

/// One request after the other, each with its whole answer.
struct ControlQuestions {
    let descriptor: Int32
    /// Words the last line of an answer begins with.
    private static let ends = ["ok", "applied", "clamped", "refused"]

    /// The lines of an answer; what came of it when the stage goes.
    func ask(_ request: String) -> [String] {
        ControlTalk.put(Array("\(request)\n".utf8)[...], to: descriptor)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            if bytes.last == UInt8(ascii: "\n"), let last = lines.last,
                Self.ends.contains(where: { last.hasPrefix($0) })
            {
                return lines.map(String.init)
            }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return lines.map(String.init) }
            bytes += buffer[..<count]
        }
    }
}
