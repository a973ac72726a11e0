import Geometry
import Tracking

/// A datagram around a payload or a part of one.
func datagram(
    _ payload: [UInt8], _ encoding: OpenTrackIOHeader.Encoding = .json, sequence: UInt16 = 0,
    offset: Int = 0, isLast: Bool = true,
    checksum: OpenTrackIOHeader.Checksum = .modulo256
) -> [UInt8] {
    let header = OpenTrackIOHeader(
        encoding: encoding, sequence: sequence, segmentOffset: UInt32(offset), isLast: isLast,
        payloadCount: payload.count, checksum: checksum)
    var bytes = [UInt8](repeating: 0xAA, count: OpenTrackIOHeader.size) + payload
    bytes.withUnsafeMutableBytes { header.encode(into: $0) }
    return bytes
}

/// How a sender numbers the parts of a payload.
enum Numbering: CaseIterable, Sendable {
    case alike, upward
}

/// The datagrams of one payload in parts of some bytes.
func parts(
    _ payload: [UInt8], of size: Int, _ numbering: Numbering, from sequence: UInt16,
    checksum: OpenTrackIOHeader.Checksum = .modulo256
) -> [[UInt8]] {
    let offsets = Array(stride(from: 0, to: payload.count, by: size))
    var next = sequence
    return offsets.map { offset in
        let end = min(offset + size, payload.count)
        defer {
            if numbering == .upward {
                next = next == 65535 && checksum == .modulo255 ? 1 : next &+ 1
            }
        }
        return datagram(
            Array(payload[offset..<end]), sequence: next, offset: offset,
            isLast: end == payload.count, checksum: checksum)
    }
}

extension OpenTrackIOAssembler {
    /// The payload a datagram completes, copied.
    mutating func payload(from datagram: [UInt8]) -> [UInt8]? {
        var found: [UInt8]?
        datagram.withUnsafeBytes { accept(datagram: $0) { found = Array($0.bytes) } }
        return found
    }

    /// The payloads some datagrams complete.
    mutating func payloads(from datagrams: [[UInt8]]) -> [[UInt8]] {
        datagrams.compactMap { payload(from: $0) }
    }

    /// The sample a datagram completes.
    mutating func sample(from datagram: [UInt8]) -> OpenTrackIOSample? {
        var found: OpenTrackIOSample?
        datagram.withUnsafeBytes {
            accept(datagram: $0) { payload throws(OpenTrackIOFault) in
                found = try OpenTrackIOSample(payload: payload.bytes, encoding: payload.encoding)
            }
        }
        return found
    }
}

extension OpenTrackIOSample {
    init(json: String) throws { try self.init(Array(json.utf8), .json) }

    init(_ bytes: [UInt8], _ encoding: OpenTrackIOHeader.Encoding) throws {
        self = try bytes.withUnsafeBytes {
            try OpenTrackIOSample(payload: $0, encoding: encoding)
        }
    }

    /// The payload of the sample.
    func encoded(
        _ encoding: OpenTrackIOHeader.Encoding, words: OpenTrackIOWords = OpenTrackIOWords()
    ) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: TrackingLimits.payloadBytes)
        let count = try bytes.withUnsafeMutableBytes {
            try encode(as: encoding, words: words, into: $0)
        }
        return Array(bytes[..<count])
    }

    /// A sample with every field there is.
    static var full: OpenTrackIOSample {
        var sample = OpenTrackIOSample()
        sample.version = Version(1, 0, 1)
        sample.sampleID = OpenTrackIOIdentifier(
            high: 0x1234_5678_9ABC_DEF0, low: 0x0FED_CBA9_8765_4321)
        sample.sourceID = OpenTrackIOIdentifier(high: 7, low: 0xFFFF_0000_0000_0001)
        sample.sourceNumber = 14
        sample.trackerFromSensor = Pose(
            pan: 30 * degree, tilt: 20 * degree, roll: -10 * degree,
            translation: Vector3(1.25, -2.0003590773378694, 1.6e-3))
        sample.tracker.isRecording = true
        sample.timing = fullTiming
        sample.lens = fullLens
        var block = StaticBlock()
        block.duration = Ratio(1, 25)
        block.captureFrameRate = Ratio(24000, 1001)
        block.sensor = Sensor(widthMillimeters: 35.9, heightMillimeters: 20.2)
        block.resolution = Resolution(width: 3840, height: 2160)
        block.anamorphicSqueeze = Ratio(2)
        sample.static = block
        return sample
    }

    private static var fullTiming: TimingBlock {
        var timing = TimingBlock()
        timing.mode = .internal
        timing.sampleRate = Ratio(24000, 1001)
        timing.sampleTimestamp = Timestamp(seconds: 1_718_806_554, nanoseconds: 999_999_999)
        timing.sequenceNumber = .max
        timing.timecode = Timecode(
            hours: 23, minutes: 59, seconds: 58, frames: 23, rate: Ratio(24000, 1001),
            subFrame: 1, dropsFrames: true)
        var synchronization = Synchronization(isLocked: true, source: .videoIn)
        synchronization.isPresent = true
        synchronization.frequency = Ratio(24, 1)
        synchronization.translationOffset = -0.0041
        synchronization.rotationOffset = 0.002
        synchronization.lensEncodersOffset = 5e-08
        timing.synchronization = synchronization
        return timing
    }

    private static var fullLens: LensBlock {
        var lens = LensBlock()
        lens.pinholeFocalLengthMillimeters = 24.305
        lens.entrancePupilOffset = -0.0123
        lens.fStop = 2.8
        lens.focusDistance = 3.1
        lens.distortion = LensDistortion(
            direction: .distorts,
            radial: [1.2345678901234567e-12, -2e-4, 0, 3.25e-7, 1e-30, 9.87654321e-9],
            tangential: Vector2(1e-5, -2e-5))
        lens.overscan = 1.1332
        lens.distortionOffsetMillimeters = Vector2(0.1, -0.2)
        lens.projectionOffsetMillimeters = Vector2(-0.3, 1.0 / 3)
        lens.encoders = Rings(focus: 0, iris: 0.10009575395676518, zoom: 1)
        lens.rawEncoders = Rings(focus: 0, iris: 65535, zoom: .max)
        return lens
    }
}
