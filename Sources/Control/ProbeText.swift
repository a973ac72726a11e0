import Color
import Foundation
import FrameModel
import StageModel

/// Every step of a probed pixel's color as lines, in the order it is done.
extension ShowDocument {
    /// The lines of the newest sample; or why there are none.
    func probeLines(
        _ sample: ProbeSample?, atFrame frame: Int64, limiter: Double, looks: LookActions,
        corrections: CorrectionActions
    ) -> Result<[String], Request.Complaint> {
        let asked = Int(live.values[LiveLayout.stage + StageField.probeWall.rawValue].to)
        guard asked > 0 else {
            return .failure(
                Request.Complaint(
                    reason: "no pixel is probed – set probe/wall, probe/x and probe/y first"))
        }
        let wall = optics.walls[asked - 1]
        guard let color = wall.color, let sample, sample.frame >= 0,
            sample.place == place(ofProbe: sample, wall: asked - 1)
        else {
            return .failure(
                Request.Complaint(
                    reason: "nothing of \(wall.name) is drawn there – "
                        + (whyNothing(atFrame: frame)
                            ?? "probe/x and probe/y are a pixel of the canvas that feeds it")))
        }
        let processor = optics.processors[Int(sample.place.processor)]
        var lines = [
            "wall \(wall.name), pixel \(sample.place.x),\(sample.place.y) of \(processor.name)"
                + ", frame \(sample.frame)" + unlike(atFrame: frame)
        ]
        let correction = correction(ofWall: asked - 1, atFrame: frame, corrections)
        var light = ColorTriple()
        for view in 0..<9 where sample.views[view].w >= 0 {
            let trace = steps(
                sample, view, asked - 1, color, frame, limiter, looks, correction)
            let name = self.name(ofView: sample.cameras[view])
            lines += trace.map { "\(name): \(line($0))" }
            let weight = Double(sample.views[view].w)
            light += weight * ((trace.last?.color ?? light) - light)
        }
        if let correction, let panel = panel(at: sample.place, wall: wall) {
            lines.append(line(ColorStep("panel \(wall.panels[panel].name)", "nits", light)))
            let driven = color.steps(of: panel, correction, from: light)
            lines += driven.map(line)
            light = driven.last?.color ?? light
        }
        lines += codes(light, color, processor)
        return .success(lines)
    }

    /// The correction a wall is shown with.
    private func correction(
        ofWall wall: Int, atFrame frame: Int64, _ actions: CorrectionActions
    ) -> WallCorrection? {
        let isPassedBy = withUnsafePointer(to: live) {
            $0.wall(wall, .isUncorrected, at: frame) > 0.5
        }
        return isPassedBy ? nil : actions.correction(live.corrections[wall])
    }

    /// Number of the wall's panel a canvas pixel feeds.
    private func panel(at place: ProbePlace, wall: StageOptics.Wall) -> Int? {
        wall.panels.firstIndex { panel in
            let rect = panel.canvas
            return panel.processor == Int(place.processor)
                && rect.x..<rect.endX ~= Int(place.x) && rect.y..<rect.endY ~= Int(place.y)
        }
    }

    /// What stands before the picture; nil when nothing does.
    private func whyNothing(atFrame frame: Int64) -> String? {
        withUnsafePointer(to: live) { live in
            if live.stage(.blackout, at: frame) >= 1 { return "the blackout is on" }
            if live.pattern(.pattern, at: frame) != 0 {
                return "a test pattern is shown (pattern/show)"
            }
            return live.pointee.scene.slot < 0 ? "no scene is shown" : nil
        }
    }

    /// Says when the wall shows something else than what the steps end in.
    private func unlike(atFrame frame: Int64) -> String {
        withUnsafePointer(to: live) { live in
            (live.stage(.isFrozen, at: frame) > 0.5
                ? ", the wall is frozen: its grades may be others" : "")
                + (0.5...1.5 ~= live.stage(.view, at: frame)
                    ? ", the wall is in false colors: the steps are the picture's" : "")
        }
    }

    private func place(ofProbe sample: ProbeSample, wall: Int) -> ProbePlace {
        func value(_ field: StageField) -> Int {
            Int(live.values[LiveLayout.stage + field.rawValue].to)
        }
        return ProbePlace(
            processor: Int(sample.place.processor), x: value(.probeX), y: value(.probeY),
            wall: wall)
    }

    private func name(ofView camera: Int32) -> String {
        camera < 0 ? "outer" : "inner \(optics.cameras[Int(camera)])"
    }

    private func steps(
        _ sample: ProbeSample, _ view: Int, _ wall: Int, _ color: WallColor, _ frame: Int64,
        _ limiter: Double, _ looks: LookActions, _ correction: WallCorrection?
    ) -> [ColorStep] {
        withUnsafePointer(to: live) { live in
            let ofView = LiveLayout.scope(view: Int(sample.cameras[view]))
            let scopes = [LiveLayout.all, LiveLayout.scope(wall: wall), ofView]
            var stack = GradeStack(repeating: Grade())
            for (index, scope) in scopes.enumerated() {
                stack[index] = live.grade(scope: scope, at: frame)
                stack[index].look = looks.look(live.look(scope: scope, at: frame))
            }
            let v = sample.views[view]
            return color.steps(
                stack, scopes: ["all", "wall", "view"], limits: live.limits(wall: wall, at: frame),
                limiter: limiter, light: 1 - live.stage(.blackout, at: frame),
                correction: correction, angle: sample.angles[view],
                of: ColorTriple(Double(v.x), Double(v.y), Double(v.z)))
        }
    }

    /// What becomes of light in nits in its processor's codes.
    private func codes(
        _ nits: ColorTriple, _ color: WallColor, _ processor: Processor
    ) -> [String] {
        var signal = ColorTriple()
        var code = ColorTriple()
        for i in 0..<3 {
            signal[i] = processor.transfer.signal(light: nits[i] / color.fullScaleNits)
            code[i] = processor.range.code(signal: signal[i], bitDepth: processor.bitDepth)
        }
        let bits = "\(processor.bitDepth) bits, before dither"
        return [
            line(ColorStep("light", "nits", nits)), line(ColorStep("curve", "signal", signal)),
            line(ColorStep("code", bits, code)),
        ]
    }

    private func line(_ step: ColorStep) -> String {
        let numbers = (0..<3).map { shortText(rounded(step.color[$0])) }.joined(separator: " ")
        return "\(step.name) \(numbers) \(step.unit)"
    }

    /// Six digits are more than anybody reads.
    private func rounded(_ value: Double) -> Double {
        guard value != 0, value.isFinite else { return value }
        let scale = pow(10, 5 - log10(abs(value)).rounded(.down))
        return (value * scale).rounded() / scale
    }
}
