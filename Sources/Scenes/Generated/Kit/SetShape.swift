import FrameModel
import Glibc

/// Shapes of one material on their way into a set: vertices with normals, to be lit afterwards.
struct SetShape: Sendable {
    let material: Int
    private(set) var positions: [SIMD3<Float>] = []
    private(set) var normals: [SIMD3<Float>] = []
    private(set) var uvs: [SIMD2<Float>] = []
    private(set) var indices: [UInt32] = []
    /// Colours its light is multiplied by; nil: white.
    private(set) var tints: [Light]?

    init(material: Int) { self.material = material }

    /// Colours every vertex by its place and normal.
    mutating func tint(_ color: (SIMD3<Float>, SIMD3<Float>) -> Light) {
        tints = positions.indices.map { color(positions[$0], normals[$0]) }
    }

    /// Turns it over: its front is its back.
    mutating func turnOver() {
        for index in normals.indices { normals[index] = -normals[index] }
    }

    /// Ground round the middle: rings that widen with distance, so that a triangle is about as
    /// large everywhere.
    mutating func land(
        from least: Float, to most: Float, rings: Int, sectors: Int, uvMeters: Float,
        _ height: (SIMD2<Float>) -> Float
    ) {
        surface(
            across: sectors, up: rings,
            uv: { s, t in
                let (a, r) = ((1 - 2 * s) * .pi, least * powf(most / least, t))
                return SIMD2(r * sinf(a), r * cosf(a)) / uvMeters
            }
        ) { s, t in
            let (a, r) = ((1 - 2 * s) * .pi, least * powf(most / least, t))
            let place = SIMD2(r * sinf(a), r * cosf(a))
            return SIMD3(place, height(place))
        }
        turnOver()
        for index in normals.indices where normals[index].z < 0 { normals[index] = -normals[index] }
    }

    private mutating func vertex(
        _ position: SIMD3<Float>, _ normal: SIMD3<Float>, _ uv: SIMD2<Float>
    ) {
        positions.append(position)
        normals.append(normal)
        uvs.append(uv)
    }

    private mutating func grid(first: Int, across: Int, up: Int) {
        for row in 0..<up {
            for column in 0..<across {
                let a = UInt32(first + row * (across + 1) + column)
                let c = a + UInt32(across + 1)
                indices += [a, a + 1, c, a + 1, c + 1, c]
            }
        }
    }

    /// A flat patch from a corner along two edges, cut so finely that light can change on it; its
    /// front is right × up, its picture as many times `uvMeters` as it is long.
    mutating func patch(
        _ corner: SIMD3<Float>, _ right: SIMD3<Float>, _ up: SIMD3<Float>, cell: Float,
        uvMeters: Float, uvFrom: SIMD2<Float> = .zero
    ) {
        let (wide, tall) = (dot(right, right).squareRoot(), dot(up, up).squareRoot())
        let across = max(1, Int((wide / cell).rounded(.up)))
        let high = max(1, Int((tall / cell).rounded(.up)))
        let (first, normal) = (positions.count, unit(crossed(right, up)))
        for row in 0...high {
            for column in 0...across {
                let (s, t) = (Float(column) / Float(across), Float(row) / Float(high))
                vertex(
                    corner + right * s + up * t, normal,
                    uvFrom + SIMD2(s * wide, -t * tall) / uvMeters)
            }
        }
        grid(first: first, across: across, up: high)
    }

    /// Scales its places in the picture, and takes them up so that none is above its upper edge.
    mutating func scalePlaces(_ scale: SIMD2<Float>) {
        for index in uvs.indices { uvs[index] *= scale }
        let top = uvs.map(\.y).min() ?? 0
        for index in uvs.indices { uvs[index].y -= top }
    }

    /// A box about its middle, turned about the vertical.
    mutating func box(
        _ center: SIMD3<Float>, _ size: SIMD3<Float>, turn: Float = 0, cell: Float = 0.5,
        uvMeters: Float = 1
    ) {
        let x = SIMD3(cosf(turn), sinf(turn), 0) * size.x
        let y = SIMD3(-sinf(turn), cosf(turn), 0) * size.y
        let z = SIMD3<Float>(0, 0, size.z)
        func side(_ out: SIMD3<Float>, _ right: SIMD3<Float>, _ up: SIMD3<Float>) {
            patch(
                center + (out - right - up) * 0.5, right, up, cell: cell, uvMeters: uvMeters,
                uvFrom: SIMD2(center.x + center.y, -center.z) / uvMeters)
        }
        side(-y, x, z)
        side(y, -x, z)
        side(x, y, z)
        side(-x, -y, z)
        side(z, x, y)
        side(-z, x, -y)
    }

