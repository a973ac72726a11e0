import FrameLoop
import Glibc
import Output
import StageModel
import StageTwin

/// One processor's canvas on its way to a simulated wall: packed as it goes out by RTP, cut into
/// datagrams and handed over, no sockets in between.
final class CanvasStream {
    private let ring: OutputRing
    private var packets: RTPFramePackets
    private let datagram: UnsafeMutableRawBufferPointer

    /// A stream of a processor that a frame path fills.
    init(_ format: StreamFormat, of index: Int, on path: FramePath, stage: Stage) throws {
        let processor = stage.processors[index]
        let wire = WireFormat.rtp(
            sampling: format.sampling, depth: format.depth,
            primaries: StageOutputs.primaries(of: index, stage))
        let packer = try CanvasPacker(
            format: wire, codes: CodeFormat(depth: processor.bitDepth, range: processor.range),
            width: processor.width, height: processor.height)
        ring = OutputRing(byteCount: packer.byteCount)
        path.add(ring: ring, packer: packer, processor: index)
        packets = RTPFramePackets(
            cut: try RTPCut(format: wire, width: processor.width, height: processor.height),
            rowBytes: packer.rowBytes, payloadType: format.payloadType,
            source: UInt32(index) + 1, firstSequence: 0xFFF0)
        datagram = .allocate(byteCount: 9000, alignment: 16)
    }

    deinit { datagram.deallocate() }

    /// Hands every datagram of the newest canvas over, as the sender thread does.
    func send(to receiver: inout StreamReceiver) {
        guard let canvas = ring.takeReady() else { return }
        packets.prepare(canvas: UnsafeRawPointer(canvas.bytes), timestamp: canvas.rtpTimestamp)
        for index in 0..<packets.count {
            var size = 0
            for piece in [2 * index, 2 * index + 1] {
                let part = packets.iovecs[piece]
                if let start = part.iov_base {
                    (datagram.baseAddress! + size).copyMemory(
                        from: start, byteCount: part.iov_len)
                }
                size += part.iov_len
            }
            receiver.take(UnsafeRawBufferPointer(rebasing: datagram[..<size]))
        }
        ring.release(canvas.index)
    }
}
