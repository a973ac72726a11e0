import Foundation
import StageCalibration
import TestSupport
import Testing

@Suite struct `A camera's curve` {
    private struct Stored: Decodable {
        struct Curve: Decodable {
            struct Pair: Decodable {
                var code: Double
                var lin: Double
            }
            var decode: [Pair]
        }
        var camera_log: [String: Curve]
        static let path = "colour/colour.json"
    }

    /// Codes of middle gray as the makers publish them.
    @Test func `makes middle gray of its published code`() {
        let grays: [(CameraCurve, Double)] = [
            (.acesCCT, 0.413588), (.logC3, 0.391007), (.logC4, 0.278396), (.log3G10, 0.333333),
            (.sLog3, 0.410557), (.vLog, 0.423311), (.cLog2, 0.398255), (.cLog3, 0.343389),
            (.filmGeneration5, 0.383562), (.daVinciIntermediate, 0.336043),
        ]
        for (curve, code) in grays {
            #expect(abs(curve.light(code: code) - 0.18) < 2e-6, "\(curve)")
        }
        #expect(abs(CameraCurve.sRGB.light(code: 0.5) - 0.2140411) < 1e-6)
        #expect(abs(CameraCurve.rec709.light(code: 0.5) - 0.2595894) < 1e-6)
        #expect(CameraCurve.linear.light(code: 0.3) == 0.3)
    }

    @Test(.enabled(if: TestData.has(Stored.path), "shared data is absent"))
    func `agrees with what is stored, dark to bright`() throws {
        let stored = try TestData.decode(Stored.self, from: Stored.path).camera_log
        let names: [(String, CameraCurve)] = [
            ("ACEScct", .acesCCT), ("ARRI LogC3", .logC3), ("ARRI LogC4", .logC4),
            ("Log3G10", .log3G10), ("S-Log3", .sLog3), ("V-Log", .vLog), ("Canon Log 2", .cLog2),
            ("Canon Log 3", .cLog3), ("Blackmagic Film Generation 5", .filmGeneration5),
            ("DaVinci Intermediate", .daVinciIntermediate),
        ]
        for (name, curve) in names {
            let pairs = try #require(stored[name]?.decode, "\(name): \(stored.keys.sorted())")
            for pair in pairs {
                let error = abs(curve.light(code: pair.code) - pair.lin)
                #expect(error <= 1e-6 * max(1, pair.lin), "\(name) at \(pair.code)")
            }
        }
    }
}
