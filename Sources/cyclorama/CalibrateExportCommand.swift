import ArgumentParser
import StageConfig
import StageModel
import StageRun

/// `calibrate export`: a camera's lens for other programs.
struct CalibrateExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a camera's lens for other programs: STMaps and OpenTrackIO.",
        discussion: """
            For plates of what the stage shot, and for a game engine. Two STMaps of one place of \
            the rings, EXR of 32-bit floats at pixels' centres: NAME-undistort.exr looks each \
            pixel of the straight picture up in the recorded one, NAME-distort.exr is the way \
            back. The straight picture is that of a pinhole camera of the focal length told, large \
            enough for all that was recorded, its pixels as large, without lens shift. \
            NAME.opentrackio.jsonl has every measured place of the rings, a sample a line.

              cyclorama calibrate export volume --zoom 0.5 --focus 1 --out lens

            A lens of a calibration is exported once it is applied.
            """)

    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var stage: String
    @Option(help: "The camera, by name; the first if not given.") var camera: String?
    @Option(help: "One of the camera's measured lenses; the usual one if not given.")
    var lens: String?
    @Option(help: "Where the zoom ring stands, 0 wide … 1 tele.") var zoom = 0.0
    @Option(help: "Where the focus ring stands, 0 near … 1 far.") var focus = 1.0
    @Option(help: "v of the STMaps counts from the bottom (Nuke) or the top (Unreal).")
    var origin: LensExport.Origin = .bottom
    @Option(help: "Folder for the files.") var out: String

    func validate() throws {
        guard 0...1 ~= zoom, 0...1 ~= focus else {
            throw ValidationError("--zoom \(zoom) --focus \(focus): 0 … 1 is expected")
        }
    }

    func run() throws {
        let built: Stage
        switch StageConfig.load(stage) {
        case .success(let loaded): built = loaded
        case .failure(let complaints): throw TrackFault("\(complaints)")
        }
        let names = built.cameras.map(\.name)
        let index = camera.map { names.firstIndex(of: $0) } ?? 0
        guard let index, index < names.count else {
            throw TrackFault(
                names.isEmpty
                    ? "\(stage): the stage has no camera"
                    : "--camera \(camera ?? ""): the stage has \(names.joined(separator: ", "))")
        }
        let rings = LensExport.Rings(zoom: zoom, focus: focus)
        let export = try LensExport(built.cameras[index], lens: lens, rings: rings)
        try export.write(to: out, origin: origin).forEach { print($0) }
    }
}

extension LensExport.Origin: ExpressibleByArgument {}
