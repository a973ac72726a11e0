public import Color
import Foundation
public import FrameModel
import Geometry
import Output
public import StageModel
public import StageTwin
import Timing
import Tracking

/// The twin over the real frame path: drives it with the simulated tracker's packets and hands its
/// datagrams to the judge.
public struct TwinRun {
    /// How the camera moves.
    public enum Move: String, CaseIterable, Sendable {
        /// It stands still.
        case rest
        /// The default move of `DefaultShot`.
        case moving
        /// On a shoulder: `Tracking.Move.handheld`.
        case handheld
        /// Half a metre round the middle of the shot: `DefaultShot.momentAround`.
        case around
    }

    /// What is judged and how closely.
    public struct Options: Sendable {
        /// How the camera moves.
        public var move = Move.moving
        /// What carries the charts.
        public var content = TwinContent.cards
        /// Moments photographed, 1 … 240.
        public var moments = 24
        /// Every how many-th picture pixel is looked at, both ways.
        public var step = 4
        /// Age of the tracking data nobody is told of, seconds.
        public var hiddenLatency = 0.0
        /// From a frame's tick to its light, seconds: how far the camera is foreseen.
        public var lead = 0.0
        /// A mistake to plant, or none.
        public var fault: TwinFault?
        /// How the walls really make light; nil: as the stage file says.
        public var wallFault: WallFault?
        /// What the frame path corrects walls with, by their index.
        public var corrections: [Int: WallCorrection] = [:]
        /// Seconds into the default move at which the camera stands for `Move.rest`.
        public var restSeconds = 0.6
        /// What an operator has set: lines of a control session.
        public var edits: [String] = []
        /// Costly grades are baked, as on a stage where nobody has edited for a while.
        public var isBaked = false

        /// The default twin.
        public init() {}
    }

    private let built: Stage
    private let believed: Stage
    private let shot: TwinShot
    private let options: Options
    private let defaultShot: DefaultShot
    private let formats: [StreamFormat]

    /// A twin of the stage's first camera.
    ///
    /// - Throws: `RunError` when the stage has no camera.
    public init(stage: Stage, options: Options = Options()) throws {
        guard let first = stage.cameras.first else {
            throw RunError("\(stage.name): the twin needs a camera – add one under `cameras`")
        }
        var built = DefaultShot.equipped(stage)
        built.cameras = [built.cameras[0]]
        let defaultShot = DefaultShot(stage: built)
        let options = options
        let freeD = TwinRun.makeTracked(&built, source: first.source)
        var believed = built
        if let fault = options.fault {
            let panel = TwinRun.centralPanel(of: built, from: defaultShot)
            fault.plant(believed: &believed, built: &built, panel: panel)
        }
        let stride = max(
            1, DefaultShot.moveSeconds * stage.rate.hertz / Double(max(1, options.moments)))
        shot = TwinShot(
            moment: TwinRun.moment(of: options, defaultShot),
            count: options.move == .rest ? 1 : options.moments,
            strideFrames: Int64(stride.rounded()), rate: stage.rate, camera: built.cameras[0],
            tracker: built.sources[first.source], options: freeD, source: first.source,
            hiddenLatency: options.hiddenLatency
                + (options.fault?.latency(period: stage.rate.period) ?? 0),
            lead: options.lead)
        self.defaultShot = defaultShot
        self.options = options
        self.built = built
        self.believed = believed
        formats = TwinRun.formats(of: built)
    }

    /// A twin of a stage as it is really built, which the frame path believes to be another, by a
    /// tracker without delay.
    ///
    /// - Parameters:
    ///   - tracker: how its packets are made.
    ///   - moment: where the body is at a time of the shot, seconds.
    init(
        built: Stage, believed: Stage, tracker: FreeDOptions,
        moment: @escaping @Sendable (Double) -> CameraMoment, options: Options
    ) {
        var (built, believed) = (built, believed)
        let source = built.cameras[0].source
        for index in built.sources.indices { built.sources[index].delay = 0 }
        for index in believed.sources.indices { believed.sources[index].delay = 0 }
        (built.cameras, believed.cameras) = ([built.cameras[0]], [believed.cameras[0]])
        let stride = DefaultShot.moveSeconds * built.rate.hertz / Double(max(1, options.moments))
        shot = TwinShot(
            moment: moment, count: options.moments, strideFrames: Int64(max(1, stride.rounded())),
            rate: built.rate, camera: built.cameras[0], tracker: built.sources[source],
            options: tracker, source: source, hiddenLatency: 0, lead: 0)
        defaultShot = DefaultShot(stage: built)
        self.options = options
        self.built = built
        self.believed = believed
        formats = Self.formats(of: built)
    }

