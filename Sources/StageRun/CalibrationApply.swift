import Control
public import Foundation
import Geometry
import LookFiles
import StageCalibration
import StageConfig
package import StageModel
import Tracking

/// Makes a calibration's results the ones a stage reads when it starts: they are kept in the stage
/// file's `calibration/DATE/`, and `calibration/applied.yaml` names them.
///
/// All or nothing: what is refused changes no file that is read.
public struct CalibrationApply {
    /// What was done, a line each.
    public private(set) var lines: [String] = []
    /// Corrections a running stage can take at once: wall and file.
    public private(set) var corrections: [(wall: String, path: String)] = []
    /// Some of it is read when the stage starts.
    public private(set) var needsStart = false
    /// The stage.
    package let stage: Stage
    /// Where the running stage listens.
    public var controlSocket: String { stage.controlSocket }

    private let stagePath: String
    private let base: URL
    private let dated: URL
    private let date: String
    private let results: CalibrationResults
    private var values: AppliedValues
    private let before: String?

    /// Applies the results of a folder to a stage.
    ///
    /// Throws one sentence where they may not be used, or make no stage.
    /// - Parameters:
    ///   - camera: the camera a geometry is of; nil where the stage has only one.
    ///   - date: of the folder they are kept in.
    public init(
        stage path: String, results folder: String, camera: String? = nil, date: Date = Date()
    ) throws {
        let opened = try StageConfig.open(path).get()
        stage = try opened.result.get()
        stagePath = path
        base =
            URL(fileURLWithPath: StageConfig.locate(path)).deletingLastPathComponent()
            .standardizedFileURL
        results = try CalibrationResults(folder: folder)
        if let failure = results.failure {
            throw RunError("\(failure); nothing was applied")
        }
        self.date = date.ISO8601Format(.iso8601.year().month().day())
        let own = URL(fileURLWithPath: folder).standardizedFileURL
        let kept = base.appending(path: "calibration").standardizedFileURL
        dated =
            own.deletingLastPathComponent().path == kept.path
            ? own : Self.unused(kept.appending(path: self.date))
        before = try? String(
            contentsOf: base.appending(path: AppliedValues.path), encoding: .utf8)
        guard let values = before.map(AppliedValues.init(text:)) ?? AppliedValues() else {
            throw RunError(
                "\(AppliedValues.path): not as `calibrate apply` writes it – move it away first")
        }
        self.values = values
        let corrections = try merged()
        let summaries = try corrections.map(check)
        try makeFolder(dated.path)
        for correction in corrections { try keep(correction) }
        lines = summaries
        try keepLenses(try geometry(camera: camera))
        try keepResults()
        try finish()
    }

    /// A folder that is not there yet, so that nothing in use is written over.
    private static func unused(_ folder: URL) -> URL {
        var (found, number) = (folder, 2)
        while FileManager.default.fileExists(atPath: found.path) {
            found = folder.deletingLastPathComponent()
                .appending(path: "\(folder.lastPathComponent)-\(number)")
            number += 1
        }
        return found
    }

    // MARK: - Corrections

    /// The folder's corrections, one a wall, with what the wall's present one has besides.
    private func merged() throws -> [(file: WallCorrectionFile, beside: String)] {
        let walls = results.corrections.map(\.value.wall)
        return try Set(walls).sorted().map { name in
            guard let wall = stage.walls.first(where: { $0.name == name }) else {
                throw RunError(
                    "\(results.folder): a correction of wall “\(name.prefix(40))” – the stage has "
                        + stage.walls.map(\.name).joined(separator: ", "))
            }
            // What was solved last counts: `apply` itself has left a correction in the folder.
            let mine = results.corrections.filter { $0.value.wall == name }
                .sorted { $0.value.newest > $1.value.newest }
            var (file, beside) = (mine[0].value, mine[0].path)
            for other in mine.dropFirst() { file.complete(with: other.value) }
            if let used = wall.correction {
                let path = base.appending(path: used).path
                if let present = try? WallCorrectionFile.read(path) {
                    if file.table == nil, present.table != nil, file.matrix == nil { beside = path }
                    file.complete(with: present)
                }
            }
            return (file, beside)
        }
    }

    /// What a correction is, as the running stage will read it.
    private func check(
        _ correction: (file: WallCorrectionFile, beside: String)
    ) throws -> String {
        let name = correction.file.wall
        let wall = stage.walls.firstIndex { $0.name == name }!
        let shelf = CorrectionShelf(checking: stage)
        switch shelf.check(correction.file, at: correction.beside, wall: wall) {
        case .failure(let refusal): throw RunError("\(refusal.reason); nothing was applied")
        case .success(let loaded): return "correction of \(name): \(loaded.summary)"
        }
    }

