import Color
import Foundation
import StageCalibration
import TestSupport
import Testing

/// The simulated wall of the shared data, solved before by two other programs.
@Suite(.enabled(if: TestData.has(StoredTwin.path), "shared data is absent"))
struct `The stored simulated wall` {
    @Test func `OpenVPCal's samples of it give OpenVPCal's matrices`() throws {
        let stored = try TestData.decode(StoredTwin.self, from: StoredTwin.path)
        let result = try OpenVPCalSolve.result(
            measured: stored.openvpcal_format.measured,
            reference: stored.openvpcal_format.reference,
            settings: OpenVPCalSettings(targetGamut: "T", peakNits: 1650),
            custom: ["T": stored.target.list])
        let expected = stored.openvpcal_format
        #expect(
            relativeError(
                result.screenFromTarget.list, expected.expected_target_to_screen.flatMap { $0 })
                <= 1e-12)
        #expect(
            relativeError(result.cameraBalance.list, expected.expected_camera_wb.flatMap { $0 })
                <= 1e-12)
    }

    @Test func `our solution is nearer the truth than the reference's`() throws {
        let stored = try TestData.decode(StoredTwin.self, from: StoredTwin.path)
        let solution = try ColorSolution(stored.samples)
        let wall = ColorTwin(
            primaries: ColorTwin.offPrimaries, gamma: ColorTriple(1.06, 1, 0.95), black: 2e-4,
            soft: 0.002)
        var (ours, theirs) = ([Double](), [Double]())
        for check in stored.checks {
            let content = check.content_target_100nit / 16.5
            ours.append(wall.error(asked: solution.drive(content: content), content: content))
            theirs.append(wall.error(asked: check.corrected_100nit / 16.5, content: content))
        }
        #expect(ErrorFigures(ours).mean <= ErrorFigures(theirs).mean)
        #expect(abs(solution.additivity - stored.solution.additivity) < 1e-3)
    }
}

struct StoredTwin: Decodable {
    struct Target: Decodable {
        var primaries_xy: [[Double]]
        var white: [Double]
        var list: [[Double]] { primaries_xy + [white] }
    }
    struct OpenVPCal: Decodable {
        var measured: OpenVPCalSamples
        var reference: OpenVPCalSamples
        var expected_target_to_screen: [[Double]]
        var expected_camera_wb: [[Double]]
    }
    struct Check: Decodable {
        var content_target_100nit: ColorTriple
        var corrected_100nit: ColorTriple
    }
    struct Ramps: Decodable {
        var R: [ColorTriple]
        var G: [ColorTriple]
        var B: [ColorTriple]
    }
    struct Solution: Decodable {
        var additivity: Double
    }
    static let path = "calibration/twin_colour_case.json"
    /// The case as our samples.
    var samples: ColorSamples {
        ColorSamples(
            wall: "twin", peakNits: 1650, target: ColorTwin.target, plateAtPeak: 2, black: black,
            levels: signals_100nit_units.map { min($0 / 16.5, 1) }, red: ramps.R, green: ramps.G,
            blue: ramps.B, white: white_plate)
    }

    var target: Target
    var signals_100nit_units: [Double]
    var black: ColorTriple
    var ramps: Ramps
    var white_plate: ColorTriple
    var solution: Solution
    var checks: [Check]
    var openvpcal_format: OpenVPCal
}
