public import Geometry
public import Lanes

/// A scene in the form kernels read: pointers into one immutable block owned by its asset.
///
/// Plain bytes; valid as long as the asset (`Scenes.SceneAsset`) lives.
public struct PreparedScene: BitwiseCopyable {
    /// The panorama, as six cube faces; no levels: black.
    public var dome: PreparedDome
    /// How its file's space stands in the space it is placed in: its origin, scale and horizon.
    public var ownFromPlaced: Similarity
    /// Some layer of it moves.
    public var moves: Bool
    /// Cards in use.
    public var cardCount: Int
    /// The cards, in the scene's order.
    public var cards: InlineArray<16, PreparedCard>
    /// Objects of all meshes.
    public var meshes: PreparedMeshes
    /// Movies in use.
    public var movieCount: Int
    /// Its layers that are movies.
    public var movies: InlineArray<4, PreparedMovie>

    /// Nothing to see.
    public init() {
        dome = PreparedDome()
        cardCount = 0
        cards = InlineArray(repeating: PreparedCard())
        meshes = PreparedMeshes()
        ownFromPlaced = .identity
        moves = false
        movieCount = 0
        movies = InlineArray(repeating: PreparedMovie())
    }
}

/// A panorama on the faces of a cube in scene axes, as mip levels, each √2 coarser than the one
/// before.
///
/// Face 2·axis + (negative ? 1 : 0) is the plane at distance 1 along that axis; its texel rows and
/// columns run along the two other axes in their order (columns along the first), from −1 to 1.
/// A border of two texels continues each face into its neighbors.
public struct PreparedDome: BitwiseCopyable {
    /// Mip levels, finest first; `width` is the side of a face.
    public var levels: InlineArray<29, cyc_level>
    /// Levels in use; 0: no dome.
    public var levelCount: Int
    /// Distance from the centre, scene metres; infinite for a backdrop without parallax.
    public var radius: Double
    /// Where the panorama was taken, scene metres.
    public var center: Vector3
    /// Blur, wall pixels; 0 = in focus.
    public var defocus: Double
    /// From the scene's axes to the panorama's, as it is turned now.
    public var domeFromScene: Matrix3
    /// It is turned.
    public var isTurned: Bool
    /// How it turns.
    public var motion: LayerMotion

    /// No dome.
    public init() {
        levels = InlineArray(repeating: cyc_level())
        levelCount = 0
        radius = .infinity
        center = .zero
        defocus = 0
        domeFromScene = .identity
        isTurned = false
        motion = LayerMotion()
    }
}

/// A card and its picture as mip levels, each √2 coarser than the one before, premultiplied, with a
/// border of two texels that repeats its edge.
public struct PreparedCard: BitwiseCopyable {
    /// Mip levels, finest first.
    public var levels: InlineArray<29, cyc_level>
    /// Levels in use.
    public var levelCount: Int
    /// From the scene to the card (see `Card`).
    public var cardFromScene: Pose
    /// Its centre, scene metres.
    public var center: Vector3
    /// Width, scene metres.
    public var width: Double
    /// Height, scene metres.
    public var height: Double
    /// Blur, wall pixels; 0 = in focus.
    public var defocus: Double
    /// How it moves.
    public var motion: LayerMotion
    /// What of each level is clear and what is solid.
    public var masks: InlineArray<29, CardMask>

    /// A card without a picture.
    public init() {
        levels = InlineArray(repeating: cyc_level())
        levelCount = 0
        cardFromScene = .identity
        center = .zero
        width = 1
        height = 1
        defocus = 0
        motion = LayerMotion()
        masks = InlineArray(repeating: CardMask())
    }
}

extension cyc_level {
    /// Goes over to the same level so many bytes away.
    /// - Frame path: yes
    public mutating func move(by distance: Int) {
        texels = texels.map { UnsafePointer(bitPattern: Int(bitPattern: $0) &+ distance) ?? $0 }
    }
}
