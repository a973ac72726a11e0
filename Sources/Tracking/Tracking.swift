public import Geometry

/// Bytes → samples → an aligned camera pose predicted to `lightTime`; no sockets, no clock.
///
/// The way through: `FreeD.decode` or `OpenTrackIOAssembler` and `OpenTrackIOSample` →
/// `TrackingSample` → `Timeline` (per source: history,
/// prediction, stale and lost) → `CameraState`. How well that foresees is told by `Trial` on a
/// recorded move (FreeD or `MoSysF4`), and by `RegistrationError` frame by frame. A source's delay
/// is found by `DelayFit` from a `SourceTrace` and pictures, and watched by `DelayWatch`.
public enum Tracking {}

/// Where a camera's pose comes from.
public struct TrackingSource: Sendable, Equatable {
    /// The protocol spoken, with its options.
    public enum Transport: BitwiseCopyable, Sendable, Equatable {
        /// FreeD D1 over UDP (Vinten free-d manual, appendix A).
        case freeD(FreeDOptions)
        /// OpenTrackIO 1.0.1 over UDP, unicast or multicast, JSON or CBOR.
        case openTrackIO(OpenTrackIOOptions)
        /// A pose held on the control tree, for locked-off shots and dead trackers.
        case fixed
    }

    /// The name cameras refer to it by.
    public var name: String
    /// The protocol spoken, with its options.
    public var transport: Transport
    /// Alignment of the tracker's space on the stage.
    public var stageFromTracker: Pose
    /// Metres in a metre of the tracker's.
    public var scale = 1.0
    /// Time from the sample's capture to its arrival here, seconds; where the source stamps its
    /// messages, to the earliest they arrive after their stamp.
    public var delay: Double
    /// The same for what the sample says of the lens, seconds.
    public var lensDelay: Double
    /// A delay that changes by more than this raises the alarm, seconds; a quarter of the stage's
    /// frame where there is a stage.
    public var delayTolerance = 1.0 / 240
    /// Without a packet for this long the pose is held with decaying velocity, seconds.
    public var staleAfter: Double
    /// Without a packet for this long the source is lost, seconds.
    public var lostAfter: Double
    /// Positions further than this from the tracker's origin are refused, metres.
    public var positionLimit: Double
    /// How its camera is foreseen.
    public var prediction: Prediction
    /// Packets a second it should send, another rate raises an alarm; nil: any will do.
    public var packetsPerSecond: Double?

    /// A source; times in seconds, lengths in metres; the lens comes as late as the pose unless
    /// said otherwise.
    public init(
        name: String, transport: Transport, stageFromTracker: Pose = .identity, delay: Double = 0,
        lensDelay: Double? = nil, staleAfter: Double = 0.2, lostAfter: Double = 1,
        positionLimit: Double = 100,
        prediction: Prediction = Prediction(), packetsPerSecond: Double? = nil
    ) {
        self.packetsPerSecond = packetsPerSecond
        self.name = name
        self.transport = transport
        self.stageFromTracker = stageFromTracker
        self.delay = delay
        self.lensDelay = lensDelay ?? delay
        self.staleAfter = staleAfter
        self.lostAfter = lostAfter
        self.positionLimit = positionLimit
        self.prediction = prediction
    }
}

/// Where datagrams of a source arrive.
public struct TrackingEndpoint: BitwiseCopyable, Sendable, Hashable {
    /// UDP port listened to.
    public var port: UInt16
    /// IPv4 address of the interface listened on, host byte order; 0 = every one.
    public var address: UInt32
    /// Multicast group joined there, host byte order; 0 = unicast.
    public var group: UInt32

    /// A port of an interface, or of a group on it.
    public init(port: UInt16, address: UInt32 = 0, group: UInt32 = 0) {
        self.port = port
        self.address = address
        self.group = group
    }
}

extension TrackingSource.Transport {
    /// Where its datagrams arrive; nil for a source without any.
    public var endpoint: TrackingEndpoint? {
        switch self {
        case .freeD(let options):
            TrackingEndpoint(port: options.port, address: options.address)
        case .openTrackIO(let options): options.endpoint
        case .fixed: nil
        }
    }
}
