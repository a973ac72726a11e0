import Foundation
import FrameModel
import Scenes
import TestSupport
import Testing

@Suite("Movies in scenes") struct MovieSceneTests {
    private let folder = TemporaryFolder()

    init() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
    }

    private func clip(_ name: String, width: Int = 96, height: Int = 54) throws -> String {
        let path = "\(folder.path)/\(name)"
        try MovieMaker.write(path, .proRes, width: width, height: height, rate: "25", count: 10) {
            BurntNumber.gray($0, width: width, height: height)
        }
        return path
    }

    private func write(_ yaml: String) throws {
        try Data(yaml.utf8).write(to: URL(filePath: "\(folder.path)/scene.yaml"))
    }

    @Test(.enabled(if: MovieMaker.isThere, "needs ffmpeg"))
    func `are numbered, bake with their first picture and keep their cues`() throws {
        _ = try clip("a.mov", width: 128, height: 64)
        _ = try clip("b.mov")
        try write(
            """
            name: two
            dome: {movie: a.mov, speed: -2, cues: [{name: the rain, seconds: 0.2}]}
            cards:
              - {name: c, movie: b.mov, loop: false, center: [0, 5, 1], widthMeters: 2}
            """)
        let scene = try SceneFile.load(folder.path)
        #expect(scene.dome?.movie?.number == 0 && scene.cards[0].movie?.number == 1)
        #expect(scene.cards[0].movie?.rate == SIMD2<Int64>(25, 1))
        #expect(scene.cards[0].movie?.isLooping == false && scene.dome?.movie?.speed == -2)
        #expect(SceneSummary(scene).text.contains("10 pictures, 25.0 a second, once"))
        for asset in [
            try BakedScene.asset(of: folder.path) { _ in },
            try #require(try BakedScene.kept(folder.path) { _ in }),
        ] {
            let prepared = asset.prepared.pointee
            #expect(prepared.movieCount == 2 && asset.movieSpeeds == [-2, 1])
            #expect(prepared.movies[0].layer == -1 && prepared.movies[1].layer == 0)
            #expect(prepared.movies[1].pictureCount == 10 && !prepared.movies[1].isLooping)
            #expect(asset.cues == [MovieCue(movie: 0, name: "the rain", seconds: 0.2)])
        }
        // Another movie of the same name makes the bake stale.
        _ = try clip("b.mov", width: 64, height: 36)
        #expect(try BakedScene.kept(folder.path) { _ in } == nil)
    }

    @Test func `every complaint about them has its place`() throws {
        try write(
            """
            name: it
            dome: {movie: a.mov, loop: maybe, speed: 9, cues: [{name: q}]}
            cards:
              - {name: c, picture: p.png, rate: 24, center: [0, 1, 2], widthMeters: 2}
              - {name: d, picture: p.png, movie: a.mov, center: [0, 1, 2], widthMeters: 2}
            """)
        let lines: [String]
        do throws(SceneComplaints) {
            _ = try SceneFile.describe(folder.path)
            lines = []
        } catch { lines = error.lines }
        for word in [
            ":2: dome.loop: \"maybe\"", ":2: dome.speed: 9", ":2: dome.cues[0].seconds: is missing",
            ":4: cards[0].rate: is there", ":5: cards[1].picture: is there beside movie",
        ] {
            #expect(lines.contains { $0.contains(word) }, "\(word): \(lines)")
        }
        #expect(lines.count == 5)
    }

    @Test(.enabled(if: MovieMaker.isThere, "needs ffmpeg"))
    func `are imported as a card, twice as wide as high as a dome`() throws {
        for (name, height, isDome) in [("wide.mov", 48, true), ("card.mov", 54, false)] {
            let path = try clip(name, height: height)
            let made = "\(folder.path)/set-\(name)"
            let notes = try SceneImport(path, depth: nil, to: made).notes
            #expect(notes.contains { $0.hasPrefix("10 pictures of 96×\(height), 25.0 a second") })
            let scene = try SceneFile.load(made)
            #expect((scene.dome?.movie != nil) == isDome && scene.cards.isEmpty == isDome)
        }
        #expect(throws: SceneComplaints.self) {
            _ = try SceneImport(
                "\(folder.path)/card.mov", depth: "\(folder.path)/d.png", to: folder.path)
        }
    }
}
