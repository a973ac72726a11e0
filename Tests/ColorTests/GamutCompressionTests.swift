import Color
import Foundation
import TestSupport
import Testing

@Suite struct `Gamut compression` {
    /// The formula of ACES's reference gamut compression with any numbers, written down once more.
    private static func formula(
        _ color: ColorTriple, limit: ColorTriple, threshold: ColorTriple, power: Double
    ) -> ColorTriple {
        let most = color.max()
        var out = color
        for i in 0..<3 {
            let (d, t) = ((most - color[i]) / abs(most), threshold[i])
            guard most != 0, d >= t else { continue }
            let s = (limit[i] - t) / pow(pow((1 - t) / (limit[i] - t), -power) - 1, 1 / power)
            let x = (d - t) / s
            out[i] = most - (t + s * x / pow(1 + pow(x, power), 1 / power)) * abs(most)
        }
        return out
    }

    @Test(.enabled(if: Vectors.isThere, "shared test data is absent"))
    func `row: RGC, the formula is ACES's and the wall's compression is the formula`() throws {
        let params = try #require(try Vectors.at("aces_rgc_1_3", "params") as? [String: Any])
        let cases = try Vectors.rows(try Vectors.at("aces_rgc_1_3", "cases"))
        #expect(cases.count >= 5)
        for one in cases {
            let mine = Self.formula(
                triple(one["ap1"]), limit: triple(params["limit_cmy"]),
                threshold: triple(params["threshold"]), power: number(params["power"]))
            #expect(distance(mine, triple(one["out"])) < 1e-12)
            #expect(distance(mine, triple(one["ocio"])) < 1e-6)
        }
        var random = SeededRandom(seed: 13)
        for _ in 0..<1000 {
            let limits = ColorTriple(
                1.01 + 0.3 * random.unit(), 1.01 + 0.3 * random.unit(), 1.01 + 0.3 * random.unit())
            let color = ColorTriple(
                1.4 * random.unit() - 0.3, 1.4 * random.unit() - 0.3, random.unit())
            let wanted = Self.formula(
                color, limit: limits, threshold: ColorTriple(repeating: 0.9), power: 4)
            #expect(distance(GamutCompression(limits: limits).applied(to: color), wanted) < 1e-12)
        }
    }

    /// OpenColorIO's own result for these limits, threshold 0.9 and power 4.
    @Test func `a color beyond the wall's gamut comes to its edge`() {
        let limits = ColorTriple(1.153, 1.026, 1.001)
        let out = GamutCompression(limits: limits).applied(to: ColorTriple(-0.15, 0.98, 0.02))
        #expect(distance(out, ColorTriple(0, 0.98, 0.0203)) < 5e-5, "\(out)")
    }
}
