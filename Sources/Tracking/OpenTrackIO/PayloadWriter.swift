/// Writes one encoding of a payload into a buffer: what JSON and CBOR have in common.
///
/// A value that finds no more room is left out and `isFull` says so.
protocol PayloadWriter {
    /// Bytes written.
    var count: Int { get }
    /// Something did not fit.
    var isFull: Bool { get }
    /// Begins an object; its members follow, each a key and a value.
    mutating func beginObject()
    /// Begins a list; its values follow.
    mutating func beginList()
    /// Ends the innermost object or list.
    mutating func end()
    /// The name of the next value in an object.
    mutating func key(_ name: StaticString)
    mutating func number(_ value: Double)
    mutating func integer(_ value: UInt64)
    mutating func boolean(_ value: Bool)
    mutating func text(_ value: String)
}

extension PayloadWriter {
    mutating func object(_ name: StaticString, _ members: (inout Self) -> Void) {
        key(name)
        beginObject()
        members(&self)
        end()
    }

    mutating func list(_ name: StaticString, _ values: (inout Self) -> Void) {
        key(name)
        beginList()
        values(&self)
        end()
    }

    mutating func member(_ name: StaticString, _ value: Double?) {
        guard let value else { return }
        key(name)
        number(value)
    }

    mutating func member(_ name: StaticString, _ value: (some UnsignedInteger)?) {
        guard let value else { return }
        key(name)
        integer(UInt64(value))
    }

    mutating func member(_ name: StaticString, _ value: Bool?) {
        guard let value else { return }
        key(name)
        boolean(value)
    }

    /// Text of 1 … 1023 characters: longer text is cut, empty text left out (schema).
    mutating func member(_ name: StaticString, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        key(name)
        text(String(String.UnicodeScalarView(value.unicodeScalars.prefix(1023))))
    }

    mutating func member(_ name: StaticString, _ value: OpenTrackIOSample.Ratio?) {
        guard let value else { return }
        object(name) {
            $0.member("num", value.numerator)
            $0.member("denom", value.denominator)
        }
    }
}

/// The bytes of a buffer, filled from its beginning.
struct PayloadSink {
    private let buffer: UnsafeMutableRawBufferPointer
    private(set) var count = 0
    private(set) var isFull = false

    init(_ buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }

    mutating func put(_ byte: UInt8) {
        guard count < buffer.count else { return isFull = true }
        buffer[count] = byte
        count += 1
    }

    mutating func put(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { put(byte) }
    }

    /// Adds to a byte written before.
    mutating func add(_ number: UInt8, at place: Int) {
        if place < count { buffer[place] += number }
    }
}
