import Foundation
import Geometry
import Testing
import Tracking

@Suite struct OpenTrackIOEncodeTests {
    static let encodings = OpenTrackIOHeader.Encoding.allCases

    @Test(arguments: encodings)
    func `what is written is read as it was`(encoding: OpenTrackIOHeader.Encoding) throws {
        let sample = OpenTrackIOSample.full
        let again = try OpenTrackIOSample(try sample.encoded(encoding), encoding)
        try expectSame(again, sample)
    }

    @Test(arguments: encodings)
    func `an empty sample is written and read`(encoding: OpenTrackIOHeader.Encoding) throws {
        var sample = OpenTrackIOSample()
        let again = try OpenTrackIOSample(try sample.encoded(encoding), encoding)
        sample.version = OpenTrackIOSample.writtenVersion
        #expect(again == sample)
    }

    @Test func `both encodings say the same of any sample`() throws {
        var random = SeededRandom(seed: 0x0E4C)
        for _ in 0..<300 {
            let sample = OpenTrackIOSample.random(&random)
            let json = try OpenTrackIOSample(try sample.encoded(.json), .json)
            let cbor = try OpenTrackIOSample(try sample.encoded(.cbor), .cbor)
            #expect(json == cbor)
            try expectSame(json, sample)
        }
    }

    /// The same but for the version and for the rounding of angles on their way through degrees.
    private func expectSame(_ a: OpenTrackIOSample, _ b: OpenTrackIOSample) throws {
        var (a, b) = (a, b)
        b.version = OpenTrackIOSample.writtenVersion
        if let pose = a.trackerFromSensor, let other = b.trackerFromSensor {
            #expect(pose.translation == other.translation)
            for axis in [\Matrix3.x, \Matrix3.y, \Matrix3.z] {
                let difference = pose.rotation[keyPath: axis] - other.rotation[keyPath: axis]
                #expect(difference.length < 1e-14)
            }
            (a.trackerFromSensor, b.trackerFromSensor) = (nil, nil)
        }
        #expect(a == b)
    }

    @Test func `words come back as their fingerprints`() throws {
        var words = OpenTrackIOWords()
        words.trackerStatus = "Optical \"Lost\""
        words.slate = "A101\n\u{1F3A5}"
        words.cameraLabel = "A"
        words.cameraModel = ""
        words.cameraSerialNumber = String(repeating: "7", count: 2000)
        words.lensModel = "Prime\\35"
        for encoding in Self.encodings {
            let sample = try OpenTrackIOSample(
                try OpenTrackIOSample.full.encoded(encoding, words: words), encoding)
            func mark(_ text: String) -> UInt64 {
                Array(text.utf8).withUnsafeBytes { fingerprint($0) }
            }
            #expect(sample.tracker.status == mark(words.trackerStatus!))
            #expect(sample.tracker.saysLost)
            #expect(sample.tracker.slate == mark(words.slate!))
            #expect(sample.static?.cameraLabel == mark("A"))
            #expect(sample.static?.cameraModel == nil)
            #expect(
                sample.static?.cameraSerialNumber == mark(String(repeating: "7", count: 1023)))
            #expect(sample.static?.lensModel == mark("Prime\\35"))
        }
    }

    @Test func `distortion is always written with six and two terms`() throws {
        var sample = OpenTrackIOSample()
        sample.lens.distortion = LensDistortion(radial: [1e-4, 0, 0, 0, 0, 0])
        let text = String(decoding: try sample.encoded(.json), as: UTF8.self)
        #expect(
            text.contains(
                "\"distortion\":[{\"model\":\"Brown-Conrady D-U\","
                    + "\"radial\":[0.0001,0.0,0.0,0.0,0.0,0.0],\"tangential\":[0.0,0.0]}]"))
    }

    @Test func `a recommended sample fits one datagram of an Ethernet frame`() throws {
        let room = 1472 - OpenTrackIOHeader.size
        var words = OpenTrackIOWords()
        words.cameraLabel = "Camera A"
        words.cameraModel = "Model of a camera"
        words.cameraSerialNumber = "1234567890A"
        words.cameraMake = "Maker of cameras"
        words.lensModel = "Zoom 24-70"
        #expect(try OpenTrackIOSample.full.encoded(.cbor, words: words).count <= room)
        var dynamic = OpenTrackIOSample.full
        dynamic.static = nil
        #expect(try dynamic.encoded(.json, words: words).count <= room)
    }

    @Test(arguments: encodings)
    func `a buffer too small for the sample is said so, at any size`(
        encoding: OpenTrackIOHeader.Encoding
    ) throws {
        let whole = try OpenTrackIOSample.full.encoded(encoding)
        for size in stride(from: 0, through: whole.count, by: 1) {
            // A canary behind the buffer.
            var bytes = [UInt8](repeating: 0x5A, count: size + 8)
            let written = bytes.withUnsafeMutableBytes { all -> Int? in
                let room = UnsafeMutableRawBufferPointer(rebasing: all[..<size])
                do throws(OpenTrackIOFault) {
                    return try OpenTrackIOSample.full.encode(as: encoding, into: room)
                } catch {
                    #expect(error == OpenTrackIOFault(.noRoom))
                    return nil
                }
            }
            #expect(written == (size < whole.count ? nil : whole.count))
            #expect(bytes[size...].allSatisfy { $0 == 0x5A })
        }
    }

    @Test(arguments: encodings)
    func `a sample that nobody may send is not written`(
        encoding: OpenTrackIOHeader.Encoding
    ) throws {
        typealias Change = (inout OpenTrackIOSample) -> Void
        let cases: [(OpenTrackIOFault, Change)] = [
            (.init(.notFinite, .entrancePupilOffset), { $0.lens.entrancePupilOffset = .nan }),
            (.init(.notFinite, .focusDistance), { $0.lens.focusDistance = .infinity }),
            (.init(.outOfRange, .fStop), { $0.lens.fStop = 0 }),
            (.init(.outOfRange, .encoders), { $0.lens.encoders = .init(zoom: 1.5) }),
            (.init(.outOfRange, .sourceNumber), { $0.sourceNumber = 0 }),
            (.init(.outOfRange, .sampleRate), { $0.timing.sampleRate = .init(1, 0) }),
            (.init(.outOfRange, .overscan), { $0.lens.overscan = 0.5 }),
            (
                .init(.notFinite, .translation),
                { $0.trackerFromSensor?.translation.x = -.infinity }
            ),
        ]
        for (fault, change) in cases {
            var sample = OpenTrackIOSample.full
            change(&sample)
            #expect(throws: fault) { try sample.encoded(encoding) }
        }
    }

    @Test func `what we write as JSON is JSON to Foundation`() throws {
        var words = OpenTrackIOWords()
        words.slate = "\u{0}\u{1F}\"\\/\u{7F}é"
        let text = try OpenTrackIOSample.full.encoded(.json, words: words)
        let tree = try #require(
            try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any])
        #expect((tree["tracker"] as? [String: Any])?["slate"] as? String == words.slate)
        #expect((tree["lens"] as? [String: Any])?["pinholeFocalLength"] as? Double == 24.305)
    }
}

