import Glibc

/// How the light of a wall's LEDs falls off to the side, a channel each: exp(a₁h + a₂h² + a₄h⁴ +
/// b₂v²), h = the angle across / 60°, v = the angle upwards / 40°, 1 from the front.
public struct ViewAngle: BitwiseCopyable, Sendable, Equatable {
    /// a₁, a₂, a₄ and b₂.
    public var terms: InlineArray<4, ColorTriple>
    /// The greatest angle across it was measured at, radians: beyond it light is taken to stay as
    /// it is there.
    public var widest: Double

    /// The same light at every angle.
    public init() {
        terms = InlineArray(repeating: ColorTriple())
        widest = 0
    }

    /// A fall-off of four terms, measured up to an angle, radians.
    public init(terms: InlineArray<4, ColorTriple>, widest: Double) {
        self.terms = terms
        self.widest = widest
    }

    /// What the gains that level it may do to light: 15 % either way.
    public static let gains = 0.85...1.15

    /// Light at an angle across and one upwards, radians, against that from the front.
    /// - Frame path: yes
    public func light(across: Double, upwards: Double) -> ColorTriple {
        let h = min(max(across, -widest), widest) / (60 * .pi / 180)
        let v = min(max(upwards, -widest), widest) / (40 * .pi / 180)
        let power =
            h * terms[0] + (h * h) * terms[1] + (h * h * h * h) * terms[2] + (v * v) * terms[3]
        return ColorTriple(exp(power.x), exp(power.y), exp(power.z))
    }

    /// What levels light against a mean of it.
    /// - Frame path: yes
    public func gain(light: ColorTriple, mean: ColorTriple) -> ColorTriple {
        var gain = mean / light
        for i in 0..<3 {
            gain[i] = min(max(gain[i], Self.gains.lowerBound), Self.gains.upperBound)
        }
        return gain
    }

    /// Alike in every number.
    public static func == (a: ViewAngle, b: ViewAngle) -> Bool {
        (0..<4).allSatisfy { a.terms[$0] == b.terms[$0] } && a.widest == b.widest
    }
}
