/// Everything wrong with a scene, each in one line: what, where, what was expected.
public struct SceneComplaints: Error, Sendable, Equatable, CustomStringConvertible {
    /// The complaints, in the order of the file; never empty.
    public let lines: [String]

    /// Complaints; at least one.
    public init(_ lines: [String]) {
        precondition(!lines.isEmpty, "a refusal has a reason")
        self.lines = lines
    }

    /// All lines, for printing.
    public var description: String { lines.joined(separator: "\n") }
}

extension SceneComplaints {
    /// A word that is none of those known.
    public init<Names: CaseIterable & RawRepresentable>(
        unknown what: String, _ all: Names.Type
    ) where Names.RawValue == String {
        self.init(["\(what): known are \(all.allCases.map(\.rawValue).joined(separator: ", "))"])
    }
}
