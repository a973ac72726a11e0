public import StageModel

/// What an RTP stream says of its pixels (ST 2110-20 §7).
public struct StreamFormat: Sendable {
    /// Canvas width, pixels.
    public var width: Int
    /// Canvas height, pixels.
    public var height: Int
    /// Components.
    public var sampling: OutputPort.Sampling
    /// Bits of a sample: 8, 10 or 12 (4:2:2: 8 or 10).
    public var depth: Int
    /// RTP payload type.
    public var payloadType: UInt8

    /// A format as an SDP states it.
    public init(
        width: Int, height: Int, sampling: OutputPort.Sampling, depth: Int, payloadType: UInt8
    ) {
        self.width = width
        self.height = height
        self.sampling = sampling
        self.depth = depth
        self.payloadType = payloadType
    }

    /// Pixels of one pixel group (RFC 4175 §4.3).
    var groupPixels: Int {
        switch (sampling, depth) {
        case (.yCbCr422, _): 2
        case (.rgb, 10): 4
        case (.rgb, 12): 2
        case (.rgb, _): 1
        }
    }

    /// Octets of one pixel group.
    var groupOctets: Int {
        let samples = sampling == .rgb ? 3 * groupPixels : 2 * groupPixels
        return samples * depth / 8
    }

    /// Octets of one row.
    var rowOctets: Int { width / groupPixels * groupOctets }
}

/// One way a stream can break RFC 4175, ST 2110-20 or ST 2110-10.
public enum StreamBreak: String, Sendable, CaseIterable {
    /// Shorter than its headers.
    case tooShort
    /// More than 1452 octets: a UDP length over 1460 (ST 2110-10 §6.3).
    case tooLong
    /// First octet is not 0x80.
    case header
    /// Another payload type than the SDP's.
    case payloadType
    /// The 32-bit sequence number is not one more than the last.
    case sequence
    /// Another time stamp than the frame's first packet.
    case timestamp
    /// Another SSRC than the stream's first packet.
    case source
    /// Marker before the last octet, or none on the packet that ends the frame.
    case marker
    /// More than three row headers.
    case rowHeaders
    /// Field bit set in a progressive stream.
    case field
    /// A row, offset or length outside the canvas or off a pixel group.
    case segment
    /// A segment before the place the last one ended.
    case backwards
    /// A segment after the place the last one ended: octets in between are missing.
    case hole
    /// Octets left over after the last segment, or fewer than the headers promise.
    case payload
}
