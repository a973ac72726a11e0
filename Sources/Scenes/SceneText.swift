/// A scene file as it is written: keys and groups of keys, in the order a person reads them.
struct SceneText {
    /// A value of a key.
    enum Value {
        case text(String)
        case number(Double)
        case list([Double])
    }

    /// Keys with their values.
    typealias Group = [(key: String, value: Value)]

    private(set) var text = ""

    /// A scene file that begins with the scene's name.
    init(name: String) { text = "name: \(SceneText.quoted(name))\n" }

    mutating func add(_ key: String, _ value: Value) {
        text += "\(key): \(SceneText.written(value))\n"
    }

    mutating func add(_ key: String, _ group: Group) {
        text += "\(key):\n" + SceneText.lines(group, indent: "  ")
    }

    /// A list of groups; nothing where there are none.
    mutating func add(_ key: String, _ groups: [Group]) {
        if groups.isEmpty { return }
        text += "\(key):\n"
        for group in groups {
            let lines = SceneText.lines(group, indent: "    ")
            text += "  - " + lines.dropFirst(4)
        }
    }

    private static func lines(_ group: Group, indent: String) -> String {
        group.map { "\(indent)\($0.key): \(written($0.value))\n" }.joined()
    }

    private static func written(_ value: Value) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .number(let number): plain(number)
        case .list(let numbers): "[\(numbers.map(plain).joined(separator: ", "))]"
        }
    }

    /// The shortest text that reads back as the same number.
    private static func plain(_ number: Double) -> String {
        let text = "\(number)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// Plain words as they are; whatever could be read as something else between quotes.
    private static func quoted(_ text: String) -> String {
        let isPlain =
            text.first?.isLetter == true && text.last != " "
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "0123456789 ._-/".unicodeScalars.contains($0)
            } && !["null", "true", "false", "yes", "no", "on", "off"].contains(text.lowercased())
        if isPlain { return text }
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case _ where scalar.value < 32 || scalar.value == 127: out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
