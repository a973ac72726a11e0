import Lanes

/// Sizes the renderer works in, and why.
public enum RenderLimits {
    /// Columns of a cell of the canvas, by which facets are found: a tile's usual width.
    public static let cellWidth = 256
    /// Rows of a cell.
    public static let cellHeight = 32
    /// Most columns of a piece, a part of one facet that is decided about at once: its view light
    /// is 72 KB at most, which stays in the second-level cache.
    public static let pieceWidth = 192
    /// Rows of a piece: what is decided once for more of them costs less, but 64 rows of a tile no
    /// longer stay in the cache.
    public static let pieceHeight = 32
    /// Columns of a strip of a piece, in which cards that are hidden or clear are left out: one
    /// step of the sampling kernels.
    public static let stripWidth = 64
    /// Columns of a slice of a piece, in which views that do not show are left out: one vector.
    ///
    /// A piece has at most sixteen.
    public static let sliceWidth = 16
    /// Rows of such a slice down a piece: a camera's upper or lower edge runs through one or two.
    ///
    /// A piece has at most sixteen.
    public static let sliceHeight = 8
    /// Rows of a piece over which a view angle's gain is taken to be bilinear: of 32 a quarter of a
    /// code would show.
    public static let angleRows = 16
    /// Samples along a long footprint: they serve facets seen at up to 85° from their normal, and
    /// no step of `Quality` asks for more.
    public static let samplesMax = Int(CYC_KEPT)
    /// Columns of pieces of a mesh block: up to 960 pixels, so that a flat wall is some blocks that
    /// several workers set up, and few triangles lie on two.
    public static let blockColumns = 5
    /// Rows of pieces of a mesh block, 512 pixels.
    public static let blockRows = 16
    /// Triangles of all blocks and views of a frame, before it is known which face away: two views
    /// of 250,000 triangles; with their colours 68 MB.
    public static let meshTriangles = 1 << 19
    /// Pieces a triangle is entered in one by one; wider ones are looked at by every piece.
    public static let meshPieces = 4
    /// Nearest mesh, as a part of the way from the eye to the wall: 4 mm before a wall at 4 m.
    public static let meshNear = 1.0 / 1024
}
