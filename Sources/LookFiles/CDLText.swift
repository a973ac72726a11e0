public import Color

/// An ASC CDL with its name in a file.
public struct NamedCDL: Sendable, Equatable {
    /// The `id` of its ColorCorrection; empty if it has none.
    public var name: String
    /// Its `Description`; empty if it has none.
    public var note: String
    /// The correction.
    public var cdl: CDL

    /// A correction with a name.
    public init(name: String = "", note: String = "", cdl: CDL) {
        self.name = name
        self.note = note
        self.cdl = cdl
    }
}

/// The three files ASC CDLs are kept in (ASC CDL v1.2): they differ in what is round the
/// ColorCorrection elements.
public enum CDLText {
    /// What is round the corrections.
    public enum Container: String, Sendable, CaseIterable {
        /// One ColorCorrection.
        case cc
        /// A ColorCorrectionCollection of them.
        case ccc
        /// A ColorDecisionList of ColorDecisions, each with one.
        case cdl
    }

    /// Every correction of a file's bytes, whichever of the three it is; at least one.
    public static func parse(
        _ bytes: [UInt8], file: String
    ) throws(LookComplaint) -> [NamedCDL] {
        var reader = XMLReader(bytes: bytes, file: file)
        let root = try reader.read()
        let corrections = try corrections(in: root, file)
        guard !corrections.isEmpty else {
            throw LookComplaint(
                file: file, line: root.line, "no ColorCorrection", "at least one")
        }
        guard corrections.count <= LookLimits.corrections else {
            throw LookComplaint(
                file: file, line: root.line, "\(corrections.count) corrections",
                "at most \(LookLimits.corrections) in a file")
        }
        var found: [NamedCDL] = []
        for element in corrections {
            found.append(try correction(element, bytes, file))
        }
        return found
    }

    private static func corrections(
        in root: XMLElement, _ file: String
    ) throws(LookComplaint) -> [XMLElement] {
        switch root.name {
        case "ColorCorrection": return [root]
        case "ColorCorrectionCollection":
            return root.children.filter { $0.name == "ColorCorrection" }
        case "ColorDecisionList":
            return root.children.filter { $0.name == "ColorDecision" }.flatMap {
                $0.children.filter { $0.name == "ColorCorrection" }
            }
        default:
            throw LookComplaint(
                file: file, line: root.line, "<\(quoted(root.name))>",
                "ColorDecisionList, ColorCorrectionCollection or ColorCorrection")
        }
    }

    private static func correction(
        _ element: XMLElement, _ bytes: [UInt8], _ file: String
    ) throws(LookComplaint) -> NamedCDL {
        let cdl = try values(of: element, bytes, file)
        return NamedCDL(
            name: plain(String(element.attributes["id", default: ""].prefix(100))),
            note: element.child("Description")?.words(in: bytes) ?? "", cdl: cdl)
    }

    /// SOPNode and SatNode of an element; what is not there is neutral.
    static func values(
        of element: XMLElement, _ bytes: [UInt8], _ file: String
    ) throws(LookComplaint) -> CDL {
        let sop = element.child("SOPNode")
        let sat = element.child("SatNode") ?? element.child("SATNode")
        guard sop != nil || sat != nil else {
            throw LookComplaint(
                file: file, line: element.line, "<\(element.name)> without SOPNode and SatNode",
                "at least one of them")
        }
        var cdl = CDL()
        let largest = LookLimits.cdlNumber
        if let sop {
            cdl.slope = try triple(sop, "Slope", 0...largest, 1, bytes, file)
            cdl.offset = try triple(sop, "Offset", -largest...largest, 0, bytes, file)
            cdl.power = try triple(sop, "Power", 0.001...largest, 1, bytes, file)
        }
        if let sat {
            guard let element = sat.child("Saturation") else {
                throw LookComplaint(
                    file: file, line: sat.line, "SatNode without Saturation", "one number")
            }
            let numbers = try element.numbers(in: bytes, most: 1, file: file)
            guard numbers.count == 1, (0...largest).contains(numbers[0]) else {
                throw LookComplaint(
                    file: file, line: element.line, "Saturation \(listed(numbers))",
                    "one number, 0 to \(NumberText.text(largest))")
            }
            cdl.saturation = numbers[0]
        }
        return cdl
    }

    private static func triple(
        _ sop: XMLElement, _ name: String, _ range: ClosedRange<Double>, _ neutral: Double,
        _ bytes: [UInt8], _ file: String
    ) throws(LookComplaint) -> ColorTriple {
        guard let element = sop.child(name) else { return ColorTriple(repeating: neutral) }
        let numbers = try element.numbers(in: bytes, most: 3, file: file)
        guard numbers.count == 3, numbers.allSatisfy(range.contains) else {
            throw LookComplaint(
                file: file, line: element.line, "\(name) \(listed(numbers))",
                "three numbers, \(NumberText.text(range.lowerBound)) to "
                    + NumberText.text(range.upperBound))
        }
        return ColorTriple(numbers[0], numbers[1], numbers[2])
    }

    private static func listed(_ numbers: [Double]) -> String {
        numbers.isEmpty ? "empty" : numbers.map { NumberText.text($0) }.joined(separator: " ")
    }

    /// A file of some corrections; a `.cc` has one.
    public static func text(of corrections: [NamedCDL], in container: Container) -> String {
        precondition(!corrections.isEmpty, "a file has a correction")
        let header = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        let space = " xmlns=\"urn:ASC:CDL:v1.2\""
        switch container {
        case .cc:
            precondition(corrections.count == 1, "a .cc has one correction")
            return header + text(of: corrections[0], indent: "", attributes: space)
        case .ccc:
            let inner = corrections.map { text(of: $0, indent: "    ") }.joined()
            return "\(header)<ColorCorrectionCollection\(space)>\n\(inner)"
                + "</ColorCorrectionCollection>\n"
        case .cdl:
            let inner = corrections.map {
                "    <ColorDecision>\n" + text(of: $0, indent: "        ")
                    + "    </ColorDecision>\n"
            }.joined()
            return "\(header)<ColorDecisionList\(space)>\n\(inner)</ColorDecisionList>\n"
        }
    }

    private static func text(
        of correction: NamedCDL, indent: String, attributes: String = ""
    ) -> String {
        let name = XMLReader.escaped(correction.name)
        let cdl = correction.cdl
        var lines = ["<ColorCorrection\(name.isEmpty ? "" : " id=\"\(name)\"")\(attributes)>"]
        if !correction.note.isEmpty {
            lines.append("    <Description>\(XMLReader.escaped(correction.note))</Description>")
        }
        lines += nodes(of: cdl).map { "    " + $0 } + ["</ColorCorrection>"]
        return lines.map { indent + $0 + "\n" }.joined()
    }

    /// SOPNode and SatNode, a line each element.
    static func nodes(of cdl: CDL) -> [String] {
        func row(_ v: ColorTriple) -> String {
            "\(NumberText.text(v.x)) \(NumberText.text(v.y)) \(NumberText.text(v.z))"
        }
        return [
            "<SOPNode>", "    <Slope>\(row(cdl.slope))</Slope>",
            "    <Offset>\(row(cdl.offset))</Offset>", "    <Power>\(row(cdl.power))</Power>",
            "</SOPNode>", "<SatNode>",
            "    <Saturation>\(NumberText.text(cdl.saturation))</Saturation>", "</SatNode>",
        ]
    }
}
