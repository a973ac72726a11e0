/// What a wall's correction does to light.
extension Reference {
    /// `cyc_kernels.gain` at a pixel: what light is multiplied by.
    public static func gained(_ gain: cyc_bend, _ x: Int, _ y: Int) -> Double {
        let (x, y) = (Double(x), Double(y))
        return Double(gain.at) + x * Double(gain.along_x)
            + y * (Double(gain.along_y) + x * Double(gain.along_xy))
    }

    /// `cyc_kernels.correct` of a color, full scales in and out.
    public static func corrected(
        _ correction: cyc_correction, _ gains: cyc_gains, _ color: SIMD3<Double>
    ) -> SIMD3<Double> {
        var c = color
        if correction.table.points != nil {
            let light = c * Double(correction.to_table)
            let codes = looked(
                correction.table, SIMD3(code(light.x), code(light.y), code(light.z)))
            c =
                Double(correction.from_table)
                * SIMD3(self.light(codes.x), self.light(codes.y), self.light(codes.z))
        }
        let (full, perFull) = (Double(correction.full), Double(correction.per_full))
        let factors = [Double(gains.red), Double(gains.green), Double(gains.blue)]
        for i in 0..<3 {
            let light = c[i] * perFull
            guard light > 0 else {
                c[i] = 0
                continue
            }
            let drive = correction.has_curves != 0 ? driven(correction, i, light) : light
            c[i] = Swift.min(Swift.max(drive, 0) * factors[i] * full, full)
        }
        return c
    }

    /// The drive of one channel for light of 0 … 1 of the peak.
    private static func driven(
        _ correction: cyc_correction, _ channel: Int, _ light: Double
    ) -> Double {
        let x = Swift.min(light + 0x1p-32, 0x1.fffffep-1)
        let place = (Int(x.exponent) + 127) & 31
        return withUnsafeBytes(of: correction.curves) { bytes in
            let curve = bytes.bindMemory(to: cyc_curve.self)[channel]
            return withUnsafeBytes(of: curve) { bytes in
                let table = bytes.bindMemory(to: Float.self)
                let c = (0..<4).map { Double(table[32 * $0 + place]) }
                return c[0] + x * (c[1] + x * (c[2] + x * c[3]))
            }
        }
    }
}
