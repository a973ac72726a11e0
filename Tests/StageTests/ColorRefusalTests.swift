import Control
import Foundation
import FrameModel
import StageModel
import StageRun
import TestSupport
import Testing

/// A session of a stage's control socket, with the shelves a run has, and nothing else.
private struct Desk {
    var session = ControlSession()
    var document = ShowDocument(stage: VirtualStage.stage())
    let context: SessionContext

    init() {
        context = SessionContext(
            frame: 100, nanoseconds: 0, status: StatusBoard(), looks: LookShelf().actions,
            corrections: CorrectionShelf(checking: VirtualStage.stage()).actions)
    }

    mutating func ask(_ request: String) -> [String] {
        session.receive(Array((request + "\n").utf8), document: &document, context: context)
        let answer = String(decoding: session.takeOutput(), as: UTF8.self)
        return answer.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
            String($0)
        }
    }

    /// Every octet the loop would be given.
    var octets: [UInt8] { withUnsafeBytes(of: document.live) { Array($0) } }

    /// A request is refused in one line that has a word in it, and nothing is changed.
    mutating func expectRefusal(_ request: String, saying word: String = "") {
        let before = (octets, document.revision, document.lookNames, document.correctionNames)
        let answer = ask(request)
        #expect(answer.count == 1 && answer[0].hasPrefix("refused: "), "\(request): \(answer)")
        #expect(word.isEmpty || answer[0].contains(word), "\(request): \(answer)")
        #expect(answer[0].utf8.count < 500, "\(request): \(answer)")
        #expect(octets == before.0 && document.revision == before.1, "\(request)")
        #expect(document.lookNames == before.2 && document.correctionNames == before.3)
    }
}

/// What is wrong of a grade, a look or a correction, asked of the control socket's own session.
@Suite struct `Of the colors of a wall` {
    private static let head = "<ProcessList compCLFversion=\"3\">"
    private static let depths = "inBitDepth=\"32f\" outBitDepth=\"32f\""

