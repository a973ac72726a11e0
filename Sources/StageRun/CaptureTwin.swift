import Color
import Foundation
public import FrameModel
public import Geometry
import Media
import Output
import StageCalibration
import StageConfig
public import StageModel
public import StageTwin
import Timing
import Tracking

/// A stage that is not as its file says, and a camera that records it: captures for calibrations
/// that know nothing of it.
///
/// The wall is driven by the real frame path in virtual time, through the control tree, and a take
/// is written; pictures are written as a camera's: stills for the geometry, a movie for the color.
public struct CaptureTwin {
    /// How far things are from what the stage file says, and what the captures suffer from.
    public struct Options: Sendable {
        /// Camera poses.
        public var poses = 24
        /// Width of the camera's pictures, pixels.
        public var width = 1920
        /// Frames each picture of the dots is shown, and each patch.
        public var hold = 3
        /// Every facet of the wall stands so far from its plan, each way, metres, one standard
        /// deviation.
        public var wallMeters = 0.005
        /// Metres in a metre of the tracker's.
        public var trackerScale = 1.002
        /// Noise of the tracker's position, metres, and rotation, degrees, from pose to pose.
        public var trackerMeters = 0.0003
        /// Degrees.
        public var trackerDegrees = 0.015
        /// The wall's light.
        public var wall = WallCondition()
        /// The camera.
        public var film = FilmCondition()
        /// Side of the strips' cells among dots, wall pixels; nil: what suits the stage.
        public var cell: Int?
        /// Width of the patch, metres; nil: what a session shows.
        public var patchSize: Double?
        /// Every so many-th picture of the movie is lost; 0: none.
        public var lostEvery = 0
        /// Where poses and faults are drawn from.
        public var seed: UInt64 = 1

        /// A wall 5 mm and a tracker 0.2 % off, its light as stated.
        public init() {}

        /// The same, and the wall's channels have other curves and primaries than stated.
        public static var faulty: Options {
            var options = Options()
            options.wall.gamma = SIMD3(1.06, 1, 0.95)
            options.wall.primaries = Primaries(
                red: Chromaticity(0.675, 0.324), green: Chromaticity(0.255, 0.695),
                blue: Chromaticity(0.148, 0.056), white: Chromaticity(0.305, 0.333))
            options.wall.black = 1e-5
            options.lostEvery = 23
            return options
        }

        /// Nothing is off and nothing noisy but the camera's place on its tracker, the tracker's on
        /// the stage, and the lens.
        public static var exact: Options {
            var options = Options()
            (options.wallMeters, options.trackerScale) = (0, 1)
            (options.trackerMeters, options.trackerDegrees) = (0, 0)
            options.film.noise = .zero
            return options
        }
    }

    /// The stage as its file has it.
    public let stated: Stage
    /// The stage as it is built.
    public let built: Stage
    private let file: StageText
    let options: Options
    private let formats: [StreamFormat]

    /// A twin of a stage's first camera and first wall.
    ///
    /// - Parameter stage: a stage.yaml, its folder, or the name of a folder in stage-configs.
    public init(stage path: String, options: Options = Options()) throws {
        let parsed = try StageConfig.open(path).get()
        try self.init(
            stage: parsed.result.get(),
            file: StageText(text: parsed.text, lensFiles: parsed.lensFiles), options: options)
    }

    /// A twin of a stage and the text it was read from.
    public init(stage: Stage, file: StageText, options: Options = Options()) throws {
        stated = stage
        self.file = file
        self.options = options
        guard let camera = stage.cameras.first,
            case .freeD = stage.sources[camera.source].transport
        else {
            throw RunError("\(stage.name): the twin needs a camera with a FreeD tracker")
        }
        built = Self.built(stage, options)
        formats = TwinRun.formats(of: stage)
    }

