import Foundation
import Glibc
import Media
import Scenes
import StageRun
import TestSupport
import Testing

/// Scenes that are broken, cut, huge, recursive or lie, each read by the decoding process itself
/// with a gigabyte to do it in.
@Suite(.serialized, .enabled(if: RunningStage.isBuilt, "needs `swift build -c release`"))
struct `Hostile scenes` {
    /// A refusal takes at most so long, seconds; beside other tests the machine's load counts.
    private static let secondsMax = RunningStage.isAlone ? 2.0 : 20

    /// A scene folder with files of these bytes.
    private func folder(_ files: [String: [UInt8]]) throws -> TemporaryFolder {
        let folder = TemporaryFolder()
        for (name, bytes) in files {
            let path = "\(folder.path)/\(name)"
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true)
            #expect(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
        }
        return folder
    }

    private func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// What a scene is refused with, and how long it took; nil when it is taken.
    private func refusal(_ folder: TemporaryFolder) -> (lines: [String], seconds: Double)? {
        let begun = now()
        defer { withExtendedLifetime(folder) {} }
        do {
            _ = try SceneWorker(executable: RunningStage.program, megabytes: 1024)
                .asset(of: folder.path, say: { _ in })
            return nil
        } catch let error as SceneComplaints {
            return (error.lines, now() - begun)
        } catch {
            return (["\(error)"], now() - begun)
        }
    }

    private func expectRefusal(
        _ files: [String: [UInt8]], _ word: String, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let folder = try folder(files)
        let found = try #require(refusal(folder), "\(word): taken", sourceLocation: location)
        #expect(
            found.lines.count == 1 && found.lines[0].contains(word), "\(found.lines)",
            sourceLocation: location)
        #expect(found.lines[0].utf8.count < 600, sourceLocation: location)
        // A codec that breaks is a refusal, too, but none of these should get that far.
        #expect(!found.lines[0].contains("was broken"), sourceLocation: location)
        #expect(found.seconds < Self.secondsMax, "\(word)", sourceLocation: location)
    }

    private func scene(_ picture: String, key: String = "picture") -> [UInt8] {
        Array("name: it\ndome: {\(key): \"\(picture)\"}\n".utf8)
    }

    private func meshScene() -> [UInt8] {
        Array("name: it\nmeshes: [{name: m, file: m.gltf}]\n".utf8)
    }

    @Test func `of a broken scene file are refused by one line`() throws {
        try expectRefusal(["scene.yaml": []], "is empty")
        try expectRefusal(["scene.yaml": [0xFF, 0xFE, 0, 0x80]], "no text of UTF-8")
        try expectRefusal(
            ["scene.yaml": [UInt8](repeating: 0x20, count: 2 << 20)], "bytes – at most")
        try expectRefusal(["scene.yaml": Array("a: &a [1]\nb: *a\n".utf8)], "anchor or alias")
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        try expectRefusal(["scene.yaml": Array("name: \(deep)\n".utf8)], "lists within each other")
        let many = String(repeating: "- 1\n", count: 60_000)
        try expectRefusal(["scene.yaml": Array("cards:\n\(many)".utf8)], "values")
        try expectRefusal(["scene.yaml": Array("name: {a: b\n".utf8)], "is no YAML")
    }

    @Test func `of broken pictures are refused by one line`() throws {
        let png = try #require(PNGFixture.bytes)
        let whole = try folder(["scene.yaml": scene("a.png"), "a.png": png])
        #expect(refusal(whole) == nil, "the picture by itself is good")
        try expectRefusal(["scene.yaml": scene("a.png"), "a.png": Array(png.prefix(60))], "a.png")
        var huge = png
        // 65,535 pixels across and down, as the header says.
        huge.replaceSubrange(16..<24, with: [0, 0, 255, 255, 0, 0, 255, 255])
        try expectRefusal(["scene.yaml": scene("a.png"), "a.png": huge], "a.png")
        try expectRefusal(["scene.yaml": scene("a.png"), "a.png": []], "no bytes")
        try expectRefusal(["scene.yaml": scene("no.png")], "no.png")
        let radiance = Array("#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 8192 +X 8192\n".utf8)
        try expectRefusal(["scene.yaml": scene("a.hdr"), "a.hdr": radiance], "ends after row 0")
        try expectRefusal(
            ["scene.yaml": scene("a.hdr"), "a.hdr": radiance + [2, 2, 0x20, 0]], "ends after row")
        // A TIFF whose directory points at itself, and says a field has four billion numbers.
        let tiff: [UInt8] =
            [0x49, 0x49, 42, 0, 8, 0, 0, 0, 2, 0] + [0, 1, 4, 0, 255, 255, 255, 255, 8, 0, 0, 0]
            + [1, 1, 4, 0, 1, 0, 0, 0, 255, 255, 0, 0] + [8, 0, 0, 0]
        try expectRefusal(["scene.yaml": scene("a.tif"), "a.tif": tiff], "a.tif")
        let exr: [UInt8] =
            [0x76, 0x2F, 0x31, 0x01, 2, 0, 0, 0] + [UInt8](repeating: 65, count: 900)
        try expectRefusal(["scene.yaml": scene("a.exr"), "a.exr": exr], "a.exr")
    }

    @Test func `that lead out of their folder are refused by one line`() throws {
        try expectRefusal(["scene.yaml": scene("../a.png")], "inside the scene's folder")
        try expectRefusal(["scene.yaml": scene("/etc/passwd")], "inside the scene's folder")
        try expectRefusal(
            ["scene.yaml": scene("../a.mov", key: "movie")], "inside the scene's folder")
        let folder = try folder(["scene.yaml": scene("a.png")])
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/a.png", withDestinationPath: "/etc/hostname")
        #expect(refusal(folder)?.lines.first?.contains("leads out") == true)
        let loop = TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: loop.path, withDestinationPath: loop.path)
        #expect(refusal(loop)?.lines.count == 1)
    }

    @Test func `of lying meshes are refused by one line`() throws {
        func mesh(_ json: String, _ word: String) throws {
            try expectRefusal(["scene.yaml": meshScene(), "m.gltf": Array(json.utf8)], word)
        }
        try mesh("{", "m.gltf")
        try mesh(String(repeating: "[", count: 100_000), "m.gltf")
        // Nodes that are their own children.
        try mesh(
            #"{"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"#
                + #""nodes":[{"children":[1]},{"children":[0]}]}"#, "m.gltf")
        // Four billion numbers in a buffer of four bytes.
        try mesh(
            #"{"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[{"mesh":0}],"#
                + #""meshes":[{"primitives":[{"attributes":{"POSITION":0}}]}],"accessors":"#
                + #"[{"bufferView":0,"componentType":5126,"count":4294967295,"type":"VEC3"}],"#
                + #""bufferViews":[{"buffer":0,"byteLength":4}],"buffers":[{"byteLength":4,"#
                + #""uri":"data:application/octet-stream;base64,AAAAAA=="}]}"#, "m.gltf")
        try mesh(
            #"{"asset":{"version":"2.0"},"buffers":[{"byteLength":9,"uri":"../../etc/passwd"}]}"#,
            "m.gltf")
    }

    @Test(.enabled(if: MovieMaker.isThere, "needs ffmpeg"))
    func `of broken movies are refused by one line`() throws {
        let good = try BurntMovie(.proRes, count: 12)
        let movie = try #require(
            FileManager.default.contents(atPath: "\(good.folder.path)/clip.mov"))
        func refused(_ bytes: [UInt8], _ word: String, _ name: String = "a.mov") throws {
            try expectRefusal(["scene.yaml": scene(name, key: "movie"), name: bytes], word)
        }
        try refused([], "no bytes")
        try refused(Array("nothing".utf8), "is no movie we know")
        try refused(Array(movie.prefix(movie.count / 2)), "a.mov")
        try refused(Array("ffconcat version 1.0\nfile a.mov\n".utf8), "is no movie we know")
        try refused(Array("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\na.mov\n".utf8), "a.mov")
        try refused(
            Array("v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n".utf8),
            "is no movie we know")
        // A table that says it has a billion samples.
        var lying = movie
        let size = try #require(lying.firstRange(of: Data("stsz".utf8)))
        lying.replaceSubrange(size.upperBound + 8..<size.upperBound + 12, with: [59, 154, 202, 0])
        try refused(Array(lying), "a.mov")
    }

    /// Bytes changed at random in each file of a scene: taken or refused, never anything else.
    @Test func `fuzzed are taken or refused by one line, in time`() throws {
        let png = try #require(PNGFixture.bytes)
        let gltf = Array(
            (#"{"asset":{"version":"2.0"},"scene":0,"scenes":[{"nodes":[0]}],"#
                + #""nodes":[{"mesh":0}],"meshes":[{"primitives":[{"attributes":"#
                + #"{"POSITION":0}}]}],"accessors":[{"bufferView":0,"componentType":5126,"#
                + #""count":3,"type":"VEC3"}],"bufferViews":[{"buffer":0,"byteLength":36}],"#
                + #""buffers":[{"byteLength":36,"uri":"data:application/octet-stream;base64,"#
                + #"AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA"}]}"#).utf8)
        let yaml = Array(
            ("name: it\ndome: {picture: a.png, exposure: 1}\ncards:\n  - {name: c, picture: a.png, "
                + "center: [0, 5, 1], widthMeters: 2, sway: [0, 0, 3]}\n"
                + "meshes: [{name: m, file: m.gltf}]\n").utf8)
        let whole: [String: [UInt8]] = ["scene.yaml": yaml, "a.png": png, "m.gltf": gltf]
        #expect(refusal(try folder(whole)) == nil, "the scene by itself is good")
        var random = SeededRandom(seed: 21)
        var (refused, slowest) = (0, 0.0)
        for _ in 0..<60 {
            var files = whole
            let name = ["scene.yaml", "a.png", "m.gltf"].randomElement(using: &random)!
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<files[name]!.count, using: &random)
                files[name]![place] = UInt8.random(in: 0...255, using: &random)
            }
            let folder = try folder(files)
            guard let found = refusal(folder) else { continue }
            refused += 1
            slowest = max(slowest, found.seconds)
            #expect(found.seconds < Self.secondsMax)
            #expect(found.lines.allSatisfy { !$0.contains("was broken") }, "\(found.lines)")
        }
        #expect(refused > 20)
        print("hostile: \(refused) of 60 fuzzed scenes refused, the slowest in \(slowest) s")
    }
}

/// A small picture.
private enum PNGFixture {
    static var bytes: [UInt8]? {
        var pixels: [UInt8] = []
        for index in 0..<512 {
            pixels += [UInt8(index % 256), UInt8(index / 4), 90, 255]
        }
        return PNGFile.bytes(width: 32, height: 16, pixels: pixels)
    }
}
