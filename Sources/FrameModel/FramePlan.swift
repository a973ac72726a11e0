public import Geometry
public import Lanes
import StageModel
public import Timing

/// One eye the frame is drawn from: the outer frustum's fixed one or a camera's entrance pupil.
public struct ViewPlan: BitwiseCopyable, Sendable {
    /// Index into `Stage.cameras`, −1 for the outer frustum.
    public var camera: Int
    /// Eye point (entrance pupil), stage metres.
    public var eye: Vector3
    /// Camera axes in the stage: columns right, forward, up.
    ///
    /// Unused by the outer frustum.
    public var stageFromPupil: Matrix3
    /// Which wall points the inner frustum covers.
    ///
    /// Unused by the outer frustum.
    public var outline: Outline
    /// Camera picture pixels a radian near the axis (for choosing detail).
    public var pixelsPerRadian: Double

    /// A view from an eye point.
    public init(
        camera: Int, eye: Vector3, stageFromPupil: Matrix3, outline: Outline,
        pixelsPerRadian: Double
    ) {
        self.camera = camera
        self.eye = eye
        self.stageFromPupil = stageFromPupil
        self.outline = outline
        self.pixelsPerRadian = pixelsPerRadian
    }

    /// The outer frustum's view.
    public static func outer(eye: Vector3) -> ViewPlan {
        ViewPlan(
            camera: -1, eye: eye, stageFromPupil: .identity, outline: .everything,
            pixelsPerRadian: 1000)
    }
}

/// Everything decided for a frame before any pixel.
///
/// Plain bytes: printable, recordable.
public struct FramePlan: BitwiseCopyable {
    /// Views a plan can hold: the outer frustum and every camera.
    public static let viewsMax = 1 + StageLimits.cameras

    /// Frame index on the grid.
    public var frame: Int64
    /// When this frame's photons leave the wall, host clock.
    public var lightTime: HostTime
    /// RTP time stamp of the frame.
    public var rtpTimestamp: UInt32
    /// Where the scene stands.
    public var sceneFromStage: Similarity
    /// The scene to draw, or nil for black.
    public var scene: UnsafePointer<PreparedScene>?
    /// The scene a crossfade comes from; nil: there is none.
    public var leaving: UnsafePointer<PreparedScene>?
    /// Where the leaving scene stands.
    public var leavingFromStage: Similarity
    /// How much of the light is the scene's, over 0 … 1; the rest is the leaving one's.
    public var sceneMix: Float
    /// What live state calls the two, and the frame they were placed at: pointers say nothing to
    /// another run.
    public var scenesInUse: (scene: SceneInUse, leaving: SceneInUse, liveFrame: Int64)
    /// The pictures of the movies of the scene and of the leaving one.
    public var movies: (scene: MoviePictures, leaving: MoviePictures)
    /// Views in use; `views[0]` is the outer frustum, later ones are drawn over earlier ones.
    public var viewCount: Int
    /// The views.
    public var views: InlineArray<9, ViewPlan>
    /// Colour constants of view v on wall w at `v * StageLimits.walls + w`.
    public var grades: InlineArray<144, cyc_grade>
    /// How each wall is corrected; looked at only where `hasCorrections`.
    public var corrections: InlineArray<16, WallCorrectionPlan>
    /// Any wall is corrected.
    public var hasCorrections: Bool
    /// Light left by the blackout fade, 1 … 0; already in `grades`, 0 means: black, draw nothing.
    public var light: Float
    /// Offset of the dither tile, 0 … 4095; 0 = static.
    public var ditherPhase: UInt32
    /// How finely to draw.
    public var quality: Quality
    /// Blur of the whole scene, wall pixels; 0 = in focus.
    public var defocus: Double
    /// What is shown instead of the picture.
    public var pattern: PatternPlan
    /// The walls' light is summed up for the limiters of the next frame.
    public var measuresLight: Bool
    /// The canvas pixel somebody asks the light of.
    public var probe: ProbePlace

    /// A plan that shows black.
    public init(frame: Int64, lightTime: HostTime, rtpTimestamp: UInt32) {
        self.frame = frame
        self.lightTime = lightTime
        self.rtpTimestamp = rtpTimestamp
        sceneFromStage = .identity
        scene = nil
        leaving = nil
        leavingFromStage = .identity
        sceneMix = 1
        scenesInUse = (.none, .none, 0)
        movies = (.none, .none)
        viewCount = 1
        views = InlineArray(repeating: .outer(eye: .zero))
        grades = InlineArray(repeating: cyc_grade())
        corrections = InlineArray(repeating: WallCorrectionPlan())
        hasCorrections = false
        light = 0
        ditherPhase = 0
        quality = Quality.steps[0]
        defocus = 0
        pattern = .off
        measuresLight = false
        probe = .none
    }
}
