import Platform
import Synchronization
import Testing

@Suite struct `Cores` {
    @Test func `with fewer than four, or more threads than cores, the kernel places everything`() {
        #expect(CorePlan(usable: [], threads: 1) == CorePlan(usable: [0], threads: 1))
        for plan in [
            CorePlan(usable: [0, 1], threads: 2), CorePlan(usable: [2, 3, 5], threads: 3),
            CorePlan(usable: [0, 1, 2, 3], threads: 5),
        ] {
            #expect(plan.frame == nil && plan.workers.isEmpty && plan.others.isEmpty)
        }
    }

    @Test func `with four or more the frame thread has one of its own, of those it may use`() {
        let plan = CorePlan(usable: [2, 3, 6, 7, 9], threads: 4)
        #expect(plan.frame == 9)
        #expect(plan.workers == [2, 3, 6])
        #expect(plan.others == [7])
        #expect(CorePlan(usable: [0, 1, 2, 3], threads: 4).others == [0, 1, 2])
    }

    @Test func `of four or more cores one is left to senders and control`() {
        #expect([0, 1, 2, 3, 4, 64].map(CorePlan.threads) == [1, 1, 2, 3, 3, 63])
    }

    @Test func `a thread kept to one core counts one, and so do those it starts`() throws {
        let all = Threads.usableCores
        #expect(all == all.sorted() && !all.isEmpty && Threads.coreCount == all.count)
        let core = try #require(all.last)
        let found = Atomic<Int>(-1)
        let done = Atomic<Bool>(false)
        let thread = try Threads.start(name: "kept") {
            done.store(Threads.keep(to: [core]), ordering: .relaxed)
            let child = try? Threads.start(name: "child") {
                let cores = Threads.usableCores
                found.store(cores.count == 1 ? cores[0] : -1, ordering: .relaxed)
            }
            child?.join()
        }
        thread.join()
        let (isKept, coreOfChild) = (done.load(ordering: .relaxed), found.load(ordering: .relaxed))
        #expect(isKept)
        #expect(coreOfChild == core)
        #expect(Threads.usableCores == all, "others are left alone")
    }
}
