import FrameModel
import Foundation
import Geometry
import Scenes
import Testing

@Suite("Scenes of known values")
struct TestSceneTests {
    private func pixel(_ picture: Picture, _ x: Int, _ y: Int) -> [Float] {
        let at = 4 * (y * picture.width + x)
        return Array(picture.pixels[at..<at + 4])
    }

    @Test func `the direction dome's center looks forward, its top up, its right quarter right`()
        throws
    {
        let picture = try #require(TestScenes.directionDome(width: 512).dome?.picture)
        #expect(picture.width == 512 && picture.height == 256)
        let forward = pixel(picture, 256, 128)
        #expect(forward[1] > 0.999 && abs(forward[0] - 0.5) < 0.01)
        #expect(pixel(picture, 100, 0)[2] > 0.999)
        #expect(pixel(picture, 384, 128)[0] > 0.999)
        #expect(pixel(picture, 100, 255)[2] < 0.001)
    }

    @Test func `a direction dome's pixel is its own texel's direction`() throws {
        let picture = try #require(TestScenes.directionDome(width: 128).dome?.picture)
        for (x, y) in [(3, 9), (64, 32), (127, 63), (90, 11)] {
            let azimuth = 2 * Double.pi * ((Double(x) + 0.5) / 128 - 0.5)
            let elevation = Double.pi * (0.5 - (Double(y) + 0.5) / 64)
            let p = pixel(picture, x, y)
            #expect(abs(Double(p[0]) - 0.5 - 0.5 * cos(elevation) * sin(azimuth)) < 1e-6)
            #expect(abs(Double(p[1]) - 0.5 - 0.5 * cos(elevation) * cos(azimuth)) < 1e-6)
            #expect(abs(Double(p[2]) - 0.5 - 0.5 * sin(elevation)) < 1e-6)
        }
    }

    @Test func `uniform light is the same everywhere`() throws {
        let picture = try #require(TestScenes.uniform(0.18).dome?.picture)
        #expect(Set(picture.pixels) == [0.18, 1])
    }

    @Test func `a checker has two grays and as many fields as asked`() throws {
        let picture = try #require(
            TestScenes.checker(width: 360, fields: 36, dark: 0.1, light: 0.7).dome?.picture)
        var changes = 0
        for x in 1..<360 where pixel(picture, x, 5) != pixel(picture, x - 1, 5) { changes += 1 }
        #expect(changes == 35)
        #expect(Set(picture.pixels) == [0.1, 0.7, 1])
    }

    @Test func `a gradient rises from nadir to zenith by equal ratios`() throws {
        let picture = try #require(
            TestScenes.gradient(width: 256, dark: 0.001, light: 10).dome?.picture)
        let grays = (0..<128).map { pixel(picture, 7, $0)[0] }
        for y in 1..<128 {
            #expect(abs(grays[y - 1] / grays[y] - powf(10_000, 1 / 128)) < 1e-3)
        }
    }

    @Test func `detail follows its seed and has lights`() throws {
        let a = TestScenes.detailed(seed: 3, width: 512)
        #expect(a == TestScenes.detailed(seed: 3, width: 512))
        #expect(a != TestScenes.detailed(seed: 4, width: 512))
        #expect(try #require(a.dome?.picture.pixels.max()) > 10)
    }

    @Test func `test cards face the stage, at their distances, beside each other`() {
        let cards = TestScenes.cards(atMeters: [2, 6, 16]).cards
        for (card, distance) in zip(cards, [2.0, 6, 16]) {
            let at = card.sceneFromCard.translation
            #expect(abs((at.x * at.x + at.y * at.y).squareRoot() - distance) < 1e-9)
            let away = card.sceneFromCard.rotation * Vector3(0, 1, 0)
            #expect(away.dot(Vector3(at.x, at.y, 0).normalized) > 1 - 1e-9)
        }
        #expect(cards[0].sceneFromCard.translation.x < 0)
        #expect(cards[2].sceneFromCard.translation.x > 0)
    }

    @Test func `no more cards are made than a scene may have`() {
        #expect(
            TestScenes.cards(atMeters: Array(repeating: 3, count: 40), pixels: 8).cards.count
                == SceneLimits.cards)
    }
}
