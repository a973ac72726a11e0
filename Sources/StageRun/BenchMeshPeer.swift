import FrameModel
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

/// What the mesh bench measured; CPU milliseconds of one thread, medians.
public struct BenchMeshReport: Encodable, Sendable {
    /// Triangles of the set.
    public var triangles: Int
    /// Objects of the set.
    public var objects: Int
    /// x86-64 level of our kernels.
    public var level: Int32
    /// Ours: culling, transforming and setting triangles up.
    public var place: Double
    /// Ours: from there to linear wall light.
    public var draw: Double
    /// Ours: light to code values.
    public var encode: Double
    /// All of ours.
    public var total: Double
    /// Who the peer says it is; nil when there is none.
    public var peer: String?
    /// The peer's meshes, drawn and resolved to linear light.
    public var peerMeshes: Double?
    /// The peer's matrix and curve after that.
    public var peerColor: Double?
    /// All of ours ÷ the peer's meshes alone.
    public var ratio: Double?
    /// All of ours with one sample a pixel, the last step of quality.
    public var totalOfOneSample: Double

    /// A few lines of text.
    public var text: String {
        var lines = [
            "\(triangles) triangles in \(objects) objects, 1920 × 1080, one thread, CPU time",
            String(
                format: "ours, x86-64-v%d: %.1f ms (place %.1f, draw %.1f, codes %.1f)", level,
                total, place, draw, encode),
            String(format: "ours with one sample a pixel: %.1f ms", totalOfOneSample),
        ]
        if let peer, let peerMeshes, let peerColor, let ratio {
            lines.append(
                String(format: "%@: %.1f ms, colours %.1f more", peer, peerMeshes, peerColor))
            lines.append(String(format: "%.3f × llvmpipe's meshes", ratio))
        } else {
            lines.append("No Python with moderngl, so no ratio: run `make bench`, which makes one.")
        }
        return lines.joined(separator: "\n")
    }
}

extension BenchMesh {
    /// Our CPU time of the clearing at 1920 × 1080, and a peer's of the same file in turns with it.
    ///
    /// Both draw the .glb that our writer makes, ours through our reader. Ours is the whole way to
    /// code values.
    public static func report(
        kernels set: InstructionSet, rounds: Int
    ) throws -> BenchMeshReport {
        let folder =
            FileManager.default.temporaryDirectory.path
            + "/cyclorama-bench-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try SceneFile.write(GeneratedScene.clearingMesh(), to: folder)
        let scene = try SceneFile.load(folder)
        let bench = BenchMesh(
            asset: SceneAsset(scene: scene), width: 1920, height: 1080, kernels: set)
        let coarse = BenchMesh(
            asset: bench.asset, width: 1920, height: 1080, kernels: set, samples: 1)
        let peer = MeshPeer(file: folder + "/mesh1.glb", width: 1920, height: 1080)
        var ours: [Cost] = []
        var ofOneSample: [Cost] = []
        var theirs: [(meshes: Double, color: Double)] = []
        for round in 0..<(rounds + 2) {
            let (cost, coarseCost, answer) = (bench.draw(), coarse.draw(), peer?.frame())
            // The first two rounds touch memory.
            guard round >= 2 else { continue }
            ours.append(cost)
            ofOneSample.append(coarseCost)
            if let answer { theirs.append(answer) }
        }
        func middle(_ numbers: [Double]) -> Double? {
            numbers.isEmpty ? nil : numbers.sorted()[numbers.count / 2]
        }
        let total = middle(ours.map(\.total)) ?? 0
        let meshes = middle(theirs.map(\.meshes))
        return BenchMeshReport(
            triangles: scene.meshes[0].triangleCount, objects: scene.meshes[0].objects.count,
            level: set.rawValue, place: middle(ours.map(\.place)) ?? 0,
            draw: middle(ours.map(\.draw)) ?? 0, encode: middle(ours.map(\.encode)) ?? 0,
            total: total, peer: peer?.name, peerMeshes: meshes,
            peerColor: middle(theirs.map(\.color)), ratio: meshes.map { total / $0 },
            totalOfOneSample: middle(ofOneSample.map(\.total)) ?? 0)
    }
}
