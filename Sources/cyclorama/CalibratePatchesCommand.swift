import ArgumentParser
import Foundation
import FrameModel
import StageCalibration
import StageModel

/// `calibrate patches`: a camera's pictures of the wall's patches become colour samples.
struct CalibratePatchesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patches",
        abstract: "Make color samples of a camera's pictures of a wall's numbered patches.",
        discussion: """
            Let the wall show its patches (`cyclorama ctl STAGE set pattern/show patches`), one \
            after the other (`set pattern/step N`, 0 … 63), half a second each, and record. The \
            patch fills two thirds of the picture's height, strips beside it are in the picture: \
            which patch a picture shows is told by them. PICTURES is a folder of stills or a movie.

              cyclorama calibrate patches volume clip.mov --curve logc4 \\
                --plate "ARRI Wide Gamut 4" --out samples.json
              cyclorama calibrate color samples.json --out calibration
            """)

    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var stage: String
    @Argument(help: "A folder of stills, or a movie.") var pictures: String
    @OptionGroup var plate: PlateOptions
    @Option(help: "The wall; the first without it.") var wall: String?
    @Option(help: "The strips' cells as pattern/cell had them.") var cell = FrameStripGrid.cellUsual
    @Option(help: "The file of samples to write.") var out: String

    func validate() throws {
        guard 1...FrameStripGrid.cellMax ~= cell else {
            throw ValidationError("--cell \(cell): 1 … \(FrameStripGrid.cellMax) is expected")
        }
    }

    func run() throws {
        let built = try stageNamed(stage)
        let names = built.walls.map(\.name)
        guard let index = wall.map({ names.firstIndex(of: $0) }) ?? 0 else {
            throw TrackFault("--wall \(wall ?? ""): the stage has \(names.joined(separator: ", "))")
        }
        let captures = try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            try PatchCaptures(
                try CameraFootage(pictures, curve: plate.curve), stage: built, wall: index,
                cell: cell, plate: plate.space)
        }
        print("\(captures.used) of \(captures.pictures) pictures used")
        captures.verdicts.forEach { print($0) }
        try CalibrateCommand.leave(captures.verdicts)
        try CalibrateCommand.plainly { () throws(CalibrationRefusal) in
            try captures.samples.write(to: out)
        }
        print("wrote \(out)")
    }
}

/// What a camera's numbers mean.
struct PlateOptions: ParsableArguments {
    @Option(
        name: .customLong("curve"),
        help: "The camera's curve, needed for a movie: \(CameraCurve.names).")
    var curveName: String?
    @Option(name: .customLong("plate"), help: "The camera's primaries: \(Self.spaces).")
    var plateName = PlateSpace.acesCG.rawValue

    private static var spaces: String {
        PlateSpace.allCases.map(\.rawValue).joined(separator: ", ")
    }
    var curve: CameraCurve? { curveName.flatMap { CameraCurve(rawValue: $0) } }
    var space: PlateSpace { PlateSpace(rawValue: plateName) ?? .acesCG }

    func validate() throws {
        if let curveName, curve == nil {
            throw ValidationError("--curve \(curveName): see --help for those that are known")
        }
        guard PlateSpace(rawValue: plateName) != nil else {
            throw ValidationError("--plate \(plateName): see --help for those that are known")
        }
    }
}
