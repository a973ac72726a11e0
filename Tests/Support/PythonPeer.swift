public import Foundation

/// A program of Tests/Peers, run with numbers of ours.
public enum PythonPeer {
    /// The package's root folder.
    public static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The environment the Makefile makes, else the system's.
    public static var python: String {
        let own = root.appending(path: ".venv/bin/python3").path
        return FileManager.default.isExecutableFile(atPath: own) ? own : "/usr/bin/python3"
    }

    /// That Python has a module.
    public static func has(module: String) -> Bool {
        (try? run(["-c", "import \(module)"]).status) == 0
    }

    /// Runs a peer on a JSON file of cases.
    public static func judge(_ script: String, _ cases: some Encodable, _ more: [String] = [])
        throws
        -> (status: Int32, output: String)
    {
        let file = FileManager.default.temporaryDirectory
            .appending(path: "cyclorama-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try JSONEncoder().encode(cases).write(to: file)
        let path = root.appending(path: "Tests/Peers/\(script)").path
        return try run([path, file.path] + more)
    }

    private static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let program = Process()
        program.executableURL = URL(filePath: python)
        program.arguments = arguments
        let pipe = Pipe()
        program.standardOutput = pipe
        program.standardError = pipe
        try program.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        program.waitUntilExit()
        return (program.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