    /// The first camera's tracked body by the stage's own plan is off by centimetres and degrees,
    /// its lens by two per cent, the wall and the tracker as the options say.
    private static func built(_ stage: Stage, _ options: Options) -> Stage {
        var stage = stage
        let degree = Double.pi / 180
        let noise = CountedNumbers(seed: options.seed)
        let source = stage.cameras[0].source
        stage.sources[source].stageFromTracker =
            stage.sources[source].stageFromTracker
            * Pose(
                pan: 0.8 * degree, tilt: 0.25 * degree, roll: -0.2 * degree,
                translation: Vector3(0.05, -0.04, 0.02))
        stage.cameras[0].bodyFromSensor =
            stage.cameras[0].bodyFromSensor
            * Pose(
                pan: -0.6 * degree, tilt: 0.4 * degree, roll: 0.3 * degree,
                translation: Vector3(0.012, 0.02, -0.015))
        stage.cameras[0].lens.focalLengthMillimeters *= 1.02
        if let range = stage.cameras[0].zoomRange { stage.cameras[0].zoomRange = range * 1.02 }
        stage.cameras[0].lenses = []
        let camera = stage.cameras[0]
        stage.cameras[0].imageWidth = options.width
        stage.cameras[0].imageHeight = Int(
            (Double(options.width) * camera.sensor.heightMillimeters
                / camera.sensor.widthMillimeters).rounded())
        for (index, facet) in stage.facets.enumerated() {
            let shift = options.wallMeters * noise.vector(index)
            for panel in stage.panels.indices
            where stage.panels[panel].processor == facet.processor
                && stage.panels[panel].canvas.overlaps(facet.canvas)
            {
                stage.panels[panel].stageFromPanel.translation += shift
            }
        }
        return stage
    }

    /// Side of the strips' cells among dots.
    var cell: Int { options.cell ?? SparseStrips.dotsCell(of: stated) }

    // MARK: - Geometry

    /// Carries the camera from pose to pose before the blinking dots: a take in `folder`, stills in
    /// `folder/dots`.
    public func captureDots(into folder: String, progress: (Double) -> Void = { _ in }) throws {
        let pictures = "\(folder)/dots"
        try makeFolder(pictures)
        let wall = try SteppedWall(stage: stated, file: file, formats: formats, takes: folder)
        try wall.choose("pattern/show", "dots")
        try wall.set("pattern/cell", Double(cell))
        try wall.set("pattern/level", 0.4 * (stated.walls.map(\.peakNits).min() ?? 1000))
        try wall.set("take/record", 1)
        var camera = captureCamera()
        let steps = DotPicture.count(dots: DotGrid.numbers(of: stated).count)
        // The ends of a pause are the move's: a quarter of a second each, and the tracker's delay.
        let margin = Int((0.5 / stated.rate.period).rounded(.up))
        for pose in 0..<options.poses {
            let moment = self.moment(pose)
            camera.stand(moment)
            try pass(margin, told(moment, pose), wall)
            for step in 0..<steps {
                try wall.set("pattern/step", Double(step))
                for frame in 0..<options.hold {
                    guard frame == options.hold / 2 else {
                        try make(wall, told(moment, pose))
                        continue
                    }
                    try make(wall, told(moment, pose), seenBy: &camera)
                    let number = pose * steps + step
                    try still(
                        camera.photograph(), to: "\(pictures)/\(number + 10000).png")
                }
            }
            try pass(margin, told(moment, pose), wall)
            let next = self.moment(pose + 1)
            for frame in 1..<8 {
                let between = Self.between(moment, next, Double(frame) / 8)
                try make(wall, between)
            }
            progress(Double(pose + 1) / Double(options.poses))
        }
        wall.stop()
    }

    /// Frames that nobody photographs.
    private func pass(_ count: Int, _ told: CameraMoment, _ wall: SteppedWall) throws {
        for _ in 0..<count { try make(wall, told) }
    }

    // MARK: - Color

    /// Stands square to the wall before its patches: a movie `folder/patches.mkv` in LogC4 and ARRI
    /// Wide Gamut 4.
    ///
    /// - Parameter steps: which patches, in which order.
    public func capturePatches(
        _ steps: [Int] = Array(0..<PatchSet.own), into folder: String,
        named name: String = "patches",
        own: (Int) -> SIMD3<Double> = { _ in SIMD3(repeating: 1) },
        progress: (Double) -> Void = { _ in }
    ) throws {
        try makeFolder(folder)
        let wall = try SteppedWall(stage: stated, file: file, formats: formats, takes: folder)
        let panel = StageMiddle.panel(of: stated, wall: 0)
        try wall.choose("pattern/show", "patches")
        try wall.set("pattern/cell", Double(FrameStripGrid.cellUsual))
        try wall.set("pattern/panel", Double(panel + 1))
        try wall.set("pattern/size", patchSize)
        try wall.set("pattern/level", 0.3 * stated.walls[0].peakNits)
        var film = options.film
        // Defocused until the LEDs are not seen one by one.
        film.blur = max(film.blur, 1.2)
        var camera = CaptureCamera(
            stage: built, camera: 0, formats: formats, wall: options.wall, film: film)
        let moment = squareOn(panel)
        camera.stand(moment)
        let size = (built.cameras[0].imageWidth, built.cameras[0].imageHeight)
        let movie = try MovieWriter(
            "\(folder)/\(name).mkv", width: size.0, height: size.1,
            rate: 1 / stated.rate.period)
        var before: [Float]?
        var count = 0
        for (place, step) in steps.enumerated() {
            try wall.set("pattern/step", Double(step))
            if step >= PatchSet.own {
                let color = own(step)
                try wall.set("pattern/color", color.x, color.y, color.z)
            }
            for frame in 0..<options.hold {
                try make(wall, moment, seenBy: &camera)
                let picture = camera.photograph()
                if frame == 0, let before {
                    // The camera's shutter is open over the change.
                    try movie.add(zip(before, picture).map { Self.code(($0 + $1) / 2) })
                }
                before = picture
                count += 1
                if options.lostEvery > 0, count.isMultiple(of: options.lostEvery) { continue }
                try movie.add(picture.map(Self.code))
            }
            progress(Double(place + 1) / Double(steps.count))
        }
        try movie.finish()
        wall.stop()
    }

