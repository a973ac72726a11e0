import Control
import FrameLoop
import FrameModel
import Scenes
import StageRun
import Synchronization
import TestSupport
import Testing

@Suite struct `The shelf of scenes` {
    /// A shelf whose scenes are small test pictures, on the test's own thread.
    private final class Bench: Sendable {
        let table = AssetTable()
        let status = StatusBoard()
        let shelf: SceneShelf
        let sayer: Sayer

        init(limit: Int = 100_000_000) {
            let (table, status) = (table, status)
            let sayer = Sayer()
            self.sayer = sayer
            shelf = SceneShelf(
                ["/sets/first", "/sets/second", "/other/second", "/sets/broken"],
                SceneShelf.Surroundings(
                    table: table, status: status, memoryLimit: limit,
                    load: { source, admit, _, _ in
                        if source.hasSuffix("broken") {
                            throw SceneComplaints(["\(source): line one", "and two"])
                        }
                        let asset = SceneAsset(scene: TestScenes.checker(width: 64))
                        try admit(asset.byteCount)
                        return asset
                    }, touch: { _ in }, tell: { sayer.add($0) }, currentFrame: { 100 }))
        }

        func state(_ slot: Int) -> Double { status.read(.state, slot: slot) }
    }

    private final class Sayer: Sendable {
        private let said = Mutex<[String]>([])
        func add(_ line: String) { said.withLock { $0.append(line) } }
        var lines: [String] { said.withLock(\.self) }
    }

    private func show(_ scene: WarmScene) -> LiveState {
        var live = LiveState()
        live.scene = SceneInUse(slot: scene.slot, generation: scene.generation, startFrame: 0)
        return live
    }

    @Test func `gets scenes ready side by side and knows them by name and slot`() throws {
        let bench = Bench()
        let first = bench.shelf.put(
            SceneAsset(scene: TestScenes.checker(width: 64)), source: "/sets/first")
        bench.shelf.note(show(first))
        let actions = bench.shelf.actions
        #expect(throws: SceneActions.Refusal.self) { try actions.ready("second").get() }
        #expect(throws: SceneActions.Refusal.self) { try actions.next(show(first).scene).get() }
        #expect(try actions.load("second-2").get().contains("status/scene/2/state"))
        #expect(bench.state(1) == 1)
        #expect(bench.shelf.work() && !bench.shelf.work())
        let second = try actions.ready("second-2").get()
        #expect(second.reference.source == "/other/second" && second.slot == 1)
        #expect(bench.state(0) == 3 && bench.state(1) == 2)
        let inUse = SceneInUse(slot: second.slot, generation: second.generation, startFrame: 0)
        let prepared = try #require(bench.table.scene(inUse))
        // Where the system does not grant it, a line says so.
        if !bench.sayer.lines.contains(where: { $0.contains("could not be locked") }) {
            #expect(MemoryMap.bytes("Locked", at: prepared) ?? 0 >= 2 << 20)
        }
        #expect(try actions.next(show(first).scene).get() == second)
        #expect(try actions.next(inUse).get().name == "first")
        #expect(bench.shelf.reference(of: inUse) == second.reference)
        #expect(actions.list().count == 4)
        #expect(bench.status.read(.scenesReady) == 2)
        #expect(throws: SceneActions.Refusal.self) { try actions.load("third").get() }
    }

    @Test func `gives a scene back only when no frame draws it any more`() throws {
        let bench = Bench()
        let first = bench.shelf.put(
            SceneAsset(scene: TestScenes.checker(width: 64)), source: "/sets/first")
        let actions = bench.shelf.actions
        _ = try actions.load("second").get()
        _ = bench.shelf.work()
        let second = try actions.ready("second").get()
        let inUse = SceneInUse(slot: second.slot, generation: second.generation, startFrame: 0)
        #expect(throws: SceneActions.Refusal.self) { try actions.unload("second", [inUse]).get() }
        #expect(try actions.unload("second", [show(first).scene]).get().contains("given back"))
        // Its memory stays for the frames that began with it.
        #expect(bench.table.scene(inUse) != nil && bench.state(1) == 5)
        let held = bench.status.read(.scenesMemory)
        bench.table.finished(frame: 100)
        #expect(!bench.shelf.work() && bench.status.read(.scenesMemory) == held)
        bench.table.finished(frame: 101)
        #expect(bench.shelf.work() && bench.status.read(.scenesMemory) < held)
        #expect(bench.state(1) == 0 && bench.table.scene(inUse) == nil)
        // The slot is used again under another generation.
        _ = try actions.load("second").get()
        _ = bench.shelf.work()
        let again = try actions.ready("second").get()
        #expect(again.slot == second.slot && again.generation != second.generation)
        #expect(bench.shelf.reference(of: inUse) != nil, "takes still ask for it")
    }

