import FrameModel
import Foundation
import Geometry
import Glibc
import Media
import Scenes
import Testing

@Suite("Scene files")
struct SceneFileTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("cyclorama-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func put(_ text: String, in folder: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/scene.yaml"))
    }

    /// A 2×1 Radiance picture: red 1, then green 1.
    private func putPicture(_ name: String, in folder: String) throws {
        let text = "#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 1 +X 2\n"
        let bytes = Array(text.utf8) + [128, 0, 0, 129, 0, 128, 0, 129]
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    private func complaints(_ path: String) -> [String] {
        do throws(SceneComplaints) {
            _ = try SceneFile.load(path)
            return []
        } catch { return error.lines }
    }

    @Test func `a scene that was written is read back, pictures, places and sizes`() throws {
        try withFolder { folder in
            let scene = TestScenes.cards(atMeters: [2, 5, 15], pixels: 32)
            try SceneFile.write(scene, to: folder + "/set")
            let back = try SceneFile.load(folder + "/set")
            #expect(back.name == scene.name && back.cards.count == 3)
            #expect(back.dome?.radius == .infinity)
            for (a, b) in zip(scene.cards, back.cards) {
                #expect(a.name == b.name && a.width == b.width && a.height == b.height)
                let ahead = Vector3(0, 1, 0)
                let turned = a.sceneFromCard.rotation * ahead - b.sceneFromCard.rotation * ahead
                #expect(turned.length < 1e-9)
                #expect((a.sceneFromCard.translation - b.sceneFromCard.translation).length < 1e-9)
                let worst = zip(a.picture.pixels, b.picture.pixels).map { abs($0 - $1) }.max()
                // Half floats have eleven bits.
                #expect(worst! < 1e-3)
            }
        }
    }

    @Test func `a scene file of any name is the one that is read`() throws {
        try withFolder { folder in
            try putPicture("dome.hdr", in: folder)
            try put(#"{"name": "day", "dome": {"picture": "dome.hdr"}}"#, in: folder)
            let night = folder + "/night.yaml"
            try Data(#"{"name": "night", "dome": {"picture": "dome.hdr"}}"#.utf8)
                .write(to: URL(fileURLWithPath: night))
            #expect(try SceneFile.load(night).name == "night")
            #expect(try SceneFile.load(folder + "/scene.yaml").name == "day")
            #expect(try SceneFile.load(folder).name == "day")
        }
    }

    @Test func `a scene file's ending may be in capitals`() throws {
        try withFolder { folder in
            try putPicture("a.hdr", in: folder)
            try Data("name: loud\ndome: {picture: a.hdr}\n".utf8)
                .write(to: URL(fileURLWithPath: folder + "/LOUD.YAML"))
            #expect(try SceneFile.load(folder + "/LOUD.YAML").name == "loud")
            let bake = try #require(BakedScene.file(of: folder + "/LOUD.YAML"))
            #expect(bake == folder + "/LOUD.baked")
        }
    }

    @Test func `the defocus of each layer is read, written back, and held within its range`() throws
    {
        try withFolder { folder in
            var scene = TestScenes.cards(atMeters: [2, 5], pixels: 16)
            scene.dome?.defocus = 2.5
            scene.cards[1].defocus = 7
            try SceneFile.write(scene, to: folder)
            let back = try SceneFile.load(folder)
            #expect(back.dome?.defocus == 2.5)
            #expect(back.cards.map(\.defocus) == [0, 7])
            try put(
                #"{"name": "a", "dome": {"picture": "dome.exr", "defocus": 65}}"#, in: folder)
            let lines = complaints(folder)
            #expect(lines.count == 1 && lines[0].contains("dome.defocus: 65"), "\(lines)")
        }
    }

    @Test func `exposure doubles light a stop and leaves opacity`() throws {
        try withFolder { folder in
            try putPicture("dome.hdr", in: folder)
            try put(
                """
                {"name": "a",
                 "dome": {"picture": "dome.hdr", "exposure": 2, "radiusMeters": 9}}
                """, in: folder)
            let scene = try SceneFile.load(folder)
            let plain = try PictureFile.read(folder + "/dome.hdr")
            let dome = try #require(scene.dome)
            #expect(dome.radius == 9)
            for i in 0..<8 {
                #expect(dome.picture.pixels[i] == plain.pixels[i] * (i % 4 == 3 ? 1 : 4))
            }
        }
    }

    @Test func `a dome turned to the left by 90° has forward at a quarter of its width`() throws {
        try withFolder { folder in
            let scene = TestScenes.directionDome(width: 64)
            try SceneFile.write(scene, to: folder)
            try put(
                """
                {"name": "a", "dome": {"picture": "dome.exr", "colorSpace": "acescg",
                 "rotationDegrees": 90}}
                """, in: folder)
            let turned = try #require(try SceneFile.load(folder).dome?.picture)
            let plain = try #require(scene.dome?.picture)
            for c in 0..<4 {
                let forward = plain.pixels[4 * (16 * 64 + 32) + c]
                #expect(abs(turned.pixels[4 * (16 * 64 + 16) + c] - forward) < 1e-3)
            }
        }
    }

    @Test func `one picture is a dome at infinity`() throws {
        try withFolder { folder in
            try putPicture("sky.hdr", in: folder)
            let scene = try SceneFile.load(folder + "/sky.hdr")
            #expect(scene.name == "sky" && scene.cards.isEmpty)
            #expect(scene.dome?.radius == .infinity)
            #expect(scene.dome?.picture.width == 2)
        }
    }

    @Test func `every complaint is told at once, each with its place`() throws {
        try withFolder { folder in
            try put(
                """
                {"name": "", "sky": true, "dome": {"picture": "../secret.hdr", "radiusMeters": -1},
                 "cards": [{"name": "a", "picture": "a.png", "center": [0, "x", 1],
                            "widthMeters": 0, "pan": "left"},
                           {"picture": "/etc/passwd", "center": [0, 1, 2], "widthMeters": 1,
                            "colorSpace": "sepia"}]}
                """, in: folder)
            let lines = complaints(folder)
            let wanted = [
                "name: \"\"", "sky: there is no such key", "dome.picture: \"../secret.hdr\"",
                "dome.radiusMeters: -1", "cards[0].center", "cards[0].widthMeters: 0",
                "cards[0].pan: \"left\"", "cards[1].name: is missing",
                "cards[1].picture: \"/etc/passwd\"", "cards[1].colorSpace: \"sepia\"",
            ]
            for text in wanted {
                #expect(lines.contains { $0.contains(text) }, "\(text) in \(lines)")
            }
            #expect(lines.count == wanted.count)
            #expect(lines.allSatisfy { $0.contains(#/scene\.yaml:[1-5]: /#) })
        }
    }

    @Test func `what moves, viewpoints and the place of the whole are read and written back`()
        throws
    {
        try withFolder { folder in
            var scene = TestScenes.cards(atMeters: [2, 5], pixels: 16)
            scene.dome?.motion.spin.x = -3
            scene.cards[0].motion.scroll = Vector3(-12, 0, 0)
            scene.cards[0].motion.scrollRepeat = 40
            scene.cards[1].motion.sway = Vector3(0, 0, 1.5)
            scene.cards[1].motion.pivot = Vector2(0.5, -2)
            scene.viewpoints = [Viewpoint(name: "quay: left", position: Vector3(1, 2, 0), pan: 30)]
            try SceneFile.write(scene, to: folder)
            let back = try SceneFile.load(folder)
            #expect(back.dome?.motion == scene.dome?.motion)
            #expect(back.cards.map(\.motion) == scene.cards.map(\.motion))
            #expect(back.viewpoints == scene.viewpoints)
            let text = try String(contentsOfFile: folder + "/scene.yaml", encoding: .utf8)
            try put(text + "origin: [1, 2, 0]\nscale: 2\n", in: folder)
            let placed = try SceneFile.load(folder).placedFromOwn
            #expect(placed * Vector3(1, 2, 0) == .zero && placed * Vector3(2, 2, 0) == [2, 0, 0])
        }
    }

    @Test(arguments: [
        ("name: a\ndome: {picture: x\ncards: 3", 3), ("name: &a x\n", 1), ("a: 1\na: 2\n", 1),
    ])
    func `a file that is no YAML of ours is refused with its line`(text: String, line: Int) throws {
        try withFolder { folder in
            try put(text, in: folder)
            let lines = complaints(folder)
            #expect(lines.count == 1 && lines[0].contains("scene.yaml:\(line): "), "\(lines)")
        }
    }

    @Test(arguments: [
        "name: a\ncards: [\"x #\", &a [z, z]]\n", "name: a\ncards: [\t*a]\n",
        "name: a\ncards: [\r*a]\n", "name: a # \u{2028}\ncards: [\"]\", 'it''s #', &a [z]]\n",
    ])
    func `an anchor or alias is found behind whatever it hides`(text: String) throws {
        try withFolder { folder in
            try put(text, in: folder)
            let lines = complaints(folder)
            #expect(lines.count == 1 && lines[0].contains("an anchor or alias"), "\(lines)")
        }
    }

    @Test func `what is quoted or a comment is no anchor, and a name may look like a number`()
        throws
    {
        try withFolder { folder in
            try putPicture("dome.hdr", in: folder)
            try put(
                "name: 1900 # day & *night\nviewpoints:\n"
                    + "  - {name: \"a & *b [[\", position: [0, 0, 0]}\n"
                    + "dome: {picture: dome.hdr}\n", in: folder)
            let scene = try SceneFile.load(folder)
            #expect(scene.name == "1900" && scene.viewpoints.map(\.name) == ["a & *b [["])
        }
    }

    @Test func `a pipe of a scene file's name is refused and not waited for`() throws {
        try withFolder { folder in
            #expect(mkfifo(folder + "/scene.yaml", 0o644) == 0)
            let lines = complaints(folder)
            #expect(lines.count == 1 && lines[0].contains("is no file"), "\(lines)")
        }
    }

    @Test(arguments: [
        "a: \"x #\"\nb: " + String(repeating: "[", count: 200_000),
        "[\"x #\", " + String(repeating: "[", count: 200_000),
        String(repeating: "[", count: 200_000), String(repeating: "- ", count: 200_000),
        String(repeating: "{a: ", count: 100_000),
    ])
    func `lists within lists without end are refused before they are followed`(
        text: String
    ) throws {
        try withFolder { folder in
            try put(text, in: folder)
            let line = try #require(complaints(folder).first)
            // The parser's own limit comes first where all stands on one line.
            #expect(line.contains("within each other") || line.contains("nesting level"), "\(line)")
        }
    }

    @Test func `a link out of the folder is refused`() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(
                atPath: folder + "/set", withIntermediateDirectories: true)
            try putPicture("outside.hdr", in: folder)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/set/dome.hdr", withDestinationPath: folder + "/outside.hdr")
            try put(#"{"name": "a", "dome": {"picture": "dome.hdr"}}"#, in: folder + "/set")
            let lines = complaints(folder + "/set")
            #expect(lines.count == 1 && lines[0].contains("leads out of the scene's folder"))
        }
    }

    @Test func `broken and missing pictures are each one line with the file's name`() throws {
        try withFolder { folder in
            try Data("#?RADIANCE\n\n-Y 9 +X 9\n".utf8)
                .write(to: URL(fileURLWithPath: folder + "/dome.hdr"))
            try put(
                """
                {"name": "a", "dome": {"picture": "dome.hdr"}, "cards": [{"name": "b",
                 "picture": "none.png", "center": [0, 5, 1], "widthMeters": 1}]}
                """, in: folder)
            let lines = complaints(folder)
            #expect(lines.count == 2)
            #expect(lines.first?.contains("dome.hdr: ends after row 0 of 9") == true)
            #expect(lines.last?.contains("none.png: cannot be opened") == true)
        }
    }

    @Test(arguments: ["", "{", "[1, 2]", "{\"name\": \"a\"}", "{\"name\": \"a\", \"cards\": 3}"])
    func `a file that is no scene is refused`(text: String) throws {
        try withFolder { folder in
            try put(text, in: folder)
            #expect(!complaints(folder).isEmpty)
        }
    }

    @Test func `a path that is not there is refused`() {
        #expect(complaints("/nowhere/at/all").count == 1)
        #expect(complaints("generated:moon").first?.contains("known are lake") == true)
    }
}
