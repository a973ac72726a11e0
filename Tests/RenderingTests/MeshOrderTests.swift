import Dispatch
import FrameModel
import Geometry
import Glibc
import Lanes
import Rendering
import Scenes
import StageModel
import TestSupport
import Testing

struct MeshOrderTests {
    private func flat(_ value: Float, alpha: Float = 1) -> Picture {
        Picture(
            width: 2, height: 2,
            pixels: (0..<4).flatMap { _ in [value, value, value, alpha] })
    }

    private func card(_ name: String, y: Double, _ value: Float, alpha: Float = 1) -> Card {
        Card(
            name: name, sceneFromCard: Pose(rotation: .identity, translation: Vector3(0, y, 0)),
            width: 20, height: 20, picture: flat(value * alpha, alpha: alpha))
    }

    /// A rectangle across the view at a distance, of a gray that may let light through.
    private func pane(_ y: Float, material: Int) -> MeshObject {
        rectangle("pane", SIMD3(-9, y, -9), SIMD3(18, 0, 0), SIMD3(0, 0, 18), material: material)
    }

    private func asset(
        _ objects: [MeshObject], _ materials: [MeshMaterial], _ textures: [MeshTexture] = [],
        cards: [Card] = [], dome: Dome? = nil
    ) -> SceneAsset {
        SceneAsset(
            scene: Scene(
                name: "order", dome: dome, cards: cards,
                meshes: [
                    Mesh(name: "m", objects: objects, materials: materials, textures: textures)
                ]))
    }

    private let wall = flatWall(width: 70, height: 40)

