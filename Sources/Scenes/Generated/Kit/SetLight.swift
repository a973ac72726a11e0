import Dispatch
import FrameModel
import Glibc

/// The light a set is baked with.
struct SetSun: Sendable {
    /// Towards it.
    let direction: SIMD3<Float>
    /// Light of a white surface that faces it.
    let light: Light
    /// Tangent of its half angle: how soft shadows are.
    let softness: Float
    /// Light of the sky in a direction.
    let sky: @Sendable (SIMD3<Float>) -> Light
}

/// Light on every vertex of a set, by rays: the sun with its shadows, sky and lamps seen from
/// there, and once what other surfaces throw back.
///
/// Materials glow by `emission` and throw back `albedo`, a colour for all of their picture.
struct SetLight {
    /// A material as light sees it.
    struct Surface: Sendable {
        var albedo = Light(0.4, 0.4, 0.4)
        var emission = Light(0, 0, 0)
        /// Leaves and cloth: light comes through from behind, and they hide half of what is there.
        var isThin = false
        /// Takes no part: glass, shafts of light.
        var isClear = false
    }

    private let tree: RayTree
    private let surfaces: [Surface]
    private let sun: SetSun
    private let positions: [SIMD3<Float>]
    private let normals: [SIMD3<Float>]
    private let materials: [UInt8]
    private let rays: Int

    /// Light of all shapes' vertices, shape after shape.
    static func colors(
        _ shapes: [SetShape], _ surfaces: [Surface], _ sun: SetSun, rays: Int
    ) -> [[SIMD4<Float>]] {
        let light = SetLight(shapes, surfaces, sun, rays: rays)
        let first = light.gathered(before: nil)
        let all = light.gathered(before: first)
        var place = 0
        return shapes.map { shape in
            defer { place += shape.positions.count }
            return all[place..<place + shape.positions.count].map { SIMD4($0, 1) }
        }
    }

    private init(_ shapes: [SetShape], _ surfaces: [Surface], _ sun: SetSun, rays: Int) {
        (self.surfaces, self.sun, self.rays) = (surfaces, sun, rays)
        positions = shapes.flatMap(\.positions)
        normals = shapes.flatMap(\.normals)
        materials = shapes.flatMap { shape in
            [UInt8](repeating: UInt8(shape.material), count: shape.positions.count)
        }
        var corners: [UInt32] = []
        var first: UInt32 = 0
        for shape in shapes {
            if !surfaces[shape.material].isClear { corners += shape.indices.map { $0 + first } }
            first += UInt32(shape.positions.count)
        }
        tree = RayTree(positions, corners)
    }

    /// - Parameter before: light of the vertices that surfaces throw back; nil: none yet.
    private func gathered(before: [Light]?) -> [Light] {
        var out = [Light](repeating: .zero, count: positions.count)
        let part = 256
        out.withUnsafeMutableBufferPointer { buffer in
            let places = Places(lights: buffer)
            DispatchQueue.concurrentPerform(iterations: (positions.count + part - 1) / part) {
                task in
                for index in task * part..<min(positions.count, (task + 1) * part) {
                    places.lights[index] = light(at: index, before)
                }
            }
        }
        return out
    }

    /// Lights written side by side; it holds because each vertex has its own and all outlive them.
    private struct Places: @unchecked Sendable {
        let lights: UnsafeMutableBufferPointer<Light>
    }

    private func light(at index: Int, _ before: [Light]?) -> Light {
        let surface = surfaces[Int(materials[index])]
        if surface.isClear { return Light(1, 1, 1) }
        let normal = normals[index]
        var numbers = NumberStream(seed: UInt64(index) &* 0x9E37_79B9 &+ 17)
        var sum = sides(positions[index], normal, before, &numbers)
        if surface.isThin {
            let behind = sides(positions[index], -normal, before, &numbers)
            sum = mix(sum, behind, 0.45)
        }
        return sum
    }

    private func sides(
        _ place: SIMD3<Float>, _ normal: SIMD3<Float>, _ before: [Light]?,
        _ numbers: inout NumberStream
    ) -> Light {
        let from = place + normal * 0.015
        let side = unit(abs(normal.z) < 0.9 ? crossed(normal, SIMD3(0, 0, 1)) : SIMD3(1, 0, 0))
        let other = crossed(normal, side)
        var sum = Light.zero
        let (rows, columns) = (max(1, rays / 8), max(1, min(8, rays)))
        let turn = numbers.next()
        for row in 0..<rows {
            for column in 0..<columns {
                // As many rays as a white surface weighs them: cosines are in their directions.
                let u = (Float(row) + numbers.next()) / Float(rows)
                let angle = (Float(column) + numbers.next() + turn) / Float(columns) * 2 * .pi
                let radius = u.squareRoot()
                let d =
                    side * (radius * cosf(angle)) + other * (radius * sinf(angle)) + normal
                    * (1 - u).squareRoot()
                sum += seen(from, d, before)
            }
        }
        sum /= Float(rows * columns)
        return sum + sunlight(from, normal, &numbers)
    }

