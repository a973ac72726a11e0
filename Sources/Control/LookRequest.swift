import Color
import FrameModel

/// A request about looks and corrections in files.
enum LookRequest: Equatable {
    case load(slot: Int, path: String)
    case clear(slot: Int)
    case list
    case export(scope: String, path: String)
    case importCDL(scope: String, path: String, name: String?)
    case exportCDL(scope: String, path: String)

    /// The forms, for `help`.
    static let forms = [
        "lut load SLOT FILE              a .cube or .clf, on ACEScct codes, into a slot: 1 to "
            + "\(LiveLayout.lookSlots)",
        "lut clear SLOT                  takes it out; `set SCOPE/lut/slot N` shows one",
        "lut list                        the slots in use",
        "lut export SCOPE FILE           a scope's grade as .cube or .clf, ACEScct to ACEScct",
        "cdl import SCOPE FILE [named N] a correction of a .cdl, .ccc or .cc; wheels go neutral",
        "cdl export SCOPE FILE           CDL, wheels and contrast of a scope as one correction",
    ]

    /// Understands the words after `lut` or `cdl`.
    static func parse(
        _ verb: String, _ words: [String]
    ) -> Result<LookRequest, Request.Complaint> {
        func complaint(_ reason: String) -> Result<LookRequest, Request.Complaint> {
            .failure(Request.Complaint(reason: reason))
        }
        let rest = Array(words.dropFirst())
        switch (verb, words.first?.lowercased()) {
        case ("lut", "load"):
            guard rest.count >= 2, let slot = slot(rest[0]) else {
                return complaint("lut load takes a slot, 1 to \(LiveLayout.lookSlots), and a file")
            }
            return .success(.load(slot: slot, path: rest.dropFirst().joined(separator: " ")))
        case ("lut", "clear"):
            guard rest.count == 1, let slot = slot(rest[0]) else {
                return complaint("lut clear takes a slot: 1 to \(LiveLayout.lookSlots)")
            }
            return .success(.clear(slot: slot))
        case ("lut", "list"): return .success(.list)
        case ("lut", "export"):
            guard rest.count >= 2 else { return complaint("lut export takes a scope and a file") }
            return .success(
                .export(scope: rest[0], path: rest.dropFirst().joined(separator: " ")))
        case ("cdl", "import"):
            guard rest.count >= 2 else { return complaint("cdl import takes a scope and a file") }
            var path = Array(rest.dropFirst())
            var name: String?
            if let at = path.firstIndex(of: "named"), at > 0 {
                name = path[(at + 1)...].joined(separator: " ")
                path = Array(path[..<at])
            }
            return .success(
                .importCDL(scope: rest[0], path: path.joined(separator: " "), name: name))
        case ("cdl", "export"):
            guard rest.count >= 2 else { return complaint("cdl export takes a scope and a file") }
            return .success(
                .exportCDL(scope: rest[0], path: rest.dropFirst().joined(separator: " ")))
        case ("lut", _): return complaint("lut load, clear, list or export – see `help`")
        default: return complaint("cdl import or export – see `help`")
        }
    }

    /// A slot, from 0.
    private static func slot(_ word: String) -> Int? {
        guard let number = Int(word), 1...LiveLayout.lookSlots ~= number else { return nil }
        return number - 1
    }
}

extension ShowDocument {
    /// Does what a request about files asks for.
    mutating func answer(
        _ request: LookRequest, atFrame frame: Int64, _ actions: LookActions
    ) -> RequestAnswer {
        switch request {
        case .load(let slot, let path): return load(path, slot, actions)
        case .clear(let slot):
            guard live.looks[slot] != 0 else {
                return .refused("look slot \(slot + 1) is empty – `lut list` shows those in use")
            }
            show(look: 0, name: "", slot: slot)
            let note = EditNote(subject: "lut \(slot + 1)", text: "look slot \(slot + 1) cleared")
            return RequestAnswer(lines: ["applied r\(revision)"], note: note)
        case .list:
            let used = lookNames.indices.filter { live.looks[$0] != 0 }
            return RequestAnswer(
                lines: used.map { "lut/\($0 + 1) \(oneLine(lookNames[$0]))" }
                    + ["ok \(used.count) of \(LiveLayout.lookSlots) slots"])
        case .export(let scope, let path): return export(scope, path, actions)
        case .importCDL(let scope, let path, let name):
            return importCDL(scope, path, name, atFrame: frame, actions)
        case .exportCDL(let scope, let path): return exportCDL(scope, path, actions)
        }
    }

