import Testing
import Timing

@Suite struct FrameGridTests {
    /// 2026-01-01T00:00:00 UTC, TAI − UTC 37 s: vectors worked out by hand from ST 2059-1.
    static let newYear = TAITime(nanoseconds: 1_767_225_637_000_000_000)

    struct Vector: Sendable {
        var numerator: Int64
        var denominator: Int64
        var frame: Int64
        var instant: Int64
        var timestamp: UInt32
        var steps: [UInt32]
    }

    static let vectors: [Vector] = [
        Vector(
            numerator: 24, denominator: 1, frame: 42_413_415_288,
            instant: 1_767_225_637_000_000_000, timestamp: 3_373_391_824, steps: [3750, 3750]),
        Vector(
            numerator: 24000, denominator: 1001, frame: 42_371_044_243,
            instant: 1_767_225_636_968_458_333, timestamp: 3_373_388_985,
            steps: [3754, 3753, 3754, 3754]),
        Vector(
            numerator: 25, denominator: 1, frame: 44_180_640_925,
            instant: 1_767_225_637_000_000_000, timestamp: 3_373_391_824, steps: [3600, 3600]),
        Vector(
            numerator: 30000, denominator: 1001, frame: 52_963_805_304,
            instant: 1_767_225_636_976_800_000, timestamp: 3_373_389_736, steps: [3003, 3003]),
        Vector(
            numerator: 50, denominator: 1, frame: 88_361_281_850,
            instant: 1_767_225_637_000_000_000, timestamp: 3_373_391_824, steps: [1800, 1800]),
        Vector(
            numerator: 60000, denominator: 1001, frame: 105_927_610_609,
            instant: 1_767_225_636_993_483_333, timestamp: 3_373_391_237, steps: [1502, 1501]),
        Vector(
            numerator: 60, denominator: 1, frame: 106_033_538_220,
            instant: 1_767_225_637_000_000_000, timestamp: 3_373_391_824, steps: [1500, 1500]),
        Vector(
            numerator: 120, denominator: 1, frame: 212_067_076_440,
            instant: 1_767_225_637_000_000_000, timestamp: 3_373_391_824, steps: [750, 750]),
    ]

    @Test(arguments: vectors)
    func `the grid of every rate stands where ST 2059-1 puts it in 2026`(vector: Vector) throws {
        let rate = try #require(FrameRate(vector.numerator, vector.denominator))
        let grid = FrameGrid(rate: rate)
        let frame = grid.frame(at: Self.newYear)
        #expect(frame == vector.frame)
        #expect(grid.instant(of: frame).nanoseconds == vector.instant)
        #expect(grid.rtpTimestamp(of: frame) == vector.timestamp)
        var next = frame
        for step in vector.steps {
            let before = grid.rtpTimestamp(of: next)
            next += 1
            #expect(grid.rtpTimestamp(of: next) &- before == step)
        }
    }

    @Test func `an instant's frame is the one whose alignment point it has reached`() throws {
        let grid = FrameGrid(rate: try #require(FrameRate(60000, 1001)))
        for frame in stride(from: Int64(105_927_610_609), to: 105_927_611_609, by: 7) {
            let instant = grid.instant(of: frame)
            // The point itself is rounded down to the nanosecond, so one later is always inside.
            #expect(grid.frame(at: TAITime(nanoseconds: instant.nanoseconds + 1)) == frame)
            #expect(grid.frame(at: TAITime(nanoseconds: instant.nanoseconds - 1)) == frame - 1)
        }
    }

    @Test func `the grid does not drift in a hundred years`() throws {
        let grid = FrameGrid(rate: try #require(FrameRate(30000, 1001)))
        let century = 100 * 365 * 86400 * Int64(30000) / 1001 / 30000 * 30000
        let seconds = century / 30000 * 1001
        #expect(grid.instant(of: century).nanoseconds == seconds * 1_000_000_000)
    }

    @Test func `the RTP time stamp wraps at 32 bits`() throws {
        let grid = FrameGrid(rate: try #require(FrameRate(60)))
        let wrap = (Int64(1) << 32) / 1500 + 1
        #expect(grid.rtpTimestamp(of: wrap - 1) > grid.rtpTimestamp(of: wrap))
        #expect(Int64(grid.rtpTimestamp(of: wrap)) == wrap * 1500 - (Int64(1) << 32))
    }
}

@Suite struct FrameRateTests {
    @Test func `a rate is kept in lowest terms`() throws {
        let rate = try #require(FrameRate(48000, 2002))
        #expect(rate.numerator == 24000)
        #expect(rate.denominator == 1001)
        #expect(abs(rate.hertz - 23.976023976) < 1e-9)
        #expect(abs(rate.period * rate.hertz - 1) < 1e-15)
    }

    @Test(
        arguments: [
            (0, 1), (-60, 1), (60, 0), (60, -1), (1, 2), (1001, 1), (Int64.max, Int64.max),
        ] as [(Int64, Int64)])
    func `rates outside 1 to 1000 Hz are refused`(numerator: Int64, denominator: Int64) {
        #expect(FrameRate(numerator, denominator) == nil)
    }
}
