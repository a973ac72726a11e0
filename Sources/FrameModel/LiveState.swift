public import StageModel

/// Everything an operator can change during a take, as plain bytes for the loop.
///
/// A flat table of numbers: `Control` knows their names, units and ranges, the loop knows their
/// places (`LiveLayout`). One control thread writes; the loop reads a published copy.
public struct LiveState: BitwiseCopyable, Sendable {
    /// Revision of the edit that made this state: the r123 of an answer.
    public var revision: UInt64
    /// The scene on the wall, or the one a crossfade goes to.
    public var scene: SceneInUse
    /// The scene a crossfade comes from.
    public var leaving: SceneInUse
    /// How much of the light is the scene's, 0 … 1; the rest is the leaving one's.
    public var sceneMix: FadedValue
    /// How the movies of `scene` play.
    public var movies: InlineArray<4, MovieTransport>
    /// How those of `leaving` play.
    public var leavingMovies: InlineArray<4, MovieTransport>
    /// Fingerprint of the look in each look slot, 0 for none: slot n of the tree is number n − 1.
    public var looks: InlineArray<16, UInt64>
    /// Fingerprint of each wall's correction, 0 for none.
    public var corrections: InlineArray<16, UInt64>
    /// Stacks of grades that are baked into tables; those with key 0 are none.
    public var bakes: InlineArray<16, BakedStack>
    /// The numbers, at the places `LiveLayout` gives.
    public var values: InlineArray<1280, FadedValue>

    /// Revision 0, no scene, every number at its default.
    public init() {
        revision = 0
        (scene, leaving) = (.none, .none)
        sceneMix = FadedValue(1)
        movies = InlineArray(repeating: MovieTransport())
        leavingMovies = movies
        looks = InlineArray(repeating: 0)
        corrections = InlineArray(repeating: 0)
        bakes = InlineArray(repeating: BakedStack())
        values = InlineArray(repeating: FadedValue(0))
        for scope in 0..<LiveLayout.scopeCount {
            let grade = LiveLayout.grade(scope: scope)
            values[grade + GradeField.temperature.rawValue] = FadedValue(6500)
            for channel in 0..<3 {
                values[grade + GradeField.slopeRed.rawValue + channel] = FadedValue(1)
                values[grade + GradeField.powerRed.rawValue + channel] = FadedValue(1)
                values[grade + GradeField.gammaRed.rawValue + channel] = FadedValue(1)
                values[grade + GradeField.gainRed.rawValue + channel] = FadedValue(1)
            }
            values[grade + GradeField.saturation.rawValue] = FadedValue(1)
            values[grade + GradeField.contrast.rawValue] = FadedValue(1)
            values[grade + GradeField.pivot.rawValue] = FadedValue(0.18)
            values[grade + GradeField.lookStrength.rawValue] = FadedValue(1)
        }
        for camera in 0..<StageLimits.cameras {
            let base = LiveLayout.camera(camera)
            values[base + CameraField.isEnabled.rawValue] = FadedValue(1)
            values[base + CameraField.overscan.rawValue] = FadedValue(10)
            values[base + CameraField.softEdge.rawValue] = FadedValue(2)
            values[base + CameraField.overscanFloor.rawValue] = FadedValue(3)
            values[base + CameraField.overscanCeiling.rawValue] = FadedValue(30)
            values[base + CameraField.fixedZ.rawValue] = FadedValue(1.6)
            values[base + CameraField.sensitivity.rawValue] = FadedValue(800)
            values[base + CameraField.tStop.rawValue] = FadedValue(2.8)
            values[base + CameraField.shutterAngle.rawValue] = FadedValue(180)
            values[base + CameraField.headroom.rawValue] = FadedValue(6)
        }
        for wall in 0..<StageLimits.walls {
            let base = LiveLayout.wall(wall)
            values[base + WallField.peakLimit.rawValue] = FadedValue(10_000)
            values[base + WallField.averageLimit.rawValue] = FadedValue(100)
            values[base + WallField.levelsAngle.rawValue] = FadedValue(1)
        }
        values[LiveLayout.scene + SceneField.scale.rawValue] = FadedValue(1)
        let pattern = LiveLayout.pattern
        values[pattern + PatternField.level.rawValue] = FadedValue(100)
        for channel in 0..<3 {
            values[pattern + PatternField.red.rawValue + channel] = FadedValue(1)
        }
        values[pattern + PatternField.panel.rawValue] = FadedValue(1)
        values[pattern + PatternField.cell.rawValue] = FadedValue(
            Double(FrameStripGrid.cellUsual))
        for movie in 0..<SceneLimits.movies {
            let base = LiveLayout.movie(movie)
            values[base + MovieField.isPlaying.rawValue] = FadedValue(1)
            values[base + MovieField.speed.rawValue] = FadedValue(1)
        }
        values[pattern + PatternField.size.rawValue] = FadedValue(2)
    }
}