    private mutating func keep(_ correction: (file: WallCorrectionFile, beside: String)) throws {
        let file = correction.file
        let target = dated.appending(path: "\(file.wall)-correction.json")
        if let table = file.table {
            let from = URL(fileURLWithPath: correction.beside).deletingLastPathComponent()
            try copy(from.appending(path: table), to: dated.appending(path: table))
        }
        do throws(LookComplaint) { try file.write(to: target.path) } catch {
            throw RunError("\(error)")
        }
        let path = relative(target)
        values.change(wall: file.wall) { $0.correction = path }
        corrections.append((file.wall, target.path))
    }

    // MARK: - Geometry

    /// The camera a geometry is of, and the lens it has found.
    private mutating func geometry(camera name: String?) throws -> (index: Int, lens: String)? {
        guard let found = results.geometry else { return nil }
        let report = found.value
        let index = try TrackRun.cameraIndex(name, of: stage)
        let camera = stage.cameras[index]
        let source = stage.sources[camera.source]
        guard let picture = report.picture, picture.count == 2 else {
            throw RunError(
                "\(found.path): does not say how large the pictures were – solve the captures "
                    + "again with `cyclorama calibrate geometry --out`")
        }
        let (lens, sensor) = report.camera.lens(
            sensorWidthMillimeters: camera.sensor.widthMillimeters, columns: picture[0],
            rows: picture[1])
        let (stagePlace, body) = (report.stageFromTracker, report.bodyFromPupil)
        values.change(source: source.name) {
            $0.stageFromTracker = AppliedValues.Placement(
                meters: stagePlace.position.list, pan: stagePlace.pan, tilt: stagePlace.tilt,
                roll: stagePlace.roll)
            $0.scale = report.trackerScale
        }
        values.change(camera: camera.name) {
            $0.sensorMillimeters = [sensor.widthMillimeters, sensor.heightMillimeters]
            $0.bodyFromSensor = AppliedValues.Placement(
                millimeters: (body.position * 1000).list, pan: body.pan, tilt: body.tilt,
                roll: body.roll)
        }
        lines.append(
            "\(camera.name): entrance pupil on the tracker, \(source.name): place on the stage and "
                + "scale \(text(report.trackerScale))")
        try keepShifts(report, found.path)
        needsStart = true
        return (index, lens.nodeText)
    }

    /// Shifts of the panels, on top of those the stage has, as dots are planned where it has them.
    private mutating func keepShifts(_ report: GeometryReport, _ path: String) throws {
        guard let dots = report.dots, let groups = report.groups else {
            lines.append("walls stay as planned: \(path) does not say where its dots were")
            return
        }
        let source = SourceHash.sha256(of: path)
        let panels = PanelGroups(stage, dots: dots, groups: groups)
        for wall in stage.walls where wall.panels.contains(where: { panels.groups[$0] != nil }) {
            let target = dated.appending(path: "\(wall.name)-shifts.yaml")
            let used = values.walls?.first { $0.name == wall.name }?.shifts
            let before = used.flatMap {
                try? String(contentsOf: base.appending(path: $0), encoding: .utf8)
            }
            let present = PanelShiftText(before ?? "")
            guard present.source != source else {
                lines.append("\(wall.name) hangs where this result has put it already")
                continue
            }
            var shifts = PanelShiftText(source: source)
            for panel in wall.panels {
                let name = stage.panels[panel].name
                let found = panels.nearest(to: panel, of: stage).map { report.wallShifts[$0] }
                shifts.add(name, (found ?? .zero) + (present.meters[name] ?? .zero))
            }
            try write(shifts.text, to: target)
            let path = relative(target)
            values.change(wall: wall.name) { $0.shifts = path }
            lines.append(
                "\(wall.name): \(shifts.meters.count) panels shifted by up to "
                    + "\(text(shifts.greatest * 1000)) mm")
        }
    }

    /// Lens files into `lenses/`, the newest first among the camera's.
    private mutating func keepLenses(_ geometry: (index: Int, lens: String)?) throws {
        let lenses = base.appending(path: "lenses")
        var names: [String] = []
        for (name, text) in results.lenses {
            try makeFolder(lenses.path)
            try write(text, to: lenses.appending(path: "\(name).yaml"))
            names.append(name)
        }
        if let geometry, names.isEmpty {
            let name = String("\(stage.cameras[geometry.index].name)-\(date)".suffix(32))
            try makeFolder(lenses.path)
            try write(geometry.lens, to: lenses.appending(path: "\(name).yaml"))
            names.append(name)
        }
        guard !names.isEmpty else { return }
        let index = try geometry?.index ?? TrackRun.cameraIndex(nil, of: stage)
        let camera = stage.cameras[index]
        let all = names + camera.lenses.map(\.name).filter { !names.contains($0) }
        values.change(camera: camera.name) { $0.lenses = Array(all.prefix(StageLimits.lenses)) }
        lines.append("\(camera.name): lens \(names.joined(separator: ", "))")
        needsStart = true
    }

