import Foundation
public import FrameModel
public import Geometry
public import StageModel

/// A wall that can be judged: whatever makes datagrams of a scene and a shot.
public protocol WallUnderTest {
    /// Takes a scene and goes back to the start of the shot.
    mutating func show(_ scene: Scene) throws
    /// Shows one moment of the shot and hands every datagram of every processor's stream to the
    /// receiver of that processor. Moments come in order after `show`.
    mutating func emit(_ moment: Int, to receivers: inout [StreamReceiver]) throws
}

/// The judge at work: one camera of one stage over one shot.
public struct Twin: Sendable {
    let stage: Stage
    let camera: Camera
    private let sceneFromStage: Similarity
    let moments: [CameraMoment]
    let grid: SampleGrid
    let views: [WallView]
    private let wall: WallLight
    /// A camera is exposed and balanced to what it sees: seen from the side, a wall is dimmer.
    private let isExposed: Bool
    private let fault: WallFault?
    var receivers: [StreamReceiver]

    /// A judge of the stage as it is really built.
    ///
    /// - Parameters:
    ///   - stage: the true stage; what is judged may have been told another one.
    ///   - camera: index into `stage.cameras`.
    ///   - formats: what the stream of each processor says of itself.
    ///   - moments: the true shot.
    ///   - step: every how many-th picture pixel is looked at, both ways.
    ///   - fault: how its walls really make light; nil: as stated.
    public init(
        stage: Stage, camera: Int, formats: [StreamFormat], sceneFromStage: Similarity,
        moments: [CameraMoment], step: Int = 4, fault: WallFault? = nil
    ) {
        self.stage = stage
        self.camera = stage.cameras[camera]
        self.sceneFromStage = sceneFromStage
        self.moments = moments
        let grid = SampleGrid(
            width: stage.cameras[camera].imageWidth, height: stage.cameras[camera].imageHeight,
            step: step)
        self.grid = grid
        views = moments.map {
            WallView(
                stage: stage, camera: SimulatedCamera(stage.cameras[camera], at: $0), grid: grid)
        }
        wall = WallLight(stage: stage, formats: formats, fault: fault)
        self.fault = fault
        isExposed = fault.map { !$0.angle.isEmpty } ?? false
        receivers = formats.map { StreamReceiver(format: $0) }
    }

    /// Shows charts on the wall through a whole shot each and says how right they stood.
    ///
    /// - Parameters:
    ///   - content: what carries the charts; the gratings are those of `chart`.
    ///   - progress: told once a picture set, 0 … 1.
    public mutating func judge<Wall: WallUnderTest>(
        _ underTest: inout Wall, chart: GratingChart, colors: ColorChart,
        on content: TwinContent = .cards, progress: (Double) -> Void = { _ in }
    ) throws -> TwinReport {
        let registration = try register(&underTest, chart, progress)
        let color = try judgeColors(&underTest, colors: colors, on: content)
        progress(1)
        var breaks: [String: Int] = [:]
        for receiver in receivers {
            for (cause, count) in receiver.breaks { breaks[cause.rawValue, default: 0] += count }
        }
        return TwinReport(
            stage: stage.name, content: content, moments: moments.count,
            registration: TwinReport.Registration(
                p50Pixels: registration.percentile(0.5), p99Pixels: registration.percentile(0.99),
                maxPixels: registration.percentile(1), coverage: registration.coverage,
                meanXPixels: registration.mean.x, meanYPixels: registration.mean.y),
            seam: TwinReport.Seam(
                maxPixels: Double(registration.steps.max() ?? 0), count: registration.steps.count),
            color: color,
            stream: TwinReport.Stream(
                packets: receivers.reduce(0) { $0 + $1.packets },
                frames: receivers.reduce(0) { $0 + $1.frames }, breaks: breaks))
    }

    private mutating func register<Wall: WallUnderTest>(
        _ underTest: inout Wall, _ chart: GratingChart, _ progress: (Double) -> Void
    ) throws -> Registration {
        var seen = moments.map { _ in PhaseDecoder(chart: chart, count: grid.count) }
        var truth = seen
        let patterns = chart.patterns
        for (index, pattern) in patterns.enumerated() {
            let scene = SightOfScene(chart.scene(pattern))
            try underTest.show(scene.scene)
            for moment in moments.indices {
                try underTest.emit(moment, to: &receivers)
                seen[moment].take(pattern, luminance(moment))
                truth[moment].take(pattern, cast(scene, moment).map { Float($0.y) })
            }
            progress(Double(index + 1) / Double(patterns.count + 1))
        }
        var registration = Registration()
        for moment in moments.indices {
            registration.take(
                photograph: seen[moment].points, truth: truth[moment].points,
                view: views[moment], grid: grid)
        }
        return registration
    }

    /// Shows the chart of color through a shot and says how right its patches are.
    ///
    /// - Parameter wanted: the patches as grades ought to show them, scene-linear ACEScg, by wall;
    ///   nil: as they are.
    public mutating func judgeColors<Wall: WallUnderTest>(
        _ underTest: inout Wall, colors: ColorChart, wanted: [[SIMD3<Double>]]? = nil,
        on content: TwinContent = .cards
    ) throws -> TwinReport.Color {
        let scene = SightOfScene(colors.scene(on: content))
        var verdict = ColorVerdict(stage: stage, chart: colors, wanted: wanted, fault: fault)
        try underTest.show(scene.scene)
        for moment in moments.indices {
            try underTest.emit(moment, to: &receivers)
            verdict.take(
                places: chartPlaces(scene, moment), light: photograph(moment), view: views[moment],
                isExposed: isExposed)
        }
        return TwinReport.Color(
            meanDeltaEITP: verdict.errors.mean, p99DeltaEITP: verdict.errors.percentile(0.99),
            reachable: verdict.errors.reachable, patches: verdict.errors.differences.count)
    }

