import Color
import Glibc

/// Turns plates into figures and figures into verdicts.
struct ColorJudge {
    private let solution: ColorSolution
    private let xyzFromPlate: ColorMatrix
    private let rec2020FromXYZ: ColorMatrix
    private let xyzFromContent: ColorMatrix

    init(_ solution: ColorSolution) {
        self.solution = solution
        xyzFromPlate =
            ColorMatrix.adaptation(
                from: solution.plate.primaries.white, to: solution.target.white)
            * ColorMatrix.xyzFromRGB(solution.plate.primaries) * (1 / solution.plateAtPeak)
        rec2020FromXYZ =
            ColorMatrix.rgbFromXYZ(.rec2020)
            * ColorMatrix.adaptation(from: solution.target.white, to: Primaries.d65)
            * solution.peakNits
        xyzFromContent = ColorMatrix.xyzFromRGB(solution.target)
    }

    /// ΔE_ITP of two plates.
    func difference(_ a: ColorTriple, _ b: ColorTriple) -> Double {
        deltaEITP(rec2020FromXYZ * xyz(plate: a), rec2020FromXYZ * xyz(plate: b))
    }

    /// XYZ of a plate, 1 = peak.
    func xyz(plate: ColorTriple) -> ColorTriple { xyzFromPlate * plate }

    func chromaticity(plate: ColorTriple) -> Chromaticity {
        let c = xyz(plate: plate)
        let sum = c.x + c.y + c.z
        return Chromaticity(c.x / sum, c.y / sum)
    }

    func errors(
        _ contents: [ColorTriple], seen plate: (ColorTriple) -> ColorTriple
    ) -> ColorReport.Errors {
        errors(contents, plates: contents.map(plate))
    }

    func errors(_ contents: [ColorTriple], plates: [ColorTriple]) -> ColorReport.Errors {
        errors(plates.map(xyz(plate:)), against: contents.map { xyzFromContent * $0 })
    }

    /// The model's own plates against what was captured: ramps, white and grey.
    func fit(_ samples: ColorSamples) -> ColorReport.Errors {
        var (drives, seen) = ([ColorTriple](), [ColorTriple]())
        for (channel, ramp) in samples.ramps.enumerated() {
            for (level, plate) in zip(samples.levels, ramp) {
                var drive = ColorTriple(0, 0, 0)
                drive[channel] = level
                drives.append(drive)
                seen.append(plate)
            }
        }
        drives.append(ColorTriple(1, 1, 1))
        seen.append(samples.white)
        if let grey = samples.grey {
            drives.append(ColorTriple(repeating: 0.18))
            seen.append(grey)
        }
        let model = drives.map { xyz(plate: solution.plate(drive: $0)) }
        return errors(seen.map(xyz(plate:)), against: model)
    }

    /// Errors of XYZ seen against XYZ wanted, 1 = peak.
    private func errors(
        _ seen: [ColorTriple], against wanted: [ColorTriple]
    ) -> ColorReport.Errors {
        let white = solution.target.white.xyz
        var (itp, de2000) = ([Double](), [Double]())
        for (seen, wanted) in zip(seen, wanted) {
            itp.append(deltaEITP(rec2020FromXYZ * seen, rec2020FromXYZ * wanted))
            de2000.append(deltaE2000(lab(xyz: seen, white: white), lab(xyz: wanted, white: white)))
        }
        let sorted = itp.sorted()
        // The colour nearest to 18 % grey.
        let grey = wanted.indices.min { a, b in
            let (p, q) = (wanted[a] - 0.18 * white, wanted[b] - 0.18 * white)
            return (p * p).sum() < (q * q).sum()
        }
        return ColorReport.Errors(
            meanITP: itp.reduce(0, +) / Double(itp.count),
            p95ITP: sorted[Int(0.95 * Double(sorted.count - 1))],
            greyITP: grey.map { itp[$0] } ?? 0,
            mean2000: de2000.reduce(0, +) / Double(de2000.count))
    }

