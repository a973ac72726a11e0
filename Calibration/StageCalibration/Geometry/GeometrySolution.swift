public import Geometry
import Glibc

/// A stage's geometry as one camera, its tracker and the wall have it together.
public struct GeometrySolution: Sendable {
    /// A pose that was captured, and how it fits.
    public struct View: Sendable, Equatable, Codable {
        /// Its name.
        public var name: String
        /// Dots seen.
        public var dots: Int
        /// Root mean square reprojection, pixels; nil where the view was never fitted, or its dots
        /// lie behind the camera.
        public var pixels: Double?
        /// How far the tracker's position is from where pictures show the camera, metres.
        public var trackerMeters: Double
        /// The same of its rotation, degrees.
        public var trackerDegrees: Double
        /// Why it was left out; nil where it was used.
        public var leftOut: String?
    }

    /// One standard deviation of what was found.
    public struct Uncertainty: Sendable, Equatable, Codable {
        /// Focal length, pixels.
        public var focalPixels: Double
        /// Entrance pupil in the body, worst direction, metres.
        public var pupilMeters: Double
        /// Rotation of the camera in the body, worst axis, degrees.
        public var mountDegrees: Double
        /// Tracker's metre, as a fraction.
        public var scale: Double
        /// A group of dots against the others, worst, metres.
        public var wallMeters: Double
    }

    /// The lens.
    public let camera: CameraModel
    /// Tracked body from camera (OpenCV's axes, entrance pupil).
    public let bodyFromCamera: Pose
    /// Stage from tracker.
    public let stageFromTracker: Pose
    /// Metres in a metre of the tracker's.
    public let trackerScale: Double
    /// How far each group of dots stands from its plan, metres.
    public let shifts: [Vector3]
    /// All views, those left out too.
    public let views: [View]
    /// The method whose start was best.
    public let start: HandEye.Method
    /// Error bars.
    public let uncertainty: Uncertainty
    /// Reprojection of the views used, pixels, root mean square.
    public let reprojection: Double
    /// What is made of it.
    public let verdicts: [Verdict]

    /// Solves captures.
    public init(_ captures: GeometryCaptures) throws(CalibrationRefusal) {
        if let fault = captures.fault {
            throw CalibrationRefusal(fault.found, advice: fault.advice)
        }
        var work = try GeometryWork(captures)
        try work.solve()
        let state = work.state
        camera = state.camera
        bodyFromCamera = state.mount
        stageFromTracker = state.stage
        trackerScale = state.scale
        shifts = state.shifts
        start = work.method
        views = work.report
        uncertainty = work.uncertainty
        let used = views.filter { $0.leftOut == nil }
        let dots = used.reduce(0) { $0 + $1.dots }
        let squares = used.reduce(0.0) { sum, view in
            let pixels = view.pixels ?? 0
            return sum + pixels * pixels * Double(view.dots)
        }
        reprojection = (squares / Double(max(1, dots))).squareRoot()
        verdicts =
            GeometryVerdicts(
                captures: captures, views: views, reprojection: reprojection, state: state,
                uncertainty: uncertainty, motion: work.motion
            ).list
    }

    /// Stage from camera for a pose as the tracker tells it.
    public func stageFromCamera(tracker: Pose) -> Pose {
        stageFromTracker
            * Pose(rotation: tracker.rotation, translation: tracker.translation * trackerScale)
            * bodyFromCamera
    }
}
