import ArgumentParser
import StageRun

/// `cyclorama demo`: the demo stage with a simulated tracker, to see it work.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run the demo stage with a simulated tracker sending real packets.",
        discussion: """
            Says where to look and what to try, and saves a still of the wall and a picture by the \
            simulated camera when it ends.
            """)

    @Option(help: "The stage file.")
    var stage = "stage-configs/demo/stage.yaml"

    @Option(help: "Stop after so many seconds; 0 = run until Ctrl-C.")
    var seconds: Double = 20

    @Option(help: "Rendering threads; 0 = one a core.")
    var threads = 0

    @Option(help: "Folder the pictures and the SDP file are written to.")
    var out = "demo-output"

    func validate() throws {
        guard (0...64).contains(threads) else {
            throw ValidationError("--threads \(threads): 0 to 64 threads")
        }
        guard seconds.isFinite, seconds >= 0 else {
            throw ValidationError("--seconds \(seconds): 0 or more seconds")
        }
    }

    func run() throws {
        try Demo(stagePath: stage, seconds: seconds, threads: threads, directory: out).run()
    }
}
