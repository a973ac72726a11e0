import ArgumentParser
import Foundation
import Lanes
import StageRun

/// `cyclorama bench`: our whole frame path beside what else a processor could run.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the whole frame path beside OpenCV's remap in the same run.")

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(help: "Rounds of every size; medians are told.")
    var rounds = 31

    @Option(help: "x86-64 level of the kernels, 3 or 4; the best one if not given.")
    var level: Int32?

    @Option(help: "The peer's program.")
    var peer = "Tests/Peers/opencv_remap.py"

    @Flag(help: ArgumentHelp("Measures a set of triangles instead.", visibility: .hidden))
    var meshes = false

    func validate() throws {
        guard rounds >= 3 else { throw ValidationError("--rounds is at least 3") }
    }

    func run() throws {
        guard let best = InstructionSet.best else { throw ValidationError(InstructionSet.refusal) }
        let set = level.map { InstructionSet(rawValue: $0) } ?? best
        guard let set, set.isSupported else {
            throw ValidationError("--level is 3 or 4, and this machine has to support it")
        }
        if meshes {
            let report = try BenchMesh.report(kernels: set, rounds: rounds)
            print(json ? try encoded(report) : report.text)
            return
        }
        let report = Bench.run(kernels: set, rounds: rounds, peer: peer)
        if json {
            print(try encoded(report))
        } else {
            show(report)
        }
    }

    private func encoded(_ report: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }

    private func show(_ report: BenchReport) {
        print(
            "\(report.machine.processor), \(report.machine.cores) cores, "
                + "\(report.machine.kernels), peer \(report.machine.peer ?? "none")")
        for row in report.rows {
            print(
                String(
                    format: "%4d × %4d  %d thread%@ %7.2f ms (%.2f … %.2f)  ", row.width,
                    row.height, row.threads, row.threads == 1 ? " " : "s",
                    row.medianMilliseconds, row.minMilliseconds, row.maxMilliseconds)
                    + row.name)
        }
        if let ratio = report.ratios.openCVRemap8UC3 {
            print(String(format: "%.2f × OpenCV's remap alone, 1920 × 1080, one thread", ratio))
        }
        if let ratio = report.ratios.twoThreads {
            print(String(format: "%.2f × as fast with two threads", ratio))
        }
        if let note = report.note { print(note) }
        print("picture \(report.hash)")
    }
}
