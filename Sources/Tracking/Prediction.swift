/// How a timeline foresees where its camera will be when the light leaves the wall.
///
/// Turning and travel have windows of their own: angles are quiet against their motion and change
/// it fast, positions are noisy and slow (tracking.md §4.3).
public struct Prediction: BitwiseCopyable, Sendable, Equatable {
    /// The ways to foresee, by the names stage files and the command line take.
    public enum Kind: String, BitwiseCopyable, Sendable, CaseIterable {
        /// The newest pose stands until the next packet.
        case hold
        /// The newest pose moves on at the least-squares speed of the window.
        case linear
    }

    /// Samples a window may have: a second at 30 Hz.
    public static var windowMax: Int { 32 }
    /// Samples of the shortest window: the slope of two points.
    public static var windowMin: Int { 2 }

    /// The way.
    public var kind: Kind
    /// Newest samples that turning, zoom and focus speeds are fitted to.
    public var turningWindow: Int
    /// Newest samples that the speed is fitted to.
    public var velocityWindow: Int

    /// What errs least on the captured move, unless told otherwise; windows in samples.
    ///
    /// Measured 120 ms ahead of 25 Hz, rms: pan 0.035° by two samples, 0.040° by three, 0.045° by
    /// four; x 0.33 mm by six, 0.31 mm by nine, no less by more. The best of all linear filters,
    /// fitted to that very move over twelve samples, would leave 0.033° and 0.31 mm.
    public init(kind: Kind = .linear, turningWindow: Int = 2, velocityWindow: Int = 9) {
        self.kind = kind
        self.turningWindow = max(Self.windowMin, min(Self.windowMax, turningWindow))
        self.velocityWindow = max(Self.windowMin, min(Self.windowMax, velocityWindow))
    }

    /// The newest pose stands.
    public static var hold: Prediction { Prediction(kind: .hold) }
}