    @Test(arguments: runnable)
    func `meshes hide cards behind them and are hidden by cards before them`(set: InstructionSet) {
        let solid = MeshMaterial(name: "solid", base: SIMD4(0.5, 0.5, 0.5, 1))
        for (y, expected) in [(2.0, 0.25), (5.0, 0.5)] {
            let scene = asset(
                [pane(3, material: 0)], [solid], cards: [card("c", y: y, 0.25)])
            let out = render(wall, plan(wall, scene), set: set)
            for pixel in out.pixels { #expect(abs(Double(pixel.x) - expected) < 1e-4) }
        }
    }

    @Test(arguments: runnable, [4, 1])
    func `a card that cuts through a mesh is hidden pixel by pixel`(
        set: InstructionSet, samples: Int
    ) {
        // A wall that comes nearer to the right, the card's plane at y = 3 cuts it at x = 0.
        let slanted = MeshObject(
            name: "slanted",
            positions: [SIMD3(-4, 5, -4), SIMD3(4, 1, -4), SIMD3(4, 1, 4), SIMD3(-4, 5, 4)],
            indices: [0, 1, 2, 0, 2, 3], material: 0)
        let solid = MeshMaterial(name: "solid", base: SIMD4(0.5, 0.5, 0.5, 1))
        let scene = asset([slanted], [solid], cards: [card("c", y: 3, 0.25)])
        var plan = plan(wall, scene)
        plan.quality.meshSamples = samples
        let out = render(wall, plan, set: set)
        for y in 0..<40 {
            for x in 0..<70 where abs(Double(x) - 34.5) > 1 {
                #expect(abs(out.color(x, y).x - (x < 34 ? 0.25 : 0.5)) < 1e-4)
            }
        }
    }

    @Test(arguments: runnable, [4, 1])
    func `blended objects and cards are laid over each other far to near`(
        set: InstructionSet, samples: Int
    ) {
        let glass = MeshMaterial(name: "glass", base: SIMD4(1, 1, 1, 0.5), alpha: .blend)
        let smoke = MeshMaterial(name: "smoke", base: SIMD4(0, 0, 0, 0.25), alpha: .blend)
        let solid = MeshMaterial(name: "solid", base: SIMD4(0.5, 0.5, 0.5, 1))
        let objects = [pane(2, material: 0), pane(6, material: 1), pane(8, material: 2)]
        let scene = asset(
            objects, [glass, smoke, solid], cards: [card("c", y: 4, 0.2, alpha: 0.5)])
        // Solid, then smoke, then the card, then glass.
        let expected = ((0.5 * 0.75) * 0.5 + 0.1) * 0.5 + 0.5
        var plan = plan(wall, scene)
        plan.quality.meshSamples = samples
        let out = render(wall, plan, set: set)
        for pixel in out.pixels { #expect(abs(Double(pixel.x) - expected) < 1e-3) }
    }

    @Test func `of a blended object the nearest surface is seen, and nothing behind what hides`() {
        let glass = MeshMaterial(name: "glass", base: SIMD4(1, 1, 1, 0.5), alpha: .blend)
        let solid = MeshMaterial(name: "solid", base: SIMD4(0.5, 0.5, 0.5, 1))
        var twice = pane(4, material: 0)
        let other = pane(5, material: 0)
        twice.indices += other.indices.map { $0 + 4 }
        twice.positions += other.positions
        twice.uvs += other.uvs
        for (y, expected) in [(9 as Float, 0.75), (3, 0.5)] {
            let scene = asset([twice, pane(y, material: 1)], [glass, solid])
            for pixel in render(wall, plan(wall, scene)).pixels {
                #expect(abs(Double(pixel.x) - expected) < 1e-3)
            }
        }
    }

    @Test(arguments: runnable, [4, 1])
    func `an alpha mask is cut where its texture crosses the cutoff`(
        set: InstructionSet, samples: Int
    ) {
        // A disc of half the texture's width.
        let side = 128
        var pixels: [Float] = []
        for row in 0..<side {
            for column in 0..<side {
                let (x, y) = (Float(column) + 0.5 - 64, Float(row) + 0.5 - 64)
                let alpha = max(0, min(1, 32.5 - (x * x + y * y).squareRoot()))
                pixels += [alpha, alpha, alpha, alpha]
            }
        }
        let texture = MeshTexture(
            picture: Picture(width: side, height: side, pixels: pixels), wrapU: .clamp,
            wrapV: .clamp)
        let leaf = MeshMaterial(name: "leaf", baseTexture: 0, alpha: .mask(cutoff: 0.5))
        // Near (magnified) and far (minified): the disc's area is the same part of the picture.
        for distance in [1.2, 2, 8] as [Float] {
            let size: Float = 1
            let object = rectangle(
                "leaf", SIMD3(-size / 2, distance, -size / 2), SIMD3(size, 0, 0),
                SIMD3(0, 0, size), material: 0)
            let wall = flatWall(width: 128, height: 128, pitch: 0.012)
            var plan = plan(wall, asset([object], [leaf], [texture]))
            plan.quality.meshSamples = samples
            let out = render(wall, plan, set: set)
            let area = out.pixels.reduce(0.0) { $0 + Double($1.x) }
            let pixelsAcross = Double(size) / (0.012 * Double(distance) / 2)
            let truth = Double.pi / 16 * pixelsAcross * pixelsAcross
            #expect(abs(area / truth - 1) < 0.04, "\(distance) m: \(area) of \(truth)")
            #expect(out.pixels.allSatisfy { $0.x <= 1.001 })
        }
    }

    @Test(arguments: runnable)
    func `triangles of a kilometre past the eye give the same bytes in tiles of any size`(
        set: InstructionSet
    ) {
        let wall = stage(angledFacets(), width: canvasWidth, height: canvasHeight)
        var random = SeededRandom(seed: 11)
        func part(_ range: ClosedRange<Float>) -> Float { .random(in: range, using: &random) }
        var objects: [MeshObject] = []
        for index in 0..<12 {
            // A plane that passes the eye within 2 m, in two triangles.
            let eye = SIMD3<Float>(wall.outerEye.x.float, wall.outerEye.y.float, 1.1)
            let near = eye + SIMD3(part(-1...1), part(0.01...2), part(-1...1))
            let right = SIMD3(part(-1...1), part(-1...1), part(-1...1)) * 1000
            let up = SIMD3(part(-1...1), part(-1...1), part(-1...1)) * 1000
            let shade = Float(index + 1) / 16
            objects.append(
                rectangle(
                    "plane \(index)", near - right * part(0...1) - up * part(0...1), right, up,
                    material: 0, color: SIMD4(shade, shade, shade, 1)))
        }
        let asset = asset(objects, [MeshMaterial(name: "both", isTwoSided: true)])
        for samples in [4, 1] {
            var plan = plan(wall, asset)
            plan.quality.meshSamples = samples
            let whole = render(wall, plan, tile: (canvasWidth, canvasHeight), set: set)
            #expect(whole.pixels.contains { $0.x > 0.05 })
            for tile in [(256, 16), (37, 5), (1, 260), (520, 1)] {
                #expect(
                    render(wall, plan, tile: tile, isReversed: true, set: set).isSame(as: whole))
            }
        }
    }

    @Test(arguments: runnable, [4, 1])
    func `tiles of any size in any order give the same bytes, two workers too`(
        set: InstructionSet, samples: Int
    ) {
        let wall = stage(angledFacets(), width: canvasWidth, height: canvasHeight)
        let clearing = GeneratedScene.clearingMesh()
        var scene = clearing
        scene.cards = [card("c", y: 12, 0.3, alpha: 0.5)]
        let asset = SceneAsset(scene: scene)
        var plan = plan(wall, asset)
        plan.quality.meshSamples = samples
        plan.viewCount = 2
        var view = ViewPlan(
            camera: 0, eye: Vector3(0.5, -0.5, 1.5), stageFromPupil: .identity,
            outline: .everything, pixelsPerRadian: 1500)
        view.outline = Outline(
            left: [-0.3, 0, 0, 0, 0], right: [0.3, 0, 0, 0, 0], top: [-0.17, 0, 0, 0, 0],
            bottom: [0.17, 0, 0, 0, 0], aRange: SIMD2(-0.3, 0.3), bRange: SIMD2(-0.17, 0.17),
            softEdge: 0.04)
        plan.views[1] = view
        let whole = render(wall, plan, tile: (canvasWidth, canvasHeight), set: set)
        #expect(whole.pixels.contains { $0.x > 0.05 })
        for tile in [(256, 16), (37, 5), (1, 260), (520, 1)] {
            #expect(
                render(wall, plan, tile: tile, isReversed: true, set: set).isSame(as: whole))
        }
        #expect(renderByTwo(wall, plan, set).picture.isSame(as: whole))
    }

