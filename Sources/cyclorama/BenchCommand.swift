import ArgumentParser
import Foundation
import Lanes
import StageRun

/// `cyclorama bench`: our whole frame path beside what else a processor could run.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the whole frame path beside its peers in the same run.",
        discussion: """
            Peers are OpenCV's remap, FFmpeg's v360, OpenGL on llvmpipe and memcpy; one that \
            cannot be had is named, with how to get it. Ours is wall time from live state to a \
            canvas in RTP's RGB 10 bit: a 4096 × 2048 dome on an arc of 24 facets, inner frustum \
            on 40 % of the pixels, soft edge, grade, PQ, dither. v360 and llvmpipe are held \
            against processor time, theirs and ours.
            """)

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(help: "Rounds of every size; medians are told.")
    var rounds = 31

    @Option(help: "x86-64 level of the kernels, 3 or 4; the best one if not given.")
    var level: Int32?

    @Option(help: "Folder of the peers' programs.")
    var peers = "Tests/Peers"

    @Flag(help: ArgumentHelp("Measures a set of triangles instead.", visibility: .hidden))
    var meshes = false

    @Flag(help: ArgumentHelp("Measures eight trackers at 240 Hz instead.", visibility: .hidden))
    var tracking = false

    @Flag(help: "Measures what grades cost instead, over the neutral path.")
    var grades = false

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
            let report = try BenchMesh.report(kernels: set, rounds: rounds, peers: peers)
            print(json ? try encoded(report) : report.text)
            return
        }
        if grades {
            let report = try BenchGrades.report(kernels: set, rounds: rounds)
            print(json ? try encoded(report) : report.lines.joined(separator: "\n"))
            return
        }
        if tracking {
            let report = try BenchTracking.report(seconds: 5)
            return print(try encoded(report))
        }
        let report = try Bench.run(kernels: set, rounds: rounds, peers: peers) { line in
            FileHandle.standardError.write(Data((line + "\n").utf8))
        }
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
        let machine = report.machine
        print(
            "\(machine.processor), \(machine.cores) cores, \(machine.kernels); peak memory "
                + "\(machine.peakMemoryBytes >> 20) MB")
        for peer in machine.peers.values.sorted() { print("beside \(peer)") }
        print("\n                       median ms  (min … quartiles … max)        ns a pixel")
        for row in report.rows { print(line(row)) }
        print("\nwhere a frame goes, ms on one thread")
        for parts in report.parts {
            print(
                String(
                    format: "%4d × %4d  plan %.3f, sample and grade %.2f, encode %.2f, pack %.2f",
                    parts.width, parts.height, parts.planMilliseconds,
                    parts.sampleAndGradeMilliseconds, parts.encodeMilliseconds,
                    parts.packMilliseconds))
        }
        print("")
        show(report.ratios)
        for bar in report.bars {
            let verdict = bar.isHeld.map { $0 ? "held" : "MISSED" } ?? "not measured"
            let measured = bar.measured.map { String(format: "%.3f", $0) } ?? "–"
            print("bar \(bar.name) \(measured) \(bar.relation) \(bar.bar): \(verdict)")
        }
        for line in report.missing { print("missing: \(line)") }
        for picture in report.pictures {
            print("picture \(picture.width) × \(picture.height) \(picture.hash)")
        }
    }

    private func line(_ row: BenchReport.Row) -> String {
        String(
            format: "%4d × %4d  %d thread%@ %8.2f  (%.2f … %.2f, %.2f … %.2f)  %7.2f  ", row.width,
            row.height, row.threads, row.threads == 1 ? " " : "s", row.medianMilliseconds,
            row.minMilliseconds, row.lowerQuartileMilliseconds, row.upperQuartileMilliseconds,
            row.maxMilliseconds, row.nanosecondsPerPixel) + row.name
    }

    private func show(_ ratios: BenchRatios) {
        let told: [(Double?, String)] = [
            (ratios.openCVRemap8UC3, "OpenCV's remap 8UC3"),
            (ratios.openCVRemap32FC4, "OpenCV's remap 32FC4"),
            (ratios.ffmpegV360, "FFmpeg's v360"), (ratios.llvmpipe, "OpenGL on llvmpipe"),
            (ratios.memcpy, "memcpy of the canvas"),
        ]
        for case (let ratio?, let peer) in told {
            print(String(format: "%.3f × %@, 1920 × 1080, one thread", ratio, peer))
        }
        if let ratio = ratios.twoThreads {
            print(String(format: "%.2f × as fast with two threads", ratio))
        }
        if let ratio = ratios.fourfoldPixels {
            print(String(format: "%.2f × the time for four times the pixels", ratio))
        }
    }
}
