import ArgumentParser
import Foundation
import StageConfig
import StageRun

/// `cyclorama check FILE`: every complaint about a stage file at once, or what it describes.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read a stage file: every complaint at once, or what the stage is made of.")

    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var file: String

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func run() throws {
        switch StageConfig.load(file) {
        case .success(let stage):
            let wrong = try StageRunner.wrongCorrections(of: stage, at: file)
            guard wrong.isEmpty else {
                let list = wrong.map {
                    Report.Fault(file: $0.file, line: 0, path: "", found: $0.why, allowed: "")
                }
                try report(Report(valid: false, complaints: list, summary: nil)) {
                    wrong.map(\.why).joined(separator: "\n")
                        + "\n\(wrong.count == 1 ? "1 complaint" : "\(wrong.count) complaints")."
                }
                throw ExitCode.failure
            }
            let summary = StageSummary(stage)
            try report(Report(valid: true, complaints: [], summary: summary)) {
                "\(summary)\n\(summary.stage) is right."
            }
        case .failure(let complaints):
            let list = complaints.list.map {
                Report.Fault(
                    file: $0.file, line: $0.line, path: $0.path, found: $0.found,
                    allowed: $0.allowed)
            }
            try report(Report(valid: false, complaints: list, summary: nil)) {
                "\(complaints)\n\(list.count == 1 ? "1 complaint" : "\(list.count) complaints")."
            }
            throw ExitCode.failure
        }
    }

    private func report(_ report: Report, _ text: () -> String) throws {
        guard json else { return print(text()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
    }
}

/// What `check --json` prints.
private struct Report: Encodable {
    struct Fault: Encodable {
        var file: String
        var line: Int
        var path: String
        var found: String
        var allowed: String
    }

    var valid: Bool
    var complaints: [Fault]
    var summary: StageSummary?
}
