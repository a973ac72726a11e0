import Color
import Foundation
import StageCalibration
import TestSupport

/// A simulated wall and the camera that looks at it, with known faults (the colour twin).
///
/// The wall: XYZ = peak · NPM(primaries, white) · (fᵢ(d) + black), f(d) = d^γ · (1 − e^(−d/soft)),
/// d the light its processor makes of a PQ code of `bits`, clipped; all of it less by `droop`
/// times the mean light. The camera: linear ACES2065-1, 2 = peak, with noise and clip.
struct ColorTwin {
    static let target = Primaries(
        red: Chromaticity(0.6919, 0.3074), green: Chromaticity(0.1828, 0.7413),
        blue: Chromaticity(0.1308, 0.0633), white: Primaries.d65)
    /// Primaries a little off and another white.
    static let offPrimaries = Primaries(
        red: Chromaticity(0.6884, 0.3267), green: Chromaticity(0.2438, 0.7099),
        blue: Chromaticity(0.1412, 0.0482), white: Chromaticity(0.305, 0.333))

    var primaries = ColorTwin.target
    var gamma = ColorTriple(1, 1, 1)
    var black = 0.0
    var soft = 0.0
    var droop = 0.0
    var bits = 12
    var peakNits = 1650.0
    var noise = 0.0
    var exposure = 1.0
    /// Light the wall clips at, as a fraction of peak.
    var wallClip = 1.0
    /// Reading the camera clips at.
    var cameraClip = Double.infinity
    /// What the processor does to linear light before the wall.
    var processor = ColorMatrix.identity
    /// The processor reads full codes as narrow ones.
    var readsNarrow = false
    var random = SeededRandom(seed: 1)

    private static func pq(_ light: Double) -> Double { TransferFunction.pq.signal(light: light) }

    /// XYZ the wall makes of asked light (1 = peak), 1 = peak white's luminance.
    func light(_ asked: ColorTriple) -> ColorTriple {
        var d = ColorTriple(0, 0, 0)
        let top = Double((1 << bits) - 1)
        for i in 0..<3 {
            let code = (ColorTwin.pq(max(asked[i], 0) * peakNits / 10_000) * top).rounded()
            var signal = code / top
            if readsNarrow { signal = min(max((signal * 1023 - 64) / 876, 0), 1) }
            d[i] = TransferFunction.pq.light(signal: signal) * 10_000 / peakNits
        }
        d = processor * d
        var out = ColorTriple(0, 0, 0)
        for i in 0..<3 {
            let x = min(max(d[i], 0), wallClip)
            out[i] = pow(x, gamma[i]) * (soft > 0 ? 1 - exp(-x / soft) : 1)
        }
        let share = 1 - droop * out.sum() / 3
        return ColorMatrix.xyzFromRGB(primaries) * (out * share + ColorTriple(repeating: black))
    }

    /// Plate of asked light.
    mutating func photograph(_ asked: ColorTriple) -> ColorTriple {
        let toPlate =
            ColorMatrix.rgbFromXYZ(.aces2065)
            * ColorMatrix.adaptation(from: Primaries.d65, to: Primaries.acesWhite)
        var plate = toPlate * light(asked) * (2 * exposure)
        for i in 0..<3 { plate[i] = min(plate[i] * (1 + noise * normal()), cameraClip) }
        return plate
    }

    /// A normal deviate (Box and Muller).
    private mutating func normal() -> Double {
        (-2 * log(1 - random.unit())).squareRoot() * cos(2 * .pi * random.unit())
    }

    /// The solver's patches.
    mutating func samples(steps: Int = 16, exposureIsKnown: Bool = true) -> ColorSamples {
        let top = ColorTwin.pq(peakNits / 10_000)
        let levels = (1...steps).map {
            $0 == steps
                ? 1
                : TransferFunction.pq.light(signal: top * Double($0) / Double(steps)) * 10_000
                    / peakNits
        }
        let black = photograph(ColorTriple(0, 0, 0))
        let axes = [ColorTriple(1, 0, 0), ColorTriple(0, 1, 0), ColorTriple(0, 0, 1)]
        let ramps = axes.map { axis in levels.map { photograph(axis * $0) } }
        return ColorSamples(
            wall: "twin", peakNits: peakNits, target: ColorTwin.target,
            plateAtPeak: exposureIsKnown ? 2 : nil, black: black, levels: levels, red: ramps[0],
            green: ramps[1], blue: ramps[2], white: photograph(ColorTriple(1, 1, 1)),
            brightestWhite: photograph(ColorTriple(repeating: 10_000 / peakNits)),
            grey: photograph(ColorTriple(repeating: 0.18)))
    }

    /// OpenVPCal's patches of the same wall, and what was asked.
    mutating func openVPCalSamples() -> (measured: OpenVPCalSamples, reference: OpenVPCalSamples) {
        let peak = peakNits / 100
        let top = ColorTwin.pq(peakNits / 10_000)
        let signals = (0...30).map {
            TransferFunction.pq.light(signal: top * Double($0) / 30) * 100
        }
        let desaturated = (0..<3).map { channel in
            var c = ColorTriple(repeating: 0.1 * 0.18)
            c[channel] = 0.8 * 0.18
            return c
        }
        let chart = (0..<24).map { i in
            ColorTriple(0.1 + 0.03 * Double(i % 6), 0.1 + 0.1 * Double(i / 6), 0.3) * 0.5
        }
        let measured = OpenVPCalSamples(
            grey: photograph(ColorTriple(repeating: 0.18)),
            desaturated: desaturated.map { photograph($0) },
            ramp: signals.map { photograph(ColorTriple(repeating: $0 / peak)) },
            rampSignal: signals, chart: chart.map { photograph($0) },
            maxWhite: photograph(ColorTriple(repeating: 10_000 / peakNits)))
        let reference = OpenVPCalSamples(
            grey: ColorTriple(repeating: 0.18 * peak), desaturated: desaturated.map { $0 * peak },
            ramp: signals.map { ColorTriple(repeating: $0) }, rampSignal: signals,
            chart: chart.map { $0 * peak }, maxWhite: nil)
        return (measured, reference)
    }

    /// ΔE_ITP of what the wall shows for asked light against content of `target`, 1 = peak.
    func error(asked: ColorTriple, content: ColorTriple) -> Double {
        let toRec2020 = ColorMatrix.rgbFromXYZ(.rec2020) * peakNits
        let wanted = ColorMatrix.xyzFromRGB(ColorTwin.target) * content
        return deltaEITP(toRec2020 * light(asked), toRec2020 * wanted)
    }

    /// Colours up to 0.7 of peak, most of them dark, as pictures are.
    static func contents(_ count: Int, seed: UInt64 = 3) -> [ColorTriple] {
        var random = SeededRandom(seed: seed)
        return (0..<count).map { _ in
            let level = 0.7 * pow(10, -3.5 * random.unit())
            return level
                * ColorTriple(
                    0.4 + 0.6 * random.unit(), 0.4 + 0.6 * random.unit(),
                    0.4 + 0.6 * random.unit())
        }
    }
}

/// Mean and 95th percentile.
struct ErrorFigures {
    var mean: Double
    var p95: Double

    init(_ errors: [Double]) {
        let sorted = errors.sorted()
        mean = sorted.reduce(0, +) / Double(sorted.count)
        p95 = sorted[Int(0.95 * Double(sorted.count - 1))]
    }
}
