import FrameModel
import Geometry
import Lanes
import Rendering
import Scenes
import StageModel
import Testing

/// The outer frustum drawn in squares of several pixels.
struct OuterResolutionTests {
    private let wall = stage(angledFacets(), width: canvasWidth, height: canvasHeight)

    private func plan(_ asset: SceneAsset, reduction: Int, cameras: Int = 1) -> FramePlan {
        var plan = RenderingTests.plan(wall, asset)
        plan.quality.outerReduction = reduction
        plan.viewCount = 1 + cameras
        var view = ViewPlan(
            camera: 0, eye: Vector3(-0.5, -1, 1.6),
            stageFromPupil: Matrix3(pan: 0.2, tilt: -0.05, roll: 0.1), outline: .everything,
            pixelsPerRadian: 1500)
        view.outline = Outline(
            left: [-0.3, 0.01, 0.1, 0, 0], right: [0.3, 0, -0.1, 0, 0.01],
            top: [-0.17, 0, 0.08, 0, 0], bottom: [0.17, 0.01, -0.08, 0, 0],
            aRange: SIMD2(-0.3, 0.3), bRange: SIMD2(-0.17, 0.17), softEdge: 0.04)
        plan.views[1] = view
        return plan
    }

    /// Dome, cards and meshes of every layer.
    private static let mixed = SceneAsset(scene: TestScenes.meshes())
    private static let cards = SceneAsset(scene: TestScenes.cards(atMeters: [2, 4, 14]))

    @Test(arguments: runnable, [2, 4])
    func `tiles of any size in any order give the same bytes`(
        set: InstructionSet, reduction: Int
    ) {
        for asset in [Self.mixed, Self.cards] {
            let plan = plan(asset, reduction: reduction)
            let whole = render(wall, plan, tile: (canvasWidth, canvasHeight), set: set)
            for tile in [(256, 16), (128, 32), (37, 5), (1, 260), (520, 1)] {
                let isSame = render(wall, plan, tile: tile, set: set).isSame(as: whole)
                #expect(isSame, "\(tile)")
                let isStill = render(wall, plan, tile: tile, isReversed: true, set: set)
                    .isSame(as: whole)
                #expect(isStill, "\(tile), last to first")
            }
        }
    }

    @Test(arguments: runnable, [2, 4])
    func `where an inner frustum is whole not one bit changes, and outside it something does`(
        set: InstructionSet, reduction: Int
    ) {
        for asset in [Self.mixed, Self.cards] {
            let fine = render(wall, plan(asset, reduction: 1), set: set)
            let plan = plan(asset, reduction: reduction)
            let coarse = render(wall, plan, set: set)
            var (whole, wrong, changed) = (0, 0, 0)
            for y in 0..<canvasHeight {
                for x in 0..<canvasWidth {
                    guard let p = point(wall, x, y) else { continue }
                    let isSame = fine.color(x, y) == coarse.color(x, y)
                    let v = plan.views[1].stageFromPupil.transposed * (p - plan.views[1].eye)
                    let (a, b) = (v.x / v.y, -v.z / v.y)
                    // A little inside the soft edge: the kernel's floats round.
                    let outline = plan.views[1].outline
                    let isWhole = [(0, 0), (1e-4, 0), (-1e-4, 0), (0, 1e-4), (0, -1e-4)]
                        .allSatisfy { v.y > 0 && outline.weight(a + $0.0, b + $0.1) == 1 }
                    whole += isWhole ? 1 : 0
                    wrong += isWhole && !isSame ? 1 : 0
                    changed += isSame ? 0 : 1
                }
            }
            #expect(whole > 5000 && wrong == 0 && changed > 5000)
        }
    }

