public import Geometry

/// What one OpenTrackIO 1.0.1 payload says, as far as this program uses it.
///
/// Every part is optional, as in the schema; what was absent is nil. Text is kept as fingerprints.
/// Not kept: `globalStage`, `relatedSampleIds`, `custom`, notes, exposure falloff, the PTP leader.
public struct OpenTrackIOSample: BitwiseCopyable, Sendable, Equatable {
    /// `protocol.version`.
    public var version: Version?
    /// New with each sample: the same one twice is a duplicate.
    public var sampleID: OpenTrackIOIdentifier?
    /// The producer.
    public var sourceID: OpenTrackIOIdentifier?
    /// Index of the stream of the producer: 1 … 200, or above 255.
    public var sourceNumber: UInt32?
    /// The sensor in the space the producer calls stage: all transforms in their order, metres.
    public var trackerFromSensor: Pose?
    /// What the tracker says of itself.
    public var tracker = TrackerBlock()
    /// When the sample was measured.
    public var timing = TimingBlock()
    /// The lens at that moment.
    public var lens = LensBlock()
    /// What seldom changes; sent about every 2 s, nil in all other samples.
    public var `static`: StaticBlock?

    /// A sample that says nothing.
    public init() {}

    /// Version of the protocol, as in 1.0.1.
    public struct Version: BitwiseCopyable, Sendable, Equatable {
        /// First digit, 0 … 9.
        public var major: UInt8
        /// Second digit, 0 … 9.
        public var minor: UInt8
        /// Third digit, 0 … 9.
        public var patch: UInt8

        /// A version of three digits.
        public init(_ major: UInt8, _ minor: UInt8, _ patch: UInt8) {
            self.major = major
            self.minor = minor
            self.patch = patch
        }
    }

    /// A ratio of whole numbers, both above zero: rates in Hz, durations in seconds.
    public struct Ratio: BitwiseCopyable, Sendable, Equatable {
        /// 1 … 2³¹ − 1.
        public var numerator: UInt32
        /// 1 … 2³² − 1.
        public var denominator: UInt32

        /// A ratio as it was sent, not in lowest terms.
        public init(_ numerator: UInt32, _ denominator: UInt32 = 1) {
            self.numerator = numerator
            self.denominator = denominator
        }

        /// The ratio as a number.
        public var value: Double { Double(numerator) / Double(denominator) }
    }

    /// `tracker`: what the tracking device says of itself.
    public struct TrackerBlock: BitwiseCopyable, Sendable, Equatable {
        /// It is recording.
        public var isRecording: Bool?
        /// Fingerprint of the slate.
        public var slate: UInt64?
        /// Fingerprint of the status, free text: to see it change.
        public var status: UInt64?
        /// The status has "lost" in it, as Mo-Sys' "Optical Lost": the pose is not to be trusted.
        public var saysLost = false

        /// A tracker that says nothing.
        public init() {}
    }
}
