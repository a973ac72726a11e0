import Color
import Glibc

/// Looks for what is wrong with a wall's patches before anything is solved, by name: most bad
/// calibrations are a wrong setting of a processor or camera, not a wrong wall.
struct ColorFaults {
    private let samples: ColorSamples
    private let top: ColorTriple

    /// All verdicts about the samples themselves.
    static func verdicts(_ samples: ColorSamples) -> [Verdict] {
        let faults = ColorFaults(samples: samples)
        return [faults.order, faults.wiring, faults.clipping, faults.range, faults.blackLevel]
    }

    private init(samples: ColorSamples) {
        self.samples = samples
        top = samples.white - samples.black
    }

    /// Sum of a sample's channels, black taken off: its brightness for comparisons.
    private func brightness(_ sample: ColorTriple) -> Double { (sample - samples.black).sum() }

    /// Brightness of each step of a ramp as a fraction of its greatest.
    private func shape(_ ramp: [ColorTriple]) -> [Double] {
        let b = ramp.map(brightness)
        let greatest = max(b.max() ?? 1, 1e-12)
        return b.map { $0 / greatest }
    }

    /// A patch out of its place: a step well below the one before, or white below a channel.
    var order: Verdict {
        let subject = "order of patches"
        for (name, ramp) in zip(["red", "green", "blue"], samples.ramps) {
            let shape = self.shape(ramp)
            for i in 1..<shape.count where shape[i] < 0.9 * shape[i - 1] && shape[i - 1] > 0.02 {
                let place = i == shape.count - 1 ? "the last step" : "step \(i + 1)"
                return Verdict(
                    subject, .fail,
                    "\(place) of the \(name) ramp is darker than the one before: the end slate or "
                        + "another patch was sampled",
                    advice: "check genlock and frame rate of player and camera, and capture again")
            }
        }
        let channels = samples.ramps.map { brightness($0[$0.count - 1]) }
        if brightness(samples.white) < 0.5 * channels.reduce(0, +) {
            return Verdict(
                subject, .fail,
                "white is darker than red, green and blue make together: another patch was "
                    + "sampled, or it is black",
                advice: "check genlock and frame rate of player and camera, and capture again")
        }
        return Verdict(subject, .pass, "every ramp rises")
    }

    /// Channels that light another primary than they are named for.
    var wiring: Verdict {
        let subject = "channels"
        let names = ["red", "green", "blue"]
        let list = samples.native ?? samples.target
        guard let primaries = Primaries(list: list) else {
            return Verdict(subject, .fail, "no primaries are given", advice: "give them")
        }
        let xyz =
            ColorMatrix.adaptation(
                from: samples.plate.primaries.white, to: primaries.white)
            * ColorMatrix.xyzFromRGB(samples.plate.primaries)
        let expected = [primaries.red, primaries.green, primaries.blue]
        var nearest: [Int] = []
        for ramp in samples.ramps {
            let c = xyz * (ramp[ramp.count - 1] - samples.black)
            let sum = c.x + c.y + c.z
            let distances = expected.map { hypot($0.x - c.x / sum, $0.y - c.y / sum) }
            nearest.append(distances.indices.min { distances[$0] < distances[$1] } ?? 0)
        }
        for i in 0..<3 where nearest[i] != i {
            return Verdict(
                subject, .fail,
                "the wall shows \(names[nearest[i]]) where \(names[i]) is asked: channels are "
                    + "swapped",
                advice: "set the processor's component order to RGB, or sample the patches in order"
            )
        }
        return Verdict(subject, .pass, "red, green and blue light what they are named for")
    }

    /// Steps that no longer rise at the bright end: the camera's clip or the wall's.
    var clipping: Verdict {
        let subject = "clipping"
        if let reading = cameraClip ?? cameraClipOnWhite {
            return Verdict(
                subject, .fail,
                "several patches read the same \(text(reading)): the camera is clipped",
                advice: "close the iris by one stop and capture again")
        }
        var flat: [(name: String, nits: Double)] = []
        for (name, ramp) in zip(["red", "green", "blue"], samples.ramps) {
            let shape = self.shape(ramp)
            // A ramp that falls again is out of order, not clipped.
            guard let first = shape.firstIndex(where: { $0 > 0.985 }), samples.levels[first] < 0.9,
                shape[shape.count - 1] > 0.985
            else { continue }
            flat.append((name, (samples.levels[first] * samples.peakNits).rounded()))
        }
        guard let least = flat.map(\.nits).min() else {
            return Verdict(subject, .pass, "light rises to the last step")
        }
        let found = flat.map { "\($0.name) no longer rises above \(Int($0.nits))" }
        return Verdict(
            subject, .fail,
            "\(found.joined(separator: ", ")) nits, \(Int(samples.peakNits)) are stated: the wall "
                + "is clipped",
            advice: "raise the processor's brightness to its maximum, or state peakNits: "
                + "\(Int(least))")
    }

