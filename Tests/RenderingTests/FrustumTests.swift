import FrameModel
import Geometry
import Lanes
import Rendering
import Scenes
import StageModel
import Testing

/// How many parts of pieces of so many rows a view's weights were asked for.
private nonisolated(unsafe) var weighedRows: [Int] = []

struct FrustumTests {
    private let wall = stage(angledFacets(), width: canvasWidth, height: canvasHeight)
    private let center = Vector3(0, 0, 1)
    private let radius = 6.0

    /// A plan with two cameras over the outer view, on a dome at 6 m.
    private func plan(_ asset: SceneAsset) -> FramePlan {
        var plan = RenderingTests.plan(wall, asset)
        plan.viewCount = 3
        for camera in 0..<2 {
            var view = ViewPlan(
                camera: camera, eye: Vector3(-0.5 + Double(camera), -1 + Double(camera), 1.6),
                stageFromPupil: Matrix3(
                    pan: 0.35 - 0.5 * Double(camera), tilt: -0.05, roll: 0.1),
                outline: .everything, pixelsPerRadian: 1500)
            view.outline = Outline(
                left: [-0.3, 0.01, 0.1, 0, 0], right: [0.3, 0, -0.1, 0, 0.01],
                top: [-0.17, 0, 0.08, 0, 0], bottom: [0.17, 0.01, -0.08, 0, 0],
                aRange: SIMD2(-0.3, 0.3), bRange: SIMD2(-0.17, 0.17), softEdge: 0.04)
            plan.views[1 + camera] = view
        }
        return plan
    }

    private func asset() -> SceneAsset {
        SceneAsset(
            scene: Scene(
                name: "d", dome: directionDome(width: 1024, radius: radius, center: center)))
    }

    @Test(arguments: runnable)
    func `each inner frustum shows its pupil's view, softly over what lies below`(
        set: InstructionSet
    ) {
        let asset = asset()
        let plan = plan(asset)
        let out = render(wall, plan, set: set)
        var (worst, partly, inner) = (0.0, 0, 0)
        for y in 0..<canvasHeight {
            for x in 0..<canvasWidth {
                guard let p = point(wall, x, y) else { continue }
                var truth = color(p, plan.views[0].eye)
                for index in 1..<3 {
                    let view = plan.views[index]
                    let v = view.stageFromPupil.transposed * (p - view.eye)
                    guard v.y > 0 else { continue }
                    let w = view.outline.weight(v.x / v.y, -v.z / v.y)
                    truth += (color(p, view.eye) - truth) * w
                    if w > 0 && w < 1 { partly += 1 }
                    if w == 1 { inner += 1 }
                }
                let error = out.color(x, y) - truth
                worst = max(worst, abs(error.x), abs(error.y), abs(error.z))
            }
        }
        #expect(worst < 1e-3)
        #expect(partly > 1000 && inner > 5000)
    }

    /// Of a thin view, a wide one and one between them in width, over the outer one.
    @Test(arguments: runnable)
    func `views that cover, touch or lie within a piece leave nothing of what was there`(
        set: InstructionSet
    ) {
        let asset = asset()
        var plan = plan(asset)
        plan.viewCount = 4
        for (index, half) in [(1, 0.02), (2, 0.9), (3, 0.11)] {
            plan.views[index] = plan.views[1]
            plan.views[index].stageFromPupil = Matrix3(
                pan: 0.4 - 0.2 * Double(index), tilt: -0.05, roll: 0)
            plan.views[index].outline = Outline(
                left: [-half, 0, 0, 0, 0], right: [half, 0, 0, 0, 0], top: [-half, 0, 0, 0, 0],
                bottom: [half, 0, 0, 0, 0], aRange: SIMD2(-half, half),
                bRange: SIMD2(-half, half), softEdge: 0.01)
        }
        let clean = render(wall, plan, tile: (256, 32), set: set)
        for tile in [(256, 32), (256, 16), (37, 5)] {
            let spoiled = render(wall, plan, tile: tile, set: set, spoiled: 1e30)
            #expect(spoiled.isSame(as: clean), "tiles of \(tile)")
        }
    }

