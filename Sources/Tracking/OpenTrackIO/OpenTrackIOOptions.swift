/// How one OpenTrackIO source is listened to.
public struct OpenTrackIOOptions: BitwiseCopyable, Sendable, Equatable {
    /// Where the time of a sample comes from.
    public enum Clock: UInt8, BitwiseCopyable, Sendable {
        /// The stamps of the tracker's clock, whose offset to ours is measured; arrival where there
        /// are none.
        case tracker
        /// The stamps are of the PTP time that the stage has too: they are taken as they are.
        case ptp
        /// Arrival: the stamps are not looked at.
        case arrival
    }

    /// The port trackers send to unless told otherwise (OpenTrackIO 1.0.1, addressing).
    public static var usualPort: UInt16 { 55555 }

    /// Where datagrams arrive.
    public var endpoint: TrackingEndpoint
    /// Only this `sourceNumber` is ours, 1 … 200; nil takes whoever speaks first.
    public var sourceNumber: UInt32?
    /// Which checksums the sender may use.
    public var checksum: OpenTrackIOHeader.ChecksumRule
    /// Where the time of a sample comes from.
    public var clock: Clock
    /// Raw zoom counts at wide and at tele; used where only raw counts are sent.
    public var zoomCounts: SIMD2<Double>
    /// Raw focus counts at near and at far; used where only raw counts are sent.
    public var focusCounts: SIMD2<Double>

    /// Any stream sent to the usual port of this machine.
    public init(endpoint: TrackingEndpoint = TrackingEndpoint(port: Self.usualPort)) {
        self.endpoint = endpoint
        sourceNumber = nil
        checksum = .published
        clock = .tracker
        zoomCounts = SIMD2(0, 65535)
        focusCounts = SIMD2(0, 65535)
    }
}
