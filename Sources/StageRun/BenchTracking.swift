import FrameModel
import Geometry
import Platform
import StageModel
import Timing
import Tracking

/// What eight trackers at 240 Hz cost the frame loop: real datagrams over the loopback, drained and
/// decoded as a running stage does, the loop's own processor time counted and nothing else.
package enum BenchTracking {
    /// Share of one core, per cent, by protocol.
    package struct Report: Codable, Sendable {
        /// FreeD D1.
        package var freeD: Double
        /// OpenTrackIO as JSON.
        package var openTrackIOJSON: Double
        /// OpenTrackIO as CBOR.
        package var openTrackIOCBOR: Double
        /// Packets that became samples, of all three.
        package var accepted: Int
        /// Packets sent, of all three.
        package var sent: Int
    }

    private static let sources = 8
    private static let rate = FrameRate(240)!
    /// Packets of a source between two frames: the stage makes 60 a second.
    private static let packetsAFrame = 4
    private static let firstPort: UInt16 = 45600
    private static let loopback: UInt32 = 0x7F00_0001

    /// Measures each protocol for some seconds of real time.
    package static func report(seconds: Double) throws -> Report {
        var report = Report(
            freeD: 0, openTrackIOJSON: 0, openTrackIOCBOR: 0, accepted: 0, sent: 0)
        report.freeD = try share(nil, seconds, &report)
        report.openTrackIOJSON = try share(.json, seconds, &report)
        report.openTrackIOCBOR = try share(.cbor, seconds, &report)
        return report
    }

    private static func share(
        _ encoding: OpenTrackIOHeader.Encoding?, _ seconds: Double, _ report: inout Report
    ) throws -> Double {
        let stage = stage(isFreeD: encoding == nil)
        var intake = try TrackingIntake(stage: stage)
        defer { intake.close() }
        let senders = try (0..<sources).map {
            try DatagramSender(address: loopback, port: firstPort + UInt16($0))
        }
        let timelines = UnsafeMutablePointer<Timeline>.allocate(capacity: sources)
        for source in 0..<sources {
            (timelines + source).initialize(to: Timeline(source: stage.sources[source]))
        }
        defer { timelines.deallocate() }
        let packets = Int(seconds * rate.hertz)
        let grid = FrameGrid(rate: rate)
        let clock = Clocks.sample(taiOffset: 37)
        let first = grid.frame(at: clock.tai) + 1
        var used: Int64 = 0
        for n in 0..<packets {
            let instant = grid.instant(of: first + Int64(n))
            Clocks.sleep(until: clock.host(tai: instant))
            send(UInt64(n), at: instant, encoding, by: senders)
            if n % packetsAFrame == packetsAFrame - 1 { used += take(&intake, timelines) }
        }
        report.sent += packets * sources
        for source in 0..<sources { report.accepted += Int(timelines[source].counters.accepted) }
        return Double(used) / (seconds * 1e9) * 100
    }

    /// One frame's share of the work: all that has come, and where every camera will be.
    private static func take(
        _ intake: inout TrackingIntake, _ timelines: UnsafeMutablePointer<Timeline>
    ) -> Int64 {
        let before = Clocks.threadCPUNanoseconds
        let clock = Clocks.sample(taiOffset: 37)
        for packet in intake.drain(clock: clock) {
            timelines[packet.source].accept(
                datagram: packet.bytes, sender: packet.sender, senderPort: packet.senderPort,
                arrivalTime: packet.arrivalTime, clock: clock)
        }
        var seen = 0.0
        for source in 0..<sources {
            let camera = timelines[source].cameraState(
                at: clock.host + 40_000_000, now: clock.host)
            seen += camera.stageFromBody.translation.x
        }
        // What is not used is not computed.
        precondition(seen.isFinite, "poses are finite")
        return Clocks.threadCPUNanoseconds - before
    }

    private static func send(
        _ n: UInt64, at instant: TAITime, _ encoding: OpenTrackIOHeader.Encoding?,
        by senders: [DatagramSender]
    ) {
        let move = Tracking.Move(.dolly)
        let pose = move.pose(at: Double(n) * rate.period)
        withUnsafeTemporaryAllocation(byteCount: TrackRun.packetBytes, alignment: 1) { bytes in
            for (source, sender) in senders.enumerated() {
                var count: Int? = FreeD.messageSize
                if let encoding {
                    var producer = OpenTrackIOProducer(
                        sourceNumber: UInt32(source + 1), encoding: encoding)
                    producer.focalLengthMillimeters = 35
                    count = producer.write(
                        n, pose: pose, zoom: 0.5, at: instant, rate: rate, into: bytes)
                } else {
                    FreeD.encode(FreeD.Message(cameraID: UInt8(source), pose: pose), into: bytes)
                }
                guard let count else { continue }
                sender.send(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
            }
        }
    }

    private static func stage(isFreeD: Bool) -> Stage {
        var stage = BenchStage.stage(width: 640, height: 360)
        stage.sources = (0..<sources).map { source in
            let port = firstPort + UInt16(source)
            let endpoint = TrackingEndpoint(port: port, address: loopback)
            var options = FreeDOptions(port: port)
            options.address = loopback
            return TrackingSource(
                name: "tracker \(source + 1)",
                transport: isFreeD
                    ? .freeD(options) : .openTrackIO(OpenTrackIOOptions(endpoint: endpoint)))
        }
        return stage
    }
}
