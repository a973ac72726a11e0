import Yams

/// A group of keys being read: hands out typed values, and at the end knows what was misspelled
/// and what is missing.
final class MapReader {
    let reading: Reading
    let path: String
    let line: Int
    private var entries: [String: (key: Node, value: Node)] = [:]
    private var order: [String] = []
    private var asked: [String] = []
    private var missing: [(key: String, what: String)] = []
    /// Keys that need not be there where another is.
    private var alternatives: [String: String] = [:]
    /// Which keys belong here is itself unknown; nothing is said of the others.
    var ignoresUnknownKeys = false

    init(_ item: Item, _ mapping: Node.Mapping) {
        reading = item.reading
        path = item.path
        line = item.line
        for (key, value) in mapping {
            guard let name = key.scalar?.string else {
                reading.complain(
                    key.mark?.line ?? line, path, "a key that is not a word", "write `key: value`")
                continue
            }
            entries[name] = (key, value)
            order.append(name)
        }
    }

    /// The path of a key in here.
    func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// The value of a key, or nil without a word.
    func optional(_ key: String) -> Item? {
        reading.note(path(key))
        if !asked.contains(key) { asked.append(key) }
        guard let entry = entries[key] else { return nil }
        // A value on the lines below its key is looked for by its key.
        return Item(
            reading: reading, node: entry.value, path: path(key), line: entry.key.mark?.line)
    }

    /// The value of a key that must be there; what it is goes into the complaint.
    func required(_ key: String, _ what: String) -> Item? {
        if let item = optional(key) { return item }
        missing.append((key, what))
        return nil
    }

    /// Some key was not asked for: checks between keys would judge what was meant otherwise.
    var hasUnknownKeys: Bool { order.contains { !asked.contains($0) } }

    /// A key need not be there where another is: misspelling that one is one fault, too.
    func allow(_ alternative: String, for key: String) { alternatives[alternative] = key }

    /// Complains about a key in here, or about the group where the key is not written.
    func complain(_ key: String, _ found: String, _ allowed: String) {
        reading.complain(entries[key]?.key.mark?.line ?? line, path(key), found, allowed)
    }

    /// Complains of keys nobody asked for and of those that are missing; a misspelled key is one
    /// fault, not two.
    func finish() {
        for name in order where !asked.contains(name) {
            let absent = missing.map(\.key)
            let unused = asked.filter { entries[$0] == nil }
            var near = nearest(name, in: absent)
            if ignoresUnknownKeys && near == nil { continue }
            near = near ?? nearest(name, in: unused)
            missing.removeAll { $0.key == near || $0.key == near.flatMap { alternatives[$0] } }
            let hint = near.map { "did you mean \($0)?" } ?? "known here: \(list(asked))"
            reading.complain(
                entries[name]?.key.mark?.line ?? line, path(name), "an unknown key", hint)
        }
        for (key, what) in missing {
            reading.complain(line, path(key), "missing", what)
        }
    }

    private func list(_ words: [String]) -> String { words.sorted().joined(separator: ", ") }
}

extension MapReader {
    /// A number; nil after a complaint.
    ///
    /// Without `default` it must be there.
    func number(
        _ key: String, _ range: ClosedRange<Double>, unit: String = "", default: Double? = nil,
        _ what: String = "a number"
    ) -> Double? {
        guard let item = `default` == nil ? required(key, what) : optional(key) else {
            return `default`
        }
        return item.number(range, unit: unit)
    }

    /// A whole number; nil after a complaint.
    ///
    /// Without `default` it must be there.
    func integer(
        _ key: String, _ range: ClosedRange<Int>, default: Int? = nil, _ what: String
    ) -> Int? {
        let expected = "\(what): a whole number, \(range.lowerBound) … \(range.upperBound)"
        guard let item = `default` == nil ? required(key, expected) : optional(key) else {
            return `default`
        }
        return item.integer(range, what)
    }

    /// One of a few words; nil after a complaint.
    ///
    /// Without `default` it must be there.
    func choice<T>(_ key: String, _ words: [(String, T)], default: T? = nil) -> T? {
        let expected = "one of: " + words.map(\.0).joined(separator: ", ")
        guard let item = `default` == nil ? required(key, expected) : optional(key) else {
            return `default`
        }
        return item.choice(words)
    }

    /// So many numbers; nil after a complaint.
    ///
    /// Without `default` they must be there.
    func numbers(
        _ key: String, _ counts: ClosedRange<Int>, _ range: ClosedRange<Double>, unit: String = "",
        default: [Double]? = nil, _ what: String
    ) -> [Double]? {
        guard let item = `default` == nil ? required(key, what) : optional(key) else {
            return `default`
        }
        return item.numbers(counts, range, unit: unit, what: what)
    }

    /// `true` or `false`; nil after a complaint.
    func flag(_ key: String, default: Bool) -> Bool? {
        guard let item = optional(key) else { return `default` }
        return item.flag()
    }

    /// What stands behind `name`, checked or not: the element's own checks are those of `Names`.
    var givenName: String? { optional("name")?.word }

    /// A name other parts refer to: letters, digits, dot, hyphen, underscore; 1 … 32 of them.
    func name(_ key: String = "name") -> String? {
        let allowed = "1 … 32 letters, digits, '.', '-' or '_'"
        guard let item = required(key, "a name: \(allowed)") else { return nil }
        guard let text = item.text("a name") else { return nil }
        guard Self.isName(text) else { return item.complain("a name is \(allowed)") }
        return text
    }

    /// 1 … 32 letters, digits, dots, hyphens, underscores.
    static func isName(_ text: String) -> Bool {
        1...32 ~= text.count
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_".contains($0)) }
    }
}

/// The names of one list, for the references of others.
struct Names {
    /// What the list holds, for complaints.
    let what: String
    private var indices: [String: Int] = [:]
    /// False where a name could not be read: then nobody can say that a reference is wrong.
    private var isComplete = true

    init(_ what: String) { self.what = what }

    /// Names that could not be read at all.
    static func unknown(_ what: String) -> Names {
        var names = Names(what)
        names.isComplete = false
        return names
    }

    /// Takes the next element's name, nil where it could not be read.
    mutating func add(_ name: String?, at index: Int, _ reader: MapReader, key: String = "name") {
        guard let name else {
            isComplete = false
            return
        }
        if let other = indices[name] {
            reader.complain(key, name, "already the name of \(what) \(other + 1); choose another")
        } else {
            indices[name] = index
        }
    }

    /// The index a reference means; nil after a complaint, or silently where names are missing.
    func index(of item: Item?) -> Int? {
        guard let item, let name = item.text("the name of a \(what)") else { return nil }
        if let index = indices[name] { return index }
        guard isComplete else { return nil }
        let known = indices.sorted { $0.value < $1.value }.map(\.key)
        if known.isEmpty { return item.complain("the stage has no \(what)") }
        return item.complain(
            "no \(what) has this name; there are: \(known.joined(separator: ", "))")
    }
}
