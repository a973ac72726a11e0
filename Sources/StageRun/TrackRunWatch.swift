import Geometry
public import Platform
public import Timing
public import Tracking

extension TrackRun {
    /// Listens to a tracking port and sums up what arrives.
    public struct Watch {
        /// Speakers told apart in a report; later ones are counted together.
        private static let speakersMax = 32

        private var receiver: UDPReceiver
        private var timeline: Timeline
        private var arrivals = ArrivalStatistics()
        private var speakers: [Speaker] = []
        private var datagrams = 0
        private var accepted: UInt64 = 0
        private var errorSquares = 0.0
        private var errorCount = 0
        private let start: HostTime
        private let taiOffset: Int64

        /// Listens where a source's datagrams arrive; a `fixed` one has no such place.
        public init(source: TrackingSource, taiOffset: Int64 = 37) throws(SocketFault) {
            let endpoint = source.transport.endpoint
            precondition(endpoint != nil, "a fixed source is not watched")
            receiver = try UDPReceiver(
                address: endpoint?.address ?? 0, port: endpoint?.port ?? 0,
                group: endpoint?.group ?? 0)
            timeline = Timeline(source: source)
            self.taiOffset = taiOffset
            start = Clocks.now()
        }

        /// Takes what comes until an instant, or until told to stop.
        public mutating func listen(until end: HostTime, isStopped: StopCheck) {
            while !isStopped() {
                let left = end - Clocks.now()
                guard left > 0 else { return }
                _ = receiver.wait(milliseconds: Int(min(left / 1_000_000 + 1, 100)))
                let clock = Clocks.sample(taiOffset: taiOffset)
                for datagram in receiver.drain(clock: clock) { take(datagram, clock) }
            }
        }

        private mutating func take(_ datagram: ReceivedDatagram, _ clock: ClockSample) {
            datagrams += 1
            let before = timeline.foresight
            timeline.accept(
                datagram: datagram.bytes, sender: datagram.sender,
                senderPort: datagram.senderPort, arrivalTime: datagram.arrivalTime, clock: clock)
            let total = timeline.counters.accepted
            if total > accepted {
                arrivals.record(datagram.arrivalTime)
                compare(before)
            }
            accepted = total
            // Whose packets are refused is worth as much: the id is read before anything else.
            let isFreeD = datagram.bytes.count > 1 && datagram.bytes[0] == FreeD.messageType
            let name = IPv4.text(datagram.sender)
            let camera = isFreeD ? Int(datagram.bytes[1]) : nil
            if let known = speakers.firstIndex(where: {
                $0.sender == name && $0.cameraID == camera
            }) {
                speakers[known].packets += 1
            } else if speakers.count < Self.speakersMax {
                speakers.append(Speaker(sender: name, cameraID: camera, packets: 1))
            }
        }

        /// What the samples before the newest one would have shown at its capture, against itself.
        private mutating func compare(_ before: Foresight?) {
            guard let newest = timeline.newest, let before,
                let shown = before.body(due: newest.dueTime)
            else { return }
            let error =
                shown.rotation.panTiltRoll.pan - newest.trackerFromBody.rotation.panTiltRoll.pan
            let degrees = error.remainder(dividingBy: 2 * .pi) * 180 / .pi
            errorSquares += degrees * degrees
            errorCount += 1
        }

        /// What has arrived so far.
        /// - Parameter grid: the frames whose instants the phase is told against; nil: none is.
        public mutating func report(grid: FrameGrid? = nil) -> WatchReport {
            let clock = Clocks.sample(taiOffset: taiOffset)
            let now = clock.host
            let state = timeline.cameraState(at: now, now: now)
            let summary = arrivals.summary()
            return WatchReport(
                seconds: Double(now - start) * 1e-9, datagrams: datagrams,
                status: "\(state.status)", rate: summary?.rate ?? 0,
                jitterMilliseconds: summary.map {
                    WatchReport.Jitter(
                        p50: $0.jitterP50 * 1e3, p99: $0.jitterP99 * 1e3, max: $0.jitterMax * 1e3)
                },
                panErrorDegrees: errorCount > 0
                    ? (errorSquares / Double(errorCount)).squareRoot() : nil,
                packets: WatchReport.Packets(
                    timeline.counters, dropped: receiver.dropped + receiver.droppedByKernel),
                pose: timeline.newest.map(WatchReport.Pose.init),
                cameraID: timeline.newest.map { Int($0.cameraID) },
                sender: timeline.newest.map { _ in IPv4.text(timeline.sender) },
                ageMilliseconds: timeline.newest.map { Double(now - $0.arrivalTime) / 1e6 },
                phaseMilliseconds: phase(clock, grid), clockBehindSeconds: clockBehind,
                clockSteps: timeline.clockSteps,
                sensorMillimeters: timeline.sensor.map {
                    [$0.widthMillimeters, $0.heightMillimeters]
                },
                speakers: speakers)
        }

        /// How long after a frame's instant the newest packet came.
        private mutating func phase(_ clock: ClockSample, _ grid: FrameGrid?) -> Double? {
            guard let grid, let newest = timeline.newest else { return nil }
            let arrival = TAITime(
                nanoseconds: clock.tai.nanoseconds + (newest.arrivalTime - clock.host))
            let instant = grid.instant(of: grid.frame(at: arrival))
            return Double(arrival.nanoseconds - instant.nanoseconds) / 1e6
        }

