import Glibc

/// Text where it lies in a payload, as its encoding wrote it; read without being copied.
///
/// Valid while the payload's bytes are. A sequence of the UTF-8 bytes it stands for.
struct PayloadText: Sequence {
    enum Form {
        /// The bytes themselves.
        case plain
        /// Between quotes of JSON, with escapes that have been checked.
        case escaped
        /// Chunks of a CBOR text of unknown length, heads included, that have been checked.
        case chunked
    }

    let bytes: UnsafeRawBufferPointer
    let form: Form

    func makeIterator() -> Iterator { Iterator(self) }

    /// FNV-1a of the UTF-8 bytes: the same text gives the same in both encodings.
    var hash: UInt64 { form == .plain ? fingerprint(bytes) : fingerprint(of: self) }

    /// The text is this word.
    static func ~= (word: StaticString, text: PayloadText) -> Bool {
        let (start, count) = (word.utf8Start, word.utf8CodeUnitCount)
        if text.form == .plain {
            return text.bytes.count == count
                && (count == 0 || memcmp(text.bytes.baseAddress!, start, count) == 0)
        }
        return text.elementsEqual(UnsafeBufferPointer(start: start, count: count))
    }

    /// Letters of the text, without regard to case, hold this word of small ASCII letters.
    func contains(_ word: StaticString) -> Bool {
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        var matched = 0
        for byte in self {
            let small = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            // Right for words whose first letter does not come again in them.
            matched = small == letters[matched] ? matched + 1 : small == letters[0] ? 1 : 0
            if matched == letters.count { return true }
        }
        return false
    }
}

extension PayloadText {
    struct Iterator: IteratorProtocol {
        private let bytes: UnsafeRawBufferPointer
        private let form: Form
        private var at = 0
        /// End of the chunk that is being read; for text in one piece, of the text.
        private var end: Int
        /// Bytes of a scalar still to be given, the next one lowest; none of them is 0.
        private var pending: UInt32 = 0

        init(_ text: PayloadText) {
            (bytes, form) = (text.bytes, text.form)
            end = form == .chunked ? 0 : bytes.count
        }

        mutating func next() -> UInt8? {
            if pending != 0 {
                defer { pending >>= 8 }
                return UInt8(truncatingIfNeeded: pending)
            }
            while at == end {
                guard form == .chunked, let head = CBORHead(bytes, &at) else { return nil }
                end = at + Int(head.argument)
            }
            let byte = bytes[at]
            at += 1
            return form == .escaped && byte == UInt8(ascii: "\\") ? escape() : byte
        }

        /// The character an escape stands for (RFC 8259 §7).
        private mutating func escape() -> UInt8 {
            let letter = bytes[at]
            at += 1
            switch letter {
            case UInt8(ascii: "b"): return 0x08
            case UInt8(ascii: "f"): return 0x0C
            case UInt8(ascii: "n"): return 0x0A
            case UInt8(ascii: "r"): return 0x0D
            case UInt8(ascii: "t"): return 0x09
            case UInt8(ascii: "u"): return scalar()
            default: return letter
            }
        }

        private mutating func scalar() -> UInt8 {
            var value = hexadecimal(at)
            at += 4
            if value >> 10 == 0xD800 >> 10, let low = lowSurrogate() {
                value = 0x10000 + (value & 0x3FF) << 10 + low
                at += 6
            }
            // Half a pair stands for no character.
            return give(Unicode.Scalar(value)?.value ?? 0xFFFD)
        }

        /// The first byte of a scalar in UTF-8 (RFC 3629 §3); the others are kept for later.
        private mutating func give(_ scalar: UInt32) -> UInt8 {
            let tail = { (place: UInt32) in 0x80 | (scalar >> (6 * place) & 0x3F) }
            switch scalar {
            case 0..<0x80: return UInt8(scalar)
            case 0x80..<0x800:
                pending = tail(0)
                return UInt8(0xC0 | scalar >> 6)
            case 0x800..<0x1_0000:
                pending = tail(1) | tail(0) << 8
                return UInt8(0xE0 | scalar >> 12)
            default:
                pending = tail(2) | tail(1) << 8 | tail(0) << 16
                return UInt8(0xF0 | scalar >> 18)
            }
        }

        private func lowSurrogate() -> UInt32? {
            guard at + 6 <= bytes.count, bytes[at] == UInt8(ascii: "\\"),
                bytes[at + 1] == UInt8(ascii: "u")
            else { return nil }
            let value = hexadecimal(at + 2)
            return value >> 10 == 0xDC00 >> 10 ? value & 0x3FF : nil
        }

        private func hexadecimal(_ at: Int) -> UInt32 {
            var value: UInt32 = 0
            for i in at..<(at + 4) { value = value << 4 | UInt32(bytes[i].hexadecimalDigit ?? 0) }
            return value
        }
    }
}

extension UInt8 {
    /// The value of a hexadecimal digit, or nil.
    var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
