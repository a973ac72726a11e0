import Geometry
import Testing
import Timing
import Tracking

@Suite struct TimelineJitterTests {
    /// Root mean square error of the pan shown 40 ms ahead, degrees, arrivals late by `jitter`.
    func error(
        rate: Double, speed: Double = 30, seed: UInt64 = 99, jitter: (inout SeededRandom) -> Double
    ) -> (rms: Double, timeline: Timeline) {
        var random = SeededRandom(seed: seed)
        var timeline = timeline()
        let panner = Panner(degreesPerSecond: speed, rate: rate)
        var sum = 0.0
        var count = 0
        var arrivals: [Double] = []
        for n in 0..<Int(rate * 20) {
            arrivals.append(max(arrivals.last ?? 0, Double(n) / rate + jitter(&random)))
        }
        for (n, arrived) in arrivals.enumerated() {
            let due = Double(n) / rate
            timeline.accept(panner.packet(n), at: arrived)
            // A frame sees all of a burst, never half of it.
            guard due > 4, n + 1 < arrivals.count, arrivals[n + 1] > arrived else { continue }
            let at = due + 0.04
            let truth = panner.pan(at: at) / degree
            let shown = panDegrees(timeline.cameraState(at: .seconds(at), now: .seconds(arrived)))
            let difference = (shown - truth).remainder(dividingBy: 360)
            sum += difference * difference
            count += 1
        }
        return ((sum / Double(count)).squareRoot(), timeline)
    }

    @Test(arguments: [24000.0 / 1001, 25, 50, 60000.0 / 1001, 60, 120])
    func `an even source is predicted exactly at any rate`(rate: Double) {
        let (rms, timeline) = error(rate: rate) { _ in 0 }
        #expect(rms < 0.001)
        #expect(abs((timeline.rate ?? 0) - rate) < 0.001 * rate)
    }

    @Test func `a millisecond of jitter leaves a hundredth of a degree`() {
        // Raw, 1.2 ms rms against a period of 1/60 s would be about 0.1° rms at 30°/s.
        let (rms, timeline) = error(rate: 60) { 0.002 * Double.random(in: -1...1, using: &$0) }
        #expect(rms < 0.015, "\(rms)")
        #expect(timeline.counters.rejected == 0)
        #expect(timeline.counters.lost == 0)
    }

    @Test func `no pattern of late packets locks onto a false rate`() {
        for seed in 1...60 {
            let (rms, timeline) = error(rate: 25, seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15) {
                Double.random(in: 0..<1, using: &$0) < 0.05
                    ? .random(in: 0...0.02, using: &$0) : 0
            }
            #expect(rms < 0.05, "seed \(seed): \(rms)")
            #expect(abs((timeline.rate ?? 0) - 25) < 0.2, "seed \(seed)")
        }
    }

    /// Some computers hand packets over on the ticks of a timer.
    @Test(arguments: [
        (60.0, 0.01), (60000.0 / 1001, 0.01), (50.0, 0.01), (240.0, 0.001), (120.0, 0.001),
        (24000.0 / 1001, 0.0156), (100.0, 0.004), (53.0, 0.01), (50.0, 0.0156),
    ])
    func `arrivals on the ticks of a timer keep the source's rate`(
        rate: Double, tick: Double
    ) {
        var n = 0
        let (rms, timeline) = error(rate: rate) { _ in
            let due = Double(n) / rate
            n += 1
            return (due / tick).rounded(.up) * tick - due
        }
        #expect(abs((timeline.rate ?? 0) - rate) < 0.01 * rate)
        // A packet waits for a tick at most: that is late by as much, and the picture with it.
        #expect(rms < 30 * tick, "\(rms)")
        #expect(timeline.counters.rejected == 0)
    }

    @Test func `one packet in twenty late by most of a period hardly shows`() {
        let (rms, timeline) = error(rate: 60) {
            Int.random(in: 0..<20, using: &$0) == 0 ? 0.012 : 0
        }
        #expect(rms < 0.03, "\(rms)")
        #expect(timeline.counters.rejected == 0)
    }

    @Test func `stalls of 50 ms that end in a burst show less than a tenth of a degree`() {
        var n = 0
        let (rms, timeline) = error(rate: 60) { _ in
            n += 1
            // Packets 0 … 2 of each 60 wait for the fourth.
            let place = n % 60
            return place < 3 ? Double(3 - place) / 60 : 0
        }
        #expect(rms < 0.08, "\(rms)")
        #expect(timeline.counters.rejected == 0)
    }

    @Test func `a source that changes its rate is followed within half a second`() {
        var timeline = timeline()
        let slow = Panner(rate: 25)
        slow.feed(&timeline, 0..<100)
        #expect(abs((timeline.rate ?? 0) - 25) < 0.01)
        let fast = Panner(rate: 60)
        fast.feed(&timeline, 240..<280)
        #expect(abs((timeline.rate ?? 0) - 60) < 1)
        fast.feed(&timeline, 280..<400)
        let at = 399.0 / 60
        #expect(abs(panDegrees(timeline.state(at: at)) - 20 * at) < 0.05)
        slow.feed(&timeline, 167..<200)
        #expect(abs((timeline.rate ?? 0) - 25) < 0.5)
    }

