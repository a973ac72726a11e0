package import Color
package import Control
package import FrameLoop
package import FrameModel
import Lanes
import LookFiles
import Synchronization

/// The looks of a run with the files they came from, and what sessions do with look files.
///
/// A look that no live state names is let go once no frame is drawn with it, some seconds later:
/// takes that are being written down may still ask for it.
package final class LookShelf: Sendable {
    /// Where the loop finds them.
    package let table = LookTable()
    private let entries = Mutex<[UInt64: Entry]>([:])
    /// What a grade does is no wall's own: a wall of any color and light tells it.
    private static let anyWall = WallColor(
        primaries: .acesCG, peakNits: 10_000, nitsPerUnit: 100, transfer: .pq)
    /// Points along the edge of an exported table: what LUT boxes and cameras take, and more where
    /// those are over a code of 10 bits from the grade.
    private static let exportedSides = [33, 65]
    /// Frames for which a look is kept that nobody names: ten seconds of most stages.
    private static let keptFrames: Int64 = 600

    private struct Entry {
        var look: PreparedLook
        /// The file; empty for one that was recorded in a take.
        var name: String
        /// A live state has named it.
        var wasNamed = false
        /// It may go after this frame; nil: a live state names it, or has yet to.
        var retired: Int64?
    }

    /// A shelf without looks.
    package init() {}

    /// The file a look came from, "" for one nobody has loaded; any thread.
    package func name(of fingerprint: UInt64) -> String {
        entries.withLock { $0[fingerprint]?.name ?? "" }
    }

    /// A look by its fingerprint; any thread.
    package func look(of fingerprint: UInt64) -> PreparedLook? {
        entries.withLock { $0[fingerprint]?.look }
    }

    /// Fingerprints of all looks that are there; any thread.
    package var held: [UInt64] { entries.withLock { Array($0.keys) } }

    /// Takes a look in; false when there is no room; any thread.
    package func give(_ look: PreparedLook, name: String) -> Bool {
        entries.withLock { entries in
            guard table.give(look) else { return false }
            entries[look.reference.constants.fingerprint] = Entry(look: look, name: name)
            return true
        }
    }

    /// Takes note of what a live state names that frames from one on are drawn with.
    package func note(_ live: LiveState, fromFrame frame: Int64) {
        entries.withLock { entries in
            for fingerprint in entries.keys {
                let isNamed = (0..<LiveLayout.lookSlots).contains {
                    live.looks[$0] == fingerprint
                }
                if isNamed {
                    entries[fingerprint]?.wasNamed = true
                    entries[fingerprint]?.retired = nil
                } else if entries[fingerprint]?.wasNamed == true,
                    entries[fingerprint]?.retired == nil
                {
                    entries[fingerprint]?.retired = frame + Self.keptFrames
                }
            }
        }
    }

    /// Lets looks go that no frame after the oldest is drawn with; how many.
    @discardableResult
    package func free(oldestFrame oldest: Int64) -> Int {
        entries.withLock { entries in
            let gone = entries.filter { oldest > $0.value.retired ?? .max }.keys
            for fingerprint in gone {
                table.take(fingerprint: fingerprint)
                entries[fingerprint] = nil
            }
            return gone.count
        }
    }

    /// Reads a look file and gives it to the loop; takes up to a second; any thread.
    package func load(_ path: String) -> Result<LookActions.Loaded, LookActions.Refusal> {
        let look: Look
        do throws(LookComplaint) {
            look = try LookFile.read(path)
        } catch { return .failure(LookActions.Refusal(error.description)) }
        let prepared = PreparedLook(look)
        guard give(prepared, name: path) else {
            return .failure(
                LookActions.Refusal(
                    "\(path): \(LookTable.capacity) looks are held, all there is room for – clear "
                        + "slots, wait ten seconds, and load it again"))
        }
        return .success(
            LookActions.Loaded(
                fingerprint: prepared.reference.constants.fingerprint,
                summary: Self.summary(prepared, path)))
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

    /// Loads the looks a saved document names that are not there; a line for each that is not as it
    /// was.
    package func load(saved looks: [ShowDocument.SavedLook]) -> [String] {
        var notes: [String] = []
        var seen = Set(held)
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

    /// What sessions are given that wait for a look to be loaded.
    package var actions: LookActions {
        LookActions(
            load: { path, _ in self.load(path).map { .done($0) } },
            look: { self.table.look(fingerprint: $0) },
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
        let prepared = self.look(of: fingerprint)
        grade.look = prepared?.reference ?? .none
        let wall = Self.anyWall
        var look = wall.look(grade, title: title, prepared: prepared)
        var what = "\(look.steps.count) steps"
        if path.lowercased().hasSuffix(".cube") {
            var cube = wall.cube(grade, side: Self.exportedSides[0])
            var error = wall.codeError(of: { cube.applied(to: $0) }, from: grade)
            for side in Self.exportedSides.dropFirst() where error > 1 {
                cube = wall.cube(grade, side: side)
                error = wall.codeError(of: { cube.applied(to: $0) }, from: grade)
            }
            look = Look(title: title, steps: [.cube(cube)])
            what =
                "\(cube.side) points an edge, 99 of 100 colors within "
                + "\((error * 100).rounded(.up) / 100) codes of 10 bits"
            if error > 1 { what += " – a .clf has this grade step by step" }
        }
        do throws(LookComplaint) {
            try LookFile.write(look, to: path)
        } catch { return .failure(LookActions.Refusal(error.description)) }
        return .success("wrote \(path), ACEScct to ACEScct, \(what)")
    }
}
