import Color
import Foundation
import StageCalibration
import TestSupport
import Testing

/// §7, "OpenVPCal mode on the stored cases: 1e-9 rel (double)".
@Suite struct `OpenVPCal's mode gives OpenVPCal's results` {
    struct Case: Decodable {
        struct Expected: Decodable {
            var target_to_screen_matrix: [[Double]]
            var camera_white_balance_matrix: [[Double]]
            var white_balance_matrix: [[Double]]
            var reference_to_target_matrix: [[Double]]
            var pre_calibration_screen_primaries: [[Double]]
            var pre_calibration_screen_whitepoint: [Double]
            var post_calibration_screen_primaries: [[Double]]
            var post_calibration_screen_whitepoint: [Double]
            var eotf_1d_lut_red: [[Double]]
            var eotf_1d_lut_green: [[Double]]
            var eotf_1d_lut_blue: [[Double]]
            var max_distances: [Double]
            var DELTA_E_RGBW: [Double]
            var DELTA_E_EOTF_RAMP: [Double]
            var DELTA_E_MACBETH: [Double]
            var eotf_linearity: [[Double]]
            var max_white_delta: Double
            var measured_18_percent_sample: Double
            var measured_max_lum_nits: [Double]
        }
        var project: String
        var wall: String
        var settings: OpenVPCalSettings
        var custom_primaries: [String: [[Double]]]
        var measured: OpenVPCalSamples
        var reference: OpenVPCalSamples
        var expected: Expected

        /// The balance of another wall's or another lens's samples; those of the lens are not
        /// stored, so its balance is taken as given.
        var balance: ColorMatrix? {
            let m = ColorMatrix(expected.white_balance_matrix)
            return settings.balancesPlate || m == .identity ? nil : m
        }
    }
    struct File: Decodable { var cases: [Case] }
    static let path = "calibration/openvpcal_cases.json"

    @Test func `files that do not match, and impossible peaks, are refused`() {
        var twin = ColorTwin()
        let (measured, reference) = twin.openVPCalSamples()
        var short = reference
        short.ramp.removeLast(20)
        short.rampSignal.removeLast(20)
        func refusal(_ reference: OpenVPCalSamples, _ nits: Double) -> String {
            let refusal = #expect(throws: CalibrationRefusal.self) {
                try OpenVPCalSolve.result(
                    measured: measured, reference: reference,
                    settings: OpenVPCalSettings(targetGamut: "ITU-R BT.2020", peakNits: nits))
            }
            return refusal?.description ?? ""
        }
        #expect(refusal(short, 1650).contains("31 patches, that of the reference 11"))
        for nits in [-5, 0, 20_000, Double.nan] {
            #expect(refusal(reference, nits).contains("1 … 10,000 nits"))
        }
    }

    @Test(.enabled(if: TestData.has(path), "shared data is absent"))
    func `row: OpenVPCal mode, thirteen walls agree to 1e-9`() throws {
        let cases = try TestData.decode(File.self, from: Self.path).cases
        #expect(cases.count == 13)
        for stored in cases {
            let r = try OpenVPCalSolve.result(
                measured: stored.measured, reference: stored.reference, settings: stored.settings,
                custom: stored.custom_primaries, balance: stored.balance)
            let e = stored.expected
            func pairs(_ p: Primaries) -> [Double] {
                [p.red, p.green, p.blue, p.white].flatMap { [$0.x, $0.y] }
            }
            func flat(_ curve: [SIMD2<Double>]) -> [Double] { curve.flatMap { [$0.x, $0.y] } }
            var compared: [(String, [Double], [Double])] = [
                ("matrix", r.screenFromTarget.list, e.target_to_screen_matrix.flatMap { $0 }),
                ("balance", r.cameraBalance.list, e.camera_white_balance_matrix.flatMap { $0 }),
                ("plate balance", r.plateBalance.list, e.white_balance_matrix.flatMap { $0 }),
                (
                    "to target", r.targetFromPlate.list,
                    e.reference_to_target_matrix.flatMap { $0 }
                ),
                (
                    "screen", pairs(r.screen),
                    e.pre_calibration_screen_primaries.flatMap { $0 }
                        + e.pre_calibration_screen_whitepoint
                ),
                (
                    "corrected", pairs(r.corrected),
                    e.post_calibration_screen_primaries.flatMap { $0 }
                        + e.post_calibration_screen_whitepoint
                ),
                ("distances", [r.distances.x, r.distances.y, r.distances.z], e.max_distances),
                ("RGBW", r.whiteAndPrimaryErrors, e.DELTA_E_RGBW),
                ("ramp", r.rampErrors, e.DELTA_E_EOTF_RAMP),
                ("chart", r.chartErrors, e.DELTA_E_MACBETH),
                (
                    "linearity", r.linearity.flatMap { [$0.x, $0.y, $0.z] },
                    e.eotf_linearity.flatMap { $0 }
                ),
                (
                    "peak",
                    // OpenVPCal stores x and y a hundredfold beside the nits.
                    [r.measuredPeak.x * 100, r.measuredPeak.y * 100, r.measuredPeakNits],
                    e.measured_max_lum_nits
                ),
            ]
            // This project was stored by OpenVPCal's first release, which told both by luminance.
            let isFirst = stored.wall == "AOTO_Wall2"
            compared.append(
                (
                    "max white and grey",
                    isFirst
                        ? [r.maxWhiteLuminanceRatio, r.greyLuminance]
                        : [r.maxWhiteRatio, r.greyReading],
                    [e.max_white_delta, e.measured_18_percent_sample]
                ))
            if !e.eotf_1d_lut_red.isEmpty {
                let curves = [e.eotf_1d_lut_red, e.eotf_1d_lut_green, e.eotf_1d_lut_blue]
                for (mine, theirs) in zip(r.curves, curves) {
                    compared.append(("curve", flat(mine), theirs.flatMap { $0 }))
                }
            }
            for (what, mine, theirs) in compared {
                let error = relativeError(mine, theirs)
                #expect(error <= 1e-9, "\(stored.project) \(stored.wall): \(what) \(error)")
            }
        }
    }
}
