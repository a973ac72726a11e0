import Color
import FrameLoop
import FrameModel
import Lanes

/// Bakes again what a take's settings say was baked: a table is a function of its stack.
///
/// Nothing is freed before the replay ends.
final class ReplayBakes {
    private var kept: [UInt64: PreparedLook] = [:]
    private var slot = 0

    /// Bakes the stacks a live state names that are not there yet; says so when one comes out
    /// different, as on a machine with another mathematical library.
    func prepare(_ live: UnsafePointer<LiveState>, _ stage: LoopStage) -> String? {
        guard live.hasBakes else { return nil }
        var note: String?
        for settled in stage.costlyStacks(live) {
            let fingerprint = live.bake(of: settled.key)
            guard fingerprint != 0 else { continue }
            let isNew = kept[settled.key] == nil
            let look = kept[settled.key] ?? stage.wall(settled.wall).baked(settled.stack).look
            kept[settled.key] = look
            if look.reference.constants.fingerprint != fingerprint {
                note =
                    "a baked grade comes out different here: pictures differ by up to half a code"
            }
            let isThere = stage.looks.bakes.look(fingerprint: fingerprint).isThere
            if isNew || !isThere {
                stage.looks.bakes.give(look.reference, slot: slot % BakeTable.capacity)
                slot += 1
            }
        }
        return note
    }
}
