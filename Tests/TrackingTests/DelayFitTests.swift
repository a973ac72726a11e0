import Foundation
import Geometry
import Testing
import Timing
import Tracking

/// A pan, its tracker's packets over a network, and pictures of it.
struct RecordedPan {
    var trackerRate = 60.0
    var stageRate = 60.0
    /// Seconds from capture to arrival, in the mean.
    var delay = 0.05
    var seconds = 10.0
    /// Deviation of the tracker's pan and of the pictures', degrees.
    var noise = 0.02
    /// Packets come up to so many seconds early or late.
    var jitter = 0.002
    var loss = 0.01
    /// The pictures' pan of one degree of the tracker's.
    var scale = -1.0
    var seed: UInt64 = 1
    /// Degrees at an instant: ± 10°, to and fro as an operator does it, never twice alike.
    var pan: @Sendable (Double) -> Double = { t in
        8.5 * sin(2 * .pi * t / 3.3) + 1.5 * sin(2 * .pi * t / 1.37 + 1)
    }

    /// When the recording begins, host clock: far from 0, as on a machine that has run for a month.
    static let start = 2_600_000.0

    /// The tracker's samples in its own rhythm.
    func trace() -> (samples: [DelayFit.Sample], jitter: Double) {
        var random = Noise(seed: seed)
        var trace = SourceTrace(
            source: TrackingSource(name: "a", transport: .freeD(FreeDOptions())))
        var last = 0.0
        // A second before the pan and after it, as a person starts and ends a take.
        for n in 0..<Int((seconds + 2) * trackerRate) {
            let captured = Self.start - 1 + (Double(n) + 0.37) / trackerRate
            let pose = Pose(
                pan: (pan(captured - Self.start) + noise * random.normal()) * degree, tilt: 0.05,
                roll: 0, translation: Vector3(0.1, 0.2, 1.6))
            last = max(last, captured + delay + jitter * (2 * random.unit() - 1))
            if random.unit() < loss { continue }
            FreeD.Message(cameraID: 1, pose: pose).encoded.withUnsafeBytes {
                trace.accept(datagram: $0, sender: 1, arrivalTime: .seconds(last))
            }
        }
        return trace.samples()
    }

    /// A picture of every frame of the stage, in its own order; `wrong` of them with the number of
    /// another frame.
    func pictures(wrong: Double = 0) -> [DelayFit.Sample] {
        var random = Noise(seed: seed &+ 1000)
        let count = Int(seconds * stageRate)
        return (0..<count).map { frame in
            let light = Double(frame) / stageRate
            let shown = 41 + scale * (pan(light) + noise * random.normal())
            var told = light
            if random.unit() < wrong { told = Double(Int.random(in: 0..<count, using: &random)) }
            if told != light { told /= stageRate }
            return DelayFit.Sample(time: .seconds(Self.start + told), pan: shown * degree)
        }.shuffled(using: &random)
    }

    func fit(wrong: Double = 0) -> Result<DelayFit, DelayFit.Refusal> {
        let (samples, left) = trace()
        return Result { () throws(DelayFit.Refusal) in
            try DelayFit(tracker: samples, pictures: pictures(wrong: wrong), jitter: left)
        }
    }
}

/// Seeded noise.
struct Noise: RandomNumberGenerator {
    private var random: SeededRandom

    // Seeds that differ in a bit begin alike: mixed, their rows do not.
    init(seed: UInt64) { random = SeededRandom(seed: (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15) }

    mutating func next() -> UInt64 { random.next() }

    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
    }
}

@Suite struct `The delay of a recorded pan` {
    static let rates = [60.0, 25, 24]

