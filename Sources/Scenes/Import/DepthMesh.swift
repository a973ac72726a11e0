import FrameModel
import Glibc

/// A depth map as triangles: large where it is flat, cut where it jumps.
///
/// The grid is parted into squares, each halved until its 1 / distance is that of a plane to within
/// a tolerance (planes stay planes: 1 / distance is linear in the picture). Every square is a fan
/// round its middle through all corners that its neighbours have on its edges, so that there are no
/// cracks. A square of two pixels across a jump is parted along the border of the near surface,
/// and each side keeps its own depth.
struct DepthMesh {
    private let disparity: Plane
    private let lens: PictureLens
    /// 1 / distance that two surfaces differ by at least.
    private let jump: Float
    /// 1 / distance that a triangle may be off by.
    private let tolerance: Float
    /// Pixels of the map its picture may be off by.
    private let pixels: Float
    private var isCorner: [Bool]
    private var leaves: [(x: Int, y: Int, x1: Int, y1: Int)] = []
    private var vertices: [Int: UInt32] = [:]
    private(set) var positions: [SIMD3<Float>] = []
    private(set) var uvs: [SIMD2<Float>] = []
    private(set) var indices: [UInt32] = []

    /// Side of the largest square; of a panorama less, for its planes are not straight.
    private static let largest = 64
    /// Side of the smallest: where a jump crosses its edges is known to half a pixel all the same.
    private static let smallest = 2

    /// Triangles of a map within a number of them: what is hardly seen is left flat before more are
    /// made than wanted.
    /// - Parameters:
    ///   - lens: of the map's size.
    ///   - reach: the camera's way, meters.
    static func object(
        _ disparity: Plane, _ lens: PictureLens, jump: Float, reach: Float, most: Int,
        name: String, material: Int
    ) -> MeshObject? {
        // A quarter of a pixel of the map, at the end of the camera's way.
        var pixels: Float = 0.25
        for _ in 0..<8 {
            var mesh = DepthMesh(
                disparity, lens, jump: jump, tolerance: pixels / (lens.focal * reach),
                pixels: pixels)
            mesh.divide()
            mesh.triangulate()
            if mesh.indices.count / 3 <= most {
                return MeshObject(
                    name: name, positions: mesh.positions, uvs: mesh.uvs, indices: mesh.indices,
                    material: material)
            }
            pixels *= 2
        }
        return nil
    }

    private init(
        _ disparity: Plane, _ lens: PictureLens, jump: Float, tolerance: Float, pixels: Float
    ) {
        (self.disparity, self.lens) = (disparity, lens)
        (self.jump, self.tolerance, self.pixels) = (jump, tolerance, pixels)
        isCorner = Array(repeating: false, count: disparity.width * disparity.height)
    }

    private mutating func divide() {
        let side = lens.isPanorama ? DepthMesh.largest / 4 : DepthMesh.largest
        for y in stride(from: 0, to: disparity.height - 1, by: side) {
            for x in stride(from: 0, to: disparity.width - 1, by: side) { divide(x, y, side) }
        }
    }

    private mutating func divide(_ x: Int, _ y: Int, _ side: Int) {
        guard x < disparity.width - 1, y < disparity.height - 1 else { return }
        let (x1, y1) = (min(disparity.width - 1, x + side), min(disparity.height - 1, y + side))
        guard side == DepthMesh.smallest || isFlat(x, y, x1, y1) else {
            let half = side / 2
            divide(x, y, half)
            divide(x + half, y, half)
            divide(x, y + half, half)
            divide(x + half, y + half, half)
            return
        }
        leaves.append((x, y, x1, y1))
        for (cx, cy) in [(x, y), (x1, y), (x, y1), (x1, y1)] {
            isCorner[cy * disparity.width + cx] = true
        }
    }

    private func isFlat(_ x: Int, _ y: Int, _ x1: Int, _ y1: Int) -> Bool {
        let (a, b) = (disparity.at(x, y), disparity.at(x1, y))
        let (c, d) = (disparity.at(x, y1), disparity.at(x1, y1))
        // Cut off at the grid's edge a square can be one pixel wide: then nothing lies between.
        let isThin = x1 - x == 1 || y1 - y == 1
        if isThin, max(a, b, c, d) - min(a, b, c, d) > jump { return false }
        // A picture lies evenly on a triangle, but unevenly on what recedes: in the middle of a
        // side it is off by half the side's length times the difference of its ends' distances by
        // their sum.
        let (least, most) = (min(a, b, c, d), max(a, b, c, d))
        let side = Float(max(x1 - x, y1 - y))
        if side / 2 * (most - least) > pixels * (most + least) { return false }
        let (perX, perY) = (1 / Float(x1 - x), 1 / Float(y1 - y))
        for row in y...y1 {
            let v = Float(row - y) * perY
            let (left, right) = (a + (c - a) * v, b + (d - b) * v)
            for column in x...x1 {
                let u = Float(column - x) * perX
                if abs(disparity.at(column, row) - (left + (right - left) * u)) > tolerance {
                    return false
                }
            }
        }
        return true
    }

