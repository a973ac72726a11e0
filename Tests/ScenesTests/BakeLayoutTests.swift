import FrameModel
import Geometry
import Lanes
import Scenes
import Testing

@Suite struct BakeLayoutTests {
    @Test(arguments: [1, 2, 30, 63, 254, 500, 1022, 1024, 2046, 2048, 4094, 4096])
    func `rows of texels of any width lie side by side in a first-level cache`(width: Int) {
        let picture = Picture(
            width: width, height: 2, pixels: [Float](repeating: 1, count: width * 2 * 4))
        let card = Card(
            name: "wide", sceneFromCard: .identity, width: 1, height: 1, picture: picture)
        let asset = SceneAsset(scene: Scene(name: "wide", dome: nil, cards: [card]))
        let level = asset.prepared.pointee.cards[0].levels[0]
        #expect(level.stride >= level.width + 2)
        // Twenty rows of five cache lines, in a cache of 64 places.
        var shared = [Int](repeating: 0, count: 64)
        for row in 0..<20 {
            for line in 0..<5 { shared[(row * Int(level.stride) * 8 / 64 + line) % 64] += 1 }
        }
        #expect(shared.max()! <= 3)
    }
}
