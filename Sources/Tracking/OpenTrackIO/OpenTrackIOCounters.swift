/// What became of the datagrams of one OpenTrackIO source, by cause; only ever counted, never
/// logged one by one.
public struct OpenTrackIOCounters: BitwiseCopyable, Sendable, Equatable {
    /// Whole payloads that were taken.
    public var accepted: UInt64 = 0
    /// Of those, the ones with the checksum of OpenTrackIO 1.0.0.
    public var oldChecksums: UInt64 = 0
    /// Datagrams shorter than a header.
    public var tooShort: UInt64 = 0
    /// Datagrams that are not OpenTrackIO.
    public var wrongIdentifier: UInt64 = 0
    /// Datagrams in an encoding of a vendor.
    public var unknownEncoding: UInt64 = 0
    /// Datagrams longer or shorter than their header says.
    public var wrongLength: UInt64 = 0
    /// Datagrams with a wrong checksum.
    public var badChecksum: UInt64 = 0
    /// Datagrams or payloads that had come already.
    public var duplicates: UInt64 = 0
    /// Datagrams that came after newer ones.
    public var outOfOrder: UInt64 = 0
    /// Parts whose payload's beginning never came, or is given up.
    public var strays: UInt64 = 0
    /// Payloads given up because a part is missing.
    public var incomplete: UInt64 = 0
    /// Payloads larger than `TrackingLimits.payloadBytes`.
    public var oversize: UInt64 = 0
    /// Sequence numbers that never came.
    public var lost: UInt64 = 0
    /// Payloads that are not JSON or CBOR, or deeper than `TrackingLimits.payloadDepth`.
    public var malformed: UInt64 = 0
    /// Payloads with a value of the wrong kind, not finite or out of its range.
    public var refused: UInt64 = 0

    /// Nothing counted yet.
    public init() {}

    mutating func count(_ fault: OpenTrackIOHeader.Fault) {
        switch fault {
        case .tooShort: tooShort &+= 1
        case .wrongIdentifier: wrongIdentifier &+= 1
        case .unknownEncoding: unknownEncoding &+= 1
        case .wrongLength: wrongLength &+= 1
        case .badChecksum: badChecksum &+= 1
        }
    }

    mutating func count(_ fault: OpenTrackIOFault) {
        switch fault.cause {
        case .malformed, .tooDeep: malformed &+= 1
        case .wrongType, .notFinite, .outOfRange, .missing, .tooMany, .noRoom: refused &+= 1
        }
    }
}
