import ArgumentParser
import StageCalibration

/// `cyclorama calibrate`: solves captures of a stage, each kind by a command of its own.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Calibrate a stage, step by step; or solve captures, each kind by itself.",
        discussion: "How it is done on set is in Calibration/README.md.",
        subcommands: [
            CalibrateSessionCommand.self, CalibrateCheckCommand.self, CalibratePanelCommand.self,
            CalibrateCapturesCommand.self, CalibratePatchesCommand.self,
            CalibrateColorCommand.self,
            CalibrateGeometryCommand.self, CalibrateLensCommand.self, CalibrateWallCommand.self,
            CalibratePanelsCommand.self,
            CalibrateOpenVPCalCommand.self, CalibrateApplyCommand.self,
            CalibrateDiffCommand.self, CalibrateExportCommand.self, CalibrateTwinCommand.self,
        ], defaultSubcommand: CalibrateSessionCommand.self)

    /// Does something; a refusal ends the program with its line.
    static func plainly<Result>(
        _ work: () throws(CalibrationRefusal) -> Result
    ) throws -> Result {
        do throws(CalibrationRefusal) { return try work() } catch {
            throw TrackFault(error.description)
        }
    }

    /// The geometry of captures; one that must not be used ends the program with its verdicts.
    static func geometry(_ captures: GeometryCaptures) throws -> GeometrySolution {
        let solution = try plainly { () throws(CalibrationRefusal) in
            try GeometrySolution(captures)
        }
        if solution.verdicts.worst == .fail { solution.verdicts.forEach { print($0) } }
        try leave(solution.verdicts)
        return solution
    }

    /// Ends the program as the verdicts say: 1 where a result must not be used.
    static func leave(_ verdicts: [Verdict]) throws {
        if verdicts.worst == .fail { throw ExitCode.failure }
    }
}
