import ArgumentParser
import Foundation
import LookFiles
import StageCalibration
import StageRun

/// `calibrate panels`: gains of panels from the geometry captures.
struct CalibratePanelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "panels",
        abstract: "Solve panel gains, view angle and vignetting from the geometry captures.",
        discussion: """
            CAPTURES is the file of `calibrate geometry`, with normals (a unit vector a dot, \
            towards the viewer) and in each view lights ([[r, g, b]], linear, one a dot seen). A \
            group of dots is a panel.

              cyclorama calibrate panels poses.json --out panel-gains.json

            With --stage and --corrections, what `cyclorama calibrate apply` puts on the stage is \
            written as well: WALL-panels.json for each wall that was read.
            """)

    @Argument(help: "A file of captures.") var captures: String
    @Option(help: "Write gains, view angle and vignetting to this JSON file.") var out: String?
    @Option(help: "The stage whose panels were read.") var stage: String?
    @Option(help: "Folder for its walls' corrections; made if it is not there.")
    var corrections: String?
    @Option(help: "How far a panel may be raised, as a fraction.")
    var headroom = PanelGains.usualHeadroom

    func validate() throws {
        guard 0...1 ~= headroom else {
            throw ValidationError("--headroom \(headroom): 0 … 1 is expected")
        }
        guard (stage == nil) == (corrections == nil) else {
            throw ValidationError("--stage and --corrections go together")
        }
    }

    func run() throws {
        let given = try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            try GeometryCaptures.read(captures)
        }
        let solution = try CalibrateCommand.geometry(given)
        let gains = try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            let gains = try PanelGains(given, solution)
            if let out { try gains.write(to: out) }
            return gains
        }
        for (i, c) in gains.corrections(headroom: headroom).enumerated() {
            print(String(format: "panel %d: × %.4f  %.4f  %.4f", i, c.x, c.y, c.z))
        }
        gains.verdicts.forEach { print($0) }
        if let stage, let corrections, gains.verdicts.worst < .fail {
            try write(gains, given, stage, to: corrections)
        }
        try CalibrateCommand.leave(gains.verdicts)
    }

    private func write(
        _ gains: PanelGains, _ captures: GeometryCaptures, _ stage: String, to folder: String
    ) throws {
        let built = try stageNamed(stage)
        let base = URL(fileURLWithPath: folder)
        try makeFolder(folder)
        let files = gains.correctionFiles(
            captures, of: built, headroom: headroom,
            from: .init(part: "panels", solvedFrom: self.captures))
        for file in files {
            try file.write(to: base.appending(path: "\(file.wall)-panels.json").path)
        }
        let names = files.map { "\($0.wall)-panels.json" }.joined(separator: ", ")
        print(files.isEmpty ? "no dot is on a panel of the stage" : "wrote \(names) in \(folder)")
    }
}
