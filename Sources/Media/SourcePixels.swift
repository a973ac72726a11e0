import Color

/// Turns rows of a file's numbers into scene-linear ACEScg, premultiplied; the only place where
/// a picture's colours are converted.
struct SourcePixels {
    /// How the file's alpha and colour belong together.
    enum Alpha: Equatable {
        /// There is none: opaque.
        case none
        /// Colour is stored as if opaque (PNG, most TIFF).
        case straight
        /// Colour is already multiplied, in linear light (EXR) or in code values (TIFF).
        case premultiplied
    }

    private let encoding: PictureEncoding
    private let matrix: WorkingMatrix
    private let alpha: Alpha
    private(set) var pixels: [Float]

    /// Nil when the primaries enclose no colours.
    init?(encoding: PictureEncoding, alpha: Alpha, expectedPixels: Int) {
        guard let matrix = WorkingMatrix(from: encoding.primaries) else { return nil }
        self.encoding = encoding
        self.matrix = matrix
        self.alpha = alpha
        pixels = []
        pixels.reserveCapacity(expectedPixels * 4)
    }

    /// Appends a row of R, G, B, A in the file's own encoding.
    mutating func append(row: UnsafeBufferPointer<Float>) {
        let count = row.count / 4
        for i in 0..<count { append(row[4 * i], row[4 * i + 1], row[4 * i + 2], row[4 * i + 3]) }
    }

    private mutating func append(_ r: Float, _ g: Float, _ b: Float, _ a: Float) {
        let opacity = alpha == .none ? 1 : SourcePixels.opacity(a)
        // Before the matrix: an infinity would spread to the other channels as NaN.
        var (r, g, b) = (SourcePixels.finite(r), SourcePixels.finite(g), SourcePixels.finite(b))
        if alpha == .premultiplied, !encoding.isLinear, opacity > 0 {
            (r, g, b) = (r / opacity, g / opacity, b / opacity)
        }
        if !encoding.isLinear {
            (r, g, b) = encoding.linear(r, g, b)
        }
        // Straight colours, and those just divided above, are multiplied in linear light.
        let gain: Float = alpha == .straight || !encoding.isLinear ? opacity : 1
        let m = matrix.m
        pixels.append(SourcePixels.kept((m[0] * r + m[1] * g + m[2] * b) * gain))
        pixels.append(SourcePixels.kept((m[3] * r + m[4] * g + m[5] * b) * gain))
        pixels.append(SourcePixels.kept((m[6] * r + m[7] * g + m[8] * b) * gain))
        pixels.append(opacity)
    }

    private static func opacity(_ a: Float) -> Float { a > 0 ? (a < 1 ? a : 1) : 0 }

    private static func finite(_ v: Float) -> Float { v.isFinite ? v : kept(v) }

    /// Finite and within a half float: NaN is black, infinities are the largest value.
    private static func kept(_ v: Float) -> Float {
        let top = PictureLimits.largestValue
        return v > top ? top : v < -top ? -top : v == v ? v : 0
    }
}
