import Foundation
import Media
import TestSupport
import Testing

@Suite("Color spaces of pictures") struct ColorSpaceTests {
    /// Colours as a picture of light, read back as codes of a space.
    private func read(
        _ codes: [[Float]], as space: PictureColorSpace
    ) throws -> [[Double]] {
        let picture = LinearPicture(
            width: codes.count, height: 1, pixels: codes.flatMap { $0 + [1] })
        let read = try PictureFile.decode(EXRFile.bytes(picture), colorSpace: space)
        return (0..<codes.count).map { index in
            (0..<3).map { Double(read.pixels[4 * index + $0]) }
        }
    }

    private static let file: URL = TestData.url("colour/colour.json")
    private static let hasVectors: Bool = FileManager.default.fileExists(atPath: file.path)

    private func vectors(_ key: String) throws -> [String: Any] {
        let all = try JSONSerialization.jsonObject(with: Data(contentsOf: Self.file))
        return try #require((all as? [String: Any])?[key] as? [String: Any])
    }

    private static let curves: [(PictureColorSpace, String)] = [
        (.acesCCT, "ACEScct"), (.logC3, "ARRI LogC3"), (.logC4, "ARRI LogC4"),
        (.log3G10, "Log3G10"), (.sLog3, "S-Log3"), (.sLog3Cine, "S-Log3"), (.vLog, "V-Log"),
        (.canonLog2, "Canon Log 2"), (.canonLog3, "Canon Log 3"),
        (.blackmagicFilm5, "Blackmagic Film Generation 5"), (.daVinci, "DaVinci Intermediate"),
    ]

    @Test(.enabled(if: hasVectors, "needs colour/colour.json"), arguments: curves)
    func `of a camera's log are the light its maker says`(
        space: PictureColorSpace, name: String
    ) throws {
        let all = try #require(try vectors("camera_log")[name] as? [String: Any])
        var cases: [(code: Double, light: Double)] = []
        for kind in ["encode", "decode"] {
            for row in all[kind] as? [[String: Any]] ?? [] {
                guard let code = (row["code"] as? NSNumber)?.doubleValue,
                    let light = (row["lin"] as? NSNumber)?.doubleValue
                else { continue }
                cases.append((code, light))
            }
        }
        #expect(cases.count > 8)
        // The file holds halves: the code next to the one wanted, and the light beside it.
        let codes = cases.map { Float(Float16($0.code)) }
        let near = cases.map { Float(Float16($0.code).nextUp) }
        let read = try read(codes.map { [$0, $0, $0] }, as: space)
        let beside = try self.read(near.map { [$0, $0, $0] }, as: space)
        for (index, one) in cases.enumerated() {
            let step = abs(beside[index][1] - read[index][1]) * 1.5 + 1e-4 * abs(one.light) + 1e-6
            for channel in 0..<3 {
                #expect(abs(read[index][channel] - one.light) < step, "\(one)")
            }
        }
    }

    private static let gamuts: [(PictureColorSpace, String)] = [
        (.logC3, "ARRI Wide Gamut 3"), (.logC4, "ARRI Wide Gamut 4"),
        (.log3G10, "REDWideGamutRGB"), (.sLog3, "S-Gamut3"), (.sLog3Cine, "S-Gamut3.Cine"),
        (.vLog, "V-Gamut"), (.canonLog2, "Cinema Gamut"), (.canonLog3, "Cinema Gamut"),
        (.blackmagicFilm5, "Blackmagic Wide Gamut"), (.daVinci, "DaVinci Wide Gamut"),
    ]
    private static let ap1FromAP0 = [
        [1.45143932, -0.23651075, -0.21492857], [-0.07655377, 1.17622970, -0.09967593],
        [0.00831615, -0.00603245, 0.99771630],
    ]

    @Test(.enabled(if: hasVectors, "needs colour/colour.json"), arguments: gamuts)
    func `of a camera's gamut are where its primaries are`(
        space: PictureColorSpace, name: String
    ) throws {
        let gamut = try #require(try vectors("camera_gamuts")[name] as? [String: Any])
        let all = try #require(gamut["to_ACES2065_1"] as? [String: Any])
        let matrix = try #require(all["Bradford"] as? [[NSNumber]]).map { $0.map(\.doubleValue) }
        let codes: [Float] = [0.5, 0.375, 0.25]
        let light = try read(codes.map { [$0, $0, $0] }, as: space).map { $0[1] }
        let read = try read([codes], as: space)[0]
        let ap0 = matrix.map { zip($0, light).reduce(0) { $0 + $1.0 * $1.1 } }
        for (channel, row) in Self.ap1FromAP0.enumerated() {
            let wanted = zip(row, ap0).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(read[channel] - wanted) < 2e-5, "\(channel): \(read), \(wanted)")
        }
    }

    /// Signals whose light is in SMPTE ST 2084's and ITU-R BT.2100's own tables.
    @Test func `of PQ and HLG are nits over a hundred`() throws {
        let pq: [(Float, Double)] = [(0.50807842, 1), (0.75182710, 10), (0.58068888, 2.03)]
        for (signal, light) in pq {
            let half = Float(Float16(signal))
            let read = try read([[half, half, half]], as: .rec2100PQ)[0]
            // A half's step of the signal is some 0.9 % of the light.
            for channel in 0..<3 { #expect(abs(read[channel] / light - 1) < 0.012, "\(signal)") }
        }
        let hlg: [(Float, Double)] = [(0.5, 0.50697), (0.75, 2.03152), (1, 10)]
        for (signal, light) in hlg {
            let read = try read([[signal, signal, signal]], as: .rec2100HLG)[0]
            for channel in 0..<3 { #expect(abs(read[channel] / light - 1) < 1e-3, "\(signal)") }
        }
    }

    @Test func `of a video display are its power of 2_4`() throws {
        let read = try read([[0.5, 0.5, 0.5]], as: .rec709)[0]
        for channel in 0..<3 { #expect(abs(read[channel] - pow(0.5, 2.4)) < 1e-5) }
        let wide = try self.read([[0.5, 0, 0]], as: .rec2020)[0]
        // Rec.2020's red in AP1 (colour.json, rgb_to_rgb).
        #expect(wide[0] > 0.97 * pow(0.5, 2.4) && wide[0] < pow(0.5, 2.4))
    }
}
