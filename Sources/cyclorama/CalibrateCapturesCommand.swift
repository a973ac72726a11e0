import ArgumentParser
import Foundation
import StageCalibration
import StageRun

/// `calibrate captures`: a take and a camera's pictures of the wall's strips become captures.
struct CalibrateCapturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "captures",
        abstract: "Make geometry captures of a take and the camera's pictures of dots or strips.",
        discussion: """
            With dots: let the wall show them (`cyclorama ctl STAGE set pattern/show dots`), \
            record a take, and at each of 20 poses, the camera standing still, every picture of \
            them (`set pattern/step N`; `cyclorama calibrate STAGE` does it). --pictures is the \
            folder of stills, or the movie with its --curve.

            With strips: let the wall show its frame strips (`set pattern/show strip`), \
            record a take, and carry the recording camera from pose to pose, standing still for \
            a second at each: 20 poses, from three distances, left, middle and right, panned, \
            tilted, rolled. --pictures is the folder of what it recorded, a file each (ffmpeg -i \
            CLIP walk/%05d.png). Where the camera stood still is told by the tracker's packets in \
            the take, and which pictures are of that by the strips.

              cyclorama calibrate captures takes/main-0004.take --pictures walk --out poses.json
              cyclorama calibrate geometry poses.json --sensor-width 24.89
            """)

    @Argument(help: "A .take file.") var take: String
    @Option(help: "The folder of the recorded pictures; of dots a movie, too.")
    var pictures: String
    @OptionGroup var plate: PlateOptions
    @Option(help: "How far a part of the wall may stand from its plan, millimeters.")
    var wallMillimeters = 3.0
    @Option(help: "Write the same in groups of panels to this file, for `calibrate panels`.")
    var panels: String?
    @Option(help: "The camera that recorded them, by name, where the stage has several.")
    var camera: String?
    @Option(help: "The file of captures to write.") var out: String

    func validate() throws {
        guard 0.01...100 ~= wallMillimeters else {
            throw ValidationError("--wall-millimeters \(wallMillimeters): 0.01 … 100 is expected")
        }
    }

    func run() throws {
        let recorded = try Take(path: take)
        let stage = try TakeReplay.stage(of: recorded)
        if try DotCaptures.shows(recorded, stage) {
            let found = try DotCaptures(
                take: recorded, stage: stage, camera: camera,
                footage: try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
                    try CameraFootage(pictures, curve: plate.curve)
                })
            tell(found)
            try write(found.captures, to: out)
            guard let panels else { return }
            var grouped = found.captures
            grouped.groups = found.panels
            try write(grouped, to: panels)
        } else {
            let found = try TakeCaptures(
                take: recorded, stage: stage, camera: camera, folder: pictures)
            tell(found)
            try write(found.captures, to: out)
        }
    }

    private func tell(_ found: DotCaptures) {
        for pause in found.pauses {
            print("\(pause.name): \(pause.dots) dots in \(pause.pictures) pictures")
            for verdict in pause.verdicts where verdict.level > .pass { print("  \(verdict)") }
        }
        tell(outside: found.picturesOutside, without: found.picturesWithoutStrips)
    }

    private func tell(_ found: TakeCaptures) {
        for pause in found.pauses {
            let verdict = pause.strips < TakeCaptures.stripsMin ? " – left out, too few" : ""
            print("\(pause.name): \(pause.strips) strips in \(pause.pictures) pictures\(verdict)")
        }
        tell(outside: found.picturesOutside, without: found.picturesWithoutStrips)
        found.complaints.forEach { print("left out: \($0)") }
    }

    private func tell(outside: Int, without: Int) {
        if outside > 0 { print("\(outside) pictures of the ways between, not used") }
        if without > 0 { print("\(without) pictures without a strip that can be read") }
    }

    private func write(_ captures: GeometryCaptures, to path: String) throws {
        var captures = captures
        captures.accuracy.wallMeters = wallMillimeters / 1000
        try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            try captures.write(to: path)
        }
        print("wrote \(path): \(captures.views.count) poses")
    }
}