        /// The source's clock against PTP time, by our own; nil where it sends no stamps.
        private var clockBehind: Double? {
            guard let offset = timeline.clockOffset else { return nil }
            let clock = Clocks.sample(taiOffset: taiOffset)
            let ours = clock.tai.nanoseconds - clock.host.nanoseconds
            return Double(ours + offset) * 1e-9
        }

        /// Gives the port back.
        public func close() { receiver.close() }
    }

    /// A sender and camera id heard on the port.
    public struct Speaker: Codable, Sendable {
        /// IPv4 address.
        public var sender: String
        /// The id in its packets; nil for other than FreeD.
        public var cameraID: Int?
        /// Packets heard, whatever became of them.
        public var packets: Int
    }

    /// What arrives on a tracking port.
    public struct WatchReport: Codable, Sendable {
        /// Distances of packet intervals from their median, milliseconds.
        public struct Jitter: Codable, Sendable {
            /// Half of the intervals are nearer.
            public var p50: Double
            /// 99 of 100 are nearer.
            public var p99: Double
            /// The worst.
            public var max: Double
        }

        /// What became of the packets, by cause.
        public struct Packets: Codable, Sendable {
            /// Became a sample.
            public var accepted: UInt64
            /// Missing in the source's rhythm.
            public var lost: UInt64
            /// Came twice.
            public var duplicates: UInt64
            /// Old ones that came again.
            public var replayed: UInt64
            /// Came after a newer one.
            public var outOfOrder: UInt64
            /// Wrong checksum.
            public var badChecksum: UInt64
            /// Not as long as their protocol says.
            public var wrongLength: UInt64
            /// Of another protocol.
            public var wrongType: UInt64
            /// Of another camera.
            public var foreignCamera: UInt64
            /// From another address.
            public var foreignSender: UInt64
            /// Absurd pose.
            public var refusedPose: UInt64
            /// OpenTrackIO that cannot be read or misses a part.
            public var malformed: UInt64
            /// OpenTrackIO without a pose.
            public var withoutPose: UInt64
            /// The tracker says that it is lost.
            public var saidLost: UInt64
            /// More than could be taken at once.
            public var dropped: UInt64

            init(_ counters: TrackingCounters, dropped: UInt64) {
                accepted = counters.accepted
                lost = counters.lost
                duplicates = counters.duplicates
                replayed = counters.replayed
                outOfOrder = counters.outOfOrder
                badChecksum = counters.badChecksum
                wrongLength = counters.wrongLength
                wrongType = counters.wrongType
                foreignCamera = counters.foreignCamera
                foreignSender = counters.foreignSender
                refusedPose = counters.refusedPose
                malformed = counters.malformed
                withoutPose = counters.withoutPose
                saidLost = counters.saidLost
                self.dropped = dropped
            }
        }

        /// The newest pose, stage-handed: pan + to the left.
        public struct Pose: Codable, Sendable {
            /// Meters to the right.
            public var x: Double
            /// Meters forward.
            public var y: Double
            /// Meters up.
            public var z: Double
            /// Degrees, + to the left.
            public var panDegrees: Double
            /// Degrees, + up.
            public var tiltDegrees: Double
            /// Degrees, + clockwise seen from behind.
            public var rollDegrees: Double
            /// 0 wide … 1 tele.
            public var zoom: Double
            /// 0 near … 1 far.
            public var focus: Double
            /// Millimeters, where it is sent.
            public var focalLengthMillimeters: Double?
            /// Entrance pupil before the image plane, millimeters, where it is sent.
            public var entrancePupilMillimeters: Double?

            init(_ sample: TrackingSample) {
                let pose = sample.trackerFromBody
                let turn = pose.rotation.panTiltRoll
                x = pose.translation.x
                y = pose.translation.y
                z = pose.translation.z
                panDegrees = turn.pan * 180 / .pi
                tiltDegrees = turn.tilt * 180 / .pi
                rollDegrees = turn.roll * 180 / .pi
                zoom = sample.lens.zoom
                focus = sample.lens.focus
                focalLengthMillimeters = sample.lens.focalLengthMillimeters
                entrancePupilMillimeters = sample.lens.entrancePupilOffset.map { $0 * 1000 }
            }
        }

        /// Seconds listened.
        public var seconds: Double
        /// Datagrams heard.
        public var datagrams: Int
        /// never, live, held, stale or lost.
        public var status: String
        /// Packets a second over the last 512.
        public var rate: Double
        /// Unevenness of arrival; nil before the second packet.
        public var jitterMilliseconds: Jitter?
        /// Pan predicted one packet ahead against what then came, rms in degrees.
        public var panErrorDegrees: Double?
        /// What became of the packets.
        public var packets: Packets
        /// The newest pose in tracker space.
        public var pose: Pose?
        /// The camera listened to: FreeD's id or OpenTrackIO's source number.
        public var cameraID: Int?
        /// The sender listened to.
        public var sender: String?
        /// How old the newest packet is, milliseconds.
        public var ageMilliseconds: Double?
        /// How long after a frame's instant of the stage it came, milliseconds; nil: no stage.
        public var phaseMilliseconds: Double?
        /// How far the stamps of the source's clock are behind PTP time as this machine has it,
        /// seconds; nil where it sends none.
        public var clockBehindSeconds: Double?
        /// Times the source's clock was found to have been set.
        public var clockSteps: UInt64
        /// Recorded area of the sensor, [width, height]; nil where it is not sent.
        public var sensorMillimeters: [Double]?
        /// Everybody heard.
        public var speakers: [Speaker]
    }
}
