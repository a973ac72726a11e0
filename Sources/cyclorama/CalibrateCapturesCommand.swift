import ArgumentParser
import Foundation
import StageCalibration
import StageRun

/// `calibrate captures`: a take and a camera's pictures of the wall's strips become captures.
struct CalibrateCapturesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "captures",
        abstract: "Make geometry captures of a take and the camera's pictures of the frame strips.",
        discussion: """
            Let the wall show its frame strips (`cyclorama ctl STAGE set pattern/show strip`), \
            record a take, and carry the recording camera from pose to pose, standing still for \
            a second at each: 20 poses, from three distances, left, middle and right, panned, \
            tilted, rolled. --pictures is the folder of what it recorded, a file each (ffmpeg -i \
            CLIP walk/%05d.png). Where the camera stood still is told by the tracker's packets in \
            the take, and which pictures are of that by the strips.

              cyclorama calibrate captures takes/main-0004.take --pictures walk --out poses.json
              cyclorama calibrate geometry poses.json --sensor-width 24.89
            """)

    @Argument(help: "A .take file.") var take: String
    @Option(help: "The folder of the recorded pictures.") var pictures: String
    @Option(help: "The camera that recorded them, by name, where the stage has several.")
    var camera: String?
    @Option(help: "The file of captures to write.") var out: String

    func run() throws {
        let recorded = try Take(path: take)
        let found = try TakeCaptures(
            take: recorded, stage: try TakeReplay.stage(of: recorded), camera: camera,
            folder: pictures)
        for pause in found.pauses {
            let verdict = pause.strips < TakeCaptures.stripsMin ? " – left out, too few" : ""
            print("\(pause.name): \(pause.strips) strips in \(pause.pictures) pictures\(verdict)")
        }
        if found.picturesOutside > 0 {
            print("\(found.picturesOutside) pictures of the ways between, not used")
        }
        if found.picturesWithoutStrips > 0 {
            print("\(found.picturesWithoutStrips) pictures without a strip that can be read")
        }
        found.complaints.forEach { print("left out: \($0)") }
        try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            try found.captures.write(to: out)
        }
        print("wrote \(out): \(found.captures.views.count) poses")
    }
}
