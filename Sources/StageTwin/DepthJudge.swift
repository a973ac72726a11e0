import Foundation
public import FrameModel
import StageModel

/// How true a picture with depth stands on the wall when the camera goes round its viewpoint.
public struct DepthReport: Codable, Sendable, Equatable {
    /// The stage's name.
    public var stage: String
    /// What the picture was made into.
    public var form: String
    /// Moments photographed.
    public var moments: Int
    /// Half of the points are displaced by no more, picture pixels of the camera.
    public var p50Pixels: Double
    /// 99 of 100 points are displaced by no more.
    public var p99Pixels: Double
    /// Share of the points outside the band round depth edges whose displacement was found.
    public var coverage: Double
    /// Points measured.
    public var points: Int
    /// Share of the points before which a sheet stands where light of the background is seen.
    public var holes: Double
    /// The background's share of the light where most of it is seen.
    public var deepestHole: Double

    /// Its sheets are flat: how far their points stand from the picture's own depth is told, and no
    /// fault.
    public var isFlat: Bool

    /// What is not as good as a stage needs it, one sentence each: half a camera pixel for 99 of
    /// 100 points, unless the sheets are flat, and no hole.
    public var complaints: [String] {
        var list: [String] = []
        if !isFlat, !(p99Pixels <= 0.5) { list.append("parallax: p99 is over 0.5 camera pixels") }
        if !isFlat, !(coverage >= 0.95) {
            list.append("parallax: fewer than 95 % of the points could be placed")
        }
        if !(holes == 0) { list.append("holes: the background shows where the picture should") }
        return list
    }
}

extension Twin {
    /// Camera pixels round an edge of depth, and of the picture, that are not judged: light of both
    /// sides mixes there.
    private static let band = 3
    /// Light of the background from which on a point is a hole: the least an eye tells from what
    /// is round it.
    private static let seen = 0.02

    /// Shows pictures of a set, made into scenes by what is judged, and says how true they stand.
    ///
    /// - Parameters:
    ///   - form: its name in the report.
    ///   - isFlat: it is made of flat sheets.
    ///   - scene: makes the scene of one picture.
    public mutating func judge<Wall: WallUnderTest>(
        _ underTest: inout Wall, set: DepthSet, form: String, isFlat: Bool,
        scene: (GratingPattern) throws -> Scene, progress: (Double) -> Void = { _ in }
    ) throws -> DepthReport {
        var seen = moments.map { _ in PhaseDecoder(chart: set.chart, count: grid.count) }
        let truth = moments.indices.map { self.truth(of: set, $0) }
        let patterns = set.chart.patterns
        var covered: [[Float]] = []
        for (index, pattern) in patterns.enumerated() {
            try underTest.show(scene(pattern))
            for moment in moments.indices {
                try underTest.emit(moment, to: &receivers)
                let light = luminance(moment)
                seen[moment].take(pattern, light)
                if pattern == .lit { covered.append(light) }
            }
            progress(Double(index + 1) / Double(patterns.count + 1))
        }
        var registration = Registration()
        for moment in moments.indices {
            let isJudged = clear(truth[moment], Twin.band) { $0 != DepthSet.hidden && $0 == $1 }
            registration.take(
                photograph: seen[moment].points, truth: truth[moment], view: views[moment],
                grid: grid, only: isJudged)
        }
        let p99 = registration.percentile(0.99)
        let background = try lightOfBackground(
            &underTest, behind: scene(.lit), level: set.chart.upper, covered: covered,
            truth: truth, inside: Twin.band + Int(min(100, p99.rounded(.up))))
        progress(1)
        return DepthReport(
            stage: stage.name, form: form, moments: moments.count,
            p50Pixels: registration.percentile(0.5), p99Pixels: p99,
            coverage: registration.coverage, points: registration.looked,
            holes: Double(background.count { $0 > Twin.seen }) / Double(max(1, background.count)),
            deepestHole: background.max() ?? 0, isFlat: isFlat)
    }

    /// The share of the background in the light of every point that a sheet stands before.
    ///
    /// The same picture once with nothing behind it and once with light all round: what differs has
    /// come through. Where the picture itself ends its edge stands off by as much as its points do.
    /// - Parameter inside: camera pixels from that edge that are not looked at.
    private mutating func lightOfBackground<Wall: WallUnderTest>(
        _ underTest: inout Wall, behind scene: Scene, level: Double, covered: [[Float]],
        truth: [[DecodedPoint]], inside: Int
    ) throws -> [Double] {
        var scene = scene
        scene.dome = Dome(picture: filledPicture(64, 32) { _, _ in Float(level) })
        try underTest.show(scene)
        var shares: [Double] = []
        for moment in moments.indices {
            try underTest.emit(moment, to: &receivers)
            let (light, dark) = (luminance(moment), covered[moment])
            let isWithin = clear(truth[moment], inside) { _, other in other >= 0 }
            let points = light.indices.filter {
                isWithin[$0] && views[moment].points[$0].panel >= 0
            }
            let usual = points.map { dark[$0] }.sorted()
            guard !usual.isEmpty else { continue }
            let whole = Double(usual[usual.count / 2])
            for index in points {
                shares.append(Double(light[index] - dark[index]) / whole)
            }
        }
        return shares
    }

    private func truth(of set: DepthSet, _ moment: Int) -> [DecodedPoint] {
        let camera = SimulatedCamera(camera, at: moments[moment])
        let grid = grid
        return filled(.unknown, rows: grid.rows, columns: grid.columns) { row, out in
            for column in 0..<grid.columns {
                out[column] = set.point(
                    from: camera.pupil.origin,
                    along: camera.direction(x: grid.x(column), y: grid.y(row)))
            }
        }
    }

    /// Points of a sheet all round which, so many camera pixels far, points stand that go with it.
    ///
    /// At the photograph's own edge nobody knows what stands beyond: none are clear there.
    private func clear(
        _ truth: [DecodedPoint], _ pixels: Int, _ goes: (_ object: Int16, _ other: Int16) -> Bool
    ) -> [Bool] {
        let reach = (pixels + grid.step - 1) / grid.step
        return truth.indices.map { index in
            let (column, row) = (index % grid.columns, index / grid.columns)
            let object = truth[index].object
            guard object >= 0, column >= reach, column < grid.columns - reach, row >= reach,
                row < grid.rows - reach
            else { return false }
            for y in row - reach...row + reach {
                for x in column - reach...column + reach
                where !goes(object, truth[y * grid.columns + x].object) {
                    return false
                }
            }
            return true
        }
    }
}
