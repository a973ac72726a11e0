import Glibc
import Lanes
import TestSupport

/// A cluster of random triangles with a random texture, as a scene's block would hold them.
final class RandomMesh {
    let data: cyc_mesh_data
    let points: [SIMD3<Float>]
    let corners: [[Int]]
    private var memory: [UnsafeMutableRawPointer] = []

    /// - Parameters:
    ///   - wrap: 0 clamped, 1 repeated, 2 mirrored.
    ///   - flags: of the material.
    convenience init(seed: UInt64, triangles count: Int, wrap: Int32 = 1, flags: Int32 = 0) {
        var random = SeededRandom(seed: seed)
        let points = (0..<48).map { _ in
            SIMD3(random.float(-20...84), random.float(-20...36), random.float(0.3...3))
        }
        let corners = (0..<count).map { _ in (0..<3).map { _ in Int(random.next() % 48) } }
        self.init(points: points, corners: corners, seed: seed, wrap: wrap, flags: flags)
    }

    /// Points are (x, y, w) on the block.
    init(
        points: [SIMD3<Float>], corners: [[Int]], seed: UInt64 = 1, wrap: Int32 = 1,
        flags: Int32 = 0
    ) {
        var random = SeededRandom(seed: seed &+ 100)
        self.points = points
        self.corners = corners
        var data = cyc_mesh_data()
        var memory: [UnsafeMutableRawPointer] = []
        func keep<T>(_ values: [T], slack: Int = 16) -> UnsafePointer<T> {
            let bytes = (values.count + slack) * MemoryLayout<T>.stride
            let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            memset(raw, 0, bytes)
            memory.append(raw)
            let typed = raw.bindMemory(to: T.self, capacity: values.count + slack)
            for (index, value) in values.enumerated() { (typed + index).initialize(to: value) }
            return UnsafePointer(typed)
        }
        // The test's view has w = z, x·w and y·w as they are: points are given by their place.
        data.x = keep(points.map { $0.x * $0.z })
        data.y = keep(points.map { $0.y * $0.z })
        data.z = keep(points.map(\.z))
        data.u = keep(points.map { _ in random.float(-1.5...2.5) })
        data.v = keep(points.map { _ in random.float(-1.5...2.5) })
        data.triangles = keep(
            corners.map { UInt32($0[0]) | UInt32($0[1]) << 8 | UInt32($0[2]) << 16 })
        var cluster = cyc_mesh_cluster()
        cluster.color = .max
        cluster.vertices = UInt16(points.count)
        cluster.triangles = UInt16(corners.count)
        cluster.flags = UInt16(CYC_MESH_TWO_SIDED)
        data.clusters = keep([cluster])
        data.materials = keep([
            cyc_mesh_material(texture: 0, emission: -1, flags: flags, cutoff: 127.5)
        ])
        let (texture, texels, coverage) = RandomMesh.texture(&random, wrap: wrap)
        data.textures = keep([texture])
        data.texels = keep(texels)
        data.coverage = keep(coverage)
        self.data = data
        self.memory = memory
    }

    deinit { for raw in memory { raw.deallocate() } }

    private static func texture(
        _ random: inout SeededRandom, wrap: Int32
    ) -> (cyc_mesh_texture, [UInt64], [UInt8]) {
        var texture = cyc_mesh_texture()
        (texture.width, texture.height, texture.levels) = (32, 16, 6)
        (texture.wrap_u, texture.wrap_v) = (wrap, wrap)
        var texels: [UInt64] = []
        var starts: [Int32] = []
        for level in 0..<6 {
            let (width, height) = (max(1, 32 >> level), max(1, 16 >> level))
            starts.append(Int32(texels.count + width + 3))
            for _ in 0..<((width + 2) * (height + 2)) {
                var bits: UInt64 = 0
                for channel in 0..<4 {
                    bits |=
                        UInt64(Float16(random.float(0...1)).bitPattern) << (16 * UInt64(channel))
                }
                texels.append(bits)
            }
        }
        withUnsafeMutableBytes(of: &texture.level) { $0.copyBytes(from: starts.bytes) }
        withUnsafeMutableBytes(of: &texture.coverage) { $0.copyBytes(from: starts.bytes) }
        let coverage = texels.map { _ in UInt8(truncatingIfNeeded: random.next()) }
        return (texture, texels, coverage)
    }

