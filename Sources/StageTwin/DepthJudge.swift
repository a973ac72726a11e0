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
    /// Share of the points before which a sheet stands that show nothing of the picture.
    public var holes: Double

    /// What is not as good as a stage needs it, one sentence each: half a camera pixel for 99 of
    /// 100 points, and no hole.
    public var complaints: [String] {
        var list: [String] = []
        if !(p99Pixels <= 0.5) { list.append("parallax: p99 is over 0.5 camera pixels") }
        if !(coverage >= 0.95) {
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

    /// Shows pictures of a set, made into scenes by what is judged, and says how true they stand.
    ///
    /// - Parameters:
    ///   - form: its name in the report.
    ///   - scene: makes the scene of one picture.
    public mutating func judge<Wall: WallUnderTest>(
        _ underTest: inout Wall, set: DepthSet, form: String,
        scene: (GratingPattern) throws -> Scene, progress: (Double) -> Void = { _ in }
    ) throws -> DepthReport {
        var seen = moments.map { _ in PhaseDecoder(chart: set.chart, count: grid.count) }
        let truth = moments.indices.map { self.truth(of: set, $0) }
        let patterns = set.chart.patterns
        var (within, empty) = (0, 0)
        for (index, pattern) in patterns.enumerated() {
            try underTest.show(scene(pattern))
            for moment in moments.indices {
                try underTest.emit(moment, to: &receivers)
                let light = luminance(moment)
                seen[moment].take(pattern, light)
                guard pattern == .lit else { continue }
                let isWithin = clear(truth[moment]) { _, other in other >= 0 }
                let lit = light.indices.filter {
                    isWithin[$0] && views[moment].points[$0].panel >= 0
                }
                let usual = lit.map { light[$0] }.sorted()
                within += lit.count
                empty += lit.count { light[$0] < 0.7 * usual[usual.count / 2] }
            }
            progress(Double(index + 1) / Double(patterns.count))
        }
        var registration = Registration()
        for moment in moments.indices {
            let isJudged = clear(truth[moment]) { $0 != DepthSet.hidden && $0 == $1 }
            registration.take(
                photograph: seen[moment].points, truth: truth[moment], view: views[moment],
                grid: grid, only: isJudged)
        }
        return DepthReport(
            stage: stage.name, form: form, moments: moments.count,
            p50Pixels: registration.percentile(0.5), p99Pixels: registration.percentile(0.99),
            coverage: registration.coverage, points: registration.looked,
            holes: Double(empty) / Double(max(1, within)))
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

    /// Points of a sheet all round which, as far as the band reaches, points stand that go with it.
    private func clear(
        _ truth: [DecodedPoint], _ goes: (_ object: Int16, _ other: Int16) -> Bool
    ) -> [Bool] {
        let reach = (Twin.band + grid.step - 1) / grid.step
        return truth.indices.map { index in
            let (column, row) = (index % grid.columns, index / grid.columns)
            let object = truth[index].object
            guard object >= 0 else { return false }
            for y in max(0, row - reach)...min(grid.rows - 1, row + reach) {
                for x in max(0, column - reach)...min(grid.columns - 1, column + reach)
                where !goes(object, truth[y * grid.columns + x].object) {
                    return false
                }
            }
            return true
        }
    }
}
