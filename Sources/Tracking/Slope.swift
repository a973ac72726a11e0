import Geometry
import Timing

/// The velocities of the newest samples: least-squares slopes over their due times.
struct Slope: BitwiseCopyable {
    /// Samples further than this apart in time are of another motion, seconds.
    private static var spanMax: Double { 0.35 }

    /// Radians a second about tracker axes.
    var turning = Vector3.zero
    /// Metres a second.
    var velocity = Vector3.zero
    /// What is added to the lens reading a second.
    var lensChange = SIMD4<Double>.zero

    /// Slopes of the newest `window` samples; zero when they are too few or too close in time.
    ///
    /// Rotations are taken as rotation vectors from the newest one, so nothing wraps.
    ///
    /// `ring` holds the samples up to a place and, before it, the older ones round its end.
    init(of ring: Span<TrackingSample>, newest place: Int, window: Int) {
        func sample(_ back: Int) -> TrackingSample { ring[(place - back) & (ring.count - 1)] }
        let newest = sample(0)
        var count = 0
        var mean = 0.0
        while count < window {
            let t = Double(sample(count).dueTime - newest.dueTime) * 1e-9
            if t < -Self.spanMax { break }
            mean += t
            count += 1
        }
        guard count > 1 else { return }
        mean /= Double(count)
        var squares = 0.0
        for back in 0..<count {
            let sample = sample(back)
            let t = Double(sample.dueTime - newest.dueTime) * 1e-9 - mean
            squares += t * t
            turning += (sample.rotation * newest.rotation.conjugate).rotationVector * t
            velocity += (sample.position - newest.position) * t
            lensChange += sample.lens.difference(from: newest.lens) * t
        }
        // Within a millisecond there is no velocity to be had, only jitter.
        guard squares > 1e-6 else {
            self = Slope()
            return
        }
        turning /= squares
        velocity /= squares
        lensChange /= squares
    }

    private init() {}
}
