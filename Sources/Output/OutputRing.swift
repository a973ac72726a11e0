import Glibc
import Lanes
import Synchronization

// SAFETY of @unchecked: memory and entries of a canvas are touched only by the thread that owns it
// by the atomics below; everything else is immutable.

/// The canvases of one output, handed from the loop to its sender without a lock.
///
/// One thread fills (the loop; its workers write the rows of the canvas it acquired), one thread
/// sends, one thread may borrow the last complete canvas to look at it. No one ever waits: no
/// free canvas is a counted drop.
///
///     blank ─┐                       ┌──────── release ◀──────┐
///            ▼                       ▼                        │
///     acquireForFilling ◀───────── free ── retakeLast ──▶ sending
///            │                                                ▲
///         filling ── publish ──▶ ready ── takeReady ──────────┘
///
/// A borrow is a bit beside the state: the canvas may go on being sent, but is not filled again
/// until it is given back.
public final class OutputRing: @unchecked Sendable {
    private enum State {
        static let blank: UInt32 = 0
        static let free: UInt32 = 1
        static let filling: UInt32 = 2
        static let ready: UInt32 = 3
        static let sending: UInt32 = 4
        static let borrowed: UInt32 = 0x100
    }

    /// What a canvas is at the moment and what it carries.
    private struct Entry: ~Copyable {
        let state = Atomic<UInt32>(State.blank)
        /// Publish order, from 1; written by the filler while it owns the canvas, read by others
        /// to choose, never to decide ownership.
        let ticket = Atomic<UInt64>(0)
        let frame = Atomic<Int64>(-1)
        let rtpTimestamp = Atomic<UInt32>(0)
    }

    /// A canvas in someone's hands.
    public struct Canvas: BitwiseCopyable {
        /// Which one.
        public let index: Int
        /// Its memory: `byteCount` octets.
        public let bytes: UnsafeMutableRawPointer
        /// Frame index on the grid; −1 until published.
        public let frame: Int64
        /// RTP time stamp of the frame.
        public let rtpTimestamp: UInt32
    }

    /// Canvases.
    public let count: Int
    /// Octets of a canvas.
    public let byteCount: Int

    private let entries: UnsafeMutablePointer<Entry>
    private let memory: UnsafeMutableRawPointer
    private let stride: Int
    private let tickets = Atomic<UInt64>(0)
    private let last = Atomic<Int>(-1)
    private let drops = Atomic<Int>(0)

    /// A ring of 3 … `OutputLimits.canvases` canvases of zeros, page-aligned and touched.
    public init(byteCount: Int, count: Int = 3) {
        precondition(
            count >= 3 && count <= OutputLimits.canvases && byteCount > 0,
            "a ring has 3 to \(OutputLimits.canvases) canvases")
        self.count = count
        self.byteCount = byteCount
        let page = 4096
        stride = (byteCount + page - 1) / page * page
        memory = HugePages.allocate(stride * count)
        entries = .allocate(capacity: count)
        for index in 0..<count { (entries + index).initialize(to: Entry()) }
    }

    deinit {
        entries.deinitialize(count: count)
        entries.deallocate()
        HugePages.free(memory, stride * count)
    }

    /// Frames dropped because no canvas was free.
    public var droppedCount: Int { drops.load(ordering: .relaxed) }

    /// Memory of one canvas, for whoever holds it.
    /// - Frame path: yes
    public func bytes(of index: Int) -> UnsafeMutableRawPointer {
        precondition(index >= 0 && index < count, "a canvas of the ring")
        return memory + index * stride
    }

    private func canvas(_ index: Int) -> Canvas {
        Canvas(
            index: index, bytes: memory + index * stride,
            frame: entries[index].frame.load(ordering: .relaxed),
            rtpTimestamp: entries[index].rtpTimestamp.load(ordering: .relaxed))
    }

    /// The filler takes the canvas that was published longest ago, or nil: a counted drop.
    /// - Frame path: yes
    public func acquireForFilling() -> Int? {
        // Twice, because the sender and the borrower may change the one we chose.
        for _ in 0..<2 {
            var chosen = -1
            var oldest = UInt64.max
            for index in 0..<count {
                let state = entries[index].state.load(ordering: .relaxed)
                let ticket = entries[index].ticket.load(ordering: .relaxed)
                if state == State.blank || state == State.free, ticket < oldest {
                    (chosen, oldest) = (index, ticket)
                }
            }
            guard chosen >= 0 else { break }
            if exchange(chosen, State.free, State.filling) { return chosen }
            if exchange(chosen, State.blank, State.filling) { return chosen }
        }
        drops.wrappingAdd(1, ordering: .relaxed)
        return nil
    }

