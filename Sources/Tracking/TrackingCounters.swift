/// What became of the packets of one source, by cause; only ever counted, never logged one by one.
public struct TrackingCounters: BitwiseCopyable, Sendable, Equatable {
    /// Messages that became a sample.
    public var accepted: UInt64 = 0
    /// Datagrams that are not one or several 29-byte messages.
    public var wrongLength: UInt64 = 0
    /// Datagrams that are not FreeD D1.
    public var wrongType: UInt64 = 0
    /// Messages with a wrong checksum.
    public var badChecksum: UInt64 = 0
    /// Messages of another camera.
    public var foreignCamera: UInt64 = 0
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
            &+ duplicates &+ replayed &+ outOfOrder
    }

    mutating func count(_ fault: FreeD.Fault) {
        switch fault {
        case .wrongLength: wrongLength &+= 1
        case .wrongType: wrongType &+= 1
        case .badChecksum: badChecksum &+= 1
        }
    }
}
