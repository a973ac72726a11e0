import Foundation
public import Lanes
import Scenes

/// Mesa's llvmpipe in a Python process, taking turns with us (Tests/Peers/llvmpipe_mesh.py).
private final class MeshPeer {
    let name: String
    private let process = Process()
    private let questions: FileHandle
    private let answers: FileHandle

    /// Starts it on a file; nil when there is no Python with what it needs.
    init?(file: String, width: Int, height: Int) {
        let own = ".venv/bin/python"
        let python = FileManager.default.isExecutableFile(atPath: own) ? own : "/usr/bin/env"
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments =
            (python == own ? [] : ["python3"]) + [
                "Tests/Peers/llvmpipe_mesh.py", file, "--serve", "--width", "\(width)", "--height",
                "\(height)",
            ]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        questions = input.fileHandleForWriting
        answers = output.fileHandleForReading
        guard (try? process.run()) != nil, let greeting = MeshPeer.line(answers) else { return nil }
        name = greeting
    }

    deinit {
        try? questions.close()
        process.waitUntilExit()
    }

    /// CPU milliseconds of a frame's meshes and of its colours, or nil when the process is gone.
    func frame() -> (meshes: Double, color: Double)? {
        guard (try? questions.write(contentsOf: Data("frame\n".utf8))) != nil,
            let numbers = MeshPeer.line(answers)?.split(separator: " ").compactMap({ Double($0) }),
            numbers.count == 2
        else { return nil }
        return (numbers[0], numbers[1])
    }

    private static func line(_ from: FileHandle) -> String? {
        var line: [UInt8] = []
        while let byte = (try? from.read(upToCount: 1))?.first {
            if byte == 10 { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
        return nil
    }
}

extension BenchMesh {
    /// Our CPU time of the clearing at 1920 × 1080 on one thread, a peer's of the same file in
    /// turns with it, and their ratio; medians of `rounds`.
    ///
    /// Both draw the .glb that our writer makes, ours through our reader. Ours is the whole way to
    /// code values; the peer's is told with and without its colour pass.
    public static func report(kernels set: InstructionSet, rounds: Int) throws -> String {
        let folder =
            FileManager.default.temporaryDirectory.path
            + "/cyclorama-bench-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try SceneFile.write(GeneratedScene.clearingMesh(), to: folder)
        let scene = try SceneFile.load(folder)
        let bench = BenchMesh(
            asset: SceneAsset(scene: scene), width: 1920, height: 1080, kernels: set)
        let peer = MeshPeer(file: folder + "/mesh1.glb", width: 1920, height: 1080)
        var ours: [Cost] = []
        var theirs: [(meshes: Double, color: Double)] = []
        for round in 0..<(rounds + 2) {
            let (cost, answer) = (bench.draw(), peer?.frame())
            // The first two rounds touch memory.
            guard round >= 2 else { continue }
            ours.append(cost)
            if let answer { theirs.append(answer) }
        }
        func middle(_ numbers: [Double]) -> Double { numbers.sorted()[numbers.count / 2] }
        let total = middle(ours.map(\.total))
        var lines = [
            SceneSummary(scene).text,
            String(
                format: "ours: %.1f ms CPU (place %.1f, draw %.1f, codes %.1f), x86-64-v%d", total,
                middle(ours.map(\.place)), middle(ours.map(\.draw)), middle(ours.map(\.encode)),
                set.rawValue),
        ]
        if let peer, !theirs.isEmpty {
            let meshes = middle(theirs.map(\.meshes))
            let all = middle(theirs.map { $0.meshes + $0.color })
            lines.append(
                String(format: "%@: %.1f ms CPU, with colours %.1f", peer.name, meshes, all))
            lines.append(
                String(format: "ratio %.3f, with its colours %.3f", total / meshes, total / all))
        } else {
            lines.append(
                "no llvmpipe: pip install moderngl, apt-get install libegl1 libgl1-mesa-dri")
        }
        return lines.joined(separator: "\n")
    }
}
