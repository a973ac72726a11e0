import Color
import Foundation
import Geometry
import LookFiles
public import StageCalibration

/// What has changed from one calibration to another: pixels, ΔE_ITP and per cent, each with a
/// verdict.
public struct CalibrationDiff {
    /// A line for each thing that both have.
    public private(set) var lines: [String] = []
    /// What is made of it.
    public private(set) var verdicts: [Verdict] = []

    /// Compares the results of two folders.
    ///
    /// Throws one sentence where one cannot be read or they have nothing in common.
    public init(_ first: String, _ second: String) throws {
        let (a, b) = (
            try CalibrationResults(folder: first), try CalibrationResults(folder: second)
        )
        if let a = a.geometry?.value, let b = b.geometry?.value { compare(a, b) }
        for found in a.corrections {
            guard let other = b.corrections.first(where: { $0.value.wall == found.value.wall })
            else { continue }
            compare(found.value, other.value)
        }
        guard !lines.isEmpty else {
            throw RunError(
                "\(first) and \(second) have nothing in common: a geometry, or a correction of the "
                    + "same wall, in both is compared")
        }
    }

    // MARK: - Geometry

    private mutating func compare(_ a: GeometryReport, _ b: GeometryReport) {
        let (mountA, mountB) = (a.bodyFromPupil.pose, b.bodyFromPupil.pose)
        let (stageA, stageB) = (a.stageFromTracker.pose, b.stageFromTracker.pose)
        let size =
            a.picture ?? [
                Int(2 * a.camera.center.x) + 1, Int(2 * a.camera.center.y) + 1,
            ]
        let lens = Self.worst(size) { b.camera.pixel($0.direction(in: a.camera)) }
        let both = Self.worst(size) { pixel in
            // Four metres ahead, by way of the body that carries both.
            let pupil = CameraModel.cameraFromPupil.inverse * (4 * pixel.direction(in: a.camera))
            let seen = CameraModel.cameraFromPupil * (mountB.inverse * (mountA * pupil))
            return b.camera.pixel(seen)
        }
        lines.append(
            "lens: up to \(text(lens)) px; with its place on the tracker, 4 m ahead: "
                + "\(text(both)) px (\(Self.text(mountA, mountB)))")
        lines.append(
            "tracker on the stage: \(Self.text(stageA, stageB)); scale "
                + "\(percent(b.trackerScale / a.trackerScale - 1))")
        lines.append(
            "dots were met within \(text(a.reprojectionPixels)) px, then "
                + "\(text(b.reprojectionPixels)) px")
        if a.wallShifts.count == b.wallShifts.count {
            let most = zip(a.wallShifts, b.wallShifts).map { ($1 - $0).length }.max() ?? 0
            lines.append("wall: up to \(text(most * 1000)) mm")
        }
        let isWorse = b.reprojectionPixels > 2 * a.reprojectionPixels
        verdicts.append(
            isWorse || both > 2
                ? Verdict(
                    "geometry", .warning,
                    isWorse ? "dots are met half as well as before" : "moved by \(text(both)) px",
                    advice: "look whether camera, tracker or wall was touched, and calibrate again")
                : Verdict("geometry", .pass, "within \(text(both)) px"))
    }

    /// The greatest distance of pixels over the picture from where they were.
    private static func worst(_ size: [Int], _ moved: (Vector2) -> Vector2?) -> Double {
        var worst = 0.0
        for row in 0...4 {
            for column in 0...8 {
                let pixel = Vector2(
                    Double(size[0] - 1) * Double(column) / 8,
                    Double(size[1] - 1) * Double(row) / 4)
                guard let seen = moved(pixel) else { return .infinity }
                let off = seen - pixel
                worst = max(worst, (off * off).sum().squareRoot())
            }
        }
        return worst
    }

    private static func text(_ a: Pose, _ b: Pose) -> String {
        let turn = a.rotation.transposed * b.rotation
        let axis = Vector3(turn.y.z - turn.z.y, turn.z.x - turn.x.z, turn.x.y - turn.y.x) / 2
        let degrees = asin(min(1, axis.length)) * 180 / .pi
        let far = (b.translation - a.translation).length * 1000
        return String(format: "%.2f mm, %.4f°", far, degrees)
    }

    // MARK: - Walls

    private mutating func compare(_ a: WallCorrectionFile, _ b: WallCorrectionFile) {
        let before = lines.count
        compareColors(a, b)
        comparePanels(a, b)
        compareAngles(a, b)
        if lines.count == before { lines.append("\(a.wall): no part is in both") }
    }

