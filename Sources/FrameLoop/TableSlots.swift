public import Color
import Lanes
import Synchronization

/// Looks or baked stacks as the loop finds them: a fixed number of slots, filled and emptied by one
/// thread at a time.
///
/// A table is given before a live state names it, and taken out when none that a frame is drawn
/// with does. `@unchecked Sendable` holds because a row is written only while its fingerprint is 0,
/// and read only after that was seen.
public final class TableSlots: @unchecked Sendable {
    /// How many there are.
    public let capacity: Int

    private let rows: UnsafeMutablePointer<LookReference>
    private let fingerprints: UnsafeMutablePointer<Atomic<UInt64>>

    init(capacity: Int) {
        self.capacity = capacity
        rows = .allocate(capacity: capacity)
        rows.initialize(repeating: .none, count: capacity)
        fingerprints = .allocate(capacity: capacity)
        for slot in 0..<capacity { (fingerprints + slot).initialize(to: Atomic(0)) }
    }

    deinit {
        rows.deallocate()
        fingerprints.deinitialize(count: capacity)
        fingerprints.deallocate()
    }

    /// Puts a table in a slot; its memory is the giver's, until `take`.
    public func give(_ look: LookReference, slot: Int) {
        precondition((0..<capacity).contains(slot), "no such slot")
        fingerprints[slot].store(0, ordering: .releasing)
        rows[slot] = look
        fingerprints[slot].store(look.constants.fingerprint, ordering: .releasing)
    }

    /// Empties a slot that no frame is drawn with any more.
    public func take(slot: Int) { fingerprints[slot].store(0, ordering: .releasing) }

    /// The table of a fingerprint; none where nobody has given it.
    /// - Frame path: yes
    public func look(fingerprint: UInt64) -> LookReference {
        guard fingerprint != 0 else { return .none }
        for slot in 0..<capacity
        where fingerprints[slot].load(ordering: .acquiring) == fingerprint {
            return rows[slot]
        }
        return .none
    }
}
