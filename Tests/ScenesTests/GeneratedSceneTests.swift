import FrameModel
import Foundation
import Geometry
import Scenes
import Testing

@Suite("Generated scenes")
struct GeneratedSceneTests {
    static let lake = GeneratedScene.lake(width: 512)

    @Test func `the lake is the same every time and finite everywhere`() throws {
        #expect(GeneratedScene.lake(width: 512) == Self.lake)
        let dome = try #require(Self.lake.dome)
        #expect(dome.picture.width == 512 && dome.picture.height == 256)
        for picture in [dome.picture] + Self.lake.cards.map(\.picture) {
            #expect(picture.pixels.allSatisfy { $0.isFinite && $0 >= 0 && $0 < 65504 })
        }
    }

    @Test func `the lake has depth, opacity and a light over a thousand nits`() throws {
        let distances = Self.lake.cards.map { $0.sceneFromCard.translation.length }
        #expect(Set(distances.map { $0.rounded() }).count >= 4)
        #expect(Self.lake.cards.count <= SceneLimits.cards)
        for card in Self.lake.cards {
            let alphas = stride(from: 3, to: card.picture.pixels.count, by: 4).map {
                card.picture.pixels[$0]
            }
            #expect(alphas.allSatisfy { $0 <= 1.0001 })
            #expect(alphas.contains { $0 > 0.95 }, "\(card.name) is opaque somewhere")
        }
        let lantern = try #require(Self.lake.cards.first { $0.name == "lantern" })
        #expect(try #require(lantern.picture.pixels.max()) > 10)
        // The sun's disc is smaller than a pixel of a dome this small.
        #expect(try #require(Self.lake.dome?.picture.pixels.max()) > 30)
    }

    @Test func `the sun stands where it is said to stand`() throws {
        let picture = try #require(Self.lake.dome?.picture)
        var brightest = 0
        for i in 0..<picture.width * picture.height
        where picture.pixels[4 * i] > picture.pixels[4 * brightest] { brightest = i }
        let azimuth = (Double(brightest % 512) + 0.5) / 512 * 360 - 180
        let elevation = 90 - (Double(brightest / 512) + 0.5) / 256 * 180
        #expect(abs(azimuth - 28) < 1 && abs(elevation - 6.2) < 1)
    }

    @Test func `the jetty lies flat at the floor and points ahead`() throws {
        let jetty = try #require(Self.lake.cards.first { $0.name == "jetty" })
        let far = jetty.sceneFromCard * Vector3(0, 0, jetty.height / 2)
        #expect(abs(far.z) < 1e-9 && abs(far.y - 13.5) < 1e-6)
    }

    @Test func `a name that is not known makes nothing`() {
        #expect(GeneratedScene.named("moon") == nil)
        #expect(GeneratedScene.names.count == Set(GeneratedScene.names).count)
    }

    // Two sets stand for all of the kit they are made with: each takes seconds to light.
    @Test(arguments: ["cathedral", "pirate-ship"])
    func `a set has depth, a light over a thousand nits, and fits its limits`(
        _ name: String
    ) throws {
        let scene = try #require(GeneratedScene.named(name, width: 512))
        let mesh = try #require(scene.meshes.first)
        #expect(scene.name == name)
        #expect(mesh.triangleCount < 400_000 && mesh.objects.count <= SceneLimits.meshObjects)
        var distances: Set<Int> = []
        for object in mesh.objects {
            let isLit = object.colors.allSatisfy { $0.x.isFinite && $0.min() >= 0 }
            #expect(isLit, "\(object.name)")
            // Steps of a factor of two from a meter on.
            for position in object.positions {
                let way = (position * position).sum().squareRoot()
                distances.insert(Int(Foundation.log2(max(1, way))))
            }
        }
        #expect(distances.count >= 4, "\(distances)")
        #expect(scene.cards.contains { !$0.motion.isStill }, "something moves")
        let lamps = mesh.materials.map { $0.emission.max() }.max() ?? 0
        let sky = scene.dome?.picture.pixels.max() ?? 0
        #expect(max(lamps, sky) > 10)
    }
}
