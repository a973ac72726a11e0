import ArgumentParser
import Scenes

/// `cyclorama scene import`: a picture or a movie becomes a set.
struct SceneImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Makes a scene folder of a picture, with or without depth, a movie or a .glb.",
        discussion: """
            What is not said is guessed, and each guess is printed with the option that changes \
            it. A picture with a depth map becomes triangles cut at the map's jumps, with what \
            stands behind filled in (--as mesh), or flat soft-edged cards (--as plates). A 2:1 \
            picture is a panorama, and so is a 2:1 movie; another movie is a card, `loop`, `speed` \
            and `cues` in scene.yaml say how it plays. The folder's scene.yaml can be edited.
            """)

    @Argument(
        help: """
            A picture (EXR, HDR, PNG, JPEG, TIFF, DPX), a movie (.mov, .mp4, .mkv, .mxf, .avi), \
            numbered pictures as one (shot.####.exr), or a mesh (.glb).
            """)
    var picture: String

    @Option(name: .customLong("out"), help: "Folder to write; made when it is not there.")
    var folder: String

    @Option(help: "The picture's depth map: PNG of 8 or 16 bits, EXR, TIFF, PFM.")
    var depth: String?

    @Option(name: .customLong("as"), help: "What is made: \(Self.names(ImportOptions.Form.self)).")
    var form = ImportOptions.Form.auto.rawValue

    @Option(help: "What depth means: \(Self.names(ImportOptions.DepthKind.self)).")
    var depthKind = ImportOptions.DepthKind.auto.rawValue

    @Option(help: "Distance of the nearest thing, meters.")
    var near: Double?

    @Option(help: "Distance of the farthest thing, meters.")
    var far: Double?

    @Option(help: "Angle the picture's longer side is seen at, degrees, 10 … 150.")
    var fov: Double?

    @Option(help: "Height of the eye over the floor, meters.")
    var eyeHeight = ImportOptions().eyeHeight

    @Option(help: "Where the horizon lies: 0 = the picture's upper edge, 1 = its lower.")
    var horizon: Double?

    @Option(help: "Distance of a picture without depth, meters.")
    var distance = ImportOptions().distance

    @Option(help: "Cards of --as plates, 2 … 16.")
    var layers = ImportOptions().layers

    @Option(help: "Triangles of --as mesh, at most.")
    var triangles = ImportOptions().triangles

    @Option(help: "How far the camera goes from the viewpoint, meters.")
    var reach = ImportOptions().reach

    @Option(help: "Stops a display's white is raised by, 0 … 6; floats are left as they are.")
    var expand: Double?

    @Option(help: "Pictures a second of numbered pictures; 24 if not given.")
    var rate: Double?

    @Option(help: "The scene's name; the picture's if not given.")
    var name: String?

    private static func names<Names: CaseIterable & RawRepresentable>(
        _ all: Names.Type
    ) -> String where Names.RawValue == String {
        all.allCases.map(\.rawValue).joined(separator: ", ")
    }

    func run() throws {
        do throws(SceneComplaints) {
            let made = try SceneImport(picture, depth: depth, to: folder, options: try options())
            made.notes.forEach { print("  \($0)") }
            print("\(folder): written – `cyclorama run STAGE --scene \(folder)` shows it")
        } catch {
            print(error.description)
            throw ExitCode.failure
        }
    }

    private func options() throws(SceneComplaints) -> ImportOptions {
        var options = ImportOptions()
        guard let form = ImportOptions.Form(rawValue: form) else {
            throw SceneComplaints(unknown: "--as \(form)", ImportOptions.Form.self)
        }
        guard let kind = ImportOptions.DepthKind(rawValue: depthKind) else {
            throw SceneComplaints(
                unknown: "--depth-kind \(depthKind)", ImportOptions.DepthKind.self)
        }
        (options.form, options.depthKind, options.near, options.far) = (form, kind, near, far)
        (options.fieldOfView, options.eyeHeight, options.horizon) = (fov, eyeHeight, horizon)
        (options.distance, options.layers, options.triangles) = (distance, layers, triangles)
        (options.reach, options.expand, options.name) = (reach, expand, name)
        options.rate = rate
        return options
    }
}