    private mutating func triangulate() {
        for leaf in leaves {
            if max(leaf.x1 - leaf.x, leaf.y1 - leaf.y) <= DepthMesh.smallest {
                part(leaf)
            } else {
                fan(leaf)
            }
        }
    }

    /// Place of a grid point in the picture, 0 … 1; the outermost reach its edge.
    private func place(_ x: Float, _ y: Float) -> SIMD2<Float> {
        func share(_ at: Float, _ count: Int) -> Float {
            at <= 0 ? 0 : at >= Float(count - 1) ? 1 : (at + 0.5) / Float(count)
        }
        return SIMD2(share(x, disparity.width), share(y, disparity.height))
    }

    private mutating func add(_ x: Float, _ y: Float, _ value: Float) -> UInt32 {
        let uv = place(x, y)
        positions.append(
            lens.point(uv.x * Float(lens.width), uv.y * Float(lens.height), max(value, 1e-5)))
        uvs.append(uv)
        return UInt32(positions.count - 1)
    }

    private mutating func vertex(_ x: Int, _ y: Int) -> UInt32 {
        let key = y * disparity.width + x
        if let known = vertices[key] { return known }
        let new = add(Float(x), Float(y), disparity.at(x, y))
        vertices[key] = new
        return new
    }

    /// A flat square: its middle and all corners on its edges.
    private mutating func fan(_ leaf: (x: Int, y: Int, x1: Int, y1: Int)) {
        var ring: [UInt32] = []
        func visit(_ x: Int, _ y: Int) -> Bool { isCorner[y * disparity.width + x] }
        for x in leaf.x..<leaf.x1 where visit(x, leaf.y) { ring.append(vertex(x, leaf.y)) }
        for y in leaf.y..<leaf.y1 where visit(leaf.x1, y) { ring.append(vertex(leaf.x1, y)) }
        for x in stride(from: leaf.x1, to: leaf.x, by: -1) where visit(x, leaf.y1) {
            ring.append(vertex(x, leaf.y1))
        }
        for y in stride(from: leaf.y1, to: leaf.y, by: -1) where visit(leaf.x, y) {
            ring.append(vertex(leaf.x, y))
        }
        if ring.count == 4 {
            indices += [ring[0], ring[2], ring[1], ring[0], ring[3], ring[2]]
            return
        }
        let (mx, my) = ((leaf.x + leaf.x1) / 2, (leaf.y + leaf.y1) / 2)
        let middle = vertex(mx, my)
        for (index, corner) in ring.enumerated() {
            let next = ring[(index + 1) % ring.count]
            // The middle of a square one pixel high lies on its edge.
            if corner != middle, next != middle { indices += [middle, next, corner] }
        }
    }

    /// A smallest square: flat, or at a jump both sides by themselves.
    private mutating func part(_ leaf: (x: Int, y: Int, x1: Int, y1: Int)) {
        let corners = [(leaf.x, leaf.y), (leaf.x1, leaf.y), (leaf.x1, leaf.y1), (leaf.x, leaf.y1)]
        let depths = corners.map { disparity.at($0.0, $0.1) }
        let sorted = depths.sorted()
        var (gap, border): (Float, Float) = (0, 0)
        for (low, high) in zip(sorted, sorted.dropFirst()) where high - low > gap {
            (gap, border) = (high - low, (low + high) / 2)
        }
        guard gap > jump else {
            fan(leaf)
            return
        }
        for isNear in [false, true] {
            var ring: [UInt32] = []
            for index in 0..<4 {
                let next = (index + 1) % 4
                let own = (depths[index] > border) == isNear
                let other = (depths[next] > border) == isNear
                if own { ring.append(vertex(corners[index].0, corners[index].1)) }
                if own != other {
                    let cut =
                        own
                        ? crossing(corners[index], corners[next], isNear: isNear)
                        : crossing(corners[next], corners[index], isNear: isNear)
                    ring.append(add(cut.x, cut.y, own ? depths[index] : depths[next]))
                }
            }
            for index in 1..<max(1, ring.count - 1) {
                indices += [ring[0], ring[index + 1], ring[index]]
            }
        }
    }

    /// Where an edge of one or two pixels jumps: between the two of its pixels that differ most.
    ///
    /// The far side ends a pixel before, for what is sampled at its edge would have a rim of the
    /// near one; there the sheet behind is seen, filled in with far colours alone.
    private func crossing(_ a: (Int, Int), _ b: (Int, Int), isNear: Bool) -> SIMD2<Float> {
        let (from, to) = (
            SIMD2(Float(a.0), Float(a.1)), SIMD2(Float(b.0), Float(b.1))
        )
        guard abs(a.0 - b.0) + abs(a.1 - b.1) > 1 else { return isNear ? (from + to) / 2 : from }
        let middle = disparity.at((a.0 + b.0) / 2, (a.1 + b.1) / 2)
        let isFirst =
            abs(middle - disparity.at(a.0, a.1)) > abs(middle - disparity.at(b.0, b.1))
        if isNear { return from + (to - from) * (isFirst ? 0.25 : 0.75) }
        return from + (to - from) * (isFirst ? 0 : 0.25)
    }
}
