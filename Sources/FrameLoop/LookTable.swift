public import Color
import FrameModel
import Lanes

/// The looks of a run: prepared elsewhere, named by their fingerprints, never changed.
///
/// One is given before a live state names it, and taken out when no frame is drawn with it any
/// more: a frozen picture may use one long after its slot has another. `@unchecked Sendable` holds
/// because `kept` belongs to whoever gives and takes, one thread at a time.
public final class LookTable: @unchecked Sendable {
    /// Looks held at once: those of all slots, the next ones, and those on their way out; of 65
    /// points an edge each takes 55 MB, of 33 points 7 MB.
    public static let capacity = 64

    /// Stacks of grades as tables; two live states' worth: those in use and those on their way out,
    /// 55 MB each.
    public let bakes = TableSlots(capacity: 32)
    /// The walls' corrections.
    public let corrections = CorrectionTable()
    private let slots = TableSlots(capacity: LookTable.capacity)
    /// What the slots' memory belongs to.
    private var kept: [PreparedLook?] = Array(repeating: nil, count: LookTable.capacity)

    /// A table without looks.
    public init() {}

    /// Takes a look in; one that is there already is not taken twice.
    ///
    /// False when the table is full.
    public func give(_ look: PreparedLook) -> Bool {
        if kept.contains(where: { $0?.reference == look.reference }) { return true }
        guard let slot = kept.firstIndex(where: { $0 == nil }) else { return false }
        kept[slot] = look
        slots.give(look.reference, slot: slot)
        return true
    }

    /// Lets a look go that no frame is drawn with any more.
    public func take(fingerprint: UInt64) {
        let slot = kept.firstIndex { $0?.reference.constants.fingerprint == fingerprint }
        guard let slot else { return }
        slots.take(slot: slot)
        kept[slot] = nil
    }

    /// The look of a fingerprint; none where nobody has given it.
    /// - Frame path: yes
    public func look(fingerprint: UInt64) -> LookReference { slots.look(fingerprint: fingerprint) }
}

extension cyc_grade {
    /// Lets the looks of a grade from a take lie where they lie now; those nobody has are left out.
    mutating func rebind(_ table: LookTable) {
        withUnsafeMutableBytes(of: &stages) { bytes in
            let stages = bytes.bindMemory(to: cyc_grade_stage.self)
            for index in stages.indices where stages[index].look.points != nil {
                stages[index].look =
                    table.look(fingerprint: stages[index].look.fingerprint).constants
            }
        }
    }
}
