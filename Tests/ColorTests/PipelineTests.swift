import Color
import Foundation
import Testing

/// The twenty pixels of `pipeline.json`: every stage's numbers by our own functions, in the order
/// the wall does them.
@Suite struct PipelineTests {
    private static let url = Vectors.url.deletingLastPathComponent().appendingPathComponent(
        "pipeline.json")
    private static let isThere = FileManager.default.fileExists(atPath: url.path)

    /// Straight lines between pairs, level beyond the first and the last.
    private struct Pairs {
        let pairs: [[Double]]

        init(_ value: Any) { pairs = (value as? [[NSNumber]] ?? []).map { $0.map(\.doubleValue) } }

        func applied(_ x: Double) -> Double {
            guard x > pairs[0][0] else { return pairs[0][1] }
            guard let above = pairs.firstIndex(where: { $0[0] >= x }) else {
                return pairs[pairs.count - 1][1]
            }
            let (a, b) = (pairs[above - 1], pairs[above])
            return a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0])
        }
    }

    @Test(.enabled(if: isThere)) func `every stage of the twenty pixels`() throws {
        let data = try JSONSerialization.jsonObject(with: Data(contentsOf: Self.url))
        let file = try #require(data as? [String: Any])
        let cases = try Vectors.rows(file["cases"] as Any)
        let curves = (file["lut_rgb"] as? [Any] ?? []).map(Pairs.init)
        let toAP0 = ColorMatrix.rgb(from: .acesCG, to: .aces2065)
        let ofFile = matrix(file["ap0_to_target"])
        let camera = matrix(file["camera_wb"])
        let screen = matrix(file["target_to_screen"])
        #expect(distance(toAP0, matrix(file["acescg_to_ap0"])) < 1e-9)
        let warm =
            ColorMatrix.rgbFromXYZ(.acesCG)
            * ColorMatrix.adaptation(
                from: Primaries.acesWhite, to: .planckian(temperature: 5600), in: .cat02)
            * ColorMatrix.xyzFromRGB(.acesCG)
        #expect(cases.count == 20 && curves.count == 3)
        for one in cases {
            let (params, stages) = (
                try #require(one["params"] as? [String: Any]),
                try #require(one["stages"] as? [String: Any])
            )
            func expect(_ value: ColorTriple, _ name: String, _ bar: Double) {
                let wanted = triple(stages[name])
                let scale = max(1, abs(wanted.x), abs(wanted.y), abs(wanted.z))
                #expect(distance(value, wanted) <= bar * scale, "\(name): \(value) \(wanted)")
            }
            var v = triple(stages["in_acescg"]) * exp2(number(params["stops"]))
            expect(v, "after_exposure", 1e-12)
            // The file's Planckian white is the exact integral; ours is within 3.7e-4 of it.
            if params["wb"] as? String != "identity" {
                expect(warm * v, "after_white_balance", 2e-3)
                v = matrix(file["wb_matrix"]) * v
            }
            expect(v, "after_white_balance", 1e-12)
            let cdl = try #require(params["cdl"] as? [String: Any])
            v = CDL(
                slope: triple(cdl["slope"]), offset: triple(cdl["offset"]),
                power: triple(cdl["power"]), saturation: number(cdl["sat"])
            ).applied(to: v)
            expect(v, "after_cdl_noclamp", 1e-12)
            v = ofFile * (toAP0 * v)
            expect(v, "target_linear", 1e-9)
            v = screen * (camera * v)
            expect(v, "screen_linear", 1e-9)
            for i in 0..<3 { v[i] = curves[i].applied(v[i]) }
            expect(v, "after_eotf_lut", 1e-8)
            for i in 0..<3 { v[i] = min(max(v[i] * 100, 0), 1650) }
            expect(v, "drive_nits", 1e-8)
            var (signal, ten, twelve) = (ColorTriple(), ColorTriple(), ColorTriple())
            for i in 0..<3 {
                signal[i] = TransferFunction.pq.signal(light: v[i] / 10_000)
                ten[i] = CodeRange.full.code(signal: signal[i], bitDepth: 10).rounded()
                twelve[i] = CodeRange.full.code(signal: signal[i], bitDepth: 12).rounded()
            }
            expect(signal, "pq", 1e-8)
            #expect(ten == triple(stages["code10_full"]))
            #expect(twelve == triple(stages["code12_full"]))
            // The fitted curve the kernels use: a quarter of a code of 12 bits.
            let table = CurveTable(transfer: .pq, bitDepth: 12, range: .full)
            for i in 0..<3 {
                let code = Double(table.code(light: Float(v[i] / 10_000)))
                #expect(abs(code - signal[i] * 4095) <= 0.25)
            }
        }
    }
}