    @Test func `more triangles than there is room for are counted, and always the same are shown`()
    {
        // Nearly half of all directions.
        let wall = flatWall(width: canvasWidth, height: canvasHeight, distance: 1)
        let asset = asset(
            [shell(radius: 30, across: 720, down: 720, material: 0)],
            [MeshMaterial(name: "plain")])
        var plan = plan(wall, asset)
        plan.viewCount = FramePlan.viewsMax
        for index in 1..<FramePlan.viewsMax {
            var view = ViewPlan(
                camera: index - 1, eye: Vector3(0.1 * Double(index), -0.5, 0),
                stageFromPupil: .identity, outline: .everything, pixelsPerRadian: 1500)
            // So soft an edge is nowhere quite full: every view below is drawn too.
            view.outline = Outline(
                left: [-3, 0, 0, 0, 0], right: [3, 0, 0, 0, 0], top: [-3, 0, 0, 0, 0],
                bottom: [3, 0, 0, 0, 0], aRange: SIMD2(-3, 3), bRange: SIMD2(-3, 3), softEdge: 3.1)
            plan.views[index] = view
        }
        let first = renderByTwo(wall, plan, InstructionSet.best!)
        let second = renderByTwo(wall, plan, InstructionSet.best!)
        #expect(first.dropped > 0 && first.dropped == second.dropped)
        #expect(first.picture.isSame(as: second.picture))
        // The last camera's view, which lies over all, had room; the outer one goes short first.
        #expect(first.picture.pixels.count { $0.x > 0.9 } > 100)
    }

    /// The whole canvas, its triangles placed by two threads at once, and how many found no room.
    private func renderByTwo(
        _ wall: Stage, _ plan: FramePlan, _ set: InstructionSet
    ) -> (picture: Rendered, dropped: Int) {
        let renderer = StagePlan(stage: wall, kernels: KernelTable.of(set))
        let scratch = TileScratch(width: canvasWidth, height: canvasHeight)
        var out = Rendered(width: canvasWidth, pixels: [])
        withUnsafePointer(to: plan) { plan in
            let address = UInt(bitPattern: plan)
            renderer.beginMeshes(plan)
            DispatchQueue.concurrentPerform(iterations: 2) { _ in
                renderer.placeMeshes(UnsafePointer(bitPattern: address)!)
            }
            renderer.renderTile(
                plan, processor: 0,
                tile: CanvasRect(x: 0, y: 0, width: canvasWidth, height: canvasHeight),
                scratch: scratch)
            for y in 0..<canvasHeight {
                for x in 0..<canvasWidth {
                    let at = y * Int(scratch.light.stride) + x
                    out.pixels.append(
                        SIMD3(
                            scratch.light.red[at], scratch.light.green[at],
                            scratch.light.blue[at]))
                }
            }
        }
        return (out, renderer.droppedTriangles)
    }

    @Test(.enabled(if: runnable.count == 2, "this machine has no AVX-512"))
    func `both instruction sets draw the clearing within a code of each other`() {
        let wall = flatWall(width: 400, height: 200, pitch: 0.01)
        let asset = SceneAsset(scene: GeneratedScene.clearingMesh())
        var plan = plan(wall, asset)
        plan.sceneFromStage = Similarity(
            rotation: .identity, scale: 1, translation: Vector3(0, 0, 1.6))
        let (three, four) = (render(wall, plan, set: .v3), render(wall, plan, set: .v4))
        let worst = zip(three.pixels, four.pixels).map { a, b in
            (0..<3).map { abs(pqCode(Double(a[$0])) - pqCode(Double(b[$0]))) }.max()!
        }.max()!
        #expect(worst <= 1)
        #expect(four.pixels.count { $0.x > 0 } > 40_000)
    }

    @Test func `a scene is the same after it moved to another block of memory`() {
        let scene = asset(
            [pane(3, material: 0)], [MeshMaterial(name: "t", baseTexture: 0)],
            [MeshTexture(picture: flat(0.5))])
        let moved = SceneAsset(
            name: "moved", bytes: scene.bytes,
            bakedAt: UInt(bitPattern: scene.bytes.baseAddress!))!
        #expect(render(wall, plan(wall, moved)).isSame(as: render(wall, plan(wall, scene))))
    }
}

extension Double {
    fileprivate var float: Float { Float(self) }
}
