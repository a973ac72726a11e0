import Yams

/// What one reading of a stage file collects: complaints, and the keys that were looked for.
final class Reading {
    let file: String
    private(set) var complaints: [Complaint] = []
    private(set) var keys: Set<String> = []
    /// How panels are fed, also those of walls with some other fault.
    var placements: [Placement] = []
    /// Texts of the lens files that were read, by their lenses' names.
    var lensFiles: [String: String] = [:]
    /// Texts of the other files that were read, by their paths from the stage file's folder.
    var otherFiles: [String: String] = [:]
    /// Gives the text of a lens file.
    let lensText: (String) -> Result<String, Complaints>
    /// Gives the text of another file, by its path from the stage file's folder.
    let otherText: (String) -> Result<String, Complaints>
    /// What a calibration says instead of the stage file.
    var applied: AppliedCalibration?

    init(
        file: String, lensText: @escaping (String) -> Result<String, Complaints>,
        otherText: @escaping (String) -> Result<String, Complaints> = StageConfig.noFile
    ) {
        self.file = file
        self.lensText = lensText
        self.otherText = otherText
    }

    /// Takes over what another reading found, of a file this one names.
    func add(_ other: Reading) {
        complaints += other.complaints
        keys.formUnion(other.keys)
    }

    /// Takes over complaints about a file.
    func add(_ complaints: [Complaint]) { self.complaints += complaints }

    /// A fault at a line and a key.
    func complain(_ line: Int, _ path: String, _ found: String, _ allowed: String) {
        complaints.append(
            Complaint(file: file, line: line, path: path, found: found, allowed: allowed))
    }

    /// A key was looked for; indices are left out of what is kept.
    func note(_ path: String) {
        var pattern = ""
        var isInBrackets = false
        for character in path {
            if character == "]" { isInBrackets = false }
            if !isInBrackets { pattern.append(character) }
            if character == "[" { isInBrackets = true }
        }
        keys.insert(pattern)
    }

    /// The document's root, or nil after a complaint about its syntax.
    func root(_ text: String) -> Item? {
        if let line = Self.anchorLine(text) {
            complain(
                line, "", "an anchor or alias (& or *)",
                "stage files do without; give a product a name and refer to it by that name")
            return nil
        }
        do {
            guard let node = try Parser(yaml: text).singleRoot() else {
                complain(1, "", "an empty file", "a stage; copy one from stage-configs")
                return nil
            }
            return Item(reading: self, node: node, path: "")
        } catch let error as YamlError {
            complainOfSyntax(error)
        } catch {
            complain(1, "", "not readable as YAML", "\(error)")
        }
        return nil
    }

    private func complainOfSyntax(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let before = context.map { " (\($0.text), line \($0.mark.line))" } ?? ""
            complain(
                mark.line, "", "not YAML: \(problem)\(before)",
                "check indentation, colons, quotes and brackets here and on the line before")
        case .duplicatedKeysInMapping(let duplicates, let context):
            complain(
                context.mark.line, duplicates.sorted().joined(separator: ", "), "given twice",
                "keep one of them")
        case .reader(let problem, _, _, _):
            complain(1, "", "not YAML: \(problem)", "remove the control characters")
        default:
            complain(1, "", "not YAML", "\(error)")
        }
    }

    /// The first line with an anchor or alias.
    ///
    /// The parser would expand them, and a small file can grow without bound. Lines that are only
    /// a comment may hold what they like.
    static func anchorLine(_ text: String) -> Int? {
        let starters = Array("[{,:-?".utf8)
        var line = 1
        var (isBlank, isComment, isMark) = (true, false, false)
        var before = UInt8(ascii: " ")
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\n") {
                line += 1
                (isBlank, isComment, isMark, before) = (true, false, false, byte)
                continue
            }
            if isComment { continue }
            if isMark && byte > 0x20 { return line }
            isComment = isBlank && byte == UInt8(ascii: "#")
            isBlank = isBlank && byte <= 0x20
            isMark =
                (before <= 0x20 || starters.contains(before))
                && (byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*"))
            before = byte
        }
        return nil
    }
}
