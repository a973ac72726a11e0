/// How finely a frame is drawn; what gives way before a frame would be late.
///
/// The inner frustum's geometry and resolution are not in it: they never give way.
public struct Quality: BitwiseCopyable, Equatable, Sendable {
    /// Side in wall pixels of the squares the outer frustum is drawn in: 1, 2 or 4.
    public var outerReduction: Int
    /// Samples along the long side of a grazing facet's footprint, at most; 1 = none but one.
    public var anisotropyMax: Int
    /// Places in a pixel where a mesh's edges are looked for, 4 or 1.
    public var meshSamples: Int

    /// The stated order, best first; `FrameInputs.quality` is an index into it.
    ///
    /// The outer frustum goes first because no camera sees it sharply.
    public static let steps: InlineArray<6, Quality> = [
        Quality(outerReduction: 1, anisotropyMax: 8, meshSamples: 4),
        Quality(outerReduction: 2, anisotropyMax: 8, meshSamples: 4),
        Quality(outerReduction: 4, anisotropyMax: 8, meshSamples: 4),
        Quality(outerReduction: 4, anisotropyMax: 2, meshSamples: 4),
        Quality(outerReduction: 4, anisotropyMax: 1, meshSamples: 4),
        Quality(outerReduction: 4, anisotropyMax: 1, meshSamples: 1),
    ]
}
