import Color
import Control
import FrameLoop
import FrameModel
import Lanes
import Platform
import Synchronization
import Timing

/// Bakes costly stacks of grades into tables while nobody edits, at idle priority.
///
/// Half a second after the last edit every stack the stage will show is baked that is worth it and
/// is not yet; the control thread then publishes a live state that names the tables, and the loop
/// draws by them from that frame on. What names a table is in the live state, so a take records it.
///
/// `@unchecked Sendable` holds because everything but the atomics and the mailbox, whose reader it
/// is, belongs to its own thread from `start` to `stop`.
final class StackBaker: @unchecked Sendable {
    /// What a baker does to the stage.
    struct Surroundings: Sendable {
        /// Lets the control thread name the tables and returns the frame they show with; nil when
        /// the document has changed since the revision.
        var publish: @Sendable (_ bakes: [BakedStack], _ revision: UInt64) -> Int64?
        /// Frames up to this one are done.
        var oldestFrame: @Sendable () -> Int64
    }

    /// A table in a slot.
    private struct Slot {
        var settled: SettledStack
        var look: PreparedLook
        /// The frame from which no live state names it; nil while one does.
        var retired: Int64?

        /// What a live state calls it.
        var name: BakedStack {
            BakedStack(key: settled.key, fingerprint: look.reference.constants.fingerprint)
        }

        /// It is of a stack; keys alone may be alike by chance.
        func isOf(_ other: SettledStack) -> Bool {
            settled.key == other.key && settled.walls == other.walls
                && other.stack.indices.allSatisfy { settled.stack[$0] == other.stack[$0] }
        }
    }

    /// From one look at the live state to the next, and how long it must stand: nanoseconds.
    private static let pause: Int64 = 100_000_000
    private static let settling: Int64 = 500_000_000
    /// Stacks remembered as not to be baked.
    private static let refusedMax = 256

    private let newest = Mailbox(LiveState())
    private let stage: LoopStage
    private let status: StatusBoard
    private let surroundings: Surroundings
    private let stopping = Atomic<Bool>(false)
    private var thread: Threads.Running?
    private var slots: [Slot?]
    /// Stacks whose tables would be too far from them.
    private var refused: Set<UInt64> = []
    private var named: [BakedStack] = []

    init(stage: LoopStage, status: StatusBoard, surroundings: Surroundings) {
        self.stage = stage
        slots = Array(repeating: nil, count: stage.looks.bakes.capacity)
        self.status = status
        self.surroundings = surroundings
    }

    /// Takes the newest live state in; control thread only.
    func note(_ live: LiveState) { newest.publish(live) }

    func start() throws {
        thread = try Threads.start(name: "cyc-bake") { [self] in
            Threads.makeIdle()
            run()
        }
    }

    func stop() {
        stopping.store(true, ordering: .relaxed)
        thread?.join()
        thread = nil
    }

    private func run() {
        var (seen, since, done) = (UInt64.max, Clocks.now(), UInt64.max)
        while !stopping.load(ordering: .relaxed) {
            Clocks.sleep(until: Clocks.now() + Self.pause)
            let live = newest.latest()
            if live.pointee.revision != seen {
                (seen, since) = (live.pointee.revision, Clocks.now())
            }
            guard seen != done, Clocks.now() - since >= Self.settling else { continue }
            if bake(live) { done = seen }
        }
    }

    /// Bakes what is missing and names all; false when the live state changed meanwhile.
    private func bake(_ live: UnsafePointer<LiveState>) -> Bool {
        let revision = live.pointee.revision
        let wanted = stage.costlyStacks(live)
        free()
        for settled in wanted.prefix(LiveLayout.bakes) {
            let isThere = slots.contains { $0?.isOf(settled) ?? false }
            guard !isThere, !refused.contains(settled.key) else { continue }
            guard newest.latest().pointee.revision == revision,
                !stopping.load(ordering: .relaxed)
            else { return false }
            bake(settled)
        }
        let bakes = wanted.prefix(LiveLayout.bakes).compactMap { settled in
            slots.compactMap { $0 }.first { $0.isOf(settled) }?.name
        }
        status.publish(.stacksBaked, Double(bakes.count))
        status.publish(.stacksExact, Double(wanted.count - bakes.count))
        guard bakes != named else { return true }
        guard let frame = surroundings.publish(bakes, revision) else { return false }
        named = bakes
        for index in slots.indices {
            guard let slot = slots[index] else { continue }
            let isNamed = bakes.contains(slot.name)
            slots[index]?.retired = isNamed ? nil : slot.retired ?? frame
        }
        return true
    }

    private func bake(_ settled: SettledStack) {
        guard let slot = slots.firstIndex(where: { $0 == nil }) else { return }
        let (look, error) = stage.baked(settled)
        guard error <= WallColor.bakedError else {
            if refused.count >= Self.refusedMax { refused.removeAll() }
            refused.insert(settled.key)
            return
        }
        // Stacks may differ and have the same table. The loop finds a table by its fingerprint, in
        // whichever slot, so all of them keep the one that is there.
        let alike = slots.first { $0?.look.reference == look.reference }
        let kept = alike??.look ?? look
        slots[slot] = Slot(settled: settled, look: kept)
        stage.looks.bakes.give(kept.reference, slot: slot)
    }

    /// Empties slots that no frame is drawn with any more.
    private func free() {
        let oldest = surroundings.oldestFrame()
        for index in slots.indices {
            guard let retired = slots[index]?.retired, oldest > retired else { continue }
            stage.looks.bakes.take(slot: index)
            slots[index] = nil
        }
    }
}
