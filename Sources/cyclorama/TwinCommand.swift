import ArgumentParser
import Foundation
import FrameModel
import Scenes
import StageConfig
import StageModel
import StageRun
import StageTwin

/// `cyclorama twin`: the simulated wall and camera say how right the emitted picture is.
struct TwinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "twin",
        abstract: "Photographs the emitted picture with a simulated camera and judges it.",
        discussion: """
            The frame path is driven by a simulated tracker over the default move; its RTP packets \
            light a simulated wall, which a simulated camera photographs. The photographs are \
            compared with the scene itself. Exit status 1 when a bar is missed.
            """)

    @Argument(help: "A stage.yaml, its folder, or the name of a folder in stage-configs.")
    var stage: String

    @Option(
        help:
            "Judge a scene's light too: folder, scene.yaml, one picture, generated:NAME."
    )
    var scene: String?

    @Option(help: "What carries the charts: \(Self.names(TwinContent.self)).")
    var content: String = TwinContent.cards.rawValue

    @Option(help: "How the camera moves: \(Self.names(TwinRun.Move.self)).")
    var move: String = TwinRun.Move.moving.rawValue

    @Option(help: "Moments photographed, 1 … 240.")
    var moments: Int = 24

    @Flag(help: "Look at every picture pixel, not at every fourth both ways.")
    var full = false

    @Option(help: "Age of the tracking data that nobody is told of, milliseconds.")
    var hiddenLatencyMilliseconds: Double = 0

    @Option(help: "From a frame's tick to its light, milliseconds: how far the camera is foreseen.")
    var leadMilliseconds: Double = 0

    @Flag(help: "Hold the live registration error against photographs of the frustum's corners.")
    var corners = false

    @Option(
        help: """
            Judge what scene import makes of a picture with depth, seen from half a metre round \
            its viewpoint: mesh or plates.
            """)
    var depth: String?

    @Option(help: "Width of that picture, pixels, 640 … 4096.")
    var depthWidth = 3840

    @Option(help: "Plant a mistake: \(Self.names(TwinFault.self)).")
    var fault: String?

    @Option(help: "Write photograph, truth and difference side by side to this PNG file.")
    var picture: String?

    @Option(help: "Moment of the picture.")
    var pictureMoment: Int = 0

    @Option(help: "Every so many pixels of the camera in the picture, 1 … 8.")
    var pictureStep = 2

    @Option(help: "Set the stage first, by the lines of a control session in this file.")
    var edits: String?

    @Flag(help: "Bake costly grades, as a stage does that nobody edits.")
    var baked = false

    @Option(
        help:
            "Judge color alone, by what this JSON file says the patches of --chart ought to be.")
    var wanted: String?

    @Flag(help: "Print the chart of color, the walls and the camera as JSON, and judge nothing.")
    var chart = false

    @Flag(help: "Print one JSON object alone on standard output.")
    var json = false

    private static func names<Names: CaseIterable & RawRepresentable>(
        _ all: Names.Type
    ) -> String where Names.RawValue == String {
        all.allCases.map(\.rawValue).joined(separator: ", ")
    }

    private func loadedStage() throws -> Stage {
        switch StageConfig.load(stage) {
        case .success(let stage): return stage
        case .failure(let complaints):
            FileHandle.standardError.write(Data("\(complaints)\n".utf8))
            throw ExitCode.failure
        }
    }

    func run() throws {
        if let depth { return try judgeDepth(as: depth) }
        let run = try TwinRun(stage: loadedStage(), options: options())
        if chart { return try TrackArguments.printJSON(TwinGrades.Chart(of: run)) }
        if let wanted {
            return try TwinGrades.judge(run, wanted: wanted, asJSON: json)
        }
        if corners {
            let comparison = try run.compareRegistration()
            return json ? try TrackArguments.printJSON(comparison) : print(comparison.text)
        }
        var report = try run.judge(progress: tell)
        if !json { FileHandle.standardError.write(Data("\r".utf8)) }
        if scene != nil { report.scene = try run.judge(scene: shownScene(run)) }
        if let picture {
            let scene = try shownScene(run)
            let index = min(max(0, pictureMoment), run.momentCount - 1)
            try Data(
                run.picture(scene: scene, moment: index, step: pictureStep)
            ).write(to: URL(filePath: picture))
        }
        try show(report)
        if !report.complaints.isEmpty { throw ExitCode.failure }
    }

    private func tell(_ share: Double) {
        guard !json else { return }
        FileHandle.standardError.write(Data("\r\(Int(share * 100)) %".utf8))
    }

    private func judgeDepth(as name: String) throws {
        guard let form = ImportOptions.Form(rawValue: name), form == .mesh || form == .plates else {
            throw ValidationError("--depth \(name): mesh or plates is expected")
        }
        guard (640...4096).contains(depthWidth) else {
            throw ValidationError("--depth-width \(depthWidth): 640 … 4096 is expected")
        }
        var options = try options()
        options.move = .around
        // Finer than charts: what is left out round edges is three pixels wide.
        options.step = full ? 1 : 3
        let run = try TwinRun(stage: loadedStage(), options: options)
        let report = try run.judgeDepth(as: form, width: depthWidth, progress: tell)
        if json {
            try TrackArguments.printJSON(report)
        } else {
            func text(_ value: Double) -> String { String(format: "%.3f", value) }
            print(
                """
                \rstage         \(report.stage), \(report.moments) moments, \(report.form) of a \
                picture with depth
                parallax      p50 \(text(report.p50Pixels)) p99 \(text(report.p99Pixels)) camera \
                px, coverage \(text(report.coverage)) of \(report.points) points
                holes         \(text(100 * report.holes)) % of the picture, the background at \
                most \(text(100 * report.deepestHole)) % of a point's light
                """)
            for complaint in report.complaints { print("MISSED  \(complaint)") }
        }
        if !report.complaints.isEmpty { throw ExitCode.failure }
    }

    private func options() throws -> TwinRun.Options {
        var options = TwinRun.Options()
        guard let move = TwinRun.Move(rawValue: move) else {
            throw ValidationError("--move \(move): known are \(Self.names(TwinRun.Move.self))")
        }
        guard let content = TwinContent(rawValue: content) else {
            throw ValidationError(
                "--content \(content): known are \(Self.names(TwinContent.self))")
        }
        options.content = content
        guard (1...8).contains(pictureStep) else {
            throw ValidationError("--picture-step \(pictureStep): 1 … 8 is expected")
        }
        guard (1...240).contains(moments) else {
            throw ValidationError("--moments \(moments): 1 … 240 is expected")
        }
        guard hiddenLatencyMilliseconds.isFinite, (0...1000).contains(hiddenLatencyMilliseconds)
        else {
            throw ValidationError("--hidden-latency-milliseconds: 0 … 1000 is expected")
        }
        guard leadMilliseconds.isFinite, (0...200).contains(leadMilliseconds) else {
            throw ValidationError("--lead-milliseconds: 0 … 200 is expected")
        }
        options.lead = leadMilliseconds / 1000
        if let fault {
            guard let planted = TwinFault(rawValue: fault) else {
                throw ValidationError("--fault \(fault): known are \(Self.names(TwinFault.self))")
            }
            options.fault = planted
        }
        if let edits { options.edits = try TwinGrades.edits(edits) }
        options.isBaked = baked
        options.move = move
        options.moments = moments
        options.step = full ? 1 : 4
        options.hiddenLatency = hiddenLatencyMilliseconds / 1000
        return options
    }

    private func shownScene(_ run: TwinRun) throws -> Scene {
        guard let scene else {
            return GeneratedScene.named(GeneratedScene.names[0], width: 4096)
                ?? Scene(name: "none", dome: nil)
        }
        do throws(SceneComplaints) {
            return try SceneFile.load(scene)
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            throw ExitCode.failure
        }
    }

    private func show(_ report: TwinReport) throws {
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(report), as: UTF8.self))
            return
        }
        func text(_ value: Double) -> String { String(format: "%.3f", value) }
        let r = report.registration
        print(
            "stage         \(report.stage), \(report.moments) moments, charts on "
                + report.content.rawValue)
        print(
            "registration  p50 \(text(r.p50Pixels)) p99 \(text(r.p99Pixels)) "
                + "max \(text(r.maxPixels)) camera px, coverage \(text(r.coverage))")
        print("seam          max \(text(report.seam.maxPixels)) camera px")
        print(
            "color         ΔE_ITP mean \(text(report.color.meanDeltaEITP)) "
                + "p99 \(text(report.color.p99DeltaEITP)), "
                + "\(text(100 * report.color.reachable)) % of the patches reachable")
        if let scene = report.scene {
            print(
                "scene         \(scene.name): ΔE_ITP mean \(text(scene.meanDeltaEITP)) "
                    + "p99 \(text(scene.p99DeltaEITP)) over \(scene.blocks) blocks of 8 × 8 LEDs, "
                    + "\(text(100 * scene.reachable)) % of them reachable")
            print("              " + TwinReport.Scene.limits)
        }
        print("stream        \(report.stream.packets) packets, \(report.stream.frames) frames")
        if report.complaints.isEmpty { print("The picture is right.") }
        for complaint in report.complaints { print("MISSED  \(complaint)") }
    }
}
