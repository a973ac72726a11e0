import FrameLoop
import FrameModel
import Media
import Scenes
import StageRun

/// The movies of a scene in virtual time: decoded in the test's own thread, before each frame as
/// far as there is room.
final class MovieDriver {
    let rings: [MovieRing]
    let movies: SceneMovies
    /// Nothing is decoded any more.
    var isStarved = false
    /// Movies that were not at the picture a frame asked for.
    private(set) var late = 0
    private let feeders: [MovieFeeder]
    private let held: UnsafeMutablePointer<HeldPicture>
    private let memory: [UnsafeMutableRawPointer]

    init(_ asset: SceneAsset, source: String) throws {
        let scene = asset.prepared.pointee
        let all = (0..<scene.movieCount).map { scene.movies[$0] }
        memory = all.map {
            let size = MovieRing.byteCount(picture: $0.byteCount)
            let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
            block.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            return block
        }
        let rings = zip(memory, all).map { MovieRing($0, picture: $1.byteCount) }
        self.rings = rings
        feeders = try zip(rings, all).map {
            MovieFeeder($0, $1, try MoviePictureBake(of: source, $1), period: 1001 / 60000.0)
        }
        held = .allocate(capacity: SceneLimits.movies)
        held.initialize(repeating: HeldPicture(), count: SceneLimits.movies)
        movies = SceneMovies(rings, held: held)
    }

    deinit {
        held.deallocate()
        for block in memory { block.deallocate() }
    }

    /// The pictures of a frame.
    func pick(
        _ scene: UnsafePointer<PreparedScene>?, _ transports: InlineArray<4, MovieTransport>,
        at frame: Int64, isFrozen: Bool
    ) -> MoviePictures {
        if isFrozen { return movies.picked }
        func pick() -> (pictures: MoviePictures, late: Int32) {
            movies.pick(scene, transports, at: frame, period: 1001 / 60000.0)
        }
        if !isStarved {
            // What the frame asks for is told to the decoder by asking.
            _ = pick()
            for feeder in feeders { while (try? feeder.step()) == true {} }
        }
        let picked = pick()
        late += Int(picked.late)
        return picked.pictures
    }
}