    /// The reading at which white alone clips the camera, if it does.
    ///
    /// A wall that dims under load dims every reading alike; a clip takes from the strongest. So
    /// the reading that is most short of its channels' sum is also the greatest, and light above
    /// the peak reads no more.
    private var cameraClipOnWhite: Double? {
        let sum = samples.ramps.reduce(ColorTriple(0, 0, 0)) {
            $0 + $1[$1.count - 1] - samples.black
        }
        guard sum.min() > 0 else { return nil }
        let share = top / sum
        guard let short = (0..<3).min(by: { share[$0] < share[$1] }),
            // Three per cent is five times what noise of half a per cent makes.
            share[short] < 0.97 * min(share.max(), 1),
            samples.white[short] > 0.997 * samples.white.max()
        else { return nil }
        if let brightest = samples.brightestWhite, brightest[short] > 1.01 * samples.white[short] {
            return nil
        }
        return samples.white[short]
    }

    /// The reading several different bright patches share, if they do.
    private var cameraClip: Double? {
        for channel in 0..<3 {
            var readings = samples.ramps.flatMap { $0.suffix(3) }.map { $0[channel] }
            readings.append(samples.white[channel])
            if let brightest = samples.brightestWhite { readings.append(brightest[channel]) }
            guard let most = readings.max(), most > 0 else { continue }
            // White of a wall in order reads at least 5 % above its strongest channel.
            let strongest = samples.ramps.map { $0[$0.count - 1][channel] }.max() ?? 0
            let others = samples.ramps.map { $0[$0.count - 1][channel] }.reduce(0, +) - strongest
            let alike = readings.filter { $0 > 0.997 * most }.count
            if alike >= 3, strongest > 0.997 * most, others > 0.02 * most { return most }
        }
        return nil
    }

    /// The processor reads another range of codes than is sent: fits the measured light better.
    var range: Verdict {
        let subject = "code range"
        let (full, other) = (
            misfit(of: .same), [Reading.narrow, .wide].map { ($0, misfit(of: $0)) }
        )
        guard let best = other.min(by: { $0.1 < $1.1 }), full > 0.03, best.1 < 0.4 * full else {
            return Verdict(subject, .pass, "codes are read as they are sent")
        }
        let shows = best.0 == .narrow ? "narrow" : "full"
        let sent = best.0 == .narrow ? "full" : "narrow"
        let alike =
            best.0 == .narrow
            ? "codes 64 and 0 look equal" : "black is lit and white is not reached"
        return Verdict(
            subject, .fail, "the wall shows \(shows) range, \(sent) is sent: \(alike)",
            advice: "set the processor's input to \(sent == "full" ? "Full" : "Narrow (video)")")
    }

    /// How a processor may read codes.
    private enum Reading { case same, narrow, wide }

    /// Root mean square of the logarithm of measured over expected light, were codes read so.
    private func misfit(of reading: Reading) -> Double {
        let peak = TransferFunction.pq.signal(light: samples.peakNits / 10_000)
        func light(_ level: Double) -> Double {
            var v = TransferFunction.pq.signal(light: level * samples.peakNits / 10_000)
            if reading == .narrow { v = (v * 1023 - 64) / 876 }
            if reading == .wide { v = (v * 876 + 64) / 1023 }
            return TransferFunction.pq.light(signal: min(max(v, 0), peak)) * 10_000
        }
        let whole = light(1)
        let black = light(1e-12)
        var (sum, count) = (0.0, 0.0)
        for ramp in samples.ramps {
            // A wall of another gamma bends every reading alike: a power is fitted first.
            var pairs: [SIMD2<Double>] = []
            for (level, seen) in zip(samples.levels, shape(ramp)) where level > 0.005 {
                let expected = max((light(level) - black) / (whole - black), 1e-5)
                pairs.append(SIMD2(log(expected), log(max(seen, 1e-5))))
            }
            let square = pairs.reduce(0) { $0 + $1.x * $1.x }
            let power = square > 0 ? pairs.reduce(0) { $0 + $1.x * $1.y } / square : 1
            for pair in pairs {
                let error = pair.y - power * pair.x
                sum += error * error
                count += 1
            }
        }
        return count > 0 ? (sum / count).squareRoot() : 0
    }

    /// Light where black is asked.
    var blackLevel: Verdict {
        let share = samples.black.max() / max(samples.white.max(), 1e-12)
        if share > 0.02 {
            return Verdict(
                "black", .warning, "black reads \(percent(share)) of white",
                advice: "switch off other light, shade the lens, and capture again")
        }
        return Verdict("black", .pass, "black reads \(percent(share)) of white")
    }
}

/// A fraction as a person reads it.
func percent(_ fraction: Double) -> String { "\(text(fraction * 100)) %" }

/// A number with three digits.
func text(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    // A billionth of anything told here is rounding.
    guard abs(value) > 1e-9 else { return "0" }
    let digits = max(0, 2 - Int(floor(log10(abs(value)))))
    let scale = pow(10, Double(min(digits, 12)))
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
}
