import FrameModel
import Foundation
import Geometry
import LookFiles
public import StageCalibration
import StageModel

/// The check before a day's work: three poses and 27 patches against the last calibration.
extension CalibrationSession {
    /// Poses of a check.
    private static let checkPoses = 3

    /// Shows dots and patches once more and says in one line each what has moved since `record`.
    ///
    /// The way through is that of the session's steps; what is captured is kept in this session's
    /// folder, which has no open steps afterwards.
    /// - Parameter record: the folder of the calibration that is applied.
    public mutating func check(against record: String) throws -> [Verdict] {
        for step in SessionStep.allCases { self.record[step].state = .skipped }
        desk.say("Check of \(stage.name) against \(record), kept in \(folder)")
        var verdicts: [Verdict] = []
        if FileManager.default.fileExists(atPath: "\(record)/poses.json") {
            verdicts.append(try checked("registration", { try checkGeometry(record) }))
        }
        if FileManager.default.fileExists(atPath: "\(record)/samples.json") {
            verdicts.append(try checked("color", { try checkColor(record) }))
        }
        guard !verdicts.isEmpty else {
            throw RunError(
                "\(record): neither poses.json nor samples.json is in it – give the folder of a "
                    + "session, with --record")
        }
        if desk.request != nil { try? desk.set([("pattern/show", "picture")]) }
        self.record[.verify].verdicts = verdicts
        try self.record.write(folder)
        desk.say("")
        for verdict in verdicts {
            let light = ["green", "amber", "red"][
                verdict.level == .pass ? 0 : verdict.level == .warning ? 1 : 2]
            desk.say(
                "\(light)  \(verdict.subject): \(verdict.finding)"
                    + (verdict.advice.isEmpty ? "" : " – \(verdict.advice)"))
        }
        return verdicts
    }

    /// A part of the check; what cannot be read is a part that fails.
    private func checked(_ name: String, _ body: () throws -> Verdict) throws -> Verdict {
        do { return try body() } catch let pause as SessionPause { throw pause } catch {
            return Verdict(name, .fail, "\(error)", advice: "repeat the check")
        }
    }

    private func checkGeometry(_ record: String) throws -> Verdict {
        let solution = try GeometrySolution(try GeometryCaptures.read("\(record)/poses.json"))
        desk.say("The wall shows dots. Let the camera record; rings as they were calibrated.")
        try captureDots("check-dots", poses: Self.checkPoses, enough: 1)
        var entry = blank(.verify)
        let fresh = try readDots(&entry, "check-dots", least: 1).captures
        let errors = fresh.views.map { solution.reprojection(of: $0, fresh) }
        let (squares, count) = errors.reduce((0.0, 0)) { ($0.0 + $1.sum, $0.1 + $1.count) }
        let pixels = (squares / Double(max(1, count))).squareRoot()
        let found = String(
            format: "dots are met within %.2f px, %.2f px when calibrated", pixels,
            solution.reprojection)
        // Twice the record's (§6); the tracker's own noise, which a record does not have, is one
        // pixel at most.
        let allowed = max(1, 2 * solution.reprojection)
        if pixels <= allowed { return Verdict("registration", .pass, found) }
        return Verdict(
            "registration", pixels <= 3 * allowed ? .warning : .fail, found,
            advice:
                "look whether tracker, camera mount, rings or wall were touched; then calibrate "
                + "the geometry again: `cyclorama calibrate STAGE --step geometry`")
    }

    private func checkColor(_ record: String) throws -> Verdict {
        desk.say("The wall shows patches. Camera as for the color step.")
        try showPatches()
        try filmPatches("check-patches") { try blink(ColorDrift.patches, seconds: 0.5) }
        var entry = blank(.verify)
        let (footage, plate) = try keepFootage(&entry, "check-patches")
        let samples = try ColorSamples.read("\(record)/samples.json")
        guard plate == samples.plate else {
            throw RunError(
                "the pictures are of \(plate.rawValue), the calibration's of "
                    + "\(samples.plate.rawValue): record both alike")
        }
        let seen = try PatchCaptures.plates(
            footage, stage: stage, cell: FrameStripGrid.cellUsual)
        return try ColorDrift(samples, now: seen).verdict
    }

    /// The newest folder beside a stage file whose session has been solved; nil without one.
    public static func newestSolved(beside file: String) -> String? {
        let base = URL(fileURLWithPath: file).deletingLastPathComponent().path + "/calibration"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
        return names.sorted().reversed().map { "\(base)/\($0)" }.first {
            (try? SessionRecord.read($0))??[.solve].state == .done
        }
    }
}

/// One panel that was replaced.
extension CalibrationSession {
    /// Measures one panel's gain anew against its neighbors and writes its wall's correction.
    ///
    /// - Parameters:
    ///   - name: the panel's, as `main/c4r3`.
    ///   - record: the folder of the calibration it was replaced after.
    public mutating func panel(_ name: String, against record: String) throws {
        for step in SessionStep.allCases { self.record[step].state = .skipped }
        guard let panel = stage.panels.firstIndex(where: { $0.name == name }) else {
            throw RunError(
                "\(name.prefix(40)): the stage has no such panel; its first is "
                    + "\(stage.panels.first?.name ?? "none"), its last "
                    + "\(stage.panels.last?.name ?? "none")")
        }
        let known = try GeometryCaptures.read("\(record)/panels.json")
        let gains = try PanelGains.read("\(record)/panel-gains.json")
        desk.say("\(name): the wall shows dots. Three poses with the panel in the middle of the")
        desk.say("picture and its neighbors round it; let the camera record.")
        try captureDots("panel-dots", poses: Self.panelPoses, enough: 1)
        var entry = blank(.geometry)
        let found = try readDots(&entry, "panel-dots", least: 1)
        var captures = found.captures
        captures.groups = found.panels
        let solution = try GeometrySolution(known)
        let renewed = try gains.replacing(panel, by: captures, solution)
        let (before, after) = (gains.gains[panel], renewed.gains[panel])
        desk.say(
            String(
                format: "%@: × %.4f  %.4f  %.4f, before × %.4f  %.4f  %.4f", name, after.x,
                after.y, after.z, before.x, before.y, before.z))
        try renewed.write(to: "\(folder)/panel-gains.json")
        try known.write(to: "\(folder)/panels.json")
        let files = renewed.correctionFiles(
            known, of: stage, headroom: PanelGains.usualHeadroom,
            from: .init(part: "panels", solvedFrom: "\(folder)/panel-gains.json"))
        for file in files { keep(file, "panels", &entry) }
        entry.state = .done
        self.record[.geometry] = entry
        try self.record.write(folder)
        if desk.request != nil { try? desk.set([("pattern/show", "picture")]) }
        desk.say("Onto the stage: cyclorama calibrate apply \(path) \(folder)")
    }

    /// Poses before a panel.
    private static let panelPoses = 3
}
