import FrameLoop
import FrameModel
import Testing
import Timing

/// A machine in virtual time that draws what a keeper chooses.
private struct PlantedMachine {
    /// What each step takes at a load of 1, in periods.
    var costs = [1.0, 0.7, 0.6, 0.58, 0.56, 0.5]
    /// Each frame takes so much more or less than its step does, by chance.
    var noise = 0.03
    var hertz = 60.0
    var keeper = BudgetKeeper()
    /// The step of each frame made.
    var steps: [Int] = []
    var lateByUs = 0
    private var last = FrameReport(frame: -1)
    private var frame: Int64 = 0
    private var seed: UInt64 = 1

    var period: Int64 { Int64(1e9 / hertz) }
    var seconds: Double { Double(frame) / hertz }
    /// What the scenes that are drawn take together.
    private var sceneLoad = 1.0

    /// Draws scenes from the next frame on: what each takes, by slot, the first one leaving where
    /// there are two.
    mutating func show(_ loads: KeyValuePairs<Int, Double>, generation: UInt32 = 1) {
        let scenes = loads.map {
            SceneInUse(slot: Int32($0.key), generation: generation, startFrame: 0)
        }
        keeper.foresee(
            scenes[scenes.count - 1], leaving: scenes.count > 1 ? scenes[0] : .none,
            at: last.handedOverTime)
        sceneLoad = loads.reduce(0) { $0 + $1.value }
    }

    /// Makes frames of the scenes that are shown for so long.
    mutating func run(seconds: Double) { run(seconds: seconds, load: sceneLoad) }

    /// Changes of step among the last frames.
    func changes(last count: Int) -> Int {
        let some = steps.suffix(count)
        return zip(some, some.dropFirst()).count { $0 != $1 }
    }

    /// Makes frames for so long; `hole` says how long the machine keeps a frame, in periods.
    mutating func run(
        seconds: Double, load: Double, best: Int = 0, fixed: Int? = nil,
        hole: (Int) -> Double = { _ in 0 }
    ) {
        for index in 0..<Int(seconds * hertz) {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let chance = Double(seed >> 11) / Double(1 << 53) * 2 - 1
            let step = fixed ?? keeper.step
            let own = Int64(
                Double(period) * costs[step] * load * (1 + noise * chance))
            make(step, own: own, hole: Int64(Double(period) * hole(index)))
            if fixed == nil { keeper.decide(best: best, at: last.handedOverTime) }
        }
    }

    private mutating func make(_ step: Int, own: Int64, hole: Int64) {
        var report = FrameReport(frame: frame)
        report.quality = UInt8(step)
        report.tickTime = HostTime(nanoseconds: frame * period)
        report.wokeTime = max(report.tickTime, last.handedOverTime)
        report.handedOverTime = report.wokeTime + own + hole
        report.workerCPUNanoseconds = own
        judgeLateness(
            &report, previous: last, others: OthersCPU(asleep: 0, awake: 0), period: period)
        lateByUs += report.isLateByUs ? 1 : 0
        keeper.measure(report, period: period)
        steps.append(step)
        last = report
        // Instants that passed meanwhile get no frame.
        frame = max(frame + 1, report.handedOverTime.nanoseconds / period)
    }
}

