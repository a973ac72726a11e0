import Control
import FrameLoop
import FrameModel
import Geometry
import Output
import Scenes
import StageModel
import StageRun
import TestSupport
import Testing

@Suite struct `A crossfade` {
    /// A dome of one light.
    private static func plain(_ light: Float) -> Scene {
        let pixels = [[Float]](repeating: [light, light, light, 1], count: 64 * 32).flatMap(\.self)
        return Scene(
            name: "plain \(light)",
            dome: Dome(picture: Picture(width: 64, height: 32, pixels: pixels)))
    }

    private static let first = VirtualStage.firstFrame

    /// The codes of a wall that shows one scene.
    private func canvas(_ light: Float) throws -> [UInt8] {
        try VirtualStage(Self.plain(light)).make(Self.first)
    }

    @Test func `is the light of both scenes in their parts, frame by frame`() throws {
        let wall = try VirtualStage(Self.plain(0.5), others: [Self.plain(2)])
        wall.take(1, fade: .frames(4), at: Self.first)
        let lights: [Float] = [0.5, 0.875, 1.25, 1.625, 2, 2]
        for (step, light) in lights.enumerated() {
            let wanted = try canvas(light)
            #expect(
                wall.make(Self.first + Int64(step)) == wanted, "\(step) of 4 frames: \(light)")
        }
    }

    @Test(arguments: [UInt8(0), 1])
    func `of triangles and cards is neither of them, and both before and after`(
        quality: UInt8
    ) throws {
        let scenes = [TestScenes.meshes(tiles: 4), TestScenes.cards(atMeters: [3], pixels: 64)]
        func alone(_ scene: Scene) throws -> [UInt8] {
            let wall = try VirtualStage(scene)
            wall.quality = quality
            return wall.make(Self.first)
        }
        let wall = try VirtualStage(scenes[0], others: [scenes[1], scenes[0]], threads: 2)
        wall.quality = quality
        wall.take(1, fade: .frames(2), at: Self.first)
        let (before, after) = (try alone(scenes[0]), try alone(scenes[1]))
        #expect(wall.make(Self.first) == before)
        let between = wall.make(Self.first + 1)
        #expect(between != before && between != after)
        #expect(wall.make(Self.first + 2) == after)
        // Both of triangles: each has room of its own for them.
        wall.take(0, at: Self.first + 3)
        wall.take(2, fade: .frames(2), at: Self.first + 3)
        #expect(wall.make(Self.first + 4) == before)
    }

    @Test func `and cuts, frozen or not, are in a take and replay to the bit`() throws {
        var scenes = [
            TestScenes.checker(width: 128), TestScenes.meshes(tiles: 3),
            TestScenes.cards(atMeters: [3, 6], pixels: 64),
        ]
        // What moves counts from when its scene was taken.
        scenes[0].dome?.motion.spin.x = 40
        scenes[2].cards[0].motion.scroll.x = 1.5
        scenes[2].cards[1].motion.sway.z = 20
        let wall = try VirtualStage(scenes[0], others: Array(scenes[1...]))
        let folder = TemporaryFolder()
        let ring = TakeRecorder.makeRing()
        wall.tap = .init(ring: ring)
        let held = (0..<3).map { slot in
            TakeScene(
                slot: Int32(slot), generation: 1, source: "scene\(slot)",
                fingerprint: wall.assets[slot].fingerprint)
        }
        let recorder = TakeRecorder(
            ring: ring,
            setting: TakeRecorder.Setting(
                stage: VirtualStage.stage(), stageFile: StageText(text: "stage: virtual"),
                folder: folder.path, source: "scene0", scenes: { held },
                scene: { inUse in
                    held.first { $0.slot == inUse.slot }.map {
                        SceneReference(source: $0.source, fingerprint: $0.fingerprint)
                    }
                }, kernels: 4, status: StatusBoard(), log: { _ in }))
        wall.take(0, at: Self.first)
        var hashes: [UInt64] = []
        for step in Int64(0)..<60 {
            let frame = Self.first + step
            switch step {
            case 4: wall.edit("stage/freeze", 1, at: frame)
            case 8: wall.edit("take/record", 1, at: frame)
            // Under the frozen picture of the first scene.
            case 10: wall.take(1, at: frame)
            case 14: wall.edit("stage/freeze", 0, at: frame)
            case 20: wall.take(2, fade: .frames(20), at: frame)
            case 30: wall.take(1, fade: .frames(12), at: frame)
            case 34: wall.edit("stage/freeze", 1, at: frame)
            case 38: wall.edit("stage/freeze", 0, at: frame)
            case 50: wall.take(0, at: frame)
            default: break
            }
            let octets = wall.make(frame, [movingShot(frame - 1)])
            if step >= 8 { hashes.append(octets.withUnsafeBytes(wordFingerprint)) }
            recorder.drain()
        }
        recorder.stop()
        let take = try Take(path: "\(folder.path)/virtual-0001.take")
        let named = TakeReplay.scenes(of: take)
        #expect(named.map(\.source) == ["scene0", "scene1", "scene2"])
        let assets = named.compactMap { scene in
            wall.assets.first { $0.fingerprint == scene.fingerprint }
        }
        var stage = VirtualStage.stage()
        stage.outputs = [
            OutputPort(
                name: "out", processor: 0,
                kind: .rtp(
                    host: "127.0.0.1", port: 5004, sampling: .rgb, depth: 10, payloadType: 96))
        ]
        let replay = try TakeReplay(take, stage: stage, assets: assets, threads: 2)
        #expect(replay.notes.isEmpty, "\(replay.notes)")
        var seen: [UInt64] = []
        try replay.run { seen.append($0.hash) }
        #expect(seen == hashes)
        #expect(Set(hashes).count > 40)
    }
}
