public import Timing

/// Which frame is made next: the grid decides, lateness never shifts it.
///
///     grid     n        n+1      n+2      n+3
///     make     |nnnnnnnnnnnnn|            |n+3…     n late; n+1 made late or skipped, none queued
public struct FrameSchedule: BitwiseCopyable, Sendable {
    /// The frame grid.
    public let grid: FrameGrid
    /// The frame to make next.
    public private(set) var next: Int64
    /// Grid instants that got no frame of their own.
    public private(set) var skipped: Int64

    /// A schedule whose first frame is the first one after an instant.
    public init(grid: FrameGrid, startingAfter now: TAITime) {
        self.grid = grid
        next = grid.frame(at: now) + 1
        skipped = 0
    }

    /// When to wake for the next frame.
    /// - Frame path: yes
    public var wakeTime: TAITime { grid.instant(of: next) }

    /// The frame to make, now that the loop is awake: the next one, or the current one when whole
    /// periods have been missed.
    /// - Frame path: yes
    public mutating func begin(now: TAITime) -> Int64 {
        let current = grid.frame(at: now)
        if current > next {
            skipped += current - next
            next = current
        }
        defer { next += 1 }
        return next
    }
}