    /// What the first wall would show of colors it is driven with by the second correction.
    private mutating func compareColors(_ a: WallCorrectionFile, _ b: WallCorrectionFile) {
        guard let first = a.colors, let second = b.colors else { return }
        let rec2020 = ColorMatrix.rgb(from: first.primaries, to: .rec2020) * first.peakNits
        let other = ColorMatrix.rgb(from: first.primaries, to: second.primaries)
        var errors: [(content: ColorTriple, error: Double)] = []
        for content in ColorReport.colors {
            let drive = second.drive(other * content * (first.peakNits / second.peakNits))
            let shown = first.content(drive: drive * (second.peakNits / first.peakNits))
            errors.append((content, deltaEITP(rec2020 * content, rec2020 * shown)))
        }
        let mean = errors.reduce(0) { $0 + $1.error } / Double(errors.count)
        let most = errors.map(\.error).max() ?? 0
        // The greys are the list's first.
        let white = errors.prefix(7).map(\.error).max() ?? 0
        lines.append(
            "\(a.wall): colors ΔE_ITP mean \(text(mean)), up to \(text(most)), greys up to "
                + text(white))
        verdicts.append(
            white > 2 || mean > 2
                ? Verdict(
                    "\(a.wall) colors", .warning, "moved by ΔE_ITP \(text(max(white, mean)))",
                    advice: "apply the newer one, once it is sure that wall and camera were warm")
                : Verdict("\(a.wall) colors", .pass, "within ΔE_ITP \(text(max(white, mean)))"))
    }

    private mutating func comparePanels(_ a: WallCorrectionFile, _ b: WallCorrectionFile) {
        guard let panels = a.panels, let others = b.panels else { return }
        let gains = Dictionary(
            others.map { ($0.name, $0.gain) }, uniquingKeysWith: { first, _ in first })
        var ratios: [(name: String, ratio: Double)] = []
        for panel in panels {
            guard let gain = gains[panel.name] else { continue }
            for (one, other) in zip(panel.gain, gain) where one > 0 {
                ratios.append((panel.name, other / one - 1))
            }
        }
        guard let worst = ratios.max(by: { abs($0.ratio) < abs($1.ratio) }) else { return }
        let mean = (ratios.reduce(0) { $0 + $1.ratio * $1.ratio } / Double(ratios.count))
            .squareRoot()
        lines.append(
            "\(a.wall): panels \(percent(mean)) rms, up to \(percent(worst.ratio)) "
                + "(\(worst.name))")
        verdicts.append(
            abs(worst.ratio) > 0.05
                ? Verdict(
                    "\(a.wall) panels", .warning,
                    "\(worst.name) changed by \(percent(worst.ratio))",
                    advice: "look whether that panel was replaced or is failing")
                : Verdict("\(a.wall) panels", .pass, "within \(percent(worst.ratio))"))
    }

    private mutating func compareAngles(_ a: WallCorrectionFile, _ b: WallCorrectionFile) {
        guard let first = a.viewAngle, let second = b.viewAngle else { return }
        func power(_ angle: WallCorrectionFile.Angle, _ h: Double, _ channel: Int) -> Double {
            let t = angle.terms.map { $0[channel] }
            let even = h * h * t[1] + h * h * h * h * t[2]
            return h * t[0] + even
        }
        var worst = 0.0
        for h in [-0.75, 0.75] {
            for channel in 0..<3 {
                let change = power(second, h, channel) - power(first, h, channel)
                worst = max(worst, abs(exp(change) - 1))
            }
        }
        lines.append("\(a.wall): view angle, at 45° \(percent(worst))")
    }

    private func text(_ x: Double) -> String { String(format: "%.3g", x) }
    private func percent(_ x: Double) -> String { String(format: "%.2f %%", x * 100) }
}

extension Vector2 {
    /// The direction a pixel looks in, 1 ahead.
    fileprivate func direction(in camera: CameraModel) -> Vector3 {
        let ray = camera.ray(self)
        return Vector3(ray.x, ray.y, 1)
    }
}

/// The colors of a correction, by themselves.
private struct CorrectionColors {
    var primaries: Primaries
    var peakNits: Double
    var correction: WallCorrection

    func drive(_ content: ColorTriple) -> ColorTriple {
        correction.drive(of: correction.ofChannels(content), panel: -1, peakNits: peakNits)
    }

    func content(drive: ColorTriple) -> ColorTriple {
        var light = drive
        if !correction.curves.isEmpty {
            for i in 0..<3 { light[i] = correction.curves[i].light(drive: drive[i]) }
        }
        return correction.matrix.inverse * (light - correction.offset)
    }
}

extension WallCorrectionFile {
    /// Its primaries and curves, where it has them and they may be used.
    fileprivate var colors: CorrectionColors? {
        var only = self
        (only.panels, only.viewAngle, only.table, only.verdicts) = (nil, nil, nil, [])
        guard matrix != nil, let peakNits, let xy = primaries, xy.count == 4,
            xy.allSatisfy({ $0.count == 2 })
        else { return nil }
        let all = xy.map { Chromaticity($0[0], $0[1]) }
        let stated = Primaries(red: all[0], green: all[1], blue: all[2], white: all[3])
        let made = try? only.correction(
            for: Wall(name: self.wall, primaries: stated, peakNits: peakNits, panels: []), file: ""
        ) { name throws(LookComplaint) in try LookFile.read(name) }
        return made.map {
            CorrectionColors(primaries: stated, peakNits: peakNits, correction: $0)
        }
    }
}
