public import Color
public import StageModel

/// How an output's canvas is laid out in memory, octet for octet as it leaves.
public enum WireFormat: BitwiseCopyable, Sendable, Hashable {
    /// ST 2110-20 RGB of 8, 10 or 12 bits; R G B, most significant bit first, no gaps.
    case rgb(depth: Int)
    /// ST 2110-20 YCbCr-4:2:2 of 8 or 10 bits; Cb Y0 Cr Y1, most significant bit first.
    case yCbCr422(depth: Int, matrix: YCbCrMatrix)
    /// Interleaved R G B; octets for 8 bits, little-endian 16-bit words above.
    case raw(depth: Int)
    /// The packing a framebuffer device reports.
    case framebuffer(FramebufferLayout)

    /// The RTP format of an output: 4:2:2 uses the matrix of the wall's primaries, BT.2020 where
    /// they are BT.2020's, else BT.709.
    public static func rtp(
        sampling: OutputPort.Sampling, depth: Int, primaries: Primaries
    ) -> WireFormat {
        switch sampling {
        case .rgb: .rgb(depth: depth)
        case .yCbCr422:
            .yCbCr422(depth: depth, matrix: primaries == .rec2020 ? .bt2020 : .bt709)
        }
    }

    /// The smallest run of pixels that is a whole number of octets (ST 2110-20 table 2).
    /// - Frame path: yes
    public var pixelGroup: PixelGroup {
        switch self {
        case .rgb(depth: 10): PixelGroup(octets: 15, pixels: 4)
        case .rgb(depth: 12): PixelGroup(octets: 9, pixels: 2)
        case .rgb: PixelGroup(octets: 3, pixels: 1)
        case .yCbCr422(depth: 10, _): PixelGroup(octets: 5, pixels: 2)
        case .yCbCr422: PixelGroup(octets: 4, pixels: 2)
        case .raw(depth: 8): PixelGroup(octets: 3, pixels: 1)
        case .raw: PixelGroup(octets: 6, pixels: 1)
        case .framebuffer(let layout): PixelGroup(octets: layout.octetsPerPixel, pixels: 1)
        }
    }

    /// Bits of a sample; of a framebuffer, its longest component.
    public var depth: Int {
        switch self {
        case .rgb(let depth), .yCbCr422(let depth, _), .raw(let depth): depth
        case .framebuffer(let layout):
            max(layout.red.length, layout.green.length, layout.blue.length)
        }
    }

    /// Octets of a row of pixels, without padding; width is a whole number of pixel groups.
    public func rowBytes(width: Int) -> Int { width / pixelGroup.pixels * pixelGroup.octets }
}

/// A run of pixels that is a whole number of octets.
public struct PixelGroup: BitwiseCopyable, Sendable, Hashable {
    /// Octets of a group.
    public let octets: Int
    /// Pixels of a group.
    public let pixels: Int

    /// A group of pixels in octets.
    @inlinable public init(octets: Int, pixels: Int) {
        self.octets = octets
        self.pixels = pixels
    }
}

/// Why a picture cannot be sent in a format.
public enum WireFormatError: Error, Hashable, CustomStringConvertible {
    /// The format has no such depth.
    case depth(Int, allowed: String)
    /// The width is not a whole number of pixel groups.
    case width(Int, multipleOf: Int)
    /// A side is zero or too long.
    case side(Int, limit: Int)
    /// A framebuffer packing we cannot write.
    case framebuffer(String)

    /// One line for the operator: what was found and what is allowed.
    public var description: String {
        switch self {
        case .depth(let depth, let allowed):
            "a depth of \(depth) bits – this format has \(allowed)"
        case .width(let width, let multiple):
            "a width of \(width) pixels – this format needs a multiple of \(multiple)"
        case .side(let side, let limit):
            "a side of \(side) pixels – this format carries 1 to \(limit)"
        case .framebuffer(let reason):
            "the framebuffer's packing: \(reason)"
        }
    }
}

extension WireFormat {
    /// Checks that a picture of this size can be sent in this format.
    public func check(width: Int, height: Int) throws(WireFormatError) {
        let limit = OutputLimits.rowsAndColumns
        for side in [width, height] where side < 1 || side > limit {
            throw .side(side, limit: limit)
        }
        switch self {
        case .rgb(let depth), .raw(let depth):
            guard [8, 10, 12].contains(depth) else { throw .depth(depth, allowed: "8, 10 or 12") }
        case .yCbCr422(let depth, _):
            guard [8, 10].contains(depth) else { throw .depth(depth, allowed: "8 or 10") }
        case .framebuffer(let layout): try layout.check()
        }
        let pixels = pixelGroup.pixels
        guard width % pixels == 0 else { throw .width(width, multipleOf: pixels) }
    }
}
