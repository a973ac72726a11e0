public import Color

extension CLFText {
    /// The CLF 3 file of a look: what `parse` reads back, in floats for tables and doubles for
    /// everything else.
    public static func text(of look: Look) -> String {
        let title = XMLReader.escaped(look.title)
        let body = look.steps.map { element(of: $0) }.joined()
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <ProcessList compCLFversion="3" id="cyclorama"\
            \(title.isEmpty ? "" : " name=\"\(title)\"")>
            \(body)</ProcessList>

            """
    }

    private static let depths = "inBitDepth=\"32f\" outBitDepth=\"32f\""

    private static func element(of step: LookStep) -> String {
        switch step {
        case .matrix(let matrix, let offset):
            let rows = zip([matrix.row0, matrix.row1, matrix.row2], 0..<3).map { row, i in
                [row.x, row.y, row.z, offset[i]].map { NumberText.text($0) }
                    .joined(separator: " ")
            }
            return wrapped("Matrix", "", array("3 4", rows))
        case .curves(let curves): return element(of: curves)
        case .cube(let cube): return element(of: cube)
        case .range(let range):
            var lines: [String] = []
            for (pair, name) in [(range.low, "min"), (range.high, "max")] {
                guard let pair else { continue }
                lines.append("<\(name)InValue>\(NumberText.text(pair.x))</\(name)InValue>")
                lines.append("<\(name)OutValue>\(NumberText.text(pair.y))</\(name)OutValue>")
            }
            return wrapped("Range", " style=\"\(range.isClamped ? "Clamp" : "noClamp")\"", lines)
        case .log(let red, let green, let blue, let isInverse):
            return element(of: [red, green, blue], isInverse)
        case .exponent(let red, let green, let blue, let isInverse):
            return element(of: [red, green, blue], isInverse)
        case .cdl(let cdl, let isClamped, let isInverse):
            let style = (isInverse ? "Rev" : "Fwd") + (isClamped ? "" : "NoClamp")
            return wrapped("ASC_CDL", " style=\"\(style)\"", CDLText.nodes(of: cdl))
        }
    }

    private static func wrapped(_ name: String, _ more: String, _ lines: [String]) -> String {
        "    <\(name) \(depths)\(more)>\n" + lines.map { "        \($0)\n" }.joined()
            + "    </\(name)>\n"
    }

    private static func array(_ dim: String, _ rows: [String]) -> [String] {
        ["<Array dim=\"\(dim)\">"] + rows + ["</Array>"]
    }

    private static func row(_ color: SIMD3<Float>) -> String {
        "\(NumberText.text(color.x)) \(NumberText.text(color.y)) \(NumberText.text(color.z))"
    }

    /// Curves over 0 … 1 or the half floats; any other range is brought to 0 … 1 by a matrix.
    private static func element(of curves: CurveLUT) -> String {
        let rows = array("\(curves.points.count) 3", curves.points.map(row))
        switch curves.domain {
        case .halves: return wrapped("LUT1D", " halfDomain=\"true\"", rows)
        case .range(let low, let high): return unit(low, high) + wrapped("LUT1D", "", rows)
        }
    }

    private static func element(of cube: CubeLUT) -> String {
        let n = cube.side
        var rows: [String] = []
        rows.reserveCapacity(n * n * n)
        for red in 0..<n {
            for green in 0..<n {
                for blue in 0..<n {
                    rows.append(row(cube.points[red + n * (green + n * blue)]))
                }
            }
        }
        return unit(cube.low, cube.high)
            + wrapped("LUT3D", " interpolation=\"tetrahedral\"", array("\(n) \(n) \(n) 3", rows))
    }

    /// The Matrix that brings low … high to 0 … 1; nothing if that is what they are.
    private static func unit(_ low: ColorTriple, _ high: ColorTriple) -> String {
        if low == ColorTriple(0, 0, 0) && high == ColorTriple(1, 1, 1) { return "" }
        let scale = 1 / (high - low)
        return element(of: .matrix(ColorMatrix(diagonal: scale), offset: -low * scale))
    }

    private static let channels = ["R", "G", "B"]

    private static func element(of curves: [LookLog], _ isInverse: Bool) -> String {
        let isCamera = curves.contains { $0.linearBreak != nil }
        let way = isInverse ? "LogToLin" : "LinToLog"
        let style = isCamera ? "camera\(way)" : isInverse ? "logToLin" : "linToLog"
        let lines = zip(curves, channels).map { log, channel in
            var numbers: [(String, Double)] = [
                ("base", log.base), ("logSideSlope", log.logSlope),
                ("logSideOffset", log.logOffset), ("linSideSlope", log.linearSlope),
                ("linSideOffset", log.linearOffset),
            ]
            if let linearBreak = log.linearBreak { numbers.append(("linSideBreak", linearBreak)) }
            if let slope = log.slopeBelow { numbers.append(("linearSlope", slope)) }
            let text = numbers.map { " \($0)=\"\(NumberText.text($1))\"" }.joined()
            return "<LogParams\(text) channel=\"\(channel)\"/>"
        }
        return wrapped("Log", " style=\"\(style)\"", lines)
    }

    private static func element(of curves: [LookExponent], _ isInverse: Bool) -> String {
        let first = curves[0]
        let style =
            (first.offset == nil ? "basic" : "monCurve") + first.negative.rawValue
            + (isInverse ? "Rev" : "Fwd")
        let lines = zip(curves, channels).map { curve, channel in
            let offset = curve.offset.map { " offset=\"\(NumberText.text($0))\"" } ?? ""
            return "<ExponentParams exponent=\"\(NumberText.text(curve.exponent))\"\(offset) "
                + "channel=\"\(channel)\"/>"
        }
        return wrapped("Exponent", " style=\"\(style)\"", lines)
    }
}
