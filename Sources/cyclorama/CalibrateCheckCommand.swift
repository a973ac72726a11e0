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

    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var stage: String
    @Option(help: "The session it is held against. Default: the newest that is solved.")
    var record: String?
    @Option(help: "The check's folder. Default: calibration/checks/ and today's date and time.")
    var folder: String?
    @Flag(help: "No stage runs; what was captured before is read.") var offline = false

    func run() throws {
        let (record, kept) = try Self.folders(
            of: stage, record: record, folder: folder, kind: "checks")
        var session = try CalibrationSession(
            stage: stage, folder: kept, today: "",
            desk: CalibrateSessionCommand.desk(
                try CalibrateSessionCommand.socket(of: stage, offline: offline)))
        let verdicts = try session.check(against: record)
        try CalibrateCommand.leave(verdicts)
    }

    /// The session it is held against, and where this one is kept.
    static func folders(
        of stage: String, record: String?, folder: String?, kind: String
    ) throws -> (record: String, kept: String) {
        let file = StageConfig.locate(stage)
        guard let found = record ?? CalibrationSession.newestSolved(beside: file) else {
            throw TrackFault(
                "\(stage): no session of it has been solved – `cyclorama calibrate \(stage)`, or "
                    + "name its folder with --record")
        }
        let day = DateFormatter()
        day.locale = Locale(identifier: "en_US_POSIX")
        day.dateFormat = "yyyy-MM-dd-HHmmss"
        let base = URL(fileURLWithPath: file).deletingLastPathComponent().path
        return (found, folder ?? "\(base)/calibration/\(kind)/\(day.string(from: Date()))")
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

    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var stage: String
    @Argument(help: "The panel's name, as `cyclorama check` lists it: main/c4r3.")
    var panel: String
    @Option(help: "The session it was calibrated in. Default: the newest that is solved.")
    var record: String?
    @Option(help: "Folder of the results. Default: calibration/panels/ and today's date and time.")
    var folder: String?
    @Flag(help: "No stage runs; what was captured before is read.") var offline = false

    func run() throws {
        let (record, kept) = try CalibrateCheckCommand.folders(
            of: stage, record: record, folder: folder, kind: "panels")
        var session = try CalibrationSession(
            stage: stage, folder: kept, today: "",
            desk: CalibrateSessionCommand.desk(
                try CalibrateSessionCommand.socket(of: stage, offline: offline)))
        try session.panel(panel, against: record)
    }
}
