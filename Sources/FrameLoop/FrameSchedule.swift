public import Timing

/// A frame that is due.
public struct FrameTurn: BitwiseCopyable, Sendable, Equatable {
    /// Its index on the grid.
    public var frame: Int64
    /// The same less what steps of the clock have moved the grid's index by: it runs on evenly, and
    /// the fades of the live state are counted in it.
    public var liveFrame: Int64
    /// Grid instants since the last frame that got none of their own.
    public var skipped: Int64
    /// What the clock was set by since the last frame, nanoseconds, > 0 forwards.
    public var steppedNanoseconds: Int64

    /// A frame of a clock that has never stepped.
    public init(frame: Int64) {
        self.frame = frame
        liveFrame = frame
        skipped = 0
        steppedNanoseconds = 0
    }
}

/// Which frame is made next: the grid decides, lateness never shifts it.
///
///     grid     n        n+1      n+2      n+3
///     make     |nnnnnnnnnnnnn|            |n+3…     n late; n+1 made late or skipped, none queued
///
/// The grid is in TAI, which steps when somebody sets the machine's clock, and frames are slept for
/// on the host clock, which never does. A step of more than half a period makes the index jump to
/// where the grid now stands; the first instant after it gets no frame, the next one does.
public struct FrameSchedule: BitwiseCopyable, Sendable {
    /// The frame grid.
    public let grid: FrameGrid
    /// The frame to make next.
    public private(set) var next: Int64
    /// Grid instants that got no frame of their own.
    public private(set) var skipped: Int64 = 0
    /// Steps of the clock, and the last one's size in nanoseconds, > 0 forwards.
    public private(set) var steps = (count: 0, last: Int64(0))
    /// What the steps have moved the grid's index by.
    private var jumped: Int64 = 0
    /// Skipped instants the next turn tells of.
    private var untold: Int64 = 0
    /// Nanoseconds the next turn tells the clock was set by.
    private var untoldStep: Int64 = 0
    /// TAI less host time when it was last looked at.
    private var offset: Int64

    /// A schedule whose first frame is the first one after an instant.
    public init(grid: FrameGrid, startingAfter clock: ClockSample) {
        self.grid = grid
        next = grid.frame(at: clock.tai) + 1
        offset = clock.tai.nanoseconds - clock.host.nanoseconds
    }

    /// When to wake for the next frame, by the clocks of now.
    /// - Frame path: yes
    public mutating func wakeTime(by clock: ClockSample) -> HostTime {
        _ = follow(clock)
        return clock.host(tai: grid.instant(of: next))
    }

    /// The frame to make, now that the loop is awake: the next one, or the current one when whole
    /// periods have been missed; nil when the clock has stepped: then one sleeps again.
    /// - Frame path: yes
    public mutating func begin(_ clock: ClockSample) -> FrameTurn? {
        if follow(clock) { return nil }
        skip(to: grid.frame(at: clock.tai))
        var turn = FrameTurn(frame: next)
        turn.liveFrame = next - jumped
        turn.skipped = untold
        turn.steppedNanoseconds = untoldStep
        (untold, untoldStep) = (0, 0)
        next += 1
        return turn
    }

    private mutating func skip(to current: Int64) {
        guard current > next else { return }
        skipped += current - next
        untold += current - next
        next = current
    }

    /// Moves the index with the clock; true when it has stepped.
    private mutating func follow(_ clock: ClockSample) -> Bool {
        let now = clock.tai.nanoseconds - clock.host.nanoseconds
        let step = now - offset
        offset = now
        // Smaller ones, and what a clock is slewed by, make one frame longer or shorter.
        guard Double(step.magnitude) > grid.rate.period * 0.5e9 else { return false }
        // Where the index would be without the step, missed instants counted.
        skip(to: grid.frame(at: TAITime(nanoseconds: clock.tai.nanoseconds - step)) + 1)
        let index = grid.frame(at: clock.tai) + 1
        jumped += index - next
        next = index
        steps = (steps.count + 1, step)
        untoldStep += step
        return true
    }
}
