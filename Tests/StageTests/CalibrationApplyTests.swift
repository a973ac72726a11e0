import Color
import Foundation
import Geometry
import LookFiles
import StageCalibration
import StageConfig
import StageModel
import StageRun
import TestSupport
import Testing
import Tracking

/// `calibrate apply` and `calibrate diff` over real files.
@Suite struct `A calibration's results` {
    private let folder = TemporaryFolder()

    /// A copy of the demo's stage file, and a folder of results.
    private func begin() throws -> (stage: String, results: URL) {
        let base = URL(filePath: folder.path)
        let results = base.appending(path: "results")
        for place in [base.appending(path: "demo"), results] {
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        }
        let text = try String(
            contentsOf: PythonPeer.root.appending(path: "stage-configs/demo/stage.yaml"),
            encoding: .utf8)
        let stage = base.appending(path: "demo/stage.yaml")
        try Data(text.utf8).write(to: stage)
        return (stage.path, results)
    }

    private func colors(_ change: (inout WallCorrectionFile) -> Void = { _ in })
        -> WallCorrectionFile
    {
        var file = WallCorrectionFile(wall: "main")
        let p = Primaries.p3D65
        file.primaries = [p.red, p.green, p.blue, p.white].map { [$0.x, $0.y] }
        file.peakNits = 1500
        file.matrix = [[1.02, -0.01, 0], [0, 0.99, 0.01], [0, 0, 1.01]]
        file.offset = [-1e-4, -1e-4, -1e-4]
        file.curves = [1.05, 1, 0.95].map { gamma in
            let drives = (1...12).map { pow(10, -3 * (1 - Double($0) / 12)) }
            return WallCorrectionFile.Curve(drive: drives, light: drives.map { pow($0, gamma) })
        }
        file.sources = [
            WallCorrectionFile.Source(part: "color", file: "a", sha256: "1", made: "now")
        ]
        change(&file)
        return file
    }

    private func panels(_ stage: Stage) -> WallCorrectionFile {
        var file = WallCorrectionFile(wall: "main")
        file.panels = stage.panels.map {
            WallCorrectionFile.Panel(name: $0.name, gain: [1, 0.98, 0.97])
        }
        file.sources = [
            WallCorrectionFile.Source(part: "panels", file: "b", sha256: "2", made: "now")
        ]
        return file
    }

    @Test func `are kept by date and read at the next start, part by part`() throws {
        let (path, results) = try begin()
        let date = Date(timeIntervalSince1970: 1_800_000_000)
        try colors().write(to: results.appending(path: "wall-correction.json").path)
        let applied = try CalibrationApply(stage: path, results: results.path, date: date)
        #expect(applied.corrections.map(\.wall) == ["main"] && !applied.needsStart)
        let kept = "calibration/2027-01-15/main-correction.json"
        let stage = try StageConfig.load(path).get()
        #expect(stage.walls[0].correction == kept)
        // Panels alone come to what is there.
        try FileManager.default.removeItem(at: results.appending(path: "wall-correction.json"))
        try panels(stage).write(to: results.appending(path: "main-panels.json").path)
        let later = date.addingTimeInterval(86_400 * 3)
        _ = try CalibrationApply(stage: path, results: results.path, date: later)
        let again = try StageConfig.load(path).get()
        #expect(again.walls[0].correction == "calibration/2027-01-18/main-correction.json")
        let base = URL(filePath: path).deletingLastPathComponent()
        let merged = try #require(again.walls[0].correction)
        let file = try WallCorrectionFile.read(base.appending(path: merged).path)
        #expect(file.matrix == colors().matrix && file.panels?.count == stage.panels.count)
        #expect(file.sources.map(\.part).sorted() == ["color", "panels"])
        #expect(try WallCorrectionFile.read(base.appending(path: kept).path).panels == nil)
    }

    @Test func `with a fail, of another wall or none are refused, and nothing changes`() throws {
        let (path, results) = try begin()
        func refusal() -> String {
            do {
                _ = try CalibrationApply(stage: path, results: results.path)
                return "applied"
            } catch { return "\(error)" }
        }
        #expect(refusal().contains("no result of a calibration"))
        let file = results.appending(path: "wall-correction.json").path
        let cases: [(String, (inout WallCorrectionFile) -> Void)] = [
            (
                "additivity: 5 %",
                {
                    $0.verdicts = [
                        .init(
                            subject: "additivity", level: "fail", finding: "5 %",
                            advice: "switch the limiter off")
                    ]
                }
            ),
            ("wall “side”", { $0.wall = "side" }), ("peakNits", { $0.peakNits = 900 }),
            ("curves[0]", { $0.curves![0].light[3] = 0 }),
        ]
        for (part, change) in cases {
            try colors(change).write(to: file)
            let found = refusal()
            #expect(found.contains(part) && !found.contains("\n"), "\(part): \(found)")
            let applied = URL(filePath: path).deletingLastPathComponent()
                .appending(path: AppliedValues.path).path
            #expect(!FileManager.default.fileExists(atPath: applied))
        }
        // Nor does a refused one write over one of the same day that is in use.
        try colors().write(to: file)
        _ = try CalibrationApply(stage: path, results: results.path)
        try colors { $0.peakNits = 900 }.write(to: file)
        #expect(refusal().contains("peakNits"))
        let stage = try StageConfig.load(path).get()
        #expect(try StageRunner.wrongCorrections(of: stage, at: path).isEmpty)
    }

