import Foundation
import StageRun
import Tracking

/// An evaluation as a table for people.
struct TrackEvaluationText {
    private let result: TrackRun.Evaluation

    init(_ result: TrackRun.Evaluation) { self.result = result }

    var text: String {
        var lines = [head]
        lines.append(
            column("ahead", 8) + column("", 8)
                + ["pan °", "tilt °", "roll °", "x cm", "y cm", "z cm"].map { column($0, 14) }
                .joined()
                + ["middle px", "corner px", "at wall px"].map { column($0, 19) }.joined())
        lines.append(
            column("", 16) + String(repeating: column("rms", 8) + column("max", 6), count: 6)
                + String(
                    repeating: column("p50", 7) + column("p99", 6) + column("max", 6), count: 3))
        for (chosen, hold) in zip(result.chosen.horizons, result.hold.horizons) {
            lines.append(line(chosen, result.predictor))
            if result.predictor != Prediction.Kind.hold.rawValue {
                lines.append(line(hold, "hold"))
            }
        }
        return lines.joined(separator: "\n")
    }

    private var head: String {
        let seconds = Double(result.frames + result.missing) / result.rate
        var parts = [
            "\(result.file): \(result.frames) \(result.format == .f4 ? "F4" : "FreeD") frames of "
                + "camera \(result.cameraID), "
                + String(format: "%.1f s at %g a second", seconds, result.rate)
        ]
        if result.missing > 0 { parts.append("\(result.missing) frames are missing in it") }
        if result.skippedBytes > 0 { parts.append("\(result.skippedBytes) bytes are damaged") }
        if result.predictor != Prediction.Kind.hold.rawValue {
            parts.append(
                "\(result.predictor) over \(result.turningSamples) samples for turning, "
                    + "\(result.velocitySamples) for velocity")
        }
        if result.lossPercent > 0 {
            parts.append(
                String(format: "%g %% lost on purpose (%d)", result.lossPercent, result.chosen.lost)
            )
        }
        if result.chosen.refused > 0 { parts.append("\(result.chosen.refused) packets refused") }
        let camera = String(
            format: "pixels of %g × %g mm, F %g, %g wide: in the middle and at the worst corner, "
                + "far away; at the worst corner on a wall %g m away",
            result.sensorMillimeters[0], result.sensorMillimeters[1],
            result.focalLengthMillimeters, result.pixelsWide, result.wallMeters)
        return parts.joined(separator: "; ") + "\n" + camera
    }

    private func line(_ errors: Tracking.Trial.Errors, _ name: String) -> String {
        let degrees = [errors.pan, errors.tilt, errors.roll].map {
            String(format: "%8.4f%6.2f", $0.rms, $0.max)
        }
        let centimeters = [errors.x, errors.y, errors.z].map {
            String(format: "%8.4f%6.2f", $0.rms * 100, $0.max * 100)
        }
        let pixels = [errors.middle, errors.horizonCorner, errors.wallCorner].map {
            String(format: "%7.2f%6.2f%6.1f", $0.p50, $0.p99, $0.max)
        }
        let ahead = String(format: "%g ms", errors.horizon * 1000)
        return column(ahead, 8) + column(name, 8)
            + (degrees + centimeters + pixels).joined()
    }

    /// Set right in a column.
    private func column(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
