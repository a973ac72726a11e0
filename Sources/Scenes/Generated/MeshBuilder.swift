import FrameModel
import Glibc

/// Triangles being put together: shapes a set is made of, with places in the texture and colours.
struct MeshBuilder {
    private(set) var positions: [SIMD3<Float>] = []
    private(set) var uvs: [SIMD2<Float>] = []
    private(set) var colors: [SIMD4<Float>] = []
    private(set) var indices: [UInt32] = []

    /// Its triangles as an object of a material.
    func object(_ name: String, material: Int) -> MeshObject {
        MeshObject(
            name: name, positions: positions, uvs: uvs, colors: colors, indices: indices,
            material: material)
    }

    @discardableResult
    mutating func vertex(_ position: SIMD3<Float>, _ uv: SIMD2<Float>, _ color: Light) -> UInt32 {
        positions.append(position)
        uvs.append(uv)
        colors.append(SIMD4(color, 1))
        return UInt32(positions.count - 1)
    }

    /// A grid of vertices already added, row after row, as triangles whose front is that of
    /// right × up.
    mutating func grid(first: UInt32, across: Int, up: Int) {
        for row in 0..<up {
            for column in 0..<across {
                let a = first + UInt32(row * (across + 1) + column)
                let b = a + 1
                let c = a + UInt32(across + 1)
                indices += [a, b, c, b, c + 1, c]
            }
        }
    }

    /// A flat patch from a corner along two edges, its texture whole.
    mutating func quad(
        _ corner: SIMD3<Float>, _ right: SIMD3<Float>, _ up: SIMD3<Float>, low: Light, high: Light
    ) {
        let first = vertex(corner, SIMD2(0, 1), low)
        vertex(corner + right, SIMD2(1, 1), low)
        vertex(corner + up, SIMD2(0, 0), high)
        vertex(corner + right + up, SIMD2(1, 0), high)
        grid(first: first, across: 1, up: 1)
    }

    /// A tube along some points, each with a radius; lit from a side.
    mutating func tube(
        _ spine: [(point: SIMD3<Float>, radius: Float)], sides: Int, texture: SIMD2<Float>,
        _ shade: (SIMD3<Float>, SIMD3<Float>) -> Light
    ) {
        let first = UInt32(positions.count)
        var length: Float = 0
        for (index, knot) in spine.enumerated() {
            let before = spine[max(0, index - 1)].point
            let after = spine[min(spine.count - 1, index + 1)].point
            let axis = unit(after - before)
            let side = unit(abs(axis.z) < 0.9 ? crossed(axis, SIMD3(0, 0, 1)) : SIMD3(1, 0, 0))
            let other = crossed(side, axis)
            if index > 0 {
                let way = knot.point - before
                length += dot(way, way).squareRoot()
            }
            for step in 0...sides {
                let angle = Float(step) / Float(sides) * 2 * .pi
                let normal = side * cosf(angle) - other * sinf(angle)
                let position = knot.point + normal * knot.radius
                vertex(
                    position,
                    SIMD2(Float(step) / Float(sides) * texture.x, -length * texture.y),
                    shade(position, normal))
            }
        }
        grid(first: first, across: sides, up: spine.count - 1)
    }
}

/// Vector product, right-handed.
func crossed(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
