public import Geometry
public import Timing

/// A producer of OpenTrackIO 1.0.1: one datagram a sample, as a simulated tracker sends them.
///
/// What it says is what receivers in the field need (tracking.md §2.5, §2.7): a stamp of PTP time,
/// rings and, where it is told one, a focal length; every two seconds the static block with
/// everything that names a subject. Not for the frame path: encoding allocates.
public struct OpenTrackIOProducer: Sendable {
    /// The stream's number, 1 … 200.
    public var sourceNumber: UInt32
    /// JSON or CBOR.
    public var encoding: OpenTrackIOHeader.Encoding
    /// Focal length at the wide end, mm, twice that at the tele end; nil leaves it unsaid.
    public var focalLengthMillimeters: Double?
    /// The recorded area of the sensor.
    public var sensor: Sensor
    /// Makes identifiers differ from another producer's.
    public var seed: UInt64

    /// A full-frame camera without lens data.
    public init(
        sourceNumber: UInt32, encoding: OpenTrackIOHeader.Encoding = .json, seed: UInt64 = 1
    ) {
        self.sourceNumber = sourceNumber
        self.encoding = encoding
        self.seed = seed
        sensor = CameraPicture.fullFrameWide.sensor
    }

    /// Writes sample n as a whole datagram and says how many bytes it has; nil: it does not fit.
    ///
    /// - Parameters:
    ///   - number: of the sample, one up each.
    ///   - pose: the sensor in the tracker's space, metres.
    ///   - zoom: 0 wide … 1 tele.
    ///   - instant: when the sample was measured.
    ///   - rate: samples a second.
    ///   - datagram: where to.
    public func write(
        _ number: UInt64, pose: Pose, zoom: Double, at instant: TAITime, rate: FrameRate,
        into datagram: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var sample = sample(number, pose: pose, zoom: zoom, at: instant, rate: rate)
        if number % UInt64((2 * rate.hertz).rounded()) == 0 { sample.static = staticBlock(rate) }
        let room = UnsafeMutableRawBufferPointer(rebasing: datagram[OpenTrackIOHeader.size...])
        guard let count = try? sample.encode(as: encoding, words: words, into: room) else {
            return nil
        }
        OpenTrackIOHeader(
            encoding: encoding, sequence: UInt16(truncatingIfNeeded: number), payloadCount: count
        ).encode(into: datagram)
        return OpenTrackIOHeader.size + count
    }

    private func sample(
        _ number: UInt64, pose: Pose, zoom: Double, at instant: TAITime, rate: FrameRate
    ) -> OpenTrackIOSample {
        var random = SplitMix64(seed: seed &+ number &* 0x9E37_79B9)
        var sample = OpenTrackIOSample()
        sample.sampleID = OpenTrackIOIdentifier(high: random.next(), low: random.next())
        sample.sourceID = OpenTrackIOIdentifier(high: seed, low: UInt64(sourceNumber))
        sample.sourceNumber = sourceNumber
        sample.trackerFromSensor = pose
        sample.timing.mode = .internal
        sample.timing.sampleRate = ratio(rate)
        sample.timing.sequenceNumber = UInt32(truncatingIfNeeded: number)
        let (seconds, rest) = instant.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        sample.timing.sampleTimestamp = OpenTrackIOSample.Timestamp(
            seconds: UInt64(max(0, seconds)), nanoseconds: UInt32(max(0, rest)))
        sample.lens.encoders = OpenTrackIOSample.Rings(focus: 0.5, zoom: zoom)
        if let wide = focalLengthMillimeters {
            sample.lens.pinholeFocalLengthMillimeters = wide * (1 + zoom)
            sample.lens.entrancePupilOffset = 0.1
        }
        return sample
    }

    private func staticBlock(_ rate: FrameRate) -> OpenTrackIOSample.StaticBlock {
        var block = OpenTrackIOSample.StaticBlock()
        block.captureFrameRate = ratio(rate)
        block.sensor = sensor
        return block
    }

    private func ratio(_ rate: FrameRate) -> OpenTrackIOSample.Ratio {
        OpenTrackIOSample.Ratio(UInt32(rate.numerator), UInt32(rate.denominator))
    }

    private var words: OpenTrackIOWords {
        var words = OpenTrackIOWords()
        words.cameraMake = "Cyclorama"
        words.cameraModel = "simulated"
        words.cameraSerialNumber = "\(sourceNumber)"
        words.cameraLabel = "simulated \(sourceNumber)"
        return words
    }
}
