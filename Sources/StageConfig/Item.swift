import Yams

/// One value of the file with its place; reads it as a type or complains once.
struct Item {
    let reading: Reading
    let node: Node
    let path: String
    /// Line of the value, or of its key.
    let line: Int

    init(reading: Reading, node: Node, path: String, line: Int? = nil) {
        self.reading = reading
        self.node = node
        self.path = path
        self.line = line ?? node.mark?.line ?? 1
    }

    /// What stands there, short enough for a line.
    var found: String {
        switch node {
        case .scalar(let scalar):
            if scalar.string.isEmpty { return "nothing" }
            let text = scalar.string.prefix(40)
            let clean = String(text.map { $0.isNewline ? " " : $0 })
            return text.count < scalar.string.count ? clean + "…" : clean
        case .sequence(let sequence):
            if sequence.count <= 4, sequence.allSatisfy({ $0.scalar != nil }) {
                return "[" + sequence.map { $0.scalar?.string ?? "" }.joined(separator: ", ") + "]"
            }
            return "a list of \(sequence.count)"
        case .mapping: return "a group of keys"
        case .alias: return "an alias"
        }
    }

    /// The value as one word, as written.
    var word: String? { node.scalar?.string }
    /// The value as a list of words, each as written.
    var words: [String?]? { node.sequence?.map { $0.scalar?.string } }
    /// The value is a list.
    var isList: Bool { node.sequence != nil }
    /// The value is a group of keys.
    var isGroup: Bool { node.mapping != nil }

    /// Complains of a key of this group, at the key's line.
    func complain(_ key: String, _ found: String, _ allowed: String) {
        guard let mapping = node.mapping else { return }
        MapReader(self, mapping).complain(key, found, allowed)
    }

    /// Complains of this value; always nil, to be returned.
    @discardableResult
    func complain<T>(_ allowed: String) -> T? {
        reading.complain(line, path, found, allowed)
        return nil
    }

    /// Complains of this value.
    func complain(_ allowed: String) { reading.complain(line, path, found, allowed) }

    /// A text that is not empty.
    func text(_ what: String) -> String? {
        guard let scalar = node.scalar, !scalar.string.isEmpty else {
            return complain("\(what) is expected")
        }
        return scalar.string
    }

    /// A finite number in a range.
    func number(_ range: ClosedRange<Double>, unit: String = "") -> Double? {
        let allowed = "a number\(unit.isEmpty ? "" : " of \(unit)"), \(text(range))"
        guard let scalar = node.scalar else { return complain("\(allowed), is expected") }
        let text = scalar.string.lowercased()
        if [".nan", ".inf", "-.inf", "+.inf", "nan", "inf", "-inf", "infinity"].contains(text) {
            return complain("not a number one can build with; \(allowed), is expected")
        }
        guard Self.looksNumeric(text), let value = Double(text), value.isFinite else {
            if !unit.isEmpty, Self.looksNumericWithUnit(text) {
                let values = "\(unit), \(self.text(range))"
                return complain("the unit is in the key: write the number alone, in \(values)")
            }
            return complain("\(allowed), is expected")
        }
        guard range.contains(value) else { return complain("\(allowed), is expected") }
        return value
    }

    /// A whole number in a range; `why` says what it is for.
    func integer(_ range: ClosedRange<Int>, _ why: String) -> Int? {
        let allowed = "\(why): a whole number, \(range.lowerBound) … \(range.upperBound)"
        guard let scalar = node.scalar, Self.looksNumeric(scalar.string),
            let value = Int(scalar.string), range.contains(value)
        else { return complain(allowed) }
        return value
    }

    /// `true` or `false`.
    func flag() -> Bool? {
        switch node.scalar?.string {
        case "true"?: return true
        case "false"?: return false
        default: return complain("true or false is expected")
        }
    }

    /// One of a few words.
    func choice<T>(_ words: [(String, T)]) -> T? {
        let list = words.map(\.0).joined(separator: ", ")
        guard let scalar = node.scalar else { return complain("one of: \(list)") }
        if let match = words.first(where: { $0.0 == scalar.string }) { return match.1 }
        let near = nearest(scalar.string, in: words.map(\.0))
        return complain((near.map { "did you mean \($0)? " } ?? "") + "one of: \(list)")
    }

    /// So many numbers in a range.
    func numbers(
        _ counts: ClosedRange<Int>, _ range: ClosedRange<Double>, unit: String, what: String
    ) -> [Double]? {
        let unit = unit.isEmpty ? "" : " of \(unit)"
        let allowed = "\(what): numbers\(unit), \(text(range)), are expected"
        guard let sequence = node.sequence, counts.contains(sequence.count) else {
            return complain(allowed)
        }
        var values: [Double] = []
        for element in sequence {
            guard let text = element.scalar?.string, Self.looksNumeric(text),
                let value = Double(text), value.isFinite, range.contains(value)
            else { return complain(allowed) }
            values.append(value)
        }
        return values
    }

    /// The items of a list; its length in a range.
    func items(_ counts: ClosedRange<Int>, _ why: String) -> [Item]? {
        guard let sequence = node.sequence else { return complain("\(why): a list is expected") }
        guard counts.contains(sequence.count) else {
            return complain("\(why): \(counts.lowerBound) … \(counts.upperBound) of them")
        }
        return sequence.enumerated().map { index, node in
            Item(reading: reading, node: node, path: "\(path)[\(index)]")
        }
    }

    /// Reads a group of keys, then complains of those nobody asked for and those not found.
    ///
    /// A group with a complaint in it has no value, so that one fault does not grow into others.
    func keys<T>(_ what: String, _ read: (MapReader) -> T?) -> T? {
        guard let mapping = node.mapping else { return complain("\(what) is expected, as keys") }
        let before = reading.complaints.count
        let reader = MapReader(self, mapping)
        let value = read(reader)
        reader.finish()
        return reading.complaints.count == before ? value : nil
    }

    private func text(_ range: ClosedRange<Double>) -> String {
        "\(plain(range.lowerBound)) … \(plain(range.upperBound))"
    }

    private static func looksNumeric(_ text: String) -> Bool {
        guard let last = text.last, last.isASCII, last.isNumber || last == "." else { return false }
        return text.allSatisfy { "0123456789+-.eE".contains($0) }
    }

    private static func looksNumericWithUnit(_ text: String) -> Bool {
        let number = text.prefix { "0123456789+-.".contains($0) }
        let rest = text.dropFirst(number.count).drop { $0 == " " }
        return !number.isEmpty && !rest.isEmpty && rest.count <= 16
            && rest.allSatisfy { $0.isLetter || "°%'\"²/".contains($0) }
    }
}

/// A number as a person writes it: no `.0` behind whole ones.
func plain(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
}

/// The word a person most likely meant, or nil where none is near.
func nearest(_ word: String, in words: [String]) -> String? {
    let lower = word.lowercased()
    if let whole = words.first(where: {
        $0.lowercased().hasPrefix(lower) && lower.count >= 3 || lower.hasPrefix($0.lowercased())
    }) {
        return whole
    }
    let ranked = words.map { ($0, distance(lower, $0.lowercased())) }
    guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(1, word.count / 3) else {
        return nil
    }
    return best.0
}

/// How many letters must be put in, taken out, changed or swapped with the next, of the first 64
/// (optimal string alignment).
private func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.prefix(64)), Array(b.prefix(64)))
    var (beforeLast, last) = ([Int](), Array(0...b.count))
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var least = min(last[j] + (a[i] == b[j] ? 0 : 1), row[j] + 1, last[j + 1] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                least = min(least, beforeLast[j - 1] + 1)
            }
            row.append(least)
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
