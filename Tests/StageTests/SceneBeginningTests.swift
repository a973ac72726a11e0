import Control
import FrameModel
import Scenes
import StageRun
import Synchronization
import Testing

/// What a run begins with after a fault, of scenes that are small test pictures.
@Suite struct `The scene after a fault` {
    private struct Broken: Error, CustomStringConvertible {
        var description: String
    }

    /// What is shown and got ready, and the lines an operator is told.
    private func begin(
        shown: String?, held: [String] = [], baked: Set<String> = [], broken: Set<String> = []
    ) throws -> (beginning: SceneBeginning, lines: [String]) {
        var scenes = SavedScenes(
            shown: shown.map { SceneReference(source: $0, fingerprint: 1) })
        scenes.held = held
        var lines: [String] = []
        let asset = SceneAsset(scene: TestScenes.checker(width: 64))
        let beginning = try SceneBeginning(
            afterFault: scenes, sources: ["/first", "/second", "/third"], named: ["/first"],
            kept: { baked.contains($0) ? asset : nil },
            load: {
                if broken.contains($0) { throw Broken(description: "\($0): is broken\nand more") }
                return asset
            }, say: { lines.append($0) })
        return (beginning, lines)
    }

    @Test func `is the one that was on the wall, with those that were held`() throws {
        let (beginning, lines) = try begin(
            shown: "/second", held: ["/first", "/second", "/set of a path"], baked: ["/second"])
        #expect(beginning.source == "/second" && beginning.asset != nil && lines.isEmpty)
        #expect(beginning.warm == ["/first", "/set of a path"])
    }

    @Test func `is another that is baked, sooner than one that has to be`() throws {
        let (beginning, lines) = try begin(shown: "/first", baked: ["/third"])
        #expect(beginning.source == "/third" && beginning.warm == ["/first"])
        #expect(lines.count == 1 && lines[0].contains("/third is shown meanwhile"))
    }

    @Test func `is a set of our own where all the others are broken`() throws {
        let (beginning, lines) = try begin(
            shown: "/first", held: ["/first"], broken: ["/first", "/second", "/third"])
        #expect(beginning.source == "generated:lake" && beginning.asset != nil)
        #expect(beginning.warm == ["/first"])
        #expect(lines.count == 4 && lines[0] == "/first: is broken – the next scene is tried")
    }

    @Test func `is the first one when no show was kept`() throws {
        let (beginning, lines) = try begin(shown: nil, broken: ["/nobody"])
        #expect(beginning.source == "/first" && beginning.warm == [] && lines.isEmpty)
    }

    @Test func `follows what the shelf holds, and a document restores the same with it`() throws {
        let written = Mutex<[[UInt8]]>([])
        let keeper = ShowKeeper { bytes in written.withLock { $0.append(bytes) } }
        keeper.keep(held: ["/first"])
        let early = written.withLock(\.count)
        #expect(early == 0, "there is no show before the first document")
        let document = Array("cyclorama-show 1\nrevision 7\n".utf8)
        keeper.keep(document: document)
        keeper.keep(held: ["/first"])
        keeper.keep(held: ["/first", "/a set"])
        let all = written.withLock(\.self)
        #expect(all.count == 2, "what has not changed is not written")
        let scenes = ShowDocument.scenes(inSaved: all[1])
        #expect(scenes.held == ["/first", "/a set"] && scenes.shown == nil)
        #expect(Array(all[1].prefix(document.count)) == document)
        var restored = ShowDocument(stage: VirtualStage.stage())
        let report = restored.restore(all[1])
        #expect(report.complaints.isEmpty && restored.revision == 7)
    }
}
