public import Color

/// `.cube` files: Adobe's (Cube LUT Specification 1.0: one table, `DOMAIN_MIN`, `DOMAIN_MAX`) and
/// Resolve's (a curve before a 3D table, `LUT_1D_INPUT_RANGE`, `LUT_3D_INPUT_RANGE`).
public enum CubeText {
    /// The look of a file's bytes: a curve, a 3D table, or one after the other.
    /// - Parameter file: its name, for complaints.
    public static func parse(_ bytes: [UInt8], file: String) throws(LookComplaint) -> Look {
        var reader = CubeReader(bytes: bytes, file: file)
        return try reader.read()
    }
}

/// Reads one `.cube`, line by line.
private struct CubeReader {
    let bytes: [UInt8]
    let file: String
    var at = 0
    var line = 0
    var head = CubeHead()
    var curve: [SIMD3<Float>] = []
    var cube: [SIMD3<Float>] = []

    init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
    }

    func complaint(_ found: String, _ expected: String) -> LookComplaint {
        LookComplaint(file: file, line: line, found, expected)
    }

    mutating func read() throws(LookComplaint) -> Look {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
        while let range = try nextLine() {
            var words = WordCursor(bytes, range, line: line)
            guard let first = words.next(), first.first != UInt8(ascii: "#") else { continue }
            if let number = NumberText.number(first) {
                try row(number, &words)
            } else {
                try keyword(first, range, &words)
            }
        }
        return try look()
    }

    /// The bytes of the next line, nil at the end.
    private mutating func nextLine() throws(LookComplaint) -> Range<Int>? {
        guard at < bytes.count else { return nil }
        line += 1
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "\n") {
            at += 1
            if at - start > LookLimits.lineBytes {
                throw complaint(
                    "a line of more than \(LookLimits.lineBytes) bytes",
                    "a .cube has short lines of text")
            }
        }
        defer { at += 1 }
        return start..<at
    }

    private mutating func row(_ first: Double, _ words: inout WordCursor) throws(LookComplaint) {
        guard head.curvePoints > 0 || head.cubeSide > 0 else {
            throw complaint("numbers before a size", "LUT_1D_SIZE or LUT_3D_SIZE comes first")
        }
        let color = try triple(first, &words, of: "a row")
        if curve.count < head.curvePoints {
            curve.append(color)
        } else if cube.count < head.cubePoints {
            cube.append(color)
        } else {
            let rows = head.curvePoints + head.cubePoints
            throw complaint("a row too many", "the sizes above say \(rows) rows")
        }
    }

    /// Three numbers and nothing else, the first read already.
    private func triple(
        _ first: Double?, _ words: inout WordCursor, of what: String
    ) throws(LookComplaint) -> SIMD3<Float> {
        var numbers: [Double] = first.map { [$0] } ?? []
        while let word = words.next() {
            guard let number = NumberText.number(word) else {
                let text = quoted(String(decoding: word, as: UTF8.self))
                throw complaint("\(text) is no number", "\(what) has three numbers")
            }
            numbers.append(number)
            if numbers.count > 3 { break }
        }
        guard numbers.count == 3 else {
            throw complaint("\(what) of \(numbers.count) numbers", "it has three")
        }
        let color = SIMD3(Float(numbers[0]), Float(numbers[1]), Float(numbers[2]))
        guard color.x.isFinite, color.y.isFinite, color.z.isFinite else {
            throw complaint("a value that is not finite", "\(what) has three finite numbers")
        }
        return color
    }

    private mutating func keyword(
        _ word: ArraySlice<UInt8>, _ range: Range<Int>, _ words: inout WordCursor
    ) throws(LookComplaint) {
        guard curve.isEmpty && cube.isEmpty else {
            throw complaint(
                "\(quoted(String(decoding: word, as: UTF8.self))) among the rows",
                "keywords stand before the first row, rows are three numbers")
        }
        switch String(decoding: word, as: UTF8.self) {
        case "TITLE": head.title = title(bytes[word.endIndex..<range.upperBound])
        case "LUT_1D_SIZE":
            head.curvePoints = try size(&words, 2...LookLimits.curvePoints, "LUT_1D_SIZE")
        case "LUT_3D_SIZE":
            head.cubeSide = try size(&words, 2...LookLimits.cubeSide, "LUT_3D_SIZE")
        case "DOMAIN_MIN": head.low = try triple(nil, &words, of: "DOMAIN_MIN")
        case "DOMAIN_MAX": head.high = try triple(nil, &words, of: "DOMAIN_MAX")
        case "LUT_1D_INPUT_RANGE": head.curveRange = try pair(&words, "LUT_1D_INPUT_RANGE")
        case "LUT_3D_INPUT_RANGE": head.cubeRange = try pair(&words, "LUT_3D_INPUT_RANGE")
        case let other:
            throw complaint(
                "\(quoted(other)) is no keyword of a .cube",
                "TITLE, LUT_1D_SIZE, LUT_3D_SIZE, DOMAIN_MIN, DOMAIN_MAX, LUT_1D_INPUT_RANGE or "
                    + "LUT_3D_INPUT_RANGE")
        }
    }

    private func title(_ rest: ArraySlice<UInt8>) -> String {
        let text = String(decoding: rest.prefix(LookLimits.titleBytes), as: UTF8.self)
        return text.trimmed.trimmed(of: "\"")
    }

    private func size(
        _ words: inout WordCursor, _ range: ClosedRange<Int>, _ name: String
    ) throws(LookComplaint) -> Int {
        let word = words.next().map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard let number = Int(word), range.contains(number), words.next() == nil else {
            throw complaint(
                "\(name) \(quoted(word))",
                "one whole number, \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return number
    }

    private func pair(
        _ words: inout WordCursor, _ name: String
    ) throws(LookComplaint) -> SIMD2<Float> {
        let numbers = [words.next(), words.next()].map { $0.flatMap(NumberText.number) }
        guard let low = numbers[0], let high = numbers[1], words.next() == nil,
            Float(low).isFinite, Float(high).isFinite, Float(low) < Float(high)
        else { throw complaint(name, "two numbers, the second above the first") }
        return SIMD2(Float(low), Float(high))
    }

    /// What the lines make, once all are read.
    private mutating func look() throws(LookComplaint) -> Look {
        line = 0
        let rows = head.curvePoints + head.cubePoints
        guard rows > 0 else {
            throw complaint("no LUT_1D_SIZE or LUT_3D_SIZE", "a .cube says how large it is")
        }
        guard curve.count + cube.count == rows else {
            throw complaint(
                "ends after \(curve.count + cube.count) of \(rows) rows", "copy the file again")
        }
        var look = Look(title: head.title)
        if !curve.isEmpty {
            let domain = try domain(of: head.curveRange)
            look.steps.append(
                .curves(
                    CurveLUT(points: curve, domain: .range(low: domain.low, high: domain.high))))
        }
        if !cube.isEmpty {
            // A table behind a curve takes what the curve gives; DOMAIN is the curve's.
            let domain =
                curve.isEmpty
                ? try domain(of: head.cubeRange)
                : head.cubeRange.map(wide) ?? wide(SIMD2(0, 1))
            look.steps.append(
                .cube(
                    CubeLUT(side: head.cubeSide, points: cube, low: domain.low, high: domain.high)))
        }
        return look
    }

    private func wide(_ range: SIMD2<Float>) -> (low: ColorTriple, high: ColorTriple) {
        (ColorTriple(repeating: Double(range.x)), ColorTriple(repeating: Double(range.y)))
    }

    /// The domain of a file's first table: Resolve's range, else Adobe's two lines, else 0 … 1.
    private func domain(
        of range: SIMD2<Float>?
    ) throws(LookComplaint) -> (low: ColorTriple, high: ColorTriple) {
        if let range {
            guard head.low == nil && head.high == nil else {
                throw complaint("DOMAIN_MIN or _MAX and an INPUT_RANGE", "one of the two")
            }
            return wide(range)
        }
        let low = head.low ?? SIMD3(0, 0, 0)
        let high = head.high ?? SIMD3(1, 1, 1)
        guard low.x < high.x, low.y < high.y, low.z < high.z else {
            throw complaint(
                "DOMAIN_MAX is not above DOMAIN_MIN", "it is the larger one in each channel")
        }
        return (ColorTriple(low), ColorTriple(high))
    }
}

/// What the keywords of a `.cube` say.
private struct CubeHead {
    var title = ""
    var curvePoints = 0
    var cubeSide = 0
    var low: SIMD3<Float>?
    var high: SIMD3<Float>?
    var curveRange: SIMD2<Float>?
    var cubeRange: SIMD2<Float>?

    var cubePoints: Int { cubeSide * cubeSide * cubeSide }
}

extension String {
    /// Without blanks at its ends.
    var trimmed: String { trimmed { $0.isWhitespace } }

    /// Without a character at its ends.
    func trimmed(of character: Character) -> String { trimmed { $0 == character } }

    private func trimmed(_ isLeftOut: (Character) -> Bool) -> String {
        var rest = self[...]
        while let first = rest.first, isLeftOut(first) { rest.removeFirst() }
        while let last = rest.last, isLeftOut(last) { rest.removeLast() }
        return String(rest)
    }
}
