import FrameModel
import Foundation
import Geometry
import Scenes
import TestSupport
import Testing

@Suite("Baked scenes")
struct BakedSceneTests {
    /// A folder with a small set of everything a block can hold.
    private func withSet(_ body: (String) throws -> Void) throws {
        try withScratch { folder in
            try SceneFile.write(TestScenes.meshes(tiles: 4), to: folder + "/set")
            try body(folder + "/set")
        }
    }

    /// The scene and what was said on the way.
    private func taken(_ path: String) throws -> (asset: SceneAsset, lines: [String]) {
        var lines: [String] = []
        let asset = try BakedScene.asset(of: path) { lines.append($0) }
        return (asset, lines)
    }

    /// The bytes of a bake, changed and put back.
    private func change(_ file: String, _ body: (inout [UInt8]) -> Void) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        body(&bytes)
        try put(bytes, file)
    }

    @Test func `a bake is read back as what was baked, wherever it lies`() throws {
        try withSet { set in
            let first = try taken(set)
            let second = try taken(set)
            #expect(first.lines.isEmpty && second.lines.isEmpty)
            #expect(second.asset.name == first.asset.name)
            #expect(second.asset.byteCount == first.asset.byteCount)
            // The header has addresses; all behind it are texels, masks, vertices.
            let header = (MemoryLayout<PreparedScene>.size + 63) & ~63
            let (a, b) = (first.asset.bytes, second.asset.bytes)
            #expect(a[header...].elementsEqual(b[header...]))
            #expect(a.baseAddress != b.baseAddress)
            let words = try #require(second.asset.prepared.pointee.cards[0].masks[0].words)
            #expect(UnsafeRawPointer(words) > b.baseAddress!)
            #expect(UnsafeRawPointer(words) < b.baseAddress! + b.count)
        }
    }

    @Test func `a second start takes the bake that is there and makes none`() throws {
        try withSet { set in
            _ = try taken(set)
            let file = set + "/scene.baked"
            let before = try FileManager.default.attributesOfItem(atPath: file)
            #expect(try taken(set).lines.isEmpty)
            let after = try FileManager.default.attributesOfItem(atPath: file)
            #expect(before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
        }
    }

    @Test func `a changed file makes the bake stale, and one line says so`() throws {
        try withSet { set in
            let old = try taken(set).asset
            let text = try String(contentsOfFile: set + "/scene.yaml", encoding: .utf8)
            let moved = text.replacing("defocus: 0", with: "defocus: 3")
            try put(Array(moved.utf8), set + "/scene.yaml")
            let (new, lines) = try taken(set)
            #expect(lines.count == 1 && lines[0].contains("older than the scene's files"))
            #expect(lines[0].contains("scene.baked"))
            #expect(old.prepared.pointee.cards[0].defocus == 0)
            #expect(new.prepared.pointee.cards[0].defocus == 3)
            #expect(try taken(set).lines.isEmpty)
        }
    }

    @Test func `a damaged bake is refused in one line and made anew`() throws {
        try withSet { set in
            let size = try taken(set).asset.byteCount
            let file = set + "/scene.baked"
            let damages: [(what: String, change: (inout [UInt8]) -> Void)] = [
                ("ends within its header", { $0.removeLast($0.count - 100) }),
                ("has", { $0.removeLast(1000) }),
                ("not those baked", { $0[4096 + size / 2] ^= 0x40 }),
                ("not those baked", { $0[4096 + 8] ^= 0xFF }),
                ("no baked scene", { $0[0] ^= 1 }),
                ("another version", { $0[8] ^= 1 }),
                ("has", { $0[31] = 0x7F }),
                ("is damaged", { $0.removeAll() }),
            ]
            for damage in damages {
                try change(file, damage.change)
                let (asset, lines) = try taken(set)
                #expect(
                    lines.count == 1 && lines[0].contains(damage.what), "\(damage.what): \(lines)")
                #expect(asset.byteCount == size)
                #expect(try taken(set).lines.isEmpty)
            }
        }
    }

    @Test func `a block that points out of itself is no scene, whatever its checksum`() throws {
        let asset = SceneAsset(scene: TestScenes.meshes(tiles: 3))
        let address = UInt(bitPattern: asset.bytes.baseAddress!)
        let header = MemoryLayout<PreparedScene>.size
        let lists = try #require(MemoryLayout<PreparedScene>.offset(of: \.meshes))
        #expect(SceneAsset(name: "a", bytes: asset.bytes, bakedAt: address) != nil)
        var random = SeededRandom(seed: 7)
        var refused = 0
        for round in 0..<40 {
            var bytes = Array(asset.bytes)
            // The finest levels of the dome, and the end of the meshes, where their lists are.
            let end = lists + MemoryLayout<PreparedMeshes>.size
            let at = round % 2 == 0 ? round / 2 * 8 : end - (round / 2 + 1) * 8
            for byte in 0..<8 { bytes[at + byte] = UInt8(random.next() & 0xFF) }
            let taken = bytes.withUnsafeBytes {
                SceneAsset(name: "a", bytes: $0, bakedAt: address)
            }
            refused += taken == nil ? 1 : 0
        }
        #expect(refused >= 24, "\(refused)")
        let short = UnsafeRawBufferPointer(rebasing: asset.bytes[..<(header + 4096)])
        #expect(SceneAsset(name: "a", bytes: short, bakedAt: address) == nil)
    }

    @Test func `where a card stands and how it moves is part of the fingerprint`() {
        let scene = TestScenes.cards(atMeters: [2, 5], pixels: 16)
        let asset = SceneAsset(scene: scene)
        #expect(SceneAsset(scene: scene).fingerprint == asset.fingerprint)
        let taken = SceneAsset(
            name: "a", bytes: asset.bytes, bakedAt: UInt(bitPattern: asset.bytes.baseAddress!))
        #expect(taken?.fingerprint == asset.fingerprint)
        var moving = scene
        moving.cards[0].motion.sway.x = 1
        #expect(SceneAsset(scene: moving).fingerprint != asset.fingerprint)
        var wider = scene
        wider.cards[1].width += 0.5
        #expect(SceneAsset(scene: wider).fingerprint != asset.fingerprint)
    }

    @Test func `a head with a number that is none is no scene`() throws {
        let asset = SceneAsset(scene: TestScenes.cards(atMeters: [2], pixels: 16))
        let address = UInt(bitPattern: asset.bytes.baseAddress!)
        let width = try #require(MemoryLayout<PreparedCard>.offset(of: \.width))
        let cards = try #require(MemoryLayout<PreparedScene>.offset(of: \.cards))
        let moves = try #require(MemoryLayout<PreparedScene>.offset(of: \.moves))
        for (place, byte) in [(cards + width + 7, UInt8(0xFF)), (moves, 2)] {
            var bytes = Array(asset.bytes)
            bytes[place] = byte
            let taken = bytes.withUnsafeBytes {
                SceneAsset(name: "a", bytes: $0, bakedAt: address)
            }
            #expect(taken == nil)
        }
    }

    @Test func `viewpoints are kept with a block`() throws {
        var scene = TestScenes.cards(atMeters: [2], pixels: 16)
        scene.viewpoints = [Viewpoint(name: "quay", position: Vector3(1, 2, 0), pan: 30)]
        let asset = SceneAsset(scene: scene)
        let taken = try #require(
            SceneAsset(
                name: "a", bytes: asset.bytes,
                bakedAt: UInt(bitPattern: asset.bytes.baseAddress!), notes: asset.notes))
        #expect(taken.viewpoints == asset.viewpoints && taken.viewpoints.count == 1)
    }

    @Test func `a folder that cannot be written to is shown all the same`() throws {
        try withSet { set in
            // A folder where the draft belongs: the superuser may write anywhere else.
            try FileManager.default.createDirectory(
                atPath: set + "/scene.baked.new", withIntermediateDirectories: true)
            let (asset, lines) = try taken(set)
            #expect(asset.byteCount > 0)
            #expect(lines.count == 1 && lines[0].contains("cannot be kept"))
        }
    }
}
