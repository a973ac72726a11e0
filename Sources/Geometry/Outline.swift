/// The edge of a camera's picture as straight rays see it: what the inner frustum covers.
///
/// For a wall point P let v = stageFromPupilᵀ · (P − eye); behind the camera when v.y ≤ 0. Its
/// place is a = v.x / v.y (right), b = −v.z / v.y (down). The outline has four edges, each a
/// quartic: left and right give a as a function of b, top and bottom give b as a function of a;
/// the argument is clamped to `aRange` / `bRange` first. The point's depth inside is
///
///     depth = min(right(b) − a, a − left(b), bottom(a) − b, b − top(a))
///
/// and its weight smoothstep(0, softEdge, depth): 1 well inside, 0 outside. Overscan is already in
/// the edges.
public struct Outline: BitwiseCopyable, Sendable {
    /// Quartic coefficients, constant first.
    public var left: InlineArray<5, Double>
    /// Quartic coefficients, constant first.
    public var right: InlineArray<5, Double>
    /// Quartic coefficients, constant first.
    public var top: InlineArray<5, Double>
    /// Quartic coefficients, constant first.
    public var bottom: InlineArray<5, Double>
    /// Where top and bottom are fitted (least and greatest a).
    public var aRange: SIMD2<Double>
    /// Where left and right are fitted (least and greatest b).
    public var bRange: SIMD2<Double>
    /// Width of the soft edge in units of a and b, > 0.
    public var softEdge: Double

    /// An outline of four edges.
    public init(
        left: InlineArray<5, Double>, right: InlineArray<5, Double>, top: InlineArray<5, Double>,
        bottom: InlineArray<5, Double>, aRange: SIMD2<Double>, bRange: SIMD2<Double>,
        softEdge: Double
    ) {
        self.left = left
        self.right = right
        self.top = top
        self.bottom = bottom
        self.aRange = aRange
        self.bRange = bRange
        self.softEdge = softEdge
    }

    /// An outline that covers all of the half-space in front.
    public static var everything: Outline {
        Outline(
            left: [-1e6, 0, 0, 0, 0], right: [1e6, 0, 0, 0, 0], top: [-1e6, 0, 0, 0, 0],
            bottom: [1e6, 0, 0, 0, 0], aRange: SIMD2(-1, 1), bRange: SIMD2(-1, 1), softEdge: 1e-6)
    }
}
