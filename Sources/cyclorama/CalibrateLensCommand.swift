import ArgumentParser
import Foundation
import StageCalibration
import StageRun

/// `calibrate lens`: a lens over zoom and focus.
struct CalibrateLensCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lens",
        abstract: "Solve a lens over zoom and focus, the stage's geometry being known.",
        discussion: """
            GEOMETRY is the captures file of `calibrate geometry`. Each --node is ZOOM,FOCUS,FILE: \
            where the rings stood (0 … 1) and a captures file of 4 to 6 poses; every zoom with \
            every focus.

              cyclorama calibrate lens poses.json --sensor-width 24.89 --name zoom-24-70 \\
                --node 0,0.5,wide.json --node 1,0.5,tele.json --out stage-configs/STAGE/lenses
            """)

    @Argument(help: "The stage's captures file.") var geometry: String
    @Option(name: .customLong("sensor-width"), help: "Recorded width of the sensor, mm.")
    var sensorWidth: Double
    @Option(help: "The lens's name.") var name: String
    @Option(name: .customLong("node"), help: "ZOOM,FOCUS,FILE; once for each place of the rings.")
    var places: [String]
    @Option(help: "Folder for NAME.yaml; without it the file is printed.") var out: String?

    func validate() throws {
        guard 1...100 ~= sensorWidth else {
            throw ValidationError("--sensor-width \(sensorWidth): 1 … 100 mm is expected")
        }
    }

    func run() throws {
        let nodes = try places.map(node)
        let given = try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            try GeometryCaptures.read(geometry)
        }
        let solution = try CalibrateCommand.geometry(given)
        let grid = try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            try LensGrid(name: name, nodes, of: solution, sensorWidthMillimeters: sensorWidth)
        }
        grid.verdicts.forEach { print("# \($0)") }
        if let out, grid.verdicts.worst < .fail {
            try makeFolder(out)
            let file = URL(fileURLWithPath: out).appending(path: "\(name).yaml")
            try Data(grid.yaml.utf8).write(to: file, options: .atomic)
            print("wrote \(file.path)")
        } else if out == nil {
            print(grid.yaml, terminator: "")
        }
        try CalibrateCommand.leave(grid.verdicts)
    }

    private func node(_ text: String) throws -> LensGrid.Node {
        let parts = text.split(separator: ",", maxSplits: 2).map(String.init)
        guard parts.count == 3, let zoom = Double(parts[0]), let focus = Double(parts[1]),
            0...1 ~= zoom, 0...1 ~= focus
        else { throw TrackFault("--node \(text): ZOOM,FOCUS,FILE is expected, as 0,0.5,wide.json") }
        return try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            LensGrid.Node(zoom: zoom, focus: focus, captures: try GeometryCaptures.read(parts[2]))
        }
    }
}
