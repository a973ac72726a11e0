/// One number of live state, possibly on its way: exact at every frame, so that fades replay.
public struct FadedValue: BitwiseCopyable, Sendable, Equatable {
    /// Value at and before `startFrame`.
    public var from: Double
    /// Value at and after `startFrame + lengthFrames`.
    public var to: Double
    /// Frame at which the fade starts.
    public var startFrame: Int64
    /// Frames the fade takes; 0 = at once.
    public var lengthFrames: Int64

    /// A value that stands still.
    @inlinable
    public init(_ value: Double) {
        from = value
        to = value
        startFrame = 0
        lengthFrames = 0
    }

    /// A linear fade over some frames.
    @inlinable
    public init(from: Double, to: Double, startFrame: Int64, lengthFrames: Int64) {
        self.from = from
        self.to = to
        self.startFrame = startFrame
        self.lengthFrames = lengthFrames
    }

    /// The value at a frame.
    /// - Frame path: yes
    @inlinable
    public func value(at frame: Int64) -> Double {
        if lengthFrames <= 0 || frame >= startFrame + lengthFrames { return to }
        if frame <= startFrame { return from }
        return from + (to - from) * (Double(frame - startFrame) / Double(lengthFrames))
    }
}
