public import Color
import FrameModel
import Lanes
import Synchronization

/// The looks of a run: prepared elsewhere, named by their fingerprints, never changed, kept until
/// the run ends; a frozen picture may use one long after its slot has another.
///
/// The control thread gives one, then publishes a live state that names it. `@unchecked Sendable`
/// holds because a row is written before the count that shows it, and never again.
public final class LookTable: @unchecked Sendable {
    /// Looks of one run: a day's versions of a show's handful; of 65 points an edge each takes
    /// 4.4 MB.
    public static let capacity = 64

    /// Stacks of grades as tables.
    public let bakes = BakeTable()
    /// The walls' corrections.
    public let corrections = CorrectionTable()
    private let rows: UnsafeMutablePointer<LookReference>
    private let count = Atomic<Int>(0)
    /// What the rows' memory belongs to; control thread only.
    private var kept: [PreparedLook] = []

    /// A table without looks.
    public init() {
        rows = .allocate(capacity: Self.capacity)
        rows.initialize(repeating: .none, count: Self.capacity)
    }

    deinit { rows.deallocate() }

    /// Takes a look in; one that is there already is not taken twice.
    ///
    /// False when the table is full.
    /// Control thread only.
    public func give(_ look: PreparedLook) -> Bool {
        if kept.contains(where: { $0.reference == look.reference }) { return true }
        guard kept.count < Self.capacity else { return false }
        rows[kept.count] = look.reference
        kept.append(look)
        count.store(kept.count, ordering: .releasing)
        return true
    }

    /// The look of a fingerprint, with what it was made from; control thread only.
    public func prepared(fingerprint: UInt64) -> PreparedLook? {
        kept.first { $0.reference.constants.fingerprint == fingerprint }
    }

    /// The look of a fingerprint; none where nobody has given it.
    /// - Frame path: yes
    public func look(fingerprint: UInt64) -> LookReference {
        guard fingerprint != 0 else { return .none }
        for row in 0..<count.load(ordering: .acquiring)
        where rows[row].constants.fingerprint == fingerprint {
            return rows[row]
        }
        return .none
    }
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
