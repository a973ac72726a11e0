import ArgumentParser
import Foundation
import StageCalibration
import StageConfig
import StageRun

/// `calibrate check`: the check before a day's work.
struct CalibrateCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a stage against its calibration before a day's work: 3 poses, 27 patches.",
        discussion: """
            The stage runs (`cyclorama run STAGE`). Shows the dots at three poses and 27 patches, \
            reads what the camera recorded and says in a line each whether registration and color \
            are as they were calibrated: green, amber or red, with what to do. Captures are kept \
            in calibration/checks/DATE beside the stage file. Ends with status 1 where one is red.

              cyclorama calibrate check volume
            """)

    @OptionGroup var kept: KeptCalibration

    func run() throws {
        let record = try kept.held
        var session = try kept.session("checks")
        try CalibrateCommand.leave(session.check(against: record))
    }
}

/// `calibrate panel`: one panel that was replaced.
struct CalibratePanelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "panel",
        abstract: "Measure one replaced panel's gain anew, against its neighbors.",
        discussion: """
            The stage runs. Shows the dots at three poses before the panel; all other panels, the \
            view angle and the lens are taken as they were calibrated. The wall's correction is \
            written to calibration/panels/DATE beside the stage file, for `calibrate apply`.

              cyclorama calibrate panel volume main/c4r3
            """)

    @OptionGroup var kept: KeptCalibration
    @Argument(
        help: "The panel's name: main/c4r3 is the fourth from the left, the third from the top.")
    var panel: String

    func run() throws {
        let record = try kept.held
        var session = try kept.session("panels")
        try session.panel(panel, against: record)
    }
}

/// A stage that was calibrated, and where what is captured on it anew is kept.
struct KeptCalibration: ParsableArguments {
    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var stage: String
    @Option(help: "The session it is held against. Default: the newest that is solved.")
    var record: String?
    @Option(
        help: "Folder of what is captured. Default: in calibration/, by today's date and time.")
    var folder: String?
    @OptionGroup var link: StageLink

    /// The folder of the session it is held against.
    var held: String {
        get throws {
            let file = StageConfig.locate(stage)
            guard let found = record ?? CalibrationSession.newestSolved(beside: file) else {
                throw TrackFault(
                    "\(stage): no session of it has been solved – `cyclorama calibrate "
                        + "\(stage)`, or name its folder with --record")
            }
            return found
        }
    }

    /// A session of its own, in a folder of a kind: checks or panels.
    func session(_ kind: String) throws -> CalibrationSession {
        let now = CalibrateSessionCommand.now("yyyy-MM-dd-HHmmss")
        let base = URL(fileURLWithPath: StageConfig.locate(stage)).deletingLastPathComponent().path
        return try CalibrationSession(
            stage: stage,
            folder: folder ?? "\(base)/calibration/\(kind)/\(now)", today: "",
            desk: try link.desk(of: stage))
    }
}
