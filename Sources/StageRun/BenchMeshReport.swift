import FrameModel
import Foundation
public import Lanes
import Scenes

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
    /// Who the peer says it is, or why there is none.
    public var peer: String
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
        if let peerMeshes, let peerColor, let ratio {
            lines.append(
                String(format: "%@: %.1f ms, colours %.1f more", peer, peerMeshes, peerColor))
            lines.append(String(format: "%.3f × llvmpipe's meshes", ratio))
        } else {
            lines.append(peer)
        }
        return lines.joined(separator: "\n")
    }
}

extension BenchMesh {
    /// Our CPU time of the clearing at 1920 × 1080, and llvmpipe's of the same file, in turns.
    ///
    /// Both draw the .glb that our writer makes, ours through our reader. Ours is the whole way to
    /// code values.
    public static func report(
        kernels set: InstructionSet, rounds: Int, peers: String
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
        let peer = BenchPeer(
            program: BenchPeer.meshes,
            arguments: [folder + "/mesh1.glb", "--serve", "--width", "1920", "--height", "1080"],
            in: peers)
        var ours: [Cost] = []
        var ofOneSample: [Cost] = []
        var theirs: [[Double]] = []
        for round in 0..<(rounds + 2) {
            let (cost, coarseCost) = (bench.draw(), coarse.draw())
            let answer = peer.numbers("frame", count: 2)
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
        let meshes = middle(theirs.map { $0[0] })
        return BenchMeshReport(
            triangles: scene.meshes[0].triangleCount, objects: scene.meshes[0].objects.count,
            level: set.rawValue, place: middle(ours.map(\.place)) ?? 0,
            draw: middle(ours.map(\.draw)) ?? 0, encode: middle(ours.map(\.encode)) ?? 0,
            total: total, peer: peer.absence ?? peer.version, peerMeshes: meshes,
            peerColor: middle(theirs.map { $0[1] }), ratio: meshes.map { total / $0 },
            totalOfOneSample: middle(ofOneSample.map(\.total)) ?? 0)
    }
}
