/// Sizes the renderer works in, and why.
public enum RenderLimits {
    /// Columns of a cell of the canvas, by which facets are found: a tile's usual width.
    public static let cellWidth = 256
    /// Rows of a cell.
    public static let cellHeight = 16
    /// Most columns of a piece, a part of one facet that is decided about at once: its view light
    /// is 48 KB at most, which stays in the second-level cache.
    public static let pieceWidth = 192
    /// Rows of a piece.
    public static let pieceHeight = 16
    /// Columns of a strip of a piece, in which cards that are hidden or clear are left out: one
    /// step of the sampling kernels.
    public static let stripWidth = 64
}
