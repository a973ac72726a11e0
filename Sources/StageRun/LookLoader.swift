import Control
import Platform
import Synchronization
import Timing

/// Loads looks beside the control thread, one after the other, and lets go those nobody uses.
///
/// `@unchecked Sendable` holds because the queue is behind a lock and `thread` belongs to whoever
/// starts and stops.
final class LookLoader: @unchecked Sendable {
    /// What a loader needs of the stage.
    struct Surroundings: Sendable {
        /// Puts a look in a slot, on the control thread; false when that has ended.
        var show: @Sendable (_ look: LookActions.Loaded, _ path: String, _ slot: Int) -> Bool
        /// Takes what became of a slot: its subject and a line.
        var tell: @Sendable (_ subject: String, _ line: String) -> Void
        /// Frames up to this one are done.
        var oldestFrame: @Sendable () -> Int64
    }

    private struct Wanted {
        var path: String
        var slot: Int
    }

    /// Looks that may wait: one a slot.
    private static let waitingMax = 16
    /// From one look at the queue to the next, nanoseconds.
    private static let pause: Int64 = 50_000_000

    private let shelf: LookShelf
    private let around: Surroundings
    private let waiting = Mutex<[Wanted]>([])
    private let stopping = Atomic<Bool>(false)
    private var thread: Threads.Running?

    init(_ shelf: LookShelf, _ surroundings: Surroundings) {
        self.shelf = shelf
        around = surroundings
    }

    func start() throws {
        thread = try Threads.start(name: "cyc-looks") { [self] in
            Threads.makeIdle()
            while !stopping.load(ordering: .relaxed) {
                if !work() { Clocks.sleep(until: Clocks.now() + Self.pause) }
            }
        }
    }

    /// Ends the thread, after the look it is loading.
    func stop() {
        stopping.store(true, ordering: .relaxed)
        thread?.join()
        thread = nil
    }

    /// What sessions are given: none of it waits for a look.
    var actions: LookActions {
        var actions = shelf.actions
        actions.load = { path, slot in self.request(path, slot) }
        return actions
    }

    private func request(
        _ path: String, _ slot: Int
    ) -> Result<LookActions.Loading, LookActions.Refusal> {
        let isTaken = waiting.withLock { waiting in
            // What is asked of a slot last is what it gets.
            waiting.removeAll { $0.slot == slot }
            guard waiting.count < Self.waitingMax else { return false }
            waiting.append(Wanted(path: path, slot: slot))
            return true
        }
        return isTaken
            ? .success(
                .accepted("\(path) is being read into look slot \(slot + 1), `events` tells"))
            : .failure(LookActions.Refusal("\(Self.waitingMax) looks are being read – ask again"))
    }

    /// Loads the next look that is asked for; false when there is none.
    func work() -> Bool {
        shelf.free(oldestFrame: around.oldestFrame())
        guard let next = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else {
            return false
        }
        let subject = "lut \(next.slot + 1)"
        switch shelf.load(next.path) {
        case .success(let look):
            guard around.show(look, next.path, next.slot) else { return true }
            around.tell(subject, "look slot \(next.slot + 1): \(look.summary)")
        case .failure(let refusal):
            around.tell(
                subject,
                "look slot \(next.slot + 1) is as it was: \(refusal.reason)")
        }
        return true
    }
}
