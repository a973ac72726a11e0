import Color
import Foundation
import StageCalibration
import TestSupport
import Testing

/// §7, "real wall: checker mean ΔE_ITP ≤ 3, white ≤ 1", on the walls OpenVPCal's users captured.
///
/// What a camera sees of a chart that was not used to solve is foretold from gray steps and three
/// desaturated colors. (The row's overlay needs a wall to stand before.)
@Suite struct `A real wall` {
    private typealias Stored = `OpenVPCal's mode gives OpenVPCal's results`

    /// Ramps of the three channels that explain the captured grays and desaturated colors: each
    /// channel's color and curve in turn, until neither moves.
    private func samples(_ stored: Stored.Case) throws -> ColorSamples {
        let (measured, peak) = (stored.measured, stored.settings.peakNits / 100)
        let black = measured.ramp[0]
        let levels = measured.rampSignal.dropFirst().map { $0 / peak }
        let grays = measured.ramp.dropFirst().map { $0 - black }
        let asked = stored.reference.desaturated.map { $0 * (1 / peak) }
        let seen = measured.desaturated.map { $0 - black }
        var lights = levels.map { ColorTriple(repeating: $0) }
        var matrix = ColorMatrix.identity
        for _ in 0..<30 {
            func light(_ drive: ColorTriple) -> ColorTriple {
                var out = ColorTriple(0, 0, 0)
                for i in 0..<3 { out[i] = Self.light(drive[i], levels, lights.map { $0[i] }) }
                return out
            }
            matrix = Self.columns(seen) * Self.columns(asked.map(light)).inverse
            lights = grays.map { matrix.inverse * $0 }
            let top = lights[lights.count - 1]
            lights = lights.map { $0 / top }
            matrix = matrix * ColorMatrix(diagonal: top)
        }
        func ramp(_ channel: Int) -> [ColorTriple] {
            var axis = ColorTriple(0, 0, 0)
            axis[channel] = 1
            return lights.map { black + matrix * axis * $0[channel] }
        }
        let target = try #require(stored.custom_primaries[stored.settings.targetGamut]).map {
            Chromaticity($0[0], $0[1])
        }
        return ColorSamples(
            wall: stored.wall, peakNits: stored.settings.peakNits,
            target: Primaries(red: target[0], green: target[1], blue: target[2], white: target[3]),
            plateAtPeak: 2, black: black, levels: Array(levels), red: ramp(0), green: ramp(1),
            blue: ramp(2), white: measured.ramp[measured.ramp.count - 1])
    }

    private static func columns(_ c: [ColorTriple]) -> ColorMatrix {
        ColorMatrix(
            rows: ColorTriple(c[0].x, c[1].x, c[2].x), ColorTriple(c[0].y, c[1].y, c[2].y),
            ColorTriple(c[0].z, c[1].z, c[2].z))
    }

    /// Straight lines in logarithms.
    private static func light(_ drive: Double, _ levels: [Double], _ lights: [Double]) -> Double {
        guard drive > levels[0], let above = levels.firstIndex(where: { $0 >= drive }) else {
            return max(lights[0], 1e-9) * drive / levels[0]
        }
        let (x0, x1) = (log(levels[above - 1]), log(levels[above]))
        let (y0, y1) = (log(max(lights[above - 1], 1e-9)), log(max(lights[above], 1e-9)))
        return exp(y0 + (y1 - y0) * (log(drive) - x0) / (x1 - x0))
    }

    @Test(.enabled(if: TestData.has(Stored.path), "shared data is absent"))
    func `row: real wall, a chart nobody solved by is foretold to ΔE_ITP 3, white to 1`() throws {
        var walls = 0
        for stored in try TestData.decode(Stored.File.self, from: Stored.path).cases {
            // One is a desktop display. The oldest's chart is less saturated than its desaturated
            // colors foretell, yellows by a third: something in that chain mapped the gamut, which
            // curves and a matrix cannot explain.
            guard stored.settings.curve == "ST 2084", stored.wall != "AOTO_Wall2",
                stored.custom_primaries[stored.settings.targetGamut] != nil
            else { continue }
            let solution = try ColorSolution(samples(stored))
            let toRec2020 =
                ColorMatrix.rgbFromXYZ(.rec2020)
                * ColorMatrix.adaptation(from: Primaries.acesWhite, to: Primaries.d65)
                * ColorMatrix.xyzFromRGB(.aces2065) * (stored.settings.peakNits / 2)
            func error(_ drive: ColorTriple, _ plate: ColorTriple) -> Double {
                deltaEITP(toRec2020 * solution.plate(drive: drive), toRec2020 * plate)
            }
            let peak = stored.settings.peakNits / 100
            let errors = zip(stored.reference.chart, stored.measured.chart).map {
                error($0 * (1 / peak), $1)
            }
            let mean = errors.reduce(0, +) / Double(errors.count)
            let white = error(
                ColorTriple(1, 1, 1), stored.measured.ramp[stored.measured.ramp.count - 1])
            let gray = error(ColorTriple(repeating: 0.18), stored.measured.grey)
            print("real wall \(stored.project) \(stored.wall): \(mean), \(white), \(gray)")
            #expect(mean <= 3, "\(stored.project) \(stored.wall)")
            #expect(white <= 1, "\(stored.project) \(stored.wall)")
            // White is a step of the ramp; this gray is a capture of its own, 0.3 to 1.7 off.
            #expect(gray <= 2, "\(stored.project) \(stored.wall)")
            walls += 1
        }
        #expect(walls >= 9)
    }
}
