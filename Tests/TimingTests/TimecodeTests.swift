import Testing
import Timing

/// Labels of ST 12-1, counted from local midnight.
struct TimecodeTests {
    @Test(
        arguments: [
            (1799, "00:00:59;29"), (1800, "00:01:00;02"), (17981, "00:09:59;29"),
            (17982, "00:10:00;00"), (107_892, "01:00:00;00"), (2_589_407, "23:59:59;29"),
        ] as [(Int64, String)])
    func `29.97 Hz leaves out two numbers a minute but every tenth`(count: Int64, text: String) {
        #expect("\(Timecode(count: count, rate: FrameRate(30000, 1001)!))" == text)
    }

    @Test(
        arguments: [
            (3599, "00:00:59;59"), (3600, "00:01:00;04"), (35964, "00:10:00;00"),
            (215_784, "01:00:00;00"),
        ] as [(Int64, String)])
    func `59.94 Hz leaves out four`(count: Int64, text: String) {
        #expect("\(Timecode(count: count, rate: FrameRate(60000, 1001)!))" == text)
    }

    @Test(
        arguments: [
            (24000, 1001, 23, "00:00:00:23"), (24000, 1001, 24, "00:00:01:00"),
            (25, 1, 90_000, "01:00:00:00"), (60, 1, 3600, "00:01:00:00"),
            (30, 1, 1800, "00:01:00:00"),
        ] as [(Int64, Int64, Int64, String)])
    func `other rates count every frame`(
        numerator: Int64, denominator: Int64, count: Int64, text: String
    ) {
        let rate = FrameRate(numerator, denominator)!
        #expect("\(Timecode(count: count, rate: rate))" == text)
    }

    @Test(arguments: [(24, 1), (25, 1), (30000, 1001), (60, 1), (60000, 1001), (24000, 1001)])
    func `frame 0 is the first at or after local midnight, and numbers only grow till the next`(
        numerator: Int64, denominator: Int64
    ) {
        let grid = FrameGrid(rate: FrameRate(numerator, denominator)!)
        // 2026-11-21T00:00:00 UTC in TAI.
        let midnight = TAITime(nanoseconds: (1_795_219_200 + 37) * 1_000_000_000)
        var frame = grid.frame(at: midnight)
        if grid.instant(of: frame) < midnight { frame += 1 }
        func label(_ frame: Int64) -> String {
            "\(Timecode(frame: frame, of: grid, utcOffset: -37))"
        }
        #expect(label(frame).replacing(";", with: ":") == "00:00:00:00")
        // A day has two or five frames more than drop-frame labels, and 23.976 Hz falls behind.
        let eve = denominator == 1 ? "23:59:59" : numerator == 24000 ? "23:58:33" : "00:00:00;0"
        #expect(label(frame - 1).hasPrefix(eve))
        let hour = Int64((3600 * grid.rate.hertz).rounded())
        var last = label(frame)
        for step in stride(from: Int64(1), to: 24 * hour - 60, by: 7919) {
            let next = label(frame + step)
            #expect(next > last)
            last = next
        }
        // An hour of the clock is an hour of labels to a second's few frames, but at 23.976 Hz.
        if numerator != 24000 {
            let after = label(frame + hour)
            #expect(after.hasPrefix("01:00:00") || after.hasPrefix("00:59:59"))
        }
    }

    @Test func `a zone moves midnight`() {
        let grid = FrameGrid(rate: FrameRate(25)!)
        let noon = grid.frame(
            at: TAITime(nanoseconds: (1_795_219_200 + 43_200 + 37) * 1_000_000_000))
        #expect("\(Timecode(frame: noon, of: grid, utcOffset: -37))" == "12:00:00:00")
        #expect("\(Timecode(frame: noon, of: grid, utcOffset: -37 + 3600))" == "13:00:00:00")
        #expect("\(Timecode(frame: noon, of: grid, utcOffset: -37 - 5 * 3600))" == "07:00:00:00")
    }
}
