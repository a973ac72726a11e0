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
    /// Zoom, 0 wide … 1 tele, of the source's count range.
    public var zoom: Double
    /// Focus, 0 near … 1 far, of the source's count range.
    public var focus: Double
    /// When the newest sample was measured.
    public var captureTime: HostTime
    /// When the newest sample's packet reached us.
    public var arrivalTime: HostTime
    /// `lightTime` less `captureTime`, nanoseconds: how far prediction reaches; < 0 = interpolated.
    public var ageNanoseconds: Int64
    /// How far it can be trusted.
    public var status: TrackingStatus
}

/// Where the tracked body was when one packet was measured, in tracker space.
public struct TrackingSample: BitwiseCopyable, Sendable {
    /// When it was measured: the source's rhythm less its delay.
    public var captureTime: HostTime
    /// When the packet reached us.
    public var arrivalTime: HostTime
    /// The tracked body's origin in the tracker's space, metres.
    public var position: Vector3
    /// Zoom, 0 wide … 1 tele.
    public var zoom: Double
    /// Focus, 0 near … 1 far.
    public var focus: Double
    /// The packet's camera id.
    public var cameraID: UInt8
    var rotation: Quaternion
    /// Place in the source's rhythm: one up a period, whether a packet came or not.
    var slot: Int64
    /// A fingerprint of the payload, to know it again.
    var fingerprint: UInt64

    /// The tracked body in tracker space.
    public var trackerFromBody: Pose { Pose(rotation: rotation.matrix, translation: position) }

    static var none: TrackingSample {
        TrackingSample(
            captureTime: HostTime(nanoseconds: 0), arrivalTime: HostTime(nanoseconds: 0),
            position: .zero, zoom: 0, focus: 0, cameraID: 0, rotation: .identity, slot: 0,
            fingerprint: 0)
    }
}
