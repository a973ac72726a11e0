public import Color
import Foundation

/// A wall's correction on disk: JSON of a form of our own, with what it came from and what was
/// made of it beside the numbers.
///
/// `Calibration/README.md` has every key. What a file does not have changes nothing; panels are
/// named, so that a file fits a wall however its panels are ordered.
public struct WallCorrectionFile: Codable, Sendable, Equatable {
    /// The form this program writes and reads.
    public static let version = 1
    static let form = "cyclorama wall correction"

    /// One channel's light at some drives, both rising to 1.
    public struct Curve: Codable, Sendable, Equatable {
        /// Fractions of peak asked for.
        public var drive: [Double]
        /// Fractions of the channel's own greatest light.
        public var light: [Double]

        /// A channel's steps.
        public init(drive: [Double], light: [Double]) {
            self.drive = drive
            self.light = light
        }
    }

    /// One panel's gains.
    public struct Panel: Codable, Sendable, Equatable {
        /// Its name on the stage, as `main/c1r1`.
        public var name: String
        /// Red, green, blue.
        public var gain: [Double]

        /// A panel's gains.
        public init(name: String, gain: [Double]) {
            self.name = name
            self.gain = gain
        }
    }

    /// The fall-off to the side (`Color.ViewAngle`).
    public struct Angle: Codable, Sendable, Equatable {
        /// Of h, h², h⁴ and v²: red, green, blue each.
        public var terms: [[Double]]
        /// The widest angle it was measured at, degrees.
        public var widestDegrees: Double

        /// A fall-off.
        public init(terms: [[Double]], widestDegrees: Double) {
            self.terms = terms
            self.widestDegrees = widestDegrees
        }
    }

    /// What was made of a figure (a calibration's verdict).
    public struct Finding: Codable, Sendable, Equatable {
        /// What was looked at.
        public var subject: String
        /// `pass`, `warning` or `fail`.
        public var level: String
        /// What was found.
        public var finding: String
        /// What to do.
        public var advice: String

        /// A finding.
        public init(subject: String, level: String, finding: String, advice: String) {
            self.subject = subject
            self.level = level
            self.finding = finding
            self.advice = advice
        }
    }

    /// What a part came from.
    public struct Source: Codable, Sendable, Equatable {
        /// Which parts: `color` or `panels`.
        public var part: String
        /// The file it was solved from.
        public var file: String
        /// SHA-256 of that file, hexadecimal.
        public var sha256: String
        /// When it was solved, ISO 8601.
        public var made: String

        /// A source.
        public init(part: String, file: String, sha256: String, made: String) {
            self.part = part
            self.file = file
            self.sha256 = sha256
            self.made = made
        }
    }

    /// What kind of file it is.
    public var form = WallCorrectionFile.form
    /// The form's version.
    public var version = WallCorrectionFile.version
    /// The wall it was made of.
    public var wall: String
    /// What its parts came from.
    public var sources: [Source] = []
    /// x and y of red, green, blue and white that `matrix` takes light in; of the colors only.
    public var primaries: [[Double]]?
    /// Peak of the wall, nits; of the colors only.
    public var peakNits: Double?
    /// Light wanted → light of the channels, by rows, 1 = peak.
    public var matrix: [[Double]]?
    /// Added after it, 1 = peak.
    public var offset: [Double]?
    /// Of red, green and blue.
    public var curves: [Curve]?
    /// The panel the colors were measured on, which then keeps its light: its gain is divided out
    /// of all panels' gains.
    public var measuredOn: String?
    /// Gains of panels.
    public var panels: [Panel]?
    /// The fall-off to the side.
    public var viewAngle: Angle?
    /// A `.cube` or `.clf` beside the file, from PQ signal to PQ signal.
    public var table: String?
    /// Figures of the calibration, by name.
    public var residuals: [String: Double] = [:]
    /// What was made of them.
    public var verdicts: [Finding] = []

    /// A correction of a wall that changes nothing yet.
    public init(wall: String) { self.wall = wall }

    /// The file some bytes are; its numbers are looked at by `correction`.
    public static func parse(
        _ bytes: [UInt8], file: String
    ) throws(LookComplaint) -> WallCorrectionFile {
        struct Head: Decodable {
            var form: String
            var version: Int
        }
        func complaint(_ found: String, _ expected: String) -> LookComplaint {
            LookComplaint(file: file, line: 0, found, expected)
        }
        let what = "a wall's correction, as `cyclorama calibrate` writes it"
        let data = Data(bytes)
        guard let head = try? JSONDecoder().decode(Head.self, from: data), head.form == form else {
            throw complaint("not a wall's correction", "JSON with \"form\": \"\(form)\"")
        }
        guard head.version == version else {
            throw complaint("form \(head.version)", "form \(version), which this program reads")
        }
        do {
            return try JSONDecoder().decode(WallCorrectionFile.self, from: data)
        } catch let error as DecodingError {
            throw complaint(place(of: error), what)
        } catch {
            throw complaint("cannot be read", what)
        }
    }

