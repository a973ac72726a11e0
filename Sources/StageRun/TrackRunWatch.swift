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

        /// Listens on the port and address of a source's FreeD options.
        public init(options: FreeDOptions) throws(SocketFault) {
            receiver = try UDPReceiver(address: options.address, port: options.port)
            timeline = Timeline(
                source: TrackingSource(name: "watch", transport: .freeD(options)))
            start = Clocks.now()
        }

        /// Takes what comes until an instant, or until told to stop.
        public mutating func listen(until end: HostTime, isStopped: StopCheck) {
            while !isStopped() {
                let left = end - Clocks.now()
                guard left > 0 else { return }
                _ = receiver.wait(milliseconds: Int(min(left / 1_000_000 + 1, 100)))
                for datagram in receiver.drain(clock: Clocks.sample(taiOffset: 37)) {
                    take(datagram)
                }
            }
        }

        private mutating func take(_ datagram: ReceivedDatagram) {
            datagrams += 1
            let before = timeline
            timeline.accept(
                datagram: datagram.bytes, sender: datagram.sender,
                arrivalTime: datagram.arrivalTime)
            let total = timeline.counters.accepted
            if total > accepted {
                arrivals.record(datagram.arrivalTime)
                compare(before)
            }
            accepted = total
            guard datagram.bytes.count > 1, datagram.bytes[0] == FreeD.messageType else { return }
            let name = IPv4.text(datagram.sender)
            let camera = Int(datagram.bytes[1])
            if let known = speakers.firstIndex(where: {
                $0.sender == name && $0.cameraID == camera
            }) {
                speakers[known].packets += 1
            } else if speakers.count < Self.speakersMax {
                speakers.append(Speaker(sender: name, cameraID: camera, packets: 1))
            }
        }

        /// What the samples before the newest one would have shown at its capture, against itself.
        private mutating func compare(_ before: Timeline) {
            guard let newest = timeline.newest, before.rate != nil else { return }
            let shown = before.cameraState(at: newest.captureTime, now: newest.captureTime)
            guard shown.status == .live else { return }
            let error =
                shown.stageFromBody.rotation.panTiltRoll.pan
                - newest.trackerFromBody.rotation.panTiltRoll.pan
            let degrees = error.remainder(dividingBy: 2 * .pi) * 180 / .pi
            errorSquares += degrees * degrees
            errorCount += 1
        }

        /// What has arrived so far.
        public func report() -> WatchReport {
            let now = Clocks.now()
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
                speakers: speakers)
        }

        /// Gives the port back.
        public func close() { receiver.close() }
    }

    /// A sender and camera id heard on the port.
    public struct Speaker: Codable, Sendable {
        /// IPv4 address.
        public var sender: String
        /// The id in its packets.
        public var cameraID: Int
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
            /// Neither 29 bytes nor a multiple.
            public var wrongLength: UInt64
            /// Not FreeD D1.
            public var wrongType: UInt64
            /// Of another camera.
            public var foreignCamera: UInt64
            /// From another address.
            public var foreignSender: UInt64
            /// Absurd pose.
            public var refusedPose: UInt64
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
            /// 0 … 1 of the zoom counts.
            public var zoom: Double
            /// 0 … 1 of the focus counts.
            public var focus: Double

            init(_ sample: TrackingSample) {
                let pose = sample.trackerFromBody
                let turn = pose.rotation.panTiltRoll
                x = pose.translation.x
                y = pose.translation.y
                z = pose.translation.z
                panDegrees = turn.pan * 180 / .pi
                tiltDegrees = turn.tilt * 180 / .pi
                rollDegrees = turn.roll * 180 / .pi
                zoom = sample.zoom
                focus = sample.focus
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
        /// The camera listened to.
        public var cameraID: Int?
        /// The sender listened to.
        public var sender: String?
        /// Everybody heard.
        public var speakers: [Speaker]
    }
}
