public import Color
import Glibc

/// What a colour calibration found, in figures and verdicts, for people and as JSON.
///
/// Errors before and after are what the solved model predicts for `ColorReport.colors`; those of
/// `checks` are measured.
public struct ColorReport: Codable, Sendable, Equatable {
    /// Errors of several colours.
    public struct Errors: Codable, Sendable, Equatable {
        /// Mean ΔE_ITP (BT.2124).
        public var meanITP: Double
        /// 95 % are below this ΔE_ITP.
        public var p95ITP: Double
        /// ΔE_ITP of the middle grey.
        public var greyITP: Double
        /// Mean CIEDE2000 under the target's white at peak.
        public var mean2000: Double
    }

    /// The wall.
    public var wall: String
    /// Its stated peak, nits.
    public var peakNits: Double
    /// x and y of red, green, blue and white at full drive, as the plate shows them.
    public var primaries: [[Double]]
    /// Luminance of black, nits.
    public var blackNits: Double
    /// Greatest relative error of white against the sum of the channels.
    public var additivity: Double
    /// Part of a channel's middle steps that is of another colour.
    public var crossTalk: Double
    /// Greatest relative error of each channel's light above 1 % of peak.
    public var curveErrors: [Double]
    /// Share of the target's colours that the wall cannot make.
    public var outOfGamut: Double
    /// How far the solved model is from the patches it was solved from.
    public var fit: Errors
    /// Errors without correction, predicted.
    public var before: Errors
    /// Errors with it, predicted: what the wall cannot make.
    public var after: Errors
    /// Errors of the colours kept for checking, as they were shown.
    public var checks: Errors?
    /// What is made of all this.
    public var verdicts: [Verdict]

    /// The report of samples and their solution.
    public init(_ samples: ColorSamples, _ solution: ColorSolution) {
        let judge = ColorJudge(solution)
        wall = samples.wall
        peakNits = samples.peakNits
        let full = [ColorTriple(1, 0, 0), ColorTriple(0, 1, 0), ColorTriple(0, 0, 1)]
        let measured = (full + [ColorTriple(1, 1, 1)]).map {
            judge.chromaticity(plate: solution.plateFromLight * $0)
        }
        primaries = measured.map { [$0.x, $0.y] }
        blackNits = judge.xyz(plate: solution.black).y * peakNits
        additivity = solution.additivity
        crossTalk = solution.crossTalk
        curveErrors = solution.curves.map { curve in
            zip(curve.drives, curve.lights).filter { $0.0 >= 0.01 }.map { abs($1 / $0 - 1) }.max()
                ?? 0
        }
        outOfGamut = judge.outOfGamutShare
        let colors = ColorReport.colors
        fit = judge.fit(samples)
        before = judge.errors(colors) { solution.plate(drive: $0) }
        after = judge.errors(colors) { solution.plate(drive: solution.drive(content: $0)) }
        checks =
            samples.checks.isEmpty
            ? nil
            : judge.errors(samples.checks.map(\.content), plates: samples.checks.map(\.plate))
        verdicts = ColorFaults.verdicts(samples)
        verdicts += judge.verdicts(samples, blackNits: blackNits, after: after, checks: checks)
        if let moved = solution.refinement { verdicts.append(ColorReport.refinement(moved)) }
    }

    /// A wall that drifts moves by a few per cent; more is another wall, exposure or correction.
    private static func refinement(_ moved: Double) -> Verdict {
        moved > 0.15
            ? Verdict(
                "refinement", .fail,
                "the colours shown through the correction are off by \(percent(moved))",
                advice: "show them through the correction of these samples, at the same exposure, "
                    + "and capture them again")
            : Verdict("refinement", .pass, "moves colours by \(percent(moved))")
    }

    /// Colours errors are told for: seven greys, and six hues at two levels and two saturations,
    /// in the target's primaries, 1 = peak.
    public static let colors: [ColorTriple] = {
        var list = [0.005, 0.02, 0.05, 0.1, 0.18, 0.35, 0.7].map { ColorTriple(repeating: $0) }
        let hues = [
            ColorTriple(1, 0, 0), ColorTriple(1, 1, 0), ColorTriple(0, 1, 0),
            ColorTriple(0, 1, 1), ColorTriple(0, 0, 1), ColorTriple(1, 0, 1),
        ]
        for level in [0.05, 0.4] {
            for saturation in [0.3, 0.6] {
                list += hues.map { level * (1 - saturation + saturation * $0) }
            }
        }
        return list
    }()

    /// Writes the report as JSON.
    public func write(to path: String) throws(CalibrationRefusal) {
        try JSONFile.write(self, to: path)
    }

    /// The figures as lines for a terminal.
    public var lines: [String] {
        func xy(_ p: [Double]) -> String { "(\(text(p[0])), \(text(p[1])))" }
        func row(_ name: String, _ e: Errors) -> String {
            "\(name): ΔE_ITP mean \(text(e.meanITP)), 95 % below \(text(e.p95ITP)), grey "
                + "\(text(e.greyITP)); ΔE2000 mean \(text(e.mean2000))"
        }
        var lines = [
            "\(wall): red \(xy(primaries[0])), green \(xy(primaries[1])), blue "
                + "\(xy(primaries[2])), white \(xy(primaries[3]))",
            "black \(text(blackNits)) nits of \(text(peakNits)); additivity \(percent(additivity))"
                + ", cross-talk \(percent(crossTalk)), out of gamut \(percent(outOfGamut))",
            "curves off by \(curveErrors.map(percent).joined(separator: ", "))",
            row("model against its own patches", fit),
            row("before (predicted)", before),
            row("after (predicted: what the wall cannot make)", after),
        ]
        if let checks { lines.append(row("checks (measured)", checks)) }
        return lines + verdicts.map(\.description)
    }
}
