import Foundation

/// A peer in a process of its own that takes turns with us: it says who it is, or what it misses,
/// then answers each line with one (Tests/Peers/bench_wall.py).
package final class BenchPeer {
    /// A peer's program.
    package struct Program {
        /// Its file in the peers' folder.
        package var file: String
        /// What it measures of the dome.
        var names: [String] = []
        /// One answer is the mean of many frames.
        var isSlow = false
        /// How to get what it needs.
        var remedy: String
    }

    package static let programs = [
        Program(
            file: "opencv_remap.py", names: ["openCVRemap8UC3", "openCVRemap32FC4"],
            remedy: "`make bench` makes a .venv with opencv-python-headless"),
        Program(
            file: "llvmpipe_dome.py", names: ["llvmpipe"],
            remedy: mesaRemedy),
        Program(
            file: "ffmpeg_v360.py", names: ["ffmpegV360"], isSlow: true,
            remedy: "`make bench` installs ffmpeg, and makes a .venv with numpy"),
    ]

    /// Draws the set of triangles that `BenchMesh` draws.
    static let meshes = Program(file: "llvmpipe_mesh.py", remedy: mesaRemedy)

    private static let mesaRemedy =
        "`make bench` installs Mesa's libegl1, libgl1 and libgl1-mesa-dri, and makes a .venv with "
        + "moderngl"

    let program: Program
    /// What it says it is.
    private(set) var version = ""
    /// Why it cannot be had, one line; nil when it can.
    package private(set) var absence: String?
    private let process = Process()
    private let questions = Pipe()
    private let answers = Pipe()
    private var buffer = Data()

    /// Starts it; `absence` says when that failed.
    package init(program: Program, arguments: [String] = [], in folder: String) {
        self.program = program
        let path = folder + "/" + program.file
        guard FileManager.default.fileExists(atPath: path) else {
            absence = "\(program.file): not in \(folder); run in the project's own folder"
            return
        }
        let own = ".venv/bin/python"
        let isOwn = FileManager.default.isExecutableFile(atPath: own)
        process.executableURL = URL(fileURLWithPath: isOwn ? own : "/usr/bin/env")
        process.arguments = (isOwn ? [] : ["python3"]) + [path] + arguments
        process.standardInput = questions
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil, let greeting = line() else {
            miss("it does not start")
            return
        }
        let mark = "missing: "
        if greeting.hasPrefix(mark) {
            miss(String(greeting.dropFirst(mark.count)))
        } else {
            version = greeting
        }
    }

    deinit {
        try? questions.fileHandleForWriting.close()
        if process.isRunning { process.waitUntilExit() }
    }

    /// Milliseconds of one frame, or nil when the peer is gone.
    func milliseconds(_ name: String, width: Int, height: Int) -> Double? {
        numbers("\(name) \(width) \(height)", count: 1)?[0]
    }

    /// The numbers it answers a line with, or nil when the peer is gone.
    func numbers(_ question: String, count: Int) -> [Double]? {
        guard absence == nil else { return nil }
        let question = Data((question + "\n").utf8)
        guard (try? questions.fileHandleForWriting.write(contentsOf: question)) != nil,
            let numbers = line()?.split(separator: " ").compactMap({ Double($0) }),
            numbers.count == count
        else {
            miss("it ended in the middle of the run")
            return nil
        }
        return numbers
    }

    private func miss(_ why: String) {
        absence = "\(program.file): \(why); \(program.remedy)"
    }

    private func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                let line = String(decoding: buffer[..<end], as: UTF8.self)
                buffer = Data(buffer[(end + 1)...])
                return line
            }
            let more = answers.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            buffer.append(more)
        }
    }
}
