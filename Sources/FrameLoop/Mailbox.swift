import Synchronization

/// A triple buffer of plain bytes: one writer publishes, one reader takes the newest; nobody waits.
///
/// `@unchecked Sendable` holds because exactly one thread calls `publish` and exactly one calls
/// `latest`: the three slots are always one the writer fills, one the reader reads and one in
/// between, and they change hands only through the atomic word.
public final class Mailbox<Payload: BitwiseCopyable>: @unchecked Sendable {
    private let slots: UnsafeMutablePointer<Payload>
    /// Bits 0–1: slot in between; bit 2: it is newer than the reader's.
    private let middle = Atomic<UInt8>(1)
    private var writing = 0
    private var reading = 2

    /// A mailbox that holds a first payload.
    public init(_ first: Payload) {
        slots = .allocate(capacity: 3)
        slots.initialize(repeating: first, count: 3)
    }

    deinit { slots.deallocate() }

    /// Makes a payload the newest.
    ///
    /// Writer's thread only.
    /// - Frame path: yes
    public func publish(_ payload: Payload) {
        slots[writing] = payload
        writing = Int(middle.exchange(UInt8(writing) | 4, ordering: .acquiringAndReleasing) & 3)
    }

    /// The newest payload; valid until the next call.
    ///
    /// Reader's thread only.
    /// - Frame path: yes
    public func latest() -> UnsafePointer<Payload> {
        if middle.load(ordering: .relaxed) & 4 != 0 {
            reading = Int(
                middle.exchange(UInt8(reading), ordering: .acquiringAndReleasing) & 3)
        }
        return UnsafePointer(slots + reading)
    }
}
