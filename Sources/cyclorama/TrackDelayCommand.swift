import ArgumentParser
import Foundation
import StageRun

/// `track delay`: a tracker's delay, from a take and what pictures of it show.
struct TrackDelayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delay",
        abstract: "Find a tracker's delay from a recorded pan and the pan measured in pictures.",
        discussion: """
            Let the wall show its frame strips (`cyclorama ctl STAGE set pattern/show strip`), \
            record a take (`… set take/record on`), pan about ± 10° to and fro for 10 s with the \
            camera recording the wall, end the take a second later. --pictures is the folder of \
            the recorded pictures, a file each (PNG, TIFF, EXR, JPEG; ffmpeg -i CLIP \
            pan/%05d.png makes them): frame and pan are read from the strips. What is found is \
            the delay with which the wall is right in these pictures, between -50 and 300 ms; a \
            pan that repeats itself, or is another one, is refused. Who measures pictures by \
            other means gives a table instead, one line a picture: FRAME,PANDEGREES; order and \
            gaps are free, and so is where the pan counts from and to which side.
            """)

    @Argument(help: "A .take file.") var take: String
    @Option(help: "The folder of the recorded pictures, or a table of lines FRAME,PANDEGREES.")
    var pictures: String
    @Option(help: "The camera that recorded the pictures, by name, where the take has several.")
    var camera: String?
    @Option(help: "With a table: the tracking source, by name, where the take has several.")
    var source: String?
    @Flag(help: "Print one JSON object and nothing else.") var json = false

    func run() throws {
        let recorded = try Take(path: take)
        let stage = try TakeReplay.stage(of: recorded)
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: pictures, isDirectory: &isFolder)
        let isPictures = exists && isFolder.boolValue
        if isPictures, source != nil {
            throw ValidationError(
                "--source goes with a table; for a folder of pictures say --camera")
        }
        if !isPictures, camera != nil {
            throw ValidationError(
                "--camera goes with a folder of pictures; for a table say --source")
        }
        let report =
            isPictures
            ? try TrackRun.delay(of: recorded, stage: stage, camera: camera, folder: pictures)
            : try TrackRun.delay(
                of: recorded, stage: stage, source: source,
                pictures: try PictureTable(path: pictures))
        if json { return try TrackArguments.printJSON(report) }
        Self.lines(report).forEach { print($0) }
    }

    /// The report for people.
    private static func lines(_ report: TrackRun.DelayReport) -> [String] {
        var lines = [
            "\(report.source): "
                + String(
                    format: "delay %.2f ± %.2f ms, %.2f frames; stage.yaml had %.2f ms",
                    report.delayMilliseconds, report.uncertaintyMilliseconds, report.delayFrames,
                    report.configuredMilliseconds),
            String(
                format: "%d pictures used, %d contradict them, %d outside the take; %.4f° rms "
                    + "left of the pan",
                report.pictures, report.picturesLeftOut, report.picturesOutside,
                report.residualDegrees),
        ]
        if let without = report.picturesWithoutStrips, without > 0 {
            lines.append("\(without) pictures without a strip that can be read")
        }
        lines += (report.complaints ?? []).map { "left out: \($0)" }
        if abs(abs(report.scale) - 1) > 0.02 {
            lines.append(
                String(
                    format: "note: the pictures turn %.3f times as far as the tracker – with "
                        + "another focal length than the lens has? The delay does not depend on it",
                    abs(report.scale)))
        }
        if let line = report.stageLine {
            lines.append("in stage.yaml, under tracking, \(report.source):  \(line)")
        } else {
            lines.append(
                String(
                    format: "no delay is below zero: the frames' light is stated too late – lower "
                        + "processors[].latencyMilliseconds by %.2f, or more, and find it again",
                    -report.delayMilliseconds))
        }
        return lines
    }
}
