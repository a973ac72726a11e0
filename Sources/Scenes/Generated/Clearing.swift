import FrameModel
import Glibc

/// A clearing in a wood with a ring of weathered columns, all of triangles: ground, trees with
/// leaves, grass, columns and lanterns; about 350,000 of them in 290 objects.
///
/// The floor's middle is the middle of the clearing, flat within 5 m.
struct Clearing {
    /// Materials by their place in the mesh.
    enum Stuff: Int {
        case ground, bark, stone, leaves, grass, lamp, glass
    }

    /// Metres the wood reaches.
    private static let reach: Float = 60
    private let hills = Noise(seed: 31)
    private let mottle = Noise(seed: 32)
    /// Where the evening light comes from.
    static let sun = unit(SIMD3<Float>(0.55, 0.7, 0.42))

    func mesh() -> Mesh {
        var numbers = NumberStream(seed: 2024)
        var objects = ground()
        for index in 0..<120 {
            // A golden-angle spiral keeps trees apart; it leaves the clearing open.
            let radius = 7.5 + 46 * powf(Float(index) / 120, 0.7) + numbers.next(-0.8...0.8)
            let angle = Float(index) * 2.399963 + numbers.next(-0.2...0.2)
            objects += tree(
                index, at: SIMD2(radius * sinf(angle), radius * cosf(angle)), &numbers)
        }
        for index in 0..<9 { objects.append(column(index, &numbers)) }
        for index in 0..<12 { objects.append(grass(index, &numbers)) }
        for index in 0..<4 { objects += lantern(index) }
        return Mesh(
            name: "clearing", objects: objects, materials: ClearingTextures.materials(),
            textures: ClearingTextures.all())
    }

    /// Height of the ground, metres.
    private func height(_ place: SIMD2<Float>) -> Float {
        let far = (place * place).sum().squareRoot()
        let rise = step(5, 14, far)
        return rise * (hills.fractal(place.x / 9 + 50, place.y / 9 + 50, octaves: 4) - 0.42) * 2.6
            + step(20, 60, far) * far * 0.08
    }

    /// Light that falls on a surface: the evening sun through the wood, and the sky.
    private func shade(_ position: SIMD3<Float>, _ normal: SIMD3<Float>) -> Light {
        let gaps = step(0.42, 0.62, mottle.fractal(position.x / 2.3, position.y / 2.3, octaves: 3))
        let sun = max(0, dot(normal, Clearing.sun)) * (0.25 + 0.75 * gaps)
        let sky = 0.5 + 0.5 * normal.z
        let far = limited((position.x * position.x + position.y * position.y) / 2400)
        return mix(
            light(1.9, 1.25, 0.7) * sun + light(0.22, 0.27, 0.36) * sky, light(0.5, 0.48, 0.46),
            far * 0.5)
    }

    /// Rings that widen with distance, so that a triangle is about as large everywhere; cut into
    /// sixteen sectors.
    private func ground() -> [MeshObject] {
        let (rings, sectors, steps) = (120, 16, 10)
        return (0..<sectors).map { sector in
            var builder = MeshBuilder()
            for ring in 0...rings {
                let radius = 0.3 * powf(Clearing.reach / 0.3, Float(ring) / Float(rings))
                for step in 0...steps {
                    let turn = Float(sector) + Float(step) / Float(steps)
                    let angle = turn / Float(sectors) * 2 * .pi
                    let place = SIMD2(radius * sinf(angle), radius * cosf(angle))
                    let slope = SIMD2(
                        height(place + SIMD2(0.2, 0)) - height(place - SIMD2(0.2, 0)),
                        height(place + SIMD2(0, 0.2)) - height(place - SIMD2(0, 0.2)))
                    let position = SIMD3(place, height(place))
                    builder.vertex(
                        position, place / 2.5,
                        shade(position, unit(SIMD3(-slope.x, -slope.y, 0.4))))
                }
            }
            builder.grid(first: 0, across: steps, up: rings)
            return builder.object("ground \(sector + 1)", material: Stuff.ground.rawValue)
        }
    }

    private func tree(
        _ index: Int, at place: SIMD2<Float>, _ numbers: inout NumberStream
    ) -> [MeshObject] {
        var (wood, leaves) = (MeshBuilder(), MeshBuilder())
        let foot = SIMD3(place, height(place) - 0.2)
        let tall = numbers.next(7...13)
        let lean = SIMD3(numbers.next(-0.6...0.6), numbers.next(-0.6...0.6), tall)
        let trunk: [(point: SIMD3<Float>, radius: Float)] = (0...14).map { knot in
            let t = Float(knot) / 14
            let bend = SIMD3(sinf(t * 5 + tall) * 0.15, cosf(t * 4 + tall) * 0.15, 0)
            return (foot + lean * t + bend, 0.028 * tall * powf(1 - t, 0.8) + 0.02)
        }
        wood.tube(trunk, sides: 12, texture: SIMD2(2, 0.6), shade)
        for branch in 0..<15 {
            let t = 0.28 + 0.68 * Float(branch) / 15
            let knot = trunk[Int(t * 14)]
            let angle = Float(branch) * 2.4 + numbers.next(-0.3...0.3)
            let long = tall * (1 - t * 0.8) * numbers.next(0.26...0.36)
            let out = SIMD3(cosf(angle), sinf(angle), numbers.next(0.15...0.6)) * long
            let spine: [(point: SIMD3<Float>, radius: Float)] = (0...5).map { step in
                let s = Float(step) / 5
                let sag = SIMD3(0, 0, -0.12 * long * s * s)
                return (knot.point + out * s + sag, knot.radius * 0.4 * (1 - s) + 0.01)
            }
            wood.tube(spine, sides: 5, texture: SIMD2(1, 0.6), shade)
            for _ in 0..<48 {
                let s = numbers.next(0.25...1)
                let scatter = SIMD3(
                    numbers.next(-1...1), numbers.next(-1...1), numbers.next(-0.6...0.8))
                addLeaf(&leaves, knot.point + out * s + scatter * long * 0.3, &numbers)
            }
        }
        return [
            wood.object("tree \(index + 1)", material: Stuff.bark.rawValue),
            leaves.object("leaves \(index + 1)", material: Stuff.leaves.rawValue),
        ]
    }