    /// Where the camera is at a time of the shot, seconds.
    private static func moment(
        of options: Options, _ shot: DefaultShot
    ) -> @Sendable (Double) -> CameraMoment {
        switch options.move {
        case .moving: return { shot.moment(at: $0) }
        case .around: return { shot.momentAround(at: $0) }
        case .rest:
            let seconds = options.restSeconds
            return { _ in shot.moment(at: seconds) }
        case .handheld:
            let move = Tracking.Move(.handheld, center: .zero)
            // Near enough for the whole frustum to lie on the wall.
            let forward = SIMD3(-sin(shot.pan), cos(shot.pan), 0)
            let stand = shot.center + forward * (0.3 * shot.distance)
            return { seconds in
                let pose = move.pose(at: seconds)
                let turn = pose.rotation.panTiltRoll
                return CameraMoment(
                    pan: shot.pan + turn.pan, tilt: turn.tilt, roll: turn.roll,
                    position: stand + pose.translation, zoom: 1)
            }
        }
    }

    /// Judges registration, seams and color over the whole shot.
    public func judge(progress: (Double) -> Void = { _ in }) throws -> TwinReport {
        var wall = try makeWall()
        var twin = Twin(
            stage: built, camera: 0, formats: formats, sceneFromStage: .identity,
            moments: shot.moments, step: options.step, fault: options.wallFault)
        return try twin.judge(
            &wall, chart: defaultShot.gratings(on: options.content), colors: colors,
            on: options.content, progress: progress)
    }

    /// Judges color alone.
    ///
    /// - Parameter wanted: the patches of `colors` as the edits ought to show them in the camera's
    ///   inner frustum, scene-linear ACEScg, a list a wall.
    public func judgeColors(wanted: [[SIMD3<Double>]]) throws -> TwinReport.Color {
        let patches = colors.patches.count
        guard wanted.count == built.walls.count, wanted.allSatisfy({ $0.count == patches }) else {
            throw RunError(
                "the wanted colors are not a list of \(patches) patches for each of "
                    + "\(built.walls.count) walls – make them from what `--chart` prints")
        }
        var wall = try makeWall()
        var twin = Twin(
            stage: built, camera: 0, formats: formats, sceneFromStage: .identity,
            moments: shot.moments, step: options.step)
        return try twin.judgeColors(
            &wall, colors: colors, wanted: wanted, on: options.content)
    }

    /// Judges the light of a scene.
    public func judge(scene: Scene) throws -> TwinReport.Scene {
        var wall = try makeWall()
        var twin = Twin(
            stage: built, camera: 0, formats: formats, sceneFromStage: .identity,
            moments: shot.moments, step: options.step, fault: options.wallFault)
        return try twin.judge(&wall, scene: scene)
    }

    func makeWall() throws -> TwinWall {
        let fault = options.fault
        let setting = try TwinSetting(stage: believed, edits: options.edits)
        let wall = try TwinWall(
            believed: believed, shot: shot, formats: formats, setting: setting,
            isBaked: options.isBaked
        ) {
            fault?.misplaced($0) ?? $0
        }
        wall.correct(options.corrections)
        return wall
    }

    /// Holds the live registration error against photographs of the inner frustum's corners.
    ///
    /// The soft edge lies outside the picture; where its middle is seen is measured by a tracker
    /// that is right, and taken off.
    public func compareRegistration() throws -> RegistrationComparison {
        var right = shot
        (right.lead, right.hiddenLatency, right.count) = (0, 0, 1)
        let (edge, _) = try cornerShifts(right)
        let (shifts, figures) = try cornerShifts(shot)
        let moments = shifts.indices.compactMap { moment -> RegistrationComparison.Moment? in
            let place = Int(shot.frame(of: moment) - shot.firstFrame)
            guard let shift = shifts[moment], let edge = edge[0], place < figures.count else {
                return nil
            }
            let off = zip(shift, edge).map { (($0 - $1) * ($0 - $1)).sum().squareRoot() }
            return RegistrationComparison.Moment(
                live: Double(figures[place].wall), photographed: off.max() ?? 0)
        }
        return RegistrationComparison(moments: moments, unseen: shifts.count - moments.count)
    }

