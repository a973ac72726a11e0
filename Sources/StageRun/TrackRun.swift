public import Platform
public import Timing
public import Tracking

/// What `cyclorama track` does: trackers that send, and a look at what arrives.
public enum TrackRun {
    /// What a sending run did.
    public struct SendReport: Codable, Sendable {
        /// Packets handed to the network.
        public var sent: Int
        /// Packets the system would not take.
        public var failures: Int
        /// Packets a second, as asked for.
        public var rate: Double
        /// Largest distance of a packet from its grid instant, milliseconds.
        public var latestMilliseconds: Double
    }

    /// Asks whether to end.
    public typealias StopCheck = () -> Bool

    /// Writes packet n, due at an instant, and says how many bytes it has; nil when there is no
    /// such packet: the end.
    public typealias PacketWriter = (Int, TAITime, UnsafeMutableRawBufferPointer) -> Int?

    /// Sends one packet per frame of a rate's TAI grid until told to stop.
    ///
    /// - Parameters:
    ///   - sender: Where to.
    ///   - rate: The grid.
    ///   - frames: Packets to send; nil = until stopped.
    ///   - taiOffset: TAI − UTC in seconds where the kernel has none.
    ///   - isStopped: asked before every packet.
    ///   - packet: writes at most `packetBytes`.
    public static func send(
        to sender: DatagramSender, rate: FrameRate, frames: Int?, taiOffset: Int64 = 37,
        isStopped: StopCheck, packet: PacketWriter
    ) -> SendReport {
        var report = SendReport(sent: 0, failures: 0, rate: rate.hertz, latestMilliseconds: 0)
        let grid = FrameGrid(rate: rate)
        let clock = Clocks.sample(taiOffset: taiOffset)
        let first = grid.frame(at: clock.tai) + 1
        withUnsafeTemporaryAllocation(byteCount: packetBytes, alignment: 1) { bytes in
            while frames.map({ report.sent < $0 }) ?? true {
                // Mapped once: a step of the wall clock does not tear the stream.
                let instant = grid.instant(of: first + Int64(report.sent))
                let due = clock.host(tai: instant)
                Clocks.sleep(until: due)
                guard !isStopped(), let count = packet(report.sent, instant, bytes) else { return }
                sender.send(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                report.sent += 1
                let late = Double(Clocks.now() - due) * 1e-6
                report.latestMilliseconds = max(report.latestMilliseconds, late)
            }
        }
        report.failures = sender.failures
        return report
    }

    /// Bytes of the longest packet sent: what an Ethernet frame carries over UDP.
    public static let packetBytes = 1472

    /// Sends a move as a FreeD tracker would, one packet a frame.
    public static func simulate(
        _ move: Tracking.Move, cameraID: UInt8, to sender: DatagramSender, rate: FrameRate,
        frames: Int?, taiOffset: Int64 = 37, isStopped: StopCheck
    ) -> SendReport {
        send(
            to: sender, rate: rate, frames: frames, taiOffset: taiOffset, isStopped: isStopped
        ) { n, _, bytes in
            let seconds = Double(n) * rate.period
            FreeD.encode(
                FreeD.Message(
                    cameraID: cameraID, pose: move.pose(at: seconds),
                    zoom: UInt32((move.zoom(at: seconds) * 65535).rounded()), focus: 0x8000),
                into: bytes)
            return FreeD.messageSize
        }
    }

    /// Sends a move as an OpenTrackIO tracker would, one datagram a frame.
    public static func simulate(
        _ move: Tracking.Move, as producer: OpenTrackIOProducer, to sender: DatagramSender,
        rate: FrameRate, frames: Int?, taiOffset: Int64 = 37, isStopped: StopCheck
    ) -> SendReport {
        send(
            to: sender, rate: rate, frames: frames, taiOffset: taiOffset, isStopped: isStopped
        ) { n, instant, bytes in
            producer.write(
                UInt64(n), pose: move.pose(at: Double(n) * rate.period),
                zoom: move.zoom(at: Double(n) * rate.period), at: instant, rate: rate, into: bytes)
        }
    }

    /// Sends recorded 29-byte packets at a rate, once or again and again.
    public static func replay(
        _ recording: [UInt8], loops: Bool, to sender: DatagramSender, rate: FrameRate,
        frames: Int?, isStopped: StopCheck
    ) -> SendReport {
        let count = recording.count / FreeD.messageSize
        return send(to: sender, rate: rate, frames: frames, isStopped: isStopped) { n, _, bytes in
            guard count > 0, loops || n < count else { return nil }
            let start = (n % count) * FreeD.messageSize
            recording.withUnsafeBytes {
                bytes.copyMemory(
                    from: UnsafeRawBufferPointer(
                        rebasing: $0[start..<(start + FreeD.messageSize)]))
            }
            return FreeD.messageSize
        }
    }
}
