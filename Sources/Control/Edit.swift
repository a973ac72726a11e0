/// How long a change takes.
public enum Fade: Sendable, Equatable {
    /// At once.
    case none
    /// Seconds, rounded to whole frames of the stage's rate.
    case seconds(Double)
    /// Whole frames.
    case frames(Int64)
}

/// A change an operator asks for.
public enum Edit: Sendable, Equatable {
    /// Values for one parameter, as many as it has components.
    case set(path: String, values: [Double], fade: Fade = .none)
    /// One of the words a parameter takes.
    case choose(path: String, word: String, fade: Fade = .none)
    /// Values for several parameters at once, all or none; none is brought into range.
    case setAll([PathValues])
    /// One parameter, or everything under a path, to its defaults; "" is the whole tree.
    case reset(path: String, fade: Fade = .none)
    /// The last edit taken back; again for the one before.
    case undo(fade: Fade = .none)
}

/// Values for one parameter.
public struct PathValues: Sendable, Equatable {
    /// Its path.
    public var path: String
    /// As many as it has components.
    public var values: [Double]

    /// Values for a path.
    public init(_ path: String, _ values: [Double]) {
        self.path = path
        self.values = values
    }
}

/// What became of an edit.
public enum EditAnswer: Sendable, Equatable {
    /// Done as asked, as this revision.
    case applied(revision: UInt64)
    /// Done, with the values brought into range, as this revision.
    case clamped(values: [Double], revision: UInt64)
    /// Not done, nothing changed: the reason, for the operator.
    case refused(String)

    /// The line the text protocol sends.
    public var line: String {
        switch self {
        case .applied(let revision): return "applied r\(revision)"
        case .clamped(let values, let revision):
            return "clamped to \(values.map(shortText).joined(separator: " ")) r\(revision)"
        case .refused(let reason): return "refused: \(reason)"
        }
    }
}
