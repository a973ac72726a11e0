import FrameModel

/// A request about the walls' corrections.
enum CorrectionRequest: Equatable {
    case load(wall: String, path: String)
    case clear(wall: String)
    case list

    /// The forms, for `help`.
    static let forms = [
        "correction load WALL FILE       a wall's correction as `cyclorama calibrate` writes it; "
            + "shown with the next frame",
        "correction clear WALL           takes it off; `set correction/WALL/bypass on` passes "
            + "it by",
        "correction list                 the walls with one",
    ]

    /// Understands the words after `correction`.
    static func parse(_ words: [String]) -> Result<CorrectionRequest, Request.Complaint> {
        func complaint(_ reason: String) -> Result<CorrectionRequest, Request.Complaint> {
            .failure(Request.Complaint(reason: reason))
        }
        let rest = Array(words.dropFirst())
        switch words.first?.lowercased() {
        case "load":
            guard rest.count >= 2 else {
                return complaint("correction load takes a wall and a file")
            }
            return .success(
                .load(wall: rest[0], path: rest.dropFirst().joined(separator: " ")))
        case "clear":
            guard rest.count == 1 else { return complaint("correction clear takes a wall") }
            return .success(.clear(wall: rest[0]))
        case "list": return .success(.list)
        default: return complaint("correction load, clear or list – see `help`")
        }
    }
}

extension ShowDocument {
    /// Does what a request about corrections asks for.
    mutating func answer(
        _ request: CorrectionRequest, _ actions: CorrectionActions
    ) -> RequestAnswer {
        switch request {
        case .load(let name, let path):
            guard let wall = wall(name) else { return .refused(noWall(name)) }
            switch actions.load(path, wall) {
            case .failure(let refusal): return .refused(refusal.reason)
            case .success(let loaded):
                show(correction: loaded.fingerprint, name: path, wall: wall)
                return changed(wall, oneLine(loaded.summary))
            }
        case .clear(let name):
            guard let wall = wall(name) else { return .refused(noWall(name)) }
            guard live.corrections[wall] != 0 else {
                return .refused(
                    "\(optics.walls[wall].name) has no correction – `correction list` shows those "
                        + "in use")
            }
            show(correction: 0, name: "", wall: wall)
            return changed(wall, "none")
        case .list:
            let used = optics.walls.indices.filter { live.corrections[$0] != 0 }
            return RequestAnswer(
                lines: used.map {
                    "correction/\(optics.walls[$0].name) \(oneLine(correctionNames[$0]))"
                } + ["ok \(used.count) of \(optics.walls.count) walls"])
        }
    }

    private func changed(_ wall: Int, _ what: String) -> RequestAnswer {
        let text = "correction of \(optics.walls[wall].name): \(what)"
        return RequestAnswer(
            lines: ["applied r\(revision), \(text)"],
            note: EditNote(subject: "correction \(optics.walls[wall].name)", text: text))
    }

    /// A wall by its name or its step in the tree's paths.
    private func wall(_ name: String) -> Int? {
        optics.walls.firstIndex { $0.name == name }
            ?? ParameterTree.steps(optics.walls.map(\.name)).firstIndex(of: name.lowercased())
    }

    private func noWall(_ name: String) -> String {
        "no wall “\(name.prefix(40))” – there are: "
            + optics.walls.map(\.name).joined(separator: ", ")
    }
}
