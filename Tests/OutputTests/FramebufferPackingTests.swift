import Color
import Output
import Testing

@Suite struct FramebufferPackingTests {
    private typealias Field = FramebufferLayout.Field

    private func octets(
        _ layout: FramebufferLayout, _ code: (UInt16, UInt16, UInt16), depth: Int = 8
    ) throws -> [UInt8] {
        let packer = try CanvasPacker(
            format: .framebuffer(layout), codes: CodeFormat(depth: depth, range: .full), width: 3,
            height: 1)
        let row = Picture(width: 3, height: 1) { x, _ in x == 1 ? code : (0, 0, 0) }
            .packed(packer)
        let size = layout.bitsPerPixel / 8
        return Array(row[size..<2 * size])
    }

    @Test func `32-bit packings follow the offsets the driver reports`() throws {
        #expect(try octets(.xrgb8888, (0x11, 0x22, 0x33)) == [0x33, 0x22, 0x11, 0])
        let swapped = FramebufferLayout(
            bitsPerPixel: 32, red: Field(offset: 0, length: 8), green: Field(offset: 8, length: 8),
            blue: Field(offset: 16, length: 8), alpha: Field(offset: 24, length: 8))
        #expect(try octets(swapped, (0x11, 0x22, 0x33)) == [0x11, 0x22, 0x33, 0xFF])
        let high = FramebufferLayout(
            bitsPerPixel: 32, red: Field(offset: 24, length: 8),
            green: Field(offset: 16, length: 8), blue: Field(offset: 8, length: 8),
            alpha: Field(offset: 0, length: 8))
        #expect(try octets(high, (0x11, 0x22, 0x33)) == [0xFF, 0x33, 0x22, 0x11])
    }

    @Test func `10-bit codes reach a 10-bit framebuffer unchanged`() throws {
        let deep = FramebufferLayout(
            bitsPerPixel: 32, red: Field(offset: 20, length: 10),
            green: Field(offset: 10, length: 10), blue: Field(offset: 0, length: 10),
            alpha: Field(offset: 30, length: 2))
        let word = UInt32(3) << 30 | UInt32(1) << 20 | UInt32(1022) << 10 | 512
        let expected = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> $0) }
        #expect(try octets(deep, (1, 1022, 512), depth: 10) == expected)
    }

    @Test func `16 bits of 5-6-5 and 5-5-5 take rounded components`() throws {
        let sixteen = FramebufferLayout(
            bitsPerPixel: 16, red: Field(offset: 11, length: 5), green: Field(offset: 5, length: 6),
            blue: Field(offset: 0, length: 5), alpha: Field(offset: 0, length: 0))
        // 255 → 31, 128 → 32 (31.6), 4 → 0 (0.49)
        let word = UInt16(31) << 11 | UInt16(32) << 5
        #expect(try octets(sixteen, (255, 128, 4)) == [UInt8(word & 0xFF), UInt8(word >> 8)])
        let fifteen = FramebufferLayout(
            bitsPerPixel: 16, red: Field(offset: 10, length: 5), green: Field(offset: 5, length: 5),
            blue: Field(offset: 0, length: 5), alpha: Field(offset: 15, length: 1))
        #expect(try octets(fifteen, (255, 255, 255)) == [0xFF, 0xFF])
        #expect(try octets(fifteen, (0, 0, 255)) == [0x1F, 0x80])
    }

    @Test func `24 bits are three octets in the driver's order`() throws {
        let bgr = FramebufferLayout(
            bitsPerPixel: 24, red: Field(offset: 16, length: 8), green: Field(offset: 8, length: 8),
            blue: Field(offset: 0, length: 8), alpha: Field(offset: 0, length: 0))
        #expect(try octets(bgr, (0x11, 0x22, 0x33)) == [0x33, 0x22, 0x11])
    }

    @Test(arguments: [16, 24, 32])
    func `every width is its pixels, one after the other`(bits: Int) throws {
        let short = bits == 16
        let layout = FramebufferLayout(
            bitsPerPixel: bits, red: Field(offset: short ? 11 : 16, length: short ? 5 : 8),
            green: Field(offset: short ? 5 : 8, length: short ? 6 : 8),
            blue: Field(offset: 0, length: short ? 5 : 8), alpha: Field(offset: 0, length: 0))
        let codes = CodeFormat(depth: 8, range: .full)
        let (five, six) = (
            CodeConversion(from: codes, toDepth: 5), CodeConversion(from: codes, toDepth: 6)
        )
        for width in 1...70 {
            let picture = Picture.random(width: width, height: 2, depth: 8, seed: UInt64(width))
            let packer = try CanvasPacker(
                format: .framebuffer(layout), codes: codes, width: width, height: 2)
            let expected = (0..<2 * width).flatMap { i -> [UInt8] in
                let (r, g, b) = (picture.red[i], picture.green[i], picture.blue[i])
                if !short {
                    return [b, g, r].map { UInt8($0) } + (bits == 32 ? [0] : [])
                }
                let word = five(r) << 11 | six(g) << 5 | five(b)
                return [UInt8(word & 0xFF), UInt8(word >> 8)]
            }
            #expect(picture.packed(packer) == expected, "width \(width)")
        }
    }

    @Test func `packings that are no true color are refused by name`() {
        var palette = FramebufferLayout.xrgb8888
        palette.bitsPerPixel = 8
        #expect(throws: WireFormatError.self) {
            try WireFormat.framebuffer(palette).check(width: 8, height: 8)
        }
        var outside = FramebufferLayout.xrgb8888
        outside.red = Field(offset: 28, length: 8)
        #expect(throws: WireFormatError.self) {
            try WireFormat.framebuffer(outside).check(width: 8, height: 8)
        }
    }
}
