import Color
import FrameLoop
import FrameModel
import Lanes

/// Bakes again what a take's settings say was baked: a table is a function of its stack.
///
/// At most a table's worth of them are kept: those the settings do not name give way.
final class ReplayBakes {
    private struct Slot {
        var key: UInt64
        var look: PreparedLook
    }

    private var slots: [Slot?]

    init(_ looks: LookTable) { slots = Array(repeating: nil, count: looks.bakes.capacity) }

    /// Bakes the stacks a live state names that are not there yet; says so when one comes out
    /// different, as on a machine with another mathematical library.
    func prepare(_ live: UnsafePointer<LiveState>, _ stage: LoopStage) -> String? {
        guard live.hasBakes else { return nil }
        var note: String?
        let bakes = (0..<LiveLayout.bakes).map { live.pointee.bakes[$0].key }
        for settled in stage.costlyStacks(live) {
            let fingerprint = live.bake(of: settled.key)
            guard fingerprint != 0 else { continue }
            let look = look(of: settled, stage, sparing: bakes)
            if look.reference.constants.fingerprint != fingerprint {
                note =
                    "a baked grade comes out different here: pictures differ by up to half a code"
            }
        }
        return note
    }

    /// The table of a stack; a new one takes a slot that is free or of a stack that is not named.
    ///
    /// No more are named than half the slots, and nothing is drawn meanwhile.
    private func look(
        of settled: SettledStack, _ stage: LoopStage, sparing named: [UInt64]
    ) -> PreparedLook {
        if let kept = slots.first(where: { $0?.key == settled.key }) { return kept!.look }
        let slot =
            slots.firstIndex { $0 == nil } ?? slots.firstIndex { !named.contains($0!.key) }!
        stage.looks.bakes.take(slot: slot)
        let look = stage.baked(settled).look
        slots[slot] = Slot(key: settled.key, look: look)
        stage.looks.bakes.give(look.reference, slot: slot)
        return look
    }
}
