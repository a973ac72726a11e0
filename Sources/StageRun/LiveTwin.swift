import Foundation
import FrameModel
import Geometry
import Platform
import StageModel
import StageTwin
import Synchronization
import Timing
import Tracking

/// The simulated camera before a stage that really runs: its tracker sends packets, its wall is lit
/// by the stage's own RTP, and it records what it sees while a calibration session runs beside it.
///
/// Carried by lines, as a person would be by the session's questions: `pose 3`, `square`,
/// `record NAME` (stills), `movie NAME`, `stop`; each is answered by one line when it is done.
///
/// `@unchecked Sendable` holds because all that both threads touch is behind the lock.
public final class LiveTwin: @unchecked Sendable {
    /// What the two threads share.
    private struct Shared {
        /// The way to go, a moment a frame; the last is stayed at.
        var way: [CameraMoment]
        /// Canvases of the frames kept; nil: nothing is recorded.
        var kept: [[StreamReceiver]]?
        var isOver = false
    }

    /// One frame of so many is kept at 24 a second: two of a picture that is shown for a
    /// fifth of a second.
    private static let every = 2
    /// Frames a way from pose to pose takes.
    private static let wayFrames = 18
    /// Frames kept at most: a session's patches, at 60 frames a second.
    private static let framesMax = 4096

    private let twin: CaptureTwin
    private let formats: [StreamFormat]
    private let ports: [UDPReceiver]
    private let sender: DatagramSender
    private let shared: Mutex<Shared>
    private var camera: CaptureCamera
    /// What is being recorded: a name, and whether it is a movie.
    private var recording: (name: String, isMovie: Bool)?
    private var place: (moment: CameraMoment, told: CameraMoment)
    private var stills = 0

    /// The twin before a stage whose outputs go to this machine.
    public init(_ twin: CaptureTwin) throws {
        self.twin = twin
        let stage = twin.stated
        formats = TwinRun.formats(of: stage)
        guard case .freeD(let tracker) = stage.sources[stage.cameras[0].source].transport else {
            throw RunError("\(stage.name): the twin needs a camera with a FreeD tracker")
        }
        sender = try DatagramSender(address: 0x7F00_0001, port: tracker.port)
        ports = try stage.processors.indices.map { processor in
            for output in stage.outputs where output.processor == processor {
                if case .rtp(_, let port, _, _, _) = output.kind {
                    return try UDPReceiver(address: 0x7F00_0001, port: port)
                }
            }
            throw RunError(
                "\(stage.processors[processor].name): no RTP output to look at – add one to "
                    + "127.0.0.1")
        }
        camera = twin.captureCamera()
        place = (twin.moment(0), twin.told(twin.moment(0), 0))
        shared = Mutex(Shared(way: [place.told]))
    }

    /// Does what the lines say until there are none.
    ///
    /// - Parameters:
    ///   - folder: where recordings go.
    ///   - lines: the next line; nil at the end.
    ///   - say: is told one line for each.
    public func run(
        into folder: String, lines: () -> String?, say: (String) -> Void
    ) throws {
        let thread = try Threads.start(name: "cyc-livetwin") { [self] in live() }
        defer {
            shared.withLock { $0.isOver = true }
            thread.join()
        }
        while let line = lines() {
            let words = line.split(separator: " ").map(String.init)
            switch (words.first, words.dropFirst().first) {
            case ("pose", let number?):
                let index = Int(number) ?? 0
                go(to: twin.moment(index), told: twin.told(twin.moment(index), index))
            case ("square", _):
                let moment = twin.squareOn(StageMiddle.panel(of: twin.stated, wall: 0))
                go(to: moment, told: moment)
            case ("record", let name?): begin(name, isMovie: false)
            case ("movie", let name?): begin(name, isMovie: true)
            case ("stop", _): try develop(into: folder)
            default:
                throw RunError("\(line.prefix(40)): pose N, square, record NAME, movie NAME, stop")
            }
            say("done \(line)")
        }
    }

    private func begin(_ name: String, isMovie: Bool) {
        recording = (name, isMovie)
        shared.withLock { $0.kept = [] }
    }

    /// Carries the camera there and waits until it has arrived.
    private func go(to moment: CameraMoment, told: CameraMoment) {
        let from = place.told
        let way = (1...Self.wayFrames).map {
            CaptureTwin.between(from, told, Double($0) / Double(Self.wayFrames))
        }
        shared.withLock { $0.way = way }
        place = (moment, told)
        while shared.withLock({ $0.way.count }) > 1 {
            Clocks.sleep(until: Clocks.now() + 10_000_000)
        }
    }

    /// Makes pictures of the canvases that were kept.
    private func develop(into folder: String) throws {
        let kept = shared.withLock { shared in
            defer { shared.kept = nil }
            return shared.kept ?? []
        }
        guard let recording else { return }
        self.recording = nil
        camera.stand(place.moment)
        let size = (twin.built.cameras[0].imageWidth, twin.built.cameras[0].imageHeight)
        let path = "\(folder)/\(recording.name)"
        guard recording.isMovie else {
            try makeFolder(path)
            for canvases in kept {
                camera.receivers = canvases
                stills += 1
                try twin.still(camera.photograph(), to: "\(path)/\(stills + 100_000).png")
            }
            return
        }
        let movie = try MovieWriter(
            "\(path).mkv", width: size.0, height: size.1,
            rate: 1 / (Double(Self.every) * twin.stated.rate.period))
        for canvases in kept {
            camera.receivers = canvases
            try movie.add(camera.photograph().map(CaptureTwin.code))
        }
        try movie.finish()
    }

    // MARK: - The other thread

    /// Sends packets at the stage's rate, takes its streams, and keeps frames while it is asked to.
    private func live() {
        var receivers = formats.map { StreamReceiver(format: $0) }
        var ports = ports
        let period = Int64(twin.stated.rate.period * 1e9)
        var next = Clocks.now()
        var seen = 0
        while !shared.withLock({ $0.isOver }) {
            if Clocks.now() >= next {
                next = next + period
                let told = shared.withLock { shared in
                    shared.way.count > 1 ? shared.way.removeFirst() : shared.way[0]
                }
                twin.packet(told).withUnsafeBytes { sender.send($0) }
            }
            _ = ports[0].wait(milliseconds: 2)
            let clock = Clocks.sample(taiOffset: twin.stated.taiOffset)
            for index in ports.indices {
                while take(&ports[index], into: &receivers, index, &seen, clock) {}
            }
        }
        for port in ports { port.close() }
    }

    /// Takes some of a stream, and keeps a frame where it ends one that is wanted; false when there
    /// is no more of it.
    private func take(
        _ port: inout UDPReceiver, into receivers: inout [StreamReceiver], _ index: Int,
        _ seen: inout Int, _ clock: ClockSample
    ) -> Bool {
        let datagrams = port.take(clock: clock)
        for datagram in datagrams {
            let before = receivers[index].frames
            receivers[index].take(datagram.bytes)
            guard index == 0, receivers[index].frames > before else { continue }
            seen += 1
            guard seen.isMultiple(of: Self.every) else { continue }
            shared.withLock { shared in
                if let count = shared.kept?.count, count < Self.framesMax {
                    shared.kept?.append(receivers)
                }
            }
        }
        return !datagrams.isEmpty
    }
}
