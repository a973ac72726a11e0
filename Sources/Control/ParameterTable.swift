import FrameModel
import StageModel
import Timing
import Tracking

/// The parameters there are: names, units, ranges (after the field's habits), places.
extension ParameterTree {
    /// The one switch that fades.
    static let blackoutPath = "stage/blackout"

    /// What starts and ends a take: neither undone nor reset with the rest, so that nobody ends one
    /// by taking back a grade.
    static let recordPath = "take/record"

    private static let xyz = ["x", "y", "z"]

    static func live(
        _ path: String, _ places: [Int], kind: ParameterKind = .float, unit: String = "",
        _ range: ClosedRange<Double>, _ components: [String] = [], help: String
    ) -> Parameter {
        let neutral = LiveState()
        return Parameter(
            path: path, kind: kind, unit: unit, range: range,
            defaults: places.map { neutral.values[$0].to }, components: components, help: help,
            place: .live(places))
    }

    static func toggle(_ path: String, _ place: Int, help: String) -> Parameter {
        live(path, [place], kind: .boolean, 0...1, help: help)
    }

    static func choice(
        _ path: String, _ place: Int, _ words: [String], default: Int = 0, help: String
    ) -> Parameter {
        Parameter(
            path: path, kind: .choice, range: 0...Double(words.count - 1),
            defaults: [Double(`default`)], words: words, help: help, place: .live([place]))
    }

    static func choice(
        _ path: String, _ field: StageField, _ words: [String], default: Int = 0, help: String
    ) -> Parameter {
        choice(
            path, LiveLayout.stage + field.rawValue, words, default: `default`, help: help)
    }

    /// What besides `take/record` starts and ends a take.
    static func takeMode() -> Parameter {
        choice(
            "take/mode", .followsTrackers, ["manual", "tracker"],
            help: "tracker: a take is recorded also while an OpenTrackIO tracker says that it "
                + "records; manual: only while take/record is on.")
    }

    /// How finely is drawn; the outer frustum's best as the stage file has it.
    static func quality(outerReduction: Int) -> [Parameter] {
        [
            choice(
                "outer/resolution", .outerResolution, ["full", "half", "quarter"],
                default: outerReduction.trailingZeroBitCount,
                help: "How finely the outer frustum is drawn at best, across and down; the inner "
                    + "frusta are always full."),
            choice(
                "stage/view", .view, ["picture", "quality", "limits"],
                help: "quality: the walls show, in false colors, how finely each part is drawn; "
                    + "limits: grey, yellow where light is over the wall's peak, magenta where a "
                    + "color is out of its gamut. Not while you shoot."),
            choice(
                "quality/mode", .qualityMode, ["auto"] + Quality.stepNames,
                help: "auto: steps down before frames come late, and up again when there is time. "
                    + "A step is held: each takes away what those before it do and what it "
                    + "says."),
        ]
    }

    static func components(of whole: Parameter) -> [Parameter] {
        zip(whole.components.indices, whole.components).map { i, name in
            Parameter(
                path: "\(whole.path)/\(name)", kind: whole.kind, unit: whole.unit,
                range: whole.range, defaults: [whole.defaults[i]],
                help: "\(name.capitalizedASCII) of \(whole.path). \(whole.help)",
                place: .live([whole.places[i]]), isComponent: true)
        }
    }

    static func stageFields() -> [Parameter] {
        let base = LiveLayout.stage
        return [
            toggle(
                blackoutPath, base + StageField.blackout.rawValue,
                help: "Black on every wall; beats everything else. Takes a fade."),
            toggle(
                "stage/freeze", base + StageField.isFrozen.rawValue,
                help: "Every wall holds its last picture."),
            toggle(
                recordPath, base + StageField.isRecording.rawValue,
                help: "Records a take: everything its frames are made of, for `cyclorama replay`."),
        ]
    }

    static func camera(_ path: String, _ base: Int) -> [Parameter] {
        func place(_ field: CameraField) -> Int { base + field.rawValue }
        return [
            toggle(
                "\(path)/frustum/enabled", place(.isEnabled),
                help: "The inner frustum of this camera is drawn."),
            live(
                "\(path)/frustum/overscan", [place(.overscan)], unit: "%", 0...100,
                help: "Added to the frustum's width and height, half on each side."),
            choice(
                "\(path)/frustum/overscan-mode", place(.overscanMode), ["fixed", "auto"],
                help: "auto: as much overscan as the camera's turning over the time it is foreseen "
                    + "and the newest errors ask for; status/camera/NAME/overscan tells it."),
            live(
                "\(path)/frustum/overscan-floor", [place(.overscanFloor)], unit: "%", 0...100,
                help: "The least overscan that sizes itself."),
            live(
                "\(path)/frustum/overscan-ceiling", [place(.overscanCeiling)], unit: "%", 0...100,
                help: "The greatest overscan that sizes itself."),
            live(
                "\(path)/frustum/soft-edge", [place(.softEdge)], unit: "%", 0...50,
                help: "Width of the frustum's soft edge, of the picture's width, round the "
                    + "overscan."),
            toggle(
                "\(path)/frustum/freeze", place(.isFrozen),
                help: "The inner frustum stays where it is."),
            toggle(
                "\(path)/fixed/enabled", place(.usesFixedPose),
                help: "The fixed pose is used instead of the tracker's: locked-off shots, dead "
                    + "trackers."),
            live(
                "\(path)/fixed/position", [.fixedX, .fixedY, .fixedZ].map(place), unit: "m",
                -100...100, xyz, help: "Fixed position on the stage: right, forward, up."),
            live(
                "\(path)/fixed/pan", [place(.fixedPan)], unit: "deg", -360...360,
                help: "Fixed pan, + to the left."),
            live(
                "\(path)/fixed/tilt", [place(.fixedTilt)], unit: "deg", -90...90,
                help: "Fixed tilt, + up."),
            live(
                "\(path)/fixed/roll", [place(.fixedRoll)], unit: "deg", -180...180,
                help: "Fixed roll, + clockwise as the operator sees it."),
            live(
                "\(path)/fixed/zoom", [place(.fixedZoom)], 0...1,
                help: "Zoom of the fixed pose: 0 wide to 1 tele."),
        ]
    }

