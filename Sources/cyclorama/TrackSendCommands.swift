import ArgumentParser
import Foundation
import Platform
import StageRun
import Tracking

/// `track simulate`: a tracker that is not there.
struct TrackSimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Send the packets of a simulated camera move, FreeD or OpenTrackIO.",
        discussion: "Moves: dolly, crane, whip, handheld, still. One packet a frame, on the TAI "
            + "frame grid, until Ctrl-C or --seconds. OpenTrackIO goes to HOST:PORT or to a "
            + "multicast group, as in --to 239.135.1.1:55555.")

    @Option(help: "Where to: HOST:PORT.") var to: String
    @Option(help: "freed or opentrackio.") var `protocol`: TrackProtocol = .freed
    @Option(help: "dolly, crane, whip, handheld or still.") var move = "dolly"
    @Option(help: "Packets a second: 60, 59.94, 24000/1001 …") var rate = "60"
    @Option(name: .customLong("camera-id"), help: "FreeD camera id, 0 … 255.")
    var cameraID: UInt8 = 1
    @Option(help: "OpenTrackIO source number, 1 … 200.") var sourceNumber: UInt32 = 1
    @Option(help: "OpenTrackIO payload: json or cbor.") var encoding: TrackEncoding = .json
    @Option(help: "OpenTrackIO focal length in mm at the wide end; twice that at the tele end.")
    var focalLength: Double?
    @Option(help: "Address of the network interface multicast goes out by.")
    var interface: String?
    @Option(help: "End after so many seconds.") var seconds: Double?
    @Option(help: "Another seed shakes handheld differently.") var seed: UInt64 = 1
    @Flag(help: "Print one JSON object at the end and nothing else.") var json = false

    func run() throws {
        guard let kind = Tracking.Move.Kind(rawValue: move) else {
            let names = Tracking.Move.Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw TrackFault("--move \(move): expected one of \(names)")
        }
        guard (1...200).contains(sourceNumber) else {
            throw TrackFault("--source-number \(sourceNumber): expected 1 … 200")
        }
        if let focalLength, !(2...1000).contains(focalLength) {
            throw TrackFault("--focal-length \(focalLength): expected 2 … 1000 mm")
        }
        let rate = try TrackArguments.rate(rate)
        let frames = try TrackArguments.frames(seconds: seconds, rate: rate)
        let sender = try TrackArguments.sender(to: to, interface: interface)
        let signals = Signals.block([SIGINT, SIGTERM])
        func isStopped() -> Bool { Signals.isPending(signals) }
        let who = `protocol` == .freed ? "camera \(cameraID)" : "source \(sourceNumber)"
        if !json {
            TrackArguments.printLine(
                "sending \(move) as \(who) to \(to), \(self.rate) packets a second; Ctrl-C ends")
        }
        let moving = Tracking.Move(kind, seed: seed)
        let report =
            switch `protocol` {
            case .freed:
                TrackRun.simulate(
                    moving, cameraID: cameraID, to: sender, rate: rate, frames: frames,
                    isStopped: isStopped)
            case .opentrackio:
                TrackRun.simulate(
                    moving, as: producer, to: sender, rate: rate, frames: frames,
                    isStopped: isStopped)
            }
        try finish(report, json: json)
    }

    private var producer: OpenTrackIOProducer {
        var producer = OpenTrackIOProducer(
            sourceNumber: sourceNumber, encoding: encoding.value, seed: seed)
        producer.focalLengthMillimeters = focalLength
        return producer
    }
}

/// `track replay`: a recorded stream at its rate.
struct TrackReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Send a recorded stream of 29-byte FreeD packets.")

    /// A recording this long is an hour at 1000 packets a second; a longer one is no recording.
    private static let bytesMax = 29 * 3_600_000

    @Argument(help: "The recording: FreeD packets of 29 bytes, one after another.")
    var file: String
    @Option(help: "Where to: HOST:PORT.") var to: String
    @Option(help: "Packets a second: 25, 59.94, 24000/1001 …") var rate = "25"
    @Flag(help: "Start again at the end.") var loop = false
    @Option(help: "End after so many seconds.") var seconds: Double?
    @Flag(help: "Print one JSON object at the end and nothing else.") var json = false

    func run() throws {
        let recording = try load()
        let rate = try TrackArguments.rate(rate)
        let frames = try TrackArguments.frames(seconds: seconds, rate: rate)
        let sender = try TrackArguments.sender(to: to)
        let signals = Signals.block([SIGINT, SIGTERM])
        if !json {
            TrackArguments.printLine(
                "sending \(recording.count / FreeD.messageSize) packets of \(file) to \(to), "
                    + "\(self.rate) a second\(loop ? ", again and again" : ""); Ctrl-C ends")
        }
        try finish(
            TrackRun.replay(
                recording, loops: loop, to: sender, rate: rate, frames: frames,
                isStopped: { Signals.isPending(signals) }), json: json)
    }

    private func load() throws -> [UInt8] {
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
            data = try handle.read(upToCount: Self.bytesMax + 1) ?? Data()
        } catch {
            throw TrackFault(
                "\(file): cannot be read; expected a file of 29-byte FreeD packets, one after "
                    + "another")
        }
        guard !data.isEmpty, data.count % FreeD.messageSize == 0, data.count <= Self.bytesMax else {
            throw TrackFault(
                "\(file): \(data.count) bytes are not a whole number of 29-byte FreeD packets; "
                    + "was it recorded with a header, or cut off?")
        }
        return [UInt8](data)
    }
}

/// What was sent, as a line or as JSON.
private func finish(_ report: TrackRun.SendReport, json: Bool) throws {
    if json { return try TrackArguments.printJSON(report) }
    let late = String(format: "%.2f", report.latestMilliseconds)
    TrackArguments.printLine(
        "sent \(report.sent) packets, \(report.failures) refused by the system, the latest "
            + "\(late) ms after its frame")
}
