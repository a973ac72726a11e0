import Color
import Control
import FrameModel
import StageModel
import TestSupport
import Testing
import Timing

@Suite struct ShowDocumentTests {
    let wallScope = LiveLayout.grade(scope: LiveLayout.scope(wall: 1))

    @Test func `a new document is the live state's own defaults`() {
        let document = ShowDocument(stage: demoStage())
        #expect(sameValues(document.live, LiveState()))
        #expect(document.revision == 0)
        for parameter in document.tree.parameters {
            // What the walls are to a camera is reckoned from the rest.
            if case .exposure = parameter.place { continue }
            #expect(document.target(parameter) == parameter.defaults)
        }
    }

    @Test func `undo and reset leave a take running`() {
        var document = ShowDocument(stage: demoStage())
        let place = LiveLayout.stage + StageField.isRecording.rawValue
        _ = document.apply(.set(path: "all/exposure", values: [1]), atFrame: 1)
        _ = document.apply(.set(path: "take/record", values: [1]), atFrame: 2)
        _ = document.apply(.undo(), atFrame: 3)
        #expect(document.target(document.tree["all/exposure"]!) == [0])
        #expect(document.live.values[place].to == 1)
        _ = document.apply(.reset(path: ""), atFrame: 4)
        #expect(document.live.values[place].to == 1)
        _ = document.apply(.reset(path: "take/record"), atFrame: 5)
        #expect(document.live.values[place].to == 0)
    }

    @Test func `undo goes past the probe`() {
        var document = ShowDocument(stage: demoStage())
        _ = document.apply(.set(path: "all/exposure", values: [1]), atFrame: 1)
        _ = document.apply(.choose(path: "probe/wall", word: "main"), atFrame: 2)
        _ = document.apply(.set(path: "probe/x", values: [7]), atFrame: 3)
        #expect(document.undoCount == 1)
        _ = document.apply(.undo(), atFrame: 4)
        #expect(document.target(document.tree["all/exposure"]!) == [0])
        #expect(document.target(document.tree["probe/x"]!) == [7])
    }

