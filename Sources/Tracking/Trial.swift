import Geometry
import Timing

extension Tracking {
    /// A recorded move played through a `Timeline` in virtual time: how well it foresees.
    ///
    /// Every packet arrives the instant its frame is due, or is lost; at that instant the timeline
    /// says where the camera will be some time later, and the recording says where it then was.
    /// Not for the frame path: it keeps what it measures.
    public struct Trial: Sendable {
        /// The move, one place a frame; nil where the recording has none.
        public var frames: [FreeD.Message?]
        /// Frames a second.
        public var rate: Double
        /// How the timeline foresees.
        public var prediction: Prediction
        /// Share of the packets that are lost, 0 ..< 1.
        public var loss: Double
        /// Another seed loses other packets.
        public var seed: UInt64
        /// What registration errors are counted in.
        public var picture: CameraPicture
        /// Distance of the wall for the registration at it, metres.
        public var wallDistance: Double

        /// Seconds at the start that are not judged: a source's rhythm is found in them.
        private static let settlingSeconds = 1.0

        /// A trial of a move at so many frames a second.
        public init(
            frames: [FreeD.Message?], rate: Double, prediction: Prediction = Prediction(),
            loss: Double = 0, seed: UInt64 = 1, picture: CameraPicture = .fullFrameWide,
            wallDistance: Double = 5
        ) {
            self.frames = frames
            self.rate = rate
            self.prediction = prediction
            self.loss = loss
            self.seed = seed
            self.picture = picture
            self.wallDistance = wallDistance
        }

        /// The errors at each horizon, seconds ahead of the instant a packet arrives or is missed.
        public func run(horizons: [Double]) -> Outcome {
            var source = TrackingSource(name: "trial", transport: .freeD(FreeDOptions()))
            source.prediction = prediction
            var timeline = Timeline(source: source)
            var tallies = horizons.map { Tally(horizon: $0) }
            var random = SplitMix64(seed: seed)
            var lost = 0
            let bytes = UnsafeMutableRawBufferPointer.allocate(
                byteCount: FreeD.messageSize, alignment: 1)
            defer { bytes.deallocate() }
            for (place, frame) in frames.enumerated() {
                let now = instant(of: Double(place))
                if let frame {
                    if random.fraction() < loss {
                        lost += 1
                    } else {
                        FreeD.encode(frame, into: bytes)
                        timeline.accept(
                            datagram: UnsafeRawBufferPointer(bytes), sender: 1, arrivalTime: now)
                    }
                }
                guard Double(place) >= Self.settlingSeconds * rate else { continue }
                for index in tallies.indices { judge(&timeline, at: place, &tallies[index]) }
            }
            return Outcome(
                lost: lost, refused: Int(timeline.counters.rejected),
                horizons: tallies.map { Errors($0) })
        }

        private func judge(_ timeline: inout Timeline, at place: Int, _ tally: inout Tally) {
            // A horizon of whole frames is one of whole frames, whatever its last bit.
            var ahead = tally.horizon * rate
            if abs(ahead - ahead.rounded()) < 1e-6 { ahead = ahead.rounded() }
            guard let truth = pose(at: Double(place) + ahead) else { return }
            let shown = timeline.cameraState(
                at: instant(of: Double(place) + ahead), now: instant(of: Double(place)))
            guard shown.status != .never else { return }
            let drawn = shown.stageFromBody
            tally.add(
                drawn, truth,
                horizon: RegistrationError(
                    drawn: drawn, seen: truth, picture: picture, distance: .infinity),
                wall: RegistrationError(
                    drawn: drawn, seen: truth, picture: picture, distance: wallDistance))
        }

        /// Far enough from the clock's start that nothing before it is meant.
        private func instant(of place: Double) -> HostTime {
            HostTime(nanoseconds: 1_000_000_000 + Int64((place / rate * 1e9).rounded()))
        }

        /// What the recording says of a place between its frames; nil where it says nothing.
        private func pose(at place: Double) -> Pose? {
            let first = Int(place.rounded(.down))
            let fraction = place - Double(first)
            guard first >= 0, let before = placement(first) else { return nil }
            var found = before
            if fraction > 0 {
                guard let after = placement(first + 1) else { return nil }
                found = before.blended(to: after, by: fraction)
            }
            return Pose(rotation: found.rotation.matrix, translation: found.position)
        }

