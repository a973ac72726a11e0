import ArgumentParser
import StageModel
import StageRun

/// `calibrate export`: a camera's lens for other programs.
struct CalibrateExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a camera's lens for other programs: STMaps and OpenTrackIO.",
        discussion: """
            For plates of what the stage shot, and for programs that draw with the lens. Two \
            STMaps of one place of the rings, EXR of 32-bit floats at pixels' centers: \
            …-undistort-….exr looks each pixel of the straight picture up in the recorded one, \
            …-distort-….exr is the way back. The straight picture is that of a pinhole camera of \
            the focal length told, large enough for all that was recorded, its pixels as large, \
            without lens shift. ….opentrackio.jsonl has every known place of the rings, a sample a \
            line.

              cyclorama calibrate export volume --zoom 0.5 --focus 1 --out lens

            A lens of a calibration is exported once it is applied.
            """)

    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var stage: String
    @Option(help: "The camera, by name; the first if not given.") var camera: String?
    @Option(
        help: """
            One of the camera's measured lenses, or fixed, the stage file's own; the usual one if \
            not given.
            """)
    var lens: String?
    @Option(help: "One of the camera's sensor modes; standard if not given.")
    var sensorMode: String?
    @Option(help: "Where the zoom ring stands, 0 wide … 1 tele; wide if not given.")
    var zoom: Double?
    @Option(help: "Where the focus ring stands, 0 near … 1 far; far if not given.")
    var focus: Double?
    @Option(help: "v of the STMaps counts from the bottom (as Nuke's do) or the top.")
    var origin: LensExport.Origin = .bottom
    @Option(help: "Folder for the files.") var out: String

    func validate() throws {
        for (name, ring) in [("zoom", zoom), ("focus", focus)] {
            guard let ring, !(0...1 ~= ring) else { continue }
            throw ValidationError("--\(name) \(ring): 0 … 1 is expected")
        }
    }

    func run() throws {
        let built = try stageNamed(stage)
        let names = built.cameras.map(\.name)
        let index = camera.map { names.firstIndex(of: $0) } ?? 0
        guard let index, index < names.count else {
            throw TrackFault(
                names.isEmpty
                    ? "\(stage): the stage has no camera"
                    : "--camera \(camera ?? ""): the stage has \(names.joined(separator: ", "))")
        }
        var choice = LensExport.Choice()
        (choice.lens, choice.sensorMode, choice.zoom, choice.focus) = (
            lens, sensorMode, zoom, focus
        )
        let export = try LensExport(built.cameras[index], choice)
        try export.write(to: out, origin: origin).forEach { print($0) }
    }
}

extension LensExport.Origin: ExpressibleByArgument {}
