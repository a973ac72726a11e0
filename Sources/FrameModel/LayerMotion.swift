public import Geometry

/// How a layer of a scene moves: a function of the time since the scene was put on the wall, so
/// that every frame can be drawn again.
///
/// A card turns about its pivot and goes along a straight way; a dome turns about the vertical
/// through its centre (`spin.x` alone).
public struct LayerMotion: BitwiseCopyable, Sendable, Equatable {
    /// Degrees a second: pan + left, tilt + up, roll + clockwise.
    public var spin: Vector3
    /// Meters a second along the scene's axes.
    public var scroll: Vector3
    /// Meters after which the way begins again, the scene's origin in its middle; 0: never.
    public var scrollRepeat: Double
    /// Degrees to either side: pan, tilt, roll.
    public var sway: Vector3
    /// Meters to either side along the scene's axes.
    public var drift: Vector3
    /// Seconds from one end of sway and drift to the other and back.
    public var period: Double
    /// Where in the period they begin, 0 … 1.
    public var phase: Double
    /// What a card turns about, meters right and up of its middle, seen from the front.
    public var pivot: Vector2

    /// A layer that stands still.
    public init() {
        (spin, scroll, sway, drift) = (.zero, .zero, .zero, .zero)
        (scrollRepeat, period, phase) = (0, 4, 0)
        pivot = .zero
    }

    /// Nothing of it moves.
    public var isStill: Bool {
        spin == .zero && scroll == .zero && sway == .zero && drift == .zero
    }
}
