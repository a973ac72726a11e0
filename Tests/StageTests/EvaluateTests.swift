import StageRun
import Testing
import Tracking

/// What `track evaluate` takes for a recording, and what it makes of it.
@Suite struct `Recordings of a move` {
    typealias Recording = TrackRun.Recording

    /// FreeD packets of a camera that pans at 20°/s, 50 a second.
    private func stream(_ range: Range<Int>, id: UInt8 = 3) -> [UInt8] {
        range.flatMap { freeD(pan: 0.4 * Double($0), 0, 0, 1.5, id: id) }
    }

    /// Mo-Sys F4 frames of the same: pan to the right in thousandths of a degree, X in those of a
    /// centimeter.
    private func f4(_ range: Range<Int>, id: UInt8 = 3) -> [UInt8] {
        range.flatMap { n -> [UInt8] in
            var bytes: [UInt8] = [0xF4, id, 2, UInt8(n & 15)]
            let pan = UInt32(bitPattern: Int32(-400 * n))
            for (axis, value) in [(UInt8(1), pan), (5, 2000)] {
                bytes += [axis, 0] + [16, 8, 0].map { UInt8(value >> UInt32($0) & 255) }
            }
            return bytes + [bytes.reduce(0x40) { $0 &- $1 }]
        }
    }

    @Test func `FreeD and F4 are told apart by their bytes, and say the same`() throws {
        let (freeD, f4) = (
            try Recording(stream(0..<150), cameraID: nil), try Recording(f4(0..<150), cameraID: nil)
        )
        #expect(freeD.format == .freed && f4.format == .f4)
        #expect(freeD.cameraID == 3 && f4.cameraID == 3)
        #expect(freeD.count == 150 && f4.count == 150)
        for (a, b) in zip(freeD.frames, f4.frames) {
            #expect(a?.pan == b?.pan)
            #expect(b?.x == 1280, "2 cm in 1/64 mm")
        }
    }

    @Test func `damaged FreeD packets and lost F4 frames leave their places empty`() throws {
        var bytes = stream(0..<150)
        for place in [10, 40, 41] { bytes[place * 29 + 5] ^= 0x10 }
        let freeD = try Recording(bytes, cameraID: nil)
        #expect(freeD.frames.count == 150 && freeD.count == 147 && freeD.skippedBytes == 87)
        #expect(freeD.frames[10] == nil && freeD.frames[42]?.pan == -42 * 13107 - 8)
        let f4 = try Recording(f4(0..<60) + [1, 2, 3] + f4(65..<150), cameraID: nil)
        #expect(f4.frames.count == 150 && f4.count == 145 && f4.skippedBytes == 3)
        #expect(f4.frames[60..<65].allSatisfy { $0 == nil })
    }

    @Test func `one camera of several must be chosen`() throws {
        let both = (0..<150).flatMap { stream($0..<$0 + 1) + stream($0..<$0 + 1, id: 9) }
        #expect(throws: Recording.Fault.severalCameras([3, 9])) {
            try Recording(both, cameraID: nil)
        }
        #expect(throws: Recording.Fault.noSuchCamera([3, 9])) {
            try Recording(both, cameraID: 4)
        }
        #expect(try Recording(both, cameraID: 9).frames.count == 150)
    }

    @Test func `what is neither is no recording`() {
        for bytes in [[], [UInt8](repeating: 0xD1, count: 58), Array("not a recording".utf8)] {
            #expect(throws: Recording.Fault.unknownFormat) {
                try Recording(bytes, cameraID: nil)
            }
        }
        // F4 frames without a pan are of something else than a camera.
        let focusOnly: [UInt8] = [0xF4, 1, 1, 0, 3, 0, 0, 0, 0, 0x40 &- 0xF9]
        #expect(throws: Recording.Fault.unknownFormat) {
            try Recording(focusOnly, cameraID: nil)
        }
    }

    @Test func `an evaluation stands beside that of a held pose`() throws {
        let recording = try Recording(stream(0..<200), cameraID: nil)
        let trial = Tracking.Trial(frames: recording.frames, rate: 50)
        let found = TrackRun.evaluate(recording, file: "pan", trial: trial, horizons: [0.1])
        #expect(found.predictor == "linear" && found.frames == 200 && found.missing == 0)
        #expect(found.chosen.horizons[0].pan.max < 1e-3)
        #expect(abs(found.hold.horizons[0].pan.rms - 2) < 1e-3)
        #expect(found.hold.horizons[0].middle.p50 > 40)
    }
}
