import Foundation
import Geometry
import StageConfig
import StageModel
import Testing
import Tracking

/// What `calibrate apply` writes beside a stage file, and files of shifts.
@Suite struct `An applied calibration` {
    private let shifts = """
        source: 0123
        shifts:
          - wall: main
            meters: [0, 0.001, 0]
          - column: main/c2
            meters: [0.002, 0, 0]
          - panel: main/c2r3
            meters: [0, 0, -0.004]
        """
    private let applied = """
        tracking:
          - name: tracker-a
            stageFromTracker:
              positionMeters: [0.1, -0.2, 0.3]
              panDegrees: 90
            scale: 1.002
        cameras:
          - name: A
            sensorMillimeters: [35.9, 20.1]
            bodyFromSensor: {positionMillimeters: [1, 2, 3]}
            lenses: [found]
        walls:
          - name: main
            correction: calibration/2026-11-22/main-correction.json
            shifts: calibration/2026-11-22/main-shifts.yaml
        """

    private func parsed(
        _ applied: String?, shifts: String? = nil, stage: String? = nil
    ) throws -> StageConfig.Parsed {
        let shifts = shifts ?? self.shifts
        return StageConfig.parse(
            try stage ?? text("demo"), file: "stage.yaml", lens: lensFile,
            other: { name in
                if name == AppliedValues.path {
                    return applied.map { .success($0) } ?? StageConfig.noFile(name)
                }
                return name.hasSuffix("shifts.yaml") ? .success(shifts) : StageConfig.noFile(name)
            })
    }

    private func complaints(_ applied: String, shifts: String? = nil) throws -> [String] {
        guard case .failure(let found) = try parsed(applied, shifts: shifts).result else {
            return []
        }
        return found.list.map(\.description)
    }

    @Test func `stands instead of the stage file's own keys`() throws {
        let before = try parsed(nil).result.get()
        let opened = try parsed(applied)
        let stage = try opened.result.get()
        #expect(
            Set(opened.otherFiles.keys) == [
                AppliedValues.path, "calibration/2026-11-22/main-shifts.yaml",
            ])
        let source = stage.sources[0]
        #expect(source.scale == 1.002 && source.delay == before.sources[0].delay)
        #expect(source.stageFromTracker.translation == SIMD3(0.1, -0.2, 0.3))
        #expect(abs(source.stageFromTracker.rotation.y.x + 1) < 1e-12)
        let camera = stage.cameras[0]
        #expect(camera.sensor.heightMillimeters == 20.1 && camera.lenses.map(\.name) == ["found"])
        #expect(camera.bodyFromSensor.translation == SIMD3(0.001, 0.002, 0.003))
        #expect(stage.walls[0].correction == "calibration/2026-11-22/main-correction.json")
        for (panel, old) in zip(stage.panels, before.panels) {
            var moved = SIMD3(0, 0.001, 0)
            if panel.name.hasPrefix("main/c2r") { moved.x += 0.002 }
            if panel.name == "main/c2r3" { moved.z -= 0.004 }
            let found = panel.stageFromPanel.translation - old.stageFromPanel.translation
            #expect((found - moved).length < 1e-12, "\(panel.name)")
        }
    }

    @Test func `may be said in the stage file itself`() throws {
        let text = try text("demo").replacing(
            "    kind: arc\n", with: "    kind: arc\n    shifts: main-shifts.yaml\n"
        ).replacing("    port: 40000\n", with: "    port: 40000\n    scale: 0.998\n")
        let stage = try parsed(nil, stage: text).result.get()
        #expect(stage.sources[0].scale == 0.998)
        let plain = try parsed(nil).result.get()
        #expect(stage.panels[0].stageFromPanel != plain.panels[0].stageFromPanel)
        #expect(stage.facets.count > plain.facets.count, "a column is no longer in one plane")
    }

    @Test func `that is wrong is told with its own file and line`() throws {
        let file = AppliedValues.path
        let cases = [
            (applied.replacing("scale: 1.002", with: "scale: 2"), "\(file):6: tracking[0].scale"),
            (applied.replacing("scale: 1.002", with: "scales: 1"), "\(file):6: tracking[0].scales"),
            (applied.replacing("name: tracker-a", with: "name: nobody"), "\(file):2: tracking[0]"),
            (applied.replacing("[35.9, 20.1]", with: "[0, 1]"), "\(file):9: cameras[0].sensorMill"),
            (applied.replacing("walls:", with: "wall:"), "\(file):12: wall: an unknown key"),
            (
                applied.replacing("shifts: calibration", with: "shifts: ../calibration"),
                "\(file):15: walls[0].shifts"
            ),
            (applied.replacing("main-shifts.yaml", with: "none.yaml"), "none.yaml is not there"),
            ("- 1", "what `calibrate apply` writes"),
            ("a: &b [*b]", "\(file):1: an anchor or alias"),
        ]
        for (text, part) in cases {
            let found = try complaints(text)
            #expect(found.count == 1 && found[0].contains(part), "\(part): \(found)")
        }
        let shiftCases = [
            (shifts.replacing("0.001", with: "1"), ":4: shifts[0].meters"),
            (shifts.replacing("main/c2r3", with: "main/c99r3"), ":7: shifts[2].panel: main/c99r3"),
            (shifts.replacing("column: main/c2", with: "column: side/c2"), "shifts[1].column"),
            (
                shifts.replacing("  - wall: main", with: "  - wall: main\n    panel: main/c1r1"),
                "2 of panel, column and wall"
            ),
            ("", "an empty file"),
            ("shifts: []", "how far panels hang"),
        ]
        for (text, part) in shiftCases {
            let found = try complaints(applied, shifts: text)
            #expect(found.count == 1 && found[0].contains(part), "\(part): \(found)")
            #expect(found[0].hasPrefix("calibration/2026-11-22/main-shifts.yaml"), "\(found)")
        }
    }

    @Test func `is written as it is read`() throws {
        var values = AppliedValues()
        values.change(source: "tracker-a") {
            $0.scale = 1.0020000001
            $0.stageFromTracker = .init(meters: [0.1, -0.2, 1e-9], pan: 1.5, tilt: 0, roll: -0.25)
        }
        values.change(camera: "A") {
            $0.bodyFromSensor = .init(millimeters: [1, 2, 3], pan: 0, tilt: 0.125, roll: 0)
            $0.lenses = ["found", "old"]
            $0.sensorMillimeters = [35.9, 20.2]
        }
        values.change(wall: "main") { $0.correction = "calibration/d/main-correction.json" }
        values.change(wall: "main") { $0.shifts = "calibration/d/main-shifts.yaml" }
        let again = try #require(AppliedValues(text: values.text))
        #expect(again.walls == values.walls && again.cameras == values.cameras)
        #expect(again.tracking?[0].scale == 1.002)
        let stage = try parsed(values.text).result.get()
        #expect(stage.sources[0].scale == 1.002 && stage.cameras[0].lenses.count == 2)
        #expect(AppliedValues(text: "just words") == nil)
    }
}
