/// The braces around an object; written by number, so that those of the program stay in pairs.
enum JSONBrace {
    static let open: Unicode.Scalar = "\u{7B}"
    static let close: Unicode.Scalar = "\u{7D}"
}

/// Reads a payload in JSON (RFC 8259).
struct JSONReader: PayloadReader {
    private(set) var depth = 0
    private let bytes: UnsafeRawBufferPointer
    private var at = 0
    /// Bit n: level n + 1 is an object, not a list.
    private var objects: UInt32 = 0
    private var awaited = Awaited.value

    private enum Awaited {
        case value, firstMember, firstElement, valueOfKey, separator, nothing
    }

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func next() throws(OpenTrackIOFault) -> PayloadEvent {
        skipSpace()
        switch awaited {
        case .value: return try value()
        case .firstMember: return take(JSONBrace.close) ? close() : try key()
        case .firstElement: return take("]") ? close() : try value()
        case .valueOfKey:
            guard take(":") else { throw OpenTrackIOFault(.malformed) }
            skipSpace()
            return try value()
        case .separator:
            let isObject = objects >> UInt32(depth - 1) & 1 == 1
            if take(isObject ? JSONBrace.close : "]") { return close() }
            guard take(",") else { throw OpenTrackIOFault(.malformed) }
            skipSpace()
            return try isObject ? key() : value()
        case .nothing: throw OpenTrackIOFault(.malformed)
        }
    }

    mutating func finish() throws(OpenTrackIOFault) {
        skipSpace()
        guard awaited == .nothing, at == bytes.count else { throw OpenTrackIOFault(.malformed) }
    }

    private mutating func value() throws(OpenTrackIOFault) -> PayloadEvent {
        switch here {
        case UInt8(ascii: JSONBrace.open): return try open(isObject: true)
        case UInt8(ascii: "["): return try open(isObject: false)
        default: break
        }
        let scalar = try scalar()
        settle()
        return scalar
    }

    private mutating func scalar() throws(OpenTrackIOFault) -> PayloadEvent {
        switch here {
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "t"):
            try word("true")
            return .boolean(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .boolean(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        // Not JSON, but what Python writes for a float it has no other word for.
        case UInt8(ascii: "N"):
            try word("NaN")
            return .number(.nan)
        default: return .number(try number())
        }
    }

    private mutating func open(isObject: Bool) throws(OpenTrackIOFault) -> PayloadEvent {
        guard depth < TrackingLimits.payloadDepth else { throw OpenTrackIOFault(.tooDeep) }
        at += 1
        let bit: UInt32 = 1 << UInt32(depth)
        objects = isObject ? objects | bit : objects & ~bit
        depth += 1
        awaited = isObject ? .firstMember : .firstElement
        return isObject ? .object : .list
    }

    private mutating func close() -> PayloadEvent {
        depth -= 1
        settle()
        return .end
    }

    /// A value has ended.
    private mutating func settle() { awaited = depth == 0 ? .nothing : .separator }

    private mutating func key() throws(OpenTrackIOFault) -> PayloadEvent {
        let name = try text()
        awaited = .valueOfKey
        return .key(name)
    }

    /// Text between quotes, its escapes checked (§7).
    private mutating func text() throws(OpenTrackIOFault) -> PayloadText {
        guard take("\"") else { throw OpenTrackIOFault(.malformed) }
        let start = at
        var hasEscapes = false
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                let inner = UnsafeRawBufferPointer(rebasing: bytes[start..<(at - 1)])
                return PayloadText(bytes: inner, form: hasEscapes ? .escaped : .plain)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape()
            case 0..<0x20: throw OpenTrackIOFault(.malformed)
            default: continue
            }
        }
        throw OpenTrackIOFault(.malformed)
    }

    private mutating func escape() throws(OpenTrackIOFault) {
        let letter = here
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            for _ in 0..<4 {
                guard here.hexadecimalDigit != nil else { throw OpenTrackIOFault(.malformed) }
                at += 1
            }
        default: throw OpenTrackIOFault(.malformed)
        }
    }

    /// A number (§6), or the infinities as Python writes them.
    private mutating func number() throws(OpenTrackIOFault) -> Double {
        var decimal = DecimalNumber()
        decimal.isNegative = take("-")
        if here == UInt8(ascii: "I") {
            try word("Infinity")
            return decimal.isNegative ? -.infinity : .infinity
        }
        if !take("0") {
            guard digits({ decimal.add($0, isFraction: false) }) else {
                throw OpenTrackIOFault(.malformed)
            }
        }
        if take(".") {
            guard digits({ decimal.add($0, isFraction: true) }) else {
                throw OpenTrackIOFault(.malformed)
            }
        }
        if take("e") || take("E") {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            var exponent = 0
            // Beyond 9999 every number is 0 or infinite.
            guard digits({ exponent = min(exponent * 10 + Int($0), 9999) }) else {
                throw OpenTrackIOFault(.malformed)
            }
            decimal.exponent += isNegative ? -exponent : exponent
        }
        return decimal.value
    }

    /// Hands over each digit from here; false where there is none.
    private mutating func digits(_ take: (UInt8) -> Void) -> Bool {
        let start = at
        while case let digit = here &- UInt8(ascii: "0"), digit < 10 {
            take(digit)
            at += 1
        }
        return at > start
    }

    private mutating func word(_ word: StaticString) throws(OpenTrackIOFault) {
        for i in 0..<word.utf8CodeUnitCount {
            guard here == word.utf8Start[i] else { throw OpenTrackIOFault(.malformed) }
            at += 1
        }
    }

    /// The byte to be read; 0, which JSON has nowhere, at the end.
    @inline(__always)
    private var here: UInt8 { at < bytes.count ? bytes[at] : 0 }

    @inline(__always)
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard here == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() {
        while case let byte = here,
            byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
        { at += 1 }
    }
}
