import Color
import LookFiles
import TestSupport
import Testing

@Suite struct RefusalTests {
    static let cubes: [(String, String)] = [
        ("", "a.cube: no LUT_1D_SIZE or LUT_3D_SIZE – a .cube says how large it is"),
        ("LUT_3D_SIZE 1\n", "a.cube:1: LUT_3D_SIZE “1” – one whole number, 2 to 129"),
        ("LUT_3D_SIZE 256\n", "a.cube:1: LUT_3D_SIZE “256” – one whole number, 2 to 129"),
        ("LUT_1D_SIZE two\n", "a.cube:1: LUT_1D_SIZE “two” – one whole number, 2 to 65536"),
        ("0 0 0\n", "a.cube:1: numbers before a size – LUT_1D_SIZE or LUT_3D_SIZE comes first"),
        (
            "LUT_1D_SIZE 2\n0 0 0\n",
            "a.cube: ends after 1 of 2 rows – copy the file again"
        ),
        (
            "# x\nLUT_1D_SIZE 2\n0 0 0\n1 1\n",
            "a.cube:4: a row of 2 numbers – it has three"
        ),
        (
            "LUT_1D_SIZE 2\n0 0 0\n1 1 1 1\n",
            "a.cube:3: a row of 4 numbers – it has three"
        ),
        (
            "LUT_1D_SIZE 2\n0 0 0\n1 nan 1\n",
            "a.cube:3: a value that is not finite – a row has three finite numbers"
        ),
        (
            "LUT_1D_SIZE 2\n0 0 0\n1 0x1 1\n",
            "a.cube:3: “0x1” is no number – a row has three numbers"
        ),
        (
            "LUT_1D_SIZE 2\n0 0 0\n1 1 1\n1 1 1\n",
            "a.cube:4: a row too many – the sizes above say 2 rows"
        ),
        (
            "LUT_1D_SIZE 2\nDOMAIN_MAX 1 0 1\n0 0 0\n1 1 1\n",
            "a.cube: DOMAIN_MAX is not above DOMAIN_MIN – it is the larger one in each channel"
        ),
        (
            "LUT_3D_INPUT_RANGE 1 0\n",
            "a.cube:1: LUT_3D_INPUT_RANGE – two numbers, the second above the first"
        ),
        (
            "LUT_1D_SIZE 2\n0 0 0\nTITLE \"x\"\n",
            "a.cube:3: “TITLE” among the rows – keywords stand before the first row, rows are "
                + "three numbers"
        ),
    ]

