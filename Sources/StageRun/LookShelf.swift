import Color
package import Control
package import FrameLoop
import Lanes
import LookFiles
import Synchronization

/// The looks of a run with the files they came from, and what sessions do with look files.
///
/// `@unchecked Sendable` holds because the table is written on the control thread only, before it
/// runs or while it answers, and the names are behind a lock.
package final class LookShelf: @unchecked Sendable {
    /// Where the loop finds them.
    package let table = LookTable()
    private let names = Mutex<[UInt64: String]>([:])
    /// What a grade does is no wall's own: any wall's constants tell it.
    private static let anyWall = WallColor(
        primaries: .rec709, peakNits: 1000, nitsPerUnit: 100, transfer: .pq)
    /// Points along the edge of an exported table: what LUT boxes and cameras take.
    private static let exportedSide = 33

    /// A shelf without looks.
    package init() {}

    /// The file a look came from, "" for one nobody has loaded; any thread.
    package func name(of fingerprint: UInt64) -> String {
        names.withLock { $0[fingerprint] ?? "" }
    }

    /// Reads a look file and gives it to the loop.
    package func load(_ path: String) -> Result<LookActions.Loaded, LookActions.Refusal> {
        let look: Look
        do throws(LookComplaint) {
            look = try LookFile.read(path)
        } catch { return .failure(LookActions.Refusal(error.description)) }
        let prepared = PreparedLook(look)
        guard table.give(prepared) else {
            return .failure(
                LookActions.Refusal(
                    "\(path): this run has taken \(LookTable.capacity) looks, all it has room for "
                        + "– start the stage again"))
        }
        let fingerprint = prepared.reference.constants.fingerprint
        names.withLock { $0[fingerprint] = path }
        return .success(
            LookActions.Loaded(fingerprint: fingerprint, summary: Self.summary(prepared, path)))
    }

    private static func summary(_ look: PreparedLook, _ path: String) -> String {
        let side = look.reference.constants.side
        let curves = look.reference.constants.curves != nil
        let table = "\(curves ? "curves and " : "")a table of \(side) points an edge"
        guard look.samplingError > 0 else { return "\(path), \(table)" }
        let error = text(look.samplingError)
        return "\(path), \(look.look.steps.count) steps sampled into \(table), within \(error) of "
            + "a code of 0 to 1"
    }

    private static func text(_ error: Double) -> String {
        error < 1e-6 ? "0.000001" : "\((error * 1e6).rounded(.up) / 1e6)"
    }

    /// Loads the looks a saved document names; a line for each that is not as it was.
    package func load(saved looks: [ShowDocument.SavedLook]) -> [String] {
        var notes: [String] = []
        var seen: Set<UInt64> = []
        for saved in looks where seen.insert(saved.fingerprint).inserted {
            switch load(saved.name) {
            case .success(let loaded) where loaded.fingerprint == saved.fingerprint: break
            case .success:
                notes.append("the look \(saved.name) is not the file it was: it is left out")
            case .failure(let refusal):
                notes.append("the look is left out: \(refusal.reason)")
            }
        }
        return notes
    }

    /// What sessions are given.
    package var actions: LookActions {
        LookActions(
            load: { self.load($0) }, look: { self.table.look(fingerprint: $0) },
            readCDL: { path, name in
                do throws(LookComplaint) {
                    return .success(try CorrectionFile.read(path, name: name).cdl)
                } catch { return .failure(LookActions.Refusal(error.description)) }
            },
            writeCDL: { cdl, name, note, path in
                do throws(LookComplaint) {
                    try CorrectionFile.write(NamedCDL(name: name, note: note, cdl: cdl), to: path)
                    return nil
                } catch { return LookActions.Refusal(error.description) }
            },
            writeLook: { self.write($0, look: $1, title: $2, to: $3) })
    }

    /// A `.clf` has the grade step by step, a `.cube` samples it.
    private func write(
        _ grade: Grade, look fingerprint: UInt64, title: String, to path: String
    ) -> Result<String, LookActions.Refusal> {
        var grade = grade
        let prepared = table.prepared(fingerprint: fingerprint)
        grade.look = prepared?.reference ?? .none
        let wall = Self.anyWall
        var look = wall.look(grade, title: title, prepared: prepared)
        var what = "\(look.steps.count) steps"
        if path.lowercased().hasSuffix(".cube") {
            let cube = wall.cube(grade, side: Self.exportedSide)
            let error = Self.text(PreparedLook.error(of: cube) { wall.codes(grade, of: $0) })
            look = Look(title: title, steps: [.cube(cube)])
            what = "\(cube.side) points an edge, within \(error) of a code of 0 to 1"
        }
        do throws(LookComplaint) {
            try LookFile.write(look, to: path)
        } catch { return .failure(LookActions.Refusal(error.description)) }
        return .success("wrote \(path), ACEScct to ACEScct, \(what)")
    }
}
