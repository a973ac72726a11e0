import CPlatform
import Glibc

/// Threads that render a frame together with the thread that asks: nothing is allocated, locked or
/// queued per frame.
///
/// Written for up to 64 threads.
///
/// `run` wakes the workers, does its own share and returns when all are done. How the work is cut
/// is the job's own business (an atomic tile counter in its context). Not for anything that blocks.
public final class WorkerPool {
    /// A share of the work: context, index of the thread (0 = the caller).
    public typealias Job = @convention(c) (UnsafeMutableRawPointer, Int) -> Void

    /// Threads a pool can have, the caller included: the largest dual-socket stage machines.
    public static let threadsMax = 64
    /// Spins before sleeping in the kernel: about 20 µs, less than a futex wake costs twice.
    private static let spins = 2_000

    /// Threads, the caller included.
    public let threadCount: Int

    /// What the threads share, besides the three words below.
    private struct Shared {
        var job: Job? = nil
        var context: UnsafeMutableRawPointer? = nil
        var cpuNanoseconds: InlineArray<64, Int64> = InlineArray(repeating: 0)
    }

    /// The words threads wait on, a cache line each, so that one's writer does not stall another's
    /// readers.
    private struct Words: BitwiseCopyable {
        var base: UnsafeMutablePointer<UInt32>
        /// Counts jobs; workers sleep on it.
        var generation: UnsafeMutablePointer<UInt32> { base }
        /// Workers that have not finished the job; the caller sleeps on it.
        var remaining: UnsafeMutablePointer<UInt32> { base + 32 }
        /// 1: workers leave.
        var stop: UnsafeMutablePointer<UInt32> { base + 64 }
        static var count: Int { 96 }
    }

    private struct Start {
        var shared: UnsafeMutablePointer<Shared>
        var words: Words
        var index: Int
        var priority: Int
        /// The worker's own core, −1: the kernel places it.
        var core: Int32
    }

    private let shared: UnsafeMutablePointer<Shared>
    private let words: Words
    private var threads: [pthread_t] = []

    /// Starts `threadCount − 1` workers.
    ///
    /// - Parameters:
    ///   - threadCount: 1 … 64, the caller included.
    ///   - priority: SCHED_FIFO priority, 0 for the normal class. Refused by the system: normal.
    ///   - cores: the core of each worker; empty leaves placing to the kernel.
    public init(threadCount: Int, priority: Int = 0, cores: [Int] = []) {
        precondition((1...Self.threadsMax).contains(threadCount), "a pool has 1 to 64 threads")
        precondition(cores.isEmpty || cores.count == threadCount - 1, "a core for every worker")
        self.threadCount = threadCount
        shared = .allocate(capacity: 1)
        shared.initialize(to: Shared())
        words = Words(base: .allocate(capacity: Words.count))
        words.base.initialize(repeating: 0, count: Words.count)
        for index in 1..<threadCount where threadCount > 1 {
            let start = UnsafeMutablePointer<Start>.allocate(capacity: 1)
            start.initialize(
                to: Start(
                    shared: shared, words: words, index: index, priority: priority,
                    core: cores.isEmpty ? -1 : Int32(cores[index - 1])))
            var thread = pthread_t()
            let failure = pthread_create(
                &thread, nil, { WorkerPool.worker($0!.assumingMemoryBound(to: Start.self)) }, start)
            precondition(failure == 0, "the system has no thread left for the renderer")
            threads.append(thread)
        }
    }

    deinit {
        cyc_store(words.stop, 1)
        _ = cyc_fetch_add(words.generation, 1)
        cyc_futex_wake(words.generation, Int32.max)
        for thread in threads { pthread_join(thread, nil) }
        shared.deallocate()
        words.base.deallocate()
    }

    /// Runs a job on every thread and returns when all have done their share.
    /// - Frame path: yes
    public func run(_ job: Job, context: UnsafeMutableRawPointer) {
        guard threadCount > 1 else {
            job(context, 0)
            return
        }
        shared.pointee.job = job
        shared.pointee.context = context
        cyc_store(words.remaining, UInt32(threadCount - 1))
        _ = cyc_fetch_add(words.generation, 1)
        cyc_futex_wake(words.generation, Int32.max)
        job(context, 0)
        Self.wait(words.remaining) { $0 == 0 }
    }

    /// CPU time a worker, 1 …, had used when its last job ended, nanoseconds.
    /// - Frame path: yes
    public func cpuNanoseconds(worker: Int) -> Int64 { shared.pointee.cpuNanoseconds[worker] }

    /// Spins, then sleeps, until the word is as wanted; returns what it is then.
    @discardableResult
    private static func wait(
        _ word: UnsafeMutablePointer<UInt32>, until isWanted: (UInt32) -> Bool
    ) -> UInt32 {
        for _ in 0..<spins {
            let value = cyc_load(word)
            if isWanted(value) { return value }
            cyc_pause()
        }
        while true {
            let value = cyc_load(word)
            if isWanted(value) { return value }
            _ = cyc_futex_wait(word, value, -1)
        }
    }

    private static func worker(_ start: UnsafeMutablePointer<Start>) -> UnsafeMutableRawPointer? {
        let (shared, words) = (start.pointee.shared, start.pointee.words)
        let index = start.pointee.index
        cyc_name_thread("cyc-render-\(index)")
        cyc_flush_to_zero()
        // Where the system refuses, it goes on wherever the kernel places it.
        if start.pointee.core >= 0 { _ = cyc_keep_to_cores(&start.pointee.core, 1) }
        if start.pointee.priority > 0 { _ = cyc_real_time(Int32(start.pointee.priority)) }
        start.deallocate()
        var seen: UInt32 = 0
        while true {
            seen = wait(words.generation) { [seen] in $0 != seen }
            if cyc_load(words.stop) != 0 { return nil }
            shared.pointee.job!(shared.pointee.context!, index)
            shared.pointee.cpuNanoseconds[index] = Clocks.threadCPUNanoseconds
            if cyc_fetch_add(words.remaining, .max) == 1 {
                cyc_futex_wake(words.remaining, 1)
            }
        }
    }
}
