public import Color

/// CLF files, Academy/ASC Common LUT Format, version 2 and 3 (S-2014-006, ST 2136-1): Matrix,
/// LUT1D, LUT3D, Range, Log, Exponent and ASC_CDL.
public enum CLFText {
    /// The look of a file's bytes, values scaled so that every bit depth's full scale is 1.
    public static func parse(_ bytes: [UInt8], file: String) throws(LookComplaint) -> Look {
        var reader = XMLReader(bytes: bytes, file: file)
        let root = try reader.read()
        guard root.name == "ProcessList" else {
            throw LookComplaint(
                file: file, line: root.line, "<\(quoted(root.name))>", "a ProcessList")
        }
        try checkVersion(root, file)
        var look = Look()
        look.title = root.attributes["name"].map { plain(String($0.prefix(100))) } ?? ""
        for element in root.children where !passive.contains(element.name) {
            if look.steps.count == LookLimits.steps {
                throw LookComplaint(
                    file: file, line: element.line, "more than \(LookLimits.steps) steps",
                    "bake it into fewer")
            }
            if element.attributes["bypass"] == "true" { continue }
            look.steps.append(try CLFStep(element: element, bytes: bytes, file: file).read())
        }
        return look
    }

    /// Elements that do nothing to a colour.
    private static let passive: Set<String> = [
        "Description", "InputDescriptor", "OutputDescriptor", "Info",
    ]

    private static func checkVersion(
        _ root: XMLElement, _ file: String
    ) throws(LookComplaint) {
        guard let text = root.attributes["compCLFversion"] else { return }
        guard let version = Double(text), (1..<4).contains(version) else {
            throw LookComplaint(
                file: file, line: root.line, "compCLFversion \(quoted(text))", "2 or 3")
        }
    }
}

/// Reads one element of a ProcessList.
struct CLFStep {
    let element: XMLElement
    let bytes: [UInt8]
    let file: String

    func complaint(
        _ found: String, _ expected: String, at other: XMLElement? = nil
    ) -> LookComplaint {
        LookComplaint(file: file, line: (other ?? element).line, found, expected)
    }

    func read() throws(LookComplaint) -> LookStep {
        let (into, out) = (try fullScale("inBitDepth"), try fullScale("outBitDepth"))
        switch element.name {
        case "Matrix": return try matrix(into, out)
        case "LUT1D": return try curves(out)
        case "LUT3D": return try cube(out)
        case "Range": return .range(try range(into, out))
        case "Log": return try log()
        case "Exponent": return try exponent()
        case "ASC_CDL": return try cdl()
        case let other:
            throw complaint(
                "<\(quoted(other))>",
                "Matrix, LUT1D, LUT3D, Range, Log, Exponent or ASC_CDL")
        }
    }

    /// What a bit depth's values are divided by.
    private func fullScale(_ name: String) throws(LookComplaint) -> Double {
        switch element.attributes[name] {
        case "8i": return 255
        case "10i": return 1023
        case "12i": return 4095
        case "16i": return 65535
        case "16f", "32f": return 1
        case let other:
            throw complaint(
                "\(name) \(quoted(other ?? "missing"))", "8i, 10i, 12i, 16i, 16f or 32f")
        }
    }

    /// The numbers of the element's Array and its dimensions.
    private func array(
        dimensions: Int, most: Int
    ) throws(LookComplaint) -> (dim: [Int], numbers: [Double], array: XMLElement) {
        guard let array = element.child("Array") else {
            throw complaint("<\(element.name)> without an Array", "its numbers")
        }
        let text = array.attributes["dim", default: ""]
        let dim = text.split(separator: " ").compactMap { Int($0) }
        guard dim.count >= dimensions, dim.count <= 4, dim.allSatisfy({ (1...1 << 20) ~= $0 })
        else { throw complaint("dim \(quoted(text))", "its dimensions", at: array) }
        let count = dim.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        guard count <= most else {
            throw complaint("an Array of \(quoted(text))", "at most \(most) numbers", at: array)
        }
        let numbers = try array.numbers(in: bytes, most: count, file: file)
        guard numbers.count == count else {
            throw complaint(
                "\(numbers.count > count ? "more than \(count)" : "\(numbers.count)") numbers",
                "dim \(quoted(text)) says \(count)", at: array)
        }
        return (dim, numbers, array)
    }

    private func finite(_ numbers: [Double], _ array: XMLElement) throws(LookComplaint) {
        guard numbers.allSatisfy({ Float($0).isFinite }) else {
            throw complaint("a number that is not finite", "finite numbers", at: array)
        }
    }

    private func matrix(_ into: Double, _ out: Double) throws(LookComplaint) -> LookStep {
        let (dim, m, array) = try array(dimensions: 2, most: 12)
        try finite(m, array)
        let columns = dim[1]
        guard dim[0] == 3, columns == 3 || columns == 4 else {
            throw complaint("a matrix of \(dim[0])×\(columns)", "3×3 or 3×4", at: array)
        }
        func row(_ i: Int) -> ColorTriple {
            ColorTriple(m[i * columns], m[i * columns + 1], m[i * columns + 2]) * (into / out)
        }
        let offset =
            columns == 3 ? ColorTriple(0, 0, 0) : ColorTriple(m[3], m[7], m[11]) / out
        return .matrix(ColorMatrix(rows: row(0), row(1), row(2)), offset: offset)
    }