    /// The photograph of the wall as it now stands: nits of the wall's red, green and blue.
    private func photograph(_ moment: Int) -> [SIMD3<Double>] {
        photograph(views[moment], grid)
    }

    /// The same by another view of it.
    func photograph(_ view: WallView, _ grid: SampleGrid) -> [SIMD3<Double>] {
        let (wall, canvases, columns) = (wall, receivers, grid.columns)
        return filled(SIMD3<Double>(repeating: 0), rows: grid.rows, columns: columns) { row, out in
            for column in 0..<columns {
                let point = view.points[row * columns + column]
                guard point.panel >= 0 else { continue }
                out[column] = wall.light(
                    panel: Int(point.panel), column: point.column, row: point.row,
                    canvases: canvases)
                out[column] *= wall.share(
                    panel: Int(point.panel), column: point.column, row: point.row, eye: view.eye)
            }
        }
    }

    /// Luminance of the photograph; charts are gray, so green stands for all.
    func luminance(_ moment: Int) -> [Float] { photograph(moment).map { Float($0.y) } }

    /// The photograph of the scene itself, scene-linear, black where no wall is seen.
    private func cast(_ scene: SightOfScene, _ moment: Int) -> [SIMD3<Double>] {
        let camera = SimulatedCamera(camera, at: moments[moment])
        let sight = SceneSight(scene, sceneFromStage: sceneFromStage, eye: camera.pupil.origin)
        let (view, grid) = (views[moment], grid)
        return filled(SIMD3<Double>(repeating: 0), rows: grid.rows, columns: grid.columns) {
            row, out in
            for column in 0..<grid.columns {
                guard view.points[row * grid.columns + column].panel >= 0 else { continue }
                out[column] = sight.color(
                    along: camera.direction(x: grid.x(column), y: grid.y(row)))
            }
        }
    }

    /// Where on the chart of color each point looks; off every patch where there is no chart.
    private func chartPlaces(_ scene: SightOfScene, _ moment: Int) -> [SIMD2<Double>] {
        let camera = SimulatedCamera(camera, at: moments[moment])
        let sight = SceneSight(scene, sceneFromStage: sceneFromStage, eye: camera.pupil.origin)
        let (view, grid) = (views[moment], grid)
        return filled(SIMD2<Double>(repeating: 0), rows: grid.rows, columns: grid.columns) {
            row, out in
            for column in 0..<grid.columns {
                guard view.points[row * grid.columns + column].panel >= 0 else { continue }
                let direction = camera.direction(x: grid.x(column), y: grid.y(row))
                out[column] = sight.chartPlace(along: direction) ?? SIMD2(repeating: 0)
            }
        }
    }
}

extension Twin {
    /// Shows a scene and says how right its light is, at up to three moments of the shot.
    public mutating func judge<Wall: WallUnderTest>(
        _ underTest: inout Wall, scene: Scene
    ) throws -> TwinReport.Scene {
        let ordered = SightOfScene(scene)
        var verdict = SceneVerdict(stage: stage)
        try underTest.show(scene)
        let looked = Set([0, moments.count / 3, 2 * moments.count / 3])
        for moment in moments.indices {
            try underTest.emit(moment, to: &receivers)
            guard looked.contains(moment) else { continue }
            let camera = SimulatedCamera(camera, at: moments[moment])
            verdict.take(
                wall: wall, canvases: receivers, view: views[moment], camera: camera,
                sight: SceneSight(
                    ordered, sceneFromStage: sceneFromStage, eye: camera.pupil.origin))
        }
        return TwinReport.Scene(
            name: scene.name, meanDeltaEITP: verdict.errors.mean,
            p99DeltaEITP: verdict.errors.percentile(0.99),
            reachable: verdict.errors.reachable, blocks: verdict.errors.differences.count)
    }

    /// Photograph, truth and their difference side by side, of a scene at a moment of the shot.
    ///
    /// All moments up to it are shown first, as in a real take.
    public mutating func threeUp<Wall: WallUnderTest>(
        _ underTest: inout Wall, scene: Scene, moment: Int
    ) throws -> ThreeUp {
        try underTest.show(scene)
        for index in 0...moment { try underTest.emit(index, to: &receivers) }
        let walls = stage.walls.map { wall in
            let m = Colorimetry.converting(wall.primaries, to: Colorimetry.video)
            return Rows(
                m.a / wall.nitsPerUnit, m.b / wall.nitsPerUnit, m.c / wall.nitsPerUnit)
        }
        let toVideo = Colorimetry.converting(Colorimetry.working, to: Colorimetry.video)
        let points = views[moment].points
        let photo = zip(photograph(moment), points).map { light, point in
            point.panel < 0
                ? light : walls[stage.panels[Int(point.panel)].wall].applied(to: light)
        }
        let truth = cast(SightOfScene(scene), moment).map { toVideo.applied(to: $0) }
        return ThreeUp(
            width: grid.columns, height: grid.rows, photograph: photo, truth: truth)
    }
}