    /// 0 … 200 ms in tenths of the stage's frames; seven apart, so that all tenths come up.
    @Test(arguments: rates, rates)
    func `row: tracker delay, is found to half a millisecond at any rate`(
        tracker: Double, stage: Double
    ) throws {
        var (errors, outside) = ([Double](), 0)
        for tenth in stride(from: 0, through: Int(2 * stage), by: 7) {
            var pan = RecordedPan(trackerRate: tracker, stageRate: stage)
            pan.delay = Double(tenth) / 10 / stage
            pan.seed = UInt64(tenth) &+ UInt64(tracker * 1000 + stage)
            pan.scale = tenth % 2 == 0 ? 1 : -1
            let fit = try pan.fit().get()
            let error = fit.delay - pan.delay
            #expect(abs(error) < 0.0005, "\(tenth) tenths: \(error * 1000) ms")
            #expect(fit.uncertainty < 0.0015, "\(tenth) tenths: ± \(fit.uncertainty * 1000) ms")
            #expect(fit.scale * pan.scale > 0.99)
            errors.append(error)
            if abs(error) > fit.uncertainty { outside += 1 }
        }
        // The bar promises 1 in 20.
        #expect(outside <= 1 + errors.count / 5, "\(outside) of \(errors.count) beyond the bar")
        let rms = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
        let worst = errors.map(abs).max() ?? 0
        print(
            "tracker \(tracker), stage \(stage): rms \(rms * 1000), worst \(worst * 1000) ms, "
                + "\(outside) of \(errors.count) beyond the bar")
    }
}

@Suite struct `A delay of whole frames` {
    @Test(arguments: [24.0, 25, 60])
    func `row: integer delay, is found exactly`(rate: Double) throws {
        // A quarter of a second, and no more than 12.
        for frames in 0...min(12, Int(rate / 4)) {
            var pan = RecordedPan(trackerRate: 60, stageRate: rate)
            pan.delay = Double(frames) / rate
            pan.seed = UInt64(frames) &+ 9000
            let found = try pan.fit().get().delay * rate
            #expect(found.rounded() == Double(frames), "\(found) of \(frames) frames")
            // A twentieth of a frame is no doubt which it is.
            #expect(abs(found - found.rounded()) < 0.05)
        }
    }
}

@Suite struct `A delay that cannot be told` {
    private func refusal(_ pan: RecordedPan) -> DelayFit.Refusal? {
        if case .failure(let refusal) = pan.fit() { return refusal }
        return nil
    }

    private func pan(_ pan: @escaping @Sendable (Double) -> Double) -> RecordedPan {
        var recorded = RecordedPan()
        recorded.pan = pan
        return recorded
    }

    @Test func `is refused where the camera hardly panned`() {
        let told = refusal(pan { 0.5 * sin(2 * .pi * $0 / 3) })
        guard case .tooLittleMotion(let range)? = told else {
            Issue.record("\(told as Any)")
            return
        }
        #expect(abs(range / degree - 1) < 0.1)
    }

    @Test func `is refused where it panned one way at one speed`() {
        // A line moved in time is a line moved up or down.
        let told = refusal(pan { 2 * $0 - 10 })
        guard case .tooUncertain(let seconds)? = told else {
            Issue.record("\(told as Any)")
            return
        }
        #expect(seconds > DelayFit.uncertaintyMax)
    }

    @Test(arguments: [2.5, 4, 8])
    func `is refused where the pan repeats itself within the search`(hertz: Double) {
        let told = refusal(pan { 10 * sin(2 * .pi * $0 * hertz) })
        guard case .ambiguous(let one, let other)? = told else {
            Issue.record("\(told as Any)")
            return
        }
        // The other side's pan fits half a period away.
        let halves = abs(one - other) * 2 * hertz
        #expect(abs(halves - halves.rounded()) < 0.05 && halves > 0.5)
    }

