import FrameModel
import Geometry
import Glibc
import Lanes
import Rendering
import Scenes
import StageModel
import Testing

/// Texels a wall pixel steps over, from 4 × magnified to 4 × minified, between mip levels too.
let filterSteps = (-4...4).map { exp2(Double($0) / 2) }

/// Nothing in these scenes is finer than 1/8 cycle a wall pixel, nor than 1/8 cycle a texel: from
/// 1 : 1 to 4 × minified that is 1/8 … 1/32 cycle a texel, where magnified 1/8 cycle a texel is
/// 1/8 … 1/32 cycle a pixel.
struct FilterTests {
    static let bar = 48.0
    private static let panoramaWidth = 1024
    private static let texel = 2 * Double.pi / Double(panoramaWidth)

    /// Radians of the finest wave a radian, when a pixel is `pitch` radians wide.
    private func finest(pitch: Double) -> Double {
        2 * .pi / 8 / max(pitch, FilterTests.texel)
    }

    @Test(arguments: filterSteps, [false, true])
    func `a dome of smooth waves is the mean over each pixel`(step: Double, isCurved: Bool) {
        let pitch = step * FilterTests.texel
        let waves = Waves(seed: 11, finest: finest(pitch: pitch))
        let wall = isCurved ? FilterWall.curved(pitch: pitch) : FilterWall.flat(pitch: pitch)
        let asset = SceneAsset(
            scene: Scene(name: "waves", dome: waves.dome(width: FilterTests.panoramaWidth)))
        let figure = decibels(
            render(wall, plan(wall, asset)).colors,
            against: truth(wall) { waves.light($0.normalized) })
        print("dome \(isCurved ? "curved" : "flat") step \(step): \(figure) dB")
        #expect(figure >= FilterTests.bar)
    }

    /// Waves up to 1/8 cycle a pixel both along and across the slant.
    @Test(arguments: [75.0, 80], [1, 1.41, 2])
    func `a dome on a grazing facet is the mean over each pixel`(slant: Double, step: Double) {
        let pitch = step * FilterTests.texel
        let angle = slant * .pi / 180
        let waves = Waves(seed: 12) { share, turn, _ in
            let across = min(1 / (pitch * cos(angle)), 1 / FilterTests.texel)
            let up = min(1 / pitch, 1 / FilterTests.texel)
            return (2 * .pi / 8 * 0.85 * share) * Vector3(across * cos(turn), 0, up * sin(turn))
        }
        let wall = FilterWall.flat(pitch: pitch, slant: angle)
        let asset = SceneAsset(
            scene: Scene(name: "waves", dome: waves.dome(width: FilterTests.panoramaWidth)))
        let figure = decibels(
            render(wall, plan(wall, asset)).colors,
            against: truth(wall) { waves.light($0.normalized) })
        print("dome grazing \(slant) step \(step): \(figure) dB")
        #expect(figure >= FilterTests.bar)
    }

    @Test(arguments: filterSteps, [1, 0.5] as [Float])
    func `a card of smooth waves is the mean over each pixel`(step: Double, alpha: Float) {
        for isCurved in [false, true] {
            let figure = cardFigure(step: step, slant: 0, alpha: alpha, isCurved: isCurved)
            let shape = isCurved ? "curved" : "flat"
            print("card \(shape) alpha \(alpha) step \(step): \(figure) dB")
            #expect(figure >= FilterTests.bar)
        }
    }

    @Test(arguments: [75.0, 80], [0.5, 1, 1.41, 2])
    func `a slanted card of smooth waves is the mean over each pixel`(slant: Double, step: Double) {
        let figure = cardFigure(
            step: step, slant: slant * .pi / 180, alpha: 1, isCurved: false)
        print("card slant \(slant) step \(step): \(figure) dB")
        #expect(figure >= FilterTests.bar)
    }

    /// A card 2 m before the eye that fills the wall; `step` is down the card.
    private func cardFigure(
        step: Double, slant: Double, alpha: Float, isCurved: Bool
    ) -> Double {
        // A slanted card's angle may not change much over the wall.
        let pitch = slant == 0 ? 0.004 : 0.001
        let texel = 2 * pitch / step
        let along = 2 * pitch / cos(slant)
        let waves = Waves(seed: 13) { share, turn, _ in
            let across = 1 / max(along, texel)
            let up = 1 / max(2 * pitch, texel)
            return (2 * .pi / 8 * 0.85 * share) * Vector3(across * cos(turn), 0, up * sin(turn))
        }
        let pose = Pose(pan: slant, tilt: 0, roll: 0, translation: Vector3(0, 2, 0))
        let reach = slant == 0 ? 1.5 : 8.0
        let card = waves.card(
            columns: Int(reach * Double(FilterWall.columns) * 2 * pitch / texel),
            rows: Int(reach * Double(FilterWall.rows) * 2 * pitch / texel),
            texel: texel, pose: pose, alpha: alpha)
        let wall = isCurved ? FilterWall.curved(pitch: pitch) : FilterWall.flat(pitch: pitch)
        let asset = SceneAsset(scene: Scene(name: "waves", dome: nil, cards: [card]))
        let cardFromScene = card.sceneFromCard.inverse
        return decibels(
            render(wall, plan(wall, asset)).colors,
            against: truth(wall) { point in
                let eye = cardFromScene * Vector3.zero
                let way = cardFromScene * point - eye
                return waves.light(eye + (-eye.y / way.y) * way)
            })
    }

    /// How near the picture is to the mean of 64 samples is a property of the filter: it is told,
    /// and the renderer may not be worse at it than the filter in doubles.
    @Test(arguments: filterSteps, [false, true])
    func `a dome full of detail is filtered as well as by the same filter in doubles`(
        step: Double, isCurved: Bool
    ) {
        let picture = noisePicture(width: FilterTests.panoramaWidth, height: 512, seed: 14)
        let pitch = step * FilterTests.texel
        let wall = isCurved ? FilterWall.curved(pitch: pitch) : FilterWall.flat(pitch: pitch)
        let asset = SceneAsset(scene: Scene(name: "noise", dome: Dome(picture: picture)))
        let light = truth(wall) { panorama(picture, $0) }
        let ours = decibels(render(wall, plan(wall, asset)).colors, against: light)
        let doubles = decibels(domeInDoubles(wall, asset), against: light)
        print(
            "detailed dome \(isCurved ? "curved" : "flat") step \(step): \(ours) dB, "
                + "in doubles \(doubles) dB")
        #expect(abs(ours - doubles) <= 1)
    }
}
