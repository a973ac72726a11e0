import Glibc
import Lanes

/// How softly a wall's light ends at its peak.
public enum RollOff: Int, BitwiseCopyable, Sendable, CaseIterable {
    /// Every channel is cut at the peak: bright colors change their hue.
    case off = 0
    /// From 90 % of the peak.
    case hard
    /// From 80 % of the peak.
    case medium
    /// From 70 % of the peak.
    case soft

    /// Share of the peak up to which light is left alone; 1 for `off`.
    /// - Frame path: yes
    public var start: Double {
        switch self {
        case .off: 1
        case .hard: 0.9
        case .medium: 0.8
        case .soft: 0.7
        }
    }
}

/// What keeps the picture within what one wall may show.
///
/// Not for panel power and flashes, which are of whole frames.
public struct WallLimits: BitwiseCopyable, Sendable, Equatable {
    /// The brightest light the wall may make, nits; its own peak where that is lower.
    public var peakNits: Double
    /// How light ends there.
    public var rollOff: RollOff
    /// Colors the wall cannot make are brought into its gamut instead of being cut.
    public var compressesGamut: Bool
    /// A grey picture with marks instead, where light is over the peak or out of gamut.
    public var showsMarks: Bool

    /// Limits; the wall's own peak, cut, when nothing is given.
    public init(
        peakNits: Double = .infinity, rollOff: RollOff = .off, compressesGamut: Bool = false,
        showsMarks: Bool = false
    ) {
        self.peakNits = peakNits
        self.rollOff = rollOff
        self.compressesGamut = compressesGamut
        self.showsMarks = showsMarks
    }
}

/// The roll-off of one peak: a cubic in PQ, from where it begins to 10,000 nits.
///
/// Hermite: it begins with slope 1, or less where that would overshoot, and ends level at the peak.
struct PeakRoll: BitwiseCopyable, Sendable {
    /// Nits where it begins.
    let startNits: Double
    /// PQ signal there.
    let start: Double
    /// Signal = start + u(x + u(y + u·z)), u from 0 to 1.
    let terms: SIMD3<Double>

    /// - Frame path: yes
    init(peakNits: Double, _ rollOff: RollOff) {
        startNits = peakNits * rollOff.start
        start = TransferFunction.pq.signal(light: startNits / 10_000)
        let rise = TransferFunction.pq.signal(light: peakNits / 10_000) - start
        let slope = min(1, 3 * rise / (1 - start)) * (1 - start)
        terms = SIMD3(slope, 3 * rise - 2 * slope, slope - 2 * rise)
    }

    /// What light in nits becomes.
    func nits(_ light: Double) -> Double {
        if light <= startNits { return light }
        let signal = TransferFunction.pq.signal(light: min(light / 10_000, 1))
        let u = (signal - start) / (1 - start)
        let rolled = start + u * (terms.x + u * (terms.y + u * terms.z))
        return TransferFunction.pq.light(signal: rolled) * 10_000
    }
}

extension WallColor {
    /// What the kernels are given of a wall's limits under a blackout that leaves `light`.
    /// - Frame path: yes
    func constants(_ limits: WallLimits, light: Double) -> cyc_limits {
        var out = cyc_limits()
        let peak = peak(limits)
        out.rolls_off = limits.rollOff != .off && peak * fullScaleNits < 10_000 ? 1 : 0
        out.compresses = limits.compressesGamut ? 1 : 0
        out.has_marks = limits.showsMarks ? 1 : 0
        out.is_used = out.rolls_off | out.compresses | out.has_marks
        guard out.is_used != 0, light > 0 else {
            out.is_used = 0
            return out
        }
        if out.rolls_off != 0 {
            let roll = PeakRoll(peakNits: peak * fullScaleNits, limits.rollOff)
            out.roll_from = Float(roll.startNits / fullScaleNits * light)
            out.to_pq = Float(fullScaleNits / 10_000 / light)
            out.roll_signal = Float(roll.start)
            out.per_roll = Float(1 / (1 - roll.start))
            out.roll = (Float(roll.terms.x), Float(roll.terms.y), Float(roll.terms.z))
        }
        let scale = compression.scale
        out.scale = (Float(scale.x), Float(scale.y), Float(scale.z))
        out.peak = Float(peak * light * 1.0001)
        out.mark_grey = 0.5
        out.mark_light = Float(peak * light / 3)
        out.mark_least = Float(0.02 / fullScaleNits * light)
        return out
    }

    /// The brightest light under some limits, full scales.
    /// - Frame path: yes
    func peak(_ limits: WallLimits) -> Double {
        Swift.min(clip, limits.peakNits / fullScaleNits)
    }

    /// Light in the wall's primaries, full scales, kept within limits by roll-off and compression,
    /// in doubles; not yet cut.
    func limited(_ color: ColorTriple, _ limits: WallLimits) -> ColorTriple {
        var v = color
        let most = v.max() * fullScaleNits
        let peak = peak(limits) * fullScaleNits
        if limits.rollOff != .off, peak < 10_000, most > 0 {
            v *= PeakRoll(peakNits: peak, limits.rollOff).nits(most) / most
        }
        return limits.compressesGamut ? compression.applied(to: v) : v
    }
}
