public import Geometry
public import Timing

/// How far a source's pose can be trusted at this moment.
public enum TrackingStatus: UInt8, BitwiseCopyable, Sendable {
    /// Nothing has ever come.
    case never
    /// Packets come as they should.
    case live
    /// Packets are missing: the pose runs on with a velocity that fades to a stop.
    case held
    /// Nothing for `TrackingSource.staleAfter`: the pose stands still.
    case stale
    /// Nothing for `TrackingSource.lostAfter`: the pose stands still, the source is gone.
    case lost
}

/// Where a tracked body is at one instant, and what that is worth.
public struct CameraState: BitwiseCopyable, Sendable {
    /// The tracked body in the stage at `lightTime`; the tracker's origin while `never`.
    public var stageFromBody: Pose
    /// What the tracker says of the lens at `lightTime`.
    public var lens: LensReading
    /// What it last said of how the lens bends its picture.
    public var shape: LensShape
    /// When the newest sample was measured.
    public var captureTime: HostTime
    /// When the newest sample's packet reached us.
    public var arrivalTime: HostTime
    /// `lightTime` less `captureTime`, nanoseconds: how far prediction reaches; < 0 = interpolated.
    public var ageNanoseconds: Int64
    /// How fast it turns, radians a second, as far as it is foreseen.
    public var turningSpeed: Double
    /// How far it can be trusted.
    public var status: TrackingStatus
}

/// Where the tracked body was when one message was measured, in tracker space; what every protocol
/// is decoded to.
public struct TrackingSample: BitwiseCopyable, Sendable {
    /// When the message was due by the source's rhythm or clock, host clock; it was measured the
    /// source's delay before.
    public internal(set) var dueTime = HostTime(nanoseconds: 0)
    /// When the message reached us.
    public internal(set) var arrivalTime: HostTime
    /// The tracked body's origin in the tracker's space, metres.
    public var position: Vector3
    /// What was said of the lens.
    public var lens = LensReading()
    /// FreeD's camera id, OpenTrackIO's source number.
    public var cameraID: UInt32
    var rotation: Quaternion
    /// When the source's own clock says that it was measured, on the host clock; else when it
    /// reached us.
    var stamp: HostTime
    /// The stamp is of the source's own clock.
    var isStamped = false
    /// The sender's count of its messages, four bits of it; only where the source's options say so.
    var count: UInt8 = 0
    /// Who said it: IPv4 address in host byte order, then 16 bits of port; 0 for any port.
    var speaker: UInt64
    /// Place in the source's rhythm: one up a period, whether a message came or not.
    var slot: Int64 = 0
    /// A fingerprint of the message, to know it again.
    var fingerprint: UInt64

    init(
        rotation: Quaternion, position: Vector3, cameraID: UInt32, fingerprint: UInt64,
        speaker: UInt64, arrivalTime: HostTime
    ) {
        self.rotation = rotation
        self.position = position
        self.cameraID = cameraID
        self.fingerprint = fingerprint
        self.speaker = speaker
        self.arrivalTime = arrivalTime
        stamp = arrivalTime
    }

    /// When its source's own clock says that it was measured; nil without one.
    var sourceTime: HostTime? { isStamped ? stamp : nil }

    /// The tracked body in tracker space.
    public var trackerFromBody: Pose { Pose(rotation: rotation.matrix, translation: position) }

    static var none: TrackingSample {
        TrackingSample(
            rotation: .identity, position: .zero, cameraID: 0, fingerprint: 0, speaker: 0,
            arrivalTime: HostTime(nanoseconds: 0))
    }
}