    private mutating func load(
        _ path: String, _ slot: Int, _ actions: LookActions
    ) -> RequestAnswer {
        switch actions.load(path, slot) {
        case .failure(let refusal): return .refused(refusal.reason)
        case .success(.accepted(let text)):
            return RequestAnswer(lines: ["accepted: \(oneLine(text))"])
        case .success(.done(let look)):
            show(look: look.fingerprint, name: path, slot: slot)
            let text = "look slot \(slot + 1): \(oneLine(look.summary))"
            return RequestAnswer(
                lines: ["applied r\(revision), \(text)"],
                note: EditNote(subject: "lut \(slot + 1)", text: text))
        }
    }

    /// A scope by its path in the tree and its grade as it stands or is fading to.
    private func graded(_ scope: String) -> Result<(path: String, index: Int), LookActions.Refusal>
    {
        let path = ParameterTree.canonical(scope)
        guard let first = tree["\(path)/cdl/slope"]?.places.first else {
            return .failure(
                LookActions.Refusal(
                    "no grade “\(path.prefix(60))” – all, wall/NAME, inner/CAMERA or outer"))
        }
        let index = first / LiveLayout.gradeStride
        let bypass = LiveLayout.grade(scope: index) + GradeField.isBypassed.rawValue
        if live.values[bypass].to > 0.5 {
            return .failure(
                LookActions.Refusal("\(path)/bypass is on – set it off, then export"))
        }
        return .success((path, index))
    }

    private func export(
        _ scope: String, _ path: String, _ actions: LookActions
    ) -> RequestAnswer {
        switch graded(scope) {
        case .failure(let refusal): return .refused(refusal.reason)
        case .success(let (name, index)):
            let (grade, look) = withUnsafePointer(to: live) {
                ($0.grade(scope: index, at: .max), $0.look(scope: index, at: .max))
            }
            switch actions.writeLook(grade, look, name, path) {
            case .failure(let refusal): return .refused(refusal.reason)
            case .success(let text): return RequestAnswer(lines: ["ok \(oneLine(text))"])
            }
        }
    }

    private func exportCDL(
        _ scope: String, _ path: String, _ actions: LookActions
    ) -> RequestAnswer {
        switch graded(scope) {
        case .failure(let refusal): return .refused(refusal.reason)
        case .success(let (name, index)):
            let grade = withUnsafePointer(to: live) { $0.grade(scope: index, at: .max) }
            let space = grade.isInCodes ? "ACEScct" : "scene-linear ACEScg"
            let note = "on \(space), \(grade.isClamped ? "clamped (v1.2)" : "no-clamp")"
            if let refusal = actions.writeCDL(grade.correction, name, note, path) {
                return .refused(refusal.reason)
            }
            let undone = grade.isInverted ? "; \(scope) undoes it on the wall" : ""
            return RequestAnswer(lines: ["ok wrote \(oneLine(path)), \(note)\(undone)"])
        }
    }

    /// Sets slope, offset, power and saturation, and the wheels to neutral: the scope's correction
    /// is then the file's.
    private mutating func importCDL(
        _ scope: String, _ path: String, _ name: String?, atFrame frame: Int64,
        _ actions: LookActions
    ) -> RequestAnswer {
        let scope = ParameterTree.canonical(scope)
        guard tree["\(scope)/cdl/slope"] != nil else {
            return .refused(
                "no grade “\(scope.prefix(60))” – all, wall/NAME, inner/CAMERA or outer")
        }
        let cdl: CDL
        switch actions.readCDL(path, name) {
        case .failure(let refusal): return .refused(refusal.reason)
        case .success(let read): cdl = read
        }
        var all = [
            ("cdl/slope", cdl.slope), ("cdl/offset", cdl.offset), ("cdl/power", cdl.power),
        ].map { PathValues("\(scope)/\($0)", [$1.x, $1.y, $1.z]) }
        all.append(PathValues("\(scope)/cdl/saturation", [cdl.saturation]))
        for wheel in ["lift", "gamma", "gain", "contrast"] {
            let path = "\(scope)/\(wheel)"
            all.append(PathValues(path, tree[path]?.defaults ?? []))
        }
        let edit = Edit.setAll(all)
        let answer = apply(edit, atFrame: frame)
        if case .refused(let reason) = answer {
            return .refused("\(path): \(reason)")
        }
        return RequestAnswer(
            lines: [answer.line], note: EditNote(edit, in: self, wasBlack: isBlack))
    }
}
