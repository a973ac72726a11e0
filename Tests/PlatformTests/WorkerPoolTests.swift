import Platform
import Synchronization
import Testing

@Suite struct `The worker pool` {
    /// Shared between the threads of a job: one place a thread, so no two write the same.
    struct Tally {
        var runs: InlineArray<64, Int> = InlineArray(repeating: 0)
    }

    @Test(arguments: [1, 2, 3, 8, 64])
    func `every thread does its share exactly once a job`(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        let tally = UnsafeMutablePointer<Tally>.allocate(capacity: 1)
        defer { tally.deallocate() }
        tally.initialize(to: Tally())
        let jobs = 500
        for _ in 0..<jobs {
            pool.run(
                { context, index in
                    context.assumingMemoryBound(to: Tally.self).pointee.runs[index] += 1
                }, context: tally)
        }
        for index in 0..<64 {
            #expect(tally.pointee.runs[index] == (index < threads ? jobs : 0))
        }
    }

    @Test func `a pool that was never used stops cleanly`() {
        for _ in 0..<50 { _ = WorkerPool(threadCount: 4) }
    }
}
