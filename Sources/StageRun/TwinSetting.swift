import Color
import Control
import FrameLoop
import FrameModel
import Lanes
import StageModel

/// What an operator has set before the twin looks: a live state and the looks it names.
struct TwinSetting {
    /// The live state.
    private(set) var live = LiveState()
    /// Its looks.
    let looks = LookShelf()

    /// Nothing is set.
    init() {}

    /// What lines of a control session make of a stage, taken by the session itself.
    ///
    /// Throws a sentence at the first that is refused.
    init(stage: Stage, edits: [String]) throws {
        var document = ShowDocument(stage: stage)
        var session = ControlSession()
        let context = SessionContext(
            frame: 0, nanoseconds: 0, status: StatusBoard(), looks: looks.actions)
        for (number, line) in edits.enumerated() {
            session.receive(Array("\(line)\n".utf8), document: &document, context: context)
            let answer = String(decoding: session.takeOutput(), as: UTF8.self)
            guard session.refusals == 0 else {
                throw RunError(
                    "edit \(number + 1), “\(line.prefix(80))”: "
                        + answer.split(separator: "\n").joined(separator: "; "))
            }
        }
        live = document.live
    }
}

extension LoopStage {
    /// Bakes every costly stack of a live state that a table comes near enough to, and names the
    /// tables there; they have to outlive the frames drawn by it.
    func bakeAll(_ live: inout LiveState) -> [PreparedLook] {
        let stacks = withUnsafePointer(to: live) { costlyStacks($0) }
        var tables: [PreparedLook] = []
        for settled in stacks.prefix(LiveLayout.bakes) {
            let (look, error) = baked(settled)
            guard error <= WallColor.bakedError else { continue }
            looks.bakes.give(look.reference, slot: tables.count)
            live.bakes[tables.count] = BakedStack(
                key: settled.key, fingerprint: look.reference.constants.fingerprint)
            tables.append(look)
        }
        return tables
    }
}
