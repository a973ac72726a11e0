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
    /// Of out = min(limit, floor(in · ratio + ½)).
    ///
    /// Doubles are exact enough: a full-range result is never within 1 / 8190 of half-way, a
    /// narrow one is exact.
    let ratio: Double
    /// The largest code.
    let limit: UInt16

    /// From codes of a format to a depth of 1 … 12 bits.
    public init(from codes: CodeFormat, toDepth: Int) {
        let (a, b) = (Double(1 << codes.depth), Double(1 << toDepth))
        ratio = codes.range == .full ? (b - 1) / (a - 1) : b / a
        limit = UInt16(1 << toDepth) - 1
    }

    /// Codes come out as they go in.
    /// - Frame path: yes
    var isIdentity: Bool { ratio == 1 }

    /// One code.
    /// - Frame path: yes
    public func callAsFunction(_ code: UInt16) -> UInt16 {
        min(limit, UInt16(Double(code) * ratio + 0.5))
    }
}
