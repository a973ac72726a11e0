import Color
import Lanes
import Output
import StageModel
import Testing

@Suite struct PackingTests {
    private func packer(
        _ format: WireFormat, depth: Int, range: CodeRange = .full, width: Int, height: Int = 1
    ) throws -> CanvasPacker {
        try CanvasPacker(
            format: format, codes: CodeFormat(depth: depth, range: range), width: width,
            height: height)
    }

    @Test func `pixel groups of RGB hold the bits written out by hand`() throws {
        // R G B of ten bits: 1111111111 0000000000 1010101010 0000000001 …
        let ten = Picture(width: 4, height: 1) { x, _ in
            [(1023, 0, 682), (1, 512, 3), (0, 0, 0), (1023, 1023, 1022)][x]
        }
        #expect(
            try ten.packed(packer(.rgb(depth: 10), depth: 10, width: 4)) == [
                0b1111_1111, 0b1100_0000, 0b0000_1010, 0b1010_1000, 0b0000_0001, 0b1000_0000,
                0b0000_0000, 0b0011_0000, 0, 0, 0, 0b0011_1111, 0b1111_1111, 0b1111_1111,
                0b1111_1110,
            ])
        let twelve = Picture(width: 2, height: 1) { x, _ in
            [(0xABC, 0xDEF, 0x123), (0x456, 0x789, 0x00F)][x]
        }
        #expect(
            try twelve.packed(packer(.rgb(depth: 12), depth: 12, width: 2))
                == [0xAB, 0xCD, 0xEF, 0x12, 0x34, 0x56, 0x78, 0x90, 0x0F])
        let eight = Picture(width: 1, height: 1) { _, _ in (1, 2, 3) }
        #expect(try eight.packed(packer(.rgb(depth: 8), depth: 8, width: 1)) == [1, 2, 3])
    }

    @Test func `a raw canvas has octets for 8 bits and little-endian words above`() throws {
        let picture = Picture(width: 1, height: 1) { _, _ in (0x12, 0x34, 0x56) }
        #expect(
            try picture.packed(packer(.raw(depth: 8), depth: 8, width: 1)) == [0x12, 0x34, 0x56])
        let wide = Picture(width: 1, height: 1) { _, _ in (0x312, 0x234, 0x156) }
        #expect(
            try wide.packed(packer(.raw(depth: 10), depth: 10, width: 1))
                == [0x12, 3, 0x34, 2, 0x56, 1])
    }

    @Test(arguments: [8, 10, 12])
    func `RGB of every width is its samples, bit after bit`(depth: Int) throws {
        let format = WireFormat.rgb(depth: depth)
        let step = format.pixelGroup.pixels
        for width in stride(from: step, through: 200, by: step) {
            let picture = Picture.random(
                width: width, height: 2, depth: depth, seed: UInt64(width))
            let expected = bitString(
                (0..<2 * width).flatMap { i in
                    [picture.red[i], picture.green[i], picture.blue[i]].map { (Int($0), depth) }
                })
            let got = try picture.packed(
                packer(format, depth: depth, width: width, height: 2))
            #expect(got == expected, "width \(width)")
        }
    }

    @Test(
        arguments: [
            WireFormat.rgb(depth: 8), .rgb(depth: 10), .rgb(depth: 12), .raw(depth: 8),
            .raw(depth: 12), .yCbCr422(depth: 8, matrix: .bt709),
            .yCbCr422(depth: 10, matrix: .bt2020), .framebuffer(.xrgb8888),
        ], [8, 10, 12])
    func `octets do not depend on how a canvas is cut into tiles`(
        format: WireFormat, depth: Int
    ) throws {
        let (width, height) = (332, 5)
        let picture = Picture.random(width: width, height: height, depth: depth, seed: 7)
        let packer = try packer(format, depth: depth, width: width, height: height)
        let whole = picture.packed(packer)
        for tileWidth in [16, 48, 64, 128] {
            var tiles: [CanvasRect] = []
            for y in stride(from: 0, to: height, by: 2) {
                for x in stride(from: 0, to: width, by: tileWidth) {
                    tiles.append(
                        CanvasRect(
                            x: x, y: y, width: min(tileWidth, width - x),
                            height: min(2, height - y)))
                }
            }
            #expect(picture.packed(packer, tiles: tiles.reversed()) == whole)
        }
    }

    @Test(
        arguments: [
            WireFormat.rgb(depth: 8), .rgb(depth: 10), .rgb(depth: 12),
            .yCbCr422(depth: 8, matrix: .bt709), .yCbCr422(depth: 10, matrix: .bt2020),
            .framebuffer(.xrgb8888),
        ])
    func `the three channels of a tile fetch the lines of its octets and no others`(
        format: WireFormat
    ) throws {
        let (width, height) = (368, 9)
        let packer = try packer(format, depth: 8, width: width, height: height)
        let tile = CanvasRect(x: 48, y: 2, width: 256, height: 7)
        // Addresses alone: nothing is read. Lines are those of a canvas that begins on one.
        let canvas = UnsafeMutableRawPointer(bitPattern: 1 << 20)!
        let octets = packer.octets(at: tile, in: canvas)
        for row in 0..<tile.height {
            var fetched: Set<Int> = []
            for channel in 0..<3 {
                let fetch = octets.fetch(by: channel)
                for step in 0..<(tile.width / 32) {
                    let at = Int(bitPattern: fetch.at!) + row * Int(fetch.row_octets)
                    fetched.insert((at + step * Int(fetch.step_octets)) / 64)
                }
            }
            let first =
                (1 << 20) + (tile.y + row) * packer.rowBytes + format.rowBytes(width: tile.x)
            let last = first + format.rowBytes(width: tile.width) - 1
            let lines = Set(first / 64...last / 64)
            let isWide = format.rowBytes(width: 32) > 128
            #expect(fetched.isSubset(of: lines), "row \(row)")
            #expect(
                lines.subtracting(fetched).isSubset(of: isWide ? [last / 64] : []), "row \(row)")
        }
    }

    @Test func `a tile writes its own octets and no others`() throws {
        for format in [WireFormat.rgb(depth: 10), .rgb(depth: 12), .rgb(depth: 8)] {
            let picture = Picture.random(width: 64, height: 2, depth: 8, seed: 3)
            let packer = try packer(format, depth: format.depth, width: 64, height: 2)
            var memory = [UInt8](repeating: 0xA5, count: packer.byteCount)
            let tile = CanvasRect(x: 16, y: 1, width: 16, height: 1)
            memory.withUnsafeMutableBytes { picture.pack(tile, packer, $0.baseAddress!) }
            let start = packer.rowBytes + format.rowBytes(width: 16)
            let end = start + format.rowBytes(width: 16)
            for (index, octet) in memory.enumerated() where index < start || index >= end {
                #expect(octet == 0xA5, "octet \(index) of \(format)")
            }
        }
    }

    @Test func `sizes and depths a format cannot carry are refused with what it can`() {
        #expect(throws: WireFormatError.width(1922, multipleOf: 4)) {
            try WireFormat.rgb(depth: 10).check(width: 1922, height: 8)
        }
        #expect(throws: WireFormatError.width(333, multipleOf: 2)) {
            try WireFormat.yCbCr422(depth: 8, matrix: .bt709).check(width: 333, height: 8)
        }
        #expect(throws: WireFormatError.depth(12, allowed: "8 or 10")) {
            try WireFormat.yCbCr422(depth: 12, matrix: .bt709).check(width: 2, height: 8)
        }
        #expect(throws: WireFormatError.side(32768, limit: 32767)) {
            try WireFormat.rgb(depth: 8).check(width: 32768, height: 8)
        }
        #expect(throws: WireFormatError.side(0, limit: 32767)) {
            try WireFormat.rgb(depth: 8).check(width: 8, height: 0)
        }
        #expect(
            "\(WireFormatError.width(1922, multipleOf: 4))"
                == "a width of 1922 pixels – this format needs a multiple of 4")
    }
}

