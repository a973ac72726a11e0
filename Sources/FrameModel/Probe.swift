/// A pixel of a processor's canvas that is looked at.
public struct ProbePlace: BitwiseCopyable, Sendable, Equatable {
    /// Index into `Stage.processors`; −1: no pixel.
    public var processor: Int32
    /// Column of the canvas.
    public var x: Int32
    /// Row of the canvas.
    public var y: Int32
    /// Index into `Stage.walls` of the wall that was asked for; −1: none was.
    public var wall: Int32

    /// A pixel of a canvas.
    public init(processor: Int, x: Int, y: Int, wall: Int = -1) {
        self.processor = Int32(clamping: processor)
        self.x = Int32(clamping: x)
        self.y = Int32(clamping: y)
        self.wall = Int32(clamping: wall)
    }

    /// No pixel.
    public static var none: ProbePlace { ProbePlace(processor: -1, x: 0, y: 0) }
}

/// What the views had at a probed pixel: scene-linear light before any grade.
public struct ProbeSample: BitwiseCopyable, Sendable {
    /// The frame; −1: none yet.
    public var frame: Int64
    /// Where it was.
    public var place: ProbePlace
    /// Of each view drawn there red, green, blue, and how much of it lies over those before;
    /// a view with weight −1 was not drawn.
    public var views: InlineArray<9, SIMD4<Float>>
    /// Camera of each view, −1 for the outer frustum.
    public var cameras: InlineArray<9, Int32>
    /// What each view's light is multiplied by for its angle.
    public var angles: InlineArray<9, SIMD3<Double>>

    /// Nothing probed.
    public init(frame: Int64 = -1, place: ProbePlace = .none) {
        self.frame = frame
        self.place = place
        views = InlineArray(repeating: SIMD4(0, 0, 0, -1))
        cameras = InlineArray(repeating: -1)
        angles = InlineArray(repeating: SIMD3(1, 1, 1))
    }
}
