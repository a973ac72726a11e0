import Foundation
import Media
import TestSupport
import Testing

@Suite("Hostile picture files")
struct HostilePictureTests {
    static let png = PictureBytes.png(
        width: 9, height: 7, depth: 8, colorType: 6,
        rows: (0..<7).map { y in (0..<36).map { UInt8($0 * 7 + y) } })
    static let hdr = PictureBytes.hdr(
        width: 20, height: 6,
        pixels: (0..<6).flatMap { y in
            PictureBytes.runLengthRow(
                width: 20, pixel: [UInt8(y * 30), 90, 7, 131], literal: y % 2 == 0)
        })
    static let tiff = PictureBytes.tiff(
        width: 5, height: 4, bits: 8, extraSample: 2, samples: (0..<80).map { $0 * 3 })
    static let exr = EXRFile.bytes(
        LinearPicture(width: 6, height: 5, pixels: (0..<120).map { Float($0) }))

    static let dpx = PictureBytes.dpx(
        width: 6, height: 5, transfer: 2, codes: (0..<90).map { $0 * 11 })

    private func fault(_ bytes: [UInt8]) -> PictureFault? {
        do throws(PictureFault) {
            _ = try PictureFile.decode(bytes)
            return nil
        } catch { return error }
    }

    @Test func `a cut file is refused, wherever it is cut`() {
        for whole in [Self.png, Self.hdr, Self.exr, Self.dpx, PictureBytes.jpeg] {
            #expect(fault(whole) == nil)
            for length in stride(from: 0, to: whole.count - 1, by: 7) {
                #expect(fault(Array(whole[..<length])) != nil, "cut after \(length) bytes")
            }
        }
        let end = 8 + 5 * 4 * 4
        #expect(fault(Array(Self.tiff[..<end])) != nil)
    }

    @Test func `a DPX of film densities asks what they mean, and a broken one is refused`() throws {
        var densities = Self.dpx
        densities[801] = 1
        guard case .unsupported(let why)? = fault(densities) else {
            Issue.record("\(String(describing: fault(densities)))")
            return
        }
        #expect(why.contains("colorSpace"))
        let told = try PictureFile.decode(densities, colorSpace: .linearRec709)
        let linear = try PictureFile.decode(Self.dpx)
        #expect(told.pixels == linear.pixels)
        // 1023 of the numbers is one; both byte orders say the same.
        let swapped = PictureBytes.dpx(
            width: 6, height: 5, transfer: 2, codes: (0..<90).map { $0 * 11 }, isBigEndian: false)
        #expect(try PictureFile.decode(swapped).pixels == linear.pixels)
        for (place, number) in [(768, 1), (800, 100), (803, 32), (772, 255), (4, 255)] {
            var broken = Self.dpx
            broken[place] = UInt8(number)
            if place == 768 { broken[769] = 1 }
            #expect(fault(broken) != nil, "\(place)")
        }
    }

    @Test func `a cut HDR says after which row it ends`() {
        let rowBytes = Self.hdr.count / 6
        let cut = Array(Self.hdr[..<(Self.hdr.count - rowBytes)])
        guard case .endsAfterRow(let row, of: 6)? = fault(cut) else {
            Issue.record("\(String(describing: fault(cut)))")
            return
        }
        #expect((4...5).contains(row))
    }

    @Test func `a file's size is judged before memory is taken for it`() {
        let wide = PictureBytes.hdr(width: 16385, height: 1, pixels: [])
        #expect(fault(wide) == .tooLarge(width: 16385, height: 1))
        let large = PictureBytes.hdr(width: 16384, height: 16384, pixels: [])
        #expect(fault(large) == .tooLarge(width: 16384, height: 16384))
        let png = PictureBytes.png(
            width: 100_000, height: 100_000, depth: 8, colorType: 2, rows: [[1]])
        #expect(fault(png) == .tooLarge(width: 100_000, height: 100_000))
        let most = PictureBytes.hdr(width: 8192, height: 8192, pixels: [1, 2])
        #expect(fault(most) == .endsAfterRow(0, of: 8192))
        let jpeg = PictureBytes.jpeg
        let frame = (0..<jpeg.count - 1).first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 }!
        var lying = jpeg
        lying.replaceSubrange((frame + 5)..<(frame + 9), with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(fault(lying) == .tooLarge(width: 65535, height: 65535))
    }

