/// What became of the packets of one source, by cause; only ever counted, never logged one by one.
public struct TrackingCounters: BitwiseCopyable, Sendable, Equatable {
    /// Messages that became a sample.
    public var accepted: UInt64 = 0
    /// Datagrams that are not as long as their protocol says.
    public var wrongLength: UInt64 = 0
    /// Datagrams of another protocol.
    public var wrongType: UInt64 = 0
    /// Messages with a wrong checksum.
    public var badChecksum: UInt64 = 0
    /// Messages of another camera.
    public var foreignCamera: UInt64 = 0
    /// OpenTrackIO: payloads that cannot be read, have a refused value or miss a part.
    public var malformed: UInt64 = 0
    /// OpenTrackIO: payloads without a pose.
    public var withoutPose: UInt64 = 0
    /// Messages whose tracker says itself that it is lost.
    public var saidLost: UInt64 = 0
    /// Messages of our camera's id from another address than ours.
    public var foreignSender: UInt64 = 0
    /// Messages beyond the position limit, not finite, or further away than a camera can move.
    public var refusedPose: UInt64 = 0
    /// The newest message once more, within half a period.
    public var duplicates: UInt64 = 0
    /// An older message once more, away from where the camera is.
    public var replayed: UInt64 = 0
    /// Messages that came after a newer one, by frame counter or arrival.
    public var outOfOrder: UInt64 = 0
    /// Messages that never came: by frame counter, else gaps in the source's own rhythm.
    public var lost: UInt64 = 0

    /// Nothing counted yet.
    public init() {}

    /// Everything that came and was not shown.
    public var rejected: UInt64 {
        wrongLength &+ wrongType &+ badChecksum &+ foreignCamera &+ foreignSender &+ refusedPose
            &+ duplicates &+ replayed &+ outOfOrder &+ malformed &+ withoutPose &+ saidLost
    }

    mutating func count(_ fault: FreeD.Fault) {
        switch fault {
        case .wrongLength: wrongLength &+= 1
        case .wrongType: wrongType &+= 1
        case .badChecksum: badChecksum &+= 1
        }
    }

    /// With what an assembler has counted; what it took is counted as it becomes a sample, and what
    /// it misses shows as a gap in the rhythm.
    func adding(_ datagrams: OpenTrackIOCounters) -> TrackingCounters {
        var sum = self
        sum.wrongLength &+= datagrams.tooShort &+ datagrams.wrongLength
        sum.wrongType &+= datagrams.wrongIdentifier &+ datagrams.unknownEncoding
        sum.badChecksum &+= datagrams.badChecksum
        sum.duplicates &+= datagrams.duplicates
        sum.outOfOrder &+= datagrams.outOfOrder
        sum.malformed &+= datagrams.malformed &+ datagrams.refused
        sum.malformed &+= datagrams.oversize &+ datagrams.incomplete &+ datagrams.strays
        return sum
    }
}
