import FrameModel
import Geometry
import Glibc
import Lanes
import Rendering
import Scenes
import StageModel
import Testing

/// A pan of 1°/s at 60 fps over waves up to a panorama's Nyquist frequency: the wall picture may
/// not change more from frame to frame than the mean of 64 samples a pixel does, but for a tenth.
struct ShimmerTests {
    private static let most = 1.1
    private static let turn = Double.pi / 180 / 60
    private static let width = 1024

    /// Texels a wall pixel; some lie where one mip level fades into the next.
    @Test(arguments: [0.97, 1.13, 1.2, 1.37, 1.53, 1.73, 2.07, 2.45, 2.9, 4.1])
    func `a dome does not shimmer`(step: Double) {
        let texel = 2 * Double.pi / Double(ShimmerTests.width)
        let waves = Waves(seed: 21, perChannel: 10, shares: 0.3...1, finest: .pi / texel)
        let asset = SceneAsset(
            scene: Scene(name: "waves", dome: waves.dome(width: ShimmerTests.width)))
        let ratio = change(FilterWall.flat(pitch: step * texel), asset) {
            waves.light($0.normalized)
        }
        print("shimmer dome step \(step): \(ratio)")
        #expect(ratio <= ShimmerTests.most)
    }

    /// Texels a wall pixel down the card.
    @Test(arguments: [0.97, 1.13, 1.18, 1.2, 1.37, 1.66, 2.07, 2.9, 4.1], [0, 1.2])
    func `a card does not shimmer`(step: Double, slant: Double) {
        let pitch = slant == 0 ? 0.004 : 0.001
        let texel = 2 * pitch / step
        let waves = Waves(seed: 22, perChannel: 10, shares: 0.3...1) { share, turn, _ in
            (.pi / texel * share) * Vector3(cos(turn), 0, sin(turn))
        }
        let pose = Pose(pan: slant, tilt: 0, roll: 0.2, translation: Vector3(0, 2, 0))
        let reach = slant == 0 ? 2.0 : 5.0
        let card = waves.card(
            columns: Int(reach * Double(FilterWall.columns) * step),
            rows: Int(2 * reach * Double(FilterWall.rows) * step), texel: texel, pose: pose,
            alpha: 1)
        let asset = SceneAsset(scene: Scene(name: "waves", dome: nil, cards: [card]))
        let cardFromScene = card.sceneFromCard.inverse
        let ratio = change(FilterWall.flat(pitch: pitch), asset) { point in
            let eye = cardFromScene * Vector3.zero
            let way = cardFromScene * point - eye
            return waves.light(eye + (-eye.y / way.y) * way)
        }
        print("shimmer card slant \(slant) step \(step): \(ratio)")
        #expect(ratio <= ShimmerTests.most)
    }

    /// Mean squared change between frames of a pan, ours against the truth's.
    private func change(
        _ wall: Stage, _ asset: SceneAsset,
        _ light: @escaping @Sendable (Vector3) -> SIMD3<Double>
    ) -> Double {
        var (ours, theirs) = ([[SIMD3<Double>]](), [[SIMD3<Double>]]())
        for frame in 0..<3 {
            let rotation = Matrix3(
                pan: Double(frame) * ShimmerTests.turn + 0.003, tilt: 0, roll: 0)
            var plan = plan(wall, asset)
            plan.sceneFromStage = Similarity(rotation: rotation, scale: 1, translation: .zero)
            ours.append(render(wall, plan).colors)
            theirs.append(truth(wall) { light(rotation * $0) })
        }
        return energy(ours) / energy(theirs)
    }

    /// Squared change from frame to frame, in PQ codes.
    private func energy(_ frames: [[SIMD3<Double>]]) -> Double {
        var sum = 0.0
        for frame in 1..<frames.count {
            for (a, b) in zip(frames[frame], frames[frame - 1]) {
                for channel in 0..<3 {
                    let step = perceptualCode(a[channel]) - perceptualCode(b[channel])
                    sum += step * step
                }
            }
        }
        return sum
    }
}
