import Foundation
import FrameModel
import Scenes
import StageModel
import Timing

/// The demonstration: the demo stage, a simulated tracker on the loopback, pictures at the end.
public struct Demo {
    /// Seconds from one still of the wall to the next.
    private static let stillSeconds = 5.0

    private let runner: StageRunner
    private let directory: String

    /// A demonstration of a stage whose first camera is tracked by FreeD.
    public init(stagePath: String, seconds: Double, threads: Int, directory: String) throws {
        self.directory = directory
        try makeFolder(directory)
        runner = try StageRunner(
            stagePath: stagePath,
            options: StageRunner.Options(
                threads: threads, seconds: seconds, sdpDirectory: directory,
                takesFolder: "\(directory)/takes", eventsFile: "\(directory)/events.log")
        ) { stage in
            for processor in stage.processors.indices {
                stage.outputs.append(
                    OutputPort(
                        name: "still-\(stage.processors[processor].name)", processor: processor,
                        kind: .stills(
                            directory: directory,
                            every: Int((stage.rate.hertz * Self.stillSeconds).rounded()))))
            }
        }
    }

    /// Runs it to its end, prints what to try, saves the pictures.
    public func run() throws {
        let tracker = try LoopbackTracker(stage: runner.stage)
        var painted: Scene?
        func paint() -> Scene {
            let scene = painted ?? GeneratedScene.lake(width: 4096)
            painted = scene
            return scene
        }
        let summary = try runner.run(scene: paint) { _ in
            tracker.start()
            say(advice)
        }
        tracker.stop()
        say("\n\(summary.line)")
        let picture = "\(directory)/twin.png"
        say("photographing the wall with the simulated camera …")
        var options = TwinRun.Options()
        options.move = .rest
        options.moments = 1
        try Data(TwinRun(stage: runner.stage, options: options).picture(scene: paint()))
            .write(to: URL(filePath: picture))
        say("pictures: \(picture) (photograph, truth, difference), stills in \(directory)")
    }

    private func say(_ text: String) {
        tell(text, to: .standardOutput)
    }

    private var advice: String {
        let ctl = "  .build/release/cyclorama ctl --socket \(runner.stage.controlSocket)"
        return """

            The stage runs: a simulated tracker moves the camera, RTP goes to this machine.
            Look at the wall's stills in \(directory), or receive the stream its SDP describes.
            Try, in another terminal:
            \(ctl) set all/exposure -1 fade 2s
            \(ctl) set scene/rotation 30 fade 4s
            \(ctl) set stage/blackout 1 fade 1s
            \(ctl) undo
            \(ctl) help

            """
    }
}
