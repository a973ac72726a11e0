import Foundation
import FrameModel
import Geometry
import LookFiles
import StageCalibration
import StageModel

/// The steps that solve and judge.
extension CalibrationSession {
    func solve() throws -> SessionRecord.Entry {
        var entry = blank(.solve)
        for step in record.entries where step.state == .done {
            for capture in step.captures { try record.check(capture, in: folder) }
        }
        if record[.geometry].state == .done { try solveGeometry(&entry) }
        if record[.color].state == .done { try solveColor(&entry) }
        guard !entry.results.isEmpty else {
            throw RunError("neither geometry nor color was captured: there is nothing to solve")
        }
        entry.results.append("report.html")
        return entry
    }

    /// The page for a browser, of what was solved; colors as they were verified, if they were.
    func writePage() throws {
        guard record[.solve].state == .done else { return }
        var page = CalibrationPage(
            title: "\(stage.name): calibration",
            subtitle: [
                record[.solve].time.map { "solved \($0.prefix(10))" },
                stage.cameras.first.map { "camera \($0.name)" },
                stage.walls.first.map { "wall \($0.name)" }, "\(stage.panels.count) panels",
            ].compactMap(\.self).joined(separator: " · "))
        if record[.geometry].state == .done {
            page.add(
                try GeometryCaptures.read("\(folder)/poses.json"),
                try GeometryReport.read("\(folder)/geometry-report.json"))
            if let gains = try? PanelGains.read("\(folder)/panel-gains.json") { page.add(gains) }
        }
        if record[.color].state == .done {
            var samples = try ColorSamples.read("\(folder)/samples.json")
            samples.checks =
                record[.verify].results.contains("verified.json")
                ? try ColorSamples.read("\(folder)/verified.json").checks : []
            let solution = try ColorSolution(samples)
            page.add(samples, solution, ColorReport(samples, solution))
        }
        page.add(record)
        try page.write(to: "\(folder)/report.html")
    }

    /// What a result came from: the digests of a step's captures.
    private func source(_ step: SessionStep) -> String {
        record[step].captures.map(\.sha256).joined(separator: " ")
    }

    private func solveGeometry(_ entry: inout SessionRecord.Entry) throws {
        let captures = try GeometryCaptures.read("\(folder)/poses.json")
        let solution = try GeometrySolution(captures)
        let report = GeometryReport(solution, captures: captures)
        try report.write(to: "\(folder)/geometry-report.json")
        entry.results.append("geometry-report.json")
        entry.settings["geometry-report.json"] = source(.geometry)
        entry.verdicts += report.verdicts
        guard report.verdicts.worst < .fail else { return }
        let width = stage.cameras.first?.sensor.widthMillimeters ?? 36
        let lines = report.stageLines(sensorWidthMillimeters: width, picture: captures.picture)
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(
            to: URL(fileURLWithPath: "\(folder)/stage-lines.yaml"), options: .atomic)
        entry.results.append("stage-lines.yaml")
        try solvePanels(&entry)
        try solveLens(solution, &entry)
    }

    /// The panels' gains, and each wall's correction by them; without them a wall stays as it is.
    private func solvePanels(_ entry: inout SessionRecord.Entry) throws {
        let path = "\(folder)/panels.json"
        let panels = try GeometryCaptures.read(path)
        do throws(CalibrationRefusal) {
            let gains = try PanelGains(panels, try GeometrySolution(panels))
            try gains.write(to: "\(folder)/panel-gains.json")
            entry.results.append("panel-gains.json")
            entry.settings["panel-gains.json"] = source(.geometry)
            entry.verdicts += gains.verdicts
            guard gains.verdicts.worst < .fail else { return }
            let files = gains.correctionFiles(
                panels, of: stage, headroom: PanelGains.usualHeadroom,
                from: .init(part: "panels", solvedFrom: path))
            for file in files { keep(file, "panels", &entry) }
        } catch {
            entry.verdicts.append(
                Verdict(
                    "panel gains", .warning, "\(error)",
                    advice: "without them the wall's panels stay as they are"))
        }
    }

    /// Writes a part of a wall's correction; `calibrate apply` finds it.
    func keep(
        _ file: WallCorrectionFile, _ part: String, _ entry: inout SessionRecord.Entry
    ) {
        let name = "\(file.wall)-\(part).json"
        do throws(LookComplaint) {
            try file.write(to: "\(folder)/\(name)")
            entry.results.append(name)
        } catch {
            entry.verdicts.append(
                Verdict(name, .fail, error.description, advice: "make room, and solve again"))
        }
    }

