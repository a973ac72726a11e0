import ArgumentParser
import Foundation
import StageRun

/// `cyclorama run STAGE`: the stage, under a supervisor.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a stage: tracking in, frames out, control beside it.",
        discussion: """
            Prints a status line a second and stops cleanly on Ctrl-C or SIGTERM. A supervisor \
            starts the stage again with its last state if it dies. What happens (trackers lost, \
            late frames, quality, edits, takes) is written with its timecode to the event log, and \
            `cyclorama ctl STAGE events` shows its newest lines. With --json, one JSON object \
            with the whole run's figures is printed at the end and nothing else.
            """)

    @Argument(help: "A stage file, its folder, or the name of a folder in stage-configs.")
    var stage: String

    @OptionGroup var options: StageOptions

    @Flag(help: "Run without a supervisor (for debuggers).")
    var noSupervisor = false

    @Option(help: .hidden)
    var stateDescriptor: Int32?

    @Option(help: .hidden)
    var sceneDescriptor: Int32?

    @Option(help: .hidden)
    var restarts = 0

    func run() throws {
        if stateDescriptor != nil {
            do {
                try runHere()
            } catch {
                // Said once, here; the supervisor must not start again what cannot run.
                FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
                throw ExitCode(Supervisor.refusal)
            }
            return
        }
        if noSupervisor {
            try runHere()
            return
        }
        let arguments = ["run", stage] + options.arguments
        let supervisor = try Supervisor(
            executable: try Supervisor.ownExecutable(), arguments: arguments)
        let code = try supervisor.run()
        if code != 0 { throw ExitCode(code) }
    }

    private func runHere() throws {
        let run = try StageRunner(
            stagePath: stage, options: options.values,
            supervision: StageRunner.Supervision(
                stateDescriptor: stateDescriptor, sceneDescriptor: sceneDescriptor,
                restarts: restarts))
        let summary = try run.run()
        if options.json { print(try summary.json()) }
    }
}

/// Options that `run` and `demo` share.
struct StageOptions: ParsableArguments {
    @Option(
        help: """
            A scene: a folder with a scene file, a picture, a name in the stage's scenes/, or \
            generated:NAME. Repeated: the first is shown, the others are got ready beside it. \
            Default: the first in scenes/, or the demo set.
            """)
    var scene: [String] = []

    @Option(help: "Rendering threads; 0 = one a core.")
    var threads = 0

    @Option(help: "Stop by itself after so many seconds; 0 = run until Ctrl-C.")
    var seconds: Double = 0

    @Option(help: "Folder the SDP files of RTP outputs are written to.")
    var sdp = "/tmp"

    @Option(help: "Folder takes are written to (`set take/record on`).")
    var takes = "takes"

    @Option(help: "File of the event log. Default: events/STAGE.log.")
    var events: String?

    @Flag(help: "Print one JSON object at the end instead of status lines.")
    var json = false

    func validate() throws {
        guard threads >= 0, threads <= 64 else {
            throw ValidationError("--threads \(threads): 0 to 64 threads")
        }
        guard seconds >= 0, seconds.isFinite else {
            throw ValidationError("--seconds \(seconds): 0 or more seconds")
        }
    }

    var values: StageRunner.Options {
        StageRunner.Options(
            scenePaths: scene, threads: threads, seconds: seconds, sdpDirectory: sdp,
            takesFolder: takes, eventsFile: events, isQuiet: json)
    }

    /// The same options as words, for the supervised process.
    var arguments: [String] {
        scene.flatMap { ["--scene", $0] } + [
            "--threads", String(threads), "--seconds", String(seconds), "--sdp", sdp,
            "--takes", takes,
        ] + (events.map { ["--events", $0] } ?? []) + (json ? ["--json"] : [])
    }
}
