/// Writes a payload in CBOR (RFC 8949): definite lengths, the shortest integers, floats of 64 bits.
struct CBORWriter: PayloadWriter {
    private var sink: PayloadSink
    private var depth = 0
    private var levels = InlineArray<16, Level>(repeating: Level())

    /// An object or list that has begun; its length is written into its head as it grows.
    private struct Level: BitwiseCopyable {
        var head = 0
        var items: UInt8 = 0
        var isObject = false
    }

    init(_ buffer: UnsafeMutableRawBufferPointer) { sink = PayloadSink(buffer) }

    var count: Int { sink.count }
    var isFull: Bool { sink.isFull }

    mutating func beginObject() { begin(isObject: true) }
    mutating func beginList() { begin(isObject: false) }
    mutating func end() { depth -= 1 }

    mutating func key(_ name: StaticString) {
        countItem()
        head(major: 3, UInt64(name.utf8CodeUnitCount))
        sink.put(UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    mutating func number(_ value: Double) {
        countElement()
        sink.put(0xFB)
        big(value.bitPattern, bytes: 8)
    }

    mutating func integer(_ value: UInt64) {
        countElement()
        head(major: 0, value)
    }

    mutating func boolean(_ value: Bool) {
        countElement()
        sink.put(value ? 0xF5 : 0xF4)
    }

    mutating func text(_ value: String) {
        countElement()
        head(major: 3, UInt64(value.utf8.count))
        sink.put(value.utf8)
    }

    private mutating func begin(isObject: Bool) {
        countElement()
        levels[depth] = Level(head: sink.count, items: 0, isObject: isObject)
        depth += 1
        sink.put(isObject ? 0xA0 : 0x80)
    }

    /// A value of a list; those of an object are counted by their keys.
    private mutating func countElement() {
        if depth > 0, !levels[depth - 1].isObject { countItem() }
    }

    private mutating func countItem() {
        precondition(levels[depth - 1].items < 23, "a head of one byte counts to 23")
        levels[depth - 1].items += 1
        sink.add(1, at: levels[depth - 1].head)
    }

    /// The shortest head of an argument (§3).
    private mutating func head(major: UInt8, _ argument: UInt64) {
        switch argument {
        case 0..<24: sink.put(major << 5 | UInt8(argument))
        case 24...0xFF: long(major, 24, argument, bytes: 1)
        case 0x100...0xFFFF: long(major, 25, argument, bytes: 2)
        case 0x1_0000...0xFFFF_FFFF: long(major, 26, argument, bytes: 4)
        default: long(major, 27, argument, bytes: 8)
        }
    }

    private mutating func long(
        _ major: UInt8, _ information: UInt8, _ argument: UInt64, bytes: Int
    ) {
        sink.put(major << 5 | information)
        big(argument, bytes: bytes)
    }

    private mutating func big(_ value: UInt64, bytes: Int) {
        for i in (0..<bytes).reversed() {
            sink.put(UInt8(truncatingIfNeeded: value >> UInt64(8 * i)))
        }
    }
}
