import FrameLoop
import FrameModel
import Output
import Scenes
import Timing

/// The loop and an output's sender in virtual time: the real schedule, path, ring and turns, with
/// stalls put in where a test wants them.
struct StalledRun {
    /// A picture that went out.
    struct Sent {
        var slot: Int64
        var frame: Int64
        var time: HostTime
        var timestamp: UInt32
        var octets: [UInt8]
    }

    /// Whose a stall of the loop is.
    enum Cause: CaseIterable {
        /// The frame itself computes all the time.
        case work
        /// It waits for a core on which another of our threads runs.
        case ownThreads
        /// It wakes late, because one of our threads runs.
        case ownThreadsAtWaking
        /// The host or another program has the cores.
        case machine
    }

    /// What making a frame takes when nothing stalls, periods.
    static let cost = 0.3
    let wall: VirtualStage
    /// Periods a frame takes instead of the usual, by place in the run.
    let loopStalls: [Int64: Double]
    /// Whose each of them is; the machine's where nothing is said.
    let causes: [Int64: Cause]
    /// Periods the sender is away after an instant, by place in the run.
    let senderStalls: [Int64: Double]
    /// When the machine's clock is set, in periods of the run, and by how many nanoseconds.
    let steps: [(place: Double, by: Int64)]
    private(set) var sent: [Sent] = []
    private(set) var made: [(frame: Int64, handedOver: HostTime)] = []
    let accounts = FrameAccounts()
    private(set) var schedule: FrameSchedule
    private(set) var sending: FrameSchedule
    private var turns: OutputTurns
    private var last = FrameReport(frame: -1)
    private var sendWake: HostTime
    private var senderFreeAt = HostTime(nanoseconds: 0)
    private var drained = VirtualStage.firstFrame

    init(
        _ scene: Scene, loopStalls: [Int64: Double] = [:], causes: [Int64: Cause] = [:],
        senderStalls: [Int64: Double] = [:], steps: [(place: Double, by: Int64)] = []
    ) throws {
        wall = try VirtualStage(scene)
        self.loopStalls = loopStalls
        self.causes = causes
        self.steps = steps
        self.senderStalls = senderStalls
        // An instant is rounded down to the nanosecond: a moment later, its frame has begun.
        let start = VirtualStage.clock(VirtualStage.host(VirtualStage.firstFrame - 1, plus: 0.1))
        schedule = FrameSchedule(grid: VirtualStage.grid, startingAfter: start)
        sending = FrameSchedule(grid: VirtualStage.grid, startingAfter: start)
        sendWake = sending.wakeTime(by: start)
        turns = OutputTurns(ring: wall.ring)
    }

    static func later(_ time: HostTime, _ periods: Double) -> HostTime {
        time + Int64(periods * VirtualStage.period)
    }

    /// The clocks at a host time, set or not.
    private func clock(_ now: HostTime) -> ClockSample {
        let stepped = steps.reduce(0) {
            now < VirtualStage.host(VirtualStage.firstFrame, plus: $1.place) ? $0 : $0 + $1.by
        }
        return VirtualStage.clock(now, stepped: stepped)
    }

    mutating func run(frames: Int64) {
        let end = VirtualStage.host(VirtualStage.firstFrame + frames)
        var now = VirtualStage.host(VirtualStage.firstFrame - 1, plus: 0.1)
        while true {
            let wake = schedule.wakeTime(by: clock(now))
            guard wake < end else { return }
            now = max(now, wake)
            send(until: now + -1)
            guard let turn = schedule.begin(clock(now)) else { continue }
            let cost = loopStalls[turn.frame - VirtualStage.firstFrame] ?? Self.cost
            var report = FrameReport(frame: turn.frame)
            report.skipped = Int32(turn.skipped)
            report.clockStepNanoseconds = turn.steppedNanoseconds
            report.tickTime = clock(now).host(tai: VirtualStage.grid.instant(of: turn.frame))
            report.wokeTime = now
            report.droppedOutputs = Int32(wall.prepare(turn, clock(now), arrived(by: now)))
            // Some of the sender's instants fall while the canvas is half done.
            send(until: Self.later(now, cost / 2))
            wall.render()
            send(until: Self.later(now, cost))
            wall.path.finish(&report)
            now = Self.later(now, cost)
            report.handedOverTime = now
            judge(&report, stalled: cost - Self.cost)
            made.append((turn.frame, now))
        }
    }

    /// Gives the frame the CPU times its stall would have had, and enters it.
    private mutating func judge(_ report: inout FrameReport, stalled periods: Double) {
        func time(_ periods: Double) -> Int64 { Int64(periods * VirtualStage.period) }
        let stall = time(periods)
        report.loopCPUNanoseconds = time(Self.cost / 10)
        report.workerCPUNanoseconds = time(Self.cost * 0.9)
        // A sender's burst beside every frame, and an edit while the loop sleeps.
        var others = OthersCPU(asleep: time(0.1), awake: time(0.15))
        switch causes[report.frame - VirtualStage.firstFrame] ?? .machine {
        case .work: report.workerCPUNanoseconds += stall
        case .ownThreads: others.awake += stall
        case .ownThreadsAtWaking:
            report.wokeTime = report.wokeTime + stall
            others.asleep += stall
        case .machine: break
        }
        judgeLateness(
            &report, previous: last, others: others, period: Int64(VirtualStage.period))
        accounts.enter(report)
        last = report
    }

    private mutating func arrived(by now: HostTime) -> [VirtualStage.Datagram] {
        var datagrams: [VirtualStage.Datagram] = []
        while movingShot(drained).arrivalTime < now {
            datagrams.append(movingShot(drained))
            drained += 1
        }
        return datagrams
    }

    private mutating func send(until end: HostTime) {
        while max(sendWake, senderFreeAt) <= end {
            let now = max(sendWake, senderFreeAt)
            let turn = sending.begin(clock(now))
            sendWake = sending.wakeTime(by: clock(now))
            guard let slot = turn?.frame else { continue }
            if let stall = senderStalls[slot - VirtualStage.firstFrame] {
                senderFreeAt = Self.later(VirtualStage.host(slot), stall)
            }
            guard let canvas = turns.picture(at: slot) else { continue }
            sent.append(
                Sent(
                    slot: slot, frame: canvas.frame, time: now,
                    timestamp: VirtualStage.grid.rtpTimestamp(of: slot),
                    octets: wall.octets(canvas)))
        }
    }

    var repeatCount: Int { turns.repeatCount }
}
