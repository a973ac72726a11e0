import Foundation
import StageRun

/// What arrives from some trackers, drawn over itself on a terminal.
struct TrackWatchView {
    private var lineCount = 0

    /// Draws the newest figures where the last ones stood.
    mutating func draw(_ sources: [(name: String, port: UInt16, report: TrackRun.WatchReport)]) {
        let lines = sources.flatMap { Self.lines($0.name, $0.port, $0.report) }
        // Up to the first line, then each line anew and cleared to its end.
        let up = lineCount > 0 ? "\u{1B}[\(lineCount)A" : ""
        TrackArguments.printLine(up + lines.map { "\r\($0)\u{1B}[K" }.joined(separator: "\n"))
        lineCount = lines.count
    }

    /// Always as many lines a source, whatever is known.
    static func lines(
        _ name: String, _ port: UInt16, _ report: TrackRun.WatchReport
    ) -> [String] {
        let who = report.sender.map { "camera \(report.cameraID ?? 0) of \($0)" }
        let packets = report.packets
        let jitter = report.jitterMilliseconds
        return [
            "\(name)  port \(port)  \(report.status)  \(who ?? "nobody is heard")",
            "  rhythm   "
                + (jitter.map {
                    String(
                        format: "%.2f Hz, jitter p50 %.2f p99 %.2f max %.2f ms", report.rate,
                        $0.p50, $0.p99, $0.max)
                } ?? "not known yet"),
            "  packets  \(packets.accepted) used, \(packets.lost) lost, "
                + "\(packets.duplicates) duplicate, \(packets.outOfOrder) out of order, "
                + "\(packets.badChecksum) bad checksums",
            "  refused " + refused(packets),
            "  time     "
                + (report.ageMilliseconds.map { String(format: "%.1f ms old", $0) } ?? "–")
                + (report.phaseMilliseconds.map {
                    String(format: ", %.1f ms after a frame's instant", $0)
                } ?? "")
                + (report.clockBehindSeconds.map { ", " + TrackWatchCommand.clock($0) } ?? ""),
            "  pose     " + (report.pose.map(place) ?? "–")
                + (report.panErrorDegrees.map { String(format: ", ±%.4f° ahead", $0) } ?? ""),
            "  lens     " + (report.pose.map(lens) ?? "–"),
        ]
    }

    /// What was refused for another cause than those that have a place of their own.
    private static func refused(_ packets: TrackRun.WatchReport.Packets) -> String {
        var others = packets
        (others.lost, others.duplicates, others.outOfOrder, others.badChecksum) = (0, 0, 0, 0)
        let text = TrackWatchCommand.causes(others)
        return text.isEmpty ? "  nothing else" : text
    }

    private static func place(_ pose: TrackRun.WatchReport.Pose) -> String {
        String(
            format: "%.3f %.3f %.3f m, pan %.3f tilt %.3f roll %.3f°", pose.x, pose.y, pose.z,
            pose.panDegrees, pose.tiltDegrees, pose.rollDegrees)
    }

    /// What the tracker says of the lens: its rings, and more where it knows more.
    private static func lens(_ pose: TrackRun.WatchReport.Pose) -> String {
        let rings = String(format: "zoom %.4f, focus %.4f", pose.zoom, pose.focus)
        guard let focal = pose.focalLengthMillimeters else {
            return rings + ": rings only, the stage's lens is used"
        }
        return rings + String(format: ", the tracker says %.2f mm", focal)
            + (pose.entrancePupilMillimeters.map { String(format: ", pupil %.0f mm", $0) } ?? "")
    }
}
