/// An edit that was made, in words: what the event log is told of it.
public struct EditNote: Sendable, Equatable {
    /// What was changed: a parameter's path, `reset PATH` or `undo`.
    public var subject: String
    /// What it is now and how long that takes, one line.
    public var text: String
    /// The blackout as this edit has switched it; nil where it has not.
    public var blackout: Bool?

    /// An edit told in words of its own.
    init(subject: String, text: String) {
        self.subject = subject
        self.text = text
    }

    /// Parameters an undo names; the others are counted.
    private static let namesMax = 3

    /// The words of an edit the document has just made.
    /// - Parameter wasBlack: the blackout before it.
    init(_ edit: Edit, in document: ShowDocument, wasBlack: Bool) {
        blackout = document.isBlack == wasBlack ? nil : document.isBlack
        switch edit {
        case .set(let path, _, let fade), .choose(let path, _, let fade):
            let parameter = document.tree[path]
            subject = parameter?.path ?? path
            text = (parameter.map { Self.value(of: $0, document) } ?? path) + fade.text
        case .setAll(let all):
            let names = all.prefix(Self.namesMax).map { one in
                document.tree[one.path].map { Self.value(of: $0, document) } ?? one.path
            }
            let others = all.count - names.count
            subject = all.first?.path ?? ""
            text = names.joined(separator: ", ") + (others > 0 ? " and \(others) more" : "")
        case .reset(let path, let fade):
            let canonical = ParameterTree.canonical(path)
            subject = "reset \(canonical.isEmpty ? "everything" : canonical)"
            text = subject + fade.text
        case .undo(let fade):
            subject = "undo"
            let changed = document.tree.parameters.filter {
                !$0.isReadOnly && !$0.isComponent && document.revision(of: $0) == document.revision
            }
            let names = changed.prefix(Self.namesMax).map { Self.value(of: $0, document) }
            let others = changed.count - names.count
            text =
                "undo: \(names.joined(separator: ", "))"
                + (others > 0 ? " and \(others) more" : "") + fade.text
        }
    }

    private static func value(of parameter: Parameter, _ document: ShowDocument) -> String {
        let unit = parameter.unit.isEmpty ? "" : " \(parameter.unit)"
        return "\(parameter.path) \(parameter.text(document.target(parameter)))\(unit)"
    }
}

extension Fade {
    /// How long it takes, as the end of a sentence.
    var text: String {
        switch self {
        case .none: ""
        case .seconds(let seconds): " over \(shortText(seconds)) s"
        case .frames(let frames): " over \(frames) frames"
        }
    }
}
