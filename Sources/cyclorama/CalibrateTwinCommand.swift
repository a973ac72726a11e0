import ArgumentParser
import Foundation
import StageCalibration
import StageRun
import StageTwin

/// `calibrate twin`: captures of a stage that is not as its file says.
struct CalibrateTwinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "twin",
        abstract: "Write captures of a simulated stage that is not as its file says, to practice.",
        discussion: """
            The wall is driven by the real frame path through the control tree; a simulated camera \
            records it with blur, noise and vignetting. Written to the folder: a take and dots/ \
            (stills of the blinking dots from every pose), patches.mkv (LogC4, ARRI Wide Gamut 4). \
            The wall stands 5 mm from its plan, the tracker's meter is 0.2 % long, camera and \
            tracker are centimeters and degrees from where the file has them, the wall's channels \
            have other curves and primaries than stated.

              cyclorama calibrate twin demo --out practice
              cyclorama calibrate captures practice/demo-0001.take --pictures practice/dots \\
                --out poses.json
              cyclorama calibrate geometry poses.json --sensor-width 35.9
              cyclorama calibrate patches demo practice/patches.mkv --curve logc4 \\
                --plate "ARRI Wide Gamut 4" --out practice/samples.json
              cyclorama calibrate color practice/samples.json --out practice
            """)

    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var stage: String
    @Option(help: "Folder for the captures; made if it is not there.") var out = "practice"
    @Option(help: "Camera poses, 5 … 60.") var poses = 24
    @Option(help: "Width of the camera's pictures, 320 … 4096 pixels.") var width = 1920
    @Option(help: "Another seed has other poses and faults.") var seed: UInt64 = 1
    @Flag(help: "The wall's light is as stated, and nothing else is off.") var exact = false
    @Flag(help: "Wall and tracker are off, but neither camera nor tracker is noisy.")
    var noiseless = false
    @Flag(help: "Only the dots.") var dotsOnly = false
    @Flag(help: "Only the patches.") var patchesOnly = false
    @Option(help: "Capture nothing: hold this folder's results against the truth, as JSON.")
    var judge: String?
    @Flag(
        help: """
            Stand before the running stage: its tracker, and a camera that looks at its RTP, \
            carried by lines on standard input (pose N, square, record NAME, movie NAME, stop).
            """)
    var live = false
    @Option(
        help: """
            Capture nothing: drive the wall as it is built by this stage, to which a calibration \
            was applied, and judge the photographs, as JSON.
            """)
    var applied: String?

    func validate() throws {
        guard 5...60 ~= poses else { throw ValidationError("--poses \(poses): 5 … 60 is expected") }
        guard 320...4096 ~= width else {
            throw ValidationError("--width \(width): 320 … 4096 is expected")
        }
    }

    func run() throws {
        var options = exact ? CaptureTwin.Options.exact : CaptureTwin.Options.faulty
        (options.poses, options.width, options.seed) = (poses, width, seed)
        if noiseless {
            options.film.noise = .zero
            (options.trackerMeters, options.trackerDegrees) = (0, 0)
        }
        let twin = try CaptureTwin(stage: stage, options: options)
        if let judge { return try TrackArguments.printJSON(verdict(twin, judge)) }
        if live {
            return try LiveTwin(twin).run(into: out, lines: { readLine() }) {
                FileHandle.standardOutput.write(Data("\($0)\n".utf8))
            }
        }
        if let applied { return try TrackArguments.printJSON(twin.judge(applied: applied)) }
        func tell(_ what: String) -> (Double) -> Void {
            { FileHandle.standardError.write(Data("\r\(what) \(Int($0 * 100)) %".utf8)) }
        }
        if !patchesOnly { try twin.captureDots(into: out, progress: tell("dots")) }
        if !dotsOnly { try twin.capturePatches(into: out, progress: tell("patches")) }
        FileHandle.standardError.write(Data("\n".utf8))
        print("wrote the captures in \(out)")
    }

    /// What the results of a folder are worth.
    private func verdict(_ twin: CaptureTwin, _ folder: String) throws -> CaptureTwin.Judgment {
        func path(_ name: String) -> String? {
            let path = "\(folder)/\(name)"
            return FileManager.default.fileExists(atPath: path) ? path : nil
        }
        return try twin.judge(
            path("poses.json").map { try GeometryCaptures.read($0) },
            path("geometry-report.json").map { try GeometryReport.read($0) },
            path("samples.json").map { try ColorSamples.read($0) })
    }
}