    /// The filler hands a filled canvas over.
    /// - Frame path: yes
    public func publish(_ index: Int, frame: Int64, rtpTimestamp: UInt32) {
        let ticket = tickets.wrappingAdd(1, ordering: .relaxed).newValue
        entries[index].ticket.store(ticket, ordering: .relaxed)
        entries[index].frame.store(frame, ordering: .relaxed)
        entries[index].rtpTimestamp.store(rtpTimestamp, ordering: .relaxed)
        let isOurs = exchange(index, State.filling, State.ready)
        precondition(isOurs, "only a canvas being filled is published")
        last.store(index, ordering: .releasing)
    }

    /// The filler gives a canvas back unfinished; its picture is no longer one to show.
    /// - Frame path: yes
    public func abandon(_ index: Int) {
        let isOurs = exchange(index, State.filling, State.blank)
        precondition(isOurs, "only a canvas being filled is abandoned")
    }

    /// The sender takes the oldest published canvas of a frame before the given one, or nil when
    /// there is none.
    ///
    /// A canvas of a later frame is taken too: it was counted before somebody set the machine's
    /// clock back, and its instant would come in an hour, if ever.
    /// - Frame path: yes
    public func takeReady(before frame: Int64 = .max) -> Canvas? {
        var chosen = -1
        var oldest = UInt64.max
        for index in 0..<count {
            let state = entries[index].state.load(ordering: .acquiring)
            let ticket = entries[index].ticket.load(ordering: .relaxed)
            if state & ~State.borrowed == State.ready, ticket < oldest {
                (chosen, oldest) = (index, ticket)
            }
        }
        // Its frame was written before it became ready, and only the sender takes it from there.
        guard chosen >= 0, entries[chosen].frame.load(ordering: .relaxed) != frame,
            exchangeBorrowable(chosen, State.ready, State.sending)
        else { return nil }
        return canvas(chosen)
    }

    /// The sender takes the last picture it sent once more, or nil when it is being replaced:
    /// what a receiver is given when nothing new came.
    /// - Frame path: yes
    public func retakeLast() -> Canvas? {
        let index = last.load(ordering: .acquiring)
        guard index >= 0, exchangeBorrowable(index, State.free, State.sending) else { return nil }
        return canvas(index)
    }

    /// The sender gives a sent canvas back.
    /// - Frame path: yes
    public func release(_ index: Int) {
        let wasOurs = exchangeBorrowable(index, State.sending, State.free)
        precondition(wasOurs, "only a canvas being sent is released")
    }

    /// A monitor borrows the last complete canvas to read it, or skips when it cannot be had.
    ///
    /// One borrower at a time; give it back soon, the ring has one canvas less meanwhile.
    public func borrowLast() -> Canvas? {
        let index = last.load(ordering: .acquiring)
        guard index >= 0 else { return nil }
        // It only moves forward, ready to sending to free, so three tries in that order meet it.
        let isHeld =
            exchange(index, State.ready, State.ready | State.borrowed)
            || exchange(index, State.sending, State.sending | State.borrowed)
            || exchange(index, State.free, State.free | State.borrowed)
        return isHeld ? canvas(index) : nil
    }

    /// The monitor gives a borrowed canvas back.
    public func returnBorrowed(_ index: Int) {
        let old = entries[index].state.bitwiseAnd(
            ~State.borrowed, ordering: .acquiringAndReleasing
        ).oldValue
        precondition(old & State.borrowed != 0, "only a borrowed canvas is given back")
    }

    private func exchange(_ index: Int, _ from: UInt32, _ to: UInt32) -> Bool {
        entries[index].state.compareExchange(
            expected: from, desired: to, ordering: .acquiringAndReleasing
        ).exchanged
    }

    /// The borrow bit comes and goes at any time: at most a few tries.
    private func exchangeBorrowable(_ index: Int, _ from: UInt32, _ to: UInt32) -> Bool {
        while true {
            let now = entries[index].state.load(ordering: .acquiring)
            guard now & ~State.borrowed == from else { return false }
            if exchange(index, now, to | now & State.borrowed) { return true }
        }
    }
}
