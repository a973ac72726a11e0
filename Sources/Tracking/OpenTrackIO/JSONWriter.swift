/// Writes a payload in JSON (RFC 8259), without blanks.
struct JSONWriter: PayloadWriter {
    private var sink: PayloadSink
    private var depth: UInt32 = 0
    /// Bit n: level n + 1 is an object.
    private var objects: UInt32 = 0
    /// Bit n: level n + 1 has something in it already.
    private var filled: UInt32 = 0
    private var isValueOfKey = false

    init(_ buffer: UnsafeMutableRawBufferPointer) { sink = PayloadSink(buffer) }

    var count: Int { sink.count }
    var isFull: Bool { sink.isFull }

    mutating func beginObject() { begin(JSONBrace.open, isObject: true) }
    mutating func beginList() { begin("[", isObject: false) }

    mutating func end() {
        depth -= 1
        sink.put(UInt8(ascii: objects >> depth & 1 == 1 ? JSONBrace.close : "]"))
    }

    mutating func key(_ name: StaticString) {
        separate()
        sink.put(UInt8(ascii: "\""))
        sink.put(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        sink.put("\":".utf8)
        isValueOfKey = true
    }

    /// The shortest digits that read back as the same double; JSON has none for what is not finite.
    mutating func number(_ value: Double) {
        separate()
        sink.put((value.isFinite ? value.description : "NaN").utf8)
    }

    mutating func integer(_ value: UInt64) {
        separate()
        sink.put(value.description.utf8)
    }

    mutating func boolean(_ value: Bool) {
        separate()
        sink.put((value ? "true" : "false").utf8)
    }

    mutating func text(_ value: String) {
        separate()
        sink.put(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                sink.put(UInt8(ascii: "\\"))
                sink.put(byte)
            case 0..<0x20:
                sink.put((byte < 16 ? "\\u000" : "\\u00").utf8)
                sink.put(String(byte, radix: 16).utf8)
            default: sink.put(byte)
            }
        }
        sink.put(UInt8(ascii: "\""))
    }

    private mutating func begin(_ bracket: Unicode.Scalar, isObject: Bool) {
        precondition(depth < 32, "no payload has so many levels")
        separate()
        sink.put(UInt8(ascii: bracket))
        let bit: UInt32 = 1 << depth
        objects = isObject ? objects | bit : objects & ~bit
        filled &= ~bit
        depth += 1
    }

    /// The comma before all but the first of an object or list; none between a key and its value.
    private mutating func separate() {
        if isValueOfKey || depth == 0 { return isValueOfKey = false }
        let bit: UInt32 = 1 << (depth - 1)
        if filled & bit != 0 { sink.put(UInt8(ascii: ",")) }
        filled |= bit
    }
}
