import FrameModel

/// A sphere round some points: the middle of their box and the farthest of them.
struct MeshSphere {
    var center: SIMD3<Float>
    var radius: Float

    init(around points: some Sequence<SIMD3<Float>>) {
        var low = SIMD3<Float>(repeating: .infinity)
        var high = SIMD3<Float>(repeating: -.infinity)
        for point in points {
            low = SIMD3(min(low.x, point.x), min(low.y, point.y), min(low.z, point.z))
            high = SIMD3(max(high.x, point.x), max(high.y, point.y), max(high.z, point.z))
        }
        let center = (low + high) / 2
        var farthest: Float = 0
        for point in points {
            let way = point - center
            farthest = max(farthest, (way * way).sum())
        }
        self.center = center
        // A little more than rounding can take away.
        radius = farthest.squareRoot() * 1.0001
    }
}

/// The order of an object's triangles in clusters: along a curve that fills its box, so that
/// neighbors in the order are neighbors in space.
enum MeshOrder {
    /// Indices of the object's triangles that have an area.
    static func triangles(of object: MeshObject) -> [Int] {
        var low = SIMD3<Float>(repeating: .infinity)
        var high = SIMD3<Float>(repeating: -.infinity)
        var middles: [(triangle: Int, point: SIMD3<Float>)] = []
        for triangle in 0..<object.triangleCount {
            let a = object.positions[Int(object.indices[3 * triangle])]
            let b = object.positions[Int(object.indices[3 * triangle + 1])]
            let c = object.positions[Int(object.indices[3 * triangle + 2])]
            let normal = cross(b - a, c - a)
            guard (normal * normal).sum() > 0 else { continue }
            let middle = (a + b + c) / 3
            low = SIMD3(min(low.x, middle.x), min(low.y, middle.y), min(low.z, middle.z))
            high = SIMD3(max(high.x, middle.x), max(high.y, middle.y), max(high.z, middle.z))
            middles.append((triangle, middle))
        }
        let size = max(high.x - low.x, high.y - low.y, high.z - low.z)
        let scale: Float = size > 0 ? 1023 / size : 0
        let codes = middles.map { entry in
            (code: code((entry.point - low) * scale), triangle: entry.triangle)
        }
        return codes.sorted { ($0.code, $0.triangle) < ($1.code, $1.triangle) }.map(\.triangle)
    }

    private static func cross(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
        SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }

    /// Ten bits of each axis, interleaved (Morton order).
    private static func code(_ place: SIMD3<Float>) -> UInt32 {
        spread(UInt32(place.x)) | spread(UInt32(place.y)) << 1 | spread(UInt32(place.z)) << 2
    }

    private static func spread(_ value: UInt32) -> UInt32 {
        var bits = value & 0x3FF
        bits = (bits | bits << 16) & 0x0300_00FF
        bits = (bits | bits << 8) & 0x0300_F00F
        bits = (bits | bits << 4) & 0x030C_30C3
        return (bits | bits << 2) & 0x0924_9249
    }
}
