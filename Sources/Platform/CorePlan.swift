/// Which core each kind of thread has (design, "Lateness, one definition").
///
/// With 4 usable cores or more the frame thread keeps one of its own, the workers have one each of
/// the others, and everything else (senders, control) stays off the frame thread's. Below that, and
/// with more threads than cores, the kernel places everything: pinning would only take choices from
/// it.
public struct CorePlan: Sendable, Equatable {
    /// Fewer usable cores than this are shared by all.
    private static let coresMin = 4

    /// The frame thread's core; nil: any.
    public private(set) var frame: Int?
    /// A core for each worker; empty: any.
    public private(set) var workers: [Int] = []
    /// The cores of every other thread; empty: any.
    public private(set) var others: [Int] = []

    /// A plan for rendering threads, the frame thread among them, on the cores there are.
    public init(usable: [Int], threads: Int) {
        guard usable.count >= Self.coresMin, threads <= usable.count else { return }
        frame = usable[0]
        workers = Array(usable[1..<threads])
        others = Array(usable[1...])
    }
}
