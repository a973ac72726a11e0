import Control
import Foundation
import FrameLoop
import FrameModel
import Glibc
import Lanes
import Scenes
import StageModel
import StageRun
import Synchronization
import TestSupport
import Testing

/// A scene folder of one card on the left wall that shows a movie with burnt-in numbers.
final class BurntMovie {
    static let first = VirtualStage.firstFrame
    let folder = TemporaryFolder()
    let count: Int

    init(
        _ codec: MovieMaker.Codec, count: Int, width: Int = 192, height: Int = 108,
        rate: String = "24",
        picture: (Int, Int, Int) -> [UInt8] = { BurntNumber.gray($0, width: $1, height: $2) }
    ) throws {
        self.count = count
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        try MovieMaker.write(
            "\(folder.path)/clip.\(codec.ending)", codec, width: width, height: height, rate: rate,
            count: count
        ) { picture($0, width, height) }
        try Data(
            """
            name: burnt
            cards:
              - name: screen
                movie: clip.\(codec.ending)
                center: [-2, 4, 0.75]
                widthMeters: 4
                heightMeters: 1.5

            """.utf8
        ).write(to: URL(filePath: "\(folder.path)/scene.yaml"))
    }

    /// A wall that shows it from a frame on, and the driver of its movie.
    func wall(
        from frame: Int64 = BurntMovie.first, threads: Int = 2
    ) throws -> (stage: VirtualStage, movie: MovieDriver) {
        let wall = try VirtualStage(try SceneFile.load(folder.path), threads: threads)
        let driver = try MovieDriver(wall.asset, source: folder.path)
        wall.movies = [driver]
        wall.document.show(
            sceneSlot: 0, generation: 1, atFrame: frame,
            movieSpeeds: wall.asset.movieSpeeds)
        return (wall, driver)
    }

    /// The number a canvas of the virtual stage shows on its left wall.
    static func number(_ octets: [UInt8]) -> Int? {
        let all = codes(octets)
        let row = VirtualStage.height / 2 * VirtualStage.width
        return BurntNumber.read(
            (0..<VirtualStage.width / 2).map { x in
                let code = Double(all[row + x].y) / 1023
                // To light, so that a bar between two is between them (SMPTE ST 2084, 5.2).
                let root = pow(code, 32.0 / 2523)
                return pow(
                    max(0, root - 3424.0 / 4096) / (2413.0 / 128 - 2392.0 / 128 * root),
                    16384.0 / 2610)
            })
    }

    /// Which of so many pictures of 24 a second is due so many frames of 60000/1001 after the
    /// first, in whole numbers.
    static func due(_ frames: Int64, of count: Int) -> Int {
        Int(frames * 24 * 1001 / 60000) % count
    }
}

