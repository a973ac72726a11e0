import CYaml
import Yams

/// A value of a scene file with its line, so that one walk can collect every complaint about it.
struct SceneNode {
    /// What stands there.
    enum Value {
        case group([String: SceneNode])
        case list([SceneNode])
        case text(String)
        /// With its own words: a name may look like a number.
        case number(Double, String)
        case nothing
    }

    let value: Value
    /// Line of the file, from 1.
    let line: Int

    /// Groups and lists within each other; a scene file has three of them.
    private static let depthMax = 32
    /// Values, groups and lists together; sixteen cards and as many meshes have under a thousand.
    private static let nodesMax = 50_000

    /// The value of a text.
    ///
    /// Throws a line and what is wrong with it. Anchors and aliases are not taken: a small file
    /// could grow without bound.
    static func parse(_ text: String) throws(SceneSyntax) -> SceneNode {
        if let fault = SceneSyntax(before: text, depthMax: depthMax, nodesMax: nodesMax) {
            throw fault
        }
        do {
            guard let node = try Parser(yaml: text).singleRoot() else {
                throw SceneSyntax(line: 1, reason: "is empty – a scene has a name and layers")
            }
            return SceneNode(node)
        } catch let fault as SceneSyntax {
            throw fault
        } catch let error as YamlError {
            throw SceneSyntax(error)
        } catch {
            throw SceneSyntax(line: 1, reason: "is no YAML: \(error)")
        }
    }

    private init(_ node: Node) {
        line = node.mark?.line ?? 1
        switch node {
        case .mapping(let mapping):
            var values: [String: SceneNode] = [:]
            for (key, value) in mapping { values[key.scalar?.string ?? "?"] = SceneNode(value) }
            value = .group(values)
        case .sequence(let sequence): value = .list(sequence.map { SceneNode($0) })
        case .scalar(let scalar): value = SceneNode.value(of: scalar)
        case .alias: value = .nothing
        }
    }

    /// Plain words that look like numbers are; what is quoted is a text.
    private static func value(of scalar: Node.Scalar) -> Value {
        guard [.plain, .any].contains(scalar.style) else { return .text(scalar.string) }
        let text = scalar.string
        if ["", "~", "null"].contains(text) { return .nothing }
        let isNumber =
            text.allSatisfy { "0123456789+-.eE".contains($0) } && text.contains(where: \.isNumber)
        if isNumber, let number = Double(text), number.isFinite { return .number(number, text) }
        return .text(text)
    }

    /// What stands there, for a complaint; short.
    var found: String {
        switch value {
        case .group: "a group of keys"
        case .list(let items): "a list of \(items.count)"
        case .text(let text):
            "\"\(text.prefix(40).map { $0.isNewline ? " " : String($0) }.joined())\""
        case .number(_, let words): String(words.prefix(40))
        case .nothing: "nothing"
        }
    }

    var isNothing: Bool {
        if case .nothing = value { true } else { false }
    }
}

/// What keeps a text from being read at all.
struct SceneSyntax: Error {
    var line: Int
    var reason: String

    init(line: Int, reason: String) { (self.line, self.reason) = (line, reason) }

    init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            line = mark.line
            reason =
                "is no YAML: \(problem) – check indentation, colons and brackets here and on the "
                + "line before"
        case .duplicatedKeysInMapping(let keys, let context):
            line = context.mark.line
            reason = "\(keys.sorted().joined(separator: ", ")): given twice – keep one of them"
        default:
            line = 1
            reason = "is no YAML: \(error)"
        }
    }

    /// What is refused before a tree is made of it: anchors and aliases, which could make a small
    /// text grow without bound, and more of anything than a scene has.
    ///
    /// Looks at the parser's own events, so it cannot be told another text than the parser. What is
    /// no YAML is left for it to complain of.
    init?(before text: String, depthMax: Int, nodesMax: Int) {
        // It keeps its own address.
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        defer { parser.deallocate() }
        guard yaml_parser_initialize(parser) == 1 else { return nil }
        defer { yaml_parser_delete(parser) }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        var fault: SceneSyntax?
        // The bytes stay where they are until its last event.
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            yaml_parser_set_input_string(parser, start, bytes.count)
            var (depth, nodes, isOver) = (0, 0, false)
            while !isOver, fault == nil {
                var event = yaml_event_t()
                guard yaml_parser_parse(parser, &event) == 1 else { return }
                defer { yaml_event_delete(&event) }
                let line = Int(event.start_mark.line) + 1
                nodes += 1
                switch event.type {
                case YAML_STREAM_END_EVENT, YAML_NO_EVENT: isOver = true
                case YAML_SEQUENCE_START_EVENT, YAML_MAPPING_START_EVENT: depth += 1
                case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: depth -= 1
                default: break
                }
                if event.isNamed {
                    fault = SceneSyntax(
                        line: line,
                        reason: "an anchor or alias (& or *) – write it out, or quote the text")
                } else if depth > depthMax {
                    fault = SceneSyntax(
                        line: line, reason: "more than \(depthMax) lists within each other")
                } else if nodes > nodesMax {
                    fault = SceneSyntax(line: line, reason: "more than \(nodesMax) values")
                }
            }
        }
        guard let fault else { return nil }
        self = fault
    }
}

