import Foundation
import Media
import TestSupport
import Testing

@Suite(.enabled(if: MovieMaker.isThere, "needs ffmpeg")) struct `A movie file` {
    private let folder = TemporaryFolder()

    init() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
    }

    private func burnt(
        _ codec: MovieMaker.Codec, count: Int, width: Int = 192, height: Int = 108,
        rate: String = "24"
    ) throws -> String {
        let path = "\(folder.path)/clip-\(width)-\(count).\(codec.ending)"
        try MovieMaker.write(
            path, codec, width: width, height: height, rate: rate, count: count
        ) { BurntNumber.gray($0, width: width, height: height) }
        return path
    }

    /// The number the middle row of a picture shows.
    private func number(_ movie: any MovieReading, _ index: Int64) throws -> Int? {
        let colors = try movie.picture(index)
        let (width, row) = (movie.facts.width, movie.facts.height / 2)
        return BurntNumber.read((0..<width).map { Double(colors[4 * (row * width + $0) + 1]) })
    }

    @Test(arguments: [MovieMaker.Codec.proRes, .h264, .h265, .hap])
    func `has the same pictures in any order`(codec: MovieMaker.Codec) throws {
        let movie = try Movie.open(try burnt(codec, count: 100))
        #expect(movie.facts.pictureCount == 100 && movie.facts.hertz == 24)
        #expect(movie.facts.width == 192 && movie.facts.height == 108 && !movie.facts.hasAlpha)
        var random = SeededRandom(seed: 11)
        var order = (0..<30).map { Int64($0) }
        order += (0..<40).map { _ in Int64.random(in: 0..<100, using: &random) } + [99, 0, 99, 98]
        for index in order { #expect(try number(movie, index) == Int(index), "picture \(index)") }
        #expect(try number(movie, 1000) == 99, "after the last one, the last")
    }

    @Test(arguments: [
        ("24000/1001", Int64(24000), Int64(1001)), ("12", 12, 1), ("60000/1001", 60000, 1001),
    ])
    func `says how many pictures a second it has`(
        rate: String, numerator: Int64, denominator: Int64
    ) throws {
        let facts = try Movie.open(try burnt(.h264, count: 10, rate: rate)).facts
        #expect(facts.rate.numerator * denominator == numerator * facts.rate.denominator)
        #expect(facts.pictureCount == 10 && !facts.isUneven)
    }

    /// Every third picture stands twice as long: what phones and screen recorders write.
    @Test(arguments: [MovieMaker.Codec.h264, .proRes])
    func `of a variable rate says so, and each picture stands as long as it should`(
        codec: MovieMaker.Codec
    ) throws {
        var uneven = codec
        uneven.arguments += [
            "-bsf:v", "setts=ts='(N+floor(N/3))*1001':time_base=1/24024", "-video_track_timescale",
            "24024",
        ]
        // Without B pictures times in the file's order are those of display.
        if codec.ending == "mp4" { uneven.arguments += ["-bf", "0"] }
        let movie = try Movie.open(try burnt(uneven, count: 12))
        #expect(movie.facts.isUneven)
        for place in 0..<12 {
            // Pictures 2, 5 and so on stand for two places.
            let picture = place - (place + 1) / 4
            #expect(try number(movie, Int64(place)) == picture, "place \(place)")
        }
    }

    /// Codes of flat patches, side by side, and what they are as light by the formulas of BT.709
    /// and BT.1886 in doubles.
    @Test(arguments: [MovieMaker.Codec.proRes, .h264])
    func `of Rec_709 is the light its codes stand for`(codec: MovieMaker.Codec) throws {
        let patches: [[Double]] = [
            [235, 128, 128], [126, 128, 128], [16, 128, 128], [81, 90, 240], [145, 54, 34],
            [41, 240, 110], [180, 100, 140], [60, 140, 120],
        ]
        let path = "\(folder.path)/patches.\(codec.ending)"
        try MovieMaker.write(
            path, codec, width: 256, height: 96, rate: "24", count: 2, layout: "yuv444p"
        ) { _ in
            (0..<3).flatMap { plane in
                (0..<96).flatMap { _ in (0..<256).map { UInt8(patches[$0 / 32][plane]) } }
            }
        }
        let movie = try Movie.open(path, colorSpace: .rec709)
        let colors = try movie.picture(0)
        for (index, patch) in patches.enumerated() {
            let (y, u, v) = ((patch[0] - 16) / 219, (patch[1] - 128) / 224, (patch[2] - 128) / 224)
            let signal = [y + 1.5748 * v, y - 0.187324 * u - 0.468124 * v, y + 1.8556 * u]
            let light = signal.map { $0 < 0 ? -pow(-$0, 2.4) : pow($0, 2.4) }
            let wanted = [
                0.61309740 * light[0] + 0.33952315 * light[1] + 0.04737945 * light[2],
                0.07019372 * light[0] + 0.91635388 * light[1] + 0.01345240 * light[2],
                0.02061559 * light[0] + 0.10956977 * light[1] + 0.86981463 * light[2],
            ]
            let at = 4 * (48 * 256 + 32 * index + 16)
            for channel in 0..<3 {
                // A code of the coder is up to 1.2 % of the light here.
                let tolerance = 0.012 * max(0.2, abs(wanted[channel]))
                #expect(
                    abs(Double(colors[at + channel]) - wanted[channel]) < tolerance,
                    "patch \(index), channel \(channel): \(colors[at + channel]), \(wanted)")
            }
            #expect(colors[at + 3] == 1)
        }
    }

    @Test func `with alpha is premultiplied in light`() throws {
        let path = "\(folder.path)/alpha.mov"
        try MovieMaker.write(
            path, .proRes4444, width: 128, height: 64, rate: "24", count: 1, layout: "rgba"
        ) { _ in
            (0..<64).flatMap { _ in
                (0..<128).flatMap { x -> [UInt8] in [188, 188, 188, x < 64 ? 255 : 128] }
            }
        }
        let movie = try Movie.open(path, colorSpace: .sRGB)
        let colors = try movie.picture(0)
        #expect(movie.facts.hasAlpha)
        let (left, right) = (4 * (32 * 128 + 32), 4 * (32 * 128 + 96))
        #expect(abs(colors[left] - 0.5028) < 0.01 && colors[left + 3] == 1)
        #expect(abs(colors[right + 3] - 128.0 / 255) < 0.003)
        #expect(abs(colors[right] - 0.5028 * colors[right + 3]) < 0.005)
    }

    @Test func `of numbered pictures has a hole where one is missing`() throws {
        let light = [Float](repeating: 1, count: 4 * 16 * 8)
        for number in [7, 8, 10] {
            let picture = LinearPicture(
                width: 16, height: 8, pixels: light.map { $0 * Float(number) / 100 })
            let digits = String("000\(number)".suffix(4))
            try EXRFile.write(picture, to: "\(folder.path)/shot.\(digits).exr")
        }
        let movie = try Movie.open("\(folder.path)/shot.####.exr", rate: 23.976)
        #expect(movie.facts.pictureCount == 4 && movie.facts.rate == (24000, 1001))
        for (index, number) in [7, 8, 8, 10].enumerated() {
            let colors = try movie.picture(Int64(index))
            #expect(abs(colors[0] - Float(number) / 100) < 1e-4, "\(index)")
        }
        #expect(throws: PictureError.self) {
            _ = try Movie.open("\(folder.path)/other.####.exr")
        }
    }

    @Test func `that is none, is cut or lies is refused by one line`() throws {
        let whole = try FileManager.default.contents(atPath: burnt(.proRes, count: 30))!
        func refusal(_ bytes: Data, _ name: String = "broken.mov") -> String? {
            let path = "\(folder.path)/\(name)"
            #expect(FileManager.default.createFile(atPath: path, contents: bytes))
            do throws(PictureError) {
                _ = try Movie.open(path)
                return nil
            } catch { return error.description }
        }
        #expect(refusal(Data())?.contains("has no bytes") == true)
        #expect(refusal(Data("no movie at all".utf8))?.contains("is no movie we know") == true)
        // A list of other files is not followed.
        #expect(refusal(Data("#EXTM3U\n#EXTINF:1,\nclip.mov\n".utf8), "list.m3u8") != nil)
        #expect(refusal(Data("ffconcat version 1.0\nfile clip.mov\n".utf8), "list.ffc") != nil)
        for length in [100, whole.count / 3, whole.count - 1000] {
            let line = refusal(whole.prefix(length))
            #expect(line != nil && !line!.contains("\n"), "\(length) of \(whole.count) bytes")
        }
        // Its track says it is 32,000 pixels wide: tkhd and the sample description.
        var lying = whole
        var at = lying.startIndex
        while let found = lying[at...].firstRange(of: Data([0, 192, 0, 108])) {
            lying.replaceSubrange(found, with: [125, 0, 125, 0])
            at = found.upperBound
        }
        let line = refusal(lying)
        #expect(line?.contains("pixels") == true, "\(line ?? "taken")")
    }

    @Test func `of any damaged bytes is refused or read, and never ends the program`() throws {
        let whole = try FileManager.default.contents(
            atPath: burnt(.h264, count: 12, width: 96, height: 54))!
        var random = SeededRandom(seed: 12)
        let path = "\(folder.path)/damaged.mp4"
        var refused = 0
        for _ in 0..<150 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            }
            #expect(FileManager.default.createFile(atPath: path, contents: bytes))
            do throws(PictureError) {
                let movie = try Movie.open(path)
                for index in [0, 3, 11, 5] as [Int64] {
                    do throws(PictureFault) { _ = try movie.picture(index) } catch {}
                }
            } catch {
                refused += 1
                #expect(!error.description.contains("\n"))
            }
        }
        #expect(refused > 0)
    }
}
