package import FrameLoop
package import FrameModel
import Glibc
import Platform
import Synchronization
import Timing

/// The movies of a scene while it is loaded: a ring and a decoding process each, started again
/// where it hangs or dies.
///
/// `@unchecked Sendable` holds because the members are set once in `init`; the held pictures are
/// the loop's alone.
package final class SceneDecoders: @unchecked Sendable {
    /// What the loop picks from.
    package let movies: SceneMovies
    /// Memory of all rings.
    package let byteCount: Int
    private let decoders: [MovieDecoder]
    private let held: UnsafeMutablePointer<HeldPicture>

    /// Memory the rings of a scene take.
    package static func byteCount(of scene: UnsafePointer<PreparedScene>) -> Int {
        (0..<scene.pointee.movieCount).reduce(0) {
            $0 + MovieRing.byteCount(picture: scene.pointee.movies[$1].byteCount)
        }
    }

    /// Starts decoding the movies of a scene.
    ///
    /// Throws one sentence when that cannot be.
    /// - Parameters:
    ///   - source: where the scene is.
    ///   - executable: this program, to be started for each movie.
    ///   - period: seconds from frame to frame of the stage.
    ///   - silence: seconds without a sign of life after which a process counts as hung.
    ///   - tell: takes a line for the operator.
    package init(
        _ scene: UnsafePointer<PreparedScene>, source: String, executable: String, period: Double,
        silence: Double = 5, tell: @escaping @Sendable (String) -> Void
    ) throws {
        for index in 0..<scene.pointee.movieCount {
            let movie = scene.pointee.movies[index]
            let steps = MovieSteps(
                rate: movie.rate, speed: movie.speed, isUneven: movie.uneven == 1)
            for line in steps.lines(frames: 1 / period) {
                tell("movie \(movie.number + 1) of \(source): \(line)")
            }
        }
        let decoders = try (0..<scene.pointee.movieCount).map { index in
            let memory = try MovieMemory(scene.pointee.movies[index], period: period)
            return MovieDecoder(
                memory, source: source, executable: executable, silence: silence, tell: tell)
        }
        self.decoders = decoders
        byteCount = SceneDecoders.byteCount(of: scene)
        held = .allocate(capacity: SceneLimits.movies)
        held.initialize(repeating: HeldPicture(), count: SceneLimits.movies)
        movies = SceneMovies(decoders.map(\.memory.ring), held: held)
        for decoder in decoders { try decoder.start() }
    }

    deinit {
        for decoder in decoders { decoder.askToStop() }
        for decoder in decoders { decoder.join() }
        held.deallocate()
    }

    /// Seconds a scene waits for its movies' first pictures; without them it begins with the one
    /// in its block.
    private static let fillSeconds = 5.0

    /// Waits until each movie has pictures ahead, or has had its time.
    package func fill(isCanceled: () -> Bool) {
        let end = Clocks.now() + Int64(Self.fillSeconds * 1e9)
        while Clocks.now() < end, !isCanceled(),
            decoders.contains(where: { $0.memory.ring.readyCount < 2 && !$0.isGivenUp })
        {
            Clocks.sleep(until: Clocks.now() + 10_000_000)
        }
    }

    /// What each movie shows.
    package func figures() -> [Figures] { decoders.map(\.figures) }

    /// What a movie shows.
    package struct Figures: Sendable, Equatable {
        /// Which movie of the scene, from 0.
        package var movie: Int
        /// The picture it shows, from 0.
        package var picture: Int64
        /// Where that is, seconds from its start.
        package var position: Double
        /// Frames that had to do without the picture they asked for.
        package var late: Int
        /// Times its decoder was started again.
        package var restarts: Int
    }
}

