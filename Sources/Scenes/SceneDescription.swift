public import FrameModel

/// A scene file as read: numbers checked, pictures not yet loaded.
public struct SceneDescription: Sendable, Equatable {
    /// What makes a layer's file a movie.
    public struct MovieEntry: Sendable, Equatable {
        /// Against the movie's own rate; < 0 backwards.
        public var speed: Double
        /// After the last picture comes the first one.
        public var isLooping: Bool
        /// Pictures a second of a sequence; nil: 24.
        public var rate: Double?
        /// Places in it; which movie they are of is told later.
        public var cues: [MovieCue]
    }

    /// A layer's file, and what is done to its light.
    public struct Source: Sendable, Equatable {
        /// File inside the folder, or the pattern of a sequence of them.
        public var file: String
        /// What makes it a movie; nil: a still.
        public var movie: MovieEntry?
        /// Colour space by its name; "auto" asks the file.
        public var colorSpace: String
        /// Stops a display's white is raised by (`LightExpansion`).
        public var expand: Double
        /// Stops added.
        public var exposure: Double
        /// Degrees a panorama is turned, + to the left.
        public var rotationDegrees: Double
        /// How much of it there is, 0 … 1.
        public var opacity: Double
    }

    /// The panorama round the scene.
    public struct DomeEntry: Sendable, Equatable {
        /// Picture or movie inside the folder.
        public var picture: String
        /// What makes it a movie; nil: a still.
        public var movie: MovieEntry?
        /// Colour space by its name; "auto" asks the picture.
        public var colorSpace: String
        /// Metres; nil = at infinity.
        public var radius: Double?
        /// Where the panorama was taken, scene metres.
        public var center: SIMD3<Double>
        /// Stops added to the picture.
        public var exposure: Double
        /// Stops a display's white is raised by (`LightExpansion`).
        public var expand: Double
        /// Degrees the panorama is turned, + to the left.
        public var rotationDegrees: Double
        /// Blur, wall pixels.
        public var defocus: Double
        /// How it turns.
        public var motion: LayerMotion
    }

    /// A card.
    public struct CardEntry: Sendable, Equatable {
        /// Its name, unique in the scene.
        public var name: String
        /// Picture or movie inside the folder.
        public var picture: String
        /// What makes it a movie; nil: a still.
        public var movie: MovieEntry?
        /// Colour space by its name; "auto" asks the picture.
        public var colorSpace: String
        /// Centre, scene metres.
        public var center: SIMD3<Double>
        /// Pan, tilt and roll, degrees: + left, + up, + clockwise.
        public var panTiltRollDegrees: SIMD3<Double>
        /// Width, scene metres.
        public var width: Double
        /// Height, scene metres; nil = as the picture's pixels are square.
        public var height: Double?
        /// Stops added to the picture.
        public var exposure: Double
        /// Stops a display's white is raised by (`LightExpansion`).
        public var expand: Double
        /// Blur, wall pixels.
        public var defocus: Double
        /// How much of it there is, 0 … 1.
        public var opacity: Double
        /// How it moves.
        public var motion: LayerMotion
    }

    /// A mesh.
    public struct MeshEntry: Sendable, Equatable {
        /// Its name, unique in the scene.
        public var name: String
        /// glTF file inside the folder.
        public var file: String
        /// Where its origin stands, scene metres.
        public var position: SIMD3<Double>
        /// Pan, tilt and roll, degrees: + left, + up, + clockwise.
        public var panTiltRollDegrees: SIMD3<Double>
        /// Size against the file's metres.
        public var scale: Double
        /// Stops added to its light.
        public var exposure: Double
        /// Stops a display's white is raised by in its pictures (`LightExpansion`).
        public var expand: Double
    }

    /// The scene's name.
    public var name: String
    /// The point of it that stands in the middle of the stage, scene metres.
    public var origin: SIMD3<Double>
    /// How large it stands there.
    public var scale: Double
    /// Degrees its horizon is raised.
    public var horizonDegrees: Double
    /// Places in it to stand the stage at.
    public var viewpoints: [Viewpoint]
    /// The panorama, or nil for black.
    public var dome: DomeEntry?
    /// The cards.
    public var cards: [CardEntry]
    /// The meshes.
    public var meshes: [MeshEntry]
}

extension SceneDescription.DomeEntry {
    /// Its file and what is done to its light.
    var source: SceneDescription.Source {
        SceneDescription.Source(
            file: picture, movie: movie, colorSpace: colorSpace, expand: expand,
            exposure: exposure, rotationDegrees: rotationDegrees, opacity: 1)
    }
}

extension SceneDescription.CardEntry {
    /// Its file and what is done to its light.
    var source: SceneDescription.Source {
        SceneDescription.Source(
            file: picture, movie: movie, colorSpace: colorSpace, expand: expand,
            exposure: exposure, rotationDegrees: 0, opacity: opacity)
    }
}

extension SceneDescription {
    /// Its movies, in the order of their numbers.
    public var movies: [Source] {
        ([dome?.source].compactMap(\.self) + cards.map(\.source)).filter { $0.movie != nil }
    }
}
