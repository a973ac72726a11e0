import Foundation
import Geometry
import TestSupport
import Testing
import Tracking

/// An F4 frame of axis blocks: id, status, three bytes of data.
func f4Frame(
    camera: UInt8 = 2, status: UInt8 = 0x77, _ blocks: [(id: UInt8, status: UInt8, data: UInt32)]
) -> [UInt8] {
    var bytes: [UInt8] = [0xF4, camera, UInt8(blocks.count), status]
    for block in blocks {
        bytes += [
            block.id, block.status, UInt8(block.data >> 16 & 255), UInt8(block.data >> 8 & 255),
            UInt8(block.data & 255),
        ]
    }
    return bytes + [bytes.reduce(0x40) { $0 &- $1 }]
}

/// A frame of a pose only, told apart by its frame count and pan.
func f4Pose(_ n: Int) -> [UInt8] {
    let blocks: [(id: UInt8, status: UInt8, data: UInt32)] = [
        (0x01, 0, UInt32(n * 31 % 90000)), (0x02, 0, 0xFF_FF00), (0x05, 0, 1000), (0x06, 0, 2000),
        (0x07, 0, UInt32(120_000 + n % 50)),
    ]
    return f4Frame(status: UInt8(n & 15), blocks)
}

@Suite struct MoSysF4Tests {
    static let capture = "mosys_f4/A003_C001_01_15-03-47-01.f4"
    static let decoded = "mosys_f4/A003_C001_01_decoded.csv"
    static let isThere: Bool = TestData.has(capture) && TestData.has(decoded)

    func decode(_ bytes: [UInt8]) throws -> MoSysF4.Frame {
        try bytes.withUnsafeBytes { try MoSysF4.decode($0) }
    }