/// One movie's ring and the process that fills it, kept alive by a thread (`cyc-movie`).
///
/// `@unchecked Sendable` holds because what changes is atomic, and the thread is started and joined
/// by the owner alone.
final class MovieDecoder: @unchecked Sendable {
    /// Without a sign of life a process that opens its movie, which may lie on a slow disk, counts
    /// as hung after so long, nanoseconds.
    private static let openingMax: Int64 = 15_000_000_000
    /// Pause before it is started again, nanoseconds, and the longest one.
    private static let (pauseFirst, pauseMax): (Int64, Int64) = (100_000_000, 10_000_000_000)
    /// A process lives at most so long, seconds: for ever.
    private static let secondsMax = 1e8

    let memory: MovieMemory
    private let source: String
    private let executable: String
    /// The same of one that decodes.
    private let silenceMax: Int64
    private let tell: @Sendable (String) -> Void
    private let stopping = Atomic<Bool>(false)
    private let restarts = Atomic<Int>(0)
    private let givenUp = Atomic<Bool>(false)
    private var thread: Threads.Running?

    init(
        _ memory: MovieMemory, source: String, executable: String, silence: Double,
        tell: @escaping @Sendable (String) -> Void
    ) {
        silenceMax = Int64(silence * 1e9)
        (self.memory, self.source, self.executable, self.tell) = (
            memory, source, executable, tell
        )
    }

    /// Nothing more will come of it.
    var isGivenUp: Bool { givenUp.load(ordering: .relaxed) }

    var figures: SceneDecoders.Figures {
        let (movie, shown) = (memory.movie, memory.ring.figures)
        let picture = max(0, shown.shown) / MovieNumber.steps
        return SceneDecoders.Figures(
            movie: Int(movie.number), picture: picture,
            position: Double(picture) * Double(movie.rate.denominator)
                / Double(movie.rate.numerator),
            late: shown.late, restarts: restarts.load(ordering: .relaxed))
    }

    func start() throws {
        thread = try Threads.start(name: "cyc-movie") { [unowned self] in
            // It has to be in time: not of the idle class the one that loads scenes may be of.
            Threads.makeNormal()
            run()
        }
    }

    func askToStop() { stopping.store(true, ordering: .relaxed) }

    func join() {
        thread?.join()
        thread = nil
    }

    private var isStopping: Bool { stopping.load(ordering: .relaxed) }

    private func run() {
        var pause = Self.pauseFirst
        while !isStopping {
            let begun = Clocks.now()
            let why = decode()
            guard !isStopping else { return }
            guard let why else {
                givenUp.store(true, ordering: .relaxed)
                return
            }
            restarts.wrappingAdd(1, ordering: .relaxed)
            tell(
                "movie \(memory.movie.number + 1) of \(source): its decoder \(why) – it is started "
                    + "again, the wall holds the last picture")
            if Clocks.now() - begun > Self.pauseMax { pause = Self.pauseFirst }
            let end = Clocks.now() + pause
            while Clocks.now() < end, !isStopping {
                Clocks.sleep(until: min(end, Clocks.now() + 20_000_000))
            }
            pause = min(Self.pauseMax, 2 * pause)
        }
    }

    /// One life of the process: why it ended; nil when it said that the movie is no good.
    private func decode() -> String? {
        let ring = memory.ring
        let first = ring.beat
        var (beat, since) = (first, Clocks.now())
        var isSilent = false
        do throws(Threads.Refusal) {
            let (end, output) = try ChildProcess.run(
                executable, ["movie-worker", source], inheriting: memory.descriptor,
                seconds: Self.secondsMax,
                isCanceled: {
                    if isStopping { return true }
                    let now = ring.beat
                    if now != beat { (beat, since) = (now, Clocks.now()) }
                    let limit = beat == first ? Self.openingMax : silenceMax
                    isSilent = Clocks.now() - since > limit
                    return isSilent
                })
            switch end {
            case .exited(code: MovieWorker.refusal):
                let line = output.split(separator: "\n").first.map(String.init) ?? source
                tell("\(line) – the movie stands still")
                return nil
            case .exited(let code): return "ended (exit code \(code))"
            case .killed(let signal): return "was broken (signal \(signal))"
            case .canceled, .tooSlow, .silent: return isSilent ? "hung" : "was stopped"
            }
        } catch {
            return "did not start (\(error))"
        }
    }
}