    private func sunlight(
        _ from: SIMD3<Float>, _ normal: SIMD3<Float>, _ numbers: inout NumberStream
    ) -> Light {
        let facing = dot(normal, sun.direction)
        guard facing > 0, sun.light != .zero else { return .zero }
        var free: Float = 0
        let tries = rays < 16 ? 1 : 4
        for _ in 0..<tries {
            let d =
                sun.direction
                + SIMD3(numbers.next(-1...1), numbers.next(-1...1), numbers.next(-1...1))
                * sun.softness
            if let hit = tree.hit(from, unit(d)) {
                free += surfaces[Int(materials[Int(hit.corner)])].isThin ? 0.35 : 0
            } else {
                free += 1
            }
        }
        return sun.light * (facing * free / Float(tries))
    }

    private func seen(_ from: SIMD3<Float>, _ d: SIMD3<Float>, _ before: [Light]?) -> Light {
        guard let hit = tree.hit(from, d) else { return sun.sky(d) }
        let surface = surfaces[Int(materials[Int(hit.corner)])]
        let back = before.map { $0[Int(hit.corner)] } ?? .zero
        // A small lamp that few rays meet would leave specks: what one ray brings has an end.
        let glow = surface.emission * min(1, 6 / max(1e-3, surface.emission.max()))
        return glow + surface.albedo * back
    }
}

/// Triangles in boxes in boxes: what a ray meets first.
struct RayTree: Sendable {
    private struct Node {
        var low: SIMD3<Float>
        var high: SIMD3<Float>
        /// Of a leaf its first triangle; else its second child, the first follows it.
        var next: Int32
        /// Triangles of a leaf; 0: no leaf.
        var count: Int32
    }
    private struct Face {
        var a: SIMD3<Float>
        var ab: SIMD3<Float>
        var ac: SIMD3<Float>
        var corner: UInt32
    }

    private var nodes: [Node] = []
    private var faces: [Face] = []

    init(_ positions: [SIMD3<Float>], _ corners: [UInt32]) {
        faces = (0..<corners.count / 3).map { triangle in
            let a = positions[Int(corners[3 * triangle])]
            return Face(
                a: a, ab: positions[Int(corners[3 * triangle + 1])] - a,
                ac: positions[Int(corners[3 * triangle + 2])] - a, corner: corners[3 * triangle])
        }
        nodes.reserveCapacity(faces.count)
        if !faces.isEmpty { build(0, faces.count) }
    }

    private mutating func build(_ first: Int, _ end: Int) {
        var low = SIMD3<Float>(repeating: .infinity)
        var high = -low
        for face in faces[first..<end] {
            for point in [face.a, face.a + face.ab, face.a + face.ac] {
                low = low.replacing(with: point, where: point .< low)
                high = high.replacing(with: point, where: point .> high)
            }
        }
        let node = nodes.count
        nodes.append(Node(low: low, high: high, next: Int32(first), count: Int32(end - first)))
        guard end - first > 4 else { return }
        let size = high - low
        let axis = size.x > size.y ? (size.x > size.z ? 0 : 2) : (size.y > size.z ? 1 : 2)
        func middle(_ face: Face) -> Float {
            face.a[axis] + (face.ab[axis] + face.ac[axis]) / 3
        }
        faces[first..<end].sort { middle($0) < middle($1) }
        build(first, (first + end) / 2)
        nodes[node].next = Int32(nodes.count)
        nodes[node].count = 0
        build((first + end) / 2, end)
    }

    /// The nearest triangle along a ray: the place of its first corner.
    func hit(_ from: SIMD3<Float>, _ d: SIMD3<Float>) -> (way: Float, corner: UInt32)? {
        guard !nodes.isEmpty else { return nil }
        let per = 1 / (d + SIMD3(repeating: 1e-9))
        var best: (way: Float, corner: UInt32)?
        var reach = Float.infinity
        var stack = InlineArray<64, Int32>(repeating: 0)
        var depth = 1
        nodes.withUnsafeBufferPointer { nodes in
            faces.withUnsafeBufferPointer { faces in
                while depth > 0 {
                    depth -= 1
                    let at = Int(stack[depth])
                    let node = nodes[at]
                    let (a, b) = ((node.low - from) * per, (node.high - from) * per)
                    let (near, far) = (
                        a.replacing(with: b, where: b .< a), b.replacing(with: a, where: b .< a)
                    )
                    let enters = max(near.x, max(near.y, near.z))
                    let leaves = min(far.x, min(far.y, far.z))
                    guard leaves >= max(0, enters), enters < reach else { continue }
                    if node.count == 0 {
                        (stack[depth], stack[depth + 1]) = (node.next, Int32(at + 1))
                        depth += 2
                        continue
                    }
                    for index in Int(node.next)..<Int(node.next + node.count) {
                        let face = faces[index]
                        let p = crossed(d, face.ac)
                        let determinant = dot(face.ab, p)
                        guard abs(determinant) > 1e-9 else { continue }
                        let q = from - face.a
                        let u = dot(q, p) / determinant
                        let r = crossed(q, face.ab)
                        let v = dot(d, r) / determinant
                        let way = dot(face.ac, r) / determinant
                        guard u >= 0, v >= 0, u + v <= 1, way > 0.004, way < reach else { continue }
                        (reach, best) = (way, (way, face.corner))
                    }
                }
            }
        }
        return best
    }
}
