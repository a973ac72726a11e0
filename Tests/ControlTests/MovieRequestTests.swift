import Control
import FrameModel
import Testing

@Suite struct `Movies by request` {
    /// 24 frames a second, a scene shown since frame 1000, its first movie at twice its speed.
    private func document() -> ShowDocument {
        var document = ShowDocument(stage: demoStage())
        _ = document.take(Self.warm(1), fade: .none, atFrame: 1000)
        return document
    }

    private static func warm(_ slot: Int32) -> WarmScene {
        WarmScene(
            name: "set \(slot)", slot: slot, generation: 1,
            reference: SceneReference(source: "/sets/\(slot)", fingerprint: 7),
            cues: [MovieCue(movie: 1, name: "Rain", seconds: 12.5)],
            movieSpeeds: slot == 1 ? [2, 1] : [1])
    }

    private func set(
        _ document: inout ShowDocument, _ path: String, _ value: Double, _ frame: Int64
    ) {
        let answer = document.apply(.set(path: path, values: [value], fade: .none), atFrame: frame)
        #expect(answer.line.hasPrefix("applied"), "\(answer.line)")
    }

    private func seconds(_ document: ShowDocument, _ movie: Int, at frame: Int64) -> Double {
        let transport = document.live.movies[movie]
        return transport.seconds + transport.rate * Double(frame - transport.frame) / 24
    }

    @Test func `begin with the scene, at their file's speed`() {
        let document = document()
        #expect(seconds(document, 0, at: 1024) == 2 && seconds(document, 1, at: 1024) == 1)
        #expect(document.target(document.tree["movie/1/speed"]!) == [2])
    }

    @Test func `stop, go on and change speed from where they are`() {
        var document = document()
        set(&document, "movie/1/playing", 0, 1024)
        #expect(seconds(document, 0, at: 1048) == 2)
        set(&document, "movie/1/playing", 1, 1048)
        #expect(seconds(document, 0, at: 1060) == 3)
        set(&document, "movie/1/speed", -1, 1060)
        #expect(seconds(document, 0, at: 1072) == 2.5 && seconds(document, 1, at: 1072) == 3)
        set(&document, "movie/1/position", 7, 1072)
        #expect(seconds(document, 0, at: 1072) == 7)
        _ = document.apply(.undo(fade: .none), atFrame: 1080)
        #expect(document.target(document.tree["movie/1/position"]!) == [0])
    }

    @Test func `do not fade`() {
        var document = document()
        let answer = document.apply(
            .set(path: "movie/1/speed", values: [3], fade: .seconds(1)), atFrame: 1010)
        #expect(answer.line.contains("at once"), "\(answer.line)")
    }

    @Test func `go with their scene through a crossfade and back`() {
        var document = document()
        set(&document, "movie/1/position", 5, 1010)
        _ = document.take(Self.warm(2), fade: .frames(48), atFrame: 1034)
        #expect(seconds(document, 0, at: 1034) == 0)
        let leaving = document.live.leavingMovies[0]
        #expect(leaving.seconds == 5 && leaving.frame == 1010 && leaving.speed == 2)
        _ = document.take(Self.warm(1), fade: .frames(48), atFrame: 1040)
        #expect(seconds(document, 0, at: 1034) == 7)
        #expect(document.target(document.tree["movie/1/speed"]!) == [2])
    }

    @Test func `are sent to cues by name`() {
        var document = document()
        var session = ControlSession()
        let actions = SceneActions(
            list: { [] }, load: { _ in .failure(SceneActions.Refusal("")) },
            unload: { _, _ in .failure(SceneActions.Refusal("")) },
            ready: { _ in .failure(SceneActions.Refusal("")) },
            next: { _ in .failure(SceneActions.Refusal("")) }, shown: { Self.warm($0.slot) })
        let context = SessionContext(
            frame: 1024, nanoseconds: 0, status: StatusBoard(), scenes: actions)
        session.receive(
            Array("scene cue rain\nscene cue snow\nscene/cue\n".utf8), document: &document,
            context: context)
        let lines = String(decoding: session.takeOutput(), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 3 && lines[0].contains("cue Rain of set 1"), "\(lines)")
        #expect(lines[1].contains("known are Rain") && lines[2].contains("takes a cue's name"))
        #expect(seconds(document, 1, at: 1024) == 12.5 && seconds(document, 0, at: 1024) == 2)
    }

    @Test func `are where they were in a document that was saved`() {
        var document = document()
        set(&document, "movie/2/position", 3, 1024)
        set(&document, "movie/2/speed", -0.5, 1030)
        _ = document.take(Self.warm(2), fade: .frames(100), atFrame: 1050)
        set(&document, "movie/1/blend", 1, 1060)
        var restored = ShowDocument(stage: demoStage())
        let report = restored.restore(document.saved(atFrame: 1070))
        #expect(report.skipped == 0, "\(report.complaints)")
        for movie in 0..<SceneLimits.movies {
            #expect(restored.live.movies[movie] == document.live.movies[movie], "\(movie)")
            #expect(restored.live.leavingMovies[movie] == document.live.leavingMovies[movie])
        }
        var broken = ShowDocument(stage: demoStage())
        let lines = [
            "movie shown 9 0 0 1 1 0", "movie shown 0 -1 0 1 1 0", "movie gone 0 0 0 1 1 0",
            "movie shown 0 0 nan 1 1 0", "movie shown 0 0 0 99 1 0", "movie shown 0 0 0 1 2 0",
        ]
        let text = "cyclorama-show 1\n" + lines.joined(separator: "\n") + "\n"
        #expect(broken.restore(Array(text.utf8)).skipped == lines.count)
    }
}
