public import Color
import Foundation
import StageModel

/// How a wall's panels really make light, where that is not what its stage file says: what a
/// calibration has to find and a correction to make up for.
public struct WallFault: Sendable {
    /// What each panel of the stage multiplies its light by, red, green, blue; empty: 1.
    public var gains: [SIMD3<Double>] = []
    /// Light of each channel is its drive to this power.
    public var gamma = SIMD3<Double>(repeating: 1)
    /// The colors the channels really have; nil: the stated ones.
    public var primaries: Primaries?
    /// Light of the black wall, parts of its peak, in all channels.
    public var black = 0.0
    /// Light to the side, exp(a·h + b·h² + c·h⁴ + d·v²), h in 60° across, v in 40° upwards: red,
    /// green and blue of a, b, c and d; empty for the same everywhere.
    public var angle: [SIMD3<Double>] = []

    /// A wall as it is stated.
    public init() {}

    /// Light in the wall's stated primaries of what its processor asks for, nits.
    func light(asked: SIMD3<Double>, panel: Int, peakNits: Double, _ turn: Rows) -> SIMD3<Double> {
        var out = SIMD3<Double>()
        for i in 0..<3 {
            out[i] = peakNits * (pow(max(0, asked[i]) / peakNits, gamma[i]) + black)
        }
        if !gains.isEmpty { out *= gains[panel] }
        return turn.applied(to: out)
    }

    /// Every panel can make a light of its true channels, nits: none of them has to be darker than
    /// its black, or lighter than its peak.
    func makes(_ light: SIMD3<Double>, _ peakNits: Double) -> Bool {
        (0..<3).allSatisfy { i in
            let weakest = gains.map { $0[i] }.min() ?? 1
            let strongest = gains.map { $0[i] }.max() ?? 1
            return light[i] >= black * strongest * peakNits && light[i] <= weakest * peakNits
        }
    }

    /// True channels → stated ones.
    func turn(of wall: Wall) -> Rows {
        let stated = Colorimetry.xyzFromRGB(wall.primaries).inverted
        return stated.after(Colorimetry.xyzFromRGB(primaries ?? wall.primaries))
    }

    /// Part of its light that a panel sends along a ray to an eye, told in the panel's own axes:
    /// to its right, up, and out of it.
    func share(right: Double, up: Double, out: Double) -> SIMD3<Double> {
        guard angle.count == 4 else { return SIMD3(repeating: 1) }
        let h = atan2(right, out) * 3 / .pi
        let v = atan2(up, out) * 4.5 / .pi
        let power = angle[0] * h + angle[1] * h * h + angle[2] * pow(h, 4) + angle[3] * v * v
        return SIMD3(exp(power.x), exp(power.y), exp(power.z))
    }
}