    /// Share of a 9 × 9 × 9 grid of the target's colours the wall's channels cannot add up to.
    var outOfGamutShare: Double {
        var outside = 0
        for i in 0..<729 {
            let content = ColorTriple(Double(i % 9), Double(i / 9 % 9), Double(i / 81)) / 8
            let light = solution.light(content: content)
            // A per mille is no visible loss.
            if light.min() < -1e-3 || light.max() > 1 + 1e-3 { outside += 1 }
        }
        return Double(outside) / 729
    }

    func verdicts(
        _ samples: ColorSamples, blackNits: Double, after: ColorReport.Errors,
        checks: ColorReport.Errors?
    ) -> [Verdict] {
        var list = [additivity, crossTalk]
        if let native = samples.native.flatMap({ Primaries(list: $0) }) {
            list.append(gamut(native: native))
        }
        if after.meanITP > 2 {
            list.append(
                Verdict(
                    "result", .fail, "ΔE_ITP is \(text(after.meanITP)) on average even corrected",
                    advice: "the wall cannot make the target's colours: choose its own primaries "
                        + "as the target, or lower peakNits"))
        }
        if let checks, checks.meanITP > 3 {
            list.append(
                Verdict(
                    "checks", .warning, "measured colours are off by \(text(checks.meanITP))",
                    advice: "if they were shown through the correction, solve again with them"))
        }
        return list
    }

    /// White against the sum of its channels (§3, step 3).
    private var additivity: Verdict {
        let a = solution.additivity
        let level: Verdict.Level = a > 0.03 ? .fail : a > 0.01 ? .warning : .pass
        guard level > .pass else {
            return Verdict(
                "additivity", .pass, "white is the sum of its channels within \(percent(a))")
        }
        let dims = 1 - solution.whiteOverSum
        if dims > 0.5 * a {
            return Verdict(
                "additivity", level,
                "white is \(percent(dims)) darker than red, green and blue together: the wall dims "
                    + "under load",
                advice: "switch off the processor's power limit, or lower its brightness until it "
                    + "no longer acts")
        }
        return Verdict(
            "additivity", level,
            "white differs by \(percent(a)) from red, green and blue together: the processor "
                + "changes colours",
            advice: "set the processor to its native gamut, without gamut mapping")
    }

    /// Other channels' light in a ramp (§3, step 4).
    private var crossTalk: Verdict {
        guard solution.crossTalk > 0.02 else {
            return Verdict("cross-talk", .pass, "\(percent(solution.crossTalk))")
        }
        return Verdict(
            "cross-talk", .warning,
            "a single channel changes its colour by \(percent(solution.crossTalk)) as it rises: "
                + "the processor applies a matrix of its own",
            advice: "set the processor to its native gamut, without gamut mapping")
    }

    /// Measured primaries against the maker's.
    private func gamut(native: Primaries) -> Verdict {
        let axes = [ColorTriple(1, 0, 0), ColorTriple(0, 1, 0), ColorTriple(0, 0, 1)]
        let stated = [native.red, native.green, native.blue]
        var (worst, name) = (0.0, "")
        for (i, channel) in ["red", "green", "blue"].enumerated() {
            let seen = chromaticity(plate: solution.plateFromLight * axes[i])
            let distance = hypot(seen.x - stated[i].x, seen.y - stated[i].y)
            if distance > worst { (worst, name) = (distance, channel) }
        }
        // A camera and a batch of LEDs differ by up to 0.03; Rec.709's green lies 0.14 away.
        guard worst > 0.05 else {
            return Verdict("primaries", .pass, "within \(text(worst)) of those stated")
        }
        return Verdict(
            "primaries", .warning, "\(name) lies \(text(worst)) from the stated primary in x and y",
            advice: "if the processor maps to another gamut, set it to native; else correct the "
                + "stated primaries")
    }
}