    private func addLeaf(
        _ leaves: inout MeshBuilder, _ place: SIMD3<Float>, _ numbers: inout NumberStream
    ) {
        let size = numbers.next(0.3...0.55)
        let right = unit(
            SIMD3(numbers.next(-1...1), numbers.next(-1...1), numbers.next(-0.4...0.4)))
        let up = unit(crossed(right, SIMD3(numbers.next(-1...1), numbers.next(-1...1), 0.3)))
        let normal = crossed(right, up)
        // Leaves let half of the light through, so both sides are lit.
        let lit = shade(place, dot(normal, Clearing.sun) > 0 ? normal : normal * -0.7)
        let tint = mix(light(1, 1, 1), light(1.25, 1.0, 0.55), numbers.next())
        leaves.quad(
            place - (right + up) * size * 0.5, right * size, up * size, low: lit * tint * 0.8,
            high: lit * tint)
    }

    /// A fluted column, some broken off.
    private func column(_ index: Int, _ numbers: inout NumberStream) -> MeshObject {
        var builder = MeshBuilder()
        let angle = (Float(index) + 0.5) / 9 * 2 * .pi
        let place = SIMD2(5.6 * sinf(angle), 5.6 * cosf(angle))
        let tall = index % 3 == 2 ? numbers.next(1.2...2.2) : 4.2
        let foot = SIMD3(place, height(place) - 0.1)
        let rings = Int(tall * 12)
        let (sides, radius) = (48, Float(0.34))
        for ring in 0...rings {
            let z = Float(ring) / Float(rings) * tall
            let swell = (z < 0.25 ? 1.35 : 1) * (1 - 0.03 * z) + (tall > 4 && z > 3.95 ? 0.35 : 0)
            for side in 0...sides {
                let around = Float(side) / Float(sides) * 2 * .pi
                let flute = z < 0.25 ? 1 : 1 - 0.05 * abs(sinf(around * 8))
                let worn =
                    1 - 0.06 * hills.fractal(around * 3, z * 4 + Float(index) * 9, octaves: 3)
                let normal = SIMD3(cosf(around), sinf(around), 0)
                let position = foot + normal * radius * swell * flute * worn + SIMD3(0, 0, z)
                builder.vertex(
                    position, SIMD2(around * 0.6, -z * 0.8),
                    shade(position, normal) * (0.4 + 0.6 * flute * flute))
            }
        }
        builder.grid(first: 0, across: sides, up: rings)
        return builder.object("column \(index + 1)", material: Stuff.stone.rawValue)
    }

    /// A twelfth of the grass: tufts of three blades' quads, thinner with distance.
    private func grass(_ index: Int, _ numbers: inout NumberStream) -> MeshObject {
        var builder = MeshBuilder()
        for _ in 0..<420 {
            let radius = 2.2 + 20 * powf(numbers.next(), 1.4)
            let angle = (Float(index) + numbers.next()) / 12 * 2 * .pi
            let place = SIMD2(radius * sinf(angle), radius * cosf(angle))
            let foot = SIMD3(place, height(place) - 0.03)
            let lit = shade(foot, SIMD3(0, 0, 1))
            let tall = numbers.next(0.18...0.45)
            for blade in 0..<3 {
                let turn = Float(blade) * 1.047 + numbers.next()
                let right = SIMD3(cosf(turn), sinf(turn), 0) * tall * 1.1
                builder.quad(
                    foot - right * 0.5, right, SIMD3(0, 0, tall), low: lit * 0.35, high: lit * 1.1)
            }
        }
        return builder.object("grass \(index + 1)", material: Stuff.grass.rawValue)
    }

    /// A lamp that glows in a box of glass on a post.
    private func lantern(_ index: Int) -> [MeshObject] {
        var (post, lamp, glass) = (MeshBuilder(), MeshBuilder(), MeshBuilder())
        let angle = (Float(index) + 0.31) / 4 * 2 * .pi
        let place = SIMD2(3.9 * sinf(angle), 3.9 * cosf(angle))
        let foot = SIMD3(place, height(place))
        post.tube(
            [(foot, 0.05), (foot + SIMD3(0, 0, 1.5), 0.03)], sides: 10, texture: SIMD2(1, 1), shade)
        let middle = foot + SIMD3(0, 0, 1.68)
        let bulb: [(point: SIMD3<Float>, radius: Float)] = (0...12).map { ring in
            let tilt = Float(ring) / 12 * .pi
            return (middle - SIMD3(0, 0, cosf(tilt) * 0.09), sinf(tilt) * 0.07 + 0.001)
        }
        lamp.tube(bulb, sides: 20, texture: SIMD2(1, 1)) { _, _ in light(1, 1, 1) }
        glass.tube(
            [(middle - SIMD3(0, 0, 0.16), 0.15), (middle + SIMD3(0, 0, 0.16), 0.17)], sides: 6,
            texture: SIMD2(1, 1)
        ) { _, _ in light(1, 1, 1) }
        return [
            post.object("post \(index + 1)", material: Stuff.bark.rawValue),
            lamp.object("lamp \(index + 1)", material: Stuff.lamp.rawValue),
            glass.object("glass \(index + 1)", material: Stuff.glass.rawValue),
        ]
    }
}