    /// A tube along points with radii; seams of `uvMeters`.
    mutating func tube(
        _ spine: [(point: SIMD3<Float>, radius: Float)], sides: Int, uvMeters: Float = 1
    ) {
        let first = positions.count
        var length: Float = 0
        var last = SIMD3<Float>(1, 0, 0)
        for (index, knot) in spine.enumerated() {
            let before = spine[max(0, index - 1)].point
            let after = spine[min(spine.count - 1, index + 1)].point
            let axis = unit(after - before + SIMD3(0, 0, 1e-7))
            // The frame goes on from knot to knot, so that the tube does not twist.
            var side = last - axis * dot(last, axis)
            if dot(side, side) < 1e-4 { side = crossed(axis, SIMD3(0, 1, 0)) }
            side = unit(side)
            last = side
            let other = crossed(axis, side)
            if index > 0 {
                let way = knot.point - before
                length += dot(way, way).squareRoot()
            }
            let around = max(1, (2 * .pi * spine[0].radius / uvMeters).rounded())
            for step in 0...sides {
                let angle = Float(step) / Float(sides) * 2 * .pi
                let normal = side * cosf(angle) + other * sinf(angle)
                vertex(
                    knot.point + normal * knot.radius, normal,
                    SIMD2(Float(step) / Float(sides) * around, -length / uvMeters))
            }
        }
        grid(first: first, across: sides, up: spine.count - 1)
    }

    /// A surface through rows of points; normals are those of the surface.
    mutating func surface(
        across: Int, up: Int, uv: (Float, Float) -> SIMD2<Float>,
        _ point: (Float, Float) -> SIMD3<Float>
    ) {
        let first = positions.count
        for row in 0...up {
            for column in 0...across {
                let (s, t) = (Float(column) / Float(across), Float(row) / Float(up))
                let e: Float = 0.002
                let along = point(min(1, s + e), t) - point(max(0, s - e), t)
                let upward = point(s, min(1, t + e)) - point(s, max(0, t - e))
                let normal = crossed(along, upward)
                vertex(
                    point(s, t), dot(normal, normal) > 0 ? unit(normal) : SIMD3(0, 0, 1), uv(s, t))
            }
        }
        grid(first: first, across: across, up: up)
    }

    /// A ball, or half a one.
    mutating func ball(_ center: SIMD3<Float>, radius: Float, sides: Int = 16) {
        surface(across: sides, up: sides / 2, uv: { SIMD2($0, $1) }) { s, t in
            let (a, e) = (s * 2 * .pi, (t - 0.5) * .pi)
            return center + SIMD3(cosf(e) * cosf(a), cosf(e) * sinf(a), sinf(e)) * radius
        }
    }

    /// A card of two crossed sheets or one, upright: leaves, grass, flames.
    mutating func sheet(
        _ foot: SIMD3<Float>, wide: Float, tall: Float, turn: Float, normal: SIMD3<Float>? = nil
    ) {
        let right = SIMD3(cosf(turn), sinf(turn), 0) * wide
        let first = positions.count
        let out = normal ?? SIMD3(sinf(turn), -cosf(turn), 0)
        for (s, t) in [(0, 0), (1, 0), (0, 1), (1, 1)] as [(Float, Float)] {
            vertex(foot + right * (s - 0.5) + SIMD3(0, 0, tall * t), out, SIMD2(s, 1 - t))
        }
        grid(first: first, across: 1, up: 1)
    }

    /// Its triangles lit, as an object.
    func object(_ name: String, _ colors: ArraySlice<SIMD4<Float>>) -> MeshObject {
        MeshObject(
            name: name, positions: positions, uvs: uvs, colors: tinted(colors), indices: indices,
            material: material)
    }

    private func tinted(_ colors: ArraySlice<SIMD4<Float>>) -> [SIMD4<Float>] {
        guard let tints else { return Array(colors) }
        return zip(colors, tints).map { $0 * SIMD4($1, 1) }
    }

    /// The mean of its tints: what light sees of them.
    var meanTint: Light {
        guard let tints, !tints.isEmpty else { return Light(1, 1, 1) }
        return tints.reduce(Light.zero, +) / Float(tints.count)
    }
}