    @Test func `every axis of a frame becomes what it says`() throws {
        let frame = try decode(
            f4Frame(
                camera: 7, status: 0x3B,
                [
                    (0x01, 0, 0xFF_F429), (0x02, 0, 0x00_2710), (0x13, 0, 0x00_0C18),
                    (0x05, 0, 0xFF_E093), (0x06, 0, 0x00_03E8), (0x07, 0, 0x01_D3F9),
                    (0x03, 0, 0x00_C3AB), (0x04, 0, 0x00_005D), (0x0D, 0, 0x00_1234),
                    (0x50, 0x3E, 0x19_80CE), (0x51, 0x3E, 0x20_92C7), (0x52, 0xBD, 0xB4_8C30),
                    (0xF8, 0x20, 0x3C_3BC2), (0xF9, 0, 0x01_2400), (0x99, 1, 2),
                ]))
        #expect(frame.cameraID == 7 && frame.frameCount == 11)
        #expect(frame.isRecording && frame.isSynchronized)
        #expect(frame.axes == [.pan, .tilt, .roll, .x, .y, .height])
        #expect(frame.panDegrees == -3.031 && frame.tiltDegrees == 10 && frame.rollDegrees == 3.096)
        #expect((frame.position - Vector3(-0.08045, 0.01, 1.19801)).length < 1e-12)
        #expect(frame.focus == 50091 && frame.zoom == 93 && frame.iris == 0x1234)
        #expect(frame.entrancePupil == Float(bitPattern: 0x3E19_80CE))
        #expect(frame.k1 == Float(bitPattern: 0x3E20_92C7))
        #expect(frame.k2 == Float(bitPattern: 0xBDB4_8C30))
        #expect(
            frame.timecode
                == MoSysF4.Timecode(hours: 15, minutes: 3, seconds: 47, frames: 2, rate: 25))
        #expect(frame.quality == .opticalGood)
    }

    @Test func `what was not sent is not there, and what is no number is not either`() throws {
        let frame = try decode(
            f4Frame(status: 0, [(0x02, 0, 500), (0x51, 0x7F, 0xC0_0000), (0xF8, 0x60, 0)]))
        #expect(frame.axes == [.tilt])
        #expect(frame.tiltDegrees == 0.5 && frame.panDegrees == 0)
        #expect(!frame.isRecording && !frame.isSynchronized)
        #expect(frame.focus == nil && frame.k1 == nil && frame.quality == nil)
        #expect(frame.timecode == nil, "a rate that does not exist")
    }

    @Test func `each fault has its name`() {
        let good = f4Pose(3)
        var wrongSum = good
        wrongSum[9] ^= 1
        #expect(throws: MoSysF4.Fault.badChecksum) { try decode(wrongSum) }
        #expect(throws: MoSysF4.Fault.wrongType) { try decode([0xD1] + good.dropFirst()) }
        #expect(throws: MoSysF4.Fault.noAxes) { try decode(f4Frame([])) }
        for length in 0..<good.count {
            #expect(throws: MoSysF4.Fault.cutOff) { try decode(Array(good.prefix(length))) }
        }
        #expect(throws: Never.self) { try decode(good + [1, 2, 3]) }
    }

    @Test func `after damage all frames are found that were not hit`() {
        var random = SeededRandom(seed: 77)
        let size = f4Pose(0).count
        for round in 0..<200 {
            var bytes = (0..<60).flatMap { f4Pose($0) }
            let hit = Int.random(in: 5..<50, using: &random)
            let place = hit * size + Int.random(in: 0..<size, using: &random)
            switch round % 3 {
            case 0: bytes[place] ^= UInt8.random(in: 1...255, using: &random)
            case 1: bytes.remove(at: place)
            default: bytes.insert(.random(in: 0...255, using: &random), at: place)
            }
            var recording = MoSysF4.Recording(bytes)
            var seen: [Double] = []
            while let frame = recording.next() { seen.append(frame.panDegrees) }
            let missing = (0..<60).filter { n in !seen.contains(Double(n * 31) / 1000) }
            #expect(missing.allSatisfy { abs($0 - hit) <= 1 }, "round \(round): \(missing)")
            #expect(recording.gaps <= 1)
            #expect(recording.skippedBytes <= 2 * size)
        }
    }

    @Test func `any bytes are read to their end, and the count of them is right`() {
        var random = SeededRandom(seed: 4)
        let whole = (0..<12).flatMap { f4Pose($0) }
        for round in 0..<20_000 {
            var bytes: [UInt8]
            if round % 2 == 0 {
                bytes = whole
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    bytes[.random(in: 0..<bytes.count, using: &random)] =
                        Bool.random(using: &random) ? 0xF4 : .random(in: 0...255, using: &random)
                }
                bytes.removeLast(.random(in: 0..<bytes.count, using: &random))
            } else {
                let length = Int.random(in: 0...300, using: &random)
                bytes = (0..<length).map { _ in
                    Int.random(in: 0..<4, using: &random) == 0
                        ? 0xF4 : .random(in: 0...3, using: &random)
                }
            }
            var recording = MoSysF4.Recording(bytes)
            var used = 0
            while let frame = recording.next() {
                // The FreeD message of whatever came is one that can be sent.
                let message = frame.freeD
                #expect((-8_388_608...8_388_607).contains(message.pan))
                used += 10
            }
            #expect(used + recording.skippedBytes <= bytes.count, "round \(round)")
            if recording.gaps == 0 { #expect(recording.skippedBytes == 0) }
            _ = try? decode(bytes)
        }
    }

    @Test(.enabled(if: isThere, "shared test data is absent"))
    func `the captured file decodes to its table`() throws {
        let text = String(decoding: try TestData.bytes(Self.decoded), as: UTF8.self)
        let rows = text.split(whereSeparator: \.isNewline).dropFirst().map {
            $0.split(separator: ",")
        }
        var recording = MoSysF4.Recording(try TestData.bytes(Self.capture))
        var count = 0
        for row in rows {
            let next = recording.next()
            let frame = try #require(next)
            let numbers = row.map { Double($0) ?? .nan }
            #expect(frame.frameCount == UInt8(numbers[1]))
            let code = try #require(frame.timecode)
            let clock = [code.hours, code.minutes, code.seconds, code.frames]
                .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
            #expect(clock == row[2] && code.rate == 25)
            #expect(frame.panDegrees == numbers[3])
            #expect(frame.tiltDegrees == numbers[4])
            #expect(frame.rollDegrees == numbers[5])
            let centimeters = Vector3(numbers[6], numbers[7], numbers[8])
            #expect((frame.position * 100 - centimeters).length < 1e-9)
            #expect(frame.zoom.map(Double.init) == numbers[9])
            #expect(frame.focus.map(Double.init) == numbers[10])
            #expect(frame.quality == .opticalGood)
            count += 1
        }
        #expect(count == 1497)
        let beyond = recording.next()
        #expect(beyond == nil)
        #expect(recording.skippedBytes == 0 && recording.gaps == 0)
    }

    @Test(
        .enabled(
            if: isThere && TestData.has(CaptureTests.stream), "shared test data is absent"))
    func `the captured file as FreeD is the FreeD stream made of it elsewhere`() throws {
        var recording = MoSysF4.Recording(try TestData.bytes(Self.capture))
        var stream: [UInt8] = []
        while let frame = recording.next() { stream += frame.freeD.encoded }
        #expect(stream == (try TestData.bytes(CaptureTests.stream)))
    }
}
