import ArgumentParser

/// The command line: arguments in, printing out; every command in a file of its own.
@main
struct Cyclorama: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cyclorama",
        abstract: "LED-wall stage controller: tracked camera in, frustum-corrected wall out.",
        subcommands: [
            RunCommand.self,
            DemoCommand.self,
            CheckCommand.self,
            TrackCommand.self,
            CtlCommand.self,
            ProbeCommand.self,
            ReplayCommand.self,
            TwinCommand.self,
            SceneCommand.self,
            LookCommand.self,
            CalibrateCommand.self,
            PatternCommand.self,
            BenchCommand.self,
            DecodeWorkerCommand.self, MovieWorkerCommand.self,
        ])
}
