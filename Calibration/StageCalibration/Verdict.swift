/// What is made of one figure of a calibration, in words for whoever stands at the wall.
public struct Verdict: Sendable, Equatable, Codable, CustomStringConvertible {
    /// How good it is.
    public enum Level: String, Sendable, Codable, Comparable {
        /// As it should be.
        case pass
        /// Usable; better if what `advice` says is done.
        case warning
        /// Not to be used.
        case fail

        /// Worse is greater.
        public static func < (a: Level, b: Level) -> Bool { a.rank < b.rank }

        private var rank: Int { self == .pass ? 0 : self == .warning ? 1 : 2 }
    }

    /// What was looked at, as one word or two: "additivity".
    public let subject: String
    /// How good it is.
    public let level: Level
    /// What was found.
    public let finding: String
    /// What to do; empty where there is nothing to do.
    public let advice: String

    /// A verdict of what was found, and what to do about it.
    public init(_ subject: String, _ level: Level, _ finding: String, advice: String = "") {
        self.subject = subject
        self.level = level
        self.finding = finding
        self.advice = advice
    }

    /// One line.
    public var description: String {
        "\(level.rawValue): \(subject): \(finding)" + (advice.isEmpty ? "" : " – \(advice)")
    }
}

extension [Verdict] {
    /// The worst of them.
    public var worst: Verdict.Level { map(\.level).max() ?? .pass }
}

/// Why a calibration has no result at all: one line that says what, and what to do.
public struct CalibrationRefusal: Error, Sendable, Equatable, CustomStringConvertible {
    /// One line.
    public let description: String

    /// A refusal: what was found, and what to do.
    public init(_ found: String, advice: String) { description = "\(found) – \(advice)" }
}