    @Test func `refuses in one line what is broken or has no room, and all else stays`() throws {
        let size = SceneAsset(scene: TestScenes.checker(width: 64)).byteCount
        let bench = Bench(limit: size * 3 / 2)
        let first = bench.shelf.put(
            SceneAsset(scene: TestScenes.checker(width: 64)), source: "/sets/first")
        let actions = bench.shelf.actions
        for name in ["second", "broken"] {
            _ = try actions.load(name).get()
            #expect(bench.shelf.work())
            #expect(throws: SceneActions.Refusal.self) { try actions.ready(name).get() }
        }
        #expect(bench.sayer.lines.count == 2)
        #expect(bench.sayer.lines[0].contains("sceneMemoryMegabytes"), "\(bench.sayer.lines)")
        #expect(bench.sayer.lines[1].contains("line one (and 1 more"), "\(bench.sayer.lines)")
        #expect(bench.status.read(.scenesFailed) == 2)
        #expect(bench.state(1) == 0 && bench.status.read(.scenesReady) == 1)
        #expect(try actions.ready("first").get() == first)
    }

    @Test func `a take and an unload before the next publication leave the wall its scene`() throws
    {
        let bench = Bench()
        let first = bench.shelf.put(
            SceneAsset(scene: TestScenes.checker(width: 64)), source: "/sets/first")
        let actions = bench.shelf.actions
        _ = try actions.load("second").get()
        _ = bench.shelf.work()
        let second = try actions.ready("second").get()
        bench.shelf.note(show(first))
        // The document shows the second one already, the wall does not.
        _ = try actions.unload("first", [show(second).scene]).get()
        bench.table.finished(frame: 200)
        #expect(!bench.shelf.work(), "the wall still shows it")
        #expect(bench.table.scene(show(first).scene) != nil)
        #expect(throws: SceneActions.Refusal.self) { try actions.ready("first").get() }
        bench.table.finished(frame: 100)
        bench.shelf.note(show(second))
        #expect(!bench.shelf.work() && bench.table.scene(show(first).scene) != nil)
        bench.table.finished(frame: 101)
        #expect(bench.shelf.work() && bench.table.scene(show(first).scene) == nil)
        #expect(bench.table.scene(show(second).scene) != nil)
    }

    @Test func `a scene without room waits for one that is on its way out`() throws {
        let size = SceneAsset(scene: TestScenes.checker(width: 64)).byteCount
        let bench = Bench(limit: size * 5 / 2)
        _ = bench.shelf.put(
            SceneAsset(scene: TestScenes.checker(width: 64)), source: "/sets/first")
        let actions = bench.shelf.actions
        _ = try actions.load("second").get()
        _ = bench.shelf.work()
        _ = try actions.unload("second", []).get()
        _ = try actions.load("second-2").get()
        #expect(bench.shelf.work() && !bench.shelf.work())
        #expect(bench.sayer.lines.last?.contains("waits for the memory of second") == true)
        #expect(bench.status.read(.scenesFailed) == 0)
        bench.table.finished(frame: 101)
        #expect(bench.shelf.work())
        #expect(try actions.ready("second-2").get().name == "second-2")
    }

    @Test func `a scene unloaded while it waits to be loaded is not loaded`() throws {
        let bench = Bench()
        let actions = bench.shelf.actions
        _ = try actions.load("second").get()
        _ = try actions.unload("second", []).get()
        #expect(!bench.shelf.work() && bench.state(0) == 0)
        #expect(throws: SceneActions.Refusal.self) { try actions.load("generated:no-such").get() }
    }
}
