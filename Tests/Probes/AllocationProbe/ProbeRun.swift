import CAllocationProbe
import Control
import FrameLoop
import FrameModel
import Glibc
import Platform
import Scenes
import StageModel
import StageRun
import Timing

/// What a run of the probe found.
struct Finding {
    var frames: Int
    var threads: Int
    var heapCalls: Int64 = 0
    /// Index of the first frame with a heap call, counted from the first watched one.
    var firstFrame: Int?
    /// What the frames were made of: a run in which nothing happens proves nothing.
    var totals = SteppedStage.Totals()
    /// Frames made while a source was lost.
    var lostFrames = 0
    /// Pictures of a movie that were made while it played.
    var pictures = 0
    /// Bytes a take's recorder was given.
    var recordedBytes = 0

    var line: String {
        let first = firstFrame.map { ", the first in frame \($0)" } ?? ""
        let calls = "\(heapCalls) heap calls on loop and workers"
        let packets = "\(totals.accepted) packets taken, \(totals.rejected) refused"
        let sent = "\(totals.sent) pictures sent, \(totals.dropped) dropped"
        return """
            \(frames) frames, \(threads) threads: \(calls)\(first)
            (\(packets), \(lostFrames) frames with a source lost, \(sent), \
            quality changed \(totals.qualityChanges) times, \(recordedBytes >> 20) MB of takes, \
            \(pictures) movie pictures)
            """
    }

    var json: String {
        let first = firstFrame.map { ", \"firstFrame\": \($0)" } ?? ""
        let counts = "\"frames\": \(frames), \"threads\": \(threads)"
        return "{\(counts), \"heapCalls\": \(heapCalls)\(first)}"
    }
}

/// A run did not do what it is to be judged by.
struct IdleRun: Error, CustomStringConvertible {
    var description: String
}

/// The stage, what happens to it, and the count.
final class ProbeRun {
    /// Frames before the count begins: what is made once is made.
    static let warmUp = 100

    private let wishes: Wishes
    private let stage: SteppedStage
    private let scenes: [SceneAsset]
    private let movie: ProbeMovie
    private var edits: EditScript
    private var packets: PacketScript

    init(_ wishes: Wishes) throws {
        self.wishes = wishes
        let ports = try ProbeStage.freePorts(4)
        let made = try ProbeStage.make(ports: ports)
        stage = try SteppedStage(stage: made, threads: wishes.threads, sdpDirectory: "/tmp")
        scenes = [
            SceneAsset(scene: ProbeMovie.scene),
            SceneAsset(scene: TestScenes.detailed(width: 512)),
            SceneAsset(scene: TestScenes.meshes()),
        ]
        let stage = stage
        let movie = ProbeMovie(scenes[0])
        self.movie = movie
        let generations = scenes.enumerated().map { index, scene in
            stage.give(scene, movies: index == 0 ? movie.movies : SceneMovies(), slot: index)
        }
        let looks = [0.8, 1.1].map { stage.give(ProbeStage.look(gain: $0)) }
        let corrections = made.walls.indices.map { wall in
            [false, true].map { hasTable in
                stage.give(ProbeStage.correction(of: made.walls[wall], hasTable), wall: wall)
            }
        }
        edits = EditScript(
            stage: made, generations: generations, looks: looks, corrections: corrections)
        packets = try PacketScript(ports: Array(ports.prefix(2)))
    }

    /// Makes the frames and counts.
    func run() throws -> Finding {
        watchWorkers()
        var finding = Finding(frames: wishes.frames, threads: wishes.threads)
        let start = Clocks.sample(taiOffset: 37)
        let first = stage.grid.frame(at: start.tai) + 1
        var before = probe_count()
        var counted: Int64 = 0
        for index in 0..<(Self.warmUp + wishes.frames) {
            if index == Self.warmUp {
                counted = probe_count()
                before = counted
                if wishes.traps { probe_trap_on_next() }
            }
            step(index, frame: first + Int64(index), start: start)
            let now = probe_count()
            if index >= Self.warmUp, now != before, finding.firstFrame == nil {
                finding.firstFrame = index - Self.warmUp
            }
            before = now
            if stage.totals.lostSources > 0 { finding.lostFrames += 1 }
            finding.recordedBytes += stage.discardTake()
        }
        finding.heapCalls = before - counted
        finding.totals = stage.totals
        finding.pictures = movie.pictures
        stage.end()
        try check(finding)
        return finding
    }

    /// A whole run has had everything happen to it; a short one at least its frames.
    private func check(_ finding: Finding) throws {
        let totals = finding.totals
        let isWhole =
            wishes.frames < 1000
            || finding.lostFrames > 0 && finding.recordedBytes > 0 && finding.pictures > 0
        guard totals.frames == Self.warmUp + wishes.frames, totals.accepted > 0,
            totals.rejected > 0, totals.sent > 0, totals.dropped > 0, totals.qualityChanges > 0,
            isWhole
        else { throw IdleRun(description: "the stage did not work: \(finding.line)") }
    }

    /// One frame: what others do to the stage, unwatched, then the frame path, watched.
    private func step(_ index: Int, frame: Int64, start: ClockSample) {
        stage.publish(edits.next(index, frame: frame))
        movie.decode()
        packets.send(index)
        let tai = stage.grid.instant(of: frame)
        let clock = ClockSample(
            host: start.host(tai: tai),
            realtimeNanoseconds: Clocks.sample(taiOffset: 37).realtimeNanoseconds, tai: tai)
        let plants = wishes.isPlanted && index == Self.warmUp + wishes.frames / 2
        probe_watch(1)
        stage.make(frame: frame, clock: clock)
        // Now and then the senders are away for as long as it takes to fill every canvas.
        if index % 97 >= 7 { stage.send(at: frame + 1) }
        if plants { plant() }
        probe_watch(0)
        if plants { plantOnWorkers() }
    }

    private func watchWorkers() {
        stage.onEveryThread(
            { _, worker in if worker > 0 { probe_watch(1) } },
            context: Unmanaged.passUnretained(self).toOpaque())
    }

    private func plantOnWorkers() {
        stage.onEveryThread(
            { _, worker in if worker > 0 { plant() } },
            context: Unmanaged.passUnretained(self).toOpaque())
    }
}

/// One allocation and its end; not optimized, or the compiler would leave both out.
@inline(never) @_optimize(none)
func plant() {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 16)
    memory.storeBytes(of: 1, as: Int.self)
    memory.deallocate()
}
