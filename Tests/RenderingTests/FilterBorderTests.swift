import FrameModel
import Geometry
import Glibc
import Lanes
import Rendering
import Scenes
import StageModel
import Testing

/// What neighboring parts of a wall do to the same content: nobody may see where a mip level, a
/// kernel or a number of samples changes.
struct FilterBorderTests {
    private static let texel = 2 * Double.pi / 1024

    /// How much of the truth's contrast the picture has, in windows 8 pixels wide: the largest
    /// change from a window to the next.
    private func contrastStep(
        _ picture: [SIMD3<Double>], _ truth: [SIMD3<Double>], columns: Int
    ) -> Double {
        let gains = Swift.stride(from: 0, to: columns, by: 8).map { left in
            var (both, own) = (0.0, 0.0)
            for (place, color) in truth.enumerated()
            where place % columns >= left && place % columns < left + 8 {
                for channel in 0..<3 {
                    let light = color[channel] - Waves.mean
                    both += light * (picture[place][channel] - Waves.mean)
                    own += light * light
                }
            }
            return both / own
        }
        return zip(gains, gains.dropFirst()).map { abs($0 - $1) }.max()!
    }

    /// Waves of 1/8 cycle a pixel, which lose 4 to 10 % by a filter.
    @Test(arguments: [0.8, 1.02, 1.4, 1.9])
    func `no line shows on a dome where the mip level changes`(step: Double) {
        let pitch = step * FilterBorderTests.texel
        let waves = Waves(
            seed: 41, perChannel: 12, finest: 2 * .pi / 8 / max(pitch, FilterBorderTests.texel))
        let wall = FilterWall.curved(pitch: pitch)
        let asset = SceneAsset(scene: Scene(name: "waves", dome: waves.dome(width: 1024)))
        let rotation = Matrix3(pan: 0.4, tilt: 0.1, roll: 0)
        var plan = plan(wall, asset)
        plan.sceneFromStage = Similarity(rotation: rotation, scale: 1, translation: .zero)
        let change = contrastStep(
            render(wall, plan).colors, truth(wall) { waves.light(rotation * $0.normalized) },
            columns: FilterWall.columns)
        print("dome step \(step): contrast changes by \(change) at most")
        #expect(change < 0.03)
    }

    /// From a few texels a pixel to dozens along the slant.
    @Test(arguments: [0.5, 1, 2])
    func `no line shows on a slanted card where level and samples change`(step: Double) {
        let pitch = 0.004
        let texel = 2 * pitch / step
        let waves = Waves(seed: 42, perChannel: 12) { share, turn, _ in
            (2 * .pi / 16 / max(2 * pitch * 5, texel) * share) * Vector3(cos(turn), 0, sin(turn))
        }
        let card = waves.card(
            columns: Int(6 * Double(FilterWall.columns) * step),
            rows: Int(3 * Double(FilterWall.rows) * step), texel: texel,
            pose: Pose(pan: 1.05, tilt: 0, roll: 0, translation: Vector3(0.4, 2, 0)), alpha: 1)
        let asset = SceneAsset(scene: Scene(name: "waves", dome: nil, cards: [card]))
        let cardFromScene = card.sceneFromCard.inverse
        let wall = FilterWall.flat(pitch: pitch)
        let change = contrastStep(
            render(wall, plan(wall, asset)).colors,
            truth(wall) { point in
                let eye = cardFromScene * Vector3.zero
                let way = cardFromScene * point - eye
                return waves.light(eye + (-eye.y / way.y) * way)
            }, columns: FilterWall.columns)
        print("card step \(step): contrast changes by \(change) at most")
        #expect(change < 0.03)
    }

    /// Slanted, magnified and blurred, in all the ways pieces differ.
    @Test(arguments: [0, 3.5], [1, 8])
    func `tiles of any size in any order give the same bytes`(defocus: Double, samples: Int) {
        let wall = stage(angledFacets(), width: canvasWidth, height: canvasHeight)
        let asset = SceneAsset(scene: FilterBorderTests.mixed)
        var plan = plan(wall, asset)
        plan.defocus = defocus
        plan.quality.anisotropyMax = samples
        for set in runnable {
            let whole = render(wall, plan, tile: (canvasWidth, canvasHeight), set: set)
            for tile in [(256, 16), (37, 5), (520, 1)] {
                #expect(render(wall, plan, tile: tile, set: set).isSame(as: whole))
                #expect(
                    render(wall, plan, tile: tile, isReversed: true, set: set).isSame(as: whole))
            }
        }
    }

    @Test(arguments: [0, 3.5])
    func `instruction sets differ by at most one code`(defocus: Double) {
        let wall = stage(angledFacets(), width: canvasWidth, height: canvasHeight)
        var plan = plan(wall, SceneAsset(scene: FilterBorderTests.mixed))
        plan.defocus = defocus
        let pictures = runnable.map { render(wall, plan, set: $0) }
        for picture in pictures.dropFirst() {
            for (a, b) in zip(picture.pixels, pictures[0].pixels) {
                for channel in 0..<3 {
                    let step =
                        perceptualCode(Double(a[channel])) - perceptualCode(Double(b[channel]))
                    #expect(abs(step) < 1)
                }
            }
        }
    }

    @Test(arguments: [0, 3.5])
    func `leaving out what is clear or hidden changes no byte`(defocus: Double) {
        let wall = stage(angledFacets(), width: canvasWidth, height: canvasHeight)
        let asset = SceneAsset(scene: FilterBorderTests.mixed)
        var plan = plan(wall, asset)
        plan.defocus = defocus
        let masked = render(wall, plan)
        var bare = asset.prepared.pointee
        for card in 0..<bare.cardCount { bare.cards[card].masks = .init(repeating: CardMask()) }
        withUnsafePointer(to: bare) { scene in
            plan.scene = scene
            #expect(render(wall, plan).isSame(as: masked))
        }
    }

    /// A dome and cards: minified, slanted, magnified and solid, and one with holes.
    private static let mixed: Scene = {
        let noise = noisePicture(width: 512, height: 256, seed: 43)
        func card(_ name: String, _ pose: Pose, _ width: Double, _ picture: Picture) -> Card {
            Card(
                name: name, sceneFromCard: pose, width: width, height: 0.75 * width,
                picture: picture)
        }
        var holed = noisePicture(width: 96, height: 72, seed: 44)
        for place in 0..<(96 * 72) where (place / 96 / 18 + place % 96 / 24) % 2 == 0 {
            for channel in 0..<4 { holed.pixels[4 * place + channel] = 0 }
        }
        return Scene(
            name: "mixed", dome: Dome(picture: noise),
            cards: [
                card(
                    "slanted", Pose(pan: 1.3, tilt: 0, roll: 0.1, translation: Vector3(-1, 3, 1)),
                    3, noise),
                card(
                    "near", Pose(pan: 0.1, tilt: 0.1, roll: 0, translation: Vector3(0.6, 2, 1.2)),
                    1.2, noisePicture(width: 24, height: 18, seed: 45)),
                card(
                    "holed", Pose(pan: -0.2, tilt: 0, roll: 0.2, translation: Vector3(0.2, 1.5, 1)),
                    1.4, holed),
            ])
    }()
}
