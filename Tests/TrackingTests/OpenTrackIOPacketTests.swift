import Foundation
import Geometry
import TestSupport
import Testing
import Tracking

/// Packets of the reference sender and of other people's framing.
@Suite(.enabled(if: TestData.has("opentrackio/packets"), "shared test data is absent"))
struct OpenTrackIOPacketTests {
    struct Packet: Decodable {
        var file: String
        var encoding: UInt8
        var sequence: UInt16
        var segmentOffset: UInt32
        var last, payloadLength: Int
        var checksum, fletcher_mod256, fletcher_mod255: String
    }

    static let folder = "opentrackio/packets"

    private func packets() throws -> [Packet] {
        try JSONDecoder().decode(
            [Packet].self, from: Data(TestData.bytes("\(Self.folder)/manifest.json")))
    }

    private func packet(_ file: String) throws -> [UInt8] {
        try TestData.bytes("\(Self.folder)/\(file)")
    }

    @Test func `every header is what the manifest says`() throws {
        let packets = try packets()
        #expect(packets.count == 18)
        for expected in packets {
            let bytes = try packet(expected.file)
            let isRight = [expected.fletcher_mod256, expected.fletcher_mod255].contains(
                expected.checksum)
            let rule: OpenTrackIOHeader.ChecksumRule = isRight ? .published : .ignored
            let header = try bytes.withUnsafeBytes {
                try OpenTrackIOHeader(datagram: $0, rule: rule)
            }
            #expect(header.encoding.rawValue == expected.encoding, "\(expected.file)")
            #expect(header.sequence == expected.sequence, "\(expected.file)")
            #expect(header.segmentOffset == expected.segmentOffset, "\(expected.file)")
            #expect(header.isLast == (expected.last == 1), "\(expected.file)")
            #expect(header.payloadCount == expected.payloadLength, "\(expected.file)")
            if header.checksum == .ignored {
                #expect(throws: OpenTrackIOHeader.Fault.badChecksum, "\(expected.file)") {
                    try bytes.withUnsafeBytes { try OpenTrackIOHeader(datagram: $0) }
                }
                continue
            }
            #expect(
                header.checksum
                    == (expected.checksum == expected.fletcher_mod256 ? .modulo256 : .modulo255))
            var again = bytes
            again.withUnsafeMutableBytes { header.encode(into: $0) }
            #expect(again == bytes, "\(expected.file)")
        }
    }

    @Test func `every whole packet is a sample and the damaged ones are none`() throws {
        for expected in try packets() where !expected.file.contains("seg") {
            var assembler = OpenTrackIOAssembler()
            let sample = assembler.sample(from: try packet(expected.file))
            let isRight = [expected.fletcher_mod256, expected.fletcher_mod255].contains(
                expected.checksum)
            #expect((sample != nil) == isRight, "\(expected.file)")
            #expect(assembler.newestFault == nil, "\(expected.file)")
        }
    }

    @Test func `both ways of numbering parts give their sample`() throws {
        for (name, count) in [("own_seg_sameseq", 3), ("ref_json_4seg_incseq", 4)] {
            var assembler = OpenTrackIOAssembler()
            var samples: [OpenTrackIOSample] = []
            for part in 0..<count {
                let sample = assembler.sample(from: try packet("\(name)_\(part).bin"))
                if let sample { samples.append(sample) }
            }
            #expect(samples.count == 1, "\(name)")
            #expect(assembler.counters.accepted == 1, "\(name)")
            #expect(assembler.counters.lost == 0, "\(name)")
        }
    }

    @Test func `a packet of the reference sender says what it says`() throws {
        for encoding in ["json", "cbor"] {
            var assembler = OpenTrackIOAssembler()
            let found = assembler.sample(from: try packet("ref_\(encoding)_0.bin"))
            let sample = try #require(found, "\(encoding)")
            #expect(sample.version == .init(1, 0, 1))
            #expect(sample.sourceNumber == 14)
            #expect(sample.sourceID?.high != 0)
            #expect(sample.timing.mode == .internal)
            #expect(sample.timing.sampleRate == .init(24000, 1001))
            #expect((sample.timing.sampleTimestamp?.seconds ?? 0) > 1_700_000_000)
            #expect(sample.timing.synchronization?.source == .ptp)
            #expect(sample.timing.synchronization?.isLocked == true)
            #expect(sample.lens.pinholeFocalLengthMillimeters == 24.305)
            #expect(sample.lens.entrancePupilOffset == 0.123)
            #expect(sample.lens.fStop == 4)
            #expect(sample.lens.focusDistance == 10)
            #expect(
                sample.lens.distortion
                    == LensDistortion(radial: [1, 2, 3, 0, 0, 0], tangential: Vector2(1, 2)))
            #expect(sample.lens.overscan == 3.1)
            #expect(sample.lens.projectionOffsetMillimeters == Vector2(0.1, 0.2))
            #expect(sample.tracker.saysLost == false)
            #expect(sample.static == nil)
            let turn = try #require(sample.trackerFromSensor).rotation.panTiltRoll
            #expect(turn.pan.isFinite && turn.tilt.isFinite && turn.roll.isFinite)
        }
    }

    @Test func `one example is the same sample in both encodings`() throws {
        var assembler = OpenTrackIOAssembler()
        let json = assembler.sample(from: try packet("own_json_compact_mod256.bin"))
        let cbor = assembler.sample(from: try packet("own_cbor_float64.bin"))
        #expect(json != nil)
        #expect(json == cbor)
    }

    /// The example with scales and three transforms, against four-by-four matrices.
    @Test func `the complete example of the specification is read as Foundation reads it`() throws {
        let file = "opentrackio/examples/complete_static_example.json"
        let text = try TestData.bytes(file)
        let sample = try OpenTrackIOSample(text, .json)
        let tree = try #require(
            try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any])
        var whole = Affine.identity
        for case let one as [String: [String: Double]] in try #require(
            tree["transforms"] as? [[String: Any]]
        ).map({ $0.filter { $0.key != "id" } }) {
            whole = whole * Affine(one)
        }
        let pose = try #require(sample.trackerFromSensor)
        #expect((pose.translation - whole.translation).length < 1e-12)
        #expect(sample.timing.timecode?.dropsFrames == true)
        #expect(sample.timing.timecode?.frames == 4)
        #expect(sample.timing.synchronization?.isPresent == true)
        #expect(sample.lens.distortion?.direction == .distorts)
        #expect(sample.lens.overscan == 3)
        #expect(sample.lens.encoders == .init(focus: 0.1, iris: 0.2, zoom: 0.3))
        #expect(sample.lens.rawEncoders == .init(focus: 1000, iris: 2000, zoom: 3000))
        #expect(sample.static?.sensor == Sensor(widthMillimeters: 36, heightMillimeters: 24))
        #expect(sample.static?.resolution == .init(width: 3840, height: 2160))
        #expect(sample.static?.anamorphicSqueeze == .init(1))
        #expect(sample.static?.captureFrameRate == .init(24000, 1001))
        #expect(sample.static?.duration == .init(1, 25))
        #expect(sample.static?.lensModel == Array("Model15".utf8).withUnsafeBytes(fingerprint))
    }
}

