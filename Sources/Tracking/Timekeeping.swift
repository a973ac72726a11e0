/// How a source keeps time: its rhythm and its clock, as its packets show them.
public struct Timekeeping: BitwiseCopyable, Sendable {
    /// Packets a second; 0 while they are not known.
    public var rate = 0.0
    /// They are known and more than a fiftieth off what the stage file says.
    public var isRateWrong = false
    /// How early or late packets come beside an even rhythm, mean magnitude, nanoseconds; 0 before
    /// a rhythm is known.
    public var jitterNanoseconds = 0.0
    /// The stamps are said to be of PTP time, and the newest cannot be of this machine's.
    public var isClockWrong = false
    /// Host clock less the source's own, nanoseconds; 0 where it sends no stamps.
    public var clockOffset: Int64 = 0

    /// Of a source that was never heard.
    public init() {}

    init(
        rate: Double, isRateWrong: Bool, jitterNanoseconds: Double, isClockWrong: Bool,
        clockOffset: Int64
    ) {
        self.rate = rate
        self.isRateWrong = isRateWrong
        self.jitterNanoseconds = jitterNanoseconds
        self.isClockWrong = isClockWrong
        self.clockOffset = clockOffset
    }
}