/// Fields of one grade scope, in the unit the control tree shows.
public enum GradeField: Int, CaseIterable, Sendable {
    /// Stops.
    case exposure = 0
    /// Kelvin; 6500 is neutral.
    case temperature
    /// −1 green … +1 magenta; 0 is neutral.
    case tint
    /// CDL slope, red; green and blue follow.
    case slopeRed, slopeGreen, slopeBlue
    /// CDL offset, red; green and blue follow.
    case offsetRed, offsetGreen, offsetBlue
    /// CDL power, red; green and blue follow.
    case powerRed, powerGreen, powerBlue
    /// CDL saturation.
    case saturation
    /// 1: the whole scope is passed by.
    case isBypassed
    /// 1: the temperature is a camera's white balance, the inverse of a color temperature.
    case isCameraBalance
    /// 1: CDL and wheels work on ACEScct codes; 0: on light.
    case isInCodes
    /// 1: the CDL clamps to 0 … 1.
    case isClamped
    /// Lift, red; green and blue follow.
    case liftRed, liftGreen, liftBlue
    /// Gamma, red; green and blue follow.
    case gammaRed, gammaGreen, gammaBlue
    /// Gain, red; green and blue follow.
    case gainRed, gainGreen, gainBlue
    /// Contrast about the pivot.
    case contrast
    /// Scene-linear light that contrast leaves alone.
    case pivot
    /// Slot of the look, from 1; 0 for none.
    case lookSlot
    /// How much of the look there is, 0 … 1.
    case lookStrength
    /// 1: CDL and wheels are undone instead of done.
    case isInverted
}

/// Fields of one camera, in the unit the control tree shows.
public enum CameraField: Int, CaseIterable, Sendable {
    /// 1: the inner frustum is drawn.
    case isEnabled = 0
    /// Per cent of the picture's width and height added, half on each side.
    case overscan
    /// Width of the soft edge, per cent of the picture's width, round the overscan.
    case softEdge
    /// 1: the inner frustum stays where it is.
    case isFrozen
    /// 1: the pose below is used instead of the tracker's.
    case usesFixedPose
    /// Fixed sensor-body position on the stage, metres.
    case fixedX, fixedY, fixedZ
    /// Fixed orientation, degrees; pan + left (OpenTrackIO).
    case fixedPan, fixedTilt, fixedRoll
    /// Zoom of the fixed pose, 0 wide … 1 tele.
    case fixedZoom
    /// 0: the overscan above; 1: it sizes itself between the two below.
    case overscanMode
    /// Least overscan that sizes itself, per cent.
    case overscanFloor
    /// Greatest overscan that sizes itself, per cent.
    case overscanCeiling
    /// Which of the camera's measured lenses; beyond them: the stage file's own.
    case lens
    /// Which of its sensor modes; 0: the stage file's own.
    case sensorMode
    /// 1: the inner frustum goes when its tracker is lost; 0: it holds.
    case whenLost
    /// What the camera is exposed with: ISO.
    case sensitivity
    /// T-stop of the lens.
    case tStop
    /// Shutter angle, degrees.
    case shutterAngle
    /// Neutral density before the sensor, stops.
    case neutralDensity
    /// Stops above middle grey at which the camera clips.
    case headroom
}

/// Fields of one wall's protection, in the unit the control tree shows.
public enum WallField: Int, CaseIterable, Sendable {
    /// Brightest light, nits; the wall's own peak where that is lower.
    case peakLimit = 0
    /// How light ends there: `RollOff`.
    case rollOff
    /// 1: colors out of the wall's gamut are brought into it.
    case compressesGamut
    /// The most the wall's panels draw in the mean, per cent of full white.
    case averageLimit
    /// 1: more than three flashes a second are held down.
    case limitsFlashes
    /// 1: the wall's correction is passed by.
    case isUncorrected
    /// 1: the correction levels what the view angle does.
    case levelsAngle
}

/// Fields of the scene's placement, in the unit the control tree shows.
public enum SceneField: Int, CaseIterable, Sendable {
    /// How far the world is moved on the stage, metres.
    case offsetX = 0
    case offsetY, offsetZ
    /// Degrees the world is turned about the stage's Z, + to the left.
    case rotation
    /// Size of the world against nature; 2 = twice as large.
    case scale
    /// Degrees the horizon is raised.
    case horizon
    /// Blur of dome and cards, wall pixels; 0 = in focus.
    case defocus
}

