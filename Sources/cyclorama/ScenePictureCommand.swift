import ArgumentParser
import Foundation
import Scenes
import StageRun

/// `cyclorama scene picture`: looks at a scene without a stage.
struct ScenePictureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "picture",
        abstract: "Draws a scene as a camera in it sees it, into a PNG file.",
        discussion: """
            Drawn with the wall's own kernels. --from given several times puts the pictures side \
            by side: parallax at a look. Light above white is bent, not clipped.
            """)

    @Argument(help: "A scene folder, its scene.yaml, one picture (a dome), or generated:NAME.")
    var path: String

    @Option(name: .customLong("out"), help: "PNG file to write.")
    var file: String

    @Option(
        parsing: .unconditionalSingleValue,
        help: "Where the camera stands, X,Y,Z in scene meters; may be given several times.")
    var from: [String] = ["0,0,1.6"]

    @Option(parsing: .unconditional, help: "Degrees the camera is turned, + to the left.")
    var pan = 0.0

    @Option(parsing: .unconditional, help: "Degrees the camera is tilted, + upwards.")
    var tilt = 0.0

    @Option(help: "Angle across the picture, degrees, 5 … 150.")
    var fov = 60.0

    @Option(parsing: .unconditional, help: "Stops.")
    var exposure = 0.0

    @Option(help: "Pixels across, 64 … 4096; down 9/16 of that.")
    var width = 1280

    func validate() throws {
        guard SceneStill.widths.contains(width) else {
            throw ValidationError("--width \(width): 64 … 4096 is expected")
        }
        guard (5...150).contains(fov) else {
            throw ValidationError("--fov \(fov): 5 … 150 degrees are expected")
        }
        guard abs(pan) <= 360, abs(tilt) <= 90, abs(exposure) <= 20 else {
            throw ValidationError("--pan ± 360, --tilt ± 90, --exposure ± 20 are expected")
        }
        guard (1...8).contains(from.count) else {
            throw ValidationError("--from: 1 … 8 places are expected")
        }
    }

    func run() throws {
        let shots = try from.map { text in
            let numbers = text.split(separator: ",").compactMap { Double($0) }
            guard numbers.count == 3, numbers.allSatisfy({ abs($0) <= 100_000 }) else {
                throw ValidationError("--from \(text): X,Y,Z in meters is expected")
            }
            return SceneStill.Shot(
                position: SIMD3(numbers[0], numbers[1], numbers[2]), pan: pan, tilt: tilt,
                fieldOfView: fov, exposure: exposure)
        }
        do throws(SceneComplaints) {
            let asset = try BakedScene.asset(of: path) { print($0) }
            let bytes = try still(asset).picture(shots, width: width, height: width * 9 / 16)
            guard FileManager.default.createFile(atPath: file, contents: Data(bytes)) else {
                throw SceneComplaints([
                    "\(file): cannot be written – check permissions and space"
                ])
            }
        } catch {
            print(error.description)
            throw ExitCode.failure
        }
    }

    private func still(_ asset: SceneAsset) throws(SceneComplaints) -> SceneStill {
        do { return try SceneStill(asset: asset) } catch {
            throw SceneComplaints(["\(error)"])
        }
    }
}
