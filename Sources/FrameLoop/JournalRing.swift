import Synchronization

/// Records of bytes on their way from the loop to whoever writes them down; nobody waits.
///
/// One thread writes whole records, one reads them in order. A record that finds no room is not
/// written, and its writer knows.
///
/// `@unchecked Sendable` holds because one thread calls `write`, one calls `read`, and memory
/// changes hands only through the two atomic counts.
public final class JournalRing: @unchecked Sendable {
    /// What stands before each record: 16 bytes, so that records begin on 16.
    private struct Head: BitwiseCopyable {
        var kind: UInt32
        /// Bytes of the record.
        var count: UInt32
        /// Bytes from this head to the next one.
        var stride: UInt64
    }

    /// Kind of what is only passed over, up to the end of the memory.
    private static let passedOver = UInt32.max
    private static let headSize = 16

    private let memory: UnsafeMutableRawPointer
    private let capacity: Int
    /// Bytes ever written and ever read.
    private let written = Atomic<Int>(0)
    private let taken = Atomic<Int>(0)

    /// A ring of so many bytes, a multiple of 16, all touched.
    public init(capacity: Int) {
        precondition(capacity >= 64 && capacity % 16 == 0, "a ring of whole records")
        self.capacity = capacity
        memory = .allocate(byteCount: capacity, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: capacity)
    }

    deinit { memory.deallocate() }

    /// Writes a record of `count` bytes that `fill` lays down; false when there is no room for it.
    ///
    /// Writer's thread only.
    /// - Frame path: yes
    public func write(
        kind: UInt32, count: Int, _ fill: (UnsafeMutableRawPointer) -> Void
    ) -> Bool {
        let stride = Self.headSize + (count + 15) & ~15
        let start = written.load(ordering: .relaxed)
        let place = start % capacity
        let rest = capacity - place
        // A record lies in one piece: what is left at the end is passed over.
        let skipped = rest < stride ? rest : 0
        let free = capacity - (start - taken.load(ordering: .acquiring))
        guard skipped + stride <= free else { return false }
        if skipped > 0 {
            put(Head(kind: Self.passedOver, count: 0, stride: UInt64(skipped)), at: place)
        }
        let at = skipped > 0 ? 0 : place
        put(Head(kind: kind, count: UInt32(count), stride: UInt64(stride)), at: at)
        fill(memory + at + Self.headSize)
        written.store(start + skipped + stride, ordering: .releasing)
        return true
    }

    private func put(_ head: Head, at place: Int) {
        (memory + place).storeBytes(of: head, as: Head.self)
    }

    /// Gives the oldest record to `body` and takes it out; false when there is none.
    ///
    /// Reader's thread only; the bytes are valid during the call.
    public func read(_ body: (UInt32, UnsafeRawBufferPointer) -> Void) -> Bool {
        while true {
            let start = taken.load(ordering: .relaxed)
            guard start < written.load(ordering: .acquiring) else { return false }
            let place = start % capacity
            let head = (memory + place).load(as: Head.self)
            if head.kind != Self.passedOver {
                body(
                    head.kind,
                    UnsafeRawBufferPointer(
                        start: memory + place + Self.headSize, count: Int(head.count)))
            }
            taken.store(start + Int(head.stride), ordering: .releasing)
            if head.kind != Self.passedOver { return true }
        }
    }
}