    @Test func `is refused with pictures of another pan`() throws {
        let here = RecordedPan()
        let there = pan { 8 * sin(2 * .pi * $0 / 2.1) + 2 * cos(2 * .pi * $0 / 0.9) }
        #expect {
            try DelayFit(tracker: here.trace().samples, pictures: there.pictures())
        } throws: { error in
            guard case .notTheSameMove(let residual, let motion, _) = error as? DelayFit.Refusal
            else { return false }
            return residual > 0.1 * motion
        }
    }

    @Test func `is refused where a third of the strips are read wrongly`() {
        let told = RecordedPan().fit(wrong: 0.35)
        guard case .failure(.notTheSameMove(_, _, let leftOut)) = told else {
            Issue.record("\(told)")
            return
        }
        #expect(leftOut > 0.25)
    }

    @Test(arguments: [0.32, -0.08])
    func `is refused at either end of the search`(delay: Double) throws {
        var pan = RecordedPan()
        pan.delay = delay
        let end = delay > 0 ? DelayFit.searched.upperBound : DelayFit.searched.lowerBound
        #expect(refusal(pan) == .atEnd(end))
    }

    @Test func `is refused with too few pictures, or none where the tracker is known`() {
        var short = RecordedPan(stageRate: 24)
        short.seconds = 2
        guard case .tooFewPictures(let usable, _)? = refusal(short) else {
            Issue.record("\(refusal(short) as Any)")
            return
        }
        #expect(usable == 48)
        let late = RecordedPan().pictures().map {
            DelayFit.Sample(time: $0.time + 60_000_000_000, pan: $0.pan)
        }
        #expect(throws: DelayFit.Refusal.tooFewPictures(usable: 0, others: 600)) {
            try DelayFit(tracker: RecordedPan().trace().samples, pictures: late)
        }
        #expect(throws: DelayFit.Refusal.tooFewPictures(usable: 0, others: 0)) {
            try DelayFit(tracker: [], pictures: [])
        }
    }

    @Test func `is refused where the pictures turn three times as far`() {
        var pan = RecordedPan()
        pan.scale = 3
        guard case .wrongScale(let scale)? = refusal(pan) else {
            Issue.record("\(refusal(pan) as Any)")
            return
        }
        #expect(abs(scale - 3) < 0.01)
    }
}

@Suite struct `Pictures of a pan` {
    @Test func `may have every twentieth number read wrongly`() throws {
        for seed in UInt64(1)...8 {
            let fit = try RecordedPan(seed: seed).fit(wrong: 0.05).get()
            #expect(abs(fit.delay - 0.05) < 0.0005, "seed \(seed): \(fit.delay)")
            #expect((10...60).contains(fit.leftOut))
            #expect(fit.used + fit.leftOut + fit.outside == 600)
        }
    }

    @Test func `may be of a whole turn's pan, over the ends of ± 180°`() throws {
        var pan = RecordedPan()
        pan.pan = { 175 + 10 * sin(2 * .pi * $0 / 3.3) }
        let fit = try pan.fit().get()
        #expect(abs(fit.delay - 0.05) < 0.0005)
    }

    @Test func `have an error bar that grows with their noise`() throws {
        var bars: [Double] = []
        for noise in [0.02, 0.1, 0.4] {
            var (pan, inside) = (RecordedPan(), 0)
            pan.noise = noise
            for seed in UInt64(1)...10 {
                pan.seed = seed
                let fit = try pan.fit().get()
                bars.append(fit.uncertainty)
                #expect(abs(fit.residual / degree / noise - 1) < 0.3, "\(fit.residual / degree)")
                inside += abs(fit.delay - 0.05) < fit.uncertainty ? 1 : 0
            }
            #expect(inside >= 8, "noise \(noise): \(inside) of 10 within the bar")
        }
        #expect(bars[0..<10].max()! < bars[20..<30].min()!)
    }

    @Test func `tell the delay of a burst's packets as of all others`() throws {
        let pan = RecordedPan(jitter: 0, loss: 0)
        var trace = SourceTrace(
            source: TrackingSource(name: "a", transport: .freeD(FreeDOptions())))
        for n in 0..<720 {
            let captured = RecordedPan.start - 1 + Double(n) / 60
            // Every second, five packets wait for the sixth.
            let arrived = captured + (n % 60 < 5 ? Double(5 - n % 60) / 60 : 0) + 0.05
            let pose = Pose(
                pan: pan.pan(captured - RecordedPan.start) * degree, tilt: 0, roll: 0,
                translation: Vector3(0, 0, 1.6))
            FreeD.Message(cameraID: 1, pose: pose).encoded.withUnsafeBytes {
                trace.accept(
                    datagram: $0, sender: 1,
                    arrivalTime: .seconds(arrived + Double(n % 60 < 6 ? n % 60 : 0) * 40e-6))
            }
        }
        let fit = try DelayFit(tracker: trace.samples().samples, pictures: pan.pictures())
        #expect(abs(fit.delay - 0.05) < 0.0003, "\(fit.delay)")
    }
}