/// Fields of the whole stage.
public enum StageField: Int, CaseIterable, Sendable {
    /// 0 picture … 1 black; beats everything.
    case blackout = 0
    /// 1: the whole wall holds its last picture.
    case isFrozen
    /// The outer frustum's best resolution: 0 full, 1 half, 2 a quarter, across and down.
    case outerResolution
    /// 0: the budget keeper chooses the quality step, n: step n − 1 is held.
    case qualityMode
    /// 0: the picture; 1: in colors of the quality it is drawn at; 2: grey with marks where it is
    /// over a wall's peak or out of its gamut.
    case view
    /// 1: a take is recorded.
    case isRecording
    /// 1: one is recorded while a tracker says that it records, too.
    case followsTrackers
    /// The wall the probe looks at, from 1; 0: none.
    case probeWall
    /// The probed pixel of that wall, column and row.
    case probeX, probeY
}

/// Fields of one tracking source, in the unit the control tree shows.
public enum SourceField: Int, CaseIterable, Sendable {
    /// From the capture of a pose to its arrival, frames of the stage.
    case delay = 0
    /// The same for what is said of the lens.
    case lensDelay
}

/// Fields of the test pattern, in the unit the control tree shows.
public enum PatternField: Int, CaseIterable, Sendable {
    /// Which: a `TestPattern`.
    case pattern = 0
    /// Nits.
    case level
    /// Share of the level, red; green and blue follow.
    case red, green, blue
    /// Number of the panel that blinks, from 1.
    case panel
    /// Side of the strips' cells, wall pixels.
    case cell
    /// Which of the patches, or of the dots' pictures.
    case step
    /// How wide the patch is, metres.
    case size
}

/// Fields of one movie of the scene on the wall, in the unit the control tree shows; the loop goes
/// by `LiveState.movies`, which follows from them.
public enum MovieField: Int, CaseIterable, Sendable {
    /// 1: it plays.
    case isPlaying = 0
    /// Against the scene file's speed.
    case speed
    /// Where it was last set to, seconds of the movie.
    case position
    /// 1: pictures are blended.
    case blends
}

/// Where in `LiveState.values` each number lives.
public enum LiveLayout {
    /// Grade scopes: all, 16 walls, 8 inner frusta, outer.
    public static let scopeCount = 1 + StageLimits.walls + StageLimits.cameras + 1
    /// Scope of everything.
    public static let all = 0
    /// Scope of the outer frustum.
    public static let outer = scopeCount - 1
    /// Places one grade scope takes.
    public static let gradeStride = 32
    /// Places one camera takes.
    public static let cameraStride = 24
    /// Places the scene's placement or the stage's own fields take.
    public static let stride = 16
    /// Slots for looks: a show's handful, and the day's versions of it.
    public static let lookSlots = 16
    /// Baked stacks at once: one wall of sixteen a stage has each, or every view of two.
    public static let bakes = 16
    /// First place of the cameras.
    public static let cameras = gradeStride * scopeCount
    /// First place of the scene's placement.
    public static let scene = cameras + cameraStride * StageLimits.cameras
    /// First place of the stage's own fields.
    public static let stage = scene + stride

    /// Places one tracking source takes.
    public static let sourceStride = 4
    /// First place of the tracking sources.
    public static let sources = stage + stride

    /// Places one wall's protection takes.
    public static let wallStride = 8
    /// First place of the walls' protection.
    public static let walls = sources + sourceStride * StageLimits.sources

    /// First place of a wall's protection.
    /// - Frame path: yes
    @inlinable
    public static func wall(_ wall: Int) -> Int { walls + wall * wallStride }

    /// First place of the test pattern's fields.
    public static let pattern = walls + wallStride * StageLimits.walls

    /// Places one movie takes.
    public static let movieStride = 4
    /// First place of a movie's fields.
    public static func movie(_ movie: Int) -> Int { pattern + stride + movie * movieStride }

    /// First place of a tracking source's fields.
    /// - Frame path: yes
    @inlinable
    public static func source(_ source: Int) -> Int { sources + source * sourceStride }

    /// Scope of a wall.
    /// - Frame path: yes
    @inlinable
    public static func scope(wall: Int) -> Int { 1 + wall }

    /// Scope of a camera's inner frustum.
    /// - Frame path: yes
    @inlinable
    public static func scope(camera: Int) -> Int { 1 + StageLimits.walls + camera }

    /// Scope of a view: a camera's inner frustum or, with camera −1, the outer frustum.
    /// - Frame path: yes
    @inlinable
    public static func scope(view camera: Int) -> Int {
        camera < 0 ? outer : scope(camera: camera)
    }

    /// First place of a scope's grade.
    /// - Frame path: yes
    @inlinable
    public static func grade(scope: Int) -> Int { scope * gradeStride }

    /// First place of a camera's fields.
    /// - Frame path: yes
    @inlinable
    public static func camera(_ camera: Int) -> Int { cameras + camera * cameraStride }
}