    /// A plan with one camera that sees a level band of the wall, as wide as that.
    private func bandPlan(_ asset: SceneAsset, half: Double) -> FramePlan {
        var plan = plan(asset)
        plan.viewCount = 2
        plan.views[1].stageFromPupil = Matrix3(pan: 0, tilt: 0.02, roll: 0.01)
        plan.views[1].outline = Outline(
            left: [-9, 0, 0, 0, 0], right: [9, 0, 0, 0, 0], top: [-half, 0, 0, 0, 0],
            bottom: [half, 0, 0, 0, 0], aRange: SIMD2(-9, 9), bRange: SIMD2(-0.5, 0.5),
            softEdge: 0.002)
        return plan
    }

    /// What is drawn of a piece of 32 rows is fewer, of both views, where an edge runs across it.
    @Test func `rows a view does not show in are not drawn`() {
        let asset = asset()
        let whole = (canvasWidth, canvasHeight)
        var kernels = KernelTable.of(.best!)
        kernels.weight = { _, region, _, _ in weighedRows[Int(region.height)] += 1 }
        weighedRows = Array(repeating: 0, count: 33)
        for half in [0.05, 0.08, 0.11, 0.14] {
            _ = render(wall, bandPlan(asset, half: half), tile: whole, kernels: kernels)
        }
        // Cells and facets cut pieces into 7, 8, 16 and 25 rows here; 24 are three slices.
        #expect(weighedRows[24] > 0)
    }

    @Test(arguments: runnable, [0.05, 0.08, 0.11, 0.14])
    func `a band across the wall is its pupil's view, and leaves nothing of what was there`(
        set: InstructionSet, half: Double
    ) {
        let asset = asset()
        let plan = bandPlan(asset, half: half)
        let view = plan.views[1]
        let clean = render(wall, plan, tile: (256, 32), set: set)
        var inner = 0
        for y in 0..<canvasHeight {
            for x in 0..<canvasWidth {
                guard let p = point(wall, x, y) else { continue }
                let v = view.stageFromPupil.transposed * (p - view.eye)
                let w = v.y > 0 ? view.outline.weight(v.x / v.y, -v.z / v.y) : 0
                let outer = color(p, plan.views[0].eye)
                let error = clean.color(x, y) - outer - (color(p, view.eye) - outer) * w
                #expect(max(abs(error.x), abs(error.y), abs(error.z)) < 1e-3)
                if w == 1 { inner += 1 }
            }
        }
        #expect(inner > 2000)
        for tile in [(256, 32), (256, 16), (37, 5)] {
            let spoiled = render(wall, plan, tile: tile, set: set, spoiled: 1e30)
            #expect(spoiled.isSame(as: clean), "tiles of \(tile)")
        }
    }

    @Test(.enabled(if: runnable.count == 2, "this machine has no AVX-512"))
    func `both instruction sets draw the same light`() {
        let asset = asset()
        let plan = plan(asset)
        let three = render(wall, plan, set: .v3)
        let four = render(wall, plan, set: .v4)
        #expect(
            zip(three.pixels, four.pixels).allSatisfy {
                let d = $0 - $1
                return max(abs(d.x), abs(d.y), abs(d.z)) < 1e-5
            })
    }

    @Test(arguments: runnable)
    func `tiles of any size in any order give the same bytes`(set: InstructionSet) {
        let asset = asset()
        let plan = plan(asset)
        let whole = render(wall, plan, tile: (canvasWidth, canvasHeight), set: set)
        for tile in [(256, 16), (64, 16), (128, 32), (37, 5), (1, 260), (520, 1)] {
            #expect(render(wall, plan, tile: tile, set: set).isSame(as: whole))
            #expect(
                render(wall, plan, tile: tile, isReversed: true, set: set).isSame(as: whole))
        }
    }

    @Test func `each view is graded on its own`() {
        let asset = asset()
        var plan = plan(asset)
        plan.grades[StageLimits.walls] = plainGrade(gain: 0)
        plan.grades[2 * StageLimits.walls] = plainGrade(gain: 0)
        let out = render(wall, plan)
        var black = 0
        for y in 0..<canvasHeight {
            for x in 0..<canvasWidth where point(wall, x, y) != nil {
                if out.color(x, y).y == 0 { black += 1 }
            }
        }
        #expect(black > 5000)
    }

    private func color(_ p: Vector3, _ eye: Vector3) -> SIMD3<Double> {
        (onSphere(eye: eye, towards: p - eye, radius: radius, center: center)
            + SIMD3(repeating: 1)) * 0.5
    }
}