    @Test(arguments: [25.0, 60, 240])
    func `no seed of jitter leads the clock astray`(rate: Double) {
        let jitter = 0.12 / rate
        var (sum, lost) = (0.0, 0)
        for seed in 1...100 {
            var random = SeededRandom(seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
            var timeline = timeline()
            let panner = Panner(rate: rate)
            let count = Int(10 * rate)
            for n in 0..<count {
                let late = Double.random(in: -jitter...jitter, using: &random)
                timeline.accept(panner.packet(n), at: Double(n) / rate + late)
            }
            let off = (timeline.newest?.dueTime.seconds ?? 0) - Double(count - 1) / rate
            #expect(abs(off) < 0.6 * jitter, "seed \(seed): \(off * 1000) ms")
            #expect(abs((timeline.rate ?? 0) / rate - 1) < 0.01, "seed \(seed)")
            #expect(timeline.counters.rejected == 0, "seed \(seed)")
            lost += Int(timeline.counters.lost)
            sum += off * off
        }
        // Before a line is found, jitter may look like a loss.
        #expect(lost <= 10, "\(lost) of \(Int(1000 * rate))")
        // An even jitter of ± 1 is 0.58 rms.
        #expect((sum / 100).squareRoot() < 0.58 * 0.3 * jitter)
    }

    @Test(arguments: [58.0, 61, 62, 64, 66, 70, 90])
    func `a rate that changes a little is followed within a second and a half`(rate: Double) {
        var timeline = timeline()
        Panner(rate: 60).feed(&timeline, 0..<300)
        let panner = Panner(rate: rate)
        let first = Int((5 * rate).rounded(.up))
        panner.feed(&timeline, first..<(first + Int(1.5 * rate)))
        #expect(abs((timeline.rate ?? 0) - rate) < 0.01)
        let newest = timeline.newest
        let due = Double(first + Int(1.5 * rate) - 1) / rate
        #expect(abs((newest?.dueTime.seconds ?? 0) - due) < 1e-5)
    }

    @Test(arguments: [60.0, 120, 240])
    func `a camera at rest that speaks faster than before is heard`(rate: Double) {
        var timeline = timeline()
        let packet = Panner(degreesPerSecond: 0).packet(0)
        for n in 0..<100 { timeline.accept(packet, at: Double(n) / 25) }
        for n in 0..<Int(rate) { timeline.accept(packet, at: 4 + Double(n) / rate) }
        #expect(abs((timeline.rate ?? 0) - rate) < 0.001 * rate)
        #expect(timeline.counters.duplicates < 32, "\(timeline.counters.duplicates)")
    }

    @Test(arguments: [0.0002, 0.003, 0.006])
    func `a network that doubles every packet changes no rhythm`(late: Double) {
        var timeline = timeline()
        let panner = Panner(rate: 60)
        for n in 0..<30 { timeline.accept(panner.packet(n), at: Double(n) / 60) }
        for n in 30..<600 {
            timeline.accept(panner.packet(n), at: Double(n) / 60)
            timeline.accept(panner.packet(n), at: Double(n) / 60 + late)
        }
        #expect(timeline.counters.duplicates == 570)
        #expect(timeline.counters.accepted == 600)
        #expect(abs((timeline.rate ?? 0) - 60) < 0.01)
    }

    @Test func `doubles a third of a period late change no rhythm of a camera at rest`() {
        var timeline = timeline()
        let packet = Panner(degreesPerSecond: 0).packet(0)
        for n in 0..<30 { timeline.accept(packet, at: Double(n) / 60) }
        for n in 30..<600 {
            timeline.accept(packet, at: Double(n) / 60)
            timeline.accept(packet, at: (Double(n) + 1 / 3) / 60)
        }
        #expect(timeline.counters.duplicates == 570)
        #expect(abs((timeline.rate ?? 0) - 60) < 0.01)
    }

    @Test func `a rate that the stage file does not say is wrong, one of its own is not`() {
        for (stated, isWrong) in [(nil, false), (60, false), (59.94, false), (50.0, true)] {
            var source = TrackingSource(name: "A", transport: .freeD(FreeDOptions(port: 1)))
            source.packetsPerSecond = stated
            var timeline = Timeline(source: source)
            #expect(!timeline.timekeeping().isRateWrong, "nothing was heard yet")
            Panner(rate: 60).feed(&timeline, 0..<60)
            #expect(timeline.timekeeping().isRateWrong == isWrong, "\(String(describing: stated))")
            #expect(timeline.timekeeping().jitterNanoseconds < 1)
        }
    }

    @Test func `a source a tenth of a percent off its nominal rate stays in step`() {
        var timeline = timeline()
        let panner = Panner(rate: 60.06)
        panner.feed(&timeline, 0..<6000)
        let newest = timeline.newest
        #expect(abs((newest?.dueTime.seconds ?? 0) - 5999 / 60.06) < 1e-6)
        #expect(timeline.counters.lost == 0)
    }
}
