import Color
package import Control
package import FrameLoop
package import Foundation
import LookFiles
package import StageModel
import Synchronization

/// The walls' corrections of a run with the files they came from, and what sessions do with them.
///
/// `@unchecked Sendable` holds because the table is written on the control thread only, before it
/// runs or while it answers, and the files are behind a lock.
package final class CorrectionShelf: @unchecked Sendable {
    /// A correction as a take keeps it: the files' texts, whole.
    package struct Kept: Codable, Sendable, Equatable {
        /// The wall's name.
        var wall: String
        /// What it was loaded from.
        var name: String
        /// The correction's text.
        var text: String
        /// The text of its table.
        var table: String?
    }

    private let stage: Stage
    private let table: CorrectionTable
    private let walls: [WallColor]
    private let kept = Mutex<[UInt64: Kept]>([:])

    /// A shelf without corrections.
    package init(_ stage: LoopStage) {
        self.stage = stage.stage
        table = stage.looks.corrections
        walls = stage.stage.walls.indices.map { stage.wall($0) }
    }

    /// A shelf of no run: to see whether files can be used.
    package convenience init(checking stage: Stage) { self.init(LoopStage(stage)) }

    /// The file a correction came from, "" for one nobody has loaded; any thread.
    package func name(of fingerprint: UInt64) -> String {
        kept.withLock { $0[fingerprint]?.name ?? "" }
    }

    /// A correction as a take keeps it; any thread.
    func recorded(_ fingerprint: UInt64) -> [UInt8]? {
        let kept = kept.withLock { $0[fingerprint] }
        return kept.flatMap { try? JSONEncoder().encode($0) }.map { Array($0) }
    }

    /// What sessions are given.
    package var actions: CorrectionActions {
        CorrectionActions(
            load: { self.load($0, wall: $1) },
            correction: { self.table.prepared(fingerprint: $0)?.correction })
    }

    /// Reads the correction of a wall and gives it to the loop.
    package func load(
        _ path: String, wall: Int
    ) -> Result<CorrectionActions.Loaded, LookActions.Refusal> {
        do throws(LookComplaint) {
            return check(try WallCorrectionFile.read(path), at: path, wall: wall)
        } catch { return .failure(LookActions.Refusal(error.description)) }
    }

    /// The same of a file that is not written yet; its table lies beside `path`.
    func check(
        _ file: WallCorrectionFile, at path: String, wall: Int
    ) -> Result<CorrectionActions.Loaded, LookActions.Refusal> {
        do throws(LookComplaint) {
            let beside = try file.table.map { name throws(LookComplaint) in
                try Self.tableText(name, beside: path)
            }
            return try take(
                Kept(wall: stage.walls[wall].name, name: path, text: file.text, table: beside),
                file, wall)
        } catch { return .failure(LookActions.Refusal(error.description)) }
    }

    /// Loads what a take keeps; a line for each that cannot be had.
    func load(recorded: [[UInt8]]) -> [String] {
        recorded.compactMap { bytes in
            guard let kept = try? JSONDecoder().decode(Kept.self, from: Data(bytes)),
                let wall = stage.walls.firstIndex(where: { $0.name == kept.wall })
            else { return "a wall's correction in the take cannot be read" }
            do throws(LookComplaint) {
                let file = try WallCorrectionFile.parse(Array(kept.text.utf8), file: kept.name)
                if case .failure(let refusal) = try take(kept, file, wall) {
                    return refusal.reason
                }
                return nil
            } catch { return "a wall's correction is left out: \(error)" }
        }
    }

    /// Loads the corrections a saved document names; a line for each that is not as it was.
    package func load(saved: [SavedCorrection]) -> [String] {
        saved.compactMap { one in
            guard let wall = stage.walls.firstIndex(where: { $0.name == one.wall }) else {
                return nil
            }
            switch load(one.name, wall: wall) {
            case .success(let loaded) where loaded.fingerprint == one.fingerprint: return nil
            case .success:
                return "the correction \(one.name) is not the file it was: it is left out"
            case .failure(let refusal):
                return "the correction of \(one.wall) is left out: \(refusal.reason)"
            }
        }
    }

    /// Puts on the corrections a run begins with; a line for each.
    func begin(_ document: inout ShowDocument, with files: [String: String]) -> [String] {
        stage.walls.enumerated().compactMap { index, wall in
            guard let file = files[wall.name] else { return nil }
            switch load(file, wall: index) {
            case .success(let loaded):
                document.show(correction: loaded.fingerprint, name: file, wall: index)
                return "correction of \(wall.name): \(loaded.summary)"
            case .failure(let refusal):
                return "warning: \(wall.name) is shown as it is: \(refusal.reason)"
            }
        }
    }

    private func take(
        _ kept: Kept, _ file: WallCorrectionFile, _ wall: Int
    ) throws(LookComplaint) -> Result<CorrectionActions.Loaded, LookActions.Refusal> {
        let built = stage.walls[wall]
        let correction = try file.correction(
            for: WallCorrectionFile.Wall(
                name: built.name, primaries: built.primaries, peakNits: built.peakNits,
                panels: stage.panels[built.panels].map(\.name)),
            file: kept.name
        ) { name throws(LookComplaint) in
            try LookFile.parse(Array((kept.table ?? "").utf8), file: name)
        }
        let prepared = PreparedCorrection(
            correction, for: walls[wall], panelCount: built.panels.count)
        guard table.give(prepared) else {
            return .failure(
                LookActions.Refusal(
                    "\(kept.name): this run has taken \(CorrectionTable.capacity) corrections, all "
                        + "it has room for – start the stage again"))
        }
        let fingerprint = prepared.reference.fingerprint
        self.kept.withLock { $0[fingerprint] = kept }
        return .success(
            CorrectionActions.Loaded(
                fingerprint: fingerprint, summary: Self.summary(prepared, file, kept.name)))
    }

    private static func summary(
        _ prepared: PreparedCorrection, _ file: WallCorrectionFile, _ name: String
    ) -> String {
        let made = prepared.correction
        var parts: [String] = []
        if made.hasMatrix { parts.append("panel primaries and black") }
        if !made.curves.isEmpty { parts.append("curves") }
        if !made.gains.isEmpty { parts.append("gains of \(made.gains.count) panels") }
        if made.viewAngle != nil { parts.append("view angle") }
        if made.table != nil {
            let error = (prepared.samplingError * 100).rounded(.up) / 100
            parts.append("a table, within \(error) codes of 10 bits")
        }
        let warnings = file.verdicts.filter { $0.level == "warning" }.prefix(3).map {
            "warning: \($0.subject.prefix(40)): \($0.finding.prefix(160))"
        }
        let what = parts.isEmpty ? "nothing in it" : parts.joined(separator: ", ")
        return (["\(name), \(what)"] + warnings).joined(separator: "; ")
    }

    /// The text of a table in the folder of its correction.
    private static func tableText(
        _ name: String, beside path: String
    ) throws(LookComplaint) -> String {
        let file = URL(fileURLWithPath: path).deletingLastPathComponent().appending(path: name).path
        return try WallCorrectionFile.tableText(name, file: file)
    }
}

extension Stage {
    /// The files of its walls' corrections, by the walls' names.
    package func corrections(in folder: URL) -> [String: String] {
        var files: [String: String] = [:]
        for wall in walls {
            if let file = wall.correction { files[wall.name] = folder.appending(path: file).path }
        }
        return files
    }
}
