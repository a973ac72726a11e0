/// What is wrong with a look file: one line that says where, what, and what is expected.
public struct LookComplaint: Error, Sendable, Equatable, CustomStringConvertible {
    /// The file as it was named by the caller.
    public let file: String
    /// Line, counted from 1; 0 for the file as a whole.
    public let line: Int
    /// What stands there.
    public let found: String
    /// What is expected, or what to do.
    public let expected: String

    init(file: String, line: Int, _ found: String, _ expected: String) {
        self.file = file
        self.line = line
        self.found = found
        self.expected = expected
    }

    /// One line for the operator.
    public var description: String {
        let place = line > 0 ? "\(file):\(line)" : file
        return plain("\(place): \(found) – \(expected)")
    }
}

/// A text without control characters, so that a message stays one line.
func plain(_ text: String) -> String {
    var out = ""
    out.unicodeScalars += text.unicodeScalars.map {
        $0.properties.generalCategory == .control ? "·" : $0
    }
    return out
}

/// The beginning of a text, for a message that quotes it.
func quoted(_ text: some StringProtocol) -> String { "“\(text.prefix(40))”" }