/// Translation · rotation · scale by plain sums, to hold a chain of transforms against.
private struct Affine {
    var linear: [[Double]]
    var translation: Vector3

    static var identity: Affine {
        Affine(linear: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], translation: .zero)
    }

    init(linear: [[Double]], translation: Vector3) {
        self.linear = linear
        self.translation = translation
    }

    init(_ one: [String: [String: Double]]) {
        func value(_ group: String, _ name: String, _ otherwise: Double) -> Double {
            one[group]?[name] ?? otherwise
        }
        let (p, t, r) = (
            value("rotation", "pan", 0) * degree, value("rotation", "tilt", 0) * degree,
            value("rotation", "roll", 0) * degree
        )
        let z = [[cos(p), -sin(p), 0], [sin(p), cos(p), 0], [0, 0, 1]]
        let x = [[1, 0, 0], [0, cos(t), -sin(t)], [0, sin(t), cos(t)]]
        let y = [[cos(r), 0, sin(r)], [0, 1, 0], [-sin(r), 0, cos(r)]]
        let scale = ["x", "y", "z"].map { value("scale", $0, 1) }
        let turn = Self.product(Self.product(z, x), y)
        linear = turn.map { row in zip(row, scale).map { $0 * $1 } }
        translation = Vector3(
            value("translation", "x", 0), value("translation", "y", 0),
            value("translation", "z", 0))
    }

    static func * (a: Affine, b: Affine) -> Affine {
        var moved = a.translation
        for row in 0..<3 {
            for column in 0..<3 { moved[row] += a.linear[row][column] * b.translation[column] }
        }
        return Affine(linear: product(a.linear, b.linear), translation: moved)
    }

    private static func product(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
        (0..<3).map { row in
            (0..<3).map { column in
                var sum = 0.0
                for i in 0..<3 { sum += a[row][i] * b[i][column] }
                return sum
            }
        }
    }
}
