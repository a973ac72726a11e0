public import Color
import Synchronization

/// The walls' corrections of a run: prepared elsewhere, named by their fingerprints, never changed,
/// kept until the run ends.
///
/// The control thread gives one, then publishes a live state that names it. `@unchecked Sendable`
/// holds because a row is written before the count that shows it, and never again.
public final class CorrectionTable: @unchecked Sendable {
    /// Corrections of one run: a few a wall and day; with a table of 65 points an edge each
    /// takes 55 MB.
    public static let capacity = 64

    private let rows: UnsafeMutablePointer<CorrectionReference>
    private let count = Atomic<Int>(0)
    /// What the rows' memory belongs to; control thread only.
    private var kept: [PreparedCorrection] = []

    init() {
        rows = .allocate(capacity: Self.capacity)
        rows.initialize(repeating: .none, count: Self.capacity)
    }

    deinit { rows.deallocate() }

    /// Takes a correction in; one that is there already is not taken twice.
    ///
    /// False when the table is full. Control thread only.
    public func give(_ correction: PreparedCorrection) -> Bool {
        let fingerprint = correction.reference.fingerprint
        if prepared(fingerprint: fingerprint) != nil { return true }
        guard kept.count < Self.capacity else { return false }
        rows[kept.count] = correction.reference
        kept.append(correction)
        count.store(kept.count, ordering: .releasing)
        return true
    }

    /// The correction of a fingerprint, with what it was made from; control thread only.
    public func prepared(fingerprint: UInt64) -> PreparedCorrection? {
        kept.first { $0.reference.fingerprint == fingerprint }
    }

    /// The correction of a fingerprint; none where nobody has given it.
    /// - Frame path: yes
    public func correction(fingerprint: UInt64) -> CorrectionReference {
        guard fingerprint != 0 else { return .none }
        for row in 0..<count.load(ordering: .acquiring)
        where rows[row].fingerprint == fingerprint {
            return rows[row]
        }
        return .none
    }
}
