public import FrameModel

/// A scene file as read: numbers checked, pictures not yet loaded.
public struct SceneDescription: Sendable, Equatable {
    /// The panorama round the scene.
    public struct DomeEntry: Sendable, Equatable {
        /// Picture file inside the folder.
        public var picture: String
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
        /// Picture file inside the folder.
        public var picture: String
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
