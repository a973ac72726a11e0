import ArgumentParser
import Foundation
import StageRun

/// `track delay`: a tracker's delay, from a take and what pictures of it show.
struct TrackDelayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delay",
        abstract: "Find a tracker's delay from a recorded pan and the pan measured in pictures.",
        discussion: """
            Record a take (`cyclorama ctl STAGE set take/record on`), pan about ± 10° to and fro \
            for 10 s with the camera recording the wall, end the take a second later. Then, for \
            each recorded picture, measure its pan against the real room, and read from the strip \
            the number of the wall frame it shows. --pictures is a table of these, one line a \
            picture: FRAME,PANDEGREES. Order and gaps are free, and so is where the pan counts \
            from and to which side. What is found is the delay with which the wall is right in \
            these pictures, between -50 and 300 ms; a pan that repeats itself, or is another \
            one, is refused.
            """)

    @Argument(help: "A .take file.") var take: String
    @Option(help: "The table: lines FRAME,PANDEGREES.") var pictures: String
    @Option(help: "The tracking source, by name, where the take has several.")
    var source: String?
    @Flag(help: "Print one JSON object and nothing else.") var json = false

    func run() throws {
        let recorded = try Take(path: take)
        let report = try TrackRun.delay(
            of: recorded, stage: try TakeReplay.stage(of: recorded), source: source,
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
