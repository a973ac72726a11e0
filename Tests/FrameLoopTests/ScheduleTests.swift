import FrameLoop
import Testing
import Timing

@Suite struct `The schedule` {
    let grid = FrameGrid(rate: FrameRate(60000, 1001)!)
    let period = 1_001_000_000 / 60.0
    /// TAI at host time 0 until somebody sets the clock.
    let boot: Int64 = 1_767_225_637_000_000_000

    /// The clocks at a host time, TAI having been set forward by so much.
    func clock(_ host: HostTime, stepped: Int64 = 0) -> ClockSample {
        let tai = host.nanoseconds + boot + stepped
        return ClockSample(
            host: host, realtimeNanoseconds: tai - 37_000_000_000,
            tai: TAITime(nanoseconds: tai))
    }

    /// A schedule at a host time of 1 s, and what it says of the next frame.
    func started() -> (schedule: FrameSchedule, wake: HostTime) {
        let now = clock(HostTime(nanoseconds: 1_000_000_000))
        var schedule = FrameSchedule(grid: grid, startingAfter: now)
        return (schedule, schedule.wakeTime(by: now))
    }

    /// The turn there is; the test fails when there is none.
    func begin(_ schedule: inout FrameSchedule, _ clock: ClockSample) throws -> FrameTurn {
        let turn = schedule.begin(clock)
        return try #require(turn)
    }

    @Test func `frames follow one another on the grid`() throws {
        var (schedule, wake) = started()
        var frames: [Int64] = []
        for _ in 0..<1000 {
            let turn = try begin(&schedule, clock(wake))
            #expect(clock(wake).host(tai: grid.instant(of: turn.frame)) == wake)
            frames.append(turn.frame)
            wake = schedule.wakeTime(by: clock(wake + 8_000_000))
        }
        #expect(frames == Array(frames[0]..<frames[0] + 1000))
        #expect(schedule.skipped == 0)
        #expect(schedule.steps.count == 0)
    }

    @Test func `a frame that takes too long makes the next one late but skips none`() {
        var (schedule, wake) = started()
        let first = schedule.begin(clock(wake))
        let second = schedule.begin(clock(schedule.wakeTime(by: clock(wake)) + 5_000_000))
        #expect(second == first.map { FrameTurn(frame: $0.frame + 1) })
        #expect(schedule.skipped == 0)
    }

    @Test(arguments: 1...20)
    func `a stall skips exactly the instants it covers and never shifts the grid`(
        periods: Int64
    ) throws {
        var (schedule, wake) = started()
        let first = try begin(&schedule, clock(wake))
        let stalled = clock(wake + Int64(Double(periods + 1) * period) + 1_000_000)
        let next = try begin(&schedule, stalled)
        #expect(next.frame == first.frame + 1 + periods)
        #expect(next.skipped == periods)
        #expect(schedule.skipped == periods)
        #expect(
            schedule.wakeTime(by: stalled) == stalled.host(tai: grid.instant(of: next.frame + 1)))
    }

    /// Sizes of a step in periods.
    static let sizes = [-216_000, -1000.3, -7.5, -2, -0.7, 0.7, 2, 7.5, 1000.3, 216_000]

    @Test(arguments: sizes, [true, false])
    func `a set clock moves the index, and within two periods the next frame is due`(
        size: Double, isAsleep: Bool
    ) throws {
        let step = Int64(size * period)
        var (schedule, wake) = started()
        let last = try begin(&schedule, clock(wake))
        // Set while the frame is made, or while the loop sleeps for the next one; it wakes a
        // little late, as real ones do.
        let free = wake + 8_000_000
        var next = schedule.wakeTime(by: clock(free, stepped: isAsleep ? 0 : step)) + 60_000
        if isAsleep {
            #expect(schedule.begin(clock(next, stepped: step)) == nil)
            next = schedule.wakeTime(by: clock(next, stepped: step)) + 60_000
        }
        let turn = try begin(&schedule, clock(next, stepped: step))
        #expect(turn.frame == grid.frame(at: clock(next, stepped: step).tai))
        // The even count runs on: what got no frame is skipped, the jump is not.
        #expect(turn.liveFrame == last.liveFrame + 1 + turn.skipped)
        #expect(turn.skipped == (isAsleep ? 1 : 0))
        #expect(Double(next - free) <= 2 * period)
        #expect(schedule.steps.count == 1)
        #expect(schedule.steps.last == step)
        #expect(turn.steppedNanoseconds == step)
        let after = clock(schedule.wakeTime(by: clock(next, stepped: step)), stepped: step)
        #expect(try begin(&schedule, after).steppedNanoseconds == 0)
    }

    @Test func `less than half a period, and slewing, are no steps`() throws {
        var (schedule, wake) = started()
        var frames: [Int64] = []
        // 500 ppm, the most adjtime gives, and a jump of 8 ms in the middle.
        for n in 0..<1000 {
            let stepped = Int64(n) * 8_300 - (n > 500 ? 8_000_000 : 0)
            frames.append(try begin(&schedule, clock(wake, stepped: stepped)).frame)
            wake = schedule.wakeTime(by: clock(wake + 1_000_000, stepped: stepped))
        }
        #expect(frames == Array(frames[0]..<frames[0] + 1000))
        #expect(schedule.steps.count == 0)
    }
}
