import Geometry
import Testing
import Timing
import Tracking

@Suite struct TimelineLossTests {
    /// The largest step of the pan between two 120 Hz frames, degrees, while packets `come`.
    func largestStep(
        _ timeline: inout Timeline, frames: Range<Int>,
        packets: (Double, Double) -> [(
            Double, FreeD.Message
        )]
    ) -> Double {
        var largest = 0.0
        var last: Double?
        for frame in frames {
            let now = Double(frame) / 120
            for (at, message) in packets(now - 1.0 / 120, now) {
                timeline.accept(message, at: at)
            }
            let pan = panDegrees(timeline.state(at: now + 0.03, lead: 0.03))
            // The first second is the start: a speed is known from the second packet on.
            if let last, frame > 100 { largest = max(largest, abs(pan - last)) }
            last = pan
        }
        return largest
    }

    @Test func `a held pose is shown after three missed packets`() {
        var timeline = timeline()
        Panner().feed(&timeline, 0..<50)
        let last = 49.0 / 50
        #expect(timeline.state(at: last + 0.019).status == .live)
        #expect(timeline.state(at: last + 0.04).status == .live)
        #expect(timeline.state(at: last + 0.06).status == .held)
        #expect(timeline.state(at: last + 0.199).status == .held)
        #expect(timeline.state(at: last + 0.201).status == .stale)
        #expect(timeline.state(at: last + 0.999).status == .stale)
        #expect(timeline.state(at: last + 1.001).status == .lost)
    }

    @Test func `times of stale and lost are the source's`() {
        var timeline = timeline { source, _ in
            source.staleAfter = 0.5
            source.lostAfter = 3
        }
        Panner().feed(&timeline, 0..<50)
        #expect(timeline.state(at: 0.98 + 0.49).status == .held)
        #expect(timeline.state(at: 0.98 + 0.51).status == .stale)
        #expect(timeline.state(at: 0.98 + 2.9).status == .stale)
        #expect(timeline.state(at: 0.98 + 3.1).status == .lost)
    }

    @Test func `when packets stop the velocity fades and the pose never goes back`() {
        var timeline = timeline()
        Panner().feed(&timeline, 0..<50)
        let last = 49.0 / 50
        var before = panDegrees(timeline.state(at: last))
        var speed = 20.0
        for step in 1...400 {
            let pan = panDegrees(timeline.state(at: last + Double(step) / 1000))
            let now = (pan - before) * 1000
            #expect(now > -0.01)
            #expect(now < speed + 0.2, "it does not speed up")
            if step > 201 { #expect(abs(now) < 1e-6, "it stands \(step) ms after") }
            speed = now
            before = pan
        }
        // 50 ms of full speed, then 150 ms fading to nothing.
        #expect(abs(before - (20 * (last + 0.05 + 0.075))) < 0.01)
        #expect(panDegrees(timeline.state(at: last + 100)) == before)
    }

    @Test func `after a return the pose blends back without a jump`() {
        for gap in [0.07, 0.15, 0.3, 0.9, 2.5] {
            var timeline = timeline()
            let panner = Panner()
            var next = 0
            let step = largestStep(&timeline, frames: 0..<600) { from, to in
                var due: [(Double, FreeD.Message)] = []
                while Double(next) / 50 <= to {
                    let at = Double(next) / 50
                    if at <= 1 || at > 1 + gap { due.append((at, panner.packet(next))) }
                    next += 1
                }
                return due
            }
            // What was missed, spread over 100 ms by a smoothstep, besides the pan itself.
            let missed = 20 * max(0, gap - 0.05)
            #expect(step < 0.35 + 1.6 * missed / 12, "gap of \(gap) s: \(step)°")
            let end = panDegrees(timeline.state(at: 599.0 / 120))
            #expect(abs(end - 20 * 599.0 / 120) < 0.01, "gap of \(gap) s")
            #expect(timeline.state(at: 599.0 / 120).status == .live)
        }
    }

    @Test func `a second after a return its times are those of a source that was never away`() {
        var (broken, whole) = (timeline(), timeline())
        let panner = Panner(rate: 60000.0 / 1001)
        for n in 0..<400 {
            // 59.94 Hz in whole nanoseconds: the rounding is the only jitter.
            let at = Double(n) / panner.rate
            whole.accept(panner.packet(n), at: at)
            if (100..<120).contains(n) { continue }
            broken.accept(panner.packet(n), at: at)
            guard let a = broken.newestCaptureTime, let b = whole.newestCaptureTime else {
                continue
            }
            #expect(abs(a - b) <= (n < 100 || n >= 180 ? 0 : 1), "packet \(n): \(a - b) ns")
        }
    }

    @Test func `at the moment of return the picture stands still`() {
        var timeline = timeline()
        let panner = Panner()
        panner.feed(&timeline, 0..<50)
        let back = 0.98 + 0.6
        let held = timeline.state(at: back + 0.03, lead: 0.03)
        timeline.accept(panner.packet(79), at: back)
        let first = timeline.state(at: back + 0.03, lead: 0.03)
        #expect(angle(held.stageFromBody, first.stageFromBody) < 1e-6)
        #expect(
            (held.stageFromBody.translation - first.stageFromBody.translation).length < 1e-9)
        #expect(first.status == .live)
    }

    @Test func `every second packet may be lost`() {
        var timeline = timeline()
        let panner = Panner(degreesPerSecond: 15)
        panner.feed(&timeline, 0..<100)
        for n in stride(from: 100, to: 300, by: 2) {
            timeline.accept(panner.packet(n), at: Double(n) / 50)
            let at = Double(n) / 50 + 0.03
            #expect(abs(panDegrees(timeline.state(at: at, lead: 0.01)) - 15 * at) < 0.01)
        }
        #expect(timeline.counters.rejected == 0)
    }

    @Test func `lost packets are counted by the gaps they leave`() {
        var timeline = timeline()
        let panner = Panner()
        for n in 0..<200 where n < 50 || n % 10 != 3 {
            timeline.accept(panner.packet(n), at: Double(n) / 50)
        }
        #expect(timeline.counters.lost == 15)
    }

    @Test func `a burst after a stall is put back where it belongs`() {
        var timeline = timeline()
        let panner = Panner()
        panner.feed(&timeline, 0..<60)
        // Packets 60 … 65 all come with the 66th, within a quarter of a millisecond.
        for n in 60...66 {
            timeline.accept(panner.packet(n), at: 66.0 / 50 + Double(n - 60) * 40e-6)
        }
        let at = 66.0 / 50
        let settled = timeline.state(at: at + 0.12, lead: 0.02)
        #expect(abs(panDegrees(settled) - 20 * (at + 0.12)) < 0.2)
        #expect(timeline.counters.rejected == 0)
        #expect(timeline.counters.lost == 0)
        let newest = timeline.newest
        #expect(abs((newest?.dueTime.seconds ?? 0) - at) < 0.001)
    }

    @Test func `two messages in one datagram are two samples`() {
        var timeline = timeline()
        let panner = Panner()
        for n in stride(from: 0, to: 200, by: 2) {
            timeline.accept(
                panner.packet(n).encoded + panner.packet(n + 1).encoded, at: Double(n + 1) / 50)
        }
        #expect(timeline.counters.accepted == 200)
        #expect(timeline.counters.rejected == 0)
        let state = timeline.state(at: 199.0 / 50)
        #expect(abs(panDegrees(state) - 20 * 199.0 / 50) < 0.5)
    }
}
