import Dispatch
import FrameModel
import Geometry
import Glibc
import Lanes
import Rendering
import Scenes
import StageModel
import Testing

struct MeshTests {
    private let plain = MeshMaterial(name: "plain")

    private func scene(
        _ objects: [MeshObject], _ materials: [MeshMaterial], _ textures: [MeshTexture] = [],
        dome: Dome? = nil, cards: [Card] = []
    ) -> SceneAsset {
        SceneAsset(
            scene: Scene(
                name: "meshes", dome: dome, cards: cards,
                meshes: [
                    Mesh(name: "m", objects: objects, materials: materials, textures: textures)
                ]))
    }

    /// Smooth light of a direction.
    private func smooth(_ p: Vector3) -> SIMD3<Double> {
        let d = p.normalized
        return SIMD3(
            0.5 + 0.3 * sin(5 * d.x + 1), 0.4 + 0.3 * cos(4 * d.z + 3 * d.y), 0.6 + 0.2 * d.z)
    }

    /// The same as a panorama's texture.
    private func smoothTexture(width: Int) -> MeshTexture {
        var pixels: [Float] = []
        for row in 0..<width / 2 {
            let elevation = (0.5 - (Double(row) + 0.5) / Double(width / 2)) * .pi
            for column in 0..<width {
                let azimuth = ((Double(column) + 0.5) / Double(width) - 0.5) * 2 * .pi
                let c = smooth(direction(azimuth, elevation))
                pixels += [Float(c.x), Float(c.y), Float(c.z), 1]
            }
        }
        return MeshTexture(
            picture: Picture(width: width, height: width / 2, pixels: pixels), wrapV: .clamp)
    }

    @Test(arguments: runnable, [256, 1024, 4096])
    func `a smooth texture round the eye is within 48 dB of 64 samples in doubles`(
        set: InstructionSet, texels: Int
    ) {
        // From 4 times magnified to 4 times minified, by the texture's size.
        let wall = flatWall(width: 240, height: 120)
        let object = shell(radius: 3, across: 96, down: 48, material: 0)
        let asset = scene(
            [object], [MeshMaterial(name: "t", baseTexture: 0)], [smoothTexture(width: texels)])
        let out = render(wall, plan(wall, asset), set: set)
        var cast = MeshCast()
        cast.add(object, light: smooth)
        let seen = pairs(
            out, cast, wall, across: Swift.stride(from: 1, to: 240, by: 12),
            down: Swift.stride(from: 1, to: 120, by: 12), places: 8)
        #expect(decibels(seen) >= 48)
    }

    @Test(arguments: runnable)
    func `vertex colours run straight in space, not on the wall`(set: InstructionSet) {
        let wall = flatWall(width: 200, height: 100)
        // A floor 1 m below the eye, red by how far it is.
        var floor = rectangle(
            "floor", SIMD3(-20, 0.5, -1), SIMD3(40, 0, 0), SIMD3(0, 40, 0), material: 0)
        floor.colors = floor.positions.map { SIMD4($0.y / 40, $0.x / 40 + 0.5, 0.25, 1) }
        let out = render(wall, plan(wall, scene([floor], [plain])), set: set)
        var cast = MeshCast()
        cast.add(floor) { SIMD3($0.y / 40, $0.x / 40 + 0.5, 0.25) }
        let seen = pairs(
            out, cast, wall, across: Swift.stride(from: 2, to: 200, by: 9),
            down: Swift.stride(from: 60, to: 100, by: 5), places: 8)
        #expect(decibels(seen) >= 48)
    }

