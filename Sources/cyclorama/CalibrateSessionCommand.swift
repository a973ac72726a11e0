import ArgumentParser
import Foundation
import StageCalibration
import StageRun

/// `calibrate STAGE`: the whole calibration, step by step.
struct CalibrateSessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "Lead through a whole calibration, step by step; goes on where it was left.",
        discussion: """
            The stage runs (`cyclorama run STAGE`): each step shows its pattern, says what to do, \
            and asks for what the camera recorded. Steps: \
            \(SessionStep.allCases.map(\.rawValue).joined(separator: ", ")). After each, what was \
            done is written to calibration/DATE beside the stage file, with the captures, results, \
            verdicts and a report for a browser.

              cyclorama calibrate volume
              cyclorama calibrate volume --step color

            With --feed the session records the camera's picture itself, as RTP brings it (ST \
            2110-20 or what else an SDP file tells ffmpeg of), asks for no clips, and judges each \
            pose of the camera while it still stands there:

              cyclorama calibrate volume --feed "camera.sdp logc4 ARRI Wide Gamut 4"

            With --offline no stage runs: the captures have been made before.
            """)

    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var stage: String
    @Option(help: "The session's folder. Default: the newest unfinished one, or one of today.")
    var folder: String?
    @Option(help: "Only this step, once more.") var step: String?
    @OptionGroup var link: StageLink

    func validate() throws {
        if let step, SessionStep(rawValue: step) == nil {
            throw ValidationError(
                "--step \(step): known are "
                    + SessionStep.allCases.map(\.rawValue).joined(separator: ", "))
        }
    }

    func run() throws {
        var session = try CalibrationSession(
            stage: stage, folder: folder, today: Self.now("yyyy-MM-dd"),
            desk: try link.desk(of: stage))
        try session.run(only: step.flatMap { SessionStep(rawValue: $0) })
    }

    /// The time of day here, as names of folders have it.
    static func now(_ format: String) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = format
        return formatter.string(from: Date())
    }
}
