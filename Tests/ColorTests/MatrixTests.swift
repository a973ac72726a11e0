import Color
import Foundation
import Testing

@Suite struct MatrixTests {
    @Test(.enabled(if: Vectors.isThere))
    func `row: matrices, RGB to XYZ and back agree with colour-science`() throws {
        for (name, primaries) in spaces {
            let to = matrix(try Vectors.at("spaces", name, "rgb_to_xyz"))
            let from = matrix(try Vectors.at("spaces", name, "xyz_to_rgb"))
            #expect(distance(ColorMatrix.xyzFromRGB(primaries), to) < 1e-12)
            #expect(distance(ColorMatrix.rgbFromXYZ(primaries), from) < 1e-12)
        }
    }

    @Test(.enabled(if: Vectors.isThere), arguments: ["Bradford", "CAT02"])
    func `adaptation between whites agrees with colour-science`(_ name: String) throws {
        let space: ConeSpace = name == "CAT02" ? .cat02 : .bradford
        let table = try #require(try Vectors.at("cat_matrices", name) as? [String: Any])
        let whites = try #require(try Vectors.at("whitepoints_xy") as? [String: Any])
        #expect(table.count >= 6)
        for (key, value) in table {
            let ends = key.components(separatedBy: "_to_")
            let ours = ColorMatrix.adaptation(
                from: chromaticity(whites[ends[0]]), to: chromaticity(whites[ends[1]]), in: space)
            #expect(distance(ours, matrix(value)) < 1e-12, "\(key)")
        }
    }

    @Test(.enabled(if: Vectors.isThere), arguments: ["Bradford", "CAT02"])
    func `RGB to RGB agrees with colour-science`(_ name: String) throws {
        let space: ConeSpace = name == "CAT02" ? .cat02 : .bradford
        let table = try #require(try Vectors.at("rgb_to_rgb", name) as? [String: Any])
        #expect(table.count == 20)
        for (key, value) in table {
            let ends = key.components(separatedBy: "_to_")
            let from = try #require(spaces[ends[0]])
            let to = try #require(spaces[ends[1]])
            let ours = ColorMatrix.rgb(from: from, to: to, in: space)
            #expect(distance(ours, matrix(value)) < 1e-12, "\(key)")
        }
    }

    @Test(.enabled(if: Vectors.isThere))
    func `white adapted to a temperature agrees with colour-science`() throws {
        for row in try Vectors.rows(try Vectors.at("white_balance")) {
            guard let name = row["space"] as? String, let space = spaces[name] else { continue }
            let cones: ConeSpace = row["cat"] as? String == "CAT02" ? .cat02 : .bradford
            let ours =
                ColorMatrix.rgbFromXYZ(space)
                * ColorMatrix.adaptation(
                    from: chromaticity(row["base_xy"]), to: chromaticity(row["target_xy"]),
                    in: cones) * ColorMatrix.xyzFromRGB(space)
            #expect(distance(ours, matrix(row["matrix"])) < 1e-12)
            #expect(distance(ours * ColorTriple(1, 1, 1), triple(row["white_out"])) < 1e-12)
        }
    }

    @Test func `the published Rec 709 to ACEScg matrix comes out`() {
        let published = ColorMatrix(
            rows: ColorTriple(0.61309740, 0.33952315, 0.04737945),
            ColorTriple(0.07019372, 0.91635388, 0.01345240),
            ColorTriple(0.02061559, 0.10956977, 0.86981463))
        #expect(distance(ColorMatrix.rgb(from: .rec709, to: .acesCG), published) < 1e-8)
    }

    @Test func `white stays white between any two spaces`() {
        for from in spaces.values {
            for to in spaces.values {
                let white = ColorMatrix.rgb(from: from, to: to) * ColorTriple(1, 1, 1)
                #expect(distance(white, ColorTriple(1, 1, 1)) < 1e-12)
            }
        }
    }

    @Test func `a matrix times its inverse is the identity`() {
        for primaries in spaces.values {
            let m = ColorMatrix.xyzFromRGB(primaries)
            #expect(distance(m * m.inverse, .identity) < 1e-12)
            #expect(abs(m.determinant * m.inverse.determinant - 1) < 1e-12)
        }
    }
}