    private func solveLens(
        _ solution: GeometrySolution, _ entry: inout SessionRecord.Entry
    ) throws {
        let lens = record[.lens]
        guard lens.state == .done, !lens.results.isEmpty else { return }
        let nodes = try lens.results.compactMap { file -> LensGrid.Node? in
            let rings = lens.settings[file]?.split(separator: ",").compactMap { Double($0) } ?? []
            guard rings.count == 2 else { return nil }
            return LensGrid.Node(
                zoom: rings[0], focus: rings[1],
                captures: try GeometryCaptures.read("\(folder)/\(file)"))
        }
        let grid = try LensGrid(
            name: "lens", nodes, of: solution,
            sensorWidthMillimeters: stage.cameras.first?.sensor.widthMillimeters ?? 36)
        entry.verdicts += grid.verdicts
        guard grid.verdicts.worst < .fail else { return }
        try Data(grid.yaml.utf8).write(
            to: URL(fileURLWithPath: "\(folder)/lens.yaml"), options: .atomic)
        entry.results.append("lens.yaml")
        entry.settings["lens.yaml"] = source(.lens)
    }

    private func solveColor(_ entry: inout SessionRecord.Entry) throws {
        var samples = try ColorSamples.read("\(folder)/samples.json")
        samples.checks = []
        let solution = try ColorSolution(samples)
        let report = ColorReport(samples, solution)
        try report.write(to: "\(folder)/color-report.json")
        entry.results.append("color-report.json")
        entry.settings["color-report.json"] = source(.color)
        entry.verdicts += report.verdicts
        guard report.verdicts.worst < .fail else { return }
        entry.results += try solution.writeLooks(
            wall: report.wall, nitsPerUnit: stage.walls.first?.nitsPerUnit ?? 100, to: folder)
        let panel = StageMiddle.panel(of: stage, wall: 0)
        keep(
            solution.correctionFile(
                report, from: .init(part: "color", solvedFrom: "\(folder)/samples.json"),
                measuredOn: stage.panels[panel].name), "color", &entry)
    }

    // MARK: - Verify

    func verify() throws -> SessionRecord.Entry {
        var entry = blank(.verify)
        if record[.color].state == .done { try verifyColor(&entry) }
        if record[.geometry].state == .done { try verifyGeometry(&entry) }
        return entry
    }

    /// Shows the checks through the correction, and looks how far they are off.
    private func verifyColor(_ entry: inout SessionRecord.Entry) throws {
        var samples = try ColorSamples.read("\(folder)/samples.json")
        let solution = try ColorSolution(samples)
        let contents = (PatchSet.checks..<PatchSet.own).map {
            PatchSet.drive($0, peakNits: samples.peakNits) ?? .zero
        }
        try showPatches()
        try filmPatches("verify-patches") {
            // Black and white once more: the patch is found by them.
            try blink([PatchSet.black, PatchSet.peak], seconds: 0.5)
            for (index, content) in contents.enumerated() where desk.request != nil {
                let drive = solution.drive(content: content)
                try desk.set([("pattern/color", "\(drive.x) \(drive.y) \(drive.z)")])
                try blink([PatchSet.own + index], seconds: 0.5)
            }
        }
        let (footage, plate) = try keepFootage(&entry, "verify-patches")
        let seen = try PatchCaptures.own(
            footage, stage: stage, cell: FrameStripGrid.cellUsual, white: samples.white)
        guard plate == samples.plate else {
            throw RunError(
                "the pictures are of \(plate.rawValue), the solved ones of "
                    + "\(samples.plate.rawValue): record both alike")
        }
        samples.checks = contents.indices.compactMap { index in
            seen[PatchSet.own + index].map {
                ColorSamples.Check(content: contents[index], plate: $0)
            }
        }
        guard samples.checks.count >= 6 else {
            throw RunError("\(samples.checks.count) of 12 colors could be read: record them again")
        }
        try samples.write(to: "\(folder)/verified.json")
        let report = ColorReport(samples, solution)
        let page = "verify-color-report.json"
        try report.write(to: "\(folder)/\(page)")
        entry.results += ["verified.json", page]
        let mean = report.checks?.meanITP ?? .infinity
        let found = String(format: "ΔE_ITP %.2f on average through the correction", mean)
        entry.verdicts.append(
            mean <= 3
                ? Verdict("colors", .pass, found)
                : Verdict(
                    "colors", mean <= 6 ? .warning : .fail, found,
                    advice: "solve again with `calibrate color samples.json --refine "
                        + "verified.json`, or repeat the colors"))
    }

    /// Looks how far dots from poses that were not used are from where they should be.
    private func verifyGeometry(_ entry: inout SessionRecord.Entry) throws {
        let solution = try GeometrySolution(try GeometryCaptures.read("\(folder)/poses.json"))
        try captureDots("verify-dots", poses: 5, enough: 5)
        let fresh = try readDots(&entry, "verify-dots", least: 1).captures
        let errors = fresh.views.map { solution.reprojection(of: $0, fresh) }
        let (squares, count) = errors.reduce((0.0, 0)) { ($0.0 + $1.sum, $0.1 + $1.count) }
        let pixels = (squares / Double(max(1, count))).squareRoot()
        entry.settings["fresh-poses-px"] = String(format: "%.3f", pixels)
        let found = String(format: "dots are met within %.2f px from new poses", pixels)
        entry.verdicts.append(
            pixels <= 1
                ? Verdict("new poses", .pass, found)
                : Verdict(
                    "new poses", pixels <= 3 ? .warning : .fail, found,
                    advice: "something has moved since: tracker, wall or rings; repeat geometry"))
    }
}
