/// One fault of a stage file, for a tired operator: where, what was found, what is allowed.
public struct Complaint: Sendable, Hashable, CustomStringConvertible {
    /// The file's name.
    public var file: String
    /// Line, counted from 1; 0 for the file as a whole.
    public var line: Int
    /// The key, `walls[1].columns`; empty for the file as a whole.
    public var path: String
    /// What stands there.
    public var found: String
    /// What is allowed, or what to do.
    public var allowed: String

    /// A fault at a line and a key.
    public init(file: String, line: Int, path: String, found: String, allowed: String) {
        self.file = file
        self.line = line
        self.path = path
        self.found = found
        self.allowed = allowed
    }

    /// One line: `stage.yaml:14: walls[1].columns: 0 – a wall needs at least one column`.
    public var description: String {
        let place = line > 0 ? "\(file):\(line): " : "\(file): "
        return place + (path.isEmpty ? "" : "\(path): ") + "\(found) – \(allowed)"
    }
}

/// Everything that is wrong with a stage file, by line.
public struct Complaints: Error, Sendable, Hashable, CustomStringConvertible {
    /// At least one.
    public var list: [Complaint]

    /// The complaints of a file.
    public init(_ list: [Complaint]) { self.list = list }

    /// A line for each.
    public var description: String { list.map(\.description).joined(separator: "\n") }
}
