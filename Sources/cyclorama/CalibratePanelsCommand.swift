import ArgumentParser
import Foundation
import StageCalibration

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
            """)

    @Argument(help: "A file of captures.") var captures: String
    @Option(help: "Write gains, view angle and vignetting to this JSON file.") var out: String?
    @Option(help: "How far a panel may be raised, as a fraction.") var headroom = 0.05

    func validate() throws {
        guard 0...1 ~= headroom else {
            throw ValidationError("--headroom \(headroom): 0 … 1 is expected")
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
        try CalibrateCommand.leave(gains.verdicts)
    }
}
