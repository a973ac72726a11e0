import FrameModel
import Geometry
import Lanes
import Rendering
import Scenes
import StageModel
import TestSupport
import Testing

struct CardMaskTests {
    private let wall = stage(angledFacets(), width: canvasWidth, height: canvasHeight)

    /// Solid blobs with soft rims on clear ground.
    private func blobs(_ width: Int, _ height: Int, seed: UInt64) -> Picture {
        var random = SeededRandom(seed: seed)
        let centers = (0..<6).map { _ in
            SIMD3<Float>(
                .random(in: 0...Float(width), using: &random),
                .random(in: 0...Float(height), using: &random),
                .random(in: 0.05...0.3, using: &random) * Float(height))
        }
        var pixels: [Float] = []
        for y in 0..<height {
            for x in 0..<width {
                var alpha: Float = 0
                for c in centers {
                    let (dx, dy) = (Float(x) - c.x, Float(y) - c.y)
                    let depth = (c.z - (dx * dx + dy * dy).squareRoot()) / 8
                    alpha = max(alpha, min(1, max(0, depth)))
                }
                let (u, v) = (Float(x) / Float(width), Float(y) / Float(height))
                pixels += [u * alpha, v * alpha, 0.3 * alpha, alpha]
            }
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    private func sea(radius: Double) -> Dome {
        var pixels: [Float] = []
        for index in 0..<(128 * 64) {
            pixels += [Float(index % 128) / 128, Float(index / 128) / 64, 0.5, 1]
        }
        return Dome(
            picture: Picture(width: 128, height: 64, pixels: pixels), radius: radius)
    }

    private func scene(seed: UInt64, isUpright: Bool) -> Scene {
        var random = SeededRandom(seed: seed)
        var cards: [Card] = []
        for index in 0..<8 {
            let pose = Pose(
                pan: .random(in: -0.8...0.8, using: &random),
                tilt: isUpright ? 0 : .random(in: -0.2...0.2, using: &random),
                roll: isUpright ? 0 : .random(in: -0.3...0.3, using: &random),
                translation: Vector3(
                    Double.random(in: -1.5...1.5, using: &random),
                    Double.random(in: 0.5...9, using: &random),
                    Double.random(in: 0...2, using: &random)))
            let width = Double.random(in: 0.5...6, using: &random)
            let height = Double.random(in: 0.5...4, using: &random)
            let picture = blobs(400 + 37 * index, 203 + 11 * index, seed: seed &+ UInt64(index))
            cards.append(
                Card(
                    name: "card \(index)", sceneFromCard: pose, width: width, height: height,
                    picture: picture))
        }
        return Scene(name: "blobs", dome: sea(radius: .infinity), cards: cards)
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64], [false, true])
    func `leaving out what is clear or hidden changes no byte`(seed: UInt64, isUpright: Bool) {
        let asset = SceneAsset(scene: scene(seed: seed, isUpright: isUpright))
        let wall = stage(
            angledFacets(isUpright: isUpright), width: canvasWidth, height: canvasHeight)
        let masked = render(wall, plan(wall, asset))
        var bare = asset.prepared.pointee
        for card in 0..<bare.cardCount { bare.cards[card].masks = .init(repeating: CardMask()) }
        let whole = withUnsafePointer(to: bare) { scene in
            var all = plan(wall, asset)
            all.scene = scene
            return render(wall, all)
        }
        #expect(masked.isSame(as: whole))
    }

    @Test func `what a solid card hides is not drawn`() {
        let white = Picture(
            width: 64, height: 64, pixels: [Float](repeating: 1, count: 64 * 64 * 4))
        let card = Card(
            name: "flat", sceneFromCard: Pose(rotation: .identity, translation: Vector3(0, 2, 1)),
            width: 40, height: 40, picture: white)
        let asset = SceneAsset(
            scene: Scene(name: "hidden", dome: sea(radius: 50), cards: [card]))
        var kernels = KernelTable.of(.best!)
        // A dome anywhere on the canvas would show.
        kernels.dome = { _, _, planes in planes.red[0] = 1e9 }
        let out = render(wall, plan(wall, asset), kernels: kernels)
        for y in 0..<canvasHeight {
            for x in 0..<canvasWidth where point(wall, x, y) != nil {
                // The weights of a magnified picture add up to 1 but for rounding.
                #expect((out.color(x, y) - SIMD3(1, 1, 1)).max() < 1e-6)
            }
        }
    }

    @Test func `a mask tells clear, solid and mixed by every texel a sample touches`() {
        let picture = blobs(203, 117, seed: 9)
        let asset = SceneAsset(
            scene: Scene(
                name: "mask", dome: nil,
                cards: [
                    Card(
                        name: "c", sceneFromCard: .identity, width: 1, height: 1, picture: picture)
                ]))
        var random = SeededRandom(seed: 4)
        var seen = [0, 0, 0]
        for _ in 0..<4000 {
            let left = Double.random(in: -5...204, using: &random)
            let right = left + .random(in: 0...9, using: &random)
            let top = Double.random(in: -5...118, using: &random)
            let bottom = top + .random(in: 0...7, using: &random)
            let content = asset.prepared.pointee.cards[0].masks[0].content(
                across: (left, right), down: (top, bottom))
            var (isClear, isSolid) = (true, true)
            for y in Int(top.rounded(.down))...(Int(bottom.rounded(.down)) + 1) {
                for x in Int(left.rounded(.down))...(Int(right.rounded(.down)) + 1) {
                    let alpha = picture.pixels[
                        (max(0, min(116, y)) * 203 + max(0, min(202, x))) * 4 + 3]
                    if alpha != 0 { isClear = false }
                    if alpha != 1 { isSolid = false }
                }
            }
            // A cell is coarser than a texel: mixed may be said of anything, the others not.
            if content == .clear { #expect(isClear) }
            if content == .solid { #expect(isSolid) }
            seen[content == .clear ? 0 : content == .solid ? 1 : 2] += 1
        }
        #expect(seen.allSatisfy { $0 > 40 })
    }
}
