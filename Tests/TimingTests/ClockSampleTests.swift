import Testing
import Timing

@Suite struct ClockSampleTests {
    let sample = ClockSample(
        host: HostTime(nanoseconds: 5_000_000_000),
        realtimeNanoseconds: 1_767_225_600_000_000_000,
        tai: TAITime(nanoseconds: 1_767_225_637_000_000_000))

    @Test func `a kernel stamp maps to the host clock by the two read together`() {
        let stamp: Int64 = 1_767_225_599_996_500_000
        #expect(sample.host(realtimeNanoseconds: stamp).nanoseconds == 4_996_500_000)
    }

    @Test func `TAI and host time map back and forth`() {
        let instant = TAITime(nanoseconds: 1_767_225_640_123_456_789)
        let host = sample.host(tai: instant)
        #expect(host.nanoseconds == 8_123_456_789)
        #expect(sample.tai(host: host) == instant)
    }

    @Test func `host times differ by nanoseconds and order`() {
        let a = HostTime(nanoseconds: 10)
        #expect((a + 5) - a == 5)
        #expect(a < a + 1)
        #expect(HostTime(nanoseconds: 1_500_000_000).seconds == 1.5)
    }
}
