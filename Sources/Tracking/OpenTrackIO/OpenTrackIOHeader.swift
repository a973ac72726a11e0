/// The 16 bytes before every OpenTrackIO payload or part of one (OpenTrackIO 1.0.1, packet
/// header); all numbers big-endian.
public struct OpenTrackIOHeader: BitwiseCopyable, Sendable, Equatable {
    /// Bytes of a header.
    public static let size = 16
    /// "OTrk", the first four bytes.
    public static let identifier: UInt32 = 0x4F54_726B
    /// Most payload bytes of one datagram: the field has 15 bits.
    public static let payloadBytesMax = 0x7FFF

    /// How the payload is written; other values are of vendors.
    public enum Encoding: UInt8, BitwiseCopyable, Sendable, CaseIterable {
        /// JSON text.
        case json = 1
        /// CBOR (RFC 8949).
        case cbor = 2
    }

    /// Which checksum a datagram was found right by.
    public enum Checksum: UInt8, BitwiseCopyable, Sendable {
        /// Fletcher-16 modulo 256: OpenTrackIO 1.0.1.
        case modulo256
        /// Fletcher-16 modulo 255: OpenTrackIO 1.0.0.
        case modulo255
        /// None was asked for, and it was wrong.
        case ignored
    }

    /// Which checksums a source may send.
    public enum ChecksumRule: UInt8, BitwiseCopyable, Sendable {
        /// Modulo 256 only.
        case current
        /// Modulo 256, else the modulo 255 of 1.0.0: what to use unless told otherwise.
        case published
        /// Any.
        case ignored
    }

    /// Why bytes are not a datagram of OpenTrackIO.
    public enum Fault: Error, Equatable, Sendable {
        /// Fewer than 16 bytes.
        case tooShort
        /// The first four bytes are not "OTrk".
        case wrongIdentifier
        /// Neither JSON nor CBOR.
        case unknownEncoding
        /// Not as many payload bytes as the header says.
        case wrongLength
        /// Wrong by every checksum the source may send.
        case badChecksum
    }

    /// How the payload is written.
    public var encoding: Encoding
    /// Counts datagrams or payloads, by sender; wraps.
    public var sequence: UInt16
    /// Where this part begins in its payload, bytes.
    public var segmentOffset: UInt32
    /// No part of the payload comes after this one.
    public var isLast: Bool
    /// Payload bytes in this datagram, 0 … 32767.
    public var payloadCount: Int
    /// Which checksum the datagram was found right by; `modulo256` in what we send.
    public var checksum: Checksum

    /// The header of a payload that fits one datagram, or of a part of it.
    public init(
        encoding: Encoding, sequence: UInt16, segmentOffset: UInt32 = 0, isLast: Bool = true,
        payloadCount: Int, checksum: Checksum = .modulo256
    ) {
        self.encoding = encoding
        self.sequence = sequence
        self.segmentOffset = segmentOffset
        self.isLast = isLast
        self.payloadCount = payloadCount
        self.checksum = checksum
    }

    /// The header of a whole datagram, its length and checksum held against its payload.
    /// - Frame path: yes
    public init(
        datagram: UnsafeRawBufferPointer, rule: ChecksumRule = .published
    ) throws(Fault) {
        guard datagram.count >= Self.size else { throw .tooShort }
        guard Self.big(datagram, 0, UInt32.self) == Self.identifier else { throw .wrongIdentifier }
        // Byte 4 is reserved and not looked at.
        guard let encoding = Encoding(rawValue: datagram[5]) else { throw .unknownEncoding }
        let length = Self.big(datagram, 12, UInt16.self)
        let payloadCount = Int(length & 0x7FFF)
        guard datagram.count == Self.size + payloadCount else { throw .wrongLength }
        self.init(
            encoding: encoding, sequence: Self.big(datagram, 6, UInt16.self),
            segmentOffset: Self.big(datagram, 8, UInt32.self), isLast: length & 0x8000 != 0,
            payloadCount: payloadCount,
            checksum: try Self.checksum(of: datagram, rule: rule))
    }

    /// Writes the header before a payload that lies at byte 16 already, and the checksum of both.
    ///
    /// The datagram is the first 16 + `payloadCount` bytes.
    /// - Frame path: yes
    public func encode(into datagram: UnsafeMutableRawBufferPointer) {
        precondition(
            payloadCount >= 0 && payloadCount <= Self.payloadBytesMax,
            "a datagram carries 32767 payload bytes at most")
        precondition(
            datagram.count >= Self.size + payloadCount, "a header and its payload need room")
        let length = UInt16(payloadCount) | (isLast ? 0x8000 : 0)
        Self.put(Self.identifier, datagram, 0)
        datagram[4] = 0
        datagram[5] = encoding.rawValue
        Self.put(sequence, datagram, 6)
        Self.put(segmentOffset, datagram, 8)
        Self.put(length, datagram, 12)
        let whole = UnsafeRawBufferPointer(rebasing: datagram[..<(Self.size + payloadCount)])
        let sum = Self.sum(of: whole)
        Self.put(checksum == .modulo255 ? sum.modulo255 : sum.modulo256, datagram, 14)
    }

    private static func checksum(
        of datagram: UnsafeRawBufferPointer, rule: ChecksumRule
    ) throws(Fault) -> Checksum {
        let (sent, sum) = (big(datagram, 14, UInt16.self), sum(of: datagram))
        if sent == sum.modulo256 { return .modulo256 }
        if rule != .current, sent == sum.modulo255 { return .modulo255 }
        guard rule == .ignored else { throw .badChecksum }
        return .ignored
    }

    /// Over bytes 0 … 13 and then the payload; the checksum itself is left out.
    private static func sum(of datagram: UnsafeRawBufferPointer) -> Fletcher16 {
        var sum = Fletcher16()
        sum.add(UnsafeRawBufferPointer(rebasing: datagram[..<14]))
        sum.add(UnsafeRawBufferPointer(rebasing: datagram[size...]))
        return sum
    }

    private static func big<T: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ at: Int, _: T.Type
    ) -> T {
        T(bigEndian: bytes.loadUnaligned(fromByteOffset: at, as: T.self))
    }

    private static func put<T: FixedWidthInteger & BitwiseCopyable>(
        _ value: T, _ bytes: UnsafeMutableRawBufferPointer, _ at: Int
    ) {
        bytes.storeBytes(of: value.bigEndian, toByteOffset: at, as: T.self)
    }
}
