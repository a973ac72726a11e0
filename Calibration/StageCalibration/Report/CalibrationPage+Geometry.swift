import Color
import Geometry
import Glibc

extension CalibrationPage {
    /// Camera, tracker and wall.
    public mutating func add(_ captures: GeometryCaptures, _ report: GeometryReport) {
        let used = report.views.filter { $0.leftOut == nil }
        let u = report.uncertainty
        let (pupil, stage) = (report.bodyFromPupil, report.stageFromTracker)
        func place(_ p: GeometryReport.Placement) -> (String, String) {
            let mm = p.position * 1000
            return (
                "\(text(mm.x)), \(text(mm.y)), \(text(mm.z))",
                "pan \(text(p.pan))°, tilt \(text(p.tilt))°, roll \(text(p.roll))°"
            )
        }
        let f = report.camera.focal
        let rows = [
            Row(
                name: "poses used", value: "\(used.count)", unit: "of \(report.views.count)",
                note: "20 are good"),
            Row(
                name: "dots are met within", value: text(report.reprojectionPixels),
                unit: "px rms", note: "below 0.3 is good"),
            Row(
                name: "focal length", value: "\(text(f.x)) × \(text(f.y))", unit: "px",
                note: "± \(text(u.focalPixels))"),
            Row(
                name: "entrance pupil on the tracker's body", value: place(pupil).0, unit: "mm",
                note: "right, ahead, up; ± \(text(u.pupilMeters * 1000)); \(place(pupil).1)"),
            Row(
                name: "tracker's origin on the stage", value: place(stage).0, unit: "mm",
                note: "x, y, z; \(place(stage).1)"),
            Row(
                name: "tracker's meter",
                value: text(1e6 * (report.trackerScale - 1) / 1000), unit: "‰ long",
                note: "± \(text(1000 * u.scale))"),
            Row(
                name: "parts of the wall known to", value: text(u.wallMeters * 1000), unit: "mm"),
        ]
        tile("dots are met within", text(report.reprojectionPixels), "px")
        tile("poses used", "\(used.count)", "of \(report.views.count)")
        let plots = [
            Self.figure(
                residuals(captures, report),
                "What is left of each dot where the camera stands as its own picture says, drawn "
                    + "200 times as long: without order is noise, a pattern is the lens."),
            Self.figure(
                shifts(captures, report),
                "The wall from above; red strokes are a hundred times as long as what each part "
                    + "stands off its plan."),
            Self.figure(
                poses(report.views),
                "One bar a pose; a red one was left out, with the reason above."),
            Self.figure(
                tracker(report.views),
                "How far the tracker's word lies from where the pictures show the camera."),
        ]
        add(
            "Geometry",
            list(report.verdicts) + "<div class='plots'>" + plots.joined() + "</div>"
                + Self.table(rows))
    }

    /// Reprojection of each pose.
    private func poses(_ views: [GeometrySolution.View]) -> SVGPlot {
        let most = max(0.2, views.compactMap(\.pixels).filter(\.isFinite).max() ?? 1)
        var plot = SVGPlot(
            "Dots are met within", x: 0...Double(max(1, views.count)), "pose",
            y: 0...min(most, 5) * 1.1, "px rms")
        for (index, view) in views.enumerated() {
            plot.bar(
                Double(index) + 0.5, width: 0.7, min(view.pixels ?? 0, 5),
                view.leftOut == nil ? "#0969da" : "#cf222e")
        }
        return plot
    }

    /// How far each part of the wall stands from its plan, seen from above, a hundred times.
    private func shifts(_ captures: GeometryCaptures, _ report: GeometryReport) -> SVGPlot {
        let groups = Dictionary(grouping: captures.dots.indices) { captures.groups[$0] }
        let middles = groups.map { group, dots in
            let sum = dots.reduce(Vector3.zero) { $0 + captures.dots[$1] }
            return (group, sum / Double(dots.count))
        }.sorted { $0.0 < $1.0 }
        let strokes = middles.filter { $0.0 < report.wallShifts.count }.map { group, middle in
            let (from, shift) = (SIMD2(middle.x, middle.y), report.wallShifts[group])
            return (from: from, to: from + 100 * SIMD2(shift.x, shift.y))
        }
        let places = strokes.flatMap { [$0.from, $0.to] }
        func range(_ values: [Double]) -> ClosedRange<Double> {
            let (low, high) = (values.min() ?? 0, values.max() ?? 1)
            let room = max(0.5, 0.15 * (high - low))
            return (low - room)...(high + room)
        }
        var plot = SVGPlot(
            "Parts of the wall off their plan", x: range(places.map(\.x)),
            "X, m", y: range(places.map(\.y)), "Y, m")
        for stroke in strokes {
            plot.point(stroke.from, "#8c959f", radius: 2.5)
            plot.stroke(stroke.from, stroke.to, "#d1242f")
        }
        return plot
    }

