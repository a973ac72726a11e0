import Lanes

/// Memory one worker draws a piece's meshes in: samples of what hides, samples of one blended
/// object, and a picture to lay over by weights.
///
/// Belongs to one thread at a time. Sendable although it holds pointers, for that reason.
final class MeshScratch: @unchecked Sendable {
    /// What hides: opaque and masked triangles.
    private let solid: cyc_mesh_samples
    /// One blended object before what hides.
    private let layer: cyc_mesh_samples
    /// A card on what lies behind it.
    let over: cyc_planes
    let weights: UnsafeMutablePointer<Float>
    private let floats: UnsafeMutablePointer<Float>
    private let ids: UnsafeMutablePointer<UInt32>

    init() {
        let pixels = RenderLimits.pieceWidth * RenderLimits.pieceHeight
        let samples = 4 * pixels
        let total = 2 * samples + 4 * pixels
        floats = UnsafeMutableRawPointer.allocate(byteCount: total * 4, alignment: 64)
            .bindMemory(to: Float.self, capacity: total)
        floats.initialize(repeating: 0, count: total)
        // Shading looks at sixteen pixels at a time, so at up to twelve after the last.
        let idCount = 2 * samples + 64
        ids = UnsafeMutableRawPointer.allocate(byteCount: idCount * 4, alignment: 64)
            .bindMemory(to: UInt32.self, capacity: idCount)
        ids.initialize(repeating: 0, count: idCount)
        let stride = Int32(4 * RenderLimits.pieceWidth)
        solid = cyc_mesh_samples(depth: floats, ids: ids, stride: stride, x: 0, y: 0, per_pixel: 4)
        layer = cyc_mesh_samples(
            depth: floats + samples, ids: ids + samples, stride: stride, x: 0, y: 0, per_pixel: 4)
        let planes = floats + 2 * samples
        over = cyc_planes(
            red: planes, green: planes + pixels, blue: planes + 2 * pixels,
            stride: Int32(RenderLimits.pieceWidth))
        weights = planes + 3 * pixels
    }

    deinit {
        floats.deallocate()
        ids.deallocate()
    }

    /// The samples of what hides, 4 or 1 a pixel, the first one at a pixel of the block; nothing
    /// seen in a region.
    /// - Frame path: yes
    func clearedSolid(
        x: Int, y: Int, _ region: cyc_region, perPixel: Int
    ) -> cyc_mesh_samples {
        var samples = solid
        samples.per_pixel = Int32(perPixel)
        samples.x = Int32(x)
        samples.y = Int32(y)
        MeshScratch.eachRow(samples, region) { at, count in
            (samples.depth + at).update(repeating: 0, count: count)
            (samples.ids + at).update(repeating: 0, count: count)
        }
        return samples
    }

    /// The samples of a blended object: as deep as what hides, nothing seen yet.
    /// - Frame path: yes
    func layer(before solid: cyc_mesh_samples, _ region: cyc_region) -> cyc_mesh_samples {
        var samples = layer
        samples.x = solid.x
        samples.y = solid.y
        samples.per_pixel = solid.per_pixel
        MeshScratch.eachRow(samples, region) { at, count in
            (samples.depth + at).update(from: solid.depth + at, count: count)
            (samples.ids + at).update(repeating: 0, count: count)
        }
        return samples
    }

    /// Places and counts of the samples of each row of a region, in whole steps of sixteen.
    /// - Frame path: yes
    private static func eachRow(
        _ samples: cyc_mesh_samples, _ region: cyc_region, _ body: (Int, Int) -> Void
    ) {
        let perPixel = Int(samples.per_pixel)
        let step = 16 / perPixel
        let first = Int(region.x) & -step
        let last = (Int(region.x &+ region.width) &+ step &- 1) & -step
        var row = Int(region.y)
        while row < Int(region.y &+ region.height) {
            body(row &* Int(samples.stride) &+ perPixel &* first, perPixel &* (last &- first))
            row &+= 1
        }
    }
}
