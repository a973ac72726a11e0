import CFuzzer
import Geometry
import Glibc
import Timing
import Tracking

/// libFuzzer on the decoders of everything a tracker can send.
///
/// `CYCLORAMA_FUZZ` names the decoder; the arguments are libFuzzer's own. An input that crashes,
/// takes too long of its thread or is decoded into what cannot be is a finding.
@main enum TrackingFuzzer {
    static func main() {
        guard let decoder = getenv("CYCLORAMA_FUZZ").flatMap({ Decoder(String(cString: $0)) })
        else {
            let names = Decoder.all.map(\.name).joined(separator: ", ")
            print("CYCLORAMA_FUZZ: one of \(names)")
            exit(2)
        }
        chosenDecoder = decoder
        var count = CommandLine.argc
        var arguments =
            CommandLine.unsafeArgv as UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        _ = withUnsafeMutablePointer(to: &arguments) { arguments in
            LLVMFuzzerRunDriver(&count, arguments, oneInput)
        }
    }
}

/// Written once before the fuzzer starts, on its only thread.
nonisolated(unsafe) private var chosenDecoder = Decoder.all[0]

private func oneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: data, count: size)
    var least = chosenDecoder.time(bytes)
    // Another program may have had the core's caches: only what is slow again is slow.
    var round = 0
    while least > Decoder.limit, round < 8 {
        least = min(least, chosenDecoder.time(bytes))
        round += 1
    }
    precondition(least <= Decoder.limit, "an input takes \(least) ns")
    return 0
}

/// One decoder and how it is fed.
struct Decoder: Sendable {
    /// Thread time a whole input may take, however many datagrams it is cut into, nanoseconds: a
    /// millisecond of the decoders as they are shipped; counting every edge costs four times that.
    static let limit: Int64 = 4_000_000

    let name: String
    private let feed: @Sendable (UnsafeRawBufferPointer) -> Void

    init?(_ name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    private init(_ name: String, _ feed: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) {
        self.name = name
        self.feed = feed
    }

    /// Thread time of one input, nanoseconds.
    func time(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        let start = Self.threadTime
        feed(bytes)
        return Self.threadTime - start
    }

    private static var threadTime: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    static let all = [
        Decoder("freed") { bytes in
            if let count = try? FreeD.messageCount(in: bytes) {
                precondition(count <= FreeD.messagesMax, "more messages than a datagram has")
            }
            take(bytes, .freeD(FreeDOptions()))
        },
        Decoder("opentrackio") { take($0, .openTrackIO(OpenTrackIOOptions())) },
        Decoder("json") { sample($0, .json) },
        Decoder("cbor") { sample($0, .cbor) },
        Decoder("mosys-f4") { bytes in
            var recording = MoSysF4.Recording([UInt8](bytes))
            var frames = 0
            while let frame = recording.next() {
                frames += 1
                precondition(frame.position.x.isFinite, "a position that is no number")
            }
            precondition(frames <= bytes.count && recording.skippedBytes <= bytes.count)
        },
    ]

    /// A payload; one that is taken and can be sent on says the same then.
    private static func sample(
        _ bytes: UnsafeRawBufferPointer, _ encoding: OpenTrackIOHeader.Encoding
    ) {
        guard let sample = try? OpenTrackIOSample(payload: bytes, encoding: encoding) else {
            return
        }
        withUnsafeTemporaryAllocation(byteCount: TrackingLimits.payloadBytes, alignment: 1) {
            guard let count = try? sample.encode(as: .cbor, into: $0) else { return }
            let again = try? OpenTrackIOSample(
                payload: UnsafeRawBufferPointer(rebasing: $0[..<count]), encoding: .cbor)
            precondition(again?.lens == sample.lens, "what was taken is not what is sent on")
        }
    }

    /// Datagrams one after the other, each with its length in two bytes before it, as a stage takes
    /// them; whatever they are, the camera is somewhere.
    private static func take(_ bytes: UnsafeRawBufferPointer, _ transport: TrackingSource.Transport)
    {
        var timeline = Timeline(source: TrackingSource(name: "fuzzed", transport: transport))
        var at = 0
        var now = HostTime(nanoseconds: 1_000_000_000)
        while at + 2 <= bytes.count {
            let length = Int(bytes[at]) << 8 | Int(bytes[at + 1])
            let end = min(bytes.count, at + 2 + length)
            timeline.accept(
                datagram: UnsafeRawBufferPointer(rebasing: bytes[(at + 2)..<end]),
                sender: 0x7F00_0001, arrivalTime: now)
            at = end
            now = now + 16_666_667
        }
        let camera = timeline.cameraState(at: now + 20_000_000, now: now)
        let place = camera.stageFromBody.translation
        precondition(
            place.x.isFinite && place.y.isFinite && place.z.isFinite, "the camera is nowhere")
    }
}
