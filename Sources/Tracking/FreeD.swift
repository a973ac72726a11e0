/// FreeD D1 messages: 29 bytes with a camera's pose and lens counts, decoded and encoded.
///
/// Vinten Radamec free-d manual V1.4.4, appendices A and B. Only D1 is spoken; D0 commands and
/// the replies to them are told apart as `Fault.wrongType`. Counts stay the integers of the wire:
/// degrees, metres and signs are `CanonicalPose`'s business.
public enum FreeD {
    /// Bytes of a D1 message (appendix A).
    public static let messageSize = 29
    /// First byte of a D1 message.
    public static let messageType: UInt8 = 0xD1
    /// Messages taken from one datagram: an Ethernet frame holds 50 of them.
    public static let messagesMax = 50

    /// Why bytes are not a D1 message.
    public enum Fault: Error, Equatable, Sendable {
        /// Not 29 bytes, and not a small multiple of them.
        case wrongLength
        /// The first byte is not D1.
        case wrongType
        /// The last byte is not 0x40 less the sum of the others.
        case badChecksum
    }

    /// How many messages a datagram holds, or why it holds none.
    ///
    /// Some senders coalesce: n × 29 bytes are n messages.
    /// - Frame path: yes
    public static func messageCount(in datagram: UnsafeRawBufferPointer) throws(Fault) -> Int {
        guard datagram.count > 0 else { throw .wrongLength }
        guard datagram[0] == messageType else { throw .wrongType }
        let (count, rest) = datagram.count.quotientAndRemainder(dividingBy: messageSize)
        guard rest == 0, count <= messagesMax else { throw .wrongLength }
        return count
    }

    /// The message that exactly 29 bytes are.
    /// - Frame path: yes
    public static func decode(
        _ bytes: UnsafeRawBufferPointer, ignoresChecksum: Bool = false
    ) throws(Fault) -> Message {
        guard bytes.count > 0 else { throw .wrongLength }
        guard bytes[0] == messageType else { throw .wrongType }
        guard bytes.count == messageSize else { throw .wrongLength }
        guard ignoresChecksum || checksum(bytes) == bytes[28] else { throw .badChecksum }
        return Message(
            cameraID: bytes[1], pan: signed24(bytes, 2), tilt: signed24(bytes, 5),
            roll: signed24(bytes, 8), x: signed24(bytes, 11), y: signed24(bytes, 14),
            z: signed24(bytes, 17), zoom: unsigned24(bytes, 20), focus: unsigned24(bytes, 23),
            spare: UInt16(bytes[26]) << 8 | UInt16(bytes[27]))
    }

    /// Writes a message and its checksum into the first 29 bytes.
    /// - Frame path: yes
    public static func encode(_ message: Message, into bytes: UnsafeMutableRawBufferPointer) {
        precondition(bytes.count >= messageSize, "a D1 message takes 29 bytes")
        bytes[0] = messageType
        bytes[1] = message.cameraID
        put24(message.pan, bytes, 2)
        put24(message.tilt, bytes, 5)
        put24(message.roll, bytes, 8)
        put24(message.x, bytes, 11)
        put24(message.y, bytes, 14)
        put24(message.z, bytes, 17)
        put24(Int32(truncatingIfNeeded: message.zoom), bytes, 20)
        put24(Int32(truncatingIfNeeded: message.focus), bytes, 23)
        bytes[26] = UInt8(message.spare >> 8)
        bytes[27] = UInt8(message.spare & 0xFF)
        bytes[28] = checksum(UnsafeRawBufferPointer(bytes))
    }

    /// 0x40 less the sum of the first 28 bytes, modulo 256 (appendix A).
    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt8 {
        var sum: UInt8 = 0x40
        for i in 0..<28 { sum &-= bytes[i] }
        return sum
    }

    private static func unsigned24(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
        UInt32(bytes[at]) << 16 | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2])
    }

    private static func signed24(_ bytes: UnsafeRawBufferPointer, _ at: Int) -> Int32 {
        // Shifted up and back down, so that bit 23 becomes the sign.
        Int32(bitPattern: unsigned24(bytes, at) << 8) >> 8
    }

    private static func put24(_ value: Int32, _ bytes: UnsafeMutableRawBufferPointer, _ at: Int) {
        bytes[at] = UInt8(truncatingIfNeeded: value >> 16)
        bytes[at + 1] = UInt8(truncatingIfNeeded: value >> 8)
        bytes[at + 2] = UInt8(truncatingIfNeeded: value)
    }
}

extension FreeD {
    /// One D1 message, in the integers of the wire.
    public struct Message: BitwiseCopyable, Sendable, Equatable {
        /// The camera that speaks; 0xFF from heads that have no id.
        public var cameraID: UInt8
        /// Pan, 1/32768°, + to the right; −2²³ … 2²³ − 1.
        public var pan: Int32
        /// Tilt, 1/32768°, + up.
        public var tilt: Int32
        /// Roll, 1/32768°, + clockwise seen from behind.
        public var roll: Int32
        /// X, 1/64 mm.
        public var x: Int32
        /// Y, 1/64 mm.
        public var y: Int32
        /// Height, 1/64 mm.
        public var z: Int32
        /// Zoom ring counts, 0 … 2²⁴ − 1.
        public var zoom: UInt32
        /// Focus ring counts, 0 … 2²⁴ − 1.
        public var focus: UInt32
        /// The vendor's word.
        public var spare: UInt16

        /// A message of wire integers; each is cut to 24 bits when it is encoded.
        public init(
            cameraID: UInt8, pan: Int32, tilt: Int32, roll: Int32, x: Int32, y: Int32, z: Int32,
            zoom: UInt32, focus: UInt32, spare: UInt16 = 0
        ) {
            self.cameraID = cameraID
            self.pan = pan
            self.tilt = tilt
            self.roll = roll
            self.x = x
            self.y = y
            self.z = z
            self.zoom = zoom
            self.focus = focus
            self.spare = spare
        }

        /// Pan in degrees, + to the right.
        public var panDegrees: Double { Double(pan) / 32768 }
        /// Tilt in degrees, + up.
        public var tiltDegrees: Double { Double(tilt) / 32768 }
        /// Roll in degrees, + clockwise seen from behind.
        public var rollDegrees: Double { Double(roll) / 32768 }
    }
}
