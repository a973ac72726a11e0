/// A bounded walk through a file's bytes; every read says whether there was enough.
struct ByteCursor {
    private let bytes: [UInt8]
    private(set) var position: Int
    /// Most significant byte first.
    var isBigEndian: Bool

    init(_ bytes: [UInt8], at position: Int = 0, isBigEndian: Bool) {
        self.bytes = bytes
        self.position = position
        self.isBigEndian = isBigEndian
    }

    var remaining: Int { bytes.count - position }

    /// Goes to an absolute place; false when it is outside the file.
    mutating func seek(_ place: Int) -> Bool {
        guard place >= 0, place <= bytes.count else { return false }
        position = place
        return true
    }

    /// Skips bytes; false when there are fewer.
    mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, count <= remaining else { return false }
        position += count
        return true
    }

    mutating func byte() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func unsigned16() -> Int? { unsigned(2) }

    mutating func unsigned32() -> Int? { unsigned(4) }

    mutating func signed32() -> Int? {
        unsigned(4).map { Int(Int32(truncatingIfNeeded: $0)) }
    }

    mutating func unsigned64() -> UInt64? {
        guard remaining >= 8 else { return nil }
        var value: UInt64 = 0
        for i in 0..<8 {
            let shift = isBigEndian ? 8 * (7 - i) : 8 * i
            value |= UInt64(bytes[position + i]) << UInt64(shift)
        }
        position += 8
        return value
    }

    mutating func float32() -> Float? {
        unsigned(4).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
    }

    private mutating func unsigned(_ count: Int) -> Int? {
        guard remaining >= count else { return nil }
        var value = 0
        for i in 0..<count {
            value |= Int(bytes[position + i]) << (isBigEndian ? 8 * (count - 1 - i) : 8 * i)
        }
        position += count
        return value
    }

    /// Text up to an end byte, which is passed; nil when it is not within `limit` bytes.
    mutating func text(until end: UInt8, limit: Int) -> String? {
        let last = min(bytes.count, position + limit)
        guard let stop = bytes[position..<last].firstIndex(of: end) else { return nil }
        defer { position = stop + 1 }
        return String(decoding: bytes[position..<stop], as: UTF8.self)
    }
}
