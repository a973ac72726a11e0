import FrameModel
import Geometry
import Glibc
import Lanes
import Rendering
import Scenes
import StageModel
import Testing

/// The operator's blur: as wide as asked for, soft, and the same however it is asked for.
struct DefocusTests {
    private static let pitch = 0.002
    private static let columns = 192

    private static let wall: Stage = {
        let facet = Facet(
            processor: 0, wall: 0, canvas: CanvasRect(x: 0, y: 0, width: columns, height: 16),
            origin: Vector3(-Double(columns - 1) * 0.5 * pitch, 1, 7.5 * pitch),
            alongX: Vector3(pitch, 0, 0), alongY: Vector3(0, 0, -pitch))
        var wall = stage([facet], width: columns, height: 16)
        wall.outerEye = .zero
        return wall
    }()

    /// A card of a texel a wall pixel, black but for a bright upright line of four texels.
    private func scene(defocus: Double) -> Scene {
        let (columns, rows) = (512, 256)
        var pixels: [Float] = []
        for _ in 0..<rows {
            for column in 0..<columns {
                let light: Float = (254..<258).contains(column) ? 10 : 0
                pixels += [light, light, light, 1]
            }
        }
        let texel = 2 * DefocusTests.pitch
        let card = Card(
            name: "line",
            sceneFromCard: Pose(
                rotation: .identity, translation: Vector3(0.3 * texel, 2, 0)),
            width: Double(columns) * texel, height: Double(rows) * texel,
            picture: Picture(width: columns, height: rows, pixels: pixels), defocus: defocus)
        return Scene(name: "line", dome: nil, cards: [card])
    }

    private func profile(layer: Double, live: Double) -> [Double] {
        var plan = plan(DefocusTests.wall, SceneAsset(scene: scene(defocus: layer)))
        plan.defocus = live
        let out = render(DefocusTests.wall, plan)
        return (0..<DefocusTests.columns).map { out.color($0, 8).x }
    }

    /// Standard deviation of light along a row, wall pixels.
    private func spread(_ light: [Double]) -> Double {
        let sum = light.reduce(0, +)
        let places = light.indices.map(Double.init)
        let mean = zip(light, places).reduce(0) { $0 + $1.0 * $1.1 } / sum
        return (zip(light, places).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) } / sum)
            .squareRoot()
    }

    @Test(arguments: [4.0, 6, 8, 11, 16, 23])
    func `a line is spread over the width that was asked for, without steps`(width: Double) {
        let light = profile(layer: width, live: 0)
        // The line's own four texels and a pixel's width add to the blur's variance.
        let own = (16.0 / 12 + 0.25).squareRoot()
        let sigma = (spread(light) * spread(light) - own * own).squareRoot()
        print("defocus \(width): half-height width \(2.355 * sigma)")
        #expect(abs(2.355 * sigma - width) < 0.2 * width)
        let peak = light.firstIndex(of: light.max()!)!
        for x in 1...peak { #expect(light[x] >= light[x - 1] - 1e-5) }
        for x in (peak + 1)..<light.count { #expect(light[x] <= light[x - 1] + 1e-5) }
        // Of a Gaussian the sharpest bend is height / σ².
        let total = sigma * sigma + own * own
        for x in 1..<(light.count - 1) {
            let bend = abs(light[x - 1] - 2 * light[x] + light[x + 1])
            #expect(bend <= 1.6 * light[peak] / total)
        }
    }

    @Test func `blur of the layer and of the scene add as squares`() {
        let both = profile(layer: 3, live: 4)
        let one = profile(layer: 5, live: 0)
        for (a, b) in zip(both, one) { #expect(abs(a - b) < 1e-4) }
    }

    @Test func `a fade of the blur has no jump`() {
        var before = profile(layer: 0, live: 0)
        for step in 1...80 {
            let next = profile(layer: 0, live: 0.1 * Double(step))
            let change = zip(before, next).map { abs($0 - $1) }.max()!
            // The line is 10 bright; at a tenth of a pixel a frame nothing changes by a twelfth.
            #expect(change < 0.8)
            before = next
        }
    }

    @Test func `a defocused card's edge is soft too`() {
        let white = Picture(width: 8, height: 8, pixels: [Float](repeating: 1, count: 256))
        let card = Card(
            name: "white",
            sceneFromCard: Pose(rotation: .identity, translation: Vector3(-0.5, 2, 0)), width: 1,
            height: 1, picture: white, defocus: 12)
        let wall = DefocusTests.wall
        let out = render(
            wall, plan(wall, SceneAsset(scene: Scene(name: "edge", dome: nil, cards: [card]))))
        let row = (0..<DefocusTests.columns).map { out.color($0, 8).x }
        let soft = row.filter { $0 > 0.02 && $0 < 0.98 }
        #expect(soft.count >= 7 && soft.count <= 14)
        #expect(row.first! > 0.999 && row.last! == 0)
    }
}
