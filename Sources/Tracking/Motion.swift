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
    /// What is added to the lens reading a second.
    var lensChange = SIMD4<Double>.zero
    /// Silence that is still normal, nanoseconds: two and a half periods.
    var patience = 100_000_000.0
    /// Prediction goes no further than this, nanoseconds: six periods, 150 … 250 ms.
    var reach = 150_000_000.0

    init(sample: TrackingSample) { self.sample = sample }

    /// Seconds of motion to add to the sample.
    ///
    /// `instant` is on the scale of `dueTime`: the source's delay after the instant meant. Within
    /// `patience` after the last packet: all of the horizon. Then the velocity falls
    /// linearly to zero at `restNanoseconds` of silence, and the pose stands.
    func travel(to instant: HostTime, now: HostTime) -> Double {
        let horizon = Double(instant - sample.dueTime)
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
            lens: sample.lens.moved(by: lensChange * seconds))
    }
}

/// A pose and lens reading on the way to a `CameraState`.
struct Placement: BitwiseCopyable, Sendable {
    var rotation: Quaternion
    var position: Vector3
    var lens: LensReading

    init(rotation: Quaternion, position: Vector3, lens: LensReading) {
        self.rotation = rotation
        self.position = position
        self.lens = lens
    }

    init(_ sample: TrackingSample) {
        self.init(
            rotation: sample.rotation, position: sample.position, lens: sample.lens)
    }

    /// A fraction of the way to another.
    func blended(to other: Placement, by f: Double) -> Placement {
        Placement(
            rotation: rotation.interpolated(to: other.rotation, by: f),
            position: position + (other.position - position) * f,
            lens: lens.blended(to: other.lens, by: f))
    }
}