@Suite struct `The budget keeper` {
    @Test(arguments: [24.0, 60, 120])
    func `settles within a second on the finest step that fits, and stays`(hertz: Double) {
        for (load, wanted) in [(0.7, 0), (1.0, 1), (1.25, 2), (1.5, 5), (3, 5)] {
            var machine = PlantedMachine()
            machine.hertz = hertz
            machine.run(seconds: 1, load: load)
            #expect(machine.keeper.step == wanted, "load \(load)")
            let late = machine.lateByUs
            machine.run(seconds: 60, load: load)
            #expect(machine.steps.suffix(Int(60 * hertz)).allSatisfy { $0 == wanted })
            if load < 2 { #expect(machine.lateByUs == late) }
        }
    }

    @Test func `steps down before a frame is late`() {
        var machine = PlantedMachine()
        machine.run(seconds: 2, load: 0.6)
        machine.run(seconds: 10, load: 0.9)
        #expect(machine.keeper.step == 1 && machine.lateByUs == 0)
    }

    @Test func `comes back when the load goes, a step every two seconds at most`() {
        var machine = PlantedMachine()
        machine.run(seconds: 10, load: 1.5)
        #expect(machine.keeper.step == 5)
        machine.run(seconds: 12, load: 0.4)
        #expect(machine.keeper.step == 0)
        #expect(machine.changes(last: 12 * 60) == 5)
        #expect(machine.lateByUs < 10)
    }

    @Test(arguments: [0.97, 1.01, 1.1, 1.14, 1.15, 1.33, 1.38, 1.43])
    func `does not swing at any load near a limit`(load: Double) {
        var machine = PlantedMachine()
        machine.noise = 0.08
        machine.run(seconds: 5, load: load)
        for _ in 0..<60 {
            machine.run(seconds: 5, load: load)
            // Down and up again at most once.
            #expect(machine.changes(last: 5 * 60) <= 2)
        }
        #expect(machine.changes(last: 100 * 60) <= 4)
    }

    @Test func `a hole of the machine changes nothing`() {
        for length in [0.6, 1.5, 4, 30] {
            var machine = PlantedMachine()
            machine.run(seconds: 30, load: 0.6) { $0 % 300 == 100 ? length : 0 }
            #expect(machine.steps.allSatisfy { $0 == 0 }, "\(length) periods")
        }
    }

    @Test func `a hole that the machine counts as ours is forgotten in some seconds`() {
        var machine = PlantedMachine()
        machine.run(seconds: 5, load: 0.5)
        machine.run(seconds: 0.02, load: 3)
        machine.run(seconds: 0.5, load: 0.5)
        #expect(machine.keeper.step == 1)
        machine.run(seconds: 3, load: 0.5)
        #expect(machine.keeper.step == 0)
    }

    @Test func `another program on our cores for long presses it down, its end lets it up`() {
        var machine = PlantedMachine()
        machine.run(seconds: 5, load: 0.6)
        machine.run(seconds: 1, load: 0.6) { _ in 0.35 }
        #expect(machine.keeper.step > 0)
        machine.run(seconds: 20, load: 0.6)
        #expect(machine.keeper.step == 0)
    }

    @Test func `the operator's best is the best it takes`() {
        var machine = PlantedMachine()
        machine.run(seconds: 5, load: 0.3, best: 2)
        #expect(machine.steps.dropFirst().allSatisfy { $0 == 2 })
        machine.run(seconds: 5, load: 0.3, best: 0)
        #expect(machine.keeper.step == 0)
    }

    @Test func `what a step takes is learned at a step the operator held`() {
        var machine = PlantedMachine()
        machine.run(seconds: 5, load: 1.3, fixed: 3)
        #expect(machine.steps.allSatisfy { $0 == 3 })
        // It begins where the operator let go.
        machine.run(seconds: 0.1, load: 1.3)
        #expect(machine.steps.last == 3)
        machine.run(seconds: 30, load: 0.5)
        #expect(machine.keeper.step == 0)
    }

    @Test func `a crossfade of scenes that both have been seen makes no frame late`() {
        var machine = PlantedMachine()
        machine.show([1: 0.45])
        machine.run(seconds: 3)
        machine.show([2: 0.75])
        machine.run(seconds: 3)
        #expect(machine.lateByUs == 0 && machine.keeper.step == 0)
        machine.show([1: 0.45, 2: 0.75])
        #expect(machine.keeper.step > 0)
        machine.run(seconds: 1)
        machine.show([1: 0.45])
        machine.run(seconds: 3)
        #expect(machine.lateByUs == 0 && machine.keeper.step == 0)
    }

    /// What comes from no cache takes a third more than it did when it was last drawn.
    @Test func `a crossfade whose first frames take more than the two scenes did is not late`() {
        for (first, second) in [(0.4, 0.35), (0.39, 0.39), (0.3, 0.45)] {
            var machine = PlantedMachine()
            machine.show([1: first])
            machine.run(seconds: 3)
            machine.show([2: second])
            machine.run(seconds: 3)
            for _ in 0..<5 {
                machine.show([2: second, 1: first])
                machine.run(seconds: 0.1, load: (first + second) * 1.33)
                machine.run(seconds: 1)
                machine.show([1: first])
                machine.run(seconds: 3)
                machine.show([2: second])
                machine.run(seconds: 3)
            }
            #expect(machine.lateByUs == 0 && machine.keeper.step == 0, "\(first) \(second)")
        }
    }

    @Test func `a crossfade to a scene nobody has seen gives way for one as dear`() {
        var machine = PlantedMachine()
        machine.show([1: 0.65])
        machine.run(seconds: 3)
        machine.show([1: 0.65, 2: 0.6])
        #expect(machine.keeper.step > 0)
        machine.run(seconds: 1)
        // What it takes alone is told by what the two took.
        machine.show([2: 0.6])
        machine.run(seconds: 4)
        #expect(machine.lateByUs == 0 && machine.keeper.step == 0)
    }

    @Test func `a cut to a scene that was dear makes no frame late, one to a light one steps up`() {
        var machine = PlantedMachine()
        machine.show([3: 1.4])
        machine.run(seconds: 3)
        machine.show([1: 0.4])
        machine.run(seconds: 8)
        let late = machine.lateByUs
        #expect(machine.keeper.step == 0)
        for _ in 0..<5 {
            machine.show([3: 1.4])
            #expect(machine.keeper.step > 0)
            machine.run(seconds: 3)
            machine.show([1: 0.4])
            machine.run(seconds: 14)
            #expect(machine.keeper.step == 0)
        }
        #expect(machine.lateByUs == late)
    }

    @Test func `a scene in the slot of another is not taken for it`() {
        var machine = PlantedMachine()
        machine.show([3: 1.4])
        machine.run(seconds: 3)
        machine.show([1: 0.3])
        machine.run(seconds: 14)
        machine.show([3: 0.3], generation: 2)
        machine.run(seconds: 4)
        #expect(machine.keeper.step == 0)
    }

    @Test func `the same reports give the same steps`() {
        var (a, b) = (PlantedMachine(), PlantedMachine())
        for load in [0.5, 1.2, 0.9, 2, 0.4] {
            a.run(seconds: 3, load: load)
            b.run(seconds: 3, load: load)
        }
        #expect(a.steps == b.steps && Set(a.steps).count > 3)
    }
}
