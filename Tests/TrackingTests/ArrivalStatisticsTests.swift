import Testing
import Timing
import Tracking

@Suite struct ArrivalStatisticsTests {
    @Test func `an even stream has its rate and no jitter`() throws {
        var arrivals = ArrivalStatistics()
        #expect(arrivals.summary() == nil)
        for n in 0..<600 { arrivals.record(HostTime(nanoseconds: Int64(n) * 20_000_000)) }
        let summary = try #require(arrivals.summary())
        #expect(abs(summary.rate - 50) < 1e-6)
        #expect(abs(summary.interval - 0.02) < 1e-12)
        #expect(summary.jitterMax < 1e-12)
    }

    @Test func `one late packet in a hundred shows at the end of the distribution only`() throws {
        var arrivals = ArrivalStatistics()
        for n in 0..<512 {
            let late: Int64 = n % 200 == 100 ? 5_000_000 : 0
            arrivals.record(HostTime(nanoseconds: Int64(n) * 20_000_000 + late))
        }
        let summary = try #require(arrivals.summary())
        #expect(summary.jitterP50 < 1e-12)
        #expect(abs(summary.jitterP99 - 0.005) < 1e-9)
        #expect(abs(summary.jitterMax - 0.005) < 1e-9)
        #expect(abs(summary.rate - 50) < 0.01)
    }

    @Test func `only the last 512 intervals count`() throws {
        var arrivals = ArrivalStatistics()
        var now: Int64 = 0
        for _ in 0..<1000 {
            now += 40_000_000
            arrivals.record(HostTime(nanoseconds: now))
        }
        for _ in 0..<512 {
            now += 10_000_000
            arrivals.record(HostTime(nanoseconds: now))
        }
        #expect(abs(try #require(arrivals.summary()).rate - 100) < 1e-6)
    }
}
