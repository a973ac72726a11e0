import Color
import Foundation
import FrameLoop
import Lanes
import Output
import Platform
import StageModel
import Timing

/// Opens a stage's outputs: a ring and a packer on the frame path, a sender thread with its sink.
struct StageOutputs {
    /// Canvases of a ring: one filling, one ready, one sending, one a monitor may look at.
    private static let canvases = 4

    private(set) var senders: [OutputSender] = []
    /// What an operator is told: where each output goes.
    private(set) var descriptions: [String] = []

    init(stage: Stage, path: FramePath, sdpDirectory: String) throws {
        for output in stage.outputs {
            try open(output, of: stage, on: path, sdpDirectory: sdpDirectory)
        }
    }

    private mutating func open(
        _ output: OutputPort, of stage: Stage, on path: FramePath, sdpDirectory: String
    ) throws {
        let processor = stage.processors[output.processor]
        let primaries = Self.primaries(of: output.processor, stage)
        func packer(_ format: WireFormat) throws -> CanvasPacker {
            try Self.packer(format, of: processor)
        }
        var every = 1
        let made: (packer: CanvasPacker, sink: any OutputSink, text: String)
        switch output.kind {
        case .rtp(let host, let port, let sampling, let depth, let payloadType):
            let format = WireFormat.rtp(sampling: sampling, depth: depth, primaries: primaries)
            let wire = try packer(format)
            let cut = try RTPCut(
                format: format, width: processor.width, height: processor.height)
            let sender = try UDPSender(host: host, port: port)
            let session = SessionDescription(
                name: "\(stage.name) \(output.name)", sourceAddress: sender.sourceAddress,
                address: sender.address, port: port, payloadType: payloadType, format: format,
                width: processor.width, height: processor.height, rate: stage.rate,
                transfer: processor.transfer, primaries: primaries, range: processor.range)
            let sdp = "\(sdpDirectory)/\(stage.name)-\(output.name).sdp"
            do {
                try session.text.write(toFile: sdp, atomically: true, encoding: .utf8)
            } catch {
                throw RunError("\(sdp): cannot be written – give another folder with --sdp")
            }
            let packets = RTPFramePackets(
                cut: cut, rowBytes: wire.rowBytes, payloadType: payloadType,
                source: Self.source(of: output))
            made = (
                wire, RTPSink(packets: packets, sender: sender),
                "rtp://\(host):\(port), \(cut.packetCount) packets a frame, SDP \(sdp)"
            )
        case .framebuffer(let device):
            let framebuffer = try Framebuffer(device: device)
            let wire = try packer(.framebuffer(FramebufferLayout(framebuffer.mode)))
            made = (
                wire,
                FramebufferSink(
                    framebuffer: framebuffer, rowBytes: wire.rowBytes, rows: processor.height),
                "\(device), \(framebuffer.mode.width)×\(framebuffer.mode.height)"
            )
        case .stills(let directory, let interval):
            every = interval
            let wire = try packer(.raw(depth: processor.bitDepth))
            made = (
                wire,
                try StillsSink(
                    directory: directory,
                    size: (processor.width, processor.height, processor.bitDepth),
                    byteCount: wire.byteCount), "a still every \(interval) frames in \(directory)"
            )
        case .raw(let file):
            let wire = try packer(.raw(depth: processor.bitDepth))
            made = (wire, try RawSink(path: file, byteCount: wire.byteCount), file)
        }
        let ring = OutputRing(byteCount: made.packer.byteCount, count: Self.canvases)
        path.add(ring: ring, packer: made.packer, processor: output.processor, every: every)
        senders.append(
            OutputSender(
                name: output.name, ring: ring, sink: made.sink, grid: path.stage.grid,
                taiOffset: stage.taiOffset))
        descriptions.append("\(output.name): \(made.text)")
    }

    /// Packs a processor's canvas in a wire format.
    static func packer(
        _ format: WireFormat, of processor: Processor
    ) throws -> CanvasPacker {
        try CanvasPacker(
            format: format,
            codes: CodeFormat(depth: processor.bitDepth, range: processor.range),
            width: processor.width, height: processor.height)
    }

    /// The light of the walls a processor feeds; BT.709 for one that feeds none.
    static func primaries(of processor: Int, _ stage: Stage) -> Primaries {
        stage.panels.first { $0.processor == processor }
            .map { stage.walls[$0.wall].primaries } ?? .rec709
    }

    /// An SSRC of the output's own (RFC 3550 §8), the same in every run.
    private static func source(of output: OutputPort) -> UInt32 {
        output.name.utf8.reduce(0x811c_9dc5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }
}

extension FramebufferLayout {
    /// The packing a device reports.
    init(_ mode: Framebuffer.Mode) {
        func field(_ field: Framebuffer.Field) -> Field {
            Field(offset: field.offset, length: field.length)
        }
        self.init(
            bitsPerPixel: mode.bitsPerPixel, red: field(mode.red), green: field(mode.green),
            blue: field(mode.blue), alpha: field(mode.alpha))
    }
}
