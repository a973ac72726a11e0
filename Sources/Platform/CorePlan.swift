/// Which core each kind of thread has (design, "Lateness, one definition").
///
/// With 4 usable cores or more the frame thread keeps one of its own, the workers have one each of
/// the others, and everything else (senders, control) has what is left, so that no sender displaces
/// a worker that cannot move. Below that, and with more threads than cores, the kernel places
/// everything: pinning would only take choices from it.
public struct CorePlan: Sendable, Equatable {
    /// Fewer usable cores than this are shared by all.
    private static let coresMin = 4

    /// The frame thread's core; nil: any.
    public private(set) var frame: Int?
    /// A core for each worker; empty: any.
    public private(set) var workers: [Int] = []
    /// The cores of every other thread; empty: any.
    public private(set) var others: [Int] = []

    /// Rendering threads where nobody says how many: all cores, but of 4 and more one is left to
    /// senders and control.
    public static func threads(usable: Int) -> Int {
        max(1, usable >= coresMin ? usable - 1 : usable)
    }

    /// A plan for rendering threads, the frame thread among them, on the cores there are.
    public init(usable: [Int], threads: Int) {
        guard usable.count >= Self.coresMin, threads <= usable.count else { return }
        // Not the first core: most interrupts land there.
        frame = usable[usable.count - 1]
        workers = Array(usable[..<(threads - 1)])
        let free = usable[(threads - 1)..<(usable.count - 1)]
        others = free.isEmpty ? workers : Array(free)
    }
}