    /// What a camera is shot with, and what becomes of its frustum without a tracker.
    static func choices(_ path: String, _ camera: Camera, _ base: Int) -> [Parameter] {
        func place(_ field: CameraField) -> Int { base + field.rawValue }
        return [
            choice(
                "\(path)/lens", place(.lens), camera.lenses.map(\.name) + [ownLens],
                help: "The lens on the camera: one measured in lenses/, or \(ownLens), the stage "
                    + "file's. status/camera/NAME/lens-origin says whether the tracker's word for "
                    + "it is used instead."),
            choice(
                "\(path)/sensor-mode", place(.sensorMode),
                [ownSensor] + camera.sensorModes.map(\.name),
                help: "The part of the sensor that is recorded; \(ownSensor) is the stage file's "
                    + "sensorMillimeters."),
            choice(
                "\(path)/frustum/when-lost", place(.whenLost), ["hold", "leave"],
                default: camera.leavesWhenLost ? 1 : 0,
                help: "When its tracker is lost: hold keeps the inner frustum where it was last; "
                    + "leave takes it away, and the whole wall is the outer picture, until the "
                    + "tracker is back."),
        ]
    }

    /// The word for the lens of the stage file.
    public static let ownLens = "fixed"
    /// The word for the sensor of the stage file.
    public static let ownSensor = "standard"

    /// A tracking source: how late it is, the stage file's until set.
    static func source(
        _ path: String, _ source: TrackingSource, _ place: Int, rate: FrameRate
    ) -> [Parameter] {
        func delay(_ name: String, _ field: SourceField, _ seconds: Double, _ help: String)
            -> Parameter
        {
            Parameter(
                path: "\(path)/\(name)", unit: "frames", range: 0...240,
                defaults: [min(240, seconds * rate.hertz)], help: help,
                place: .live([place + field.rawValue]))
        }
        return [
            delay(
                "delay", .delay, source.delay,
                "From the moment a pose is measured to its arrival, in frames of the stage and "
                    + "hundredths of them: too little and the background trails a pan, too much "
                    + "and it runs ahead."),
            delay(
                "lens-delay", .lensDelay, source.lensDelay,
                "The same for zoom and focus, which often come another way."),
        ]
    }

    static func scene() -> [Parameter] {
        func place(_ field: SceneField) -> Int { LiveLayout.scene + field.rawValue }
        return [
            live(
                "scene/offset", [.offsetX, .offsetY, .offsetZ].map(place), unit: "m",
                -10000...10000, xyz,
                help: "How far the world is moved on the stage: right, forward, up."),
            live(
                "scene/rotation", [place(.rotation)], unit: "deg", -3600...3600,
                help: "How far the world is turned about the stage's middle, + to the left."),
            live(
                "scene/scale", [place(.scale)], 0.001...1000,
                help: "Size of the world against nature; 2 is twice as large."),
            live(
                "scene/horizon", [place(.horizon)], unit: "deg", -90...90,
                help: "How far the horizon is raised."),
            live(
                "scene/defocus", [place(.defocus)], unit: "px", 0...64,
                help: "How wide a point of dome and cards is spread, in wall pixels: against moiré "
                    + "and for depth; 0 is in focus. Adds to the layers' own."),
        ]
    }

    static func status(_ field: StatusField) -> Parameter {
        Parameter(
            path: "status/\(field.name)", kind: field.isInteger ? .integer : .float,
            unit: field.unit, range: -Double.infinity...Double.infinity, defaults: [0],
            help: field.help, place: .status(field))
    }

    static func status(_ field: CameraStatusField, _ name: String, camera: Int) -> Parameter {
        Parameter(
            path: "status/camera/\(name)/\(field.name)",
            kind: field == .lensOrigin ? .integer : .float, unit: field.unit,
            range: -Double.infinity...Double.infinity, defaults: [0], help: field.help,
            place: .cameraStatus(field, camera: camera))
    }

    static func status(_ field: SceneStatusField, slot: Int) -> Parameter {
        Parameter(
            path: "status/scene/\(slot + 1)/\(field.name)",
            kind: field == .state ? .integer : .float, unit: field.unit,
            range: -Double.infinity...Double.infinity, defaults: [0], help: field.help,
            place: .sceneStatus(field, slot: slot))
    }

    static func status(_ field: SourceStatusField, _ name: String, source: Int) -> Parameter {
        Parameter(
            path: "status/tracking/\(name)/\(field.name)", kind: field.kind, unit: field.unit,
            range: -Double.infinity...Double.infinity, defaults: [0], help: field.help,
            place: .sourceStatus(field, source: source))
    }
}

extension String {
    /// First letter in upper case.
    fileprivate var capitalizedASCII: String { prefix(1).uppercased() + dropFirst() }
}