    static func code(_ light: Float) -> Float { Float(CaptureCode.logC4(Double(light))) }

    // MARK: - Parts

    func captureCamera() -> CaptureCamera {
        CaptureCamera(
            stage: built, camera: 0, formats: formats, wall: options.wall, film: options.film)
    }

    /// Makes a frame that nobody photographs, the tracker telling of a moment.
    private func make(_ wall: SteppedWall, _ told: CameraMoment) throws {
        var nobody: [StreamReceiver]?
        try wall.make(packet(told), source: stated.cameras[0].source, into: &nobody)
    }

    /// Makes a frame that a camera sees.
    private func make(
        _ wall: SteppedWall, _ told: CameraMoment, seenBy camera: inout CaptureCamera
    ) throws {
        var receivers: [StreamReceiver]? = camera.receivers
        camera.receivers = []
        try wall.make(packet(told), source: stated.cameras[0].source, into: &receivers)
        camera.receivers = receivers ?? []
    }

    /// What the tracker sends of a moment.
    func packet(_ told: CameraMoment) -> [UInt8] {
        let source = built.sources[stated.cameras[0].source]
        guard case .freeD(var freeD) = source.transport else { return [] }
        freeD.positionScale *= options.trackerScale
        return SimulatedTracker.packet(
            told, camera: built.cameras[0], source: source, options: freeD)
    }

    /// Codes of 8-bit sRGB by light in steps that are finer than they.
    private static let screen = (0..<16384).map {
        UInt8((255 * CaptureCode.sRGB(Double($0) / 16383)).rounded())
    }