@Suite struct CodeConversionTests {
    @Test(arguments: [CodeRange.full, .narrow], [8, 10, 12])
    func `packing converts every code as the conversion says`(range: CodeRange, to: Int) throws {
        for from in [8, 10, 12] {
            let codes = CodeFormat(depth: from, range: range)
            let top = 1 << from
            // 4 columns short of a block: the right edge, too.
            let picture = Picture(width: top + 12, height: 1) { x, _ in
                (UInt16(x % top), UInt16((x + 1) % top), UInt16((x * 7 + 3) % top))
            }
            let packer = try CanvasPacker(
                format: .rgb(depth: to), codes: codes, width: top + 12, height: 1)
            let convert = CodeConversion(from: codes, toDepth: to)
            let expected = bitString(
                (0..<top + 12).flatMap { x in
                    [picture.red[x], picture.green[x], picture.blue[x]].map {
                        (Int(convert($0)), to)
                    }
                })
            #expect(picture.packed(packer) == expected)
        }
    }

    @Test func `equal depths pass codes through`() {
        for depth in [8, 10, 12] {
            for range in [CodeRange.full, .narrow] {
                let convert = CodeConversion(
                    from: CodeFormat(depth: depth, range: range), toDepth: depth)
                #expect((0..<UInt16(1 << depth)).allSatisfy { convert($0) == $0 })
            }
        }
    }

    @Test func `every code becomes the nearest one of the other depth`() {
        for from in [8, 10, 12] {
            for to in 1...12 {
                let full = CodeConversion(
                    from: CodeFormat(depth: from, range: .full), toDepth: to)
                let narrow = CodeConversion(
                    from: CodeFormat(depth: from, range: .narrow), toDepth: to)
                let (a, b) = (1 << from, 1 << to)
                for code in 0..<a {
                    // round(code · (b−1) / (a−1)) in whole numbers; never half-way, a−1 is odd.
                    let nearest = (2 * code * (b - 1) + (a - 1)) / (2 * (a - 1))
                    #expect(Int(full(UInt16(code))) == nearest)
                    let step = min(b - 1, (2 * code * b + a) / (2 * a))
                    #expect(Int(narrow(UInt16(code))) == step)
                }
            }
        }
    }

    @Test func `narrow black and white keep their place at every depth`() {
        for (to, black, white) in [(8, 16, 235), (10, 64, 940), (12, 256, 3760)] {
            for from in [8, 10, 12] {
                let convert = CodeConversion(
                    from: CodeFormat(depth: from, range: .narrow), toDepth: to)
                #expect(convert(UInt16(16 << (from - 8))) == UInt16(black))
                #expect(convert(UInt16(235 << (from - 8))) == UInt16(white))
            }
        }
    }
}