    @Test(arguments: [
        ("nothing", [UInt8](), PictureFault.noBytes),
        ("text", Array("hello, wall".utf8), .unknownFormat),
        ("no size", Array("#?RADIANCE\n\n-Y 0 +X 4\n".utf8), .empty(width: 4, height: 0)),
    ])
    func `what is no picture is refused by kind`(name: String, bytes: [UInt8], cause: PictureFault)
    {
        #expect(fault(bytes) == cause, "\(name)")
    }

    @Test func `damage in a row, a checksum or a header is told from a cut`() {
        var hdr = PictureBytes.hdr(width: 8, height: 1, pixels: [2, 2, 0, 8, 200, 1])
        #expect(fault(hdr)?.sentence.contains("row 1") == true)
        hdr = PictureBytes.hdr(width: 8, height: 1, pixels: [2, 2, 0, 9, 136, 1])
        #expect(fault(hdr)?.sentence.contains("9 pixels of 8") == true)
        hdr = PictureBytes.hdr(width: 4, height: 1, pixels: [1, 1, 1, 2])
        #expect(fault(hdr)?.sentence.contains("run") == true)
        var png = Self.png
        png[50] ^= 1
        guard case .damaged? = fault(png) else {
            Issue.record("a wrong checksum is damage")
            return
        }
    }

    @Test func `a strip that cannot be unpacked is no hole in the picture but a refusal`() {
        var tiff = PictureBytes.tiff(
            width: 2, height: 2, bits: 8, extraSample: nil, samples: (0..<12).map { $0 * 20 },
            isDeflated: true)
        #expect(fault(tiff) == nil)
        tiff[8 + 4] ^= 0xFF
        guard case .damaged? = fault(tiff) else {
            Issue.record("\(String(describing: fault(tiff)))")
            return
        }
    }

    @Test func `kinds we do not read say what to do instead`() {
        let columns = PictureBytes.hdr(
            width: 1, height: 1, axes: "+X 1 -Y 1", pixels: [1, 2, 3, 4])
        #expect(fault(columns)?.sentence.contains("save it with rows") == true)
        let float = PictureBytes.tiff(
            width: 1, height: 1, bits: 8, extraSample: nil, samples: [0, 0, 0], sampleFormat: 3)
        #expect(fault(float)?.sentence.contains("save it as EXR") == true)
    }

    @Test func `a refusal is one line that names the file and the cause`() throws {
        try Surroundings.withFolder { folder in
            let file = folder.appendingPathComponent("dome.hdr")
            try Data(Self.hdr.prefix(Self.hdr.count - 40)).write(to: file)
            for path in [file.path, folder.path, folder.path + "/none.png", "/dev/zero"] {
                do throws(PictureError) {
                    _ = try PictureFile.read(path)
                    Issue.record("\(path) was read")
                } catch {
                    #expect(error.description.hasPrefix(path + ": "))
                    #expect(!error.description.contains("\n"))
                    #expect(error.description.contains(" – "))
                }
            }
        }
    }

    @Test(arguments: 1...4)
    func `any bytes give a picture or a refusal, never a crash`(seed: UInt64) {
        var numbers = SeededRandom(seed: seed)
        let files = [Self.png, Self.hdr, Self.tiff, Self.exr, PictureBytes.jpeg]
        var refused = 0
        for round in 0..<1500 {
            var bytes = files[round % files.count]
            for _ in 0...Int(numbers.next() % 4) {
                let place = Int(numbers.next() % UInt64(bytes.count))
                switch numbers.next() % 4 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: numbers.next())
                case 1: bytes[place] ^= 1 << UInt8(numbers.next() % 8)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 3))
                default: bytes.insert(0xFF, at: place)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            do throws(PictureFault) {
                let picture = try PictureFile.decode(bytes)
                #expect(picture.pixels.allSatisfy { $0.isFinite }, "seed \(seed) round \(round)")
            } catch {
                refused += 1
                #expect(!error.sentence.contains("\n"))
            }
        }
        #expect(refused > 300)
    }
}