    /// A still as 8-bit sRGB.
    func still(_ light: [Float], to path: String) throws {
        let (width, height) = (built.cameras[0].imageWidth, built.cameras[0].imageHeight)
        var pixels = [UInt8](repeating: 255, count: 4 * width * height)
        for pixel in 0..<width * height {
            for channel in 0..<3 {
                let share = max(0, min(1, light[3 * pixel + channel]))
                pixels[4 * pixel + channel] = Self.screen[Int(share * 16383)]
            }
        }
        guard let bytes = PNGFile.bytes(width: width, height: height, pixels: pixels) else {
            throw RunError("\(path): FFmpeg has no encoder for PNG here")
        }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    /// A pose before the wall, as the body stands: three distances, left, middle and right, some
    /// far to the side, panned, tilted and rolled.
    func moment(_ index: Int) -> CameraMoment {
        let shot = DefaultShot(stage: stated)
        let noise = CountedNumbers(seed: options.seed &+ 77)
        let some = noise.vector(3 * index), more = noise.vector(3 * index + 1)
        let right = SIMD3(cos(shot.pan), sin(shot.pan), 0)
        let ahead = SIMD3(-sin(shot.pan), cos(shot.pan), 0)
        let isOblique = index % 6 == 5
        let near = [0.05, 0.3, 0.5][index % 3]
        let aside = isOblique ? (index % 12 == 5 ? 0.6 : -0.6) : [-0.25, 0, 0.25][index / 3 % 3]
        let place =
            shot.center + ahead * (shot.distance * (isOblique ? 0.45 : near))
            + right * (shot.distance * (aside + 0.04 * clamped(some.x)))
            + SIMD3(0, 0, 0.25 * clamped(some.y))
        let middle = StageMiddle.point(of: stated, wall: 0)
        let aim =
            middle + right * (0.12 * shot.distance * clamped(more.x) - 0.3 * aside * shot.distance)
            + SIMD3(0, 0, 0.35 * clamped(more.y))
        let d = aim - place
        let flat = (d.x * d.x + d.y * d.y).squareRoot()
        return CameraMoment(
            pan: atan2(-d.x, d.y), tilt: atan2(d.z, flat) + 0.03 * clamped(more.z),
            roll: 0.08 * clamped(some.z), position: place)
    }

    private func clamped(_ x: Double) -> Double { max(-1.5, min(1.5, x)) }

    /// A moment as the tracker tells it at a pose.
    func told(_ moment: CameraMoment, _ pose: Int) -> CameraMoment {
        let noise = CountedNumbers(seed: options.seed &+ 1234)
        let turn = options.trackerDegrees * .pi / 180 * noise.vector(2 * pose)
        var told = moment
        told.pan += turn.x
        told.tilt += turn.y
        told.roll += turn.z
        told.position += options.trackerMeters * noise.vector(2 * pose + 1)
        return told
    }

    static func between(
        _ a: CameraMoment, _ b: CameraMoment, _ u: Double
    ) -> CameraMoment {
        CameraMoment(
            pan: a.pan + u * (b.pan - a.pan), tilt: a.tilt + u * (b.tilt - a.tilt),
            roll: a.roll + u * (b.roll - a.roll),
            position: a.position + u * (b.position - a.position))
    }

    private var patchSize: Double {
        options.patchSize ?? StageMiddle.patchSize(of: stated, wall: 0)
    }

    /// The body before a panel, square to it, the patch two thirds of the picture's height.
    func squareOn(_ panel: Int) -> CameraMoment {
        let camera = built.cameras[0]
        let focal = camera.zoomRange?.x ?? camera.lens.focalLengthMillimeters
        let distance = patchSize / 0.65 * focal / camera.sensor.heightMillimeters
        let pose = stated.panels[panel].stageFromPanel
        let into = pose.rotation.y
        let place = pose.translation - into * distance
        return CameraMoment(
            pan: atan2(-into.x, into.y), tilt: asin(max(-1, min(1, into.z))), roll: 0,
            position: place)
    }
}

/// The middle of a wall.
public enum StageMiddle {
    /// The mean of its panels' middles, stage metres.
    public static func point(of stage: Stage, wall: Int) -> Vector3 {
        let panels = stage.walls[wall].panels
        let sum = panels.reduce(Vector3.zero) { $0 + stage.panels[$1].stageFromPanel.translation }
        return sum / Double(max(1, panels.count))
    }

    /// Width of a patch that leaves the strips beside it to be read, metres: three quarters of the
    /// wall's height (of its lesser side for a ceiling), 1.8 at most.
    public static func patchSize(of stage: Stage, wall: Int) -> Double {
        let panels = stage.walls[wall].panels.map { stage.panels[$0] }
        func span(_ axis: KeyPath<Vector3, Double>) -> Double {
            let places = panels.map { $0.stageFromPanel.translation[keyPath: axis] }
            return (places.max() ?? 0) - (places.min() ?? 0)
        }
        let panel = panels.map { stage.products[$0.product].height }.max() ?? 0.5
        let isUpright = panels.contains { abs($0.stageFromPanel.rotation.y.z) < 0.7 }
        let side = (isUpright ? span(\.z) : min(span(\.x), span(\.y))) + panel
        return min(1.8, 0.75 * side)
    }

    /// The panel nearest to it.
    public static func panel(of stage: Stage, wall: Int) -> Int {
        let middle = point(of: stage, wall: wall)
        func distance(_ index: Int) -> Double {
            (stage.panels[index].stageFromPanel.translation - middle).length
        }
        return stage.walls[wall].panels.min { distance($0) < distance($1) } ?? 0
    }
}

/// Normal deviates in threes, each by its number.
struct CountedNumbers {
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    func vector(_ index: Int) -> Vector3 {
        func unit(_ place: Int) -> Double {
            let count = seed &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(bitPattern: Int64(place))
            var z = count &* 0x9E37_79B9_7F4A_7C15 &+ 0x9E37_79B9_7F4A_7C15
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return (Double((z ^ z >> 31) >> 11) + 0.5) / Double(1 << 53)
        }
        func normal(_ place: Int) -> Double {
            (-2 * log(unit(2 * place))).squareRoot() * cos(2 * .pi * unit(2 * place + 1))
        }
        return Vector3(normal(3 * index), normal(3 * index + 1), normal(3 * index + 2))
    }
}