extension yaml_event_t {
    /// It is an alias, or has an anchor one could name.
    fileprivate var isNamed: Bool {
        switch type {
        case YAML_ALIAS_EVENT: true
        case YAML_SCALAR_EVENT: data.scalar.anchor != nil
        case YAML_SEQUENCE_START_EVENT: data.sequence_start.anchor != nil
        case YAML_MAPPING_START_EVENT: data.mapping_start.anchor != nil
        default: false
        }
    }
}

/// One group of a scene file on the way to a value; notes what is wrong with each key.
struct KeyReader {
    private let place: String
    private let line: Int
    private let values: [String: SceneNode]
    /// What is wrong, with its line.
    private(set) var complaints: [(line: Int, text: String)] = []

    init(_ node: SceneNode, place: String, keys: [String]) {
        self.place = place
        line = node.line
        guard case .group(let values) = node.value else {
            self.values = [:]
            complaints.append(
                (line, "\(place.isEmpty ? "" : "\(place): ")\(node.found) – keys are expected"))
            return
        }
        self.values = values
        for (key, value) in values where !keys.contains(key) {
            complaints.append(
                (
                    value.line,
                    "\(at(key)): there is no such key – known are \(keys.joined(separator: ", "))"
                ))
        }
    }

    /// Where a key is, as a person finds it: "cards[1].pan".
    func at(_ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }

    /// A key's value; nil where it is not there, or is nothing.
    func node(_ key: String) -> SceneNode? {
        guard let node = values[key], !node.isNothing else { return nil }
        return node
    }

    mutating func complain(_ key: String, _ found: String, _ expected: String) {
        complaints.append((values[key]?.line ?? line, "\(at(key)): \(found) – \(expected)"))
    }

    mutating func text(_ key: String, limit: Int = 200) -> String? {
        guard let node = node(key) else { return nil }
        var text: String?
        if case .text(let words) = node.value { text = words }
        if case .number(_, let words) = node.value { text = words }
        guard let text, !text.isEmpty, text.utf8.count <= limit, !text.contains(where: \.isNewline)
        else {
            complain(key, node.found, "a text of 1 … \(limit) letters is expected")
            return nil
        }
        return text
    }

    mutating func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let node = node(key) else { return nil }
        guard case .number(let number, _) = node.value, range.contains(number) else {
            complain(
                key, node.found,
                "a number \(range.lowerBound) … \(range.upperBound) is expected")
            return nil
        }
        return number
    }

    mutating func truth(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        if case .text(let word) = node.value {
            if ["true", "yes", "on"].contains(word.lowercased()) { return true }
            if ["false", "no", "off"].contains(word.lowercased()) { return false }
        }
        complain(key, node.found, "true or false is expected")
        return nil
    }

    /// So many numbers, each in a range; `what` is what they are.
    mutating func numbers(
        _ key: String, _ count: Int, in range: ClosedRange<Double>, _ what: String
    ) -> [Double]? {
        guard let node = node(key) else { return nil }
        if case .list(let items) = node.value, items.count == count {
            let numbers = items.compactMap { item -> Double? in
                guard case .number(let n, _) = item.value, range.contains(n) else { return nil }
                return n
            }
            if numbers.count == count { return numbers }
        }
        complain(
            key, node.found,
            "\(what), each \(range.lowerBound) … \(range.upperBound), is expected")
        return nil
    }

    mutating func point(_ key: String, in range: ClosedRange<Double>) -> SIMD3<Double>? {
        numbers(key, 3, in: range, "[x, y, z] in meters").map { SIMD3($0[0], $0[1], $0[2]) }
    }

    /// The items of a list of at most so many.
    mutating func items(_ key: String, most: Int, _ what: String) -> [SceneNode] {
        guard let node = node(key) else { return [] }
        guard case .list(let items) = node.value, items.count <= most else {
            complain(key, node.found, "a list of at most \(most) \(what) is expected")
            return []
        }
        return items
    }

    mutating func required<Value>(_ key: String, _ value: Value?, _ what: String) -> Value? {
        if value == nil, node(key) == nil {
            complain(key, "is missing", "\(what) is needed")
        }
        return value
    }
}
