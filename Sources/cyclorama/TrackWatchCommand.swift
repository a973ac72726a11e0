import ArgumentParser
import Foundation
import Platform
import StageModel
import StageRun
import Timing
import Tracking

/// `track watch`: what arrives on a tracking port.
struct TrackWatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show what arrives: rate, jitter, loss, pose, lens, clock, by whom.",
        discussion: "On a terminal a view that changes four times a second, of every source of the "
            + "stage unless --source names one; else a line a second. \"ahead\" is the pan "
            + "predicted one packet ahead against what then came, rms; the phase is how long after "
            + "a frame's instant packets come. With --json: one JSON object at the end (Ctrl-C or "
            + "--seconds).")

    @Argument(help: "A stage whose source is watched with its settings: as `check` takes it.")
    var stage: String?
    @Option(help: "Which source of the stage; the first that is listened to without it.")
    var source: String?
    @Option(help: "freed or opentrackio, without a stage.") var `protocol`: TrackProtocol = .freed
    @Option(help: "UDP port listened to; 40000 for FreeD, 55555 for OpenTrackIO without it.")
    var port: UInt16?
    @Option(help: "Address of the network interface; every one without it.") var address: String?
    @Option(help: "OpenTrackIO multicast group joined, as 239.135.1.1; unicast without it.")
    var group: String?
    @Option(name: .customLong("camera-id"), help: "Only this FreeD camera id.")
    var cameraID: UInt8?
    @Option(help: "Only this OpenTrackIO source number, 1 … 200.") var sourceNumber: UInt32?
    @Flag(help: "Take packets with a wrong checksum too.") var ignoreChecksum = false
    @Option(help: "End after so many seconds.") var seconds: Double?
    @Flag(help: "Print one JSON object at the end and nothing else.") var json = false

    func run() throws {
        if let seconds, !(seconds > 0 && seconds <= 1e6) {
            throw TrackFault("--seconds \(seconds): expected more than 0 and at most 1000000")
        }
        let isView = !json && isatty(1) == 1
        let (named, taiOffset, grid) = try stage.map { try ofStage($0) } ?? ([given()], 37, nil)
        let watched = isView ? named : [named[0]]
        var watches = try watched.map { try TrackRun.Watch(source: $0, taiOffset: taiOffset) }
        defer { for index in watches.indices { watches[index].close() } }
        let ports = watched.map { $0.transport.endpoint?.port ?? 0 }
        let signals = Signals.block([SIGINT, SIGTERM])
        func isStopped() -> Bool { Signals.isPending(signals) }
        if !json {
            let list = ports.map { "\($0)" }.joined(separator: ", ")
            TrackArguments.printLine("listening on UDP port \(list); Ctrl-C ends")
        }
        let start = Clocks.now()
        let end = seconds.map { start + Int64($0 * 1e9) }
        let pause: Int64 = isView ? 250_000_000 : 1_000_000_000
        var view = TrackWatchView()
        var turn: Int64 = 0
        while !isStopped(), end.map({ Clocks.now() < $0 }) ?? true {
            turn += 1
            let next = start + turn * pause
            listen(&watches, until: end.map { min($0, next) } ?? next, isStopped)
            if isView {
                view.draw(
                    watches.indices.map {
                        (watched[$0].name, ports[$0], watches[$0].report(grid: grid))
                    })
            } else if !json {
                let report = watches[0].report(grid: grid)
                TrackArguments.printLine(Self.line(report, port: ports[0]))
            }
        }
        if json { try TrackArguments.printJSON(watches[0].report(grid: grid)) }
    }

    /// Listens to each in turn; when a packet came is the kernel's word, so none is late by it.
    private func listen(
        _ watches: inout [TrackRun.Watch], until end: HostTime, _ isStopped: () -> Bool
    ) {
        let share: Int64 = watches.count > 1 ? 5_000_000 : .max / 2
        while Clocks.now() < end, !isStopped() {
            for index in watches.indices {
                let own = Clocks.now() + min(share, end - Clocks.now())
                watches[index].listen(until: own, isStopped: isStopped)
            }
        }
    }

    /// The sources of a stage, or the one that is named, with their settings; of those that share
    /// a port, the first.
    private func ofStage(
        _ name: String
    ) throws -> ([TrackingSource], taiOffset: Int64, grid: FrameGrid?) {
        let found = try stageNamed(name)
        let listened = found.sources.filter { $0.transport.endpoint != nil }
        guard let source else {
            var ports: Set<UInt16> = []
            let distinct = listened.filter {
                ports.insert($0.transport.endpoint?.port ?? 0).inserted
            }
            guard !distinct.isEmpty else {
                throw TrackFault("\(found.name) has no source that is listened to")
            }
            return (distinct, found.taiOffset, FrameGrid(rate: found.rate))
        }
        guard let named = listened.first(where: { $0.name == source }) else {
            let names = listened.map(\.name).joined(separator: ", ")
            throw TrackFault(
                "--source \(source): \(found.name) listens to \(names.isEmpty ? "none" : names)")
        }
        return ([named], found.taiOffset, FrameGrid(rate: found.rate))
    }

    /// A source as the options say.
    private func given() throws -> TrackingSource {
        let interface = try address.map { try TrackArguments.address($0, "--address") } ?? 0
        switch `protocol` {
        case .freed:
            var options = FreeDOptions(port: port ?? 40000)
            options.cameraID = cameraID
            options.ignoresChecksum = ignoreChecksum
            options.address = interface
            return TrackingSource(name: "watch", transport: .freeD(options))
        case .opentrackio:
            var joined: UInt32 = 0
            if let group {
                guard let number = IPv4.resolve(group), number >> 28 == 14 else {
                    throw TrackFault(
                        "--group \(group): expected 224.0.0.0 … 239.255.255.255, as 239.135.1.1")
                }
                joined = number
            }
            var options = OpenTrackIOOptions(
                endpoint: TrackingEndpoint(
                    port: port ?? OpenTrackIOOptions.usualPort, address: interface, group: joined))
            options.sourceNumber = sourceNumber
            if ignoreChecksum { options.checksum = .ignored }
            return TrackingSource(name: "watch", transport: .openTrackIO(options))
        }
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
        let lens = pose.focalLengthMillimeters.map { String(format: "  %.2f mm", $0) } ?? ""
        return "\(report.status)  \(who)  \(rhythm)  \(place)  \(turn)" + lens + foresight
            + (report.clockBehindSeconds.map { "  " + clock($0) } ?? "")
            + causes(report.packets)
    }

    /// What the source's stamps are of.
    static func clock(_ behind: Double) -> String {
        if abs(behind) < 0.5 { return String(format: "stamps %.1f ms old at best", behind * 1e3) }
        if abs(behind - 37) < 0.5 { return "stamps of UTC: 37 s behind PTP time" }
        return String(format: "stamps of its own clock, %.1f s behind PTP time", behind)
    }

    /// The causes that have a count.
    static func causes(_ packets: TrackRun.WatchReport.Packets) -> String {
        let named: [(String, UInt64)] = [
            ("lost", packets.lost), ("duplicate", packets.duplicates),
            ("replayed", packets.replayed), ("out of order", packets.outOfOrder),
            ("bad checksum", packets.badChecksum), ("wrong length", packets.wrongLength),
            ("of another protocol", packets.wrongType), ("unreadable", packets.malformed),
            ("without a pose", packets.withoutPose), ("said lost", packets.saidLost),
            ("other camera", packets.foreignCamera),
            ("other sender", packets.foreignSender), ("absurd pose", packets.refusedPose),
            ("dropped", packets.dropped),
        ]
        return named.filter { $0.1 > 0 }.map { "  \($0.0) \($0.1)" }.joined()
    }
}