    @Test(arguments: cubes)
    func `a bad cube is refused with its line and what is expected`(
        text: String, complaint: String
    ) {
        let error = #expect(throws: LookComplaint.self) {
            try CubeText.parse(Array(text.utf8), file: "a.cube")
        }
        #expect(error?.description == complaint)
    }

    static func list(_ inner: String) -> String {
        "<ProcessList compCLFversion=\"3\">\n\(inner)\n</ProcessList>"
    }

    static let depths = "inBitDepth=\"32f\" outBitDepth=\"32f\""
    static let clfs: [(String, String)] = [
        ("<a/>", "a.clf:1: <“a”> – a ProcessList"),
        ("", "a.clf:1: no element – an XML file"),
        (
            "<!DOCTYPE x>\n<ProcessList/>",
            "a.clf:1: a document type or CDATA – plain elements and text – take it out of the file"
        ),
        (
            list("<Matrix inBitDepth=\"9i\" outBitDepth=\"32f\"/>"),
            "a.clf:2: inBitDepth “9i” – 8i, 10i, 12i, 16i, 16f or 32f"
        ),
        (
            list("<IndexMap \(depths)/>"),
            "a.clf:2: <“IndexMap”> – Matrix, LUT1D, LUT3D, Range, Log, Exponent or ASC_CDL"
        ),
        (
            list("<Matrix \(depths)><Array dim=\"3 3\">1 0 0\n0 1 0</Array></Matrix>"),
            "a.clf:2: 6 numbers – dim “3 3” says 9"
        ),
        (
            list("<LUT3D \(depths)><Array dim=\"999 999 999 3\"></Array></LUT3D>"),
            "a.clf:2: an Array of “999 999 999 3” – at most 6440067 numbers"
        ),
        (
            list("<LUT1D \(depths)><Array dim=\"2 3\">0 0 0\n1 inf 1</Array></LUT1D>"),
            "a.clf:2: value 1 of the curve is not finite – finite numbers"
        ),
        (
            list("<Range \(depths)><minInValue>0</minInValue></Range>"),
            "a.clf:2: minInValue or minOutValue alone – both or neither"
        ),
        (
            list("<Exponent \(depths) style=\"basicFwd\"/>"),
            "a.clf:2: an Exponent without exponent – <ExponentParams exponent=\"2.2\"/>"
        ),
        (
            list("<Matrix \(depths)>"),
            "a.clf:3: </ProcessList> – </Matrix> here"
        ),
    ]

    @Test(arguments: clfs)
    func `a bad CLF is refused with its line and what is expected`(
        text: String, complaint: String
    ) {
        let error = #expect(throws: LookComplaint.self) {
            try CLFText.parse(Array(text.utf8), file: "a.clf")
        }
        #expect(error?.description == complaint)
    }

    static let cdls: [(String, String)] = [
        (
            "<ColorCorrection/>",
            "a.cc:1: <ColorCorrection> without SOPNode and SatNode – at least one of them"
        ),
        (
            "<ColorCorrection><SOPNode>\n<Slope>1 1</Slope></SOPNode></ColorCorrection>",
            "a.cc:2: Slope 1 1 – three numbers, 0 to 1000"
        ),
        (
            "<ColorCorrection><SOPNode>\n<Power>1 0 1</Power></SOPNode></ColorCorrection>",
            "a.cc:2: Power 1 0 1 – three numbers, 0.001 to 1000"
        ),
        (
            "<ColorCorrection><SatNode><Saturation>nan</Saturation></SatNode></ColorCorrection>",
            "a.cc:1: Saturation nan – one number, 0 to 1000"
        ),
        ("<ColorDecisionList/>", "a.cc:1: no ColorCorrection – at least one"),
    ]

    @Test(arguments: cdls)
    func `a bad correction is refused with its line and what is expected`(
        text: String, complaint: String
    ) {
        let error = #expect(throws: LookComplaint.self) {
            try CDLText.parse(Array(text.utf8), file: "a.cc")
        }
        #expect(error?.description == complaint)
    }

    @Test func `elements in one another are bounded`() {
        let deep = String(repeating: "<a>", count: 100_000)
        let error = #expect(throws: LookComplaint.self) {
            try CLFText.parse(Array(deep.utf8), file: "a.clf")
        }
        #expect(error?.description == "a.clf:1: elements 13 deep – at most 12 in one another")
    }

    @Test func `damaged files are taken or refused in one line, and what is taken is finite`() {
        var random = SeededRandom(seed: 0x10AD)
        let look = Look(title: "t", steps: random.steps())
        let curve = Look(
            steps: [.curves(CurveLUT(points: random.points(3))), .cube(random.cube(side: 2))])
        let cube = (try? CubeText.text(of: curve, flavor: .resolve, file: "a")) ?? ""
        let cdl = CDLText.text(of: [NamedCDL(name: "n", cdl: random.cdl())], in: .cdl)
        let originals = [CLFText.text(of: look), cube, cdl].map { Array($0.utf8) }
        var taken = 0
        for round in 0..<6000 {
            let kind = round % 3
            let bytes = damaged(originals[kind], &random)
            do throws(LookComplaint) {
                switch kind {
                case 0:
                    let back = try CLFText.parse(bytes, file: "a")
                    #expect(
                        try CLFText.parse(Array(CLFText.text(of: back).utf8), file: "b") == back)
                case 1: _ = try CubeText.parse(bytes, file: "a")
                default:
                    for one in try CDLText.parse(bytes, file: "a") {
                        #expect(one.cdl.power.x > 0 && one.cdl.slope.x >= 0)
                        #expect(one.cdl.offset.x.isFinite && one.cdl.saturation.isFinite)
                    }
                }
                taken += 1
            } catch {
                #expect(!error.description.contains("\n"), "round \(round)")
                #expect(error.description.utf8.count < 500)
            }
        }
        #expect((500..<5500).contains(taken), "\(taken) of 6000 taken")
    }

    /// A copy with a few bytes changed, doubled or left out.
    private func damaged(_ original: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = original
        for _ in 0...Int(random.number(0...2)) {
            let at = Int(random.number(0...Double(bytes.count - 1)))
            switch Int(random.number(0...3.99)) {
            case 0: bytes[at] = UInt8(random.number(0...255))
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 7)], at: at)
            default: bytes.swapAt(at, Int(random.number(0...Double(bytes.count - 1))))
            }
        }
        return random.unit() < 0.1 ? Array(bytes.prefix(bytes.count / 2)) : bytes
    }
}