    /// Photographed shifts of the corners, and the live figures of all frames.
    private func cornerShifts(
        _ shot: TwinShot
    ) throws -> (shifts: [[SIMD2<Double>]?], figures: [RegistrationFigure]) {
        let wall = try TwinWall(believed: believed, shot: shot, formats: formats, isOutlined: true)
        {
            $0
        }
        var underTest = wall
        var twin = Twin(
            stage: built, camera: 0, formats: formats, sceneFromStage: .identity,
            moments: shot.moments, step: options.step, fault: options.wallFault)
        let shifts = try twin.cornerShifts(&underTest)
        wall.runOn()
        return (shifts, wall.figures)
    }

    /// Photograph, truth and difference of a scene at a moment, as a PNG file's bytes; every
    /// `step`th pixel of the camera's picture both ways.
    public func picture(scene: Scene, moment: Int = 0, step: Int = 2) throws -> [UInt8] {
        var wall = try makeWall()
        var twin = Twin(
            stage: built, camera: 0, formats: formats, sceneFromStage: .identity,
            moments: shot.moments, step: step, fault: options.wallFault)
        let picture = try twin.threeUp(&wall, scene: scene, moment: moment)
        return picture.pixels.withUnsafeBytes {
            PNG.still(rawCanvas: $0, width: picture.width, height: picture.height, depth: 8)
        }
    }

    /// Every how many-th picture pixel is looked at, both ways.
    var pictureStep: Int { options.step }

    /// Moments of the shot.
    public var momentCount: Int { shot.count }

    /// The stage as it is built, with the twin's camera.
    public var builtStage: Stage { built }

    /// The stage as the frame path believes it to be.
    public var believedStage: Stage { believed }

    /// What carries the charts, as it really stands.
    public var template: Scene { defaultShot.gratings(on: options.content).template }

    /// The same as the frame path believes it to stand.
    public var believedTemplate: Scene { options.fault?.misplaced(template) ?? template }

    /// The moments photographed.
    public var moments: [CameraMoment] { shot.moments }

    /// The moments as the tracker tells of them: older by the latency nobody knows of.
    public var momentsTold: [CameraMoment] { shot.momentsTold }

    /// The chart colors are judged with.
    public var colors: ColorChart {
        ColorChart(
            peakNits: built.walls.map(\.peakNits).min() ?? 1000,
            nitsPerUnit: built.walls.first?.nitsPerUnit ?? 100)
    }

    /// The panel a mistake of one panel is planted on: the nearest to where the camera looks.
    public var plantedPanel: Int { TwinRun.centralPanel(of: built, from: defaultShot) }

    /// The default scene's objects, to be shown with a picture of one's own.
    public var shotDefaults: DefaultShot { defaultShot }

    /// Makes the camera's source a tracker without delay; returns its protocol options.
    private static func makeTracked(_ stage: inout Stage, source: Int) -> FreeDOptions {
        stage.sources[source].delay = 0
        if case .freeD(let options) = stage.sources[source].transport { return options }
        let options = FreeDOptions()
        stage.sources[source].transport = .freeD(options)
        return options
    }

    /// The panel nearest to where the camera looks at rest.
    private static func centralPanel(of stage: Stage, from shot: DefaultShot) -> Int {
        let aim =
            shot.center
            + SIMD3(-sin(shot.pan), cos(shot.pan), 0) * shot.distance
        func distance(_ index: Int) -> Double {
            (stage.panels[index].stageFromPanel.translation - aim).length
        }
        return stage.panels.indices.min { distance($0) < distance($1) } ?? 0
    }

    /// Each processor's own RTP stream; without one, RGB at the processor's depth.
    static func formats(of stage: Stage) -> [StreamFormat] {
        stage.processors.enumerated().map { index, processor in
            for output in stage.outputs where output.processor == index {
                if case .rtp(_, _, let sampling, let depth, let payloadType) = output.kind {
                    return StreamFormat(
                        width: processor.width, height: processor.height, sampling: sampling,
                        depth: depth, payloadType: payloadType)
                }
            }
            return StreamFormat(
                width: processor.width, height: processor.height, sampling: .rgb,
                depth: processor.bitDepth, payloadType: 96)
        }
    }
}
