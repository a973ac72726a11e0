import Color
import Testing

@Suite struct LightTests {
    @Test(.enabled(if: Vectors.isThere))
    func `row: PQ, it agrees with colour-science both ways and with its table of codes`() throws {
        for row in try Vectors.rows(try Vectors.at("pq", "nits_to_signal")) {
            let (nits, signal) = (number(row["nits"]), number(row["signal"]))
            #expect(abs(TransferFunction.pq.signal(light: nits / 10_000) - signal) < 1e-12)
            for bits in [8, 10, 12] {
                let full = CodeRange.full.code(signal: signal, bitDepth: bits).rounded()
                let narrow = CodeRange.narrow.code(signal: signal, bitDepth: bits).rounded()
                #expect(full == number(row["full\(bits)"]))
                #expect(narrow == number(row["narrow\(bits)"]))
            }
        }
        for row in try Vectors.rows(try Vectors.at("pq", "signal_to_nits")) {
            let nits = TransferFunction.pq.light(signal: number(row["signal"])) * 10_000
            #expect(abs(nits - number(row["nits"])) <= 1e-12 * max(1, nits) * 10)
        }
    }

    @Test(.enabled(if: Vectors.isThere))
    func `pure gammas agree with colour-science`() throws {
        let table = try #require(try Vectors.at("gamma", "pure") as? [String: Any])
        for (name, value) in table {
            let curve = TransferFunction.gamma(try #require(Double(name)))
            for row in try Vectors.rows(value) {
                #expect(abs(curve.light(signal: number(row["v"])) - number(row["lin"])) < 1e-12)
            }
        }
    }

    @Test(.enabled(if: Vectors.isThere))
    func `codes of both ranges agree with the table`() throws {
        for row in try Vectors.rows(try Vectors.at("quantisation", "examples")) {
            for bits in [8, 10, 12] {
                let v = number(row["v"])
                let full = CodeRange.full.code(signal: v, bitDepth: bits)
                // Half-way codes are rounded to even by the generator.
                #expect(full.rounded(.toNearestOrEven) == number(row["full\(bits)"]))
                let narrow = CodeRange.narrow.code(signal: v, bitDepth: bits)
                #expect(narrow.rounded(.toNearestOrEven) == number(row["narrow\(bits)"]))
                #expect(abs(CodeRange.narrow.signal(code: narrow, bitDepth: bits) - v) < 1e-12)
            }
        }
    }

    @Test(.enabled(if: Vectors.isThere))
    func `row: CDL, it agrees with the formula and OpenColorIO in both styles`() throws {
        let rows = try Vectors.rows(try Vectors.at("asc_cdl", "cases"))
        #expect(rows.count == 40)
        for row in rows {
            let cdl = CDL(
                slope: triple(row["slope"]), offset: triple(row["offset"]),
                power: triple(row["power"]), saturation: number(row["sat"]))
            let rgb = triple(row["rgb"])
            #expect(distance(cdl.appliedClamped(to: rgb), triple(row["out_v1_2"])) < 1e-12)
            #expect(distance(cdl.applied(to: rgb), triple(row["out_noclamp"])) < 1e-12)
            let ocio = triple(row["ocio_noclamp"])
            #expect(distance(cdl.applied(to: rgb), ocio) < 1e-5 * max(1, ocio.max()))
        }
    }

    @Test(.enabled(if: Vectors.isThere))
    func `the color difference ITP agrees with colour-science`() throws {
        for row in try Vectors.rows(try Vectors.at("delta_e_itp", "cases")) {
            let (a, b) = (triple(row["rgb2020_nits_a"]), triple(row["rgb2020_nits_b"]))
            #expect(distance(ictcp(rec2020Nits: a), triple(row["ictcp_a"])) < 1e-12)
            #expect(abs(deltaEITP(a, b) - number(row["deltaE_ITP"])) < 1e-9)
        }
    }

    @Test(.enabled(if: Vectors.isThere))
    func `the loci agree with colour-science`() throws {
        for row in try Vectors.rows(try Vectors.at("cct_to_xy")) {
            let t = number(row["cct"])
            let kang = chromaticity(row["planck_kang2002_xy"])
            let planck = Chromaticity.planckian(temperature: t)
            #expect(abs(planck.x - kang.x) < 1e-7 && abs(planck.y - kang.y) < 1e-7)
            if row["daylight_cie_d_xy"] != nil {
                let wanted = chromaticity(row["daylight_cie_d_xy"])
                let ours = Chromaticity.daylight(temperature: t)
                #expect(abs(ours.x - wanted.x) < 1e-7 && abs(ours.y - wanted.y) < 1e-7)
            }
        }
    }

    @Test func `PQ has the published values`() {
        for (nits, signal) in [(0.1, 0.06233687), (100, 0.50807842), (1000, 0.75182710), (1e4, 1)] {
            #expect(abs(TransferFunction.pq.signal(light: nits / 10_000) - signal) < 1e-8)
        }
        #expect(CodeRange.narrow.black(bitDepth: 10) == 64)
        #expect(CodeRange.narrow.code(signal: 1, bitDepth: 12) == 3760)
        #expect(CodeRange.full.code(signal: 1, bitDepth: 8) == 255)
    }

    @Test func `every transfer function undoes itself`() {
        for curve in [TransferFunction.pq, .gamma(2.2), .gamma(2.6), .linear] {
            for i in 0...1000 {
                let v = Double(i) / 1000
                // PQ's signal of no light is 7.3e-7, not 0.
                #expect(abs(curve.signal(light: curve.light(signal: v)) - v) < 1e-6)
            }
        }
    }

    @Test func `the CDL keeps light above one and leaves negatives without a power`() {
        let cdl = CDL(
            slope: ColorTriple(1.1, 1, 0.9), offset: ColorTriple(0.01, 0, -0.02),
            power: ColorTriple(0.95, 1, 1.1), saturation: 1.2)
        let out = cdl.applied(to: ColorTriple(-0.1, 0.2, 0.3))
        #expect(distance(out, ColorTriple(-0.147499, 0.212501, 0.233666)) < 1e-6)
        #expect(cdl.applied(to: ColorTriple(16, 16, 16)).min() > 10)
        #expect(cdl.appliedClamped(to: ColorTriple(16, 16, 16)).max() <= 1)
    }
}
