import Foundation
import Media
import Testing

@Suite("Pictures decoded by codecs")
struct CodecTests {
    @Test func `eight-bit PNG is sRGB with straight alpha, multiplied in linear light`() throws {
        let rows: [[UInt8]] = [
            [200, 100, 50, 255, 200, 100, 50, 128], [0, 0, 0, 0, 9, 9, 9, 255],
        ]
        let picture = try PictureFile.decode(
            PictureBytes.png(width: 2, height: 2, depth: 8, colorType: 6, rows: rows))
        let full = Expected.ap1(
            Expected.sRGB(200 / 255), Expected.sRGB(100 / 255), Expected.sRGB(50 / 255))
        #expect(Expected.isNear(picture, 0, 0, full + [1]))
        #expect(Expected.isNear(picture, 1, 0, full.map { $0 * 128 / 255 } + [128 / 255]))
        #expect(picture.pixel(0, 1) == [0, 0, 0, 0])
    }

    @Test func `sixteen-bit PNG keeps sixteen bits, most significant first`() throws {
        let codes = [65535, 0x1234, 257]
        let row = codes.flatMap { PictureBytes.bigEndian($0, 2) }
        let picture = try PictureFile.decode(
            PictureBytes.png(width: 1, height: 1, depth: 16, colorType: 2, rows: [row]),
            colorSpace: .acesCG)
        #expect(
            Expected.isNear(picture, 0, 0, codes.map { Double($0) / 65535 } + [1], within: 1e-7))
    }

    @Test func `gray, gray with alpha, palette and one-bit PNG are RGBA`() throws {
        let half = Expected.sRGB(128 / 255)
        let gray = try PictureFile.decode(
            PictureBytes.png(width: 1, height: 1, depth: 8, colorType: 0, rows: [[128]]))
        #expect(Expected.isNear(gray, 0, 0, [half, half, half, 1]))
        let soft = try PictureFile.decode(
            PictureBytes.png(width: 1, height: 1, depth: 8, colorType: 4, rows: [[128, 51]]))
        #expect(Expected.isNear(soft, 0, 0, [half * 0.2, half * 0.2, half * 0.2, 0.2]))
        let palette = try PictureFile.decode(
            PictureBytes.png(
                width: 2, height: 1, depth: 8, colorType: 3, rows: [[1, 0]],
                extra: [("PLTE", [255, 0, 0, 0, 255, 0]), ("tRNS", [51])]))
        #expect(Expected.isNear(palette, 0, 0, Expected.ap1(0, 1, 0) + [1]))
        #expect(
            Expected.isNear(palette, 1, 0, Expected.ap1(1, 0, 0).map { $0 * 0.2 } + [0.2]))
        let bits = try PictureFile.decode(
            PictureBytes.png(width: 3, height: 1, depth: 1, colorType: 0, rows: [[0b1010_0000]]))
        #expect(Expected.isNear(bits, 0, 0, [1, 1, 1, 1], within: 1e-3))
        #expect(Expected.isNear(bits, 1, 0, [0, 0, 0, 1], within: 1e-3))
    }

    @Test func `a JPEG is full-range BT 601 and the top stays up`() throws {
        let picture = try PictureFile.decode(PictureBytes.jpeg)
        #expect(picture.width == 16 && picture.height == 16)
        let top = Expected.ap1(
            Expected.sRGB(200 / 255), Expected.sRGB(100 / 255), Expected.sRGB(50 / 255))
        let bottom = Expected.ap1(
            Expected.sRGB(20 / 255), Expected.sRGB(60 / 255), Expected.sRGB(181 / 255))
        // One code of eight bits is 0.008 of light here.
        #expect(Expected.isNear(picture, 3, 3, top + [1], within: 0.01))
        #expect(Expected.isNear(picture, 3, 12, bottom + [1], within: 0.01))
    }

    @Test(arguments: [8, 16])
    func `TIFF alpha is straight or associated as its tag says`(bits: Int) throws {
        let top = (1 << bits) - 1
        let samples = [top, top / 5, 0, top / 5]
        let straight = try PictureFile.decode(
            PictureBytes.tiff(width: 1, height: 1, bits: bits, extraSample: 2, samples: samples))
        let alpha = Double(top / 5) / Double(top)
        let color = Expected.ap1(1, Expected.sRGB(alpha), 0)
        #expect(Expected.isNear(straight, 0, 0, color.map { $0 * alpha } + [alpha]))
        let associated = try PictureFile.decode(
            PictureBytes.tiff(
                width: 1, height: 1, bits: bits, extraSample: 1,
                samples: [top / 5, top / 5, 0, top / 5]))
        let white = Expected.ap1(1, 1, 0)
        #expect(Expected.isNear(associated, 0, 0, white.map { $0 * alpha } + [alpha]))
    }

    @Test func `what we write as EXR we read back, half floats of ACEScg`() throws {
        var numbers: [Float] = []
        for i in 0..<(7 * 5) {
            numbers += [Float(i) * 0.25, 1000, -0.5, i % 2 == 0 ? 1 : 0.25]
        }
        let picture = LinearPicture(width: 7, height: 5, pixels: numbers)
        let back = try PictureFile.decode(EXRFile.bytes(picture))
        #expect(back == picture)
    }

    @Test func `an EXR's alpha is associated and its bad numbers are made harmless`() throws {
        let picture = LinearPicture(
            width: 2, height: 1, pixels: [.nan, .infinity, -.infinity, 2, 5, 4, 3, 0])
        let back = try PictureFile.decode(EXRFile.bytes(picture))
        #expect(back.pixel(0, 0) == [0, 65504, -65504, 1])
        #expect(back.pixel(1, 0) == [5, 4, 3, 0], "light without opacity is kept: a glow")
    }

    @Test func `a color space given by hand beats the file's`() throws {
        let row = [UInt8](repeating: 128, count: 3)
        let png = PictureBytes.png(width: 1, height: 1, depth: 8, colorType: 2, rows: [row])
        let half = 128.0 / 255
        let linear = try PictureFile.decode(png, colorSpace: .linearRec709)
        #expect(Expected.isNear(linear, 0, 0, [half, half, half, 1]))
        let display = try PictureFile.decode(png, colorSpace: .displayP3)
        let light = Expected.sRGB(half)
        #expect(Expected.isNear(display, 0, 0, [light, light, light, 1]))
    }
}
