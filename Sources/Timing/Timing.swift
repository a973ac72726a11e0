/// Host time, TAI, rational rates and the frame grid (SMPTE ST 2059-1): arithmetic only.
///
/// The grid is epoch + n·period in TAI, computed from the index, never by adding. Nothing here
/// reads a clock; `Platform` does, and hands the values in.
///
/// The way through: `HostTime`, `TAITime` → `ClockSample` (both at one instant) → `FrameRate` →
/// `FrameGrid`.
public enum Timing {}

/// An instant of CLOCK_MONOTONIC, nanoseconds.
public struct HostTime: BitwiseCopyable, Sendable, Hashable, Comparable {
    /// Nanoseconds since the machine's boot.
    public var nanoseconds: Int64

    /// An instant of CLOCK_MONOTONIC.
    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Earlier than.
    @inlinable
    public static func < (a: HostTime, b: HostTime) -> Bool { a.nanoseconds < b.nanoseconds }

    /// Nanoseconds from the right instant to the left one.
    @inlinable
    public static func - (a: HostTime, b: HostTime) -> Int64 { a.nanoseconds - b.nanoseconds }

    /// The instant some nanoseconds later.
    @inlinable
    public static func + (a: HostTime, nanoseconds: Int64) -> HostTime {
        HostTime(nanoseconds: a.nanoseconds + nanoseconds)
    }

    /// Seconds since boot, for arithmetic in doubles.
    @inlinable public var seconds: Double { Double(nanoseconds) * 1e-9 }
}

/// An instant of International Atomic Time since 1970-01-01T00:00:00 TAI, nanoseconds.
public struct TAITime: BitwiseCopyable, Sendable, Hashable, Comparable {
    /// Nanoseconds since 1970-01-01T00:00:00 TAI (ST 2059-1 epoch).
    public var nanoseconds: Int64

    /// An instant of TAI.
    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Earlier than.
    @inlinable
    public static func < (a: TAITime, b: TAITime) -> Bool { a.nanoseconds < b.nanoseconds }
}

/// The machine's clocks read together at one instant, so that one maps to another.
public struct ClockSample: BitwiseCopyable, Sendable, Equatable {
    /// CLOCK_MONOTONIC.
    public var host: HostTime
    /// CLOCK_REALTIME, nanoseconds since 1970 UTC; kernel packet stamps are in it.
    public var realtimeNanoseconds: Int64
    /// TAI: the kernel's when it has an offset, else UTC plus the configured one.
    public var tai: TAITime
    /// The kernel had no TAI offset: `tai` is UTC plus the configured one.
    public var usesConfiguredOffset: Bool

    /// Three clocks at one instant.
    public init(
        host: HostTime, realtimeNanoseconds: Int64, tai: TAITime,
        usesConfiguredOffset: Bool = false
    ) {
        self.host = host
        self.realtimeNanoseconds = realtimeNanoseconds
        self.tai = tai
        self.usesConfiguredOffset = usesConfiguredOffset
    }

    /// Host time of a CLOCK_REALTIME instant.
    /// - Frame path: yes
    public func host(realtimeNanoseconds instant: Int64) -> HostTime {
        host + (instant - realtimeNanoseconds)
    }

    /// Host time of a TAI instant.
    /// - Frame path: yes
    public func host(tai instant: TAITime) -> HostTime {
        host + (instant.nanoseconds - tai.nanoseconds)
    }

    /// TAI of a host instant.
    /// - Frame path: yes
    public func tai(host instant: HostTime) -> TAITime {
        TAITime(nanoseconds: tai.nanoseconds + (instant - host))
    }
}
