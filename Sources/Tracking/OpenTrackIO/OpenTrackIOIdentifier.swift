/// A sampleId or sourceId: the 128 bits of its UUID, or a fingerprint of text that is none.
public struct OpenTrackIOIdentifier: BitwiseCopyable, Sendable, Hashable {
    /// The first 64 bits of the UUID; 0 for a fingerprint.
    public var high: UInt64
    /// The last 64 bits of the UUID, or the fingerprint.
    public var low: UInt64

    /// An identifier of 128 bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// "urn:uuid:" and 8-4-4-4-12 hexadecimal digits (OpenTrackIO 1.0.1 schema), else any text.
    init(_ text: PayloadText) {
        var value = UInt128(0)
        var digits = 0
        var isURN = true
        var place = 0
        for byte in text {
            switch place {
            case 0..<Self.prefix.utf8CodeUnitCount:
                isURN = isURN && byte == Self.prefix.utf8Start[place]
            case 17, 22, 27, 32: isURN = isURN && byte == UInt8(ascii: "-")
            default:
                isURN = isURN && byte.hexadecimalDigit != nil
                value = value << 4 | UInt128(byte.hexadecimalDigit ?? 0)
                digits += 1
            }
            place += 1
        }
        isURN = isURN && digits == 32
        high = isURN ? UInt64(truncatingIfNeeded: value >> 64) : 0
        low = isURN ? UInt64(truncatingIfNeeded: value) : text.hash
    }

    private static var prefix: StaticString { "urn:uuid:" }
}

extension OpenTrackIOIdentifier: CustomStringConvertible {
    /// The URN, in small letters as the schema has it.
    public var description: String {
        var text = "urn:uuid:"
        for place in 0..<32 {
            if place == 8 || place == 12 || place == 16 || place == 20 { text += "-" }
            let word = place < 16 ? high : low
            let digit = word >> UInt64(60 - place % 16 * 4) & 15
            text += String(digit, radix: 16)
        }
        return text
    }
}
