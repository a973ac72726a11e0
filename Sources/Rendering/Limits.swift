/// Sizes the renderer works in, and why.
public enum RenderLimits {
    /// Columns of a block: a whole number of cache lines, and few enough that one mip level fits.
    public static let blockWidth = 64
    /// Rows of a block: with 64 columns, 12 KB of view light, a third of a first-level cache.
    public static let blockHeight = 16
}
