import Color
import Foundation

extension CalibrationPage {
    /// A wall's colours.
    public mutating func add(
        _ samples: ColorSamples, _ solution: ColorSolution, _ report: ColorReport
    ) {
        let judge = ColorJudge(solution)
        func rows(_ name: String, _ e: ColorReport.Errors, _ note: String) -> [Row] {
            [
                Row(
                    name: name, value: "\(text(e.meanITP))  ≤ \(text(e.p95ITP))", unit: "ΔE_ITP",
                    note: "mean, and what 95 % are below; gray \(text(e.greyITP)); ΔE2000 mean "
                        + "\(text(e.mean2000)). \(note)")
            ]
        }
        var table = rows("before", report.before, "Predicted, without correction.")
        table += rows("after", report.after, "Predicted: what the wall cannot make.")
        if let checks = report.checks {
            table += rows("checks", checks, "Measured: twelve colors nobody solved by.")
        }
        table += rows("model", report.fit, "Against the patches it was solved from.")
        table += [
            Row(name: "peak", value: text(report.peakNits), unit: "nits"),
            Row(name: "black", value: text(report.blackNits), unit: "nits"),
            Row(
                name: "additivity", value: text(100 * report.additivity), unit: "%",
                note: "white against red, green and blue together; 1 is good"),
            Row(
                name: "cross-talk", value: text(100 * report.crossTalk), unit: "%",
                note: "another color in a channel's steps; 2 is good"),
            Row(
                name: "out of gamut", value: text(100 * report.outOfGamut), unit: "%",
                note: "of the target's colors, which the wall cannot make"),
            Row(
                name: "curves off by",
                value: report.curveErrors.map { text(100 * $0) }.joined(separator: " · "),
                unit: "%", note: "red, green, blue at worst, before correction"),
        ]
        tile("color, before", text(report.before.meanITP), "ΔE_ITP")
        if let checks = report.checks {
            tile("color, measured after", text(checks.meanITP), "ΔE_ITP")
        } else {
            let after = report.after.meanITP
            tile("color, after (predicted)", after < 0.1 ? "< 0.1" : text(after), "ΔE_ITP")
        }
        let plots = [
            Self.figure(
                gamut(samples, report),
                "Dashed: the primaries content is meant in. Solid: what the camera sees the wall "
                    + "light. Inside the solid triangle the wall can follow."),
            Self.figure(
                curves(solution),
                "1 is light as it was asked. What lies off is taken out by the correction's curves."
            ),
            Self.figure(
                Self.errors(samples, solution, judge),
                "Seven grays, then six hues dark and light, pale and strong. 1 is just noticeable; "
                    + "what is left in blue the wall cannot make."),
        ]
        add(
            "Color of \(report.wall)",
            list(report.verdicts) + "<div class='plots'>" + plots.joined() + "</div>"
                + Self.table(table) + Self.chips(samples, solution, judge))
    }

    /// What was stated and what is, in x and y.
    private func gamut(_ samples: ColorSamples, _ report: ColorReport) -> SVGPlot {
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
        plot.legend([("wanted", "#8c959f"), ("the wall", "#0969da")])
        return plot
    }

    /// Light of each channel over what was asked, against the code.
    private func curves(_ solution: ColorSolution) -> SVGPlot {
        // Below a thousandth of the peak a reading is mostly noise.
        let shares = solution.curves.flatMap { curve in
            zip(curve.drives, curve.lights).filter { $0.0 > 1e-3 }.map { $1 / $0 }
        }
        let range = min(0.8, shares.min() ?? 1) - 0.05...max(1.2, shares.max() ?? 1) + 0.05
        var plot = SVGPlot(
            "Light over what is asked", x: 0...1, "PQ code, of the peak's", y: range,
            "measured ÷ asked")
        let peak = TransferFunction.pq.signal(light: solution.peakNits / 10_000)
        plot.stroke(SIMD2(0, 1), SIMD2(1, 1), "#8c959f")
        for (curve, color) in zip(solution.curves, ["#d1242f", "#1a7f37", "#0550ae"]) {
            let points = zip(curve.drives, curve.lights).filter { $0.0 > 1e-3 }.map {
                drive, light in
                SIMD2(
                    TransferFunction.pq.signal(light: drive * solution.peakNits / 10_000) / peak,
                    light / drive)
            }
            plot.line(points, color)
            for point in points { plot.point(point, color, radius: 2.5) }
        }
        plot.legend([("red", "#d1242f"), ("green", "#1a7f37"), ("blue", "#0550ae")])
        return plot
    }

    /// Each reported colour's error before and after.
    private static func errors(
        _ samples: ColorSamples, _ solution: ColorSolution, _ judge: ColorJudge
    ) -> SVGPlot {
        let colors = ColorReport.colors
        let before = colors.map { judge.errors([$0]) { solution.plate(drive: $0) }.meanITP }
        let after = colors.map {
            judge.errors([$0]) { solution.plate(drive: solution.drive(content: $0)) }.meanITP
        }
        let most = max(1, before.max() ?? 1)
        var plot = SVGPlot(
            "Error of each color", x: 0...Double(colors.count), "color",
            y: 0...most * 1.05, "ΔE_ITP")
        for index in colors.indices {
            plot.bar(Double(index) + 0.3, width: 0.4, before[index], "#c9a227")
            plot.bar(Double(index) + 0.7, width: 0.4, after[index], "#0969da")
        }
        plot.legend([("before", "#c9a227"), ("after", "#0969da")])
        return plot
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