extension OpenTrackIOSample {
    /// Some of the full sample's fields, with other numbers.
    static func random(_ random: inout SeededRandom) -> OpenTrackIOSample {
        func some<T>(_ value: T) -> T? { Bool.random(using: &random) ? value : nil }
        func number(_ range: ClosedRange<Double>) -> Double {
            Double.random(in: range, using: &random)
        }
        var sample = OpenTrackIOSample.full
        sample.sampleID = OpenTrackIOIdentifier(
            high: .random(in: 1...UInt64.max, using: &random), low: random.next())
        sample.sourceID = some(sample.sampleID!)
        sample.sourceNumber = some(UInt32.random(in: 1...200, using: &random))
        sample.trackerFromSensor = some(
            Pose(
                pan: number(-3...3), tilt: number(-1.5...1.5), roll: number(-3...3),
                translation: Vector3(number(-9...9), number(-9...9), number(-9...9))))
        sample.tracker.isRecording = some(false)
        sample.timing.mode = some(.external)
        sample.timing.sequenceNumber = some(UInt32(truncatingIfNeeded: random.next()))
        sample.timing.timecode = some(sample.timing.timecode!)
        sample.timing.synchronization = some(sample.timing.synchronization!)
        sample.lens.pinholeFocalLengthMillimeters = some(number(8...300))
        sample.lens.entrancePupilOffset = some(number(-1...1))
        sample.lens.focusDistance = some(number(0.1...100))
        let radial = InlineArray<6, Double> { _ in number(-1...1) * 1e-5 }
        sample.lens.distortion = LensDistortion(
            direction: Bool.random(using: &random) ? .undistorts : .distorts, radial: radial,
            tangential: Vector2(number(-1e-4...1e-4), number(-1e-4...1e-4)))
        sample.lens.overscan = some(number(1...2))
        sample.lens.encoders = some(Rings(focus: number(0...1), zoom: number(0...1)))
        sample.lens.rawEncoders = some(Rings(iris: UInt32(truncatingIfNeeded: random.next())))
        if Bool.random(using: &random) { sample.static = nil }
        return sample
    }
}