    @Test(arguments: runnable)
    func `edges are a quarter of a pixel fine`(set: InstructionSet) {
        let wall = flatWall(width: 160, height: 90)
        var cast = MeshCast()
        var objects: [MeshObject] = []
        for index in 0..<7 {
            let turn = Float(index) * 0.9 + 0.2
            let (right, up) = (
                SIMD3(cosf(turn), 0, sinf(turn)) * 0.5, SIMD3(-sinf(turn), 0, cosf(turn)) * 0.5
            )
            let corner = SIMD3(Float(index) * 0.45 - 1.5, 2.2, -0.2)
            objects.append(rectangle("r\(index)", corner, right, up, material: 0))
            cast.add(objects[index]) { _ in SIMD3(1, 1, 1) }
        }
        let out = render(wall, plan(wall, scene(objects, [plain])), set: set)
        var (edges, worst, sum) = (0, 0.0, 0.0)
        for y in 0..<90 {
            for x in 0..<160 {
                let truth = cast.pixel(wall.facets[0], .zero, x, y, places: 8).x
                let error = out.color(x, y).x - truth
                worst = max(worst, abs(error))
                guard truth > 0, truth < 1 else { continue }
                edges += 1
                sum += error
            }
        }
        #expect(edges > 300)
        #expect(worst < 0.36)
        // Nothing is drawn too wide or too narrow.
        #expect(abs(sum / Double(edges)) < 0.01)
    }

    @Test(arguments: runnable)
    func `a floor that passes under and behind the eye is cut at the eye`(set: InstructionSet) {
        let wall = flatWall(width: 160, height: 90)
        let floor = rectangle(
            "floor", SIMD3(-50, -30, -0.5), SIMD3(100, 0, 0), SIMD3(0, 80, 0), material: 0)
        let lid = rectangle(
            "lid", SIMD3(50, -30, 0.4), SIMD3(-100, 0, 0), SIMD3(0, 80, 0), material: 1)
        let half = MeshMaterial(name: "half", base: SIMD4(0.5, 0.5, 0.5, 1))
        let out = render(wall, plan(wall, scene([floor, lid], [plain, half])), set: set)
        for y in 0..<90 {
            for x in 0..<160 {
                // Rows above the horizon see the lid, those below the floor, as far as they reach.
                let slope = (44.5 - Double(y)) * 0.02 / 2
                guard abs(slope) > 0.03 else { continue }
                #expect(out.color(x, y).x == (slope > 0 ? 0.5 : 1))
            }
        }
    }

    @Test(arguments: runnable)
    func `a kilometre of ground under the eye has the light of its places`(set: InstructionSet) {
        func light(_ p: Vector3) -> SIMD3<Double> {
            let (a, b) = (2 * Double.pi * p.x / 8, 2 * Double.pi * p.y / 8)
            return SIMD3(0.5 + 0.3 * sin(a), 0.5 + 0.3 * cos(b), 0.4 + 0.2 * sin(a + b))
        }
        var pixels: [Float] = []
        for row in 0..<256 {
            for column in 0..<256 {
                let place = Vector3(
                    (Double(column) + 0.5) / 32, (Double(row) + 0.5) / 32, 0)
                let c = light(place)
                pixels += [Float(c.x), Float(c.y), Float(c.z), 1]
            }
        }
        var ground = rectangle(
            "ground", SIMD3(-512, -512, -1), SIMD3(1024, 0, 0), SIMD3(0, 1024, 0), material: 0)
        ground.uvs = ground.positions.map { SIMD2($0.x, $0.y) / 8 }
        let asset = scene(
            [ground], [MeshMaterial(name: "t", baseTexture: 0)],
            [MeshTexture(picture: Picture(width: 256, height: 256, pixels: pixels))])
        let wall = flatWall(width: 240, height: 120)
        let out = render(wall, plan(wall, asset), set: set)
        var cast = MeshCast()
        cast.add(ground, light: light)
        let seen = pairs(
            out, cast, wall, across: Swift.stride(from: 1, to: 240, by: 7),
            down: Swift.stride(from: 80, to: 120, by: 3), places: 4)
        #expect(decibels(seen) >= 48)
    }