    // MARK: - Files

    /// The results themselves, beside what was made of them.
    private func keepResults() throws {
        let own = URL(fileURLWithPath: results.folder).standardizedFileURL
        guard own.path != dated.path else { return }
        let files = results.corrections.map(\.path) + (results.geometry.map { [$0.path] } ?? [])
        for file in files {
            let from = URL(fileURLWithPath: file)
            try copy(from, to: dated.appending(path: "from-\(from.lastPathComponent)"))
        }
    }

    /// Names the results, and takes the name back where the stage is then wrong.
    private mutating func finish() throws {
        let file = base.appending(path: AppliedValues.path)
        try write(values.text, to: file)
        if case .failure(let complaints) = StageConfig.load(stagePath) {
            if let before {
                try write(before, to: file)
            } else {
                try? FileManager.default.removeItem(at: file)
            }
            throw RunError(
                "the stage would be wrong with these results; nothing was applied:\n\(complaints)")
        }
        lines.append("read at every start: \(file.path)")
    }

    private func relative(_ file: URL) -> String {
        let (all, start) = (file.standardizedFileURL.path, base.path)
        return all.hasPrefix(start + "/") ? String(all.dropFirst(start.count + 1)) : all
    }

    private func write(_ text: String, to file: URL) throws {
        do { try Data(text.utf8).write(to: file, options: .atomic) } catch {
            throw RunError("\(file.path): cannot be written: \(error.localizedDescription)")
        }
    }

    private func copy(_ from: URL, to target: URL) throws {
        guard from.standardizedFileURL.path != target.standardizedFileURL.path else { return }
        guard let data = FileManager.default.contents(atPath: from.path) else {
            throw RunError("\(from.path): cannot be read – it goes with the correction")
        }
        do { try data.write(to: target, options: .atomic) } catch {
            throw RunError("\(target.path): cannot be written: \(error.localizedDescription)")
        }
    }

    private func text(_ number: Double) -> String { String(format: "%.6g", number) }
}

extension WallCorrectionFile {
    /// When its newest part was solved, ISO 8601.
    fileprivate var newest: String { sources.map(\.made).max() ?? "" }
}

extension Vector3 {
    fileprivate var list: [Double] { [x, y, z] }
}

extension Lens {
    /// A lens file of this lens at every place of its rings.
    fileprivate var nodeText: String {
        let k = distortion.radial
        let (p, offset) = (distortion.tangential, projectionOffsetMillimeters)
        return """
            # As calibrated, at every place of its rings.
            nodes:
              - focalLengthMillimeters: \(focalLengthMillimeters)
                entrancePupilOffsetMillimeters: 0
                distortion:
                  model: Brown-Conrady U-D
                  radial: [\(k[0]), 0, \(k[2]), 0, \(k[4])]
                  tangential: [\(p.x), \(p.y)]
                projectionOffsetMillimeters: [\(offset.x), \(offset.y)]

            """
    }
}

/// A wall's file of shifts, as `calibrate apply` writes it.
struct PanelShiftText {
    /// SHA-256 of the report they came from.
    private(set) var source: String?
    /// Of each panel, metres.
    private(set) var meters: [String: Vector3] = [:]
    private var order: [String] = []

    init(source: String) { self.source = source }

    /// Of a text it has written before.
    init(_ text: String) {
        var panel: Substring?
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: { " :[],".contains($0) })
            if words.first == "source" {
                source = words.last.map(String.init)
            } else if words.prefix(2) == ["-", "panel"] {
                panel = words.last
            } else if words.first == "meters", let name = panel, words.count == 4 {
                let v = words.dropFirst().compactMap { Double($0) }
                if v.count == 3 { add(String(name), Vector3(v[0], v[1], v[2])) }
            }
        }
    }

    mutating func add(_ panel: String, _ shift: Vector3) {
        meters[panel] = shift
        order.append(panel)
    }

    /// The length of the greatest.
    var greatest: Double { meters.values.map(\.length).max() ?? 0 }

    var text: String {
        var lines = ["# How far the panels hang from where stage.yaml has them, as calibrated."]
        lines += source.map { ["source: \($0)"] } ?? []
        lines.append("shifts:")
        for panel in order {
            let v = meters[panel] ?? .zero
            lines.append("  - panel: \(panel)")
            lines.append(String(format: "    meters: [%.6f, %.6f, %.6f]", v.x, v.y, v.z))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
