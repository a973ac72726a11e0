/// How a frame is cut into RTP packets: "equal GPM" of ST 2110-20 §6.3.2.
///
/// A row goes into the fewest packets the limit allows, each of ceil(groups / packets) pixel
/// groups; only a row's last packet may be shorter. No packet crosses a row, so packet j is row
/// j / packetsPerRow from pixel (j % packetsPerRow) · pixelsPerPacket: no state, and equal sizes,
/// which UDP segmentation offload needs.
public struct RTPCut: BitwiseCopyable, Sendable, Hashable {
    /// Octets of the RTP header, the extended sequence number and one row header
    /// (RFC 4175 §4.2, §4.3).
    public static let headerBytes = 20

    /// Rows of the frame.
    public let rows: Int
    /// Packets of a row.
    public let packetsPerRow: Int
    /// Octets of pixels in every packet of a row but the last.
    public let payloadBytes: Int
    /// Octets of pixels in a row's last packet.
    public let lastPayloadBytes: Int
    /// Pixels in every packet of a row but the last.
    public let pixelsPerPacket: Int

    /// Packets of a frame.
    @inlinable public var packetCount: Int { rows * packetsPerRow }
    /// Every packet has the same size.
    @inlinable public var isEven: Bool { payloadBytes == lastPayloadBytes }

    /// The cut of a picture in an RTP format that carries it, under a UDP length that counts its
    /// own 8-octet header.
    public init(
        format: WireFormat, width: Int, height: Int,
        udpOctets: Int = OutputLimits.standardUDPOctets
    ) throws(WireFormatError) {
        try format.check(width: width, height: height)
        let group = format.pixelGroup
        let groups = width / group.pixels
        let room = (udpOctets - 8 - RTPCut.headerBytes) / group.octets
        precondition(room > 0, "a datagram holds at least one pixel group")
        let packets = (groups + room - 1) / room
        let groupsEach = (groups + packets - 1) / packets
        rows = height
        // Rounding groups up may leave a packet without any: as many as are needed then.
        packetsPerRow = (groups + groupsEach - 1) / groupsEach
        payloadBytes = groupsEach * group.octets
        lastPayloadBytes = (groups - (packetsPerRow - 1) * groupsEach) * group.octets
        pixelsPerPacket = groupsEach * group.pixels
    }
}

/// Datagrams that leave in one call: all of one size but the last, which may be shorter.
public struct RTPBatch: BitwiseCopyable, Sendable, Hashable {
    /// Index of its first packet.
    public let first: Int
    /// Packets.
    public let count: Int
    /// Octets of a packet, headers of RTP included.
    public let segmentBytes: Int

    /// Packets from `first` on.
    @inlinable
    public init(first: Int, count: Int, segmentBytes: Int) {
        self.first = first
        self.count = count
        self.segmentBytes = segmentBytes
    }
}

extension RTPCut {
    /// Cuts the frame into calls of at most `segments` packets.
    ///
    /// Uneven rows end a call, because only a call's last segment may be short.
    public func batches(segments: Int = 45) -> [RTPBatch] {
        let size = RTPCut.headerBytes + payloadBytes
        let most = min(
            max(1, segments), OutputLimits.segmentsPerCall,
            max(1, OutputLimits.octetsPerCall / size))
        let run = isEven ? packetCount : packetsPerRow
        var batches: [RTPBatch] = []
        for start in stride(from: 0, to: packetCount, by: run) {
            for first in stride(from: start, to: start + run, by: most) {
                batches.append(
                    RTPBatch(
                        first: first, count: min(most, start + run - first), segmentBytes: size))
            }
        }
        return batches
    }
}
