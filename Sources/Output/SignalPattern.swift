import Color

/// A picture of code values to check a processor's input: every bit, its place, every frame.
///
/// From the top, in codes, not light: 32 cells with the frame number, highest bit left, white for
/// 1; ramps of gray, red, green and blue over the legal codes; noise of all codes, new in every
/// frame.
public struct SignalPattern: Sendable, Hashable {
    /// What is drawn.
    public enum Content: String, Sendable, Hashable, CaseIterable {
        /// Frame number, ramps and noise.
        case chart
        /// Noise of all codes over the whole picture.
        case noise
    }

    /// What is drawn.
    public let content: Content
    /// Pixels a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Depth and range of the codes.
    public let codes: CodeFormat

    /// A pattern for a canvas.
    public init(content: Content, width: Int, height: Int, codes: CodeFormat) {
        self.content = content
        self.width = width
        self.height = height
        self.codes = codes
    }

    /// Rows of the frame-number strip.
    var stripRows: Int { content == .chart ? min(32, height) : 0 }
    /// First row of the noise.
    var noiseRow: Int { content == .chart ? max(stripRows, height * 3 / 4) : 0 }

    /// Rows that differ from one frame to the next, top to bottom.
    public var changingRows: [Range<Int>] { [0..<stripRows, noiseRow..<height] }

    /// Legal codes: black and white.
    private var ends: (black: Int, white: Int) {
        let shift = codes.depth - 8
        return codes.range == .full ? (0, (1 << codes.depth) - 1) : (16 << shift, 235 << shift)
    }

    /// The codes of one row of one frame, into three rows of `width` codes.
    public func drawRow(
        _ y: Int, frame: Int64, red: UnsafeMutablePointer<UInt16>,
        green: UnsafeMutablePointer<UInt16>, blue: UnsafeMutablePointer<UInt16>
    ) {
        if y >= noiseRow {
            let mask = UInt64(1 << codes.depth) - 1
            var state = UInt64(bitPattern: frame) &* 0x9E37_79B9_7F4A_7C15
            state = mix(state &+ UInt64(y) &* 0xD1B5_4A32_D192_ED03)
            for x in 0..<width {
                let bits = mix(state &+ UInt64(x))
                red[x] = UInt16(truncatingIfNeeded: bits & mask)
                green[x] = UInt16(truncatingIfNeeded: bits >> 16 & mask)
                blue[x] = UInt16(truncatingIfNeeded: bits >> 32 & mask)
            }
            return
        }
        let (black, white) = ends
        if y < stripRows {
            for x in 0..<width {
                let bit = 31 - x * 32 / width
                let code = UInt16(frame >> Int64(bit) & 1 == 1 ? white : black)
                (red[x], green[x], blue[x]) = (code, code, code)
            }
            return
        }
        let band = (y - stripRows) * 4 / (noiseRow - stripRows)
        for x in 0..<width {
            let level = UInt16(black + (white - black) * x / max(1, width - 1))
            let none = UInt16(black)
            red[x] = band == 0 || band == 1 ? level : none
            green[x] = band == 0 || band == 2 ? level : none
            blue[x] = band == 0 || band == 3 ? level : none
        }
    }

    /// SplitMix64's finalizer: every input bit reaches every output bit.
    private func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