    /// Reads a file of at most `LookLimits.correctionBytes`; its table stays where it is.
    public static func read(_ path: String) throws(LookComplaint) -> WallCorrectionFile {
        let bytes = try LookFile.bytes(of: path)
        guard bytes.count <= LookLimits.correctionBytes else {
            throw LookComplaint(
                file: path, line: 0, "\(bytes.count) bytes",
                "at most \(LookLimits.correctionBytes): a correction is numbers of panels")
        }
        return try parse(bytes, file: path)
    }

    /// The text of a correction's table: a file of the same folder.
    public static func tableText(_ name: String, file: String) throws(LookComplaint) -> String {
        guard !name.contains("/") else {
            throw LookComplaint(
                file: file, line: 0, "table: \(quoted(name))", "a file beside the correction")
        }
        let bytes = try LookFile.bytes(of: file)
        guard bytes.count <= LookLimits.wallTableBytes else {
            throw LookComplaint(
                file: file, line: 0, "\(bytes.count) bytes",
                "at most \(LookLimits.wallTableBytes): 65 points an edge")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The file's text.
    public var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Every number has been looked at, or is left out: nothing here has no JSON.
        let data = (try? encoder.encode(self)) ?? Data()
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    /// Writes it whole or not at all.
    public func write(to path: String) throws(LookComplaint) {
        try LookFile.write(text: text, to: path)
    }

    private static func place(of error: DecodingError) -> String {
        func dotted(_ path: [any CodingKey]) -> String {
            path.reduce("") { text, key in
                key.intValue.map { "\(text)[\($0)]" }
                    ?? (text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)")
            }
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "\(dotted(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "\(dotted(context.codingPath)) is of another kind"
        default: return "not JSON"
        }
    }
}

extension WallCorrectionFile {
    /// Takes the parts it does not have from another of the same wall, with what they came from:
    /// colors (primaries, peak, matrix, black, curves and table) go together.
    public mutating func complete(with other: WallCorrectionFile) {
        var parts: Set<String> = []
        if matrix == nil, curves == nil, table == nil {
            (primaries, peakNits) = (other.primaries, other.peakNits)
            (matrix, offset, curves) = (other.matrix, other.offset, other.curves)
            (table, measuredOn) = (other.table, other.measuredOn)
            parts.insert("color")
        }
        if panels == nil, viewAngle == nil {
            (panels, viewAngle) = (other.panels, other.viewAngle)
            parts.insert("panels")
        }
        let taken = other.sources.filter { parts.contains($0.part) }
        guard !taken.isEmpty else { return }
        sources += taken
        residuals.merge(other.residuals) { own, _ in own }
        let subjects = Set(verdicts.map(\.subject))
        verdicts += other.verdicts.filter { !subjects.contains($0.subject) }
    }

    /// What a correction is asked of: a wall as the stage file has it.
    public struct Wall: Sendable {
        /// Its name.
        public var name: String
        /// Its stated light.
        public var primaries: Primaries
        /// Its stated peak, nits.
        public var peakNits: Double
        /// Names of its panels, in its order.
        public var panels: [String]

        /// A wall.
        public init(name: String, primaries: Primaries, peakNits: Double, panels: [String]) {
            self.name = name
            self.primaries = primaries
            self.peakNits = peakNits
            self.panels = panels
        }
    }

    /// The correction of a wall.
    ///
    /// - Parameters:
    ///   - table: gives the look of the name in `table`.
    ///   - file: the file's name, for complaints.
    /// - Throws: the first thing that is wrong: another wall, a failed calibration, a number.
    public func correction(
        for wall: Wall, file: String, table find: (String) throws(LookComplaint) -> Look
    ) throws(LookComplaint) -> WallCorrection {
        func complaint(_ found: String, _ expected: String) -> LookComplaint {
            LookComplaint(file: file, line: 0, found, expected)
        }
        guard self.wall == wall.name else {
            throw complaint(
                "is of wall \(quoted(self.wall))", "one of \(wall.name): the walls were mixed up")
        }
        if let failed = verdicts.first(where: { $0.level == "fail" }) {
            throw complaint(
                "failed: \(failed.subject): \(failed.finding.prefix(160))",
                failed.advice.isEmpty ? "calibrate again" : String(failed.advice.prefix(160)))
        }
        var made = WallCorrection()
        if matrix != nil || curves != nil || offset != nil {
            try colors(of: wall, into: &made, complaint)
        }
        if let panels {
            made.gains = try referred(gains(panels, wall, complaint), wall, complaint)
        }
        if let viewAngle { made.viewAngle = try angle(viewAngle, complaint) }
        if let table { made.table = try find(table) }
        return made
    }

    private typealias Complain = (String, String) -> LookComplaint

    private func colors(
        of wall: Wall, into made: inout WallCorrection, _ complaint: Complain
    ) throws(LookComplaint) {
        guard let peakNits, abs(peakNits / wall.peakNits - 1) < 0.005 else {
            let said = self.peakNits.map { "\($0)" } ?? "no"
            throw complaint(
                "peakNits: \(said) nits",
                "\(wall.peakNits), as the stage file has the wall: calibrate again, or mend it")
        }
        guard let primaries = primaries.flatMap(Primaries.init(xy:)) else {
            throw complaint("primaries", "x and y of red, green, blue and white, 0 … 1")
        }
        let rows = matrix ?? [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        guard rows.count == 3, rows.allSatisfy({ $0.count == 3 && $0.allSatisfy(isSmall) }) else {
            throw complaint("matrix", "three rows of three numbers within ±10")
        }
        let own = ColorMatrix(
            rows: ColorTriple(rows[0]), ColorTriple(rows[1]), ColorTriple(rows[2]))
        guard own.determinant > 0.05 else {
            throw complaint(
                "matrix: determinant \(own.determinant)", "above 0.05: channels that differ")
        }
        made.matrix =
            primaries == wall.primaries ? own : own * .rgb(from: wall.primaries, to: primaries)
        if let offset {
            guard offset.count == 3, offset.allSatisfy({ abs($0) <= 0.2 }) else {
                throw complaint("offset", "three numbers within ±0.2 of the peak")
            }
            made.offset = ColorTriple(offset)
        }
        guard let curves else { return }
        guard curves.count == 3 else {
            throw complaint("curves: \(curves.count) of them", "red, green and blue")
        }
        for (index, curve) in curves.enumerated() {
            let known = curve.drive.count <= LookLimits.driveSteps ? curve : nil
            guard let made1 = known.flatMap({ DriveCurve(drives: $0.drive, lights: $0.light) }),
                made1.drives.last! <= 1.0001, made1.lights.last! <= 1.0001
            else {
                throw complaint(
                    "curves[\(index)]",
                    "3 … \(LookLimits.driveSteps) drives and as many lights, both rising from "
                        + "above 0 to at most 1")
            }
            made.curves.append(made1)
        }
    }

    private func isSmall(_ number: Double) -> Bool { abs(number) <= 10 }

    /// Gains against that of the panel the colors were measured on.
    private func referred(
        _ gains: [ColorTriple], _ wall: Wall, _ complaint: Complain
    ) throws(LookComplaint) -> [ColorTriple] {
        guard let measuredOn else { return gains }
        guard let place = wall.panels.firstIndex(of: measuredOn) else {
            throw complaint(
                "measuredOn: no panel \(quoted(measuredOn))",
                "a panel of \(wall.name), as \(wall.panels.first ?? "wall/c1r1")")
        }
        let (range, own) = (WallCorrection.gainRange, gains[place])
        return gains.map {
            ($0 / own).clamped(
                lowerBound: ColorTriple(repeating: range.lowerBound),
                upperBound: ColorTriple(repeating: range.upperBound))
        }
    }

    private func gains(
        _ panels: [Panel], _ wall: Wall, _ complaint: Complain
    ) throws(LookComplaint) -> [ColorTriple] {
        var gains = Array(repeating: ColorTriple?.none, count: wall.panels.count)
        let places = Dictionary(
            wall.panels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        for (index, panel) in panels.enumerated() {
            guard let place = places[panel.name] else {
                throw complaint(
                    "panels[\(index)]: no panel \(quoted(panel.name))",
                    "panels of \(wall.name), as \(wall.panels.first ?? "wall/c1r1")")
            }
            guard gains[place] == nil else {
                throw complaint("panels[\(index)]: \(panel.name) twice", "once each")
            }
            let range = WallCorrection.gainRange
            guard panel.gain.count == 3, panel.gain.allSatisfy(range.contains) else {
                throw complaint(
                    "panels[\(index)].gain of \(panel.name)",
                    "three numbers, \(range.lowerBound) … \(range.upperBound)")
            }
            gains[place] = ColorTriple(panel.gain)
        }
        if let missing = gains.firstIndex(of: nil) {
            throw complaint(
                "panels: none is \(wall.panels[missing])", "gains of every panel of the wall")
        }
        return gains.compactMap(\.self)
    }

    private func angle(
        _ angle: Angle, _ complaint: Complain
    ) throws(LookComplaint) -> ViewAngle {
        guard angle.terms.count == 4,
            angle.terms.allSatisfy({ $0.count == 3 && $0.allSatisfy { abs($0) <= 5 } }),
            1...85 ~= angle.widestDegrees
        else {
            throw complaint(
                "viewAngle",
                "four terms of three numbers within ±5, and widestDegrees of 1 … 85")
        }
        let t = angle.terms.map { ColorTriple($0) }
        return ViewAngle(
            terms: [t[0], t[1], t[2], t[3]], widest: angle.widestDegrees * .pi / 180)
    }
}

extension Primaries {
    /// Primaries of x and y of red, green, blue and white.
    fileprivate init?(xy: [[Double]]) {
        let isWhole = xy.allSatisfy { $0.count == 2 && $0.allSatisfy { 0...1 ~= $0 } && $0[1] > 0 }
        guard xy.count == 4, isWhole else { return nil }
        let all = xy.map { Chromaticity($0[0], $0[1]) }
        self.init(red: all[0], green: all[1], blue: all[2], white: all[3])
    }
}
