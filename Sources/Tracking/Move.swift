public import Geometry
import Glibc

extension Tracking {
    /// A camera move as a pure function of time: what the simulated tracker, the twin and the demo
    /// let a camera do.
    ///
    /// The same kind, seed and instant give the same pose on every machine with the same libm. Not
    /// for the frame path of a stage: nothing there invents a pose.
    public struct Move: Sendable {
        /// The moves there are, by the names the command line takes.
        public enum Kind: String, CaseIterable, Sendable {
            /// Sideways by ± 2 m in 8 s, a subject 5 m ahead kept in the middle.
            case dolly
            /// Up and down by 1 m in 10 s and across by 0.8 m, the subject kept in the middle.
            case crane
            /// Pans of 60° in 0.35 s (peak 321°/s), one every 2 s, left and right in turn.
            case whip
            /// On a shoulder: 0.5° rms of 0.1 … 1.5 Hz, 0.02° rms of 3 … 8 Hz, 0.003° of noise
            /// on pan, tilt and roll; 10 mm rms of sway.
            case handheld
            /// Standing still.
            case still
        }

        /// Which move.
        public let kind: Kind
        /// Where it starts from, tracker metres.
        public let center: Vector3
        private let seed: UInt64
        private let waves: [Wave]

        /// Distance of the subject dolly and crane look at, metres along Y from the center.
        private static let subjectDistance = 5.0

        /// A move about a place; the seed chooses the shake of `handheld`.
        public init(_ kind: Kind, center: Vector3 = Vector3(0, 0, 1.6), seed: UInt64 = 1) {
            self.kind = kind
            self.center = center
            self.seed = seed
            waves = kind == .handheld ? Wave.shake(seed: seed) : []
        }

        /// The tracked body at an instant, seconds from the start of the move, tracker space.
        public func pose(at seconds: Double) -> Pose {
            switch kind {
            case .still:
                return Pose(pan: 0, tilt: 0, roll: 0, translation: center)
            case .dolly:
                let x = 2 * sin(2 * .pi * seconds / 8)
                return looking(from: Vector3(x, 0.3 * sin(2 * .pi * seconds / 11), 0))
            case .crane:
                let phase = 2 * .pi * seconds / 10
                return looking(from: Vector3(0.8 * sin(phase / 2), 0, sin(phase)))
            case .whip:
                return Pose(pan: whipPan(at: seconds), tilt: 0, roll: 0, translation: center)
            case .handheld:
                return handheldPose(at: seconds)
            }
        }

        /// Zoom of the move, 0 wide … 1 tele: the crane closes in and opens again, others stay.
        public func zoom(at seconds: Double) -> Double {
            kind == .crane ? 0.5 - 0.5 * cos(2 * .pi * seconds / 20) : 0
        }

        /// From an offset from the center, at the subject ahead of it.
        private func looking(from offset: Vector3) -> Pose {
            let way = Vector3(0, Self.subjectDistance, 0) - offset
            return Pose(
                pan: -atan2(way.x, way.y), tilt: asin(way.z / way.length), roll: 0,
                translation: center + offset)
        }

        /// Between −30° and +30°, each turn a minimum-jerk one (10u³ − 15u⁴ + 6u⁵).
        private func whipPan(at seconds: Double) -> Double {
            let turn = (seconds / 2).rounded(.down)
            let u = max(0, min(1, (seconds - 2 * turn - 1) / 0.35))
            let eased = u * u * u * (10 - 15 * u + 6 * u * u)
            let isOdd = Int64(turn) & 1 == 1
            return (isOdd ? 30 - 60 * eased : -30 + 60 * eased) * .pi / 180
        }

        private func handheldPose(at seconds: Double) -> Pose {
            // Pan, tilt, roll in degrees, then sway in metres.
            var axes = InlineArray<6, Double>(repeating: 0)
            for wave in waves {
                axes[wave.axis] +=
                    wave.amplitude * sin(2 * .pi * wave.hertz * seconds + wave.phase)
            }
            // Noise is white at any frame rate a tracker has: another draw every millisecond.
            let millisecond = UInt64(bitPattern: Int64((seconds * 1000).rounded()))
            for axis in 0..<3 {
                var random = SplitMix64(seed: seed &+ (millisecond &* 3 &+ UInt64(axis)) &* 0x9E37)
                axes[axis] += 0.003 * random.normal()
            }
            let degree = Double.pi / 180
            return Pose(
                pan: axes[0] * degree, tilt: axes[1] * degree, roll: axes[2] * degree,
                translation: center + Vector3(axes[3], axes[4], axes[5]))
        }
    }
}

/// One sine of a shaking hand.
private struct Wave: Sendable {
    var axis: Int
    var hertz: Double
    var amplitude: Double
    var phase: Double

    /// Sines of equal size, their frequencies spread over each band on a log scale.
    static func shake(seed: UInt64) -> [Wave] {
        var random = SplitMix64(seed: seed)
        var waves: [Wave] = []
        for axis in 0..<6 {
            let isAngle = axis < 3
            waves += band(0.1, 1.5, rms: isAngle ? 0.5 : 0.01, axis: axis, random: &random)
            if isAngle { waves += band(3, 8, rms: 0.02, axis: axis, random: &random) }
        }
        return waves
    }

    private static func band(
        _ low: Double, _ high: Double, rms: Double, axis: Int, random: inout SplitMix64
    ) -> [Wave] {
        let count = 12
        // Twelve sines of this amplitude have the rms asked for.
        let amplitude = rms * (2 / Double(count)).squareRoot()
        return (0..<count).map { i in
            let place = (Double(i) + random.fraction()) / Double(count)
            return Wave(
                axis: axis, hertz: low * pow(high / low, place), amplitude: amplitude,
                phase: 2 * .pi * random.fraction())
        }
    }
}
