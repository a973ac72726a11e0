import ArgumentParser
import Foundation
import FrameModel
import Scenes
import StageConfig
import StageModel
import Timing

/// `cyclorama scene`: looks at scenes and makes them.
struct SceneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scene", abstract: "Imports, checks and generates scenes.",
        subcommands: [
            SceneImportCommand.self, Check.self, Bake.self, Generate.self, ScenePictureCommand.self,
        ])

    /// Describes a scene, or prints everything that is wrong with it.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Describes a scene or prints every complaint about it.")

        @Argument(help: "A scene folder, its scene.yaml, one picture (a dome), or generated:NAME.")
        var path: String

        @Option(
            help: """
                The stage that shall show it, for how its movies' pictures fall on frames; without \
                it the stage whose folder of scenes it lies in.
                """)
        var stage: String?

        @Flag(help: "Print one JSON object.")
        var json = false

        /// Frames a second of the stage, where there is one.
        private func frames() throws -> Double? {
            let beside = URL(fileURLWithPath: path).appending(path: "../../stage.yaml")
                .standardizedFileURL.path
            let isThere = FileManager.default.fileExists(atPath: beside)
            guard let file = stage ?? (isThere ? beside : nil) else { return nil }
            switch StageConfig.load(file) {
            case .success(let stage): return stage.rate.hertz
            case .failure(let complaints):
                if stage == nil { return nil }
                throw ValidationError("\(complaints)")
            }
        }

        func run() throws {
            let frames = try frames()
            do throws(SceneComplaints) {
                let scene = try SceneFile.load(path)
                let summary = SceneSummary(scene, frames: frames)
                print(json ? summary.json : summary.text)
            } catch {
                if json {
                    print(SceneSummary.json(complaints: error.lines))
                } else {
                    print(error.description)
                }
                throw ExitCode.failure
            }
        }
    }

    /// Makes a scene's run-time form.
    struct Bake: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes the form a running stage reads, so that it starts at once.",
            discussion: """
                Written as scene.baked into the scene's folder: mip levels in half floats, with a \
                version and a checksum. `run` makes it too when it is not there, when a file of \
                the folder has changed, or when it is damaged.
                """)

        @Argument(help: "A scene folder, or its scene.yaml.")
        var path: String

        func run() throws {
            do throws(SceneComplaints) {
                let asset = try BakedScene.asset(of: path, isFresh: true) { print($0) }
                print("\(path): baked, \(asset.byteCount >> 20) MB")
            } catch {
                print(error.description)
                throw ExitCode.failure
            }
        }
    }

    /// Writes one of our own scenes as a folder.
    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Computes one of our own scenes and writes it as a scene folder.")

        @Argument(
            help: "Its name: \(GeneratedScene.names.joined(separator: ", ")).",
            completion: .list(GeneratedScene.names))
        var name: String

        @Option(name: .customLong("out"), help: "Folder to write; made when it is not there.")
        var folder: String

        @Option(help: "Pixels round the horizon, 512 … 8192.")
        var width: Int = 4096

        func run() throws {
            guard GeneratedScene.widths.contains(width) else {
                throw ValidationError("--width \(width): 512 … 8192 is expected")
            }
            guard let scene = GeneratedScene.named(name, width: width) else {
                throw ValidationError(
                    "\(name): there is no such scene – "
                        + "known are \(GeneratedScene.names.joined(separator: ", "))")
            }
            do throws(SceneComplaints) {
                try SceneFile.write(scene, to: folder)
                print(SceneSummary(scene).text)
            } catch {
                print(error.description)
                throw ExitCode.failure
            }
        }
    }
}