        private func placement(_ place: Int) -> Placement? {
            guard place < frames.count, let message = frames[place] else { return nil }
            let angles = message.angles(FreeDOptions())
            return Placement(
                rotation: Quaternion(pan: angles.pan, tilt: angles.tilt, roll: angles.roll),
                position: message.position(FreeDOptions()), lens: LensReading())
        }
    }
}

extension Tracking.Trial {
    /// What a trial came to.
    public struct Outcome: Codable, Sendable {
        /// Packets that were lost on purpose.
        public var lost: Int
        /// Packets the timeline refused.
        public var refused: Int
        /// Errors at each horizon, in the order asked for.
        public var horizons: [Errors]
    }

    /// Root mean square and maximum of the size of an error.
    public struct Spread: Codable, Sendable, Equatable {
        /// Root of the mean of the squares.
        public var rms = 0.0
        /// The largest.
        public var max = 0.0
        private var count = 0.0

        fileprivate mutating func add(_ error: Double) {
            let squares = rms * rms * count + error * error
            count += 1
            rms = (squares / count).squareRoot()
            max = Swift.max(max, abs(error))
        }

        private enum CodingKeys: String, CodingKey { case rms, max }
    }

    /// Percentiles of a registration error, camera pixels.
    public struct Pixels: Codable, Sendable, Equatable {
        /// Half of the frames err at most this.
        public var p50: Double
        /// 99 of 100 frames err at most this.
        public var p99: Double
        /// The worst frame.
        public var max: Double

        fileprivate init(_ values: [Double]) {
            let sorted = values.sorted()
            func at(_ share: Double) -> Double {
                guard !sorted.isEmpty else { return 0 }
                let rank = Int((share * Double(sorted.count)).rounded(.up))
                return sorted[Swift.max(0, rank - 1)]
            }
            (p50, p99, max) = (at(0.5), at(0.99), at(1))
        }
    }

    /// Errors at one horizon.
    public struct Errors: Codable, Sendable {
        /// Seconds ahead.
        public var horizon: Double
        /// Frames judged.
        public var frames: Int
        /// Pan, degrees.
        public var pan: Spread
        /// Tilt, degrees.
        public var tilt: Spread
        /// Roll, degrees.
        public var roll: Spread
        /// X, metres.
        public var x: Spread
        /// Y, metres.
        public var y: Spread
        /// Height, metres.
        public var z: Spread
        /// Registration in the middle of the picture, at infinity.
        public var middle: Pixels
        /// Registration at its worst corner, at infinity.
        public var horizonCorner: Pixels
        /// Registration at its worst corner, at the wall.
        public var wallCorner: Pixels

        fileprivate init(_ tally: Tally) {
            horizon = tally.horizon
            frames = tally.middle.count
            (pan, tilt, roll) = (tally.axes[0], tally.axes[1], tally.axes[2])
            (x, y, z) = (tally.axes[3], tally.axes[4], tally.axes[5])
            middle = Pixels(tally.middle)
            horizonCorner = Pixels(tally.horizonCorner)
            wallCorner = Pixels(tally.wallCorner)
        }
    }
}

/// Errors of one horizon while they are collected.
private struct Tally {
    var horizon: Double
    /// Pan, tilt, roll in degrees, then x, y, z in metres.
    var axes = [Tracking.Trial.Spread](repeating: Tracking.Trial.Spread(), count: 6)
    var middle: [Double] = []
    var horizonCorner: [Double] = []
    var wallCorner: [Double] = []

    init(horizon: Double) { self.horizon = horizon }

    mutating func add(
        _ drawn: Pose, _ truth: Pose, horizon: RegistrationError, wall: RegistrationError
    ) {
        let (shown, real) = (drawn.rotation.panTiltRoll, truth.rotation.panTiltRoll)
        let turns = [shown.pan - real.pan, shown.tilt - real.tilt, shown.roll - real.roll]
        for axis in 0..<3 {
            let turn = turns[axis].remainder(dividingBy: 2 * .pi)
            axes[axis].add(turn * 180 / .pi)
            axes[3 + axis].add(drawn.translation[axis] - truth.translation[axis])
        }
        middle.append(horizon.middle)
        horizonCorner.append(horizon.largest)
        wallCorner.append(wall.largest)
    }
}