    /// A geometry's report of the demo's wall: every panel a group, a dot in its middle.
    private func geometry(
        _ stage: Stage, shift: Double = 0.003, scale: Double = 1.002
    ) throws -> String {
        let n = stage.panels.count
        let dots = stage.panels.map { panel in
            let p = panel.stageFromPanel.translation
            return "[\(p.x), \(p.y), \(p.z)]"
        }
        let shifts = (0..<n).map { "[\(shift), 0, \($0 == 4 ? 0.005 : 0)]" }
        return """
            {"camera": {"focal": [2000, 2004], "center": [959.5, 541], "radial": [-0.05, 0.01, 0],
            "tangential": [0, 0]},
            "bodyFromPupil": {"position": [0.01, 0.2, -0.06], "pan": 0.5, "tilt": -0.25, "roll": 0},
            "stageFromTracker": {"position": [0.5, -1, 0.25], "pan": 3, "tilt": 0, "roll": 0.5},
            "trackerScale": \(scale), "wallShifts": [\(shifts.joined(separator: ", "))],
            "reprojectionPixels": 0.2, "uncertainty": {"focalPixels": 1, "pupilMeters": 0.001,
            "mountDegrees": 0.01, "scale": 0.0001, "wallMeters": 0.0005},
            "start": "park", "views": [], "verdicts": [], "picture": [1920, 1080],
            "dots": [\(dots.joined(separator: ", "))],
            "groups": [\((0..<n).map(String.init).joined(separator: ", "))]}
            """
    }

    @Test func `of a geometry move tracker, camera, lens and panels, once`() throws {
        let (path, results) = try begin()
        let before = try StageConfig.load(path).get()
        let file = results.appending(path: "geometry-report.json")
        try Data(geometry(before).utf8).write(to: file)
        for _ in 0..<2 {
            let applied = try CalibrationApply(stage: path, results: results.path)
            #expect(applied.needsStart && applied.corrections.isEmpty)
            let stage = try StageConfig.load(path).get()
            #expect(stage.sources[0].scale == 1.002)
            #expect(stage.sources[0].stageFromTracker.translation == SIMD3(0.5, -1, 0.25))
            let camera = stage.cameras[0]
            #expect((camera.bodyFromSensor.translation - SIMD3(0.01, 0.2, -0.06)).length < 1e-9)
            let lens = try #require(camera.lenses.first?.lenses.first)
            #expect(abs(lens.focalLengthMillimeters - 2000 * 35.9 / 1920) < 1e-6)
            for (index, panel) in stage.panels.enumerated() {
                let moved =
                    panel.stageFromPanel.translation
                    - before.panels[index].stageFromPanel.translation
                let wanted = SIMD3(0.003, 0, index == 4 ? 0.005 : 0)
                #expect((moved - wanted).length < 1e-6, "\(panel.name) \(moved)")
            }
        }
    }

    @Test func `are compared in pixels, ΔE and per cent`() throws {
        let (path, results) = try begin()
        let stage = try StageConfig.load(path).get()
        let other = results.deletingLastPathComponent().appending(path: "other")
        try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
        for (place, shift) in [(results, 0.003), (other, 0.005)] {
            try Data(geometry(stage, shift: shift, scale: 1 + shift).utf8).write(
                to: place.appending(path: "geometry-report.json"))
        }
        try colors().write(to: results.appending(path: "wall-correction.json").path)
        // 5 % more light of one channel, and one panel.
        try colors { $0.matrix![1][1] *= 1.05 }.write(
            to: other.appending(path: "wall-correction.json").path)
        let same = try CalibrationDiff(results.path, results.path)
        #expect(same.verdicts.allSatisfy { $0.level == .pass }, "\(same.verdicts)")
        let moved = try CalibrationDiff(results.path, other.path)
        #expect(moved.lines.contains { $0.contains("wall: up to 2 mm") }, "\(moved.lines)")
        #expect(moved.lines.contains { $0.contains("scale 0.20 %") }, "\(moved.lines)")
        #expect(moved.verdicts.contains { $0.subject == "main colors" && $0.level == .warning })
        #expect(throws: RunError.self) {
            _ = try CalibrationDiff(results.path, "\(path)/nowhere")
        }
    }
}
