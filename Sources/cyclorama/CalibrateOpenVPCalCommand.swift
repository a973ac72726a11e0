import ArgumentParser
import Color
import StageCalibration

/// `calibrate openvpcal`: what OpenVPCal makes of its samples.
struct CalibrateOpenVPCalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openvpcal",
        abstract: "Solve OpenVPCal's samples as OpenVPCal 2.0.0 does, to compare.",
        discussion: """
            MEASURED and REFERENCE are a wall's *_samples.json and *_reference_samples.json.

              cyclorama calibrate openvpcal w_samples.json w_reference_samples.json \\
                --target-gamut "ITU-R BT.2020" --peak-nits 1500

            A target of its own is eight numbers: x and y of red, green, blue, white.
            """)

    @Argument(help: "OpenVPCal's measured samples.") var measured: String
    @Argument(help: "OpenVPCal's reference samples.") var reference: String
    @Option(name: .customLong("target-gamut"), help: "A colour space, or x,y,x,y,x,y,x,y.")
    var target: String
    @Option(name: .customLong("peak-nits"), help: "Wanted peak, nits.") var peakNits: Double
    @Option(name: .customLong("camera-gamut"), help: "The camera's own space.")
    var camera = "REDWideGamutRGB"
    @Flag(name: .customLong("matrix-first"), help: "CS > EOTF instead of EOTF > CS.")
    var matrixFirst = false
    @Flag(name: .customLong("matrix-only"), help: "No correction of the curves.")
    var matrixOnly = false
    @Option(name: .customLong("copy-to"), help: "Write the measured samples again, to this file.")
    var copy: String?

    func run() throws {
        let (samples, result) = try CalibrateCommand.plainly(solve)
        Self.lines(result).forEach { print($0) }
        if let copy {
            try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
                try samples.write(to: copy)
            }
        }
    }

    private func solve() throws(CalibrationRefusal) -> (OpenVPCalSamples, OpenVPCalResult) {
        let samples = try OpenVPCalSamples.read(measured)
        let numbers = target.split(separator: ",").compactMap { Double($0) }
        let isOwn = numbers.count == 8
        let settings = OpenVPCalSettings(
            targetGamut: isOwn ? "own" : target, peakNits: peakNits, cameraGamut: camera,
            order: matrixFirst || matrixOnly ? "CS > EOTF" : "EOTF > CS",
            correctsCurves: !matrixOnly)
        let pairs = (0..<4).map { i in isOwn ? Array(numbers[(2 * i)...(2 * i + 1)]) : [] }
        let result = try OpenVPCalSolve.result(
            measured: samples, reference: try OpenVPCalSamples.read(reference),
            settings: settings, custom: isOwn ? ["own": pairs] : [:])
        return (samples, result)
    }

    private static func lines(_ r: OpenVPCalResult) -> [String] {
        func rows(_ name: String, _ m: ColorMatrix) -> [String] {
            [name + ":"] + [m.row0, m.row1, m.row2].map { "  \($0.x)  \($0.y)  \($0.z)" }
        }
        func xy(_ c: Chromaticity) -> String { "(\(c.x), \(c.y))" }
        let s = r.screen
        return rows("target_to_screen_matrix", r.screenFromTarget)
            + rows("camera_white_balance_matrix", r.cameraBalance) + [
                "screen: red \(xy(s.red)), green \(xy(s.green)), blue \(xy(s.blue)), white "
                    + "\(xy(s.white))",
                "max distances: \(r.distances.x), \(r.distances.y), \(r.distances.z)",
                "delta E of white, red, green, blue: "
                    + r.whiteAndPrimaryErrors.map { "\($0)" }.joined(separator: ", "),
                "curves of \(r.curves.first?.count ?? 0) points; 18 % grey reads \(r.greyReading)",
            ]
    }
}