    @Test(arguments: runnable, [2, 4])
    func `the picture does not move: every direction stays where it was`(
        set: InstructionSet, reduction: Int
    ) {
        let center = Vector3(0, 0, 1)
        let asset = SceneAsset(
            scene: Scene(
                name: "d", dome: directionDome(width: 1024, radius: 6, center: center)))
        let plan = plan(asset, reduction: reduction, cameras: 0)
        let out = render(wall, plan, set: set)
        var (worst, count) = (0.0, 0)
        var sum = SIMD3<Double>.zero
        for y in 0..<canvasHeight {
            for x in 0..<canvasWidth {
                guard let p = point(wall, x, y) else { continue }
                let truth = onSphere(
                    eye: wall.outerEye, towards: p - wall.outerEye, radius: 6, center: center)
                let error = out.color(x, y) * 2 - SIMD3(repeating: 1) - truth
                worst = max(worst, abs(error.x), abs(error.y), abs(error.z))
                sum += error
                count += 1
            }
        }
        // A pixel is 2.6e-3 of a direction, so half a pixel is 1.3e-3.
        let mean = sum / Double(count)
        #expect(max(abs(mean.x), abs(mean.y), abs(mean.z)) < 1e-4)
        #expect(worst < 2e-3)
    }

    @Test(arguments: runnable, [2, 4])
    func `meshes and cards in squares are those of a wall of such pixels, brought up`(
        set: InstructionSet, reduction: Int
    ) {
        // More than one piece and one block across and down.
        let (width, height, pitch) = (1004, 530, 0.008)
        let fine = flatWall(width: width, height: height, pitch: pitch)
        let columns = (width + reduction - 1) / reduction + 2
        let rows = (height + reduction - 1) / reduction + 2
        var coarse = flatWall(
            width: columns, height: rows, pitch: pitch * Double(reduction))
        // Square 0 ends where pixel 0 begins.
        let first = fine.facets[0]
        coarse.facets[0].origin =
            first.origin - 0.5 * Double(reduction + 1) * (first.alongX + first.alongY)
        let asset = SceneAsset(scene: scene())
        var plan = RenderingTests.plan(fine, asset)
        let squares = render(coarse, plan, set: set)
        plan.quality.outerReduction = reduction
        let out = render(fine, plan, set: set)
        var (worst, colored, off) = (0.0, 0, 0)
        for y in 0..<height {
            for x in 0..<width {
                let truth = Reference.enlarged(reduction: reduction, x, y) {
                    squares.color($0, $1)
                }
                let error = out.color(x, y) - truth
                worst = max(worst, abs(error.x), abs(error.y), abs(error.z))
                off += max(abs(error.x), abs(error.y), abs(error.z)) > 1e-3 ? 1 : 0
                colored += truth.x > 0.1 ? 1 : 0
            }
        }
        // One sample of four that lies on an edge, to the last bit of a float, in a few squares.
        #expect(worst < 0.15 && off < width * height / 2000)
        #expect(colored > width * height / 4)
    }

    /// A card and panes of meshes of plain colors, whose edges cross pieces and blocks.
    private func scene() -> Scene {
        let solid = MeshMaterial(name: "solid", base: SIMD4(0.5, 0.4, 0.3, 1))
        let glass = MeshMaterial(name: "glass", base: SIMD4(0.2, 0.9, 0.4, 0.5), alpha: .blend)
        var objects: [MeshObject] = []
        for index in 0..<60 {
            let (x, z) = (Float(index % 10) * 0.9 - 4.2, Float(index / 10) * 0.8 - 2.3)
            objects.append(
                rectangle(
                    "pane", SIMD3(x, 2 + 0.05 * Float(index), z), SIMD3(0.7, 0.2, 0.1),
                    SIMD3(-0.1, 0.1, 0.6), material: index % 3 == 0 ? 1 : 0))
        }
        let picture = Picture(
            width: 2, height: 2, pixels: (0..<4).flatMap { _ in [0.25, 0.1, 0.6, 1] as [Float] })
        let card = Card(
            name: "card",
            sceneFromCard: Pose(
                rotation: Matrix3(pan: 0.2, tilt: 0.1, roll: 0.3), translation: Vector3(0, 6, 0)),
            width: 9, height: 5, picture: picture)
        return Scene(
            name: "panes", dome: nil, cards: [card],
            meshes: [Mesh(name: "m", objects: objects, materials: [solid, glass])])
    }
}
