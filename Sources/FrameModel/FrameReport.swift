public import Timing
public import Tracking

/// How far a camera's picture of a past frame turned out to lie from where the camera looked, in
/// its own pixels at the worst corner.
public struct RegistrationFigure: BitwiseCopyable, Sendable, Equatable {
    /// Seen far away, where only the turn counts.
    public var horizon: Float
    /// Seen at the distance of the wall on the camera's axis.
    public var wall: Float

    /// A figure, pixels.
    public init(horizon: Float, wall: Float) {
        self.horizon = horizon
        self.wall = wall
    }

    /// No past frame was judged.
    public static var none: RegistrationFigure { RegistrationFigure(horizon: -1, wall: -1) }

    /// A past frame was judged.
    public var isKnown: Bool { horizon >= 0 }
}

/// What one tracking source was at a frame; its counts are those since the start, and wrap.
public struct TrackerFigure: BitwiseCopyable, Sendable, Equatable {
    /// How far its pose could be trusted.
    public var status: TrackingStatus
    /// Times its own clock was found to have been set.
    public var clockSteps: UInt8
    /// Packets that came faster than they could be taken.
    public var dropped: UInt16
    /// What is wrong with how it keeps time.
    public var alarms: TrackerAlarms
    /// Packets a second; 0 while they are not known.
    public var rate: Float
    /// How much longer its delay is than it was, nanoseconds.
    public var delayChange: Int64
    /// Times its delay was found to have changed.
    public var delayChanges: UInt8

    /// A figure; of a source never heard when nothing is given.
    public init(
        status: TrackingStatus = .never, clockSteps: UInt8 = 0, dropped: UInt16 = 0,
        alarms: TrackerAlarms = [], rate: Float = 0, delayChange: Int64 = 0,
        delayChanges: UInt8 = 0
    ) {
        self.status = status
        self.clockSteps = clockSteps
        self.dropped = dropped
        self.alarms = alarms
        self.rate = rate
        self.delayChange = delayChange
        self.delayChanges = delayChanges
    }
}

/// What is wrong with how a tracking source keeps time.
public struct TrackerAlarms: OptionSet, BitwiseCopyable, Sendable {
    /// A bit an alarm.
    public let rawValue: UInt8

    /// Alarms of their bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It sends another number of packets a second than the stage file says.
    public static let rate = TrackerAlarms(rawValue: 1)
    /// Its stamps are not of the PTP time they are said to be of.
    public static let clock = TrackerAlarms(rawValue: 2)
    /// Its delay is another than it was.
    public static let delay = TrackerAlarms(rawValue: 4)
}

/// What became of one frame: when each step was done and what went wrong.
public struct FrameReport: BitwiseCopyable, Sendable {
    /// Frame index on the grid.
    public var frame: Int64
    /// The frame's grid instant, as the clocks were mapped when the loop woke for it.
    public var tickTime: HostTime
    /// Newest packet used for the first camera, host clock; 0 when none.
    public var arrivalTime: HostTime
    /// When the loop woke for the frame.
    public var wokeTime: HostTime
    /// When the plan stood.
    public var plannedTime: HostTime
    /// When the first tile was done.
    public var firstTileTime: HostTime
    /// When the last tile was done.
    public var lastTileTime: HostTime
    /// When the frame was handed to its outputs.
    public var handedOverTime: HostTime
    /// CPU time of the loop thread over the frame, nanoseconds.
    public var loopCPUNanoseconds: Int64
    /// CPU time of the frame's rendering, a thread's share of it, nanoseconds.
    public var workerCPUNanoseconds: Int64
    /// The most that threads of our own can have kept the frame waiting, nanoseconds.
    public var waitNanoseconds: Int64
    /// Age of the pose sample at `lightTime`, nanoseconds; how far prediction reached.
    public var sampleAgeNanoseconds: Int64
    /// Of each camera, a past frame whose `lightTime` its tracker has now told of.
    public var registration: InlineArray<8, RegistrationFigure>
    /// Of each tracking source, what it was.
    public var trackers: InlineArray<16, TrackerFigure>
    /// What the machine's clock was set by since the last frame, nanoseconds, > 0 forwards.
    public var clockStepNanoseconds: Int64
    /// Handed over after grid instant n + 1.
    public var isLate: Bool
    /// Late by our own work (design §6), else by the machine.
    public var isLateByUs: Bool
    /// Grid instants before it that got no frame of their own.
    public var skipped: Int32
    /// Outputs that had no free canvas.
    public var droppedOutputs: Int32
    /// Mesh triangles that found no room (`RenderLimits.meshTriangles`) and were left out.
    public var droppedTriangles: Int32
    /// Movies that were not at the picture the frame asked for.
    public var lateMovies: Int32
    /// Quality step it was drawn at (`Quality.steps`).
    public var quality: UInt8
    /// An operator holds that step.
    public var isQualityHeld: Bool
    /// The wall shows the quality view's colors, not the picture's.
    public var isFalseColor: Bool
    /// What the walls showed instead of the picture.
    public var pattern: TestPattern
    /// Revision of the live state shown.
    public var revision: UInt64

    /// A report with nothing done yet.
    public init(frame: Int64) {
        self.frame = frame
        let never = HostTime(nanoseconds: 0)
        tickTime = never
        arrivalTime = never
        wokeTime = never
        plannedTime = never
        firstTileTime = never
        lastTileTime = never
        handedOverTime = never
        loopCPUNanoseconds = 0
        workerCPUNanoseconds = 0
        waitNanoseconds = 0
        sampleAgeNanoseconds = 0
        registration = InlineArray(repeating: .none)
        trackers = InlineArray(repeating: TrackerFigure())
        clockStepNanoseconds = 0
        isLate = false
        isLateByUs = false
        skipped = 0
        droppedOutputs = 0
        droppedTriangles = 0
        lateMovies = 0
        quality = 0
        isQualityHeld = false
        isFalseColor = false
        pattern = .picture
        revision = 0
    }
}
