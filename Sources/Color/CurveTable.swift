public import Lanes

/// An inverse transfer function fitted for the kernels: `cyc_curve`, with its scalar evaluation.
///
/// A minimax cubic an octave of x = light + 2^-32. Measured over 0 … full scale: PQ within 0.23
/// codes at 12 bit, gamma 2.2 … 2.6 within 0.30, linear exact; 0 gives 0 and 1 gives 1. PQ's own
/// value at no light, 7e-7, is taken as 0.
public struct CurveTable: BitwiseCopyable, Sendable {
    /// The kernels' constants.
    public let constants: cyc_curve

    /// The curve of a processor: its transfer function, bits of a code, and which codes it takes.
    public init(transfer: TransferFunction, bitDepth: Int, range: CodeRange) {
        var curve = cyc_curve()
        curve.scale = Float(range.span(bitDepth: bitDepth))
        curve.offset = Float(range.black(bitDepth: bitDepth))
        for octave in 0..<32 {
            let fit = CurveTable.inLight(
                CurveTable.fit(octave: octave, transfer: transfer), octave: octave)
            var c = SIMD4<Float>(fit * Double(curve.scale))
            c.x += curve.offset + (octave == 31 ? CurveTable.above : 0)
            withUnsafeMutableBytes(of: &curve) { bytes in
                // The four tables are the first 128 floats of the C struct, one after the other.
                let floats = bytes.bindMemory(to: Float.self)
                for i in 0..<4 { floats[i * 32 + CurveTable.place(of: octave)] = c[i] }
            }
        }
        constants = curve
    }

    /// Codes by which the last octave is raised, so that no rounding keeps full scale from the
    /// highest code at the lowest dither threshold; the kernel cuts what lies above.
    private static let above: Float = 0.0006

    /// Where the kernels look for an octave: its biased exponent, 95 + octave, mod 32.
    private static func place(of octave: Int) -> Int { (95 + octave) & 31 }

    /// A cubic of f in octave 0 … 31 as one of x = 2^(octave − 32) · (1 + f).
    static func inLight(_ c: SIMD4<Double>, octave: Int) -> SIMD4<Double> {
        let scale = Double(sign: .plus, exponent: 32 - octave, significand: 1)
        return SIMD4(
            c.x - c.y + c.z - c.w, (c.y - 2 * c.z + 3 * c.w) * scale,
            (c.z - 3 * c.w) * scale * scale, c.w * scale * scale * scale)
    }

    /// The signal 0 … 1 of normalised light, as a kernel computes it.
    public func signal(light: Float) -> Float {
        (code(light: light) - constants.offset) / constants.scale
    }

    /// The code of normalised light before dither and rounding, as a kernel computes it.
    public func code(light: Float) -> Float {
        let x = (light > 0 ? min(light, 0x1.fffffep-1) : 0) + 0x1p-32
        let place = Int(x.exponentBitPattern & 31)
        return withUnsafeBytes(of: constants) { bytes in
            let floats = bytes.bindMemory(to: Float.self)
            let (c0, c1) = (floats[place], floats[32 + place])
            let (c2, c3) = (floats[64 + place], floats[96 + place])
            return min(c0 + x * (c1 + x * (c2 + x * c3)), constants.offset + constants.scale)
        }
    }

    /// Coefficients of one octave in f = mantissa − 1, constant first.
    ///
    /// The lowest goes through 0, the highest ends in 1: the places where the curve must be exact.
    private static func fit(octave: Int, transfer: TransferFunction) -> SIMD4<Double> {
        switch octave {
        case 0:
            let c = minimax(terms: 3, density: 4) { x in
                (SIMD4(x, x * x, x * x * x, 0), x > 0 ? transfer.signal(light: x * 0x1p-32) : 0)
            }
            return SIMD4(0, c.x, c.y, c.z)
        case 31:
            let c = minimax(terms: 3, density: 1) { x in
                let d = x - 1
                return (
                    SIMD4(d, d * x, d * x * x, 0), transfer.signal(light: 0.5 + x / 2 - 0x1p-32) - 1
                )
            }
            // 1 + (x − 1)(a + bx + cx²), multiplied out.
            return SIMD4(1 - c.x, c.x - c.y, c.y - c.z, c.z)
        default:
            let low = Double(sign: .plus, exponent: octave - 32, significand: 1)
            return minimax(terms: 4, density: 1) { x in
                (SIMD4(1, x, x * x, x * x * x), transfer.signal(light: low * (1 + x) - 0x1p-32))
            }
        }
    }
}
