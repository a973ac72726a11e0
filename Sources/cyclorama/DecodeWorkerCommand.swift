import ArgumentParser
import StageRun

/// `cyclorama decode-worker`: what a running stage starts to read a scene; not for people.
struct DecodeWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode-worker",
        abstract: "Decode and bake a scene for a running stage, within limits.",
        shouldDisplay: false)

    @Argument(help: "A scene, as `run --scene` takes it.")
    var source: String

    @Option(help: "Memory it may take beside the program itself.")
    var megabytes: Int?

    @Flag(help: "Run when no other program wants to.")
    var idle = false

    func run() throws {
        let code = SceneWorker.work(source, megabytes: megabytes, isIdle: idle)
        if code != 0 { throw ExitCode(code) }
    }
}

/// `cyclorama movie-worker`: what a running stage starts to decode a movie; not for people.
struct MovieWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "movie-worker",
        abstract: "Decode a movie of a scene ahead for a running stage, within limits.",
        shouldDisplay: false)

    @Argument(help: "A scene, as `run --scene` takes it.")
    var source: String

    func run() throws {
        let code = MovieWorker.work(source)
        if code != 0 { throw ExitCode(code) }
    }
}
