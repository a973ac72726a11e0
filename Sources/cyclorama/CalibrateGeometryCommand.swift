import ArgumentParser
import Foundation
import StageCalibration
import StageRun

/// `calibrate geometry`: lens, camera on tracker, tracker on stage and wall, all at once.
struct CalibrateGeometryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "geometry",
        abstract: "Solve lens, camera on tracker, tracker on stage and wall from captures of dots.",
        discussion: """
            CAPTURES is JSON: dots ([[x, y, z]], stage meters, as planned or surveyed), groups \
            (for each dot the number of the column or panel it moves with), picture ([columns, \
            rows]), lens (focal and center in pixels, radial and tangential 0 if unknown; within \
            15 %), accuracy (pixels, trackerMeters, trackerDegrees, wallMeters, trackerScale: one \
            standard deviation of each), views ([{name, trackerFromBody (4 × 4 by rows), seen \
            (numbers of dots), pixels ([[x, y]])}]).

              cyclorama calibrate geometry poses.json --sensor-width 24.89 --out calibration

            Prints the figures, what is wrong, and with --sensor-width the lines for stage.yaml. \
            With --out, geometry-report.json is written there. A fail ends with status 1 and \
            prints no lines for stage.yaml.
            """)

    @Argument(help: "A file of captures.") var captures: String
    @Option(name: .customLong("sensor-width"), help: "Recorded width of the sensor, mm.")
    var sensorWidth: Double?
    @Option(help: "Folder for the report; made if it is not there.") var out: String?
    @Flag(help: "Print the report as one JSON object and nothing else.") var json = false

    func run() throws {
        let (given, solution) = try solve()
        let report = GeometryReport(solution, captures: given)
        if json {
            try TrackArguments.printJSON(report)
        } else {
            report.lines.forEach { print($0) }
            if let sensorWidth, report.verdicts.worst < .fail {
                report.stageLines(sensorWidthMillimeters: sensorWidth, picture: given.picture)
                    .forEach { print($0) }
            }
        }
        if let out {
            let base = URL(fileURLWithPath: out)
            try makeFolder(out)
            try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
                try report.write(to: base.appending(path: "geometry-report.json").path)
            }
            if !json { print("wrote geometry-report.json in \(out)") }
        }
        try CalibrateCommand.leave(report.verdicts)
    }

    func validate() throws {
        if let sensorWidth, !(1...100 ~= sensorWidth) {
            throw ValidationError("--sensor-width \(sensorWidth): 1 … 100 mm is expected")
        }
    }

    private func solve() throws -> (GeometryCaptures, GeometrySolution) {
        try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            let given = try GeometryCaptures.read(captures)
            return (given, try GeometrySolution(given))
        }
    }
}
