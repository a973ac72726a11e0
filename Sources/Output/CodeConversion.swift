public import Color

/// Code values as a processor defines them: bits and range.
public struct CodeFormat: BitwiseCopyable, Sendable, Hashable {
    /// Bits of a code value, 8, 10 or 12.
    public var depth: Int
    /// Which codes carry 0 … 1.
    public var range: CodeRange

    /// Codes of some bits in a range.
    public init(depth: Int, range: CodeRange) {
        self.depth = depth
        self.range = range
    }
}

/// Codes of one depth to codes of another, by rounding to the nearest.
///
/// Full range keeps the ends: out = round(in · (2ᵇ − 1) / (2ᵃ − 1)). Narrow range keeps the steps:
/// out = round(in · 2ᵇ⁻ᵃ), at most 2ᵇ − 1. Equal depths: identical.
public struct CodeConversion: BitwiseCopyable, Sendable, Hashable {
    /// out = min(limit, (in · multiplier + 2³¹) >> 32).
    let multiplier: UInt64
    /// The largest code.
    let limit: UInt16

    /// From codes of a format to a depth of 1 … 12 bits.
    public init(from codes: CodeFormat, toDepth: Int) {
        let (a, b) = (Double(1 << codes.depth), Double(1 << toDepth))
        let ratio = codes.range == .full ? (b - 1) / (a - 1) : b / a
        multiplier = UInt64((ratio * 4_294_967_296).rounded())
        limit = UInt16(1 << toDepth) - 1
    }

    /// Codes come out as they go in.
    /// - Frame path: yes
    var isIdentity: Bool { multiplier == 1 << 32 }

    /// One code.
    /// - Frame path: yes
    public func callAsFunction(_ code: UInt16) -> UInt16 {
        UInt16(min(UInt64(limit), (UInt64(code) * multiplier + 0x8000_0000) >> 32))
    }
}