    /// How far the tracker was off at each pose.
    private func tracker(_ views: [GeometrySolution.View]) -> SVGPlot {
        let used = views.filter { $0.leftOut == nil }
        let most = max(0.5, used.map { 1000 * $0.trackerMeters }.max() ?? 1)
        var plot = SVGPlot(
            "The tracker against the pictures", x: 0...Double(max(1, used.count)), "pose",
            y: 0...most * 1.1, "mm")
        for (index, view) in used.enumerated() {
            plot.bar(Double(index) + 0.5, width: 0.7, 1000 * view.trackerMeters, "#1a7f37")
        }
        return plot
    }

    /// Where in the picture dots were seen, and how far each is from where it should be, the camera
    /// standing as that picture alone says.
    private func residuals(_ captures: GeometryCaptures, _ report: GeometryReport) -> SVGPlot {
        let (width, height) = (Double(captures.picture[0]), Double(captures.picture[1]))
        var plot = SVGPlot(
            "What is left of each dot, 200 times", x: 0...width, "px", y: 0...height, "px up")
        let used = Set(report.views.filter { $0.leftOut == nil }.map(\.name))
        let views = captures.views.filter { used.contains($0.name) }
        let dots = views.reduce(0) { $0 + $1.seen.count }
        // More strokes than these are a blot.
        let stride = max(1, dots / 1200)
        var index = 0
        for view in views {
            let points = view.seen.map {
                captures.dots[$0] + report.wallShifts[captures.groups[$0]]
            }
            guard
                let found = Resection(
                    points: points, pixels: view.pixels, camera: report.camera)
            else { continue }
            let cameraFromStage = found.stageFromCamera.inverse
            for (point, seen) in zip(points, view.pixels) {
                defer { index += 1 }
                guard index % stride == 0,
                    let told = report.camera.pixel(cameraFromStage * point)
                else { continue }
                let at = SIMD2(seen.x, height - seen.y)
                let off = 200 * (seen - told)
                plot.point(at, "#8c959f", radius: 1)
                plot.stroke(at, at + SIMD2(off.x, -off.y), "#0969da", width: 1)
            }
        }
        return plot
    }

    /// How bright the panels are against each other.
    public mutating func add(_ gains: PanelGains) {
        let read = gains.gains.indices.filter { gains.unread?.contains($0) != true }
        func per(_ gain: Double) -> Double { 100 * (gain - 1) }
        let all = read.flatMap { g in (0..<3).map { abs(per(gains.gains[g][$0])) } }
        let most = max(2, all.max() ?? 2) * 1.1
        var plot = SVGPlot(
            "Panels against the mean", x: 0...Double(max(1, gains.gains.count)),
            "panel", y: -most...most, "%")
        plot.stroke(SIMD2(0, 0), SIMD2(Double(gains.gains.count), 0), "#8c959f", width: 1)
        let colors = ["#d1242f", "#1a7f37", "#0550ae"]
        for group in read {
            for channel in 0..<3 {
                let at = Double(group) + 0.3 + 0.2 * Double(channel)
                plot.point(
                    SIMD2(at, per(gains.gains[group][channel])), colors[channel], radius: 2.5)
            }
        }
        plot.legend([("red", colors[0]), ("green", colors[1]), ("blue", colors[2])])
        var angle = SVGPlot(
            "Light to the side", x: -60...60, "degrees across", y: 0.5...1.1, "of ahead")
        let widest = min(60, gains.widestAngle * 180 / .pi)
        for channel in 0..<3 {
            let t = gains.viewAngle.map { $0[channel] }
            angle.line(
                (-30...30).map { widest * Double($0) / 30 }.map { degrees in
                    let h = degrees / 60
                    return SIMD2(degrees, exp(h * t[0] + h * h * t[1] + h * h * h * h * t[2]))
                }, colors[channel])
        }
        tile("panels differ by", text(100 * gains.spread), "%")
        add(
            "Panels",
            list(gains.verdicts) + "<div class='plots'>"
                + Self.figure(plot, "What the correction evens out; a panel far off was replaced.")
                + Self.figure(
                    angle,
                    "Drawn as far as a camera stood to the side; flat is the same from "
                        + "everywhere.") + "</div>")
    }
}
