import Color
import Foundation

extension CalibrationPage {
    /// A wall's colours.
    public mutating func add(
        _ samples: ColorSamples, _ solution: ColorSolution, _ report: ColorReport
    ) {
        let judge = ColorJudge(solution)
        func figures(_ e: ColorReport.Errors) -> String {
            "ΔE_ITP mean \(text(e.meanITP)), 95 % below \(text(e.p95ITP)), gray "
                + "\(text(e.greyITP)); ΔE2000 mean \(text(e.mean2000))"
        }
        var rows = [
            ("peak", "\(text(report.peakNits)) nits"),
            ("black", "\(text(report.blackNits)) nits"),
            ("before (predicted)", figures(report.before)),
            ("after (predicted: what the wall cannot make)", figures(report.after)),
            ("model against its own patches", figures(report.fit)),
            ("additivity", percent(report.additivity)), ("cross-talk", percent(report.crossTalk)),
            ("out of gamut", percent(report.outOfGamut)),
            ("curves off by", report.curveErrors.map(percent).joined(separator: ", ")),
        ]
        if let checks = report.checks { rows.insert(("checks (measured)", figures(checks)), at: 2) }
        let plots = [
            gamut(samples, report), curves(solution), Self.errors(samples, solution, judge),
        ]
        add(
            "Color of \(report.wall)",
            list(report.verdicts) + "<div class='plots'>" + plots.joined() + "</div>"
                + Self.table(rows) + Self.chips(samples, solution, judge))
    }

    /// What was stated and what is, in x and y.
    private func gamut(_ samples: ColorSamples, _ report: ColorReport) -> String {
        var plot = SVGPlot(
            "Primaries and white", x: 0...0.8, "CIE x", y: 0...0.9, "CIE y")
        func points(_ list: [[Double]]) -> [SIMD2<Double>] { list.map { SIMD2($0[0], $0[1]) } }
        let (wanted, seen) = (points(samples.target), points(report.primaries))
        plot.line(Array(wanted.prefix(3)), "#8c959f", isClosed: true, isDashed: true)
        plot.line(Array(seen.prefix(3)), "#0969da", isClosed: true)
        for (at, color) in zip(seen, ["#d1242f", "#1a7f37", "#0550ae", "#24292f"]) {
            plot.point(at, color)
        }
        plot.point(wanted[3], "#8c959f")
        return plot.svg
    }

    /// Light of each channel over what was asked, against the code.
    private func curves(_ solution: ColorSolution) -> String {
        var plot = SVGPlot(
            "Light over what is asked", x: 0...1, "PQ code, of the peak's", y: 0.6...1.4,
            "measured ÷ asked")
        let peak = TransferFunction.pq.signal(light: solution.peakNits / 10_000)
        plot.stroke(SIMD2(0, 1), SIMD2(1, 1), "#8c959f")
        for (curve, color) in zip(solution.curves, ["#d1242f", "#1a7f37", "#0550ae"]) {
            let points = zip(curve.drives, curve.lights).map { drive, light in
                SIMD2(
                    TransferFunction.pq.signal(light: drive * solution.peakNits / 10_000) / peak,
                    light / drive)
            }
            plot.line(points, color)
            for point in points { plot.point(point, color, radius: 2.5) }
        }
        return plot.svg
    }

    /// Each reported colour's error before and after.
    private static func errors(
        _ samples: ColorSamples, _ solution: ColorSolution, _ judge: ColorJudge
    ) -> String {
        let colors = ColorReport.colors
        let before = colors.map { judge.errors([$0]) { solution.plate(drive: $0) }.meanITP }
        let after = colors.map {
            judge.errors([$0]) { solution.plate(drive: solution.drive(content: $0)) }.meanITP
        }
        let most = max(1, before.max() ?? 1)
        var plot = SVGPlot(
            "Error of each color, before and after", x: 0...Double(colors.count), "color",
            y: 0...most * 1.05, "ΔE_ITP")
        for index in colors.indices {
            plot.bar(Double(index) + 0.3, width: 0.4, before[index], "#c9a227")
            plot.bar(Double(index) + 0.7, width: 0.4, after[index], "#0969da")
        }
        return plot.svg
    }

    /// The checks as they should be, and as they were seen.
    private static func chips(
        _ samples: ColorSamples, _ solution: ColorSolution, _ judge: ColorJudge
    ) -> String {
        guard !samples.checks.isEmpty else { return "" }
        let toScreen =
            ColorMatrix.rgbFromXYZ(.rec709)
            * ColorMatrix.adaptation(from: solution.target.white, to: Primaries.d65)
        func color(_ xyz: ColorTriple) -> String {
            let rgb = toScreen * xyz * 2
            func code(_ light: Double) -> Int {
                let l = max(0, min(1, light))
                return Int(
                    (255 * (l <= 0.0031308 ? 12.92 * l : 1.055 * pow(l, 1 / 2.4) - 0.055))
                        .rounded())
            }
            return "rgb(\(code(rgb.x)),\(code(rgb.y)),\(code(rgb.z)))"
        }
        let wanted = ColorMatrix.xyzFromRGB(solution.target)
        let chips = samples.checks.map { check in
            let error = judge.errors([check.content], plates: [check.plate]).meanITP
            return "<div class='chip'><i style='background:\(color(wanted * check.content))'></i>"
                + "<i style='background:\(color(judge.xyz(plate: check.plate)))'></i>"
                + "\(text(error))</div>"
        }
        return "<h3>Checks: wanted above, seen below, ΔE_ITP</h3><div class='chips'>"
            + chips.joined() + "</div>"
    }
}
