import FrameModel
import Geometry
import Glibc
import Timing
import Tracking

/// Overscan that sizes itself: what it was, and what the camera has been off by.
struct OverscanMemory: BitwiseCopyable, Sendable {
    /// An error is remembered for some of these, seconds: a move often comes back within them.
    private static var errorMemory: Double { 4 }
    /// Overscan comes down this slowly, seconds, so that the edge does not pump with a walk.
    private static var release: Double { 2 }
    /// The picture's half angle with its turn stays below, radians: beyond, a frustum is no help.
    private static var angleMax: Double { 1.4 }

    /// Added to the frustum's width and height, share of them.
    private(set) var share = 0.0
    /// The greatest error of late, share of the picture's height on both sides.
    private var error = 0.0

    /// A fixed overscan.
    mutating func fix(_ fixed: Double) { share = fixed }

    /// One frame's overscan: up at once, down slowly.
    ///
    /// The turn that is foreseen, angular speed × horizon, added to the picture's half angles
    /// (tan(θ + Δ) / tan θ, the greater of width and height), and the newest registration errors
    /// (tracking.md §3.2).
    /// - Frame path: yes
    mutating func follow(
        _ tracked: CameraState, _ figure: RegistrationFigure, _ lens: Lens, _ camera: LoopCamera,
        within bounds: ClosedRange<Double>, period: Double
    ) {
        let height =
            camera.sensor.pixelsPerRadianPerMillimeter
            * camera.sensor.area.heightMillimeters
        let off = figure.isKnown ? 2 * Double(figure.horizon) / height : 0
        error = max(off, error * max(0, 1 - period / Self.errorMemory))
        let turn = tracked.turningSpeed * max(0, Double(tracked.ageNanoseconds)) * 1e-9
        let focal = lens.focalLengthMillimeters
        let grown = max(
            Self.growth(camera.sensor.area.widthMillimeters / 2 / focal, turn),
            Self.growth(camera.sensor.area.heightMillimeters / 2 / focal, turn))
        let needed = max(bounds.lowerBound, min(bounds.upperBound, grown + error))
        share = max(needed, share - (share - needed) * min(1, period / Self.release))
    }

    /// By what share the half size of a picture grows when its edge turns on.
    private static func growth(_ halfSize: Double, _ turn: Double) -> Double {
        tan(min(angleMax, atan(halfSize) + turn)) / halfSize - 1
    }
}