    /// Octets that no text is, in any order of them.
    private static let binary: [UInt8] = (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 37) }

    private static func text(_ words: String) -> [UInt8] { Array(words.utf8) }

    /// A 3D table of two points an edge whose last row is given.
    private static func cube(last row: String) -> [UInt8] {
        text("LUT_3D_SIZE 2\n" + String(repeating: "0 0 0\n", count: 7) + row)
    }

    private static func clf(_ inner: String) -> [UInt8] {
        text("\(head)\n\(inner)\n</ProcessList>")
    }

    private static func cc(_ inner: String) -> [UInt8] {
        text("<ColorCorrection>\(inner)</ColorCorrection>")
    }

    /// Bad files by name, and a word of what is said of them.
    private static let looks: [(String, [UInt8], String)] = [
        ("empty.cube", [], "LUT_3D_SIZE"),
        ("binary.cube", binary, "binary.cube"),
        ("keyword.cube", text("LUT_4D_SIZE 2\n"), "LUT_4D_SIZE"),
        ("huge.cube", text("LUT_3D_SIZE 100000\n"), "2 to 129"),
        ("negative.cube", text("LUT_3D_SIZE -2\n"), "2 to 129"),
        ("cut.cube", cube(last: ""), "7 of 8 rows"),
        ("nan.cube", cube(last: "0 nan 0\n"), "not finite"),
        ("inf.cube", cube(last: "0 0 inf\n"), "not finite"),
        ("large.cube", cube(last: "0 0 1e99\n"), "large.cube:9"),
        ("few.cube", cube(last: "0 0\n"), "three"),
        ("many.cube", cube(last: "0 0 0\n0 0 0\n"), "a row too many"),
        ("empty.clf", [], "empty.clf"),
        ("binary.clf", binary, "binary.clf"),
        ("cut.clf", text("\(head)\n<Matrix \(depths)>"), "cut.clf"),
        ("element.clf", clf("<Wiggle \(depths)/>"), "Wiggle"),
        (
            "count.clf", clf("<Matrix \(depths)><Array dim=\"3 3\">1 0 0</Array></Matrix>"),
            "says 9"
        ),
        (
            "huge.clf", clf("<LUT3D \(depths)><Array dim=\"4096 4096 4096 3\"/></LUT3D>"),
            "at most"
        ),
        (
            "nan.clf",
            clf("<LUT1D \(depths)><Array dim=\"2 3\">0 0 0 1 nan 1</Array></LUT1D>"),
            "not finite"
        ),
        (
            "inf.clf",
            clf("<Matrix \(depths)><Array dim=\"3 3\">1 0 0 0 inf 0 0 0 1</Array></Matrix>"),
            "finite"
        ),
        ("look.txt", text("LUT_3D_SIZE 2\n"), "not a look file"),
    ]

    private static let corrections: [(String, [UInt8], String)] = [
        ("empty.cc", [], "empty.cc"), ("binary.cdl", binary, "binary.cdl"),
        ("none.ccc", text("<ColorCorrectionCollection/>"), "at least one"),
        ("cut.cc", text("<ColorCorrection><SOPNode><Slope>1 1 1"), "cut.cc"),
        ("nan.cc", cc("<SOPNode><Slope>1 nan 1</Slope></SOPNode>"), "Slope"),
        ("inf.cc", cc("<SOPNode><Offset>0 0 -inf</Offset></SOPNode>"), "Offset"),
        ("power.cc", cc("<SOPNode><Power>1 0 1</Power></SOPNode>"), "Power"),
        ("few.cc", cc("<SOPNode><Slope>1 1</Slope></SOPNode>"), "three numbers"),
        ("far.cc", cc("<SOPNode><Slope>99 1 1</Slope></SOPNode>"), "0 to 16"),
        ("low.cc", cc("<SatNode><Saturation>-1</Saturation></SatNode>"), "Saturation"),
    ]

    private static let walls: [(String, [UInt8], String)] = [
        ("empty.json", [], "empty.json"), ("binary.json", binary, "binary.json"),
        ("list.json", text("[1, 2]"), "list.json"),
        ("cut.json", text("{\"wall\": \"le"), "cut.json"),
        ("other.json", text("{\"wall\": \"right\"}"), "other.json"),
    ]

    /// A folder with files in it.
    private func folder(_ files: [(String, [UInt8], String)]) throws -> TemporaryFolder {
        let folder = TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        for (name, bytes, _) in files {
            try Data(bytes).write(to: URL(filePath: "\(folder.path)/\(name)"))
        }
        return folder
    }

    @Test func `every bad file is one line and changes nothing`() throws {
        let folder = try folder(Self.looks + Self.corrections + Self.walls)
        try Data(Self.cube(last: "1 1 1\n")).write(to: URL(filePath: "\(folder.path)/good.cube"))
        var desk = Desk()
        // There is something to be lost: a look in the slot, a correction in the scope.
        #expect(desk.ask("lut load 1 \(folder.path)/good.cube")[0].hasPrefix("applied"))
        #expect(desk.ask("set all/lut/slot 1") == ["applied r2"])
        #expect(desk.ask("set all/cdl/slope 1.1 1 0.9") == ["applied r3"])
        let requests = [
            ("lut load 1", Self.looks), ("cdl import all", Self.corrections),
            ("correction load left", Self.walls),
        ]
        for (request, files) in requests {
            for (name, _, word) in files {
                desk.expectRefusal("\(request) \(folder.path)/\(name)", saying: word)
            }
            desk.expectRefusal("\(request) \(folder.path)", saying: folder.path)
            desk.expectRefusal("\(request) \(folder.path)/nobody.cube", saying: "nobody.cube")
            desk.expectRefusal("\(request) /dev/zero", saying: "/dev/zero")
        }
    }

    /// Parameters that change the color of anything.
    private static func parameters(_ document: ShowDocument) -> [Parameter] {
        document.tree.parameters.filter { parameter in
            let first = parameter.path.split(separator: "/").first ?? ""
            return !parameter.isReadOnly
                && ["all", "wall", "inner", "outer", "correction", "stage"].contains(first)
        }
    }

    @Test func `no parameter takes what is no number, too few or too many`() {
        var desk = Desk()
        let parameters = Self.parameters(desk.document)
        #expect(parameters.count > 100)
        for parameter in parameters {
            let count = parameter.places.count
            for word in ["nan", "inf", "-inf", "1e999", "0x", "1,5", "lots", "\u{301}"] {
                let values = Array(repeating: word, count: count).joined(separator: " ")
                desk.expectRefusal("set \(parameter.path) \(values)")
            }
            desk.expectRefusal("set \(parameter.path)")
            let many = Array(repeating: "1", count: count + 1).joined(separator: " ")
            desk.expectRefusal("set \(parameter.path) \(many)")
        }
    }

    @Test func `a number out of range is told, and what is taken lies within it`() {
        var desk = Desk()
        for parameter in Self.parameters(desk.document) {
            for word in ["-1e300", "1e300"] {
                let before = desk.octets
                let values = Array(repeating: word, count: parameter.places.count)
                let answer = desk.ask("set \(parameter.path) \(values.joined(separator: " "))")
                let now = desk.document.values(parameter, atFrame: desk.context.frame)
                #expect(answer.count == 1, "\(parameter.path): \(answer)")
                #expect(now.allSatisfy { parameter.range.contains($0) }, "\(parameter.path)")
                if answer[0].hasPrefix("refused: ") {
                    #expect(desk.octets == before, "\(parameter.path)")
                } else {
                    #expect(answer[0].hasPrefix("clamped to "), "\(parameter.path): \(answer)")
                }
            }
        }
    }
}
