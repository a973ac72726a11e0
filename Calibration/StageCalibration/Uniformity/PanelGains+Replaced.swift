import Color
import Geometry
import Glibc

extension PanelGains {
    /// Readings of the replaced panel, and of others in the same picture, that are enough.
    private static let readingsMin = 4

    /// The same with one group's gain measured anew: view angle, vignetting and all other panels
    /// are taken to be as they were.
    ///
    /// - Parameters:
    ///   - group: of the panel that was replaced.
    ///   - captures: a few poses in which it and its neighbors are seen, with lights and normals.
    ///   - geometry: of the calibration these gains are of.
    public func replacing(
        _ group: Int, by captures: GeometryCaptures, _ geometry: GeometrySolution
    ) throws(CalibrationRefusal) -> PanelGains {
        guard gains.indices.contains(group) else {
            throw CalibrationRefusal(
                "panel \(group) has no gain in the calibration",
                advice: "solve all panels again: `cyclorama calibrate STAGE --step geometry`")
        }
        let readings = try PanelGains.readings(captures, geometry) { _ in true }
        var sum = ColorTriple(repeating: 0)
        var count = 0.0
        for (_, view) in Dictionary(grouping: readings, by: \.view) {
            let own = view.filter { $0.group == group }
            let others = view.filter { $0.group != group && gains.indices.contains($0.group) }
            guard !own.isEmpty, others.count >= Self.readingsMin else { continue }
            // What the others leave is this view's exposure.
            let exposure =
                others.reduce(ColorTriple(repeating: 0)) {
                    $0 + left(of: $1) - Self.log(gains[$1.group])
                } / Double(others.count)
            for reading in own {
                sum += left(of: reading) - exposure
                count += 1
            }
        }
        guard Int(count) >= Self.readingsMin else {
            throw CalibrationRefusal(
                "the panel was read \(Int(count)) times beside others",
                advice: "go nearer, with its neighbors in the picture, and capture three poses")
        }
        var all = gains
        let mean = sum / count
        all[group] = ColorTriple(exp(mean.x), exp(mean.y), exp(mean.z))
        return PanelGains(
            gains: all, viewAngle: viewAngle, vignetting: vignetting, residual: residual,
            widestAngle: widestAngle, unread: unread?.filter { $0 != group })
    }

    private static func log(_ c: ColorTriple) -> ColorTriple {
        ColorTriple(Glibc.log(c.x), Glibc.log(c.y), Glibc.log(c.z))
    }

    /// The logarithm of a reading without view angle and vignetting: its panel and its view.
    private func left(of reading: PanelReading) -> ColorTriple {
        var rest = Self.log(reading.light)
        // The row of no views and no groups: four of the angle, two of vignetting.
        for (place, share) in reading.row(views: 0, groups: 0).dropFirst(2) {
            rest -= share * (place < 4 ? viewAngle[place] : vignetting[place - 4])
        }
        return rest
    }
}
