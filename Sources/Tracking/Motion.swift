import Geometry
import Timing

/// A sample and how it moves on: constant velocity to `lightTime`, fading out when packets stop.
///
/// Constant velocity is what measured camera moves bear: quadratic fits overshoot (tracking.md
/// §4.3). The line passes through the newest sample itself, so that a horizon of nothing shows what
/// the tracker said; only its slope is fitted.
struct Motion: BitwiseCopyable, Sendable {
    /// Fading velocity comes to rest after this long without a packet, nanoseconds.
    static var restNanoseconds: Double { 200_000_000 }

    var sample: TrackingSample
    /// Radians a second about tracker axes.
    var turning = Vector3.zero
    /// Metres a second.
    var velocity = Vector3.zero
    /// A second, of the range 0 … 1.
    var zooming = 0.0
    /// A second, of the range 0 … 1.
    var focusing = 0.0
    /// Silence that is still normal, nanoseconds: two and a half periods.
    var patience = 100_000_000.0
    /// Prediction goes no further than this, nanoseconds: six periods, 150 … 250 ms.
    var reach = 150_000_000.0

    init(sample: TrackingSample) { self.sample = sample }

    /// Seconds of motion to add to the sample.
    ///
    /// Within `patience` after the last packet: all of the horizon. Then the velocity falls
    /// linearly to zero at `restNanoseconds` of silence, and the pose stands.
    func travel(to lightTime: HostTime, now: HostTime) -> Double {
        let horizon = Double(lightTime - sample.captureTime)
        let silence = max(0, Double(now - sample.arrivalTime) - patience)
        let fade = max(1_000_000, Self.restNanoseconds - patience)
        let faded = min(silence, fade)
        let moving = horizon - silence + faded - faded * faded / (2 * fade)
        return max(0, min(moving, reach)) * 1e-9
    }

    /// Where the body is after some seconds of motion.
    func moved(by seconds: Double) -> Placement {
        Placement(
            rotation: (Quaternion(rotationVector: turning * seconds) * sample.rotation).normalized,
            position: sample.position + velocity * seconds,
            zoom: max(0, min(1, sample.zoom + zooming * seconds)),
            focus: max(0, min(1, sample.focus + focusing * seconds)))
    }
}

/// A pose and lens setting on the way to a `CameraState`.
struct Placement: BitwiseCopyable, Sendable {
    var rotation: Quaternion
    var position: Vector3
    var zoom: Double
    var focus: Double

    init(rotation: Quaternion, position: Vector3, zoom: Double, focus: Double) {
        self.rotation = rotation
        self.position = position
        self.zoom = zoom
        self.focus = focus
    }

    init(_ sample: TrackingSample) {
        self.init(
            rotation: sample.rotation, position: sample.position, zoom: sample.zoom,
            focus: sample.focus)
    }

    /// A fraction of the way to another.
    func blended(to other: Placement, by f: Double) -> Placement {
        Placement(
            rotation: rotation.interpolated(to: other.rotation, by: f),
            position: position + (other.position - position) * f,
            zoom: zoom + (other.zoom - zoom) * f, focus: focus + (other.focus - focus) * f)
    }
}
