public import Lanes

/// An inverse transfer function fitted for the kernels: `cyc_curve`, with its scalar evaluation.
///
/// A minimax cubic an octave of light. Measured over 0 … full scale: PQ within 0.23 codes at
/// 12 bit, gamma 2.2 … 2.6 within 0.30, linear exact; 0 gives 0, 1 gives 1, and no value is above
/// 1, so that no code passes full scale. PQ's own value at no light, 7e-7, is taken as 0.
public struct CurveTable: BitwiseCopyable, Sendable {
    /// The kernels' constants.
    public let constants: cyc_curve

    /// The curve of a processor: its transfer function, bits of a code, and which codes it takes.
    public init(transfer: TransferFunction, bitDepth: Int, range: CodeRange) {
        var curve = cyc_curve()
        curve.scale = Float(range.span(bitDepth: bitDepth))
        curve.offset = Float(range.black(bitDepth: bitDepth))
        for octave in 0..<32 {
            let fit = CurveTable.fit(octave: octave, transfer: transfer)
            let c = SIMD4<Float>(fit)
            withUnsafeMutableBytes(of: &curve) { bytes in
                // The four tables are the first 128 floats of the C struct, one after the other.
                let floats = bytes.bindMemory(to: Float.self)
                for i in 0..<4 { floats[i * 32 + octave] = c[i] }
            }
        }
        constants = curve
    }

    /// The signal 0 … 1 of normalised light, as a kernel computes it.
    public func signal(light: Float) -> Float {
        if !(light > 0) { return 0 }
        if light >= 1 { return 1 }
        let least: Float = 0x1p-31
        let octave = light < least ? 0 : 32 + Int(light.exponent)
        let f = light < least ? light * 0x1p31 : light.significand - 1
        return withUnsafeBytes(of: constants) { bytes in
            let floats = bytes.bindMemory(to: Float.self)
            let (c0, c1) = (floats[octave], floats[32 + octave])
            let (c2, c3) = (floats[64 + octave], floats[96 + octave])
            return c0 + f * (c1 + f * (c2 + f * c3))
        }
    }

    /// The code of normalised light before dither and rounding, as a kernel computes it.
    public func code(light: Float) -> Float {
        signal(light: light) * constants.scale + constants.offset
    }

    /// Coefficients of one octave, constant first.
    ///
    /// The lowest goes through 0, the highest ends in 1: the places where the curve must be exact.
    private static func fit(octave: Int, transfer: TransferFunction) -> SIMD4<Double> {
        switch octave {
        case 0:
            let c = minimax(terms: 3, density: 4) { x in
                (SIMD4(x, x * x, x * x * x, 0), x > 0 ? transfer.signal(light: x * 0x1p-31) : 0)
            }
            return SIMD4(0, c.x, c.y, c.z)
        case 31:
            let c = minimax(terms: 3, density: 1) { x in
                let d = x - 1
                return (SIMD4(d, d * x, d * x * x, 0), transfer.signal(light: 0.5 + x / 2) - 1)
            }
            // 1 + (x − 1)(a + bx + cx²), multiplied out.
            return SIMD4(1 - c.x, c.x - c.y, c.y - c.z, c.z)
        default:
            let low = Double(sign: .plus, exponent: octave - 32, significand: 1)
            return minimax(terms: 4, density: 1) { x in
                (SIMD4(1, x, x * x, x * x * x), transfer.signal(light: low * (1 + x)))
            }
        }
    }
}
