public import Color

extension ColorSolution {
    /// The correction as a look of light.
    ///
    /// Content linear in the target's primaries, 1 = peak, in; the light to ask for as a fraction
    /// of peak out. For `.clf`; without gamut compression, which a CLF
    /// has no words for.
    public func linearLook(title: String) -> Look {
        let lightFromContent = plateFromLight.inverse * plateFromContent
        let offset = plateFromLight.inverse * black * -1
        let points = (0..<65536).map { bits -> SIMD3<Float> in
            let x = Double(Float16(bitPattern: UInt16(bits)))
            // Negative halves, infinities and NaN: no light but at the top.
            let light = x.isNaN ? 0 : min(max(x, 0), 1)
            return SIMD3(
                Float(curves[0].drive(light: light)), Float(curves[1].drive(light: light)),
                Float(curves[2].drive(light: light)))
        }
        return Look(
            title: title,
            steps: [
                .matrix(lightFromContent, offset: offset),
                .curves(CurveLUT(points: points, domain: .halves)),
            ])
    }

    /// The whole correction as a 3D table from PQ code to PQ code, for whatever takes a `.cube`.
    public func signalLook(title: String, side: Int = 65) -> Look {
        let cube = CubeLUT(side: side) { signal in
            var content = ColorTriple(0, 0, 0)
            for i in 0..<3 {
                content[i] = TransferFunction.pq.light(signal: signal[i]) * 10_000 / peakNits
            }
            let drive = self.drive(content: content)
            var out = ColorTriple(0, 0, 0)
            for i in 0..<3 {
                out[i] = TransferFunction.pq.signal(light: drive[i] * peakNits / 10_000)
            }
            return out
        }
        return Look(title: title, steps: [.cube(cube)])
    }
}
