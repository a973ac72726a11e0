import FrameModel
import Foundation
import Scenes
import Testing

@Suite("Generated scenes")
struct GeneratedSceneTests {
    @Test func `the lake is the same every time and finite everywhere`() throws {
        let scene = GeneratedScene.lake(width: 512)
        #expect(scene == GeneratedScene.lake(width: 512))
        let dome = try #require(scene.dome)
        #expect(dome.picture.width == 512 && dome.picture.height == 256)
        #expect(dome.picture.pixels.allSatisfy { $0.isFinite })
    }
}