    private func curves(_ out: Double) throws(LookComplaint) -> LookStep {
        let isHalves = element.attributes["halfDomain"] == "true"
        let isRaw = element.attributes["rawHalfs"] == "true"
        let (dim, numbers, array) = try array(
            dimensions: 2, most: 3 * LookLimits.curvePoints)
        let channels = dim[1]
        guard channels == 1 || channels == 3, dim.count == 2 else {
            throw complaint("curves of \(channels) channels", "1 or 3", at: array)
        }
        guard 2...LookLimits.curvePoints ~= dim[0], !isHalves || dim[0] == 1 << 16 else {
            throw complaint(
                "a curve of \(dim[0]) points",
                isHalves ? "65536 with halfDomain" : "2 to \(LookLimits.curvePoints)", at: array)
        }
        if element.attributes["hueAdjust"] ?? "none" != "none" {
            throw complaint("hueAdjust", "curves that work on each channel alone")
        }
        var points: [SIMD3<Float>] = []
        points.reserveCapacity(dim[0])
        for i in 0..<dim[0] {
            var point = SIMD3<Float>()
            for channel in 0..<3 {
                let number = numbers[i * channels + (channels == 1 ? 0 : channel)]
                let value = isRaw ? CLFStep.half(number) : number / out
                // A half that is no number stands for no input that is one.
                let isSpare = isHalves && i & 0x7C00 == 0x7C00
                guard let value, isSpare || Float(value).isFinite else {
                    throw complaint(
                        "value \(i) of the curve is not finite", "finite numbers", at: array)
                }
                point[channel] = Float(value).isFinite ? Float(value) : 0
            }
            points.append(point)
        }
        return .curves(CurveLUT(points: points, domain: isHalves ? .halves : .unit))
    }

    /// The value of a half float given by its bits.
    private static func half(_ bits: Double) -> Double? {
        guard let bits = UInt16(exactly: bits) else { return nil }
        return Double(Float16(bitPattern: bits))
    }

    private func cube(_ out: Double) throws(LookComplaint) -> LookStep {
        let side = LookLimits.cubeSide
        let (dim, numbers, array) = try array(dimensions: 4, most: 3 * side * side * side)
        guard dim[0] == dim[1], dim[1] == dim[2], dim[3] == 3, 2...side ~= dim[0] else {
            throw complaint(
                "a table of \(dim.map(String.init).joined(separator: "×"))",
                "N×N×N×3, N 2 to \(side)", at: array)
        }
        try finite(numbers, array)
        let n = dim[0]
        var points = [SIMD3<Float>](repeating: SIMD3(0, 0, 0), count: n * n * n)
        // The file's blue is fastest, ours red.
        for red in 0..<n {
            for green in 0..<n {
                for blue in 0..<n {
                    let at = 3 * (blue + n * (green + n * red))
                    points[red + n * (green + n * blue)] = SIMD3<Float>(
                        ColorTriple(numbers[at], numbers[at + 1], numbers[at + 2]) / out)
                }
            }
        }
        return .cube(CubeLUT(side: n, points: points))
    }

    private func range(_ into: Double, _ out: Double) throws(LookComplaint) -> LookRange {
        func value(_ name: String) throws(LookComplaint) -> Double? {
            guard let child = element.child(name) else { return nil }
            let numbers = try child.numbers(in: bytes, most: 1, file: file)
            guard numbers.count == 1, numbers[0].isFinite else {
                throw complaint(name, "one number", at: child)
            }
            return numbers[0]
        }
        func pair(_ inName: String, _ outName: String) throws(LookComplaint) -> SIMD2<Double>? {
            switch (try value(inName), try value(outName)) {
            case (let x?, let y?): return SIMD2(x / into, y / out)
            case (nil, nil): return nil
            default: throw complaint("\(inName) or \(outName) alone", "both or neither")
            }
        }
        let style = element.attributes["style"] ?? "Clamp"
        guard style == "Clamp" || style == "noClamp" else {
            throw complaint("style \(quoted(style))", "Clamp or noClamp")
        }
        let low = try pair("minInValue", "minOutValue")
        let high = try pair("maxInValue", "maxOutValue")
        guard low != nil || high != nil else {
            throw complaint("a Range without values", "minInValue and minOutValue, or the max")
        }
        if let low, let high, low.x >= high.x {
            throw complaint("minInValue is not below maxInValue", "it is the smaller one")
        }
        return LookRange(low: low, high: high, isClamped: style == "Clamp")
    }

    private func cdl() throws(LookComplaint) -> LookStep {
        let style = element.attributes["style"] ?? "Fwd"
        let styles = ["Fwd", "Rev", "FwdNoClamp", "RevNoClamp"]
        guard styles.contains(style) else {
            throw complaint("style \(quoted(style))", styles.joined(separator: ", "))
        }
        let cdl = try CDLText.values(of: element, bytes, file)
        let isInverse = style.hasPrefix("Rev")
        if isInverse && !cdl.isInvertible {
            throw complaint("a slope or saturation of 0 the way back", "numbers above 0")
        }
        return .cdl(cdl, isClamped: !style.hasSuffix("NoClamp"), isInverse: isInverse)
    }
}
