public import Color
import Foundation

/// What a simulated wall's light is like, and nobody has told the stage file.
public struct WallCondition: Sendable {
    /// Light of red, green and blue is what is asked to this power, 1 = peak.
    public var gamma = SIMD3<Double>(repeating: 1)
    /// What its channels really light; nil: as stated.
    public var primaries: Primaries?
    /// Light of black, of peak white.
    public var black = 0.0
    /// What the whole wall loses at full load, in parts of its light.
    public var droop = 0.0
    /// Panels differ by so much, one standard deviation.
    public var panelSpread = 0.0
    /// Red and blue are swapped.
    public var isSwapped = false

    /// A wall as it is stated.
    public init() {}

    /// What each of so many panels multiplies its light by, told by a seed.
    public func gains(panels: Int, seed: UInt64) -> [SIMD3<Double>] {
        let noise = CountedNoise(seed: seed)
        return (0..<panels).map { panel in
            func gain(_ channel: Int) -> Double {
                1 + panelSpread * Double(noise.value(UInt64(3 * panel + channel)))
            }
            return SIMD3(gain(0), gain(1), gain(2))
        }
    }

    /// The same wall for the judge; without droop and swaps, which no correction undoes.
    public func fault(panels: Int, seed: UInt64) -> WallFault {
        var fault = WallFault()
        (fault.gamma, fault.primaries, fault.black) = (gamma, primaries, black)
        if panelSpread > 0 { fault.gains = gains(panels: panels, seed: seed) }
        return fault
    }

    /// Light of its channels for light asked of them, both 1 = peak.
    func light(_ asked: SIMD3<Double>) -> SIMD3<Double> {
        var drive = isSwapped ? SIMD3(asked.z, asked.y, asked.x) : asked
        for channel in 0..<3 {
            drive[channel] = pow(min(1, max(0, drive[channel])), gamma[channel])
        }
        return drive + SIMD3(repeating: black)
    }
}

/// What a simulated camera makes of light.
public struct FilmCondition: Sendable {
    /// Reading of the wall's stated peak white.
    public var exposure = 0.9
    /// Standard deviation of the blur, pixels.
    public var blur = 0.8
    /// Noise of a pixel, one standard deviation: so much of its light, and so much of 1.
    public var noise = SIMD2<Double>(0.005, 0.0005)
    /// Light that is lost in the picture's corner.
    public var vignetting = 0.25
    /// Reading from which on it is full.
    public var clip = Double.infinity
    /// Another seed has other noise.
    public var seed: UInt64 = 1

    /// A camera in order.
    public init() {}
}

/// Normal deviates by counting, the same on every machine: no state, so that rows can be made in
/// any order.
struct CountedNoise: Sendable {
    private let table: [Float]
    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
        // The sum of twelve even deviates less six (variance 1, tails cut at six).
        table = (0..<4096).map { place -> Float in
            var sum: Float = -6
            for part in 0..<12 {
                let bits = Self.mixed(UInt64(place * 12 + part)) >> 40
                sum += Float(bits) / 16_777_216
            }
            return sum
        }
    }

    /// The deviate of a number.
    func value(_ count: UInt64) -> Float {
        table[Int(Self.mixed(count &+ seed &* 0x9E37_79B9_7F4A_7C15) >> 52)]
    }

    /// Sebastiano Vigna's SplitMix64.
    static func mixed(_ count: UInt64) -> UInt64 {
        var z = count &* 0x9E37_79B9_7F4A_7C15 &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
