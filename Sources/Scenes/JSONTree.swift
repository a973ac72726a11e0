import Foundation

/// A JSON value of any shape, so that one walk can collect every complaint about it.
enum JSONTree: Decodable, Equatable {
    case object([String: JSONTree])
    case list([JSONTree])
    case text(String)
    case number(Double)
    case truth(Bool)
    case nothing

    init(from decoder: any Decoder) throws {
        let single = try decoder.singleValueContainer()
        if single.decodeNil() {
            self = .nothing
        } else if let truth = try? single.decode(Bool.self) {
            self = .truth(truth)
        } else if let number = try? single.decode(Double.self) {
            self = .number(number)
        } else if let text = try? single.decode(String.self) {
            self = .text(text)
        } else if let list = try? single.decode([JSONTree].self) {
            self = .list(list)
        } else {
            self = .object(try single.decode([String: JSONTree].self))
        }
    }

    /// What stands there, for a complaint; short.
    var found: String {
        switch self {
        case .object: "an object"
        case .list(let items): "a list of \(items.count)"
        case .text(let text): "\"\(text.prefix(40))\""
        case .number(let number): "\(number)"
        case .truth(let truth): "\(truth)"
        case .nothing: "null"
        }
    }
}

/// One object of a scene file on the way to a value; notes what is wrong with each key.
struct KeyReader {
    private let place: String
    private let values: [String: JSONTree]
    private(set) var complaints: [String] = []

    init(_ tree: JSONTree, place: String, keys: [String]) {
        self.place = place
        guard case .object(let values) = tree else {
            self.values = [:]
            complaints.append("\(place): \(tree.found) – an object { … } is expected")
            return
        }
        self.values = values
        for key in values.keys.sorted() where !keys.contains(key) {
            complaints.append(
                "\(at(key)): there is no such key – known are \(keys.joined(separator: ", "))")
        }
    }

    /// Where a key is, as a person finds it: "cards[1].pan".
    func at(_ key: String) -> String { place.isEmpty ? key : "\(place).\(key)" }

    func tree(_ key: String) -> JSONTree? {
        if case .nothing? = values[key] { return nil }
        return values[key]
    }

    mutating func complain(_ key: String, _ found: String, _ expected: String) {
        complaints.append("\(at(key)): \(found) – \(expected)")
    }

    mutating func text(_ key: String, limit: Int = 200) -> String? {
        guard let tree = tree(key) else { return nil }
        guard case .text(let text) = tree, !text.isEmpty, text.utf8.count <= limit else {
            complain(key, tree.found, "a text of 1 … \(limit) letters is expected")
            return nil
        }
        return text
    }

    mutating func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let tree = tree(key) else { return nil }
        guard case .number(let number) = tree, range.contains(number) else {
            complain(
                key, tree.found,
                "a number \(range.lowerBound) … \(range.upperBound) is expected")
            return nil
        }
        return number
    }

    mutating func point(_ key: String, in range: ClosedRange<Double>) -> SIMD3<Double>? {
        guard let tree = tree(key) else { return nil }
        if case .list(let items) = tree, items.count == 3 {
            let numbers = items.compactMap { item -> Double? in
                guard case .number(let n) = item, range.contains(n) else { return nil }
                return n
            }
            if numbers.count == 3 { return SIMD3(numbers[0], numbers[1], numbers[2]) }
        }
        complain(
            key, tree.found,
            "[x, y, z] in meters, each \(range.lowerBound) … \(range.upperBound), is expected")
        return nil
    }

    mutating func required<Value>(_ key: String, _ value: Value?, _ what: String) -> Value? {
        if value == nil, tree(key) == nil {
            complain(key, "is missing", "\(what) is needed")
        }
        return value
    }
}