    @Test func `an edit is applied and is in the live state at its place`() {
        var document = ShowDocument(stage: demoStage())
        #expect(
            document.apply(
                .set(path: "wall/ceiling-north/exposure", values: [-1.5]), atFrame: 10)
                == .applied(revision: 1))
        #expect(document.live.values[wallScope + GradeField.exposure.rawValue].to == -1.5)
        #expect(document.live.revision == 1)
        #expect(
            document.apply(
                .set(path: "ALL/CDL/Slope", values: [1.1, 1, 0.9]), atFrame: 11)
                == .applied(revision: 2))
        let live = document.live
        let scopes = [LiveLayout.all, LiveLayout.scope(wall: 1), LiveLayout.scope(view: 0)]
        let grades = withUnsafePointer(to: live) { live in
            scopes.map { live.grade(scope: $0, at: 11) }
        }
        #expect(grades[0].cdl.slope == ColorTriple(1.1, 1, 0.9))
        #expect(grades[1].exposure == -1.5)
        #expect(grades[2].isNeutral)
    }

    @Test func `every place of every parameter is its own`() {
        let tree = ParameterTree(stage: demoStage())
        var owners: [Int: String] = [:]
        for parameter in tree.parameters where !parameter.isComponent {
            for place in parameter.places {
                #expect(owners[place] == nil, "\(parameter.path)")
                owners[place] = parameter.path
                #expect(place >= 0 && place < LiveState().values.count)
            }
        }
        // 31 numbers a grade scope: all, outer, two walls, two cameras.
        let fields = 2 * CameraField.allCases.count + 2 * WallField.allCases.count
        let movies = SceneLimits.movies * MovieField.allCases.count
        let whole = SceneField.allCases.count + StageField.allCases.count
        #expect(owners.count == 6 * 31 + fields + movies + whole + PatternField.allCases.count)
    }

    @Test func `every parameter takes values within its range and goes back to its default`() {
        var document = ShowDocument(stage: demoStage())
        var random = SeededRandom(seed: 11)
        for parameter in document.tree.parameters
        where !parameter.isReadOnly && parameter.kind != .choice {
            #expect(document.tree[parameter.path.uppercased()]?.path == parameter.path)
            let values = parameter.defaults.map { _ in
                let value = Double.random(in: parameter.range, using: &random)
                return parameter.kind == .float ? value : value.rounded()
            }
            let answer = document.apply(.set(path: parameter.path, values: values), atFrame: 0)
            #expect(answer == .applied(revision: document.revision), "\(parameter.path)")
            #expect(document.target(parameter) == values)
            _ = document.apply(.reset(path: parameter.path), atFrame: 0)
            #expect(document.target(parameter) == parameter.defaults)
        }
        #expect(sameValues(document.live, LiveState()))
    }

    @Test func `a choice takes each of its words in any case, and no number`() {
        var document = ShowDocument(stage: demoStage())
        let choices = document.tree.parameters.filter { $0.kind == .choice }
        #expect(
            choices.map(\.path) == [
                "take/mode", "all/white-balance/as", "all/cdl/space",
                "wall/main/white-balance/as", "wall/main/cdl/space", "wall/main/roll-off",
                "wall/main/gamut", "wall/ceiling-north/white-balance/as",
                "wall/ceiling-north/cdl/space", "wall/ceiling-north/roll-off",
                "wall/ceiling-north/gamut",
                "outer/white-balance/as", "outer/cdl/space", "outer/resolution", "stage/view",
                "quality/mode", "inner/a/white-balance/as", "inner/a/cdl/space",
                "inner/b/white-balance/as", "inner/b/cdl/space",
                "camera/a/frustum/overscan-mode", "camera/a/lens", "camera/a/sensor-mode",
                "camera/a/frustum/when-lost", "camera/b/frustum/overscan-mode", "camera/b/lens",
                "camera/b/sensor-mode", "camera/b/frustum/when-lost",
                "pattern/show", "probe/wall",
            ])
        for parameter in choices {
            for (index, word) in parameter.words.enumerated() {
                let edit = Edit.choose(path: parameter.path, word: word.uppercased())
                let answer = document.apply(edit, atFrame: 0)
                #expect(answer == .applied(revision: document.revision))
                #expect(document.target(parameter) == [Double(index)])
                #expect(parameter.text(document.target(parameter)) == word)
            }
            let revision = document.revision
            for edit in [
                Edit.set(path: parameter.path, values: [1]),
                .choose(path: parameter.path, word: "1/2"),
                .choose(path: parameter.path, word: parameter.words[0], fade: .seconds(1)),
            ] {
                guard case .refused(let reason) = document.apply(edit, atFrame: 0) else {
                    Issue.record("not refused: \(edit)")
                    continue
                }
                #expect(reason.hasPrefix(parameter.path))
            }
            #expect(document.revision == revision)
        }
        _ = document.apply(.undo(), atFrame: 1)
        // Probing leaves nothing to undo: what came before it is.
        let shown = document.target(document.tree["pattern/show"]!)
        #expect(shown == [Double(TestPattern.allCases.count - 2)])
    }

    @Test func `the outer resolution begins, and is reset to, what the stage file says`() {
        for (reduction, word) in [(1, "full"), (2, "half"), (4, "quarter")] {
            var stage = demoStage()
            stage.outerReduction = reduction
            var document = ShowDocument(stage: stage)
            let parameter = document.tree["outer/resolution"]!
            func drawn() -> Int {
                withUnsafePointer(to: document.live) { $0.outerReduction(at: 0) }
            }
            #expect(drawn() == reduction)
            _ = document.apply(.choose(path: "outer/resolution", word: "quarter"), atFrame: 0)
            #expect(drawn() == 4)
            _ = document.apply(.reset(path: "outer/resolution"), atFrame: 0)
            #expect(drawn() == reduction && parameter.text(parameter.defaults) == word)
        }
    }

    @Test func `values out of range are clamped and told`() {
        var document = ShowDocument(stage: demoStage())
        #expect(
            document.apply(.set(path: "all/exposure", values: [99]), atFrame: 0)
                == .clamped(values: [10], revision: 1))
        #expect(document.target(document.tree["all/exposure"]!) == [10])
    }

    @Test(arguments: [
        Edit.set(path: "all/exposure", values: [.nan]),
        .set(path: "all/exposure", values: [.infinity]),
        .set(path: "all/exposure", values: []),
        .set(path: "all/exposure", values: [1, 2]),
        .set(path: "all/cdl/slope", values: [1]),
        .set(path: "all/cdl/slope", values: [1, .nan, 1]),
        .set(path: "all", values: [1]),
        .set(path: "nobody/knows", values: [1]),
        .set(path: "stage/blackout", values: [0.5]),
        .set(path: "stage/freeze", values: [1], fade: .seconds(1)),
        .set(path: "status/frame", values: [1]),
        .set(path: "all/exposure", values: [1], fade: .seconds(.nan)),
        .set(path: "all/exposure", values: [1], fade: .seconds(-1)),
        .set(path: "all/exposure", values: [1], fade: .seconds(1e300)),
        .set(path: "all/exposure", values: [1], fade: .frames(.max)),
        .set(path: "all/exposure", values: [1], fade: .frames(-1)),
        .reset(path: "nobody"), .reset(path: "status"), .undo(fade: .frames(-5)),
    ])
    func `a refused edit changes nothing`(_ edit: Edit) {
        var document = ShowDocument(stage: demoStage())
        _ = document.apply(.set(path: "scene/scale", values: [2]), atFrame: 0)
        let before = document
        guard case .refused(let reason) = document.apply(edit, atFrame: 1) else {
            Issue.record("not refused: \(edit)")
            return
        }
        #expect(!reason.isEmpty)
        #expect(sameValues(document.live, before.live))
        #expect(document.revision == before.revision)
        #expect(document.undoCount == before.undoCount)
    }

    @Test func `a fade is exact at every frame`() {
        var document = ShowDocument(stage: demoStage(rate: FrameRate(24000, 1001)!))
        let edit = Edit.set(path: "all/exposure", values: [-2], fade: .seconds(2))
        #expect(document.apply(edit, atFrame: 1000) == .applied(revision: 1))
        let place = LiveLayout.grade(scope: 0) + GradeField.exposure.rawValue
        let faded = document.live.values[place]
        #expect(faded.lengthFrames == 48)
        for frame in 990...1060 {
            let passed = Double(min(max(frame - 1000, 0), 48))
            #expect(abs(faded.value(at: Int64(frame)) + 2 * passed / 48) < 1e-15)
        }
        #expect(faded.value(at: 1048) == -2)
    }

    @Test func `a fade begun within a fade goes on from where the value stands`() {
        var document = ShowDocument(stage: demoStage())
        let parameter = document.tree["all/exposure"]!
        _ = document.apply(
            .set(path: "all/exposure", values: [4], fade: .frames(40)), atFrame: 100)
        _ = document.apply(
            .set(path: "all/exposure", values: [0], fade: .frames(10)), atFrame: 110)
        #expect(document.values(parameter, atFrame: 110) == [1])
        #expect(document.values(parameter, atFrame: 115) == [0.5])
        #expect(document.values(parameter, atFrame: 120) == [0])
        #expect(document.framesToGo(parameter, atFrame: 115) == 5)
    }

    @Test func `only the changed channel of a CDL fades anew`() {
        var document = ShowDocument(stage: demoStage())
        _ = document.apply(
            .set(path: "all/cdl/slope", values: [2, 2, 2], fade: .frames(10)), atFrame: 0)
        _ = document.apply(.set(path: "all/cdl/slope/green", values: [1]), atFrame: 5)
        let slope = document.tree["all/cdl/slope"]!
        #expect(document.values(slope, atFrame: 5) == [1.5, 1, 1.5])
        #expect(document.values(slope, atFrame: 10) == [2, 1, 2])
    }

    @Test func `the blackout fades and nothing but a blackout edit lifts it`() {
        var document = ShowDocument(stage: demoStage())
        _ = document.apply(
            .set(path: "stage/blackout", values: [1], fade: .frames(24)), atFrame: 0)
        let place = LiveLayout.stage + StageField.blackout.rawValue
        #expect(document.live.values[place].value(at: 12) == 0.5)
        _ = document.apply(.set(path: "all/exposure", values: [6]), atFrame: 30)
        #expect(document.live.values[place].value(at: 30) == 1)
    }

    @Test func `undo takes edits back one by one, fades and resets too`() {
        var document = ShowDocument(stage: demoStage())
        let exposure = document.tree["all/exposure"]!
        _ = document.apply(.set(path: "all/exposure", values: [1]), atFrame: 0)
        _ = document.apply(.set(path: "all/exposure", values: [2], fade: .frames(9)), atFrame: 1)
        _ = document.apply(.set(path: "scene/offset", values: [1, 2, 3]), atFrame: 2)
        _ = document.apply(.reset(path: ""), atFrame: 3)
        #expect(sameValues(document.live, LiveState()))
        #expect(document.apply(.undo(), atFrame: 4) == .applied(revision: 5))
        #expect(document.target(exposure) == [2])
        #expect(document.target(document.tree["scene/offset"]!) == [1, 2, 3])
        _ = document.apply(.undo(), atFrame: 5)
        #expect(document.target(document.tree["scene/offset"]!) == [0, 0, 0])
        _ = document.apply(.undo(fade: .frames(10)), atFrame: 6)
        #expect(document.values(exposure, atFrame: 11) == [1.5])
        _ = document.apply(.undo(), atFrame: 20)
        #expect(sameValues(document.live, LiveState()))
        #expect(
            document.apply(.undo(), atFrame: 21)
                == .refused("nothing to undo – no edit since the start"))
    }

    @Test func `a viewpoint beyond the world's reach is refused and changes nothing`() {
        var document = ShowDocument(stage: demoStage())
        let far = Viewpoint(name: "far", position: [20_000, 0, 0], pan: 0)
        guard case .refused(let reason) = document.stand(at: far, fade: .none, atFrame: 0) else {
            Issue.record("the stage stands where scene/offset cannot")
            return
        }
        #expect(reason.contains("far") && reason.contains("scene/offset"))
        #expect(document.revision == 0)
    }

    @Test func `the undo history is bounded`() {
        var document = ShowDocument(stage: demoStage())
        for i in 0..<1000 {
            _ = document.apply(.set(path: "all/exposure", values: [Double(i) / 1000]), atFrame: 0)
        }
        #expect(document.undoCount == ControlLimits.undoSteps)
    }

    @Test func `names that become the same path are told apart`() {
        var stage = demoStage()
        stage.walls[0].name = "Näv/ 1"
        stage.walls[1].name = "n-v--1"
        let tree = ParameterTree(stage: stage)
        #expect(tree["wall/n-v--1/exposure"] != nil)
        #expect(tree["wall/n-v--1-2/exposure"] != nil)
    }

    @Test func `a scene becoming ready is a revision without an undo`() {
        var document = ShowDocument(stage: demoStage())
        document.show(sceneSlot: 2, generation: 7)
        #expect(document.live.scene == SceneInUse(slot: 2, generation: 7, startFrame: 0))
        #expect(document.revision == 1 && document.undoCount == 0)
    }
}
