/// The head of a CBOR item (RFC 8949 §3).
struct CBORHead {
    let major: UInt8
    let information: UInt8
    /// The value, length or bits that the head holds; 0 where the length is not known.
    let argument: UInt64

    /// The length comes as chunks or items up to a break.
    var isIndefinite: Bool { information == 31 }

    /// The head at a place, which moves behind it; nil where there is none.
    init?(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) {
        guard at < bytes.count else { return nil }
        let first = bytes[at]
        major = first >> 5
        information = first & 31
        switch information {
        case 0..<24: (argument, at) = (UInt64(information), at + 1)
        case 24...27:
            let count = 1 << Int(information - 24)
            guard bytes.count - at > count else { return nil }
            var value: UInt64 = 0
            for i in 1...count { value = value << 8 | UInt64(bytes[at + i]) }
            (argument, at) = (value, at + 1 + count)
        case 31: (argument, at) = (0, at + 1)
        default: return nil
        }
    }
}

/// Reads a payload in CBOR (RFC 8949): definite and indefinite lengths, floats of 16, 32 and 64
/// bits; tags are read over.
struct CBORReader: PayloadReader {
    private(set) var depth = 0
    private let bytes: UnsafeRawBufferPointer
    private var at = 0
    private var isDone = false
    private var levels = InlineArray<16, Level>(repeating: Level())

    /// An object or a list that has begun.
    private struct Level: BitwiseCopyable {
        /// Items still to come, keys and values each one; nil = up to a break.
        var left: Int? = 0
        var isObject = false
        var awaitsKey = false
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        precondition(levels.count == TrackingLimits.payloadDepth, "one limit, written down twice")
        self.bytes = bytes
    }

    mutating func next() throws(OpenTrackIOFault) -> PayloadEvent {
        guard !isDone else { throw OpenTrackIOFault(.malformed) }
        if depth > 0 {
            let level = levels[depth - 1]
            if level.left == 0 { return close() }
            if level.left == nil, at < bytes.count, bytes[at] == 0xFF,
                !level.isObject || level.awaitsKey
            {
                at += 1
                return close()
            }
        }
        var item = try head()
        // Tags say how a value is meant; every field says that already.
        while item.major == 6, !item.isIndefinite { item = try head() }
        return try event(item)
    }

    mutating func finish() throws(OpenTrackIOFault) {
        guard isDone, at == bytes.count else { throw OpenTrackIOFault(.malformed) }
    }

    private mutating func event(_ item: CBORHead) throws(OpenTrackIOFault) -> PayloadEvent {
        if countDown() {
            guard item.major == 3 else { throw OpenTrackIOFault(.malformed) }
            return .key(try text(item))
        }
        switch item.major {
        case 0 where !item.isIndefinite: return .number(Double(item.argument))
        case 1 where !item.isIndefinite: return .number(-1 - Double(item.argument))
        case 2:
            _ = try text(item)
            return .opaque
        case 3: return .text(try text(item))
        case 4: return try open(item, isObject: false)
        case 5: return try open(item, isObject: true)
        case 7: return try simple(item)
        default: throw OpenTrackIOFault(.malformed)
        }
    }

    /// Counts an item of the innermost level; whether it is a key.
    private mutating func countDown() -> Bool {
        guard depth > 0 else {
            isDone = true
            return false
        }
        var level = levels[depth - 1]
        if let left = level.left { level.left = left - 1 }
        let isKey = level.isObject && level.awaitsKey
        level.awaitsKey = !level.awaitsKey
        levels[depth - 1] = level
        return isKey
    }

    private mutating func open(
        _ item: CBORHead, isObject: Bool
    ) throws(OpenTrackIOFault) -> PayloadEvent {
        guard depth < TrackingLimits.payloadDepth else { throw OpenTrackIOFault(.tooDeep) }
        var level = Level(left: nil, isObject: isObject, awaitsKey: isObject)
        if !item.isIndefinite {
            // Each item takes a byte or more.
            let count = try length(item)
            level.left = isObject ? 2 * count : count
        }
        levels[depth] = level
        depth += 1
        isDone = false
        return isObject ? .object : .list
    }

    private mutating func close() -> PayloadEvent {
        depth -= 1
        isDone = depth == 0
        return .end
    }

    /// The bytes of a text or byte string, in one piece or in chunks of the same kind (§3.2.3).
    private mutating func text(_ item: CBORHead) throws(OpenTrackIOFault) -> PayloadText {
        let start = at
        guard item.isIndefinite else {
            at += try length(item)
            return PayloadText(
                bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<at]), form: .plain)
        }
        while at < bytes.count, bytes[at] != 0xFF {
            let chunk = try head()
            guard chunk.major == item.major, !chunk.isIndefinite else {
                throw OpenTrackIOFault(.malformed)
            }
            at += try length(chunk)
        }
        guard at < bytes.count else { throw OpenTrackIOFault(.malformed) }
        at += 1
        return PayloadText(
            bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<(at - 1)]), form: .chunked)
    }

    /// Floats and simple values (§3.3).
    private func simple(_ item: CBORHead) throws(OpenTrackIOFault) -> PayloadEvent {
        switch item.information {
        case 20: return .boolean(false)
        case 21: return .boolean(true)
        case 22, 23: return .null
        case 25: return .number(Self.half(UInt16(item.argument)))
        case 26: return .number(Double(Float(bitPattern: UInt32(item.argument))))
        case 27: return .number(Double(bitPattern: item.argument))
        case 31: throw OpenTrackIOFault(.malformed)
        default: return .opaque
        }
    }

    /// A float of 16 bits (RFC 8949 appendix D).
    private static func half(_ bits: UInt16) -> Double {
        let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 0x3FF))
        let magnitude: Double =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 31: fraction == 0 ? .infinity : .nan
            default: Double(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
            }
        return bits >> 15 == 0 ? magnitude : -magnitude
    }

    private mutating func head() throws(OpenTrackIOFault) -> CBORHead {
        guard let head = CBORHead(bytes, &at) else { throw OpenTrackIOFault(.malformed) }
        return head
    }

    /// A length that what is left of the payload can hold.
    private func length(_ item: CBORHead) throws(OpenTrackIOFault) -> Int {
        guard item.argument <= UInt64(bytes.count - at) else { throw OpenTrackIOFault(.malformed) }
        return Int(item.argument)
    }
}
