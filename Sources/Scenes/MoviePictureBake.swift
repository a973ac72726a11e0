public import FrameModel
public import Media

/// Pictures of a scene's movie in the form renderers read: texels, mip levels and masks, as they
/// lie in the scene's block, written somewhere else.
///
/// For the process that decodes ahead, and for replays; slow work, not for several threads.
public final class MoviePictureBake {
    private enum Form {
        case card([CardBake.Level], MipChain)
        case dome([BakeLayout.Level])
    }

    private let source: MovieSource
    private let form: Form
    /// Bytes of a picture.
    public let byteCount: Int
    /// The first of two pictures that are blended.
    private var kept: [Float] = []

    /// What the movie is.
    public var facts: MovieFacts { source.facts }

    /// A movie's pictures for a card, or for the dome.
    public init(_ source: MovieSource, isDome: Bool) {
        self.source = source
        var bytes = 0
        let (width, height) = (source.facts.width, source.facts.height)
        if isDome {
            form = .dome(DomeBake.layout(width: width, from: &bytes))
        } else {
            let levels = CardBake.layout(width: width, height: height, from: &bytes)
            form = .card(levels, MipChain(levels.map { ($0.texels.width, $0.texels.height) }))
        }
        byteCount = bytes
    }

    /// The nth movie of a scene, as the scene was baked.
    ///
    /// Throws when it is another one by now.
    public convenience init(
        of scene: String, _ movie: PreparedMovie
    ) throws(SceneComplaints) {
        let source = try MovieSource.open(scene, number: Int(movie.number))
        self.init(source, isDome: movie.layer < 0)
        guard byteCount == movie.byteCount, facts.pictureCount == movie.pictureCount else {
            throw SceneComplaints([
                "\(scene): movie \(movie.number + 1) has changed since the scene was loaded – "
                    + "unload the scene and load it again"
            ])
        }
    }

    /// Writes the picture of a number (`MovieNumber`) into `byteCount` bytes on a cache line.
    public func write(
        _ number: Int64, of movie: PreparedMovie, into memory: UnsafeMutableRawPointer
    ) throws(PictureError) {
        let (index, part) = number.quotientAndRemainder(dividingBy: MovieNumber.steps)
        var colors = try source.colors(index)
        if part > 0 {
            kept.removeAll(keepingCapacity: true)
            kept.append(contentsOf: colors)
            let last = facts.pictureCount - 1
            colors = try source.colors(index < last ? index + 1 : movie.isLooping ? 0 : last)
            let share = Float(part) / Float(MovieNumber.steps)
            kept.withUnsafeBufferPointer {
                MipChain.blend($0.baseAddress!, into: colors, share: share)
            }
        }
        switch form {
        case .card(let levels, let chain):
            CardBake.bake(
                UnsafeBufferPointer(colors), chain, levels: levels, isOpaque: source.isOpaque,
                in: memory)
        case .dome(let levels):
            var picture = Picture(
                width: facts.width, height: facts.height, pixels: Array(colors))
            picture.turn(degrees: source.rotationDegrees)
            DomeBake.bake(picture, levels: levels, in: memory)
        }
    }
}
