import Color
import Control
import Foundation
import FrameModel
import Geometry
public import StageCalibration
import StageConfig
import StageModel
public import StageTwin
import Tracking

extension CaptureTwin {
    /// What a calibration of the twin's captures came to.
    public struct Judgment: Codable, Sendable {
        /// 99 % of the dots are seen nearer than this to where the calibration has them, from poses
        /// it has not seen, the tracker exact, picture pixels.
        public var registrationP99Pixels: Double?
        /// Half of them.
        public var registrationP50Pixels: Double?
        /// The same before: by the stage file alone.
        public var statedP50Pixels: Double?
        /// Tracker's metre found, less the true one.
        public var scaleError: Double?
        /// Mean ΔE_ITP of 400 colors within the wall's gamut, corrected.
        public var meanDeltaEITP: Double?
        /// The same without correction.
        public var uncorrectedDeltaEITP: Double?
    }

    /// Holds a stage a calibration was applied to against the truth: its frame path drives the wall
    /// as it is really built, an exact tracker tells of the camera, and the photographs are held
    /// against the scene.
    ///
    /// - Parameters:
    ///   - path: the stage, as it was applied to.
    ///   - moments: of the default move.
    public func judge(
        applied path: String, moments: Int = 12, progress: (Double) -> Void = { _ in }
    ) throws -> TwinReport {
        let believed = try StageConfig.load(path).get()
        guard case .freeD(var tracker) = built.sources[built.cameras[0].source].transport else {
            throw RunError("\(built.name): the twin needs a camera with a FreeD tracker")
        }
        tracker.positionScale *= options.trackerScale
        var judged = TwinRun.Options()
        judged.moments = moments
        judged.wallFault = options.wall.fault(
            panels: built.panels.count, seed: options.film.seed)
        judged.corrections = try Self.corrections(of: believed, path)
        let shot = DefaultShot(stage: built)
        // The rings stay where they were calibrated.
        let moment: @Sendable (Double) -> CameraMoment = { seconds in
            var moment = shot.moment(at: seconds)
            moment.zoom = 0
            return moment
        }
        return try TwinRun(
            built: built, believed: believed, tracker: tracker, moment: moment, options: judged
        ).judge(progress: progress)
    }

    /// The corrections a run of a stage begins with, by wall.
    private static func corrections(of stage: Stage, _ path: String) throws -> [Int: WallCorrection]
    {
        let folder = URL(fileURLWithPath: StageConfig.locate(path)).deletingLastPathComponent()
        let (files, shelf) = (stage.corrections(in: folder), CorrectionShelf(checking: stage))
        var corrections: [Int: WallCorrection] = [:]
        for (index, wall) in stage.walls.enumerated() {
            guard let file = files[wall.name] else { continue }
            switch shelf.load(file, wall: index) {
            case .failure(let refusal): throw RunError(refusal.reason)
            case .success(let loaded):
                corrections[index] = shelf.actions.correction(loaded.fingerprint)
            }
        }
        return corrections
    }

    /// Holds results against the truth: the geometry's report and the color's samples, where there
    /// are any.
    public func judge(
        _ captures: GeometryCaptures?, _ report: GeometryReport?, _ samples: ColorSamples?
    ) throws -> Judgment {
        var verdict = Judgment()
        let judge = CaptureJudge(stage: built, wall: options.wall)
        if let captures, let report {
            let errors = registration(judge, captures, report)
            verdict.registrationP99Pixels = Self.percentile(errors, 0.99)
            verdict.registrationP50Pixels = Self.percentile(errors, 0.5)
            verdict.statedP50Pixels = Self.percentile(statedErrors(judge), 0.5)
            verdict.scaleError = report.trackerScale - options.trackerScale
        }
        if let samples {
            let solution = try ColorSolution(samples)
            let light = SentLight(stated, wall: 0)
            let contents = Self.contents(within: solution)
            func mean(_ errors: [Double]) -> Double {
                errors.reduce(0, +) / Double(max(1, errors.count))
            }
            verdict.meanDeltaEITP = mean(
                judge.colors(contents) { content in
                    let drive = solution.drive(content: content)
                    return SIMD3(
                        light.nits(drive.x * samples.peakNits),
                        light.nits(drive.y * samples.peakNits),
                        light.nits(drive.z * samples.peakNits)) / stated.walls[0].peakNits
                })
            verdict.uncorrectedDeltaEITP = mean(judge.colors(contents) { $0 })
        }
        return verdict
    }

