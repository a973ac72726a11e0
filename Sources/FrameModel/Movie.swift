/// A movie as a layer of a prepared scene: which layer, where its picture lies in the scene's
/// block, and what its own time is.
///
/// The block holds the movie's first picture, so that there is always one to draw. A later one has
/// the same bytes somewhere else: the layer's pointers are moved there for the frame.
public struct PreparedMovie: BitwiseCopyable, Sendable {
    /// Index of the card that shows it, −1 for the dome.
    public var layer: Int32
    /// Which movie of the scene file it is, from 0.
    public var number: Int32
    /// Where the picture lies, bytes from the start of the scene's block.
    public var offset: Int
    /// Bytes of a picture.
    public var byteCount: Int
    /// Its pictures.
    public var pictureCount: Int64
    /// Pictures a second, as a fraction.
    public var rate: (numerator: Int64, denominator: Int64)
    /// The speed it begins with: 1 as it was made, < 0 backwards.
    public var speed: Double
    /// 1: after the last picture comes the first one.
    ///
    /// A number, so that any bytes are one.
    public var loops: Int32
    /// 1: its file's pictures do not come at even times.
    public var uneven: Int32

    /// No movie.
    public init() {
        (layer, number, offset, byteCount, pictureCount) = (-1, 0, 0, 0, 0)
        (rate, speed, loops, uneven) = ((25, 1), 1, 1, 0)
    }

    /// After the last picture comes the first one.
    public var isLooping: Bool { loops == 1 }
}

/// Which picture of a movie, in eighths: `8 · n` is picture n, what is between two whole ones is
/// their blend.
public enum MovieNumber {
    /// Steps from one picture to the next.
    public static let steps: Int64 = 8
    /// A frame that falls on the start of a picture may be so much before it by rounding, pictures.
    static let slack = 1e-6
}

extension PreparedMovie {
    /// The number (`MovieNumber`) that stands on the wall in a frame.
    /// - Parameters:
    ///   - transport: how it plays.
    ///   - frame: the frame of live state.
    ///   - period: seconds from frame to frame.
    /// - Frame path: yes
    public func wanted(_ transport: MovieTransport, at frame: Int64, period: Double) -> Int64 {
        let rate = Double(rate.numerator) / Double(rate.denominator)
        // A frame made before the one it was asked for shows what is asked for already.
        let frames = Double(max(0, frame &- transport.frame))
        let pictures =
            (transport.seconds + transport.rate * frames * period) * rate + MovieNumber.slack
        guard pictureCount > 0, pictures.magnitude < 1e15 else { return 0 }
        let place =
            transport.blends
            ? Int64((pictures * Double(MovieNumber.steps)).rounded(.down))
            : Int64(pictures.rounded(.down)) * MovieNumber.steps
        let end = pictureCount * MovieNumber.steps
        guard isLooping else { return max(0, min(end - MovieNumber.steps, place)) }
        let part = place % end
        return part < 0 ? part + end : part
    }
}

/// How a movie plays: where it stood at a frame, and how fast it has gone since.
public struct MovieTransport: BitwiseCopyable, Sendable, Equatable {
    /// The frame of live state it stood there at.
    public var frame: Int64
    /// Where it stood, seconds of the movie.
    public var seconds: Double
    /// 1 as it was made, < 0 backwards.
    public var speed: Double
    /// It plays; else it stands.
    public var isPlaying: Bool
    /// Pictures are blended where a frame falls between two of them.
    public var blends: Bool

    /// From its start, playing since a frame.
    public init(since frame: Int64 = 0) {
        (self.frame, seconds, speed, isPlaying, blends) = (frame, 0, 1, true, false)
    }

    /// Seconds of the movie that go by in a second.
    public var rate: Double { isPlaying ? speed : 0 }
}

/// A picture of a movie in memory.
public struct MoviePicture: BitwiseCopyable, @unchecked Sendable {
    // Unchecked holds: what it points to does not change while a frame may draw it.
    /// Its number (`MovieNumber`); −1: the one in the scene's block.
    public var number: Int64
    /// Its bytes, those of `PreparedMovie.byteCount`; nil: the one in the scene's block.
    public var bytes: UnsafeRawPointer?

    /// A picture; the scene's own when nothing is given.
    public init(number: Int64 = -1, bytes: UnsafeRawPointer? = nil) {
        (self.number, self.bytes) = (number, bytes)
    }
}

/// The picture of each movie of a scene in one frame.
public typealias MoviePictures = InlineArray<4, MoviePicture>

extension InlineArray where Element == MoviePicture, count == 4 {
    /// Each movie shows the picture in the scene's block.
    public static var none: MoviePictures { MoviePictures(repeating: MoviePicture()) }
}
