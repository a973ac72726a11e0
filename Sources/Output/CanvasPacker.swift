public import Lanes
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

/// Where a tile's octets lie in a canvas.
///
/// A plain pointer: whoever owns the canvas outlives the frame.
public struct TileOctets: BitwiseCopyable {
    fileprivate let first: UnsafeRawPointer
    fileprivate let rowBytes: Int
    /// Octets of sixteen pixels, at most 96.
    fileprivate let blockBytes: Int

    /// What the kernel of one channel of three asks for: of every 32 pixels, at most 192 octets,
    /// each a line of its own, or the one they end in.
    ///
    /// Above 128 octets the line a row of the tile ends in may be left out.
    /// - Frame path: yes
    public func fetch(by channel: Int) -> cyc_fetch {
        let step = 2 * blockBytes
        return cyc_fetch(
            at: first + min(64 * channel, step - 1), row_octets: Int64(rowBytes),
            step_octets: Int64(step))
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
    private let packing: cyc_packing

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
        packing = format.packing(of: codes)
        let depths =
            switch format {
            case .rgb(let depth), .raw(let depth): (depth, depth, depth)
            // The matrix converts the depth itself.
            case .yCbCr422: (codes.depth, codes.depth, codes.depth)
            case .framebuffer(let layout):
                (layout.red.length, layout.green.length, layout.blue.length)
            }
        conversions = (
            CodeConversion(from: codes, toDepth: depths.0),
            CodeConversion(from: codes, toDepth: depths.1),
            CodeConversion(from: codes, toDepth: depths.2)
        )
        converts =
            !(conversions.0.isIdentity && conversions.1.isIdentity && conversions.2.isIdentity)
    }

    /// Where a tile's octets go in a canvas, for `CodeEncoder.encode` to fetch.
    /// - Frame path: yes
    public func octets(
        at rect: CanvasRect, in canvas: UnsafeMutableRawPointer
    ) -> TileOctets {
        let block = Int(packing.block_octets)
        return TileOctets(
            first: UnsafeRawPointer(canvas) + rect.y * rowBytes + rect.x / 16 * block,
            rowBytes: rowBytes, blockBytes: block)
    }

    /// Packs one tile.
    ///
    /// `rect.x` is a multiple of 16, and so is `rect.width` unless the tile ends at the canvas'
    /// right edge. Codes are below 2ᵈᵉᵖᵗʰ. `canvas` has `byteCount` octets.
    /// - Parameter isFetched: the tile's octets were given to `CodeEncoder.encode`.
    /// - Frame path: yes
    public func pack(
        _ planes: CodePlanes, at rect: CanvasRect, into canvas: UnsafeMutableRawPointer,
        isFetched: Bool = false
    ) {
        precondition(
            rect.x >= 0 && rect.y >= 0 && rect.width >= 0 && rect.height >= 0 && rect.x % 16 == 0
                && rect.x + rect.width <= width && rect.y + rect.height <= height
                && (rect.width % 16 == 0 || rect.x + rect.width == width),
            "a tile lies on 16-pixel columns inside its canvas")
        let block = Int(packing.block_octets)
        withUnsafePointer(to: packing) { packing in
            for row in 0..<rect.height {
                let out = (canvas + (rect.y + row) * rowBytes + rect.x / 16 * block)
                    .assumingMemoryBound(to: UInt8.self)
                // Asked for while the two rows before it are packed: the canvas is in no cache.
                if !isFetched {
                    cyc_fetch_for_writing(out + 2 * rowBytes, Int64(rect.width / 16 * block))
                }
                let at = row * planes.stride
                let (red, green, blue) = (planes.red + at, planes.green + at, planes.blue + at)
                if converts {
                    packConverted(packing, red, green, blue, rect.width, into: out)
                } else {
                    cyc_pack_row(packing, red, green, blue, Int64(rect.width), out)
                }
            }
        }
    }

    /// A row by way of copies in the depth of the format.
    private func packConverted(
        _ packing: UnsafePointer<cyc_packing>, _ red: UnsafePointer<UInt16>,
        _ green: UnsafePointer<UInt16>, _ blue: UnsafePointer<UInt16>, _ width: Int,
        into out: UnsafeMutablePointer<UInt8>
    ) {
        // 768 octets: on the stack.
        withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 3 * 128) { scratch in
            let base = scratch.baseAddress!
            for start in stride(from: 0, to: width, by: 128) {
                let count = min(128, width - start)
                convert(red + start, count, conversions.0, into: base)
                convert(green + start, count, conversions.1, into: base + 128)
                convert(blue + start, count, conversions.2, into: base + 256)
                cyc_pack_row(
                    packing, base, base + 128, base + 256, Int64(count),
                    out + start / 16 * Int(packing.pointee.block_octets))
            }
        }
    }

    private func convert(
        _ codes: UnsafePointer<UInt16>, _ count: Int, _ conversion: CodeConversion,
        into out: UnsafeMutablePointer<UInt16>
    ) {
        let whole = count & ~7
        cyc_convert_codes(codes, Int64(whole), conversion.ratio, conversion.limit, out)
        for index in whole..<count { out[index] = conversion(codes[index]) }
    }
}

extension WireFormat {
    /// The kernel's constants for codes of a format.
    fileprivate func packing(of codes: CodeFormat) -> cyc_packing {
        var packing = cyc_packing()
        packing.block_octets = Int32(16 / pixelGroup.pixels * pixelGroup.octets)
        switch self {
        case .rgb(depth: 8), .raw(depth: 8): packing.kind = CYC_PACK_RGB8
        case .rgb(depth: 10): packing.kind = CYC_PACK_RGB10
        case .rgb: packing.kind = CYC_PACK_RGB12
        case .raw: packing.kind = CYC_PACK_RGB16
        case .yCbCr422(let depth, let matrix):
            packing.kind = depth == 8 ? CYC_PACK_YCBCR8 : CYC_PACK_YCBCR10
            packing.ycbcr = matrix.constants(
                fromDepth: codes.depth, toDepth: depth, range: codes.range)
        case .framebuffer(let layout):
            packing.kind = CYC_PACK_FRAMEBUFFER
            packing.framebuffer = cyc_framebuffer(
                red_offset: Int32(layout.red.offset), green_offset: Int32(layout.green.offset),
                blue_offset: Int32(layout.blue.offset), ones: layout.ones,
                octets: Int32(layout.octetsPerPixel))
        }
        return packing
    }
}
