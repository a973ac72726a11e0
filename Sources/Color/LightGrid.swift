/// Places along each edge of a table of whole grades, light to light.
///
/// Light + `origin` is doubled `octaves` times, in equal steps of light within an octave. What is
/// linear in light (exposure, white balance, saturation, any matrix) such a table then has exactly,
/// and only what bends between two points costs precision.
struct LightGrid {
    /// What is added to light, so that black is a point like any other.
    static let origin = 0x1p-8
    /// From black to 255.996, which is 25,600 nits where 1.0 is 100.
    static let octaves = 16

    /// Binary logarithm of the points an octave.
    let octaveBits: Int

    /// Points along an edge.
    var side: Int { (Self.octaves << octaveBits) + 1 }

    /// The light of each point.
    var lights: [Double] {
        (0..<side).map { index in
            let (octave, step) = (index >> octaveBits, index & ((1 << octaveBits) - 1))
            let mantissa = 1 + Double(step) / Double(1 << octaveBits)
            return Double(sign: .plus, exponent: octave, significand: mantissa) * Self.origin
                - Self.origin
        }
    }

    /// Points of a table, each moved by half of what a straight line beside it is off in the
    /// middle, so that what bends is missed by half as much on either side; the first of each edge,
    /// where black is, stays.
    func balanced(_ points: [ColorTriple]) -> [ColorTriple] {
        let lights = lights
        var moved = points
        for stride in [1, side, side * side] {
            for index in points.indices {
                let place = index / stride % side
                guard place > 0, place < side - 1 else { continue }
                let h: Double = lights[place] - lights[place - 1]
                let k: Double = lights[place + 1] - lights[place]
                let before: ColorTriple = (points[index] - points[index - stride]) / h
                let after: ColorTriple = (points[index + stride] - points[index]) / k
                // A line is off by h²/8 times the second derivative, 2(after − before)/(h + k):
                // half of that, in the mean of both sides.
                let share: Double = (h * h + k * k) / (16 * (h + k))
                moved[index] -= (after - before) * share
            }
        }
        return moved
    }
}
