import FrameLoop
import Testing
import Timing

@Suite struct `The schedule` {
    let grid = FrameGrid(rate: FrameRate(60000, 1001)!)
    let start = TAITime(nanoseconds: 1_767_225_637_000_000_000)

    func after(_ instant: TAITime, milliseconds: Int64) -> TAITime {
        TAITime(nanoseconds: instant.nanoseconds + milliseconds * 1_000_000)
    }

    @Test func `frames follow one another on the grid`() {
        var schedule = FrameSchedule(grid: grid, startingAfter: start)
        var frames: [Int64] = []
        for _ in 0..<1000 {
            let wake = schedule.wakeTime
            frames.append(schedule.begin(now: wake))
            #expect(grid.instant(of: frames.last!) == wake)
        }
        #expect(frames == Array(frames[0]..<frames[0] + 1000))
        #expect(schedule.skipped == 0)
    }

    @Test func `a frame that takes too long makes the next one late but skips none`() {
        var schedule = FrameSchedule(grid: grid, startingAfter: start)
        let first = schedule.begin(now: schedule.wakeTime)
        let second = schedule.begin(now: after(schedule.wakeTime, milliseconds: 5))
        #expect(second == first + 1)
        #expect(schedule.skipped == 0)
    }

    @Test(arguments: 1...20)
    func `a stall skips exactly the instants it covers and never shifts the grid`(periods: Int64) {
        var schedule = FrameSchedule(grid: grid, startingAfter: start)
        let first = schedule.begin(now: schedule.wakeTime)
        let stalled = after(grid.instant(of: first + 1 + periods), milliseconds: 1)
        let next = schedule.begin(now: stalled)
        #expect(next == first + 1 + periods)
        #expect(schedule.skipped == periods)
        #expect(schedule.wakeTime == grid.instant(of: next + 1))
    }
}
