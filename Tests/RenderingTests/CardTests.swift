import FrameModel
import Geometry
import Lanes
import Rendering
import Scenes
import StageModel
import Testing

struct CardTests {
    private let wall = stage(angledFacets(), width: canvasWidth, height: canvasHeight)

    /// A card whose red is u and green is v, opaque, blue its own.
    private func card(_ name: String, _ pose: Pose, blue: Float) -> Card {
        let side = 64
        var pixels: [Float] = []
        for row in 0..<side {
            for column in 0..<side {
                pixels += [
                    (Float(column) + 0.5) / Float(side), (Float(row) + 0.5) / Float(side), blue, 1,
                ]
            }
        }
        return Card(
            name: name, sceneFromCard: pose, width: 2.4, height: 1.6,
            picture: Picture(width: side, height: side, pixels: pixels))
    }

    /// Card coordinates u, v of a ray, or nil where it misses the plane ahead.
    private func hit(_ card: Card, _ eye: Vector3, _ towards: Vector3) -> SIMD2<Double>? {
        let inverse = card.sceneFromCard.inverse
        let o = inverse * eye
        let d = inverse * towards - o
        let t = -o.y / d.y
        guard t > 0, t.isFinite else { return nil }
        let p = o + t * d
        return SIMD2(0.5 + p.x / card.width, 0.5 - p.z / card.height)
    }

    @Test(arguments: runnable)
    func `cards stand where casting each ray in doubles puts them, near before far`(
        set: InstructionSet
    ) {
        let near = card(
            "near", Pose(pan: 0.3, tilt: 0.1, roll: 0.2, translation: Vector3(-0.3, 2, 1.2)),
            blue: 0.25)
        let far = card(
            "far", Pose(pan: -0.4, tilt: 0, roll: 0, translation: Vector3(0.8, 7, 1.8)), blue: 0.5)
        let behind = card(
            "behind", Pose(pan: 0, tilt: 0, roll: 0, translation: Vector3(0, -3, 1)), blue: 0.75)
        let asset = SceneAsset(
            scene: Scene(name: "cards", dome: nil, cards: [near, behind, far]))
        let out = render(wall, plan(wall, asset), set: set)
        var compared = [0, 0]
        for y in 0..<canvasHeight {
            for x in 0..<canvasWidth {
                guard let p = point(wall, x, y) else { continue }
                var truth = SIMD3<Double>.zero
                var isNearEdge = false
                for (index, card) in [far, near].enumerated() {
                    guard let place = hit(card, wall.outerEye, p) else { continue }
                    let depth = min(place.x, 1 - place.x, place.y, 1 - place.y)
                    if abs(depth) < 0.03 { isNearEdge = true }
                    if depth > 0 {
                        truth = SIMD3(place.x, place.y, index == 0 ? 0.5 : 0.25)
                        compared[index] += 1
                    }
                }
                if isNearEdge { continue }
                let error = out.color(x, y) - truth
                #expect(max(abs(error.x), abs(error.y), abs(error.z)) < 2e-3)
            }
        }
        #expect(compared[0] > 300 && compared[1] > 3000)
    }

    @Test func `a card's edge is a ramp one pixel wide, centred on the edge`() {
        let facet = Facet(
            processor: 0, wall: 0, canvas: CanvasRect(x: 0, y: 0, width: 64, height: 64),
            origin: Vector3(-0.315, 2, 0.315), alongX: Vector3(0.01, 0, 0),
            alongY: Vector3(0, 0, -0.01))
        var wall = stage([facet], width: 64, height: 64)
        wall.outerEye = .zero
        let white = Picture(
            width: 4, height: 4, pixels: [Float](repeating: 1, count: 64))
        // On the wall, its right edge a quarter of a pixel beyond the centre of column 40.
        let edge = -0.315 + 40.25 * 0.01
        let card = Card(
            name: "c",
            sceneFromCard: Pose(
                rotation: .identity, translation: Vector3(edge - 0.5, 2, 0)), width: 1, height: 4,
            picture: white)
        let asset = SceneAsset(scene: Scene(name: "edge", dome: nil, cards: [card]))
        let out = render(wall, plan(wall, asset))
        for y in 0..<64 {
            #expect(abs(out.color(39, y).x - 1) < 1e-5)
            #expect(abs(out.color(40, y).x - 0.75) < 1e-4)
            #expect(abs(out.color(41, y).x) < 1e-5)
        }
    }

    @Test func `a half transparent card shows half of what is behind it`() {
        let facet = Facet(
            processor: 0, wall: 0, canvas: CanvasRect(x: 0, y: 0, width: 48, height: 20),
            origin: Vector3(-0.2, 2, 0.1), alongX: Vector3(0.01, 0, 0),
            alongY: Vector3(0, 0, -0.01))
        var wall = stage([facet], width: 48, height: 20)
        wall.outerEye = .zero
        func flat(_ value: Float, _ alpha: Float) -> Picture {
            Picture(
                width: 2, height: 2,
                pixels: (0..<4).flatMap { _ in [value, value, value, alpha] })
        }
        let cards = [
            Card(
                name: "front",
                sceneFromCard: Pose(
                    rotation: .identity, translation: Vector3(0, 1, 0)), width: 4, height: 4,
                picture: flat(0.25, 0.5)),
            Card(
                name: "back",
                sceneFromCard: Pose(
                    rotation: .identity, translation: Vector3(0, 3, 0)), width: 9, height: 9,
                picture: flat(0.5, 1)),
        ]
        let asset = SceneAsset(scene: Scene(name: "alpha", dome: nil, cards: cards))
        for pixel in render(wall, plan(wall, asset)).pixels {
            #expect(abs(pixel.x - 0.5) < 1e-6)
        }
    }
}
