import Control
import FrameModel
import Testing

@Suite struct `Scenes by request` {
    private static func warm(_ slot: Int32) -> WarmScene {
        WarmScene(
            name: "set \(slot)", slot: slot, generation: 10,
            reference: SceneReference(source: "/sets/set \(slot)", fingerprint: 7))
    }

    /// Somebody who has two scenes ready, and writes down what is asked.
    private static func actions(_ asked: Asked) -> SceneActions {
        SceneActions(
            list: { ["set 1 ready", "two\nlines"] },
            load: {
                asked.add("load \($0)")
                return .success("\($0) is being loaded")
            },
            unload: { name, inUse in
                asked.add("unload \(name) \(inUse.map(\.slot))")
                return .failure(SceneActions.Refusal("\(name) is on the wall"))
            },
            ready: { name in
                guard let slot = Int32(name.suffix(1)), 1...2 ~= slot else {
                    return .failure(SceneActions.Refusal("no scene “\(name)”"))
                }
                return .success(warm(slot))
            },
            next: { .success(warm($0.slot == 1 ? 2 : 1)) },
            shown: { scene in
                var warm = warm(scene.slot)
                warm.viewpoints = [
                    Viewpoint(name: "Quay", position: [3, 4, 0], pan: 90)
                ]
                return warm
            })
    }

    private final class Asked: @unchecked Sendable {
        // Unchecked holds: a session asks on the test's own thread.
        private(set) var lines: [String] = []
        func add(_ line: String) { lines.append(line) }
    }

    private func talk(
        _ lines: [String], _ document: inout ShowDocument, asked: Asked = Asked(),
        frame: Int64 = 1000
    ) -> [String] {
        var session = ControlSession()
        let context = SessionContext(
            frame: frame, nanoseconds: 0, status: StatusBoard(), scenes: Self.actions(asked))
        session.receive(
            Array((lines.joined(separator: "\n") + "\n").utf8), document: &document,
            context: context)
        return String(decoding: session.takeOutput(), as: UTF8.self).split(separator: "\n").map(
            String.init)
    }

    @Test func `are taken, listed, loaded and given back in words or as paths`() {
        var document = ShowDocument(stage: demoStage())
        let asked = Asked()
        let answers = talk(
            [
                "scene list", "scene load set 2", "scene/unload set 1", "scene take set 1",
                "scene/next fade 2s", "scene take nothing", "scene", "scene take", "scene jump",
                "scene load set 2 fade 2s",
            ], &document, asked: asked)
        #expect(
            answers.prefix(4) == [
                "set 1 ready", "two·lines", "ok 2 scenes", "accepted: set 2 is being loaded",
            ])
        #expect(answers[4] == "refused: set 1 is on the wall")
        #expect(answers[5] == "applied r1, scene set 1")
        #expect(answers[6] == "applied r2, scene set 2 over 2 s")
        #expect(answers.dropFirst(7).count == 5)
        #expect(answers.dropFirst(7).allSatisfy { $0.hasPrefix("refused: ") }, "\(answers)")
        #expect(asked.lines == ["load set 2", "unload set 1 []"])
        #expect(document.live.scene == SceneInUse(slot: 2, generation: 10, startFrame: 1000))
        #expect(document.live.leaving == SceneInUse(slot: 1, generation: 10, startFrame: 1000))
    }

    @Test func `fade by whole frames, turn back from where they are, and cut at any time`() {
        var document = ShowDocument(stage: demoStage())
        #expect(document.take(Self.warm(1), fade: .frames(100), atFrame: 0).line == "applied r1")
        // From black there is nothing to fade from.
        #expect(document.live.sceneMix.value(at: 0) == 1)
        _ = document.take(Self.warm(2), fade: .frames(100), atFrame: 1000)
        #expect(document.live.sceneMix.value(at: 1000) == 0)
        #expect(document.live.sceneMix.value(at: 1025) == 0.25)
        #expect(document.scenesInUse(atFrame: 1050).map(\.slot) == [2, 1])
        let third = document.take(Self.warm(3), fade: .frames(10), atFrame: 1060)
        #expect(third.line.hasPrefix("refused: a crossfade is under way, 40 frames to go"))
        _ = document.take(Self.warm(1), fade: .frames(50), atFrame: 1060)
        #expect(document.live.scene.slot == 1 && document.live.scene.startFrame == 0)
        #expect(document.live.leaving.slot == 2)
        #expect(abs(document.live.sceneMix.value(at: 1060) - 0.4) < 1e-12)
        #expect(document.live.sceneMix.value(at: 1110) == 1)
        _ = document.take(Self.warm(3), fade: .none, atFrame: 1070)
        #expect(document.scenesInUse(atFrame: 1070).map(\.slot) == [3])
        #expect(document.scenesInUse(atFrame: 1200).map(\.slot) == [3])
    }

    @Test func `are saved by what they are, and found again wherever they lie then`() {
        var document = ShowDocument(stage: demoStage())
        _ = document.take(Self.warm(1), fade: .none, atFrame: 500)
        _ = document.take(Self.warm(2), fade: .frames(100), atFrame: 1000)
        let bytes = document.saved(atFrame: 1010)
        let named = ShowDocument.scenes(inSaved: bytes)
        #expect(named.shown?.source == "/sets/set 2" && named.leaving?.source == "/sets/set 1")
        var other = ShowDocument(stage: demoStage())
        #expect(other.restore(bytes).skipped == 0)
        #expect(other.live.scene.slot == -1)
        other.findScenes { ($0.source.hasSuffix("2") ? 5 : 6, 3) }
        #expect(other.live.scene == SceneInUse(slot: 5, generation: 3, startFrame: 1000))
        #expect(other.live.leaving == SceneInUse(slot: 6, generation: 3, startFrame: 500))
        #expect(other.live.sceneMix == document.live.sceneMix)
        // One that is nowhere any more: the crossfade is over.
        other.findScenes { $0.source.hasSuffix("2") ? (5, 3) : nil }
        #expect(other.live.leaving == .none && other.live.sceneMix.value(at: 1000) == 1)
        let after = String(decoding: document.saved(atFrame: 1200), as: UTF8.self)
        #expect(!after.contains("leaving"), "a crossfade that is over is not saved")
    }

    @Test func `have viewpoints the stage is stood at`() {
        var document = ShowDocument(stage: demoStage())
        _ = document.take(Self.warm(1), fade: .none, atFrame: 0)
        let answers = talk(
            ["scene viewpoint quay fade 10f", "scene viewpoint moon", "get scene/rotation"],
            &document)
        #expect(answers[0].hasPrefix("applied r2, viewpoint Quay of set 1 over 10 frames"))
        #expect(answers[1] == "refused: no viewpoint “moon” – known are Quay")
        #expect(answers[2].contains("-90"))
        // What stood at (3, 4, 0) and looked left is the stage's middle and looks ahead.
        let base = LiveLayout.scene
        let offset = (0..<3).map { document.live.values[base + $0].to }
        #expect(abs(offset[0] + 4) < 1e-9 && abs(offset[1] - 3) < 1e-9 && offset[2] == 0)
        #expect(document.undoCount == 1)
    }
}
