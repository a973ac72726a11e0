import Foundation

/// What a picture point was found to show: an object and a place on its texture.
struct DecodedPoint: Sendable {
    /// The chart's number of it: 0 dome, then cards, then mesh objects; −1 not known.
    var object: Int16
    /// Texture place, 0 … 1.
    var place: SIMD2<Float>

    static let unknown = DecodedPoint(object: -1, place: SIMD2(repeating: 0))
}

/// Reads object and place from the photographs of a grating chart, each picture point by itself.
///
/// From N photographs I_n of a grating moved by n/N of its period the phase is
/// atan2(Σ I_n sin(2πn/N), Σ I_n cos(2πn/N)); brightness and contrast fall out. A coarse phase says
/// which period of the next finer grating a point lies in.
struct PhaseDecoder: Sendable {
    private struct Cell: Sendable {
        var lit: Float = 0
        var dark: Float = 0
        var cosine: Float = 0
        var sine: Float = 0
        var object: Int16 = 0
        var place = SIMD2<Float>(repeating: 0.5)
    }

    /// How much of another object's light a point may carry and still be read: at 6 % the phase
    /// errs by at most 0.06 rad, a hundredth of a period.
    private static let mixture: Float = 0.06
    /// Contrast a grating must keep of the contrast between lit and dark.
    private static let contrast: Float = 0.25

    private let periods: [[[Double]]]
    private var cells: [Cell]

    init(chart: GratingChart, count: Int) {
        periods = chart.periods
        cells = [Cell](repeating: Cell(), count: count)
    }

    /// Takes the photograph of one picture of the set: luminance of every point.
    mutating func take(_ pattern: GratingPattern, _ luminance: [Float]) {
        cells.withUnsafeMutableBufferPointer { cells in
            for i in cells.indices { PhaseDecoder.take(pattern, luminance[i], &cells[i], periods) }
        }
    }

    /// What each point shows, after the last picture.
    var points: [DecodedPoint] {
        cells.map { cell in
            guard cell.object >= 0, Int(cell.object) < periods.count else { return .unknown }
            return DecodedPoint(object: cell.object, place: cell.place)
        }
    }

    private static func take(
        _ pattern: GratingPattern, _ value: Float, _ cell: inout Cell, _ periods: [[[Double]]]
    ) {
        switch pattern {
        case .lit: cell.lit = value
        case .dark: cell.dark = value
        case .digit(let bit):
            guard cell.object >= 0 else { return }
            let span = cell.lit - cell.dark
            let share = (value - cell.dark) / span
            if !(span > 0) || abs(share - share.rounded()) > mixture || abs(share - 0.5) > 1 {
                cell.object = -1
            } else if share > 0.5 {
                cell.object |= 1 << Int16(bit)
            }
        case .stripes(let axis, let level, let step, let steps):
            let turn = 2 * Double.pi * Double(step) / Double(steps)
            cell.cosine += value * Float(cos(turn))
            cell.sine += value * Float(sin(turn))
            if step == steps - 1 { close(axis, level, steps, &cell, periods) }
        }
    }

    /// All steps of a grating are in: phase → place.
    private static func close(
        _ axis: Int, _ level: Int, _ steps: Int, _ cell: inout Cell, _ periods: [[[Double]]]
    ) {
        let (re, im) = (cell.cosine, cell.sine)
        cell.cosine = 0
        cell.sine = 0
        guard cell.object >= 0, Int(cell.object) < periods.count else { return }
        let wave = 2 / Float(steps) * (re * re + im * im).squareRoot()
        guard wave > contrast * (cell.lit - cell.dark) / 2 else {
            cell.object = -1
            return
        }
        let periods = periods[Int(cell.object)][axis][level]
        let part = Double(atan2(im, re)) / (2 * .pi)
        let rough = level == 0 ? 0 : periods * (Double(cell.place[axis]) - 0.5)
        cell.place[axis] = Float(0.5 + ((rough - part).rounded() + part) / periods)
    }
}
