import Glibc

/// What keeps light within what a wall can make.
extension Reference {
    static func limited(_ l: cyc_limits, _ color: SIMD3<Double>) -> SIMD3<Double> {
        if l.has_marks != 0 { return marked(l, color) }
        var c = color
        if l.rolls_off != 0 { c = rolled(l, c) }
        guard l.compresses != 0, c.max() > 0 else { return c }
        let scale = SIMD3(Double(l.scale.0), Double(l.scale.1), Double(l.scale.2))
        let most = c.max()
        for i in 0..<3 {
            let d = (most - c[i]) / most
            guard d > 0.9 else { continue }
            let x = (d - 0.9) / scale[i]
            c[i] = most - most * (0.9 + scale[i] * x / pow(1 + x * x * x * x, 0.25))
        }
        return c
    }

    private static func rolled(_ l: cyc_limits, _ c: SIMD3<Double>) -> SIMD3<Double> {
        let most = c.max()
        guard most > Double(l.roll_from) else { return c }
        let light = most * Double(l.to_pq)
        let u = clamp((pq(light) - Double(l.roll_signal)) * Double(l.per_roll), 0, 1)
        let (a, b, d) = (Double(l.roll.0), Double(l.roll.1), Double(l.roll.2))
        return c * (pqLight(Double(l.roll_signal) + u * (a + u * (b + u * d))) / light)
    }

    private static func marked(_ l: cyc_limits, _ c: SIMD3<Double>) -> SIMD3<Double> {
        let (most, mark) = (c.max(), Double(l.mark_light))
        if most > Double(l.peak) { return SIMD3(mark, 0.7 * mark, 0) }
        if c.min() < -0.001 * most, most > Double(l.mark_least) { return SIMD3(mark, 0, mark) }
        return SIMD3(repeating: clamp(c.sum() * Double(l.mark_grey) / 3, 0, mark))
    }

    /// ITU-R BT.2100, table 4; light in parts of 10,000 nits.
    private static func pq(_ light: Double) -> Double {
        let y = pow(max(light, 0), 0.1593017578125)
        return pow((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y), 78.84375)
    }

    private static func pqLight(_ signal: Double) -> Double {
        let v = pow(signal, 1 / 78.84375)
        return pow(max(v - 0.8359375, 0) / (18.8515625 - 18.6875 * v), 1 / 0.1593017578125)
    }
}
