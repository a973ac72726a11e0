import FrameModel
import Geometry
import Lanes
import Rendering
import Scenes
import StageModel
import Testing

/// Pixels drawn by columns and otherwise, counted by the kernel put in the table.
private nonisolated(unsafe) var pixelsByColumn = 0
private nonisolated(unsafe) var pixelsByRow = 0
/// Parts of pieces that are whole bands of rows, but not all of a piece's.
private nonisolated(unsafe) var bands = 0

/// An upright wall before an upright scene, which is drawn by columns.
@Suite(.serialized) struct UprightTests {
    private let wall = stage(
        angledFacets(isUpright: true), width: canvasWidth, height: canvasHeight)

    private func turnedPlan(_ asset: SceneAsset) -> FramePlan {
        var plan = plan(wall, asset)
        plan.sceneFromStage = Similarity(
            rotation: Matrix3(pan: 0.6, tilt: 0, roll: 0), scale: 1.3,
            translation: Vector3(0.3, 0.2, -0.5))
        return plan
    }

    @Test(arguments: runnable, [256, 1024, 2048])
    func `a rendered direction is the exact one`(set: InstructionSet, width: Int) {
        let asset = SceneAsset(scene: Scene(name: "d", dome: directionDome(width: width)))
        let plan = turnedPlan(asset)
        let out = render(wall, plan, set: set)
        var worst = 0.0
        for y in 0..<canvasHeight {
            for x in 0..<canvasWidth {
                guard let p = point(wall, x, y) else { continue }
                let d = plan.sceneFromStage * p - plan.sceneFromStage * wall.outerEye
                let seen = (out.color(x, y) * 2 - SIMD3(repeating: 1)).normalized
                worst = max(worst, (seen - d.normalized).length)
            }
        }
        // As on a tilted wall (DomeTests).
        #expect(worst < 1.2e-3)
    }

    @Test(arguments: runnable)
    func `tiles of any size in any order give the same bytes`(set: InstructionSet) {
        let asset = SceneAsset(scene: Scene(name: "d", dome: directionDome(width: 1024)))
        let plan = turnedPlan(asset)
        let whole = render(wall, plan, tile: (canvasWidth, canvasHeight), set: set)
        for tile in [(256, 16), (64, 16), (37, 5), (1, 260), (520, 1)] {
            #expect(render(wall, plan, tile: tile, set: set).isSame(as: whole))
            #expect(
                render(wall, plan, tile: tile, isReversed: true, set: set).isSame(as: whole))
        }
    }

    /// A level that was left out where it has a share would leave its pixels darker.
    @Test(arguments: [512, 724, 1024, 1448, 2048], [1, 8])
    func `an even dome is even where levels meet`(width: Int, samples: Int) {
        let grey = Picture(
            width: width, height: width / 2,
            pixels: [Float](repeating: 0.75, count: 2 * width * width))
        let asset = SceneAsset(scene: Scene(name: "grey", dome: Dome(picture: grey)))
        for isUpright in [true, false] {
            let wall = stage(
                angledFacets(isUpright: isUpright), width: canvasWidth, height: canvasHeight)
            for defocus in [0, 1.2, 3.5] {
                var plan = plan(wall, asset)
                plan.defocus = defocus
                plan.quality.anisotropyMax = samples
                for set in runnable {
                    let out = render(wall, plan, set: set)
                    let light = out.color(canvasWidth / 2, 20).x
                    for y in 0..<canvasHeight {
                        for x in 0..<canvasWidth where point(wall, x, y) != nil {
                            let off = out.color(x, y) / light - SIMD3(repeating: 1)
                            #expect(max(abs(off.x), abs(off.y), abs(off.z)) < 2e-5)
                        }
                    }
                }
            }
        }
    }

    @Test func `rows without a share of a level do not sample it`() {
        let asset = SceneAsset(scene: Scene(name: "d", dome: directionDome(width: 2048)))
        var kernels = KernelTable.of(.best!)
        kernels.picture_pass = { _, _, region, _ in
            if [8, 16, 24].contains(region.height) { bands += 1 }
        }
        bands = 0
        _ = render(wall, turnedPlan(asset), kernels: kernels)
        #expect(bands > 10)
    }

    /// The piece with the probed pixel is drawn into the scratch and graded from there, the others
    /// where they belong.
    @Test(arguments: runnable, [0, 1] as [Int32])
    func `a probe changes no byte`(set: InstructionSet, stages: Int32) {
        let asset = SceneAsset(scene: Scene(name: "d", dome: directionDome(width: 2048)))
        var plan = turnedPlan(asset)
        plan.grades[0].stages.0.matrix = (2, 0, 0, 0, 0.5, 0, 0, 0, 1)
        plan.grades[0].stage_count = stages
        let whole = render(wall, plan, set: set)
        for (x, y) in [(40, 30), (200, 120), (330, 70)] {
            plan.probe = ProbePlace(processor: 0, x: x, y: y)
            #expect(render(wall, plan, set: set).isSame(as: whole), "\(x), \(y)")
        }
    }

    @Test func `most of an upright wall is drawn by columns`() {
        let asset = SceneAsset(scene: Scene(name: "d", dome: directionDome(width: 1024)))
        var kernels = KernelTable.of(.best!)
        kernels.graded_picture = { map, _, region, _ in
            let count = Int(region.width * region.height)
            if map.pointee.upright_rows > 0 {
                pixelsByColumn += count
            } else {
                pixelsByRow += count
            }
        }
        (pixelsByColumn, pixelsByRow) = (0, 0)
        _ = render(wall, turnedPlan(asset), kernels: kernels)
        // The facet turned by a quarter has its columns along the horizon.
        #expect(pixelsByColumn > 20_000)
        #expect(pixelsByRow <= 90 * 200 + 5000)
    }
}
