import FrameLoop
import FrameModel
import Media
import Scenes

/// The movies of one scene in a replay: read again where the take says which picture a frame
/// showed, in the replay's own time.
///
/// Belongs to the replay's thread.
final class ReplayMovies {
    private let rings: [MovieRing]
    private let feeders: [MovieFeeder]
    private let held: UnsafeMutablePointer<HeldPicture>
    private let memory: [UnsafeMutableRawPointer]

    /// The movies of a scene; nil of one that has none.
    ///
    /// Throws one sentence when one cannot be read as it was.
    init?(_ asset: SceneAsset, source: String, period: Double) throws {
        let scene = asset.prepared.pointee
        guard scene.movieCount > 0 else { return nil }
        let bakes = try (0..<scene.movieCount).map {
            try MoviePictureBake(of: source, scene.movies[$0])
        }
        memory = (0..<scene.movieCount).map { index in
            let size = MovieRing.byteCount(picture: scene.movies[index].byteCount)
            let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 4096)
            block.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            return block
        }
        let rings = zip(memory, 0...).map {
            MovieRing($0, picture: scene.movies[$1].byteCount)
        }
        self.rings = rings
        feeders = bakes.enumerated().map { index, bake in
            MovieFeeder(rings[index], scene.movies[index], bake, period: period)
        }
        held = .allocate(capacity: SceneLimits.movies)
        held.initialize(repeating: HeldPicture(), count: SceneLimits.movies)
    }

    deinit {
        held.deallocate()
        for block in memory { block.deallocate() }
    }

    /// The pictures of these numbers; the scene's own where one cannot be read.
    func pictures(_ numbers: FrameRecord.Movies) -> MoviePictures {
        var pictures = MoviePictures.none
        for index in rings.indices where numbers[index] >= 0 {
            let number = numbers[index]
            guard (try? feeders[index].provide(number)) == true,
                rings[index].take(number: number, held + index)
            else { continue }
            pictures[index] = rings[index].picture(held[index])
        }
        return pictures
    }
}
