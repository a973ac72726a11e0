import FrameLoop
import FrameModel
import Scenes

/// A movie of a probed stage: a decoder that fills the ring with the picture the scene has, as fast
/// as it is asked.
final class ProbeMovie {
    let movies: SceneMovies
    private(set) var pictures = 0
    private let asset: SceneAsset
    private let ring: MovieRing
    private let movie: PreparedMovie
    private let memory: UnsafeMutableRawPointer
    private let held: UnsafeMutablePointer<HeldPicture>

    /// Cards at three distances, one of them a movie.
    static var scene: Scene {
        var scene = TestScenes.cards(atMeters: [2, 4, 14], pixels: 128)
        scene.cards[0].movie = MovieLayer(number: 0, pictureCount: 100, rate: SIMD2(24, 1))
        return scene
    }

    init(_ asset: SceneAsset) {
        self.asset = asset
        movie = asset.prepared.pointee.movies[0]
        let size = MovieRing.byteCount(picture: movie.byteCount)
        memory = .allocate(byteCount: size, alignment: 4096)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        ring = MovieRing(memory, picture: movie.byteCount)
        held = .allocate(capacity: SceneLimits.movies)
        held.initialize(repeating: HeldPicture(), count: SceneLimits.movies)
        movies = SceneMovies([ring], held: held)
    }

    deinit {
        held.deallocate()
        memory.deallocate()
    }

    /// Puts the picture the last frame asked for, and some after it.
    func decode() {
        let asked = ring.figures.wanted
        let all = movie.pictureCount * MovieNumber.steps
        for number in [asked, asked + 8, asked + 16].map({ $0 % all }) where !ring.holds(number) {
            let from = UnsafeRawPointer(asset.prepared) + movie.offset
            let isPut = ring.put(number, keeping: []) {
                $0.copyMemory(from: from, byteCount: movie.byteCount)
                return true
            }
            if isPut { pictures += 1 }
        }
    }
}
