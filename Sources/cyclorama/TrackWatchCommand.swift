import ArgumentParser
import Foundation
import Platform
import StageRun
import Timing
import Tracking

/// `track watch`: what arrives on a tracking port.
struct TrackWatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Print once a second what arrives: rate, jitter, loss, pose, by whom.",
        discussion: "\"ahead\" is the pan predicted one packet ahead against what then came, rms. "
            + "With --json: one JSON object at the end (Ctrl-C or --seconds).")

    @Option(help: "UDP port listened to.") var port: UInt16 = 40000
    @Option(help: "Address of the network interface; every one without it.") var address: String?
    @Option(name: .customLong("camera-id"), help: "Only this FreeD camera id.")
    var cameraID: UInt8?
    @Flag(help: "Take packets with a wrong checksum too.") var ignoreChecksum = false
    @Option(help: "End after so many seconds.") var seconds: Double?
    @Flag(help: "Print one JSON object at the end and nothing else.") var json = false

    func run() throws {
        if let seconds, !(seconds > 0 && seconds <= 1e6) {
            throw TrackFault("--seconds \(seconds): expected more than 0 and at most 1000000")
        }
        var options = FreeDOptions(port: port)
        options.cameraID = cameraID
        options.ignoresChecksum = ignoreChecksum
        if let address {
            guard let number = IPv4.resolve(address) else {
                throw TrackFault(
                    "--address \(address): expected an IPv4 address of this machine, as in "
                        + "192.168.1.10 (see `ip addr`)")
            }
            options.address = number
        }
        var watch = try TrackRun.Watch(options: options)
        defer { watch.close() }
        let signals = Signals.block([SIGINT, SIGTERM])
        func isStopped() -> Bool { Signals.isPending(signals) }
        if !json { TrackArguments.printLine("listening on UDP port \(port); Ctrl-C ends") }
        let start = Clocks.now()
        let end = seconds.map { start + Int64($0 * 1e9) }
        var second: Int64 = 0
        while !isStopped(), end.map({ Clocks.now() < $0 }) ?? true {
            second += 1
            let next = start + second * 1_000_000_000
            watch.listen(until: end.map { min($0, next) } ?? next, isStopped: isStopped)
            if !json { TrackArguments.printLine(Self.line(watch.report(), port: port)) }
        }
        if json { try TrackArguments.printJSON(watch.report()) }
    }

    /// One second in one line.
    private static func line(_ report: TrackRun.WatchReport, port: UInt16) -> String {
        guard let pose = report.pose, let jitter = report.jitterMilliseconds else {
            return report.datagrams == 0
                ? "nothing arrives on port \(port): check address, port and cable of the tracker"
                : "\(report.datagrams) datagrams, no pose yet" + causes(report.packets)
        }
        let place = String(format: "%.3f %.3f %.3f m", pose.x, pose.y, pose.z)
        let turn = String(
            format: "pan %.3f tilt %.3f roll %.3f°", pose.panDegrees, pose.tiltDegrees,
            pose.rollDegrees)
        let rhythm = String(
            format: "%.2f Hz, jitter p50 %.2f p99 %.2f max %.2f ms", report.rate, jitter.p50,
            jitter.p99, jitter.max)
        let foresight = report.panErrorDegrees.map { String(format: "  ±%.4f° ahead", $0) } ?? ""
        let who = "camera \(report.cameraID ?? 0) of \(report.sender ?? "?")"
        return "\(report.status)  \(who)  \(rhythm)  \(place)  \(turn)" + foresight
            + causes(report.packets)
    }

    /// The causes that have a count.
    private static func causes(_ packets: TrackRun.WatchReport.Packets) -> String {
        let named: [(String, UInt64)] = [
            ("lost", packets.lost), ("duplicate", packets.duplicates),
            ("replayed", packets.replayed), ("out of order", packets.outOfOrder),
            ("bad checksum", packets.badChecksum), ("wrong length", packets.wrongLength),
            ("not FreeD D1", packets.wrongType), ("other camera", packets.foreignCamera),
            ("other sender", packets.foreignSender), ("absurd pose", packets.refusedPose),
            ("dropped", packets.dropped),
        ]
        return named.filter { $0.1 > 0 }.map { "  \($0.0) \($0.1)" }.joined()
    }
}
