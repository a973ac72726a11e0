/// A frame rate as a ratio of whole numbers, Hz: 24000/1001, 60/1.
public struct FrameRate: BitwiseCopyable, Sendable, Hashable {
    /// Numerator, > 0.
    public let numerator: Int64
    /// Denominator, > 0.
    public let denominator: Int64

    /// A rate in lowest terms, or nil unless 1 Hz … 1000 Hz.
    public init?(_ numerator: Int64, _ denominator: Int64 = 1) {
        guard numerator > 0, denominator > 0, numerator <= 1_000_000, denominator <= 1_000_000,
            numerator >= denominator, numerator <= 1000 * denominator
        else { return nil }
        var (a, b) = (numerator, denominator)
        while b != 0 { (a, b) = (b, a % b) }
        self.numerator = numerator / a
        self.denominator = denominator / a
    }

    /// Frames a second.
    @inlinable public var hertz: Double { Double(numerator) / Double(denominator) }

    /// One frame, seconds.
    @inlinable public var period: Double { Double(denominator) / Double(numerator) }
}

/// The frame grid of SMPTE ST 2059-1: alignment points at epoch + n·period in TAI.
public struct FrameGrid: BitwiseCopyable, Sendable, Hashable {
    /// Frames a second.
    public let rate: FrameRate

    /// The grid of a rate.
    public init(rate: FrameRate) { self.rate = rate }

    /// The frame whose alignment point is at or before an instant.
    /// - Frame path: yes
    public func frame(at instant: TAITime) -> Int64 {
        precondition(instant.nanoseconds >= 0, "TAI before 1970 has no frame")
        let scaled = UInt64(instant.nanoseconds).multipliedFullWidth(by: UInt64(rate.numerator))
        return Int64(UInt64(rate.denominator * 1_000_000_000).dividingFullWidth(scaled).quotient)
    }

    /// The alignment point of a frame, rounded down to the nanosecond.
    /// - Frame path: yes
    public func instant(of frame: Int64) -> TAITime {
        precondition(frame >= 0, "a frame index is not negative")
        let scaled = UInt64(frame).multipliedFullWidth(
            by: UInt64(rate.denominator * 1_000_000_000))
        return TAITime(
            nanoseconds: Int64(UInt64(rate.numerator).dividingFullWidth(scaled).quotient))
    }

    /// The RTP time stamp of a frame: floor(n · 90000 · period) mod 2³² (ST 2110-10).
    /// - Frame path: yes
    public func rtpTimestamp(of frame: Int64) -> UInt32 {
        precondition(frame >= 0, "a frame index is not negative")
        let scaled = UInt64(frame).multipliedFullWidth(by: UInt64(90_000 * rate.denominator))
        let quotient = UInt64(rate.numerator).dividingFullWidth(scaled).quotient
        return UInt32(truncatingIfNeeded: quotient)
    }
}
