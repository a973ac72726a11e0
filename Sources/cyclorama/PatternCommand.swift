import ArgumentParser
import Color
import Foundation
import Lanes
import Output
import Platform
import StageModel
import Timing

/// Sends a test pattern of code values to a processor: the first thing to do with a new link.
struct PatternCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pattern",
        abstract: "Send a test pattern to an LED processor, with the SDP to load there.",
        discussion: """
            The picture shows, from the top: the frame number as 32 black and white cells, ramps \
            of gray, red, green and blue over all legal codes, and noise that changes in every \
            frame. Frames go out on the ST 2059 grid, each as one burst.
            """)

    @Option(help: "Where to send: rtp://HOST:PORT.")
    var output: String

    @Option(help: "rgb8, rgb10, rgb12, 422-8 or 422-10.")
    var format = PatternFormat.rgb10

    @Option(help: "Bits of the code values made; the format's own unless said.")
    var codeDepth: Int?

    @Option(help: "Pixels a row.")
    var width = 1920

    @Option(help: "Rows.")
    var height = 1080

    @Option(help: "Frames a second, a whole number or a ratio: 60, 24000/1001.")
    var rate = "60"

    @Option(help: "Frames to send; 0 sends until interrupted.")
    var frames = 0

    @Option(help: "Legal codes: full or narrow.")
    var range = "full"

    @Option(help: "chart or noise.")
    var picture = "chart"

    @Option(help: "RTP payload type, 96 to 127.")
    var payloadType: UInt8 = 96

    @Option(help: "First RTP sequence number, 32 bits.")
    var firstSequence: UInt32 = 0

    @Option(help: "Most octets of a UDP packet, its header counted: 1460, or up to 8960.")
    var maxUDP = OutputLimits.standardUDPOctets

    @Option(help: "IPv4 address of the interface multicast leaves by.")
    var interface: String?

    @Option(help: "Multicast time to live.")
    var timeToLive: UInt8 = 32

    @Option(help: "TAI − UTC in seconds.")
    var taiOffset: Int64 = 37

    @Option(help: "Write the stream's SDP to this file.")
    var sdp: String?

    @Option(help: "Write every frame's octets to this file, rows without gaps.")
    var reference: String?

    @Flag(help: "One system call a packet instead of UDP segmentation by the kernel.")
    var plainSends = false

    @Flag(help: "Write the SDP and the reference, send nothing.")
    var dry = false

    func run() throws {
        let stream = try PatternStream(self)
        if let sdp {
            try Data(stream.description.text.utf8).write(to: URL(fileURLWithPath: sdp))
        }
        try stream.send(frames: frames, dry: dry)
    }
}

/// The formats a link is checked in.
enum PatternFormat: String, ExpressibleByArgument, CaseIterable {
    case rgb8
    case rgb10
    case rgb12
    case yCbCr8 = "422-8"
    case yCbCr10 = "422-10"

    var wire: WireFormat {
        switch self {
        case .rgb8: .rgb(depth: 8)
        case .rgb10: .rgb(depth: 10)
        case .rgb12: .rgb(depth: 12)
        case .yCbCr8: .yCbCr422(depth: 8, matrix: .bt709)
        case .yCbCr10: .yCbCr422(depth: 10, matrix: .bt709)
        }
    }
}
