public import Geometry

/// A picture in scene-linear ACEScg, RGBA, alpha premultiplied; the truth every renderer samples.
public struct Picture: Sendable, Equatable {
    /// Pixels across.
    public var width: Int
    /// Pixels down.
    public var height: Int
    /// R, G, B, A per pixel, rows top to bottom; alpha premultiplied, 1.0 = scene-linear one.
    public var pixels: [Float]

    /// A picture of `width × height × 4` numbers.
    public init(width: Int, height: Int, pixels: [Float]) {
        precondition(pixels.count == width * height * 4, "a picture has four numbers a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}

/// A lat-long panorama round the scene.
///
/// For a direction d in scene space: azimuth = atan2(d.x, d.y) (0 forward, + right), elevation =
/// asin(d.z); u = 0.5 + azimuth / 2π, v = 0.5 − elevation / π; the centre of texel (i, j) is at
/// u = (i + 0.5) / width, v = (j + 0.5) / height. u wraps, v is clamped.
public struct Dome: Sendable, Equatable {
    /// The panorama; alpha is 1.
    public var picture: Picture
    /// Distance from the centre, scene metres; infinite for a backdrop without parallax.
    public var radius: Double
    /// Where the panorama was taken, scene metres; of no effect at infinity.
    public var center: Vector3
    /// Blur, wall pixels: about the width over which a point is spread; 0 = in focus.
    public var defocus: Double
    /// How it turns.
    public var motion = LayerMotion()
    /// The movie it shows, of which `picture` is the first one; nil: a still.
    public var movie: MovieLayer?

    /// A panorama at a radius about a centre.
    public init(
        picture: Picture, radius: Double = .infinity, center: Vector3 = .zero, defocus: Double = 0
    ) {
        self.picture = picture
        self.radius = radius
        self.center = center
        self.defocus = defocus
    }
}

/// A flat textured rectangle in the scene, seen from both sides.
///
/// Card space: origin in the centre, X right and Z up as seen looking along +Y; a point of the
/// card has y = 0. Texture u = 0.5 + x / width, v = 0.5 − z / height, texel centres at
/// (i + 0.5) / columns. Outside 0 … 1 the card is transparent.
public struct Card: Sendable, Equatable {
    /// The card's name.
    public var name: String
    /// Where it stands.
    public var sceneFromCard: Pose
    /// Width, scene metres.
    public var width: Double
    /// Height, scene metres.
    public var height: Double
    /// What it shows.
    public var picture: Picture
    /// Blur, wall pixels, as of the dome.
    public var defocus: Double
    /// How it moves.
    public var motion = LayerMotion()
    /// The movie it shows, of which `picture` is the first one; nil: a still.
    public var movie: MovieLayer?

    /// A card; lengths in scene metres.
    public init(
        name: String, sceneFromCard: Pose, width: Double, height: Double, picture: Picture,
        defocus: Double = 0
    ) {
        self.defocus = defocus
        self.name = name
        self.sceneFromCard = sceneFromCard
        self.width = width
        self.height = height
        self.picture = picture
    }
}

/// A virtual set: a dome, cards and meshes.
///
/// Cards and blended mesh objects are drawn far to near by the distance of their centres; a card
/// is hidden by the opaque meshes before it, pixel by pixel.
public struct Scene: Sendable, Equatable {
    /// The scene's name.
    public var name: String
    /// The panorama, or nil for black.
    public var dome: Dome?
    /// Cards, in any order; at most `SceneLimits.cards`.
    public var cards: [Card]
    /// Meshes; within `SceneLimits`.
    public var meshes: [Mesh]
    /// How it stands where it is shown: its own origin, scale and horizon.
    public var placedFromOwn = Similarity.identity
    /// Places in it to stand the stage at.
    public var viewpoints: [Viewpoint] = []
    /// What its files hold that is not shown, a line each; for people.
    public var warnings: [String]

    /// A scene of a dome, cards and meshes.
    public init(
        name: String, dome: Dome?, cards: [Card] = [], meshes: [Mesh] = [], warnings: [String] = []
    ) {
        self.name = name
        self.dome = dome
        self.cards = cards
        self.meshes = meshes
        self.warnings = warnings
    }
}

/// A movie as a layer shows it.
public struct MovieLayer: Sendable, Equatable {
    /// Which movie of the scene it is, from 0: the dome's first, then the cards' in their order.
    public var number: Int
    /// Its pictures.
    public var pictureCount: Int64
    /// Pictures a second: numerator and denominator.
    public var rate: SIMD2<Int64>
    /// Its own speed; < 0 backwards.
    public var speed: Double
    /// After the last picture comes the first one.
    public var isLooping: Bool
    /// Places in it an operator can go to.
    public var cues: [MovieCue]
    /// Its file's pictures do not come at even times.
    public var isUneven = false

    /// A movie.
    public init(
        number: Int, pictureCount: Int64, rate: SIMD2<Int64>, speed: Double = 1,
        isLooping: Bool = true, cues: [MovieCue] = []
    ) {
        self.number = number
        self.pictureCount = pictureCount
        self.rate = rate
        self.speed = speed
        self.isLooping = isLooping
        self.cues = cues
    }
}

/// A named place in a movie.
public struct MovieCue: Sendable, Equatable {
    /// Which movie of the scene, from 0.
    public var movie: Int
    /// The place's name, unique in its scene.
    public var name: String
    /// Seconds from the movie's start.
    public var seconds: Double

    /// A place in a movie.
    public init(movie: Int, name: String, seconds: Double) {
        (self.movie, self.name, self.seconds) = (movie, name, seconds)
    }
}

/// A named place in a scene where the stage can stand.
public struct Viewpoint: Sendable, Equatable {
    /// The viewpoint's name, unique in its scene.
    public var name: String
    /// Where the middle of the stage stands, scene metres.
    public var position: Vector3
    /// Which way it looks: degrees, + to the left.
    public var pan: Double

    /// A viewpoint.
    public init(name: String, position: Vector3, pan: Double) {
        self.name = name
        self.position = position
        self.pan = pan
    }
}

/// The largest scene we take, and why.
public enum SceneLimits {
    /// Cards in one scene: their per-tile set-up must stay small beside the pixels.
    public static let cards = 16
    /// A picture's larger side: an 16K panorama.
    public static let pictureSide = 16384
    /// Mip levels of a picture of that side, each √2 coarser than the one before.
    public static let mipLevels = 29
    /// Meshes in one scene: a set is built of some files, not of hundreds.
    public static let meshes = 32
    /// Objects of all meshes: each view sorts them every frame.
    public static let meshObjects = 1024
    /// Movies of one scene: each has a process that decodes it, and a core is soon full.
    public static let movies = 4
    /// Cue points of one movie: what a list of names on a desk shows.
    public static let cues = 32
    /// Viewpoints of one scene: what a list of names on a desk shows.
    public static let viewpoints = 32
    /// Triangles of all meshes: 1 million take about 100 MB baked, and one in two on the wall at
    /// once is more than a processor draws in a frame.
    public static let meshTriangles = 1 << 20
    /// Materials of all meshes: each has a texture of its own in the block.
    public static let meshMaterials = 512
    /// A mesh texture's larger side: 4096 texels of 8 bytes with mip levels are 180 MB.
    public static let meshTextureSide = 4096
    /// Texels of all mesh textures at their finest level: 0.7 GB with mip levels.
    public static let meshTexels = 1 << 26
}
