public import Color

extension CubeText {
    /// The two ways of writing a `.cube`.
    public enum Flavor: String, Sendable, CaseIterable {
        /// One table, `DOMAIN_MIN` and `DOMAIN_MAX`.
        case adobe
        /// A curve before a 3D table, input ranges that are the same for every channel.
        case resolve
    }

    /// The file of a look that is a curve, a 3D table, or a curve and then a 3D table.
    /// - Throws: what the flavor has no words for.
    public static func text(
        of look: Look, flavor: Flavor, file: String
    ) throws(LookComplaint) -> String {
        func refusal(_ found: String, _ expected: String) -> LookComplaint {
            LookComplaint(file: file, line: 0, found, expected)
        }
        var curves: CurveLUT?
        var cube: CubeLUT?
        for step in look.steps {
            switch step {
            case .curves(let table) where curves == nil && cube == nil: curves = table
            case .cube(let table) where cube == nil: cube = table
            default:
                throw refusal(
                    "the look is more than a curve and a 3D table",
                    "write it as .clf, or bake it into a table first")
            }
        }
        if curves != nil && cube != nil && flavor == .adobe {
            throw refusal("a curve and a 3D table", "Resolve's flavor of .cube, or .clf")
        }
        guard curves != nil || cube != nil else {
            throw refusal("the look has no table", "a .cube holds a table")
        }
        let title = plain(look.title).replacing("\"", with: "'")
        var text = title.isEmpty ? "" : "TITLE \"\(title)\"\n"
        do throws(Unwritable) {
            if let curves { text += try head(of: curves, flavor) }
            if let cube { text += try head(of: cube, flavor) }
        } catch { throw refusal(error.found, error.expected) }
        for point in curves?.points ?? [] { text += row(point) }
        for point in cube?.points ?? [] { text += row(point) }
        return text
    }

    private struct Unwritable: Error {
        let found: String
        let expected: String
    }

    private static func head(
        of curves: CurveLUT, _ flavor: Flavor
    ) throws(Unwritable) -> String {
        guard case .range(let low, let high) = curves.domain else {
            throw Unwritable(found: "a curve over the half floats", expected: "write it as .clf")
        }
        return "LUT_1D_SIZE \(curves.points.count)\n"
            + (try domain(low, high, flavor, keyword: "LUT_1D_INPUT_RANGE"))
    }

    private static func head(of cube: CubeLUT, _ flavor: Flavor) throws(Unwritable) -> String {
        "LUT_3D_SIZE \(cube.side)\n"
            + (try domain(cube.low, cube.high, flavor, keyword: "LUT_3D_INPUT_RANGE"))
    }

    private static func domain(
        _ low: ColorTriple, _ high: ColorTriple, _ flavor: Flavor, keyword: String
    ) throws(Unwritable) -> String {
        if flavor == .adobe {
            return "DOMAIN_MIN \(row(SIMD3<Float>(low)))DOMAIN_MAX \(row(SIMD3<Float>(high)))"
        }
        guard low.x == low.y, low.y == low.z, high.x == high.y, high.y == high.z else {
            throw Unwritable(
                found: "a domain of its own in each channel", expected: "Adobe's flavor of .cube")
        }
        return "\(keyword) \(NumberText.text(Float(low.x))) \(NumberText.text(Float(high.x)))\n"
    }

    private static func row(_ color: SIMD3<Float>) -> String {
        "\(NumberText.text(color.x)) \(NumberText.text(color.y)) \(NumberText.text(color.z))\n"
    }
}
