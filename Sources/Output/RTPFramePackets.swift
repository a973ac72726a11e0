public import Glibc
import Synchronization

// SAFETY of @unchecked: the memory is its own, and one thread, its output's sender, uses it.

/// The packets of a frame: prebuilt headers, and pixels where they lie in the canvas.
///
/// Made once per output. `prepare` writes what changes (sequence number, time stamp, where the
/// canvas is); a sender then passes `iovecs` to the kernel: header, pixels, header, pixels …
/// Redundant legs (ST 2022-7) send the same ones.
public final class RTPFramePackets: @unchecked Sendable {
    /// How the frame is cut.
    public let cut: RTPCut
    /// Packets of a frame.
    public var count: Int { cut.packetCount }
    /// Two a packet: header, then pixels.
    public let iovecs: UnsafeMutablePointer<iovec>
    /// What to send in one call.
    public let batches: UnsafeBufferPointer<RTPBatch>
    /// Sequence number of the next frame's first packet.
    public var nextSequence: UInt32 { sequence.load(ordering: .relaxed) }

    private let sequence: Atomic<UInt32>
    private let headers: UnsafeMutableRawPointer
    private let rowBytes: Int

    /// Packets of a canvas of `rowBytes` a row.
    ///
    /// `payloadType` is 96 … 127 (RFC 3551 §6). `source` is the SSRC. `segments` is the most
    /// packets of a batch: 45 measured best where a receiver shares the machine.
    public init(
        cut: RTPCut, rowBytes: Int, payloadType: UInt8, source: UInt32,
        firstSequence: UInt32 = 0, segments: Int = 45
    ) {
        precondition((96...127).contains(payloadType), "a dynamic payload type is 96 to 127")
        self.cut = cut
        self.rowBytes = rowBytes
        sequence = Atomic(firstSequence)
        headers = .allocate(byteCount: cut.packetCount * RTPCut.headerBytes, alignment: 64)
        iovecs = .allocate(capacity: 2 * cut.packetCount)
        let all = cut.batches(segments: segments)
        let copy = UnsafeMutableBufferPointer<RTPBatch>.allocate(capacity: all.count)
        _ = copy.initialize(from: all)
        batches = UnsafeBufferPointer(copy)
        for packet in 0..<cut.packetCount {
            let (row, part) = packet.quotientAndRemainder(dividingBy: cut.packetsPerRow)
            let isLast = part == cut.packetsPerRow - 1
            let bytes = isLast ? cut.lastPayloadBytes : cut.payloadBytes
            let header = headers + packet * RTPCut.headerBytes
            let marker: UInt8 = packet == cut.packetCount - 1 ? 0x80 : 0
            header.storeBytes(of: 0x80, as: UInt8.self)
            header.storeBytes(of: marker | payloadType, toByteOffset: 1, as: UInt8.self)
            header.storeBytes(of: source.bigEndian, toByteOffset: 8, as: UInt32.self)
            for (offset, value) in [(14, bytes), (16, row), (18, part * cut.pixelsPerPacket)] {
                header.storeBytes(
                    of: UInt16(value).bigEndian, toByteOffset: offset, as: UInt16.self)
            }
            (iovecs + 2 * packet).initialize(
                to: iovec(iov_base: header, iov_len: RTPCut.headerBytes))
            (iovecs + 2 * packet + 1).initialize(to: iovec(iov_base: nil, iov_len: bytes))
        }
        prepareHeaders(timestamp: 0, first: firstSequence)
    }

    deinit {
        headers.deallocate()
        iovecs.deallocate()
        batches.deallocate()
    }

    /// Makes the packets those of one frame, and moves the sequence on.
    ///
    /// `canvas` holds the frame's pixels until the packets are sent; `timestamp` is the grid's
    /// (`Timing.FrameGrid.rtpTimestamp`).
    /// - Frame path: yes
    public func prepare(canvas: UnsafeRawPointer, timestamp: UInt32) {
        prepareHeaders(timestamp: timestamp, first: nextSequence)
        sequence.wrappingAdd(UInt32(truncatingIfNeeded: cut.packetCount), ordering: .relaxed)
        // The kernel only reads it.
        var line = UnsafeMutableRawPointer(mutating: canvas)
        var pixels = iovecs + 1
        for _ in 0..<cut.rows {
            var at = line
            for _ in 0..<cut.packetsPerRow {
                pixels.pointee.iov_base = at
                at += cut.payloadBytes
                pixels += 2
            }
            line += rowBytes
        }
    }

    private func prepareHeaders(timestamp: UInt32, first: UInt32) {
        var header = headers
        var sequence = first
        for _ in 0..<cut.packetCount {
            let low = UInt16(truncatingIfNeeded: sequence).bigEndian
            let high = UInt16(truncatingIfNeeded: sequence >> 16).bigEndian
            header.storeBytes(of: low, toByteOffset: 2, as: UInt16.self)
            header.storeBytes(of: timestamp.bigEndian, toByteOffset: 4, as: UInt32.self)
            header.storeBytes(of: high, toByteOffset: 12, as: UInt16.self)
            header += RTPCut.headerBytes
            sequence &+= 1
        }
    }

    /// A copy of one packet of the prepared frame, UDP payload as it leaves.
    public func packet(_ index: Int) -> [UInt8] {
        precondition(index >= 0 && index < count, "a packet of the frame")
        return [iovecs[2 * index], iovecs[2 * index + 1]].flatMap { part in
            [UInt8](UnsafeRawBufferPointer(start: part.iov_base, count: part.iov_len))
        }
    }
}