@Suite(.enabled(if: MovieMaker.isThere, "needs ffmpeg")) struct `A movie on the wall` {
    private static let first = BurntMovie.first

    @Test(arguments: [MovieMaker.Codec.proRes, .h264])
    func `of 1080p24 shows the picture of the grid in every frame, over the seam of its loop`(
        codec: MovieMaker.Codec
    ) throws {
        let movie = try BurntMovie(codec, count: 30, width: 1920, height: 1080)
        let (wall, driver) = try movie.wall()
        for frame in 0..<Int64(100) {
            let shown = BurntMovie.number(wall.make(Self.first + frame))
            #expect(shown == BurntMovie.due(frame, of: 30), "frame \(frame)")
        }
        #expect(driver.late == 0)
    }

    @Test(
        .enabled(if: RunningStage.isAlone, "takes half an hour: `make prove`"),
        arguments: [MovieMaker.Codec.proRes, .h264])
    func `of 1080p24 shows the picture of the grid for ten minutes`(
        codec: MovieMaker.Codec
    ) throws {
        let count = 1000
        let movie = try BurntMovie(codec, count: count, width: 1920, height: 1080)
        let (wall, driver) = try movie.wall()
        let frames = Int64(10 * 60 * 60000 / 1001)
        var wrong = 0
        for frame in 0..<frames {
            let shown = BurntMovie.number(wall.make(Self.first + frame))
            if shown != BurntMovie.due(frame, of: count) { wrong += 1 }
        }
        let seams = BurntMovie.due(frames, of: .max) / count
        print(
            "movie on the grid: \(codec), \(frames) frames, \(seams) seams, \(wrong) wrong, "
                + "\(driver.late) late")
        #expect(wrong == 0 && driver.late == 0)
    }

    @Test(arguments: [MovieMaker.Codec.h265, .hap])
    func `of other codecs does so, too`(codec: MovieMaker.Codec) throws {
        let (wall, driver) = try BurntMovie(codec, count: 12).wall()
        for frame in 0..<Int64(40) {
            let shown = BurntMovie.number(wall.make(Self.first + frame))
            #expect(shown == BurntMovie.due(frame, of: 12), "frame \(frame)")
        }
        #expect(driver.late == 0)
    }

    @Test(arguments: [
        ("24000/1001", Int64(24000), Int64(1001)), ("15", 15, 1), ("60000/1001", 60000, 1001),
        ("30", 30, 1),
    ])
    func `of any rate and size steps at its own rate`(
        rate: String, numerator: Int64, denominator: Int64
    ) throws {
        let movie = try BurntMovie(.proRes, count: 20, width: 322, height: 178, rate: rate)
        let (wall, _) = try movie.wall()
        for frame in 0..<Int64(50) {
            let due = frame * numerator * 1001 / (denominator * 60000) % 20
            #expect(BurntMovie.number(wall.make(Self.first + frame)) == Int(due), "\(frame)")
        }
    }

    @Test func `pauses, goes on, jumps to a place and plays backwards`() throws {
        let (wall, _) = try BurntMovie(.h264, count: 72).wall()
        func shown(_ frame: Int64) -> Int? { BurntMovie.number(wall.make(Self.first + frame)) }
        for frame in 0..<Int64(30) { _ = shown(frame) }
        wall.edit("movie/1/playing", 0, at: Self.first + 30)
        for frame in Int64(30)..<40 { #expect(shown(frame) == 12, "\(frame)") }
        wall.edit("movie/1/playing", 1, at: Self.first + 40)
        // 10 frames stood still: the picture of frame 31 comes in frame 41.
        for frame in Int64(40)..<50 {
            #expect(shown(frame) == BurntMovie.due(frame - 10, of: 72), "\(frame)")
        }
        wall.edit("movie/1/position", 2.5, at: Self.first + 50)
        #expect(shown(50) == 60 && shown(51) == 60)
        wall.edit("movie/1/position", 1, at: Self.first + 52)
        wall.edit("movie/1/speed", -2, at: Self.first + 52)
        // 48.048 pictures a second backwards from 24: 0.8008 of a picture a frame.
        for frame in Int64(0)..<40 {
            // A loop of 72 is added, so that it stays above nought.
            let due = ((24 + 72) * 60000 - frame * 48 * 1001) / 60000 % 72
            #expect(shown(52 + frame) == Int(due), "\(frame)")
        }
    }

    @Test func `that is decoded too late shows its last picture, and that is counted`() throws {
        let (wall, driver) = try BurntMovie(.proRes, count: 24).wall()
        for frame in 0..<Int64(10) { _ = wall.make(Self.first + frame) }
        driver.isStarved = true
        var shown: [Int?] = []
        for frame in Int64(10)..<120 {
            shown.append(BurntMovie.number(wall.make(Self.first + frame)))
        }
        #expect(driver.late > 20)
        // What was decoded ahead is shown when it is due, then the last of it stays.
        #expect(shown.first == 4 && shown.last == shown[shown.count - 20])
        let (_, last, late) = driver.rings[0].figures
        #expect(Int(last) / 8 == shown.last! && late >= driver.late)
        driver.isStarved = false
        #expect(BurntMovie.number(wall.make(Self.first + 120)) == BurntMovie.due(120, of: 24))
    }

    @Test func `blends between its pictures when it is told to`() throws {
        let movie = try BurntMovie(.proRes, count: 24) { number, width, height in
            [UInt8](repeating: number % 2 == 1 ? 255 : 0, count: width * height)
        }
        let (wall, _) = try movie.wall()
        func code(_ frame: Int64) -> Int {
            let row = VirtualStage.height / 2 * VirtualStage.width
            return codes(wall.make(Self.first + frame))[row + VirtualStage.width / 4].y
        }
        #expect(code(0) == 0 && code(1) == 0 && code(3) > 500)
        wall.edit("movie/1/blend", 1, at: Self.first + 4)
        // 1.6016 pictures after the first are 4/8 of the way from picture 1 to 2.
        #expect(abs(Double(code(4)) - pqCode(nits: 50)) < 4)
        // 2.002: 2 alone; 2.4024: 3/8 of the way to 3.
        #expect(code(5) == 0)
        #expect(abs(Double(code(6)) - pqCode(nits: 37.5)) < 4)
    }

    @Test func `replays to the very bytes, late pictures and a frozen wall included`() throws {
        let movie = try BurntMovie(.h264, count: 48)
        let (wall, driver) = try movie.wall(threads: 1)
        let recorder = wall.recorder(into: movie.folder.path, source: movie.folder.path)
        var hashes: [Int64: UInt64] = [:]
        for step in Int64(0)..<100 {
            let frame = Self.first + step
            switch step {
            case 5: wall.edit("stage/freeze", 1, at: frame)
            case 10: wall.edit("take/record", 1, at: frame)
            case 20: wall.edit("stage/freeze", 0, at: frame)
            case 30: driver.isStarved = true
            case 60: driver.isStarved = false
            case 70: wall.edit("movie/1/position", 0.5, at: frame)
            case 80: wall.edit("movie/1/speed", 3, at: frame)
            case 85: wall.edit("movie/1/blend", 1, at: frame)
            default: break
            }
            let octets = wall.make(frame)
            if step >= 10 { hashes[frame] = octets.withUnsafeBytes(wordFingerprint) }
            recorder.drain()
        }
        recorder.stop()
        let take = try Take(path: "\(movie.folder.path)/virtual-0001.take")
        var stage = VirtualStage.stage()
        stage.outputs = [
            OutputPort(
                name: "out", processor: 0,
                kind: .rtp(
                    host: "127.0.0.1", port: 5004, sampling: .rgb, depth: 10, payloadType: 96))
        ]
        let replay = try TakeReplay(take, stage: stage, asset: wall.asset)
        #expect(replay.notes.isEmpty, "\(replay.notes)")
        var count = 0
        try replay.run { frame in
            count += 1
            #expect(hashes[frame.frame] == frame.hash, "frame \(frame.frame - Self.first)")
        }
        #expect(count == 90 && Set(hashes.values).count > 30)
    }
}

@Suite(
    .serialized,
    .enabled(if: MovieMaker.isThere && RunningStage.isBuilt, "needs ffmpeg and a release build"))
struct `The decoder of a movie` {
    private final class Sayer: Sendable {
        private let said = Mutex<[String]>([])
        func add(_ line: String) { said.withLock { $0.append(line) } }
        var lines: [String] { said.withLock(\.self) }
    }

    /// Waits for something other processes do, at most half a minute.
    private func wait(_ isDone: () -> Bool) -> Bool {
        let end = time(nil) + 30
        while !isDone() {
            if time(nil) > end { return false }
            sched_yield()
        }
        return true
    }

    /// The process that decodes for this one.
    private func decoder() -> pid_t? {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { pid_t($0) }.first { id in
            guard let line = FileManager.default.contents(atPath: "/proc/\(id)/cmdline"),
                String(decoding: line, as: UTF8.self).contains("movie-worker"),
                let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
            else { return false }
            let words = text.split(separator: ")").last?.split(separator: " ") ?? []
            return words.count > 1 && words[0] != "Z" && pid_t(words[1]) == getpid()
        }
    }

    @Test(arguments: [SIGKILL, SIGSTOP])
    func `killed or hung in the middle is started again, the wall holding its last picture`(
        signal: Int32
    ) throws {
        let movie = try BurntMovie(.proRes, count: 48)
        let asset = SceneAsset(scene: try SceneFile.load(movie.folder.path))
        let sayer = Sayer()
        let decoders = try SceneDecoders(
            asset.prepared, source: movie.folder.path, executable: RunningStage.program,
            period: 1001 / 60000.0, silence: 0.5
        ) { sayer.add($0) }
        decoders.fill { false }
        let live = LiveState()
        var frame: Int64 = 1
        func pick() -> (pictures: MoviePictures, late: Int32) {
            decoders.movies.pick(
                asset.prepared, live.movies, at: frame, period: 1001 / 60000.0)
        }
        func isInTime() -> Bool {
            let picked = pick()
            return picked.late == 0 && picked.pictures[0].bytes != nil
        }
        #expect(wait(isInTime))
        let gone = try #require(decoder())
        kill(gone, signal)
        // Far beyond what was decoded ahead: the picture there is stays, frame after frame.
        let before = pick().pictures[0].number
        for _ in 0..<60 {
            frame += 1
            #expect(pick().pictures[0].bytes != nil)
        }
        #expect(pick().pictures[0].number >= before)
        #expect(wait { decoders.figures()[0].restarts == 1 })
        #expect(wait { sayer.lines.count == 2 })
        #expect(sayer.lines[0].hasSuffix(MovieSteps.uneven24On59), "\(sayer.lines)")
        #expect(sayer.lines[1].contains(signal == SIGKILL ? "broken (signal 9)" : "hung"))
        #expect(wait(isInTime), "it decodes again")
        #expect(decoder() != gone)
    }

    @Test func `of another movie than the scene was loaded with says so and gives up`() throws {
        let movie = try BurntMovie(.proRes, count: 12)
        let asset = SceneAsset(scene: try SceneFile.load(movie.folder.path))
        try MovieMaker.write(
            "\(movie.folder.path)/clip.mov", .proRes, width: 96, height: 54, rate: "24", count: 3
        ) { BurntNumber.gray($0, width: 96, height: 54) }
        let sayer = Sayer()
        let decoders = try SceneDecoders(
            asset.prepared, source: movie.folder.path, executable: RunningStage.program,
            period: 1001 / 60000.0
        ) { sayer.add($0) }
        decoders.fill { false }
        #expect(sayer.lines[0].hasSuffix(MovieSteps.uneven24On59), "\(sayer.lines)")
        #expect(wait { sayer.lines.count > 1 })
        #expect(sayer.lines[1].contains("movie 1 has changed since the scene was loaded"))
        #expect(decoders.figures()[0].restarts == 0)
    }
}

extension MovieSteps {
    /// What is told of a movie of 24 pictures a second on the tests' stage.
    fileprivate static let uneven24On59 =
        "24 pictures a second on a stage of 59.94 frames: pictures stand for 2 or 3 frames in turn "
        + "– movie/N/blend, or save it at the stage's rate, where that is seen"
}
