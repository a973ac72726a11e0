import Color
import Lanes

/// The luma weights that turn R′G′B′ into Y′CbCr.
public enum YCbCrMatrix: UInt8, BitwiseCopyable, Sendable, Hashable {
    /// ITU-R BT.709-6 item 3.2.
    case bt709
    /// ITU-R BT.2020-2 table 4, non-constant luminance (and BT.2100-2 table 6).
    case bt2020

    /// Weights of R′ and B′ in Y′; G′ has the rest.
    public var lumaWeights: (red: Double, blue: Double) {
        switch self {
        case .bt709: (0.2126, 0.0722)
        case .bt2020: (0.2627, 0.0593)
        }
    }

    /// Integer constants from R′G′B′ codes of one depth to Y′CbCr codes of another.
    ///
    /// Quantising is BT.709-6 item 3.4 for narrow, BT.2100-2 table 9 for full range. 18 bits of
    /// fraction keep every result within 0.01 code of the exact value before rounding, and
    /// every sum below 2³⁰.
    func constants(fromDepth: Int, toDepth: Int, range: CodeRange) -> cyc_ycbcr {
        let (kr, kb) = lumaWeights
        let kg = 1 - kr - kb
        let codes: (zero: Double, scale: Double)
        let out: (zero: Double, scale: Double, chromaScale: Double)
        let step = Double(1 << (toDepth - 8))
        switch range {
        case .full:
            codes = (0, Double(1 << fromDepth) - 1)
            out = (0, Double(1 << toDepth) - 1, Double(1 << toDepth) - 1)
        case .narrow:
            let from = Double(1 << (fromDepth - 8))
            codes = (16 * from, 219 * from)
            out = (16 * step, 219 * step, 224 * step)
        }
        let one = Double(1 << CYC_YCBCR_SHIFT)
        let rows: [[Double]] = [
            [kr, kg, kb],
            [-kr, -kg, 1 - kb].map { $0 / (2 * (1 - kb)) },
            [1 - kr, -kg, -kb].map { $0 / (2 * (1 - kr)) },
        ]
        func fixed(_ row: [Double], _ scale: Double) -> (Int32, Int32, Int32) {
            let factor = scale / codes.scale * one
            let (a, c) = ((row[0] * factor).rounded(), (row[2] * factor).rounded())
            // Gray must come out exactly gray: the middle one takes the rounding of the others.
            let sum = ((row[0] + row[1] + row[2]) * factor).rounded()
            return (Int32(a), Int32(sum - a - c), Int32(c))
        }
        var matrix = cyc_ycbcr()
        matrix.y = fixed(rows[0], out.scale)
        matrix.cb = fixed(rows[1], out.chromaScale)
        matrix.cr = fixed(rows[2], out.chromaScale)
        let lumaSum = Double(matrix.y.0 + matrix.y.1 + matrix.y.2)
        matrix.y_offset = Int32((out.zero * one - codes.zero * lumaSum + one / 2).rounded())
        matrix.chroma_offset = Int32(128 * step * one * 4 + one * 2)
        matrix.limit = Int32(1 << toDepth) - 1
        return matrix
    }
}
