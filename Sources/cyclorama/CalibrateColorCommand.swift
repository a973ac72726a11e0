import ArgumentParser
import Foundation
import LookFiles
import StageCalibration
import StageRun

/// `calibrate color`: a wall's colours from samples of its patches.
struct CalibrateColorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "color",
        abstract: "Solve a wall's colours from samples of its patches.",
        discussion: """
            SAMPLES is JSON: wall, peakNits, plate (the space of all plate values, as \
            ACES2065-1), target (x and y of red, green, blue, white), black, levels (fractions of \
            peak, rising to 1), red, green, blue (the camera's linear reading of each level of one \
            channel alone), white; and if known plateAtPeak, native, brightestWhite, grey, checks \
            ([{content, plate}]).

              cyclorama calibrate color wall.json --out calibration

            With --out, and unless a verdict is "fail", these are written: color-report.json, \
            wall-correction.json (what `cyclorama calibrate apply` puts on the stage), \
            color-correction.clf (linear content to the light to ask for), \
            color-correction.cube (the same from PQ code to PQ code, gamut compressed) and \
            config.ocio (the wall as a display of OpenColorIO: ACEScg to PQ code). A fail ends \
            with status 1 and writes the report only. Samples for --refine are of the same \
            wall, plate, target, peakNits and plateAtPeak.
            """)

    @Argument(help: "A file of samples.") var samples: String
    @Option(help: "Folder for the results; made if it is not there.") var out: String?
    @Option(help: "Nits of an ACEScg value of 1 in config.ocio: the wall's `light.nitsPerUnit`.")
    var nitsPerUnit = 100.0
    @Option(help: "Samples of the same wall whose checks were shown through the correction.")
    var refine: String?
    @Flag(help: "Print the report as one JSON object and nothing else.") var json = false

    func validate() throws {
        guard 1...10000 ~= nitsPerUnit else {
            throw ValidationError("--nits-per-unit \(nitsPerUnit): 1 … 10000 is expected")
        }
    }

    func run() throws {
        let (given, solution) = try CalibrateCommand.plainly(solve)
        let report = ColorReport(given, solution)
        if json {
            try TrackArguments.printJSON(report)
        } else {
            report.lines.forEach { print($0) }
        }
        if let out { try write(report, solution, to: out) }
        try CalibrateCommand.leave(report.verdicts)
    }

    private func solve() throws(CalibrationRefusal) -> (ColorSamples, ColorSolution) {
        let given = try ColorSamples.read(samples)
        let solution = try ColorSolution(given)
        guard let refine else { return (given, solution) }
        return (given, try solution.refined(by: try given.checks(of: ColorSamples.read(refine))))
    }

    private func write(_ report: ColorReport, _ solution: ColorSolution, to folder: String) throws {
        let base = URL(fileURLWithPath: folder)
        try makeFolder(folder)
        var files = ["color-report.json"]
        let reportPath = base.appending(path: files[0]).path
        try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            try report.write(to: reportPath)
        }
        if report.verdicts.worst < .fail {
            files += try solution.writeLooks(
                wall: report.wall, nitsPerUnit: nitsPerUnit, to: folder)
            files.append("wall-correction.json")
            try solution.correctionFile(report, from: .init(part: "color", solvedFrom: samples))
                .write(to: base.appending(path: "wall-correction.json").path)
        }
        if !json { print("wrote \(files.joined(separator: ", ")) in \(folder)") }
    }
}
