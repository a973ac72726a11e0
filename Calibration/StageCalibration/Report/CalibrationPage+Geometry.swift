import Geometry

extension CalibrationPage {
    /// Camera, tracker and wall.
    public mutating func add(_ captures: GeometryCaptures, _ report: GeometryReport) {
        let used = report.views.filter { $0.leftOut == nil }
        let u = report.uncertainty
        let (pupil, stage) = (report.bodyFromPupil, report.stageFromTracker)
        func place(_ p: GeometryReport.Placement) -> String {
            let mm = p.position * 1000
            return "\(text(mm.x)), \(text(mm.y)), \(text(mm.z)) mm; pan \(text(p.pan))°, tilt "
                + "\(text(p.tilt))°, roll \(text(p.roll))°"
        }
        let rows = [
            ("poses", "\(used.count) of \(report.views.count) used"),
            ("reprojection", "\(text(report.reprojectionPixels)) px rms"),
            (
                "focal length",
                "\(text(report.camera.focal.x)) × \(text(report.camera.focal.y)) px ± "
                    + "\(text(u.focalPixels))"
            ),
            ("entrance pupil in the body", "\(place(pupil)) ± \(text(u.pupilMeters * 1000)) mm"),
            ("tracker on the stage", place(stage)),
            ("tracker's meter", "\(report.trackerScale) ± \(text(u.scale))"),
            ("parts of the wall known to", "\(text(u.wallMeters * 1000)) mm"),
        ]
        let plots = [
            poses(report.views), shifts(captures, report), tracker(report.views),
            residualPlaces(captures, report),
        ]
        add(
            "Geometry",
            list(report.verdicts) + "<div class='plots'>" + plots.joined() + "</div>"
                + Self.table(rows))
    }

    /// Reprojection of each pose.
    private func poses(_ views: [GeometrySolution.View]) -> String {
        let most = max(0.2, views.compactMap(\.pixels).filter(\.isFinite).max() ?? 1)
        var plot = SVGPlot(
            "Dots are met within", x: 0...Double(max(1, views.count)), "pose",
            y: 0...min(most, 5) * 1.1, "px rms")
        for (index, view) in views.enumerated() {
            plot.bar(
                Double(index) + 0.5, width: 0.7, min(view.pixels ?? 0, 5),
                view.leftOut == nil ? "#0969da" : "#cf222e")
        }
        return plot.svg
    }

    /// How far each part of the wall stands from its plan, seen from above, a hundred times.
    private func shifts(_ captures: GeometryCaptures, _ report: GeometryReport) -> String {
        let groups = Dictionary(grouping: captures.dots.indices) { captures.groups[$0] }
        let middles = groups.map { group, dots in
            let sum = dots.reduce(Vector3.zero) { $0 + captures.dots[$1] }
            return (group, sum / Double(dots.count))
        }.sorted { $0.0 < $1.0 }
        func range(_ values: [Double]) -> ClosedRange<Double> {
            let (low, high) = (values.min() ?? 0, values.max() ?? 1)
            let room = max(0.5, 0.15 * (high - low))
            return (low - room)...(high + room)
        }
        var plot = SVGPlot(
            "The wall from above: parts off their plan, 100 times", x: range(middles.map(\.1.x)),
            "X, m", y: range(middles.map(\.1.y)), "Y, m")
        for (group, middle) in middles where group < report.wallShifts.count {
            let from = SIMD2(middle.x, middle.y)
            let shift = report.wallShifts[group]
            plot.point(from, "#8c959f", radius: 2.5)
            plot.stroke(from, from + 100 * SIMD2(shift.x, shift.y), "#d1242f")
        }
        return plot.svg
    }

    /// How far the tracker was off at each pose.
    private func tracker(_ views: [GeometrySolution.View]) -> String {
        let used = views.filter { $0.leftOut == nil }
        let most = max(0.5, used.map { 1000 * $0.trackerMeters }.max() ?? 1)
        var plot = SVGPlot(
            "The tracker against the pictures", x: 0...Double(max(1, used.count)), "pose",
            y: 0...most * 1.1, "mm")
        for (index, view) in used.enumerated() {
            plot.bar(Double(index) + 0.5, width: 0.7, 1000 * view.trackerMeters, "#1a7f37")
        }
        return plot.svg
    }

    /// Where in the picture dots were seen.
    private func residualPlaces(
        _ captures: GeometryCaptures, _ report: GeometryReport
    ) -> String {
        let (width, height) = (Double(captures.picture[0]), Double(captures.picture[1]))
        var plot = SVGPlot(
            "Where dots were seen in the picture", x: 0...width, "px", y: 0...height, "px up")
        let pixels = captures.views.flatMap(\.pixels)
        for pixel in pixels.enumerated().filter({ $0.offset % max(1, pixels.count / 1500) == 0 }) {
            plot.point(
                SIMD2(pixel.element.x, height - pixel.element.y), "rgba(9,105,218,.45)", radius: 1.5
            )
        }
        return plot.svg
    }
}
