/// What a parameter's values are.
public enum ParameterKind: String, Sendable {
    /// Numbers in a range.
    case float
    /// Whole numbers.
    case integer
    /// on or off.
    case boolean
    /// One of some words; its value is the word's index.
    case choice
}

/// One thing an operator can read and, mostly, change.
public struct Parameter: Sendable {
    /// Where its values are.
    public enum Place: Sendable, Equatable {
        /// Indices into `LiveState.values`, one a component.
        case live([Int])
        /// A number of the status board; read-only.
        case status(StatusField)
        /// A number of the status board that each camera has; read-only.
        case cameraStatus(CameraStatusField, camera: Int)
        /// A number of the status board that each tracking source has; read-only.
        case sourceStatus(SourceStatusField, source: Int)
        /// A number of the status board that each slot for scenes has; read-only.
        case sceneStatus(SceneStatusField, slot: Int)
        /// A number of the status board that each wall has; read-only.
        case wallStatus(WallStatusField, wall: Int)
        /// A number of the status board that each movie of the scene on the wall has; read-only.
        case movieStatus(MovieStatusField, movie: Int)
        /// What the walls are to a camera; read-only.
        case exposure(ExposureField, camera: Int)
    }

    /// Path in the tree: lower case, `/` between the steps.
    public let path: String
    /// What its values are.
    public let kind: ParameterKind
    /// Unit as shown; empty for a bare number.
    public let unit: String
    /// Least and greatest value.
    public let range: ClosedRange<Double>
    /// Value after a reset, one a component.
    public let defaults: [Double]
    /// Names of the components; empty for a single number.
    public let components: [String]
    /// The words of a choice; empty for everything else.
    public let words: [String]
    /// One line: what it does.
    public let help: String
    /// Where its values are.
    public let place: Place
    /// It is one component of another parameter, reached by its own path but not listed.
    public let isComponent: Bool

    init(
        path: String, kind: ParameterKind = .float, unit: String = "",
        range: ClosedRange<Double>, defaults: [Double], components: [String] = [],
        words: [String] = [], help: String, place: Place, isComponent: Bool = false
    ) {
        self.path = path
        self.kind = kind
        self.unit = unit
        self.range = range
        self.defaults = defaults
        self.components = components
        self.words = words
        self.help = help
        self.place = place
        self.isComponent = isComponent
    }

    /// Nothing can set it.
    public var isReadOnly: Bool {
        if case .live = place { return false }
        return true
    }

    /// It can take its time; switches cannot, but for the blackout.
    public var takesFade: Bool {
        !isReadOnly && kind != .choice && kind != .integer && !ParameterTree.isMovie(path)
            && (kind != .boolean || path == ParameterTree.blackoutPath)
    }

    /// Indices into `LiveState.values`; empty for a status number.
    public var places: [Int] {
        if case .live(let places) = place { return places }
        return []
    }

    /// Numbers it takes.
    public var count: Int { defaults.count }

    /// One line that says everything: type, unit, range, default, what it does.
    public var description: String {
        var parts = [kind.rawValue]
        if count > 1 { parts[0] += " × \(count) (\(components.joined(separator: " ")))" }
        if !unit.isEmpty { parts.append(unit) }
        if isReadOnly {
            parts.append("read-only")
        } else if kind == .choice {
            let list = words.joined(separator: ", ")
            parts.append("one of: \(list); default \(text(defaults))")
        } else if kind == .boolean {
            parts.append("on or off, default \(text(defaults))")
        } else {
            let (least, greatest) = (shortText(range.lowerBound), shortText(range.upperBound))
            parts.append("\(least) to \(greatest), default \(text(defaults))")
        }
        return "\(path): \(parts.joined(separator: ", ")). \(help)"
    }

    /// Values as the protocol writes them.
    public func text(_ values: [Double]) -> String {
        if kind == .boolean { return values[0] >= 0.5 ? "on" : "off" }
        if kind == .choice { return words[max(0, min(words.count - 1, Int(values[0])))] }
        return values.map(shortText).joined(separator: " ")
    }
}

/// The shortest text that reads back as the same number, without a needless `.0`.
func shortText(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
