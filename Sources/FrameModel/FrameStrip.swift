/// A strip of bars that tells one frame's number and where on the wall it stands, in a single
/// picture of a moving camera.
///
/// Bars lie across and are stacked, so that a pan blurs their ends and nothing else. From the top,
/// in cells of even height, highest bit first, 1 is light:
///
///     2 dark   1 1 1 0   strip, 12 bits   frame, 16 bits in Gray code   check, 6 bits   0 1 1 1
///     2 dark
///
/// Two frames in one exposure differ in one bar of the number and, with it, in some of the check:
/// bars that are neither light nor dark. How light they are tells the share of each frame.
public enum FrameStrip {
    /// Bits that tell which strip it is.
    public static let stripBits = 12
    /// Bits of the frame's number: 18 minutes at 60 frames a second.
    public static let frameBits = 16
    /// Bits of the check.
    public static let checkBits = 6
    /// Bits between the marks at the ends.
    public static let dataBits = stripBits + frameBits + checkBits
    /// Cells from the first bar of the upper mark to the last of the lower one.
    public static let codeCells = 4 + dataBits + 4
    /// Dark cells above and below.
    public static let quietCells = 2
    /// Cells of a strip's height.
    public static let cellsHigh = codeCells + 2 * quietCells
    /// Cells of a bar's width.
    public static let barCells = 12
    /// Cells from one strip to the next.
    public static let cellsWide = 16

    /// The bars of a strip, the top one in the highest of `codeCells` bits.
    /// - Frame path: yes
    public static func bars(strip: Int, frame: Int64) -> UInt64 {
        let number = UInt64(truncatingIfNeeded: frame) & (1 << frameBits - 1)
        let data = UInt64(strip) << frameBits | number ^ number >> 1
        return (0b1110 << dataBits | data << checkBits | check(data)) << 4 | 0b0111
    }

    /// How many frames a number is after another, of numbers that begin again after 16 bits.
    public static func frames(from: Int, to: Int) -> Int {
        let span = 1 << frameBits
        let ahead = (to - from) & (span - 1)
        return ahead < span / 2 ? ahead : ahead - span
    }

    /// The frame's number of bits in Gray code.
    public static func number(gray: UInt64) -> UInt64 {
        var number = gray
        var shift = 1
        while shift < frameBits {
            number ^= number >> UInt64(shift)
            shift *= 2
        }
        return number
    }

    /// The remainder of the bits before it by x⁶ + x + 1 (CRC-6 of ITU-T G.704), begun with ones.
    /// - Frame path: yes
    public static func check(_ data: UInt64) -> UInt64 {
        var rest: UInt64 = 0x3F
        var bit = stripBits + frameBits
        while bit > 0 {
            bit &-= 1
            let isOdd = (rest >> 5 ^ data >> UInt64(bit)) & 1 == 1
            rest = rest << 1 & 0x3F
            if isOdd { rest ^= 0x03 }
        }
        return rest
    }
}
