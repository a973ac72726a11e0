public import FrameModel
import Geometry
public import StageModel
import Timing
public import Tracking

/// What a camera was last seen doing, kept for a frozen frustum.
struct CameraMemory: BitwiseCopyable, Sendable {
    var stageFromBody = Pose.identity
    /// The lens as it was drawn with.
    var lens = Lens(focalLengthMillimeters: 1)
    /// Who said what that lens does.
    var lensOrigin = LensOrigin.fixed
    /// The sensor as it was drawn with.
    var sensor = LoopSensor(Sensor(widthMillimeters: 1, heightMillimeters: 1), imageWidth: 1)
    /// The tracker is lost, and the pose its last.
    var isLost = false
    /// The overscan that sizes itself, also while another is drawn.
    var overscan = OverscanMemory()
    /// The overscan it was drawn with, share of the picture.
    var overscanDrawn = 0.0
    /// The pose above was ever measured or set.
    var isKnown = false
    /// The frustum is frozen at it.
    var isFrozen = false
}

/// Everything that outlives a frame: it changes only through `prepare` and `finish`.
///
/// Plain bytes, so that a take can start from a copy of it.
public struct LoopState: BitwiseCopyable {
    /// Tracking history of each source.
    public var timelines: InlineArray<16, Timeline>
    /// Memory of each camera.
    var cameras: InlineArray<8, CameraMemory>
    /// What each camera was drawn with lately.
    var registrations: InlineArray<8, RegistrationMemory>
    /// Of each camera, a past frame that was judged in this one.
    public internal(set) var registration: InlineArray<8, RegistrationFigure>
    /// What each wall's limiters remember.
    var limiters: InlineArray<16, WallLimiter>
    /// Light the blackout left in the last frame.
    var blackoutLight: Double
    /// The wall is frozen on `frozenPlan`.
    var isFrozen: Bool
    /// The plan at the moment the wall was frozen, at full light.
    var frozenPlan: FramePlan

    /// A state before the first frame of a stage.
    public init(_ stage: Stage) {
        precondition(stage.sources.count <= StageLimits.sources, "checked by StageConfig")
        let none = TrackingSource(name: "", transport: .fixed)
        timelines = InlineArray { index in
            var source = index < stage.sources.count ? stage.sources[index] : none
            source.delayTolerance = stage.rate.period / 4
            return Timeline(source: source)
        }
        cameras = InlineArray(repeating: CameraMemory())
        registrations = InlineArray(repeating: RegistrationMemory())
        registration = InlineArray(repeating: .none)
        limiters = InlineArray(repeating: WallLimiter())
        blackoutLight = 1
        isFrozen = false
        frozenPlan = FramePlan(frame: 0, lightTime: .init(nanoseconds: 0), rtpTimestamp: 0)
    }

    /// A state from a take, with its looks as they lie in memory now; nil when the bytes are too
    /// few or too many.
    ///
    /// Only for bytes this very program wrote: they are not looked at. A picture that is frozen in
    /// it is without its scenes until `FramePath.restore` gives them.
    public init?(recorded bytes: UnsafeRawBufferPointer, looks: LookTable) {
        guard bytes.count == MemoryLayout<LoopState>.size else { return nil }
        self = bytes.loadUnaligned(as: LoopState.self)
        for index in 0..<frozenPlan.grades.count { frozenPlan.grades[index].rebind(looks) }
    }

    /// The scenes of the picture the wall is frozen on; nil where it is not.
    public var frozenScenes: (scene: SceneInUse, leaving: SceneInUse)? {
        guard isFrozen else { return nil }
        let (scene, leaving, _) = frozenPlan.scenesInUse
        return (scene, leaving)
    }

    /// Some tracker said last that it records; one that falls silent ends no take.
    /// - Frame path: yes
    var isTrackerRecording: Bool {
        for source in 0..<StageLimits.sources where timelines[source].isRecording { return true }
        return false
    }

    /// A state in memory of its own, for the life of a run; the caller deallocates it.
    public static func allocate(_ stage: Stage) -> UnsafeMutablePointer<LoopState> {
        let state = UnsafeMutablePointer<LoopState>.allocate(capacity: 1)
        state.initialize(to: LoopState(stage))
        return state
    }
}
