import Control
import FrameModel
import StageModel
import TestSupport

/// An operator who never rests: an edit before every frame, and scene cuts, freezes, blackouts.
struct EditScript {
    private var document: ShowDocument
    private let generations: [UInt32]
    private let parameters: [Parameter]
    /// Of each wall.
    private let corrections: [[UInt64]]
    private var random = SeededRandom(seed: 2)

    /// Edits of a stage whose scenes lie in slots 0, 1 … with these generations.
    /// - Parameters:
    ///   - looks: fingerprints of the looks in the first slots.
    ///   - corrections: fingerprints of each wall's corrections.
    init(stage: Stage, generations: [UInt32], looks: [UInt64], corrections: [[UInt64]]) {
        self.corrections = corrections
        document = ShowDocument(stage: stage)
        self.generations = generations
        parameters = document.tree.parameters.filter { parameter in
            // Freeze and blackout of the whole stage and its patterns come by the clock below: at
            // random, the wall would be black, still or a pattern most of the time.
            !parameter.isReadOnly && !parameter.path.hasPrefix("stage/")
                && !["take/record", "pattern/show"].contains(parameter.path)
        }
        document.show(sceneSlot: 0, generation: generations[0])
        for (slot, look) in looks.enumerated() {
            document.show(look: look, name: "look \(slot)", slot: slot)
        }
    }

    /// The live state of a frame, after this frame's edits.
    mutating func next(_ index: Int, frame: Int64) -> LiveState {
        cut(index, frame)
        correct(index)
        stageWide(index, frame)
        if index % 11 == 10 {
            apply(.undo(fade: index % 2 == 0 ? .none : .frames(9)), frame)
        } else {
            apply(randomEdit(), frame)
        }
        return document.live
    }

    /// Cuts between the scenes, for five frames now and then, to one that is not there, and
    /// crossfades there and back.
    private mutating func cut(_ index: Int, _ frame: Int64) {
        let slot = index / 250 % generations.count
        switch index % 250 {
        case 0: document.show(sceneSlot: Int32(slot), generation: generations[slot] &+ 7)
        case 5: document.show(sceneSlot: Int32(slot), generation: generations[slot])
        case 60: crossfade(to: (slot + 1) % generations.count, frame)
        case 80: crossfade(to: slot, frame)
        default: break
        }
    }

    /// Another correction on each wall in turn, and now and then none.
    private mutating func correct(_ index: Int) {
        guard index % 23 == 0, !corrections.isEmpty else { return }
        let (turn, wall) = (index / 23).quotientAndRemainder(dividingBy: corrections.count)
        let choice = turn % (corrections[wall].count + 1)
        let isNone = choice == corrections[wall].count
        document.show(
            correction: isNone ? 0 : corrections[wall][choice], name: "\(choice)", wall: wall)
    }

    private mutating func crossfade(to slot: Int, _ frame: Int64) {
        let scene = WarmScene(
            name: "\(slot)", slot: Int32(slot), generation: generations[slot],
            reference: SceneReference(source: "\(slot)", fingerprint: 0))
        _ = document.take(scene, fade: .frames(40), atFrame: frame)
    }

    private mutating func stageWide(_ index: Int, _ frame: Int64) {
        func set(_ path: String, _ value: Double, _ fade: Fade = .none) -> Edit {
            .set(path: path, values: [value], fade: fade)
        }
        switch index % 600 {
        case 10: apply(.choose(path: "quality/mode", word: "outer-half"), frame)
        case 12: apply(.choose(path: "quality/mode", word: "mesh-samples-1"), frame)
        case 13: apply(.choose(path: "stage/view", word: "quality"), frame)
        case 19: apply(.choose(path: "stage/view", word: "picture"), frame)
        case 15: apply(.choose(path: "quality/mode", word: "auto"), frame)
        case 20: apply(set("stage/freeze", 1), frame)
        case 60: apply(set("stage/freeze", 0), frame)
        case 90: apply(set("stage/blackout", 1, .seconds(0.5)), frame)
        case 150: apply(set("stage/blackout", 0, .frames(24)), frame)
        case 200: apply(set("stage/blackout", 1), frame)
        case 210: apply(set("stage/freeze", 1), frame)
        case 220: apply(set("stage/blackout", 0), frame)
        case 230: apply(set("stage/freeze", 0), frame)
        case 250: apply(set("take/record", 1), frame)
        case 550: apply(set("take/record", 0), frame)
        case 300...311:
            let pattern = TestPattern.allCases[(index % 600 - 299) % TestPattern.allCases.count]
            apply(.choose(path: "pattern/show", word: pattern.name), frame)
        case 400: apply(.reset(path: "", fade: .seconds(1)), frame)
        default: break
        }
    }

    /// Any parameter, to somewhere near its default or, one time in eight, anywhere in its range.
    private mutating func randomEdit() -> Edit {
        let parameter = parameters[Int.random(in: parameters.indices, using: &random)]
        let share = Int.random(in: 0..<8, using: &random) == 0 ? 1 : 0.1
        if parameter.kind == .choice {
            let word = parameter.words[
                Int.random(in: parameter.words.indices, using: &random)]
            return .choose(path: parameter.path, word: word)
        }
        let values = parameter.defaults.map { usual -> Double in
            if parameter.kind == .boolean {
                return Int.random(in: 0...1, using: &random) == 1 ? 1 : 0
            }
            let (low, high) = (parameter.range.lowerBound, parameter.range.upperBound)
            let value = Double.random(
                in: (usual + (low - usual) * share)...(usual + (high - usual) * share),
                using: &random)
            return parameter.kind == .integer ? value.rounded() : value
        }
        let fades = parameter.takesFade && Bool.random(using: &random)
        return .set(
            path: parameter.path, values: values,
            fade: fades ? .frames(Int64.random(in: 1...90, using: &random)) : .none)
    }

    private mutating func apply(_ edit: Edit, _ frame: Int64) {
        if case .refused(let reason) = document.apply(edit, atFrame: frame),
            document.undoCount > 0
        {
            preconditionFailure("the probe's own edits are sound: \(reason)")
        }
    }
}