    @Test(arguments: runnable)
    func `with one sample a pixel is what its middle sees`(set: InstructionSet) {
        let wall = flatWall(width: 160, height: 90)
        var cast = MeshCast()
        var objects: [MeshObject] = []
        for index in 0..<7 {
            let turn = Float(index) * 0.9 + 0.2
            let (right, up) = (
                SIMD3(cosf(turn), 0, sinf(turn)) * 0.5, SIMD3(-sinf(turn), 0, cosf(turn)) * 0.5
            )
            let corner = SIMD3(Float(index) * 0.45 - 1.5, 2.2, -0.2)
            objects.append(rectangle("r\(index)", corner, right, up, material: 0))
            cast.add(objects[index]) { _ in SIMD3(1, 1, 1) }
        }
        var plan = plan(wall, scene(objects, [plain]))
        plan.quality.meshSamples = 1
        let out = render(wall, plan, set: set)
        var (seen, unlike) = (0, 0)
        for y in 0..<90 {
            for x in 0..<160 {
                let value = out.color(x, y).x
                #expect(value == 0 || value == 1)
                let truth = cast.pixel(wall.facets[0], .zero, x, y, places: 1).x
                if truth > 0 { seen += 1 }
                if value != truth { unlike += 1 }
            }
        }
        // Only where an edge passes a middle within rounding.
        #expect(seen > 2000 && unlike <= 2)
    }

    @Test(arguments: runnable)
    func `with one sample a smooth texture is still within 48 dB`(set: InstructionSet) {
        let wall = flatWall(width: 240, height: 120)
        let asset = scene(
            [shell(radius: 3, across: 96, down: 48, material: 0)],
            [MeshMaterial(name: "t", baseTexture: 0)], [smoothTexture(width: 1024)])
        var plan = plan(wall, asset)
        let four = render(wall, plan, set: set)
        plan.quality.meshSamples = 1
        let one = render(wall, plan, set: set)
        let pairs = zip(one.pixels, four.pixels).map { (SIMD3<Double>($0), SIMD3<Double>($1)) }
        #expect(decibels(pairs) >= 48)
    }

    @Test func `inside a closed room nothing of the dome shines through, wherever the eye is`() {
        let glaring = [Float](repeating: 1000, count: 32 * 16 * 4)
        let dome = Dome(picture: Picture(width: 32, height: 16, pixels: glaring))
        let asset = scene(
            [shell(radius: 2, across: 60, down: 31, material: 0)], [plain], dome: dome)
        let wall = stage(angledFacets(), width: canvasWidth, height: canvasHeight)
        for index in 0..<6 {
            var plan = plan(wall, asset)
            let angle = Double(index)
            plan.sceneFromStage = Similarity(
                rotation: Matrix3(pan: angle, tilt: 0.3 * angle, roll: 0.1), scale: 0.7,
                translation: Vector3(sin(angle), cos(angle), 0.3 * sin(3 * angle)))
            let out = render(wall, plan)
            for y in 0..<canvasHeight {
                for x in 0..<canvasWidth where point(wall, x, y) != nil {
                    #expect(abs(out.color(x, y).x - 1) < 1e-5)
                }
            }
        }
    }

    @Test func `faces are seen from their front only, unless they have two sides`() {
        let wall = flatWall(width: 64, height: 32)
        let front = rectangle(
            "front", SIMD3(-1, 2, -1), SIMD3(2, 0, 0), SIMD3(0, 0, 2), material: 0)
        let back = rectangle(
            "back", SIMD3(1, 2, -1), SIMD3(-2, 0, 0), SIMD3(0, 0, 2), material: 0)
        let both = MeshMaterial(name: "both", isTwoSided: true)
        #expect(render(wall, plan(wall, scene([front], [plain]))).color(32, 16).x == 1)
        #expect(render(wall, plan(wall, scene([back], [plain]))).color(32, 16).x == 0)
        #expect(render(wall, plan(wall, scene([back], [both]))).color(32, 16).x == 1)
    }

    @Test func `emission is added, and vertex colours do not tint it`() {
        let wall = flatWall(width: 64, height: 32)
        let material = MeshMaterial(
            name: "m", base: SIMD4(0.5, 0.5, 0.5, 1), emission: SIMD3(2, 0, 0))
        let corner = SIMD3<Float>(-1, 2, -1)
        for (color, red) in [(nil, 2.5), (SIMD4<Float>(0.5, 1, 1, 1), 2.25)] {
            let object = rectangle(
                "o", corner, SIMD3(2, 0, 0), SIMD3(0, 0, 2), material: 0, color: color)
            let out = render(wall, plan(wall, scene([object], [material])))
            #expect(abs(out.color(32, 16).x - red) < 2e-3)
            #expect(abs(out.color(32, 16).y - 0.5) < 1e-3)
        }
    }
}
