import Synchronization

/// The newest lines of the event log, for whoever asks on the control socket.
///
/// One thread adds, others read; none of them is the loop's.
public final class EventTail: Sendable {
    private let lines = Mutex<[String]>([])

    /// A tail without a line.
    public init() {}

    /// Adds lines, oldest first; the oldest ones beyond `ControlLimits.eventLines` go.
    public func append(_ added: [String]) {
        lines.withLock { lines in
            lines += added
            lines.removeFirst(max(0, lines.count - ControlLimits.eventLines))
        }
    }

    /// The newest lines, at most so many, oldest first.
    public func newest(_ count: Int) -> [String] { lines.withLock { $0.suffix(max(0, count)) } }
}
