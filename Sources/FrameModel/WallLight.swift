import StageModel

/// The mean light each wall made in a frame, as it was sent: what limiters of whole frames go by.
public struct WallLight: BitwiseCopyable, Sendable {
    /// Red, green and blue of each wall, full scales, over all its pixels; 0 where nobody asked.
    public var means: InlineArray<16, SIMD3<Float>>
    /// The frame's light was measured.
    public var isMeasured: Bool

    /// Nothing measured.
    public init() {
        means = InlineArray(repeating: .zero)
        isMeasured = false
    }
}
