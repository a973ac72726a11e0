import Lanes
public import StageModel

/// Three planes of code values of one tile.
public struct CodePlanes: BitwiseCopyable {
    /// Red codes of the tile's top-left pixel.
    public var red: UnsafePointer<UInt16>
    /// Green codes of the tile's top-left pixel.
    public var green: UnsafePointer<UInt16>
    /// Blue codes of the tile's top-left pixel.
    public var blue: UnsafePointer<UInt16>
    /// Elements from one row to the next.
    public var stride: Int

    /// Planes of a tile; stride in elements.
    @inlinable
    public init(
        red: UnsafePointer<UInt16>, green: UnsafePointer<UInt16>, blue: UnsafePointer<UInt16>,
        stride: Int
    ) {
        self.red = red
        self.green = green
        self.blue = blue
        self.stride = stride
    }
}

/// Packs tiles of code planes into a canvas in its wire format.
///
/// Tiles may come in any order and from any thread: a tile writes its own octets and no others,
/// and the octets do not depend on how the canvas is cut into tiles.
public struct CanvasPacker: BitwiseCopyable, Sendable {
    /// The layout.
    public let format: WireFormat
    /// The codes it is given.
    public let codes: CodeFormat
    /// Canvas width, pixels.
    public let width: Int
    /// Canvas height, pixels.
    public let height: Int
    /// Octets from one canvas row to the next.
    public let rowBytes: Int
    /// Octets of the whole canvas.
    public var byteCount: Int { rowBytes * height }

    private let conversions: (CodeConversion, CodeConversion, CodeConversion)
    private let converts: Bool
    // SAFETY of Sendable: a C struct of numbers, never changed.
    private let matrix: cyc_ycbcr
    private let placing: cyc_framebuffer

    /// A packer for a canvas, or why the format cannot carry it.
    public init(
        format: WireFormat, codes: CodeFormat, width: Int, height: Int
    ) throws(WireFormatError) {
        try format.check(width: width, height: height)
        guard [8, 10, 12].contains(codes.depth) else {
            throw .depth(codes.depth, allowed: "8, 10 or 12")
        }
        self.format = format
        self.codes = codes
        self.width = width
        self.height = height
        rowBytes = format.rowBytes(width: width)
        var matrix = cyc_ycbcr()
        var placing = cyc_framebuffer()
        var lengths = (format.depth, format.depth, format.depth)
        switch format {
        case .yCbCr422(let depth, let weights):
            matrix = weights.constants(
                fromDepth: codes.depth, toDepth: depth, range: codes.range)
            // The matrix converts the depth itself.
            lengths = (codes.depth, codes.depth, codes.depth)
        case .framebuffer(let layout):
            lengths = (layout.red.length, layout.green.length, layout.blue.length)
            placing = cyc_framebuffer(
                red_offset: UInt32(layout.red.offset), green_offset: UInt32(layout.green.offset),
                blue_offset: UInt32(layout.blue.offset), ones: layout.ones,
                octets: Int32(layout.octetsPerPixel))
        case .rgb, .raw: break
        }
        self.matrix = matrix
        self.placing = placing
        conversions = (
            CodeConversion(from: codes, toDepth: lengths.0),
            CodeConversion(from: codes, toDepth: lengths.1),
            CodeConversion(from: codes, toDepth: lengths.2)
        )
        converts =
            !(conversions.0.isIdentity && conversions.1.isIdentity
            && conversions.2.isIdentity)
    }

    /// Packs one tile.
    ///
    /// `rect.x` is a multiple of 16, and so is `rect.width` unless the tile ends at the canvas'
    /// right edge. Codes are below 2ᵈᵉᵖᵗʰ. `canvas` has `byteCount` octets.
    /// - Frame path: yes
    public func pack(
        _ planes: CodePlanes, at rect: CanvasRect, into canvas: UnsafeMutableRawPointer
    ) {
        precondition(
            rect.x >= 0 && rect.y >= 0 && rect.width >= 0 && rect.height >= 0 && rect.x % 16 == 0
                && rect.x + rect.width <= width && rect.y + rect.height <= height
                && (rect.width % 16 == 0 || rect.x + rect.width == width),
            "a tile lies on 16-pixel columns inside its canvas")
        let group = format.pixelGroup
        for row in 0..<rect.height {
            let line = canvas + (rect.y + row) * rowBytes + rect.x / group.pixels * group.octets
            var column = 0
            while column < rect.width {
                let count = min(CYC_PACK_PIXELS, rect.width - column)
                let at = row * planes.stride + column
                packRun(
                    planes.red + at, planes.green + at, planes.blue + at, count,
                    into: (line + column / group.pixels * group.octets)
                        .assumingMemoryBound(to: UInt8.self))
                column += count
            }
        }
    }

    /// At most `CYC_PACK_PIXELS` pixels, of equal depths or by way of a converted copy.
    @inline(__always)
    private func packRun(
        _ red: UnsafePointer<UInt16>, _ green: UnsafePointer<UInt16>,
        _ blue: UnsafePointer<UInt16>, _ count: Int, into out: UnsafeMutablePointer<UInt8>
    ) {
        guard converts else { return packEqual(red, green, blue, count, into: out) }
        // 384 octets: on the stack.
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 3 * 64) { scratch in
            let base = scratch.baseAddress!
            let (r, g, b) = conversions
            cyc_convert_codes(red, Int64(count), r.multiplier, r.limit, base)
            cyc_convert_codes(green, Int64(count), g.multiplier, g.limit, base + 64)
            cyc_convert_codes(blue, Int64(count), b.multiplier, b.limit, base + 128)
            packEqual(base, base + 64, base + 128, count, into: out)
        }
    }

    private func packEqual(
        _ red: UnsafePointer<UInt16>, _ green: UnsafePointer<UInt16>,
        _ blue: UnsafePointer<UInt16>, _ count: Int, into out: UnsafeMutablePointer<UInt8>
    ) {
        if case .framebuffer = format {
            withUnsafePointer(to: placing) {
                cyc_pack_framebuffer(red, green, blue, Int64(count), $0, out)
            }
            return
        }
        if case .raw(let depth) = format, depth > 8 {
            // 16-bit words, little-endian as this machine is; a canvas row of 6-octet pixels is
            // 2-aligned in an aligned canvas.
            out.withMemoryRebound(to: UInt16.self, capacity: 3 * count) {
                cyc_interleave3(red, green, blue, Int64(count), $0)
            }
            return
        }
        // 384 octets: on the stack.
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 3 * 64) { scratch in
            let samples = scratch.baseAddress!
            var sampleCount = Int64(3 * count)
            if case .yCbCr422 = format {
                withUnsafePointer(to: matrix) {
                    cyc_ycbcr422(red, green, blue, Int64(count), $0, samples)
                }
                sampleCount = Int64(2 * count)
            } else {
                cyc_interleave3(red, green, blue, Int64(count), samples)
            }
            switch format {
            case .rgb(depth: 12): cyc_pack_samples12(samples, sampleCount, out)
            case .rgb(depth: 10), .yCbCr422(depth: 10, _):
                cyc_pack_samples10(samples, sampleCount, out)
            default: cyc_pack_samples8(samples, sampleCount, out)
            }
        }
    }
}
