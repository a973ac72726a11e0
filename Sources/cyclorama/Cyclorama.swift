import ArgumentParser

/// The command line: arguments in, printing out; every command in a file of its own.
@main
struct Cyclorama: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "LED-wall stage controller: tracked camera in, frustum-corrected wall out.",
        subcommands: [CheckCommand.self, CtlCommand.self])
}
