import Foundation

/// OpenCV's remap in a Python process, taking turns with us (Tests/Peers/opencv_remap.py).
final class BenchPeer {
    /// What it says it is.
    let version: String
    private let process: Process
    private let questions: FileHandle
    private let answers: FileHandle
    private var buffer = Data()

    /// Starts it; nil when there is no Python with OpenCV or no program.
    init?(program: String) {
        guard FileManager.default.fileExists(atPath: program) else { return nil }
        let own = ".venv/bin/python"
        let python = FileManager.default.isExecutableFile(atPath: own) ? own : "/usr/bin/env"
        process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = (python == own ? [] : ["python3"]) + [program, "--serve"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        questions = input.fileHandleForWriting
        answers = output.fileHandleForReading
        guard (try? process.run()) != nil else { return nil }
        guard let greeting = BenchPeer.line(answers, &buffer) else { return nil }
        version = greeting
    }

    deinit {
        try? questions.close()
        process.waitUntilExit()
    }

    /// Milliseconds of one remap, or nil when the process is gone.
    func milliseconds(width: Int, height: Int) -> Double? {
        guard (try? questions.write(contentsOf: Data("\(width) \(height)\n".utf8))) != nil else {
            return nil
        }
        return BenchPeer.line(answers, &buffer).flatMap(Double.init)
    }

    private static func line(_ from: FileHandle, _ buffer: inout Data) -> String? {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer = Data(buffer[(end + 1)...])
                return line
            }
            let more = from.availableData
            if more.isEmpty { return nil }
            buffer.append(more)
        }
    }
}
