import Foundation
import Media
import Testing

@Suite("Radiance pictures")
struct RadianceTests {
    @Test func `a pixel is its mantissa times two to the exponent less 136`() throws {
        let bytes = PictureBytes.hdr(
            width: 2, height: 1, pixels: [128, 64, 32, 129, 255, 0, 10, 140])
        let picture = try PictureFile.decode(bytes)
        #expect(picture.width == 2 && picture.height == 1)
        #expect(Expected.isNear(picture, 0, 0, Expected.ap1(1, 0.5, 0.25) + [1]))
        #expect(Expected.isNear(picture, 1, 0, Expected.ap1(255 * 16, 0, 160) + [1]))
    }

    @Test func `an exponent of zero is black whatever the mantissa`() throws {
        let picture = try PictureFile.decode(
            PictureBytes.hdr(width: 1, height: 1, pixels: [200, 100, 50, 0]))
        #expect(picture.pixel(0, 0) == [0, 0, 0, 1])
    }

    @Test func `runs and literals of new rows give the same picture`() throws {
        let pixel: [UInt8] = [90, 160, 200, 130]
        let runs = PictureBytes.runLengthRow(width: 300, pixel: pixel, literal: false)
        let literals = PictureBytes.runLengthRow(width: 300, pixel: pixel, literal: true)
        let a = try PictureFile.decode(
            PictureBytes.hdr(width: 300, height: 2, pixels: runs + runs))
        let b = try PictureFile.decode(
            PictureBytes.hdr(width: 300, height: 2, pixels: literals + runs))
        #expect(a == b)
        let light = pixel.prefix(3).map { Double($0) / 64 }
        #expect(Expected.isNear(a, 299, 1, Expected.ap1(light[0], light[1], light[2]) + [1]))
    }

    @Test func `old runs repeat the pixel before them, longer with every mark`() throws {
        // One pixel, a run of 4, then 1·256 + 3 in two marks.
        let old: [UInt8] = [50, 60, 70, 128, 1, 1, 1, 3, 1, 1, 1, 1]
        let picture = try PictureFile.decode(
            PictureBytes.hdr(width: 260, height: 1, pixels: old))
        #expect(picture.pixel(259, 0) == picture.pixel(0, 0))
    }

    @Test func `exposures multiplied into the pixels are divided out`() throws {
        let bytes = PictureBytes.hdr(
            width: 1, height: 1, header: ["EXPOSURE=4", "EXPOSURE= 0.5", "COLORCORR=1 2 1"],
            pixels: [128, 128, 128, 130])
        let picture = try PictureFile.decode(bytes)
        #expect(Expected.isNear(picture, 0, 0, Expected.ap1(1, 0.5, 1) + [1]))
    }

    @Test(arguments: [("-Y 2 +X 2", 0), ("-Y 2 -X 2", 1), ("+Y 2 +X 2", 2), ("+Y 2 -X 2", 3)])
    func `the size line says which way rows and pixels run`(axes: String, first: Int) throws {
        var pixels: [UInt8] = []
        for i in 0..<4 { pixels += [UInt8(i == 0 ? 255 : 1), 0, 0, 128] }
        let picture = try PictureFile.decode(
            PictureBytes.hdr(width: 2, height: 2, axes: axes, pixels: pixels))
        #expect(picture.pixel(first % 2, first / 2)[0] > 0.5)
    }

    @Test func `primaries of the file count, eight zeros do not`() throws {
        let white: [UInt8] = [128, 0, 0, 129]
        let zeros = try PictureFile.decode(
            PictureBytes.hdr(
                width: 1, height: 1, header: ["PRIMARIES=0 0 0 0 0 0 0 0"], pixels: white))
        #expect(Expected.isNear(zeros, 0, 0, Expected.ap1(1, 0, 0) + [1]))
        let ap1 = "PRIMARIES=0.713 0.293 0.165 0.830 0.128 0.044 0.32168 0.33767"
        let same = try PictureFile.decode(
            PictureBytes.hdr(width: 1, height: 1, header: [ap1], pixels: white))
        #expect(Expected.isNear(same, 0, 0, [1, 0, 0, 1]))
    }

    @Test(.enabled(if: Surroundings.hasHDRIs))
    func `the shared panoramas are read with the sky up and finite light`() throws {
        let files = try FileManager.default.contentsOfDirectory(
            at: Surroundings.hdris, includingPropertiesForKeys: nil
        ).filter { $0.pathExtension == "hdr" && !$0.path.contains("interior") }
        #expect(files.count >= 3)
        for file in files {
            let picture = try PictureFile.read(file.path)
            #expect(picture.width == 1024 && picture.height == 512)
            #expect(picture.pixels.allSatisfy { $0.isFinite })
            let rows = picture.pixels.count / 2
            let sky = picture.pixels[..<rows].reduce(0, +)
            let ground = picture.pixels[rows...].reduce(0, +)
            #expect(sky > ground, "\(file.lastPathComponent): the sky is brighter")
        }
    }
}