    /// Its triangles set up on a block of 64 × 16 pixels.
    func placed(_ set: InstructionSet, near: Float = 0.01) -> [cyc_mesh_triangle] {
        var view = cyc_mesh_view()
        view.x = (1, 0, 0, 0)
        view.y = (0, 1, 0, 0)
        view.w = (0, 0, 1, 0)
        view.near_w = near
        view.front = 1
        (view.width, view.height) = (64, 16)
        view.samples = 4
        var triangles = [cyc_mesh_triangle](repeating: cyc_mesh_triangle(), count: 256)
        var colors = [cyc_mesh_colors](repeating: cyc_mesh_colors(), count: 256)
        var data = data
        let count = KernelTable.of(set).mesh.place(&data, 0, 7, &view, &triangles, &colors, 256)
        return Array(triangles[..<Int(count)])
    }
}

extension [Int32] {
    fileprivate var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }
}

/// Samples of 64 × 16 pixels with canaries behind them.
final class MeshSamples {
    let samples: cyc_mesh_samples
    private let depth: UnsafeMutablePointer<Float>
    private let ids: UnsafeMutablePointer<UInt32>
    private static let count = 64 * 16 * 4

    private let perPixel: Int

    init(perPixel: Int = 4) {
        self.perPixel = perPixel
        depth = .allocate(capacity: Self.count + 64)
        ids = .allocate(capacity: Self.count + 64)
        depth.initialize(repeating: 0, count: Self.count + 64)
        ids.initialize(repeating: 0, count: Self.count)
        (ids + Self.count).initialize(repeating: 0xCAFE, count: 64)
        samples = cyc_mesh_samples(
            depth: depth, ids: ids, stride: 256, x: 0, y: 0,
            per_pixel: Int32(perPixel))
    }

    deinit {
        depth.deallocate()
        ids.deallocate()
    }

    private func place(_ x: Int, _ y: Int, _ sample: Int) -> Int {
        perPixel == 1 ? y * 256 + x : y * 256 + x / 4 * 16 + sample * 4 + x % 4
    }

    func id(_ x: Int, _ y: Int, _ sample: Int) -> UInt32 { ids[place(x, y, sample)] }
    func depth(_ x: Int, _ y: Int, _ sample: Int) -> Float { depth[place(x, y, sample)] }
    var canariesLive: Bool { (0..<64).allSatisfy { ids[Self.count + $0] == 0xCAFE } }
    var allIds: [UInt32] { (0..<Self.count).map { ids[$0] } }
}

/// Triangles round one point of the block, their outer corners far off, so that they cover all of
/// it without a gap.
final class FanMesh {
    let mesh: RandomMesh
    var data: cyc_mesh_data { mesh.data }

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let count = 7
        let middle = SIMD3(random.float(10...50), random.float(3...12), random.float(0.5...2))
        let turn = random.float(0...6)
        let points = (0..<count).map { index -> SIMD3<Float> in
            let angle = turn + Float(index) / Float(count) * 2 * .pi
            let far = random.float(300...900)
            return SIMD3(
                middle.x + far * cosf(angle), middle.y + far * cosf(angle - .pi / 2),
                random.float(0.5...2))
        }
        mesh = RandomMesh(
            points: points + [middle],
            corners: (0..<count).map { [count, $0, ($0 + 1) % count] })
    }

    func placed(_ set: InstructionSet) -> [cyc_mesh_triangle] { mesh.placed(set) }
}
