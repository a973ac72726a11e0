import Color
import Foundation
import StageModel

/// How far photographed patches are from what the scene asked for, in ΔE_ITP.
struct ColorVerdict: Sendable {
    /// Of every patch seen on every wall at every moment.
    private(set) var errors = ColorErrors()

    /// Least points inside a patch: 3 × 3 at every fourth pixel are 12 picture pixels.
    private static let pointsMin = 9

    private let chart: ColorChart
    /// What each wall ought to show of each patch, scene-linear ACEScg.
    private let wanted: [[SIMD3<Double>]]
    private let colors: WallColors
    private let peaks: [Double]
    private let wallOfPanel: [Int]
    /// Light in a wall's stated primaries → its true channels.
    private let channels: [Rows]
    private let fault: WallFault?

    /// - Parameters:
    ///   - wanted: the chart's patches as grades ought to show them, by wall; nil: as they are.
    ///   - fault: how walls really make light; what they then cannot make is left out.
    init(
        stage: Stage, chart: ColorChart, wanted: [[SIMD3<Double>]]? = nil, fault: WallFault? = nil
    ) {
        self.fault = fault
        channels = stage.walls.map { (fault ?? WallFault()).turn(of: $0).inverted }
        self.chart = chart
        self.wanted = wanted ?? stage.walls.map { _ in chart.patches }
        colors = WallColors(stage)
        peaks = stage.walls.map(\.peakNits)
        wallOfPanel = stage.panels.map(\.wall)
    }

    private struct Sight {
        var light = SIMD3<Double>(repeating: 0)
        var points = 0
    }

    /// Takes one moment: dome place and wall light of every point.
    /// - Parameter isExposed: the camera is exposed and balanced to the mean of what it sees.
    mutating func take(
        places: [SIMD2<Double>], light: [SIMD3<Double>], view: WallView, isExposed: Bool = false
    ) {
        var sights: [SIMD3<Int>: Sight] = [:]
        for i in places.indices where view.points[i].panel >= 0 {
            guard let cell = ColorChart.cell(at: places[i]) else { continue }
            let wall = wallOfPanel[Int(view.points[i].panel)]
            let patch = SIMD3(cell.x, cell.y, wall)
            sights[patch, default: Sight()].light += light[i]
            sights[patch, default: Sight()].points += 1
        }
        let whole = sights.filter { $0.value.points >= ColorVerdict.pointsMin }
        var (seen, wished) = (SIMD3<Double>(), SIMD3<Double>())
        for (place, sight) in whole {
            seen += sight.light / Double(sight.points)
            wished += asked(place)
        }
        let exposure = isExposed ? wished / seen : SIMD3(repeating: 1)
        for (place, sight) in whole {
            judge(place, exposure * sight.light / Double(sight.points))
        }
    }

    /// What the scene asks for in a patch, nits.
    private func asked(_ place: SIMD3<Int>) -> SIMD3<Double> {
        colors.wallFromScene[place.z].applied(
            to: wanted[place.z][chart.patch(column: place.x, row: place.y)])
    }

    private mutating func judge(_ place: SIMD3<Int>, _ light: SIMD3<Double>) {
        let wall = place.z
        let wanted = asked(place)
        // Reachable: inside the wall's gamut and below its peak, but for rounding.
        let strongest = max(wanted.x, max(wanted.y, wanted.z))
        let slack = 0.002 * strongest
        guard strongest <= peaks[wall] * 1.0005, wanted.x >= -slack, wanted.y >= -slack,
            wanted.z >= -slack,
            fault?.makes(channels[wall].applied(to: wanted), peaks[wall]) ?? true
        else {
            errors.add(nil)
            return
        }
        let clipped = SIMD3(
            min(peaks[wall], max(0, wanted.x)), min(peaks[wall], max(0, wanted.y)),
            min(peaks[wall], max(0, wanted.z)))
        errors.add(colors.difference(light, clipped, wall: wall))
    }
}
