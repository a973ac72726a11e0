import Foundation
import Geometry
import Platform
import StageConfig
import StageModel
import Timing
import Tracking

/// The demonstration: the demo stage, a simulated tracker on the loopback, pictures at the end.
public struct Demo {
    private let runner: StageRunner
    private let directory: String

    /// A demonstration of a stage whose first camera is tracked by FreeD.
    public init(stagePath: String, seconds: Double, threads: Int, directory: String) throws {
        self.directory = directory
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        runner = try StageRunner(
            stagePath: stagePath,
            options: StageRunner.Options(
                threads: threads, seconds: seconds, sdpDirectory: directory))
    }

    /// Runs it to its end, prints what to try, saves the pictures.
    public func run() throws {
        print("building the set and starting the stage …")
        let tracker = try LoopbackTracker(stage: runner.stage)
        let summary = try runner.run { session in
            tracker.start()
            print(advice(session))
        }
        tracker.stop()
        print("\n\(summary.line)")
    }

    private func advice(_ session: StageSession) -> String {
        let ctl = "cyclorama ctl --socket \(runner.stage.controlSocket)"
        return """

            The stage runs. A simulated tracker moves the camera; RTP goes to this machine.
            Look:   ffplay -protocol_whitelist file,udp,rtp \(directory)/*.sdp   (RGB 8 outputs)
            Try, in another terminal (.build/release/cyclorama, or on your PATH):
              \(ctl) set all/exposure -1 fade 2s
              \(ctl) set scene/rotation 30 fade 4s
              \(ctl) set stage/blackout 1 fade 1s
              \(ctl) undo
              \(ctl) help

            """
    }
}
