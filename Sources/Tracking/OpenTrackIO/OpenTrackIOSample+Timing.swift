public import Timing

extension OpenTrackIOSample {
    /// `timing`: when the sample was measured, and against what.
    public struct TimingBlock: BitwiseCopyable, Sendable, Equatable {
        /// Who says when the sample was measured.
        public var mode: Mode?
        /// Samples a second.
        public var sampleRate: Ratio?
        /// The capture instant by the producer's PTP clock.
        public var sampleTimestamp: Timestamp?
        /// One up each sample; wraps.
        public var sequenceNumber: UInt32?
        /// SMPTE timecode of the sample.
        public var timecode: Timecode?
        /// What the tracking device is synchronized to.
        public var synchronization: Synchronization?

        /// Timing that says nothing.
        public init() {}
    }

    /// Who says when the sample was measured.
    public enum Mode: UInt8, BitwiseCopyable, Sendable {
        /// The sample itself, by its time stamp.
        case `internal`
        /// Whatever carries it.
        case external
    }

    /// An instant of PTP: seconds and nanoseconds since 1970-01-01 TAI.
    ///
    /// Some producers, the reference sender among them, fill in UTC: 37 s less.
    public struct Timestamp: BitwiseCopyable, Sendable, Equatable {
        /// 0 … 2⁴⁸ − 1.
        public var seconds: UInt64
        /// The schema allows any 32 bits; above 999,999,999 they run on into the seconds.
        public var nanoseconds: UInt32

        /// An instant of seconds and nanoseconds.
        public init(seconds: UInt64, nanoseconds: UInt32) {
            self.seconds = seconds
            self.nanoseconds = nanoseconds
        }

        /// The instant as TAI, or nil after the year 2262, which 64 bits of nanoseconds end in.
        public var tai: TAITime? {
            let (product, tooLarge) = Int64(clamping: seconds).multipliedReportingOverflow(
                by: 1_000_000_000)
            let (sum, overflows) = product.addingReportingOverflow(Int64(nanoseconds))
            return tooLarge || overflows ? nil : TAITime(nanoseconds: sum)
        }
    }

    /// SMPTE timecode with its rate.
    public struct Timecode: BitwiseCopyable, Sendable, Equatable {
        /// 0 … 23.
        public var hours: UInt8
        /// 0 … 59.
        public var minutes: UInt8
        /// 0 … 59.
        public var seconds: UInt8
        /// 0 … 119, and below the rate rounded up.
        public var frames: UInt8
        /// Frames a second.
        public var rate: Ratio
        /// Part of the frame, 0 the first.
        public var subFrame: UInt32
        /// Frame numbers are left out to keep up with the clock (SMPTE ST 12-1).
        public var dropsFrames: Bool

        /// A timecode at a rate.
        public init(
            hours: UInt8, minutes: UInt8, seconds: UInt8, frames: UInt8, rate: Ratio,
            subFrame: UInt32 = 0, dropsFrames: Bool = false
        ) {
            self.hours = hours
            self.minutes = minutes
            self.seconds = seconds
            self.frames = frames
            self.rate = rate
            self.subFrame = subFrame
            self.dropsFrames = dropsFrames
        }
    }

    /// What the tracking device is synchronized to.
    public struct Synchronization: BitwiseCopyable, Sendable, Equatable {
        /// The device follows it.
        public var isLocked: Bool
        /// What it is; nil for a word the schema does not have.
        public var source: SynchronizationSource?
        /// It is there, though the device may not follow it.
        public var isPresent: Bool?
        /// Of the signal, Hz; may differ from the sample rate.
        public var frequency: Ratio?
        /// From the signal to the measurement of the translation, seconds.
        public var translationOffset: Double?
        /// From the signal to the measurement of the rotation, seconds.
        public var rotationOffset: Double?
        /// From the signal to the reading of the lens encoders, seconds.
        public var lensEncodersOffset: Double?

        /// Synchronization without offsets.
        public init(isLocked: Bool, source: SynchronizationSource?) {
            self.isLocked = isLocked
            self.source = source
        }
    }

    /// Signals a tracking device follows.
    public enum SynchronizationSource: UInt8, BitwiseCopyable, Sendable, CaseIterable {
        /// Black burst or tri-level sync.
        case genlock
        /// A video signal.
        case videoIn
        /// A PTP leader.
        case ptp
        /// An NTP server.
        case ntp

        /// The schema's word.
        var word: StaticString {
            switch self {
            case .genlock: "genlock"
            case .videoIn: "videoIn"
            case .ptp: "ptp"
            case .ntp: "ntp"
            }
        }
    }
}
