import ArgumentParser
import ControlServer
import Foundation
import Glibc
import StageCalibration
import StageRun

/// `calibrate apply`: a calibration's results become what a stage is drawn with.
struct CalibrateApplyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Put a calibration's results on a stage: the running one, and at every start.",
        discussion: """
            RESULTS is a folder of what `cyclorama calibrate` wrote: walls' corrections, \
            geometry-report.json, lens files. They are kept in the stage's calibration/DATE/ and \
            named by calibration/applied.yaml, which is read with stage.yaml at every start; a \
            part of a wall's correction that is not among them stays as it is. A running stage \
            takes corrections with the next frame; places and lenses are read when it starts.

              cyclorama calibrate apply volume stage-configs/volume/calibration/2026-11-22

            A result with a verdict "fail", or of another wall, is refused, and nothing changes.
            """)

    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var stage: String
    @Argument(help: "A folder of results.") var results: String
    @Option(help: "The camera a geometry is of, by name, where the stage has several.")
    var camera: String?
    @Flag(help: "Leave the running stage as it is.") var offline = false

    func run() throws {
        let applied = try CalibrationApply(stage: stage, results: results, camera: camera)
        applied.lines.forEach { print($0) }
        if applied.needsStart {
            print("places and lenses show when the stage is started again")
        }
        guard !offline, !applied.corrections.isEmpty else { return }
        let descriptor: Int32
        do {
            descriptor = try ControlSocket.connect(path: applied.controlSocket)
        } catch {
            return print("the stage does not run: it begins with these")
        }
        defer { close(descriptor) }
        var talk = ControlTalk(descriptor: descriptor)
        let requests = applied.corrections.map { "correction load \($0.wall) \($0.path)\n" }
        talk.relay(text: requests.joined() + "quit\n")
        if talk.refusals > 0 { throw ExitCode(1) }
    }
}

/// `calibrate diff`: what has changed from one calibration to another.
struct CalibrateDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two calibrations: pixels, ΔE, per cent.",
        discussion: """
            Both are folders of results, as stage-configs/STAGE/calibration/DATE. Ends with \
            status 1 where something has moved further than a day's drift: 2 px, ΔE_ITP 2, 5 % of \
            a panel.
            """)

    @Argument(help: "The older results.") var first: String
    @Argument(help: "The newer results.") var second: String

    func run() throws {
        let found = try CalibrationDiff(first, second)
        found.lines.forEach { print($0) }
        found.verdicts.forEach { print($0) }
        if found.verdicts.contains(where: { $0.level > .pass }) { throw ExitCode.failure }
    }
}