    private static func percentile(_ errors: [Double], _ share: Double) -> Double? {
        errors.isEmpty ? nil : errors.sorted()[Int(share * Double(errors.count - 1))]
    }

    /// Poses nobody has captured.
    private var fresh: [CameraMoment] { (0..<12).map { moment(options.poses + 100 + $0) } }

    /// Where the dots are seen by what was solved.
    private func registration(
        _ judge: CaptureJudge, _ captures: GeometryCaptures, _ report: GeometryReport
    ) -> [Double] {
        let truth = PlannedDots(built, cell: cell).points
        let stageFromTracker = report.stageFromTracker.pose
        let bodyFromPupil = report.bodyFromPupil.pose
        let trackerFromStage = built.sources[built.cameras[0].source].stageFromTracker.inverse
        return judge.pixels(truth, fresh) { moment, dot in
            // What an exact tracker says: its own metre is the twin's.
            var body =
                trackerFromStage
                * Pose(
                    pan: moment.pan, tilt: moment.tilt, roll: moment.roll,
                    translation: moment.position)
            body.translation = body.translation / options.trackerScale * report.trackerScale
            let stageFromPupil = stageFromTracker * body * bodyFromPupil
            let cameraFromStage = CameraModel.cameraFromPupil * stageFromPupil.inverse
            let point = captures.dots[dot] + report.wallShifts[captures.groups[dot]]
            // Pixel centres are whole numbers there, at a half here.
            return report.camera.pixel(cameraFromStage * point).map { $0 + Vector2(0.5, 0.5) }
        }
    }

    /// Where they are seen by the stage file alone.
    private func statedErrors(_ judge: CaptureJudge) -> [Double] {
        let truth = PlannedDots(built, cell: cell).points
        let plan = PlannedDots(stated, cell: cell).points
        let source = stated.cameras[0].source
        let trackerFromStage = built.sources[source].stageFromTracker.inverse
        var camera = stated.cameras[0]
        (camera.imageWidth, camera.imageHeight) = (
            built.cameras[0].imageWidth, built.cameras[0].imageHeight
        )
        if let range = camera.zoomRange { camera.lens.focalLengthMillimeters = range.x }
        return judge.pixels(truth, fresh) { moment, dot in
            var body =
                trackerFromStage
                * Pose(
                    pan: moment.pan, tilt: moment.tilt, roll: moment.roll,
                    translation: moment.position)
            body.translation = body.translation / options.trackerScale
            let stageFromBody = stated.sources[source].stageFromTracker * body
            let pupil =
                stageFromBody * camera.bodyFromSensor
                * Pose(
                    rotation: .identity,
                    translation: Vector3(0, camera.lens.entrancePupilOffset, 0))
            guard let at = camera.lens.project(pupil.inverse * plan[dot]) else { return nil }
            return SIMD2(
                (at.x / camera.sensor.widthMillimeters + 0.5) * Double(camera.imageWidth),
                (at.y / camera.sensor.heightMillimeters + 0.5) * Double(camera.imageHeight))
        }
    }

    /// Colors the wall can make, most of them dark as pictures are.
    private static func contents(within solution: ColorSolution) -> [SIMD3<Double>] {
        let noise = CountedNumbers(seed: 5)
        var list: [SIMD3<Double>] = []
        var index = 0
        while list.count < 400, index < 4000 {
            defer { index += 1 }
            func unit(_ x: Double) -> Double { 0.5 + 0.5 * max(-1, min(1, x / 1.5)) }
            let (a, b) = (noise.vector(2 * index), noise.vector(2 * index + 1))
            let level = 0.7 * pow(10, -2.5 * unit(b.x))
            let content =
                level
                * SIMD3(0.4 + 0.6 * unit(a.x), 0.4 + 0.6 * unit(a.y), 0.4 + 0.6 * unit(a.z))
            let light = solution.light(content: content)
            if light.min() >= 0, light.max() <= 1 { list.append(content) }
        }
        return list
    }
}

extension GeometryReport.Placement {
    /// The pose.
    var pose: Pose {
        Pose(
            pan: pan * .pi / 180, tilt: tilt * .pi / 180, roll: roll * .pi / 180,
            translation: position)
    }
}
