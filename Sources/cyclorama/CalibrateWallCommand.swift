import ArgumentParser
import Foundation
import StageCalibration
import StageModel

/// `calibrate wall`: a stage's walls as they are planned, against surveys and others' files.
struct CalibrateWallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wall",
        abstract:
            "Compare a stage's walls with a survey, a mesh or a map; write them as OBJ or PFM.",
        discussion: """
            A survey is CSV: panel, corner (top left, top right, bottom left, bottom right, \
            center), x, y, z in meters of the instrument. Meshes have UVs over the canvas, v up; \
            maps a point a pixel of the canvas.

              cyclorama calibrate wall volume --survey wall.csv
              cyclorama calibrate wall volume --processor left --obj left.obj --pfm left.pfm
              cyclorama calibrate wall volume --processor left --against theirs.obj
            """)

    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var stage: String
    @Option(help: "Surveyed points, CSV.") var survey: String?
    @Option(help: "The processor; the first without it.") var processor: String?
    @Option(help: "Write the walls on its canvas as OBJ.") var obj: String?
    @Option(help: "Write the walls on its canvas as PFM.") var pfm: String?
    @Option(help: "Compare with this OBJ or PFM.") var against: String?

    func validate() throws {
        guard survey != nil || obj != nil || pfm != nil || against != nil else {
            throw ValidationError("nothing to do: --survey, --obj, --pfm or --against is expected")
        }
    }

    func run() throws {
        let built = try stageNamed(stage)
        let names = built.processors.map(\.name)
        guard let index = processor.map({ names.firstIndex(of: $0) }) ?? 0 else {
            throw TrackFault(
                "--processor \(processor ?? ""): the stage has \(names.joined(separator: ", "))")
        }
        let wall = PlannedWall(built, processor: index)
        if let obj {
            try Data(wall.mesh.text.utf8).write(to: URL(fileURLWithPath: obj), options: .atomic)
        }
        if let pfm {
            try Data(wall.map.bytes).write(to: URL(fileURLWithPath: pfm), options: .atomic)
        }
        var verdicts: [Verdict] = []
        if let against { verdicts += try compare(wall, against) }
        if let survey { verdicts += try report(survey, built) }
        verdicts.forEach { print($0) }
        try CalibrateCommand.leave(verdicts)
    }

    private func compare(_ wall: PlannedWall, _ path: String) throws -> [Verdict] {
        let data = try Self.data(path, "points, OBJ or PFM")
        let differences = try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            path.lowercased().hasSuffix(".pfm")
                ? try wall.differences(FloatMap([UInt8](data), file: path))
                : wall.differences(
                    try WallMesh(String(decoding: data, as: UTF8.self), file: path))
        }
        return PlannedWall.verdicts(differences)
    }

    private func report(_ path: String, _ stage: Stage) throws -> [Verdict] {
        let text = String(decoding: try Self.data(path, "surveyed points, CSV"), as: UTF8.self)
        let found = try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            try Survey(try Survey.points(csv: text, file: path)) {
                PlannedWall.point($0, of: stage)
            }
        }
        for r in found.residuals {
            print(
                String(
                    format: "%@: %d points, %.2f mm from the plan", r.panel, r.points, r.rms * 1000)
            )
        }
        return found.verdicts
    }

    private static func data(_ path: String, _ what: String) throws -> Data {
        try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            try BoundedFile.data(path, limit: CalibrationLimits.mapBytes, what: what)
        }
    }
}
