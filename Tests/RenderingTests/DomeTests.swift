import FrameModel
import Geometry
import Lanes
import Rendering
import Scenes
import StageModel
import Testing

struct DomeTests {
    private let wall = stage(angledFacets(), width: canvasWidth, height: canvasHeight)

    @Test(arguments: runnable)
    func `an even grey dome is that grey on every pixel of every facet and 0 elsewhere`(
        set: InstructionSet
    ) {
        let grey = [Float](repeating: 0.18, count: 128 * 64 * 4)
        let asset = SceneAsset(
            scene: Scene(
                name: "grey", dome: Dome(picture: Picture(width: 128, height: 64, pixels: grey))))
        var plan = plan(wall, asset)
        for index in 0..<144 { plan.grades[index] = plainGrade(gain: 0.5) }
        let out = render(wall, plan, set: set)
        let expected = Float(Float16(0.18)) * 0.5
        for y in 0..<canvasHeight {
            for x in 0..<canvasWidth {
                let truth: Float = point(wall, x, y) == nil ? 0 : expected
                let color = out.pixels[y * canvasWidth + x]
                for channel in 0..<3 { #expect(abs(color[channel] - truth) <= 1e-7) }
            }
        }
    }

    @Test(arguments: runnable, [Double.infinity, 12])
    func `a rendered direction is the exact one`(set: InstructionSet, radius: Double) {
        let center = Vector3(1.5, -0.7, 0.4)
        let asset = SceneAsset(
            scene: Scene(
                name: "d", dome: directionDome(width: 1024, radius: radius, center: center)))
        var plan = plan(wall, asset)
        plan.sceneFromStage = Similarity(
            rotation: Matrix3(pan: 0.6, tilt: 0.2, roll: -0.1), scale: 1.3,
            translation: Vector3(0.3, 0.2, -0.5))
        let out = render(wall, plan, set: set)
        var worst = 0.0
        for y in 0..<canvasHeight {
            for x in 0..<canvasWidth {
                guard let p = point(wall, x, y) else { continue }
                let eye = plan.sceneFromStage * wall.outerEye
                let d = plan.sceneFromStage * p - eye
                let truth =
                    radius.isFinite
                    ? onSphere(eye: eye, towards: d, radius: radius, center: center) : d.normalized
                let seen = (out.color(x, y) * 2 - SIMD3(repeating: 1)).normalized
                worst = max(worst, (seen - truth).length)
            }
        }
        // A half tells 2.4e-4 apart near 1, and so does the direction in (d + 1) / 2 twice that.
        #expect(worst < 1.2e-3)
    }

    @Test func `no scene or no light is black everywhere`() {
        let asset = SceneAsset(scene: Scene(name: "d", dome: directionDome(width: 128)))
        var dark = plan(wall, asset)
        dark.light = 0
        for plan in [plan(wall, nil), dark] {
            let out = render(wall, plan)
            #expect(out.pixels.allSatisfy { $0 == SIMD3(repeating: 0) })
        }
        let empty = SceneAsset(scene: Scene(name: "empty", dome: nil))
        #expect(render(wall, plan(wall, empty)).pixels.allSatisfy { $0 == SIMD3(repeating: 0) })
    }

    @Test func `every direction of a dome at infinity is seen, across faces and corners`() {
        let asset = SceneAsset(scene: Scene(name: "d", dome: directionDome(width: 512)))
        var worst = 0.0
        for pan in 0..<8 {
            for tilt in [-1.5, -0.7, 0, 0.62, 1.4] {
                let rotation = Matrix3(pan: Double(pan) * .pi / 4, tilt: tilt, roll: 0.3)
                let step = 0.02
                let facet = Facet(
                    processor: 0, wall: 0, canvas: CanvasRect(x: 0, y: 0, width: 100, height: 100),
                    origin: rotation * Vector3(-0.99, 1, 0.99), alongX: rotation.x * step,
                    alongY: rotation.z * -step)
                var wall = stage([facet], width: 100, height: 100)
                wall.outerEye = .zero
                let out = render(wall, plan(wall, asset))
                for y in 0..<100 {
                    for x in 0..<100 {
                        let truth = point(wall, x, y)!.normalized
                        let seen = (out.color(x, y) * 2 - SIMD3(repeating: 1)).normalized
                        worst = max(worst, (seen - truth).length)
                    }
                }
            }
        }
        #expect(worst < 2.5e-3)
    }
}
