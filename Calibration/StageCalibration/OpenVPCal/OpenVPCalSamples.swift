public import Color
import Foundation

/// Samples in OpenVPCal's own JSON format (`*_samples.json`, `*_reference_samples.json`).
///
/// Measured values are linear plate values, reference values what was asked of the wall with
/// 1 = 100 nits. Source of the format: OpenVPCal 2.0.0, core/constants.py, `Measurements`.
public struct OpenVPCalSamples: Codable, Sendable, Equatable {
    /// 18 % grey.
    public var grey: ColorTriple
    /// Desaturated red, green, blue.
    public var desaturated: [ColorTriple]
    /// Greys from black to peak, equal steps of PQ code.
    public var ramp: [ColorTriple]
    /// What was asked for each of them, 1 = 100 nits.
    public var rampSignal: [Double]
    /// The 24 patches of a chart.
    public var chart: [ColorTriple]
    /// White at 10,000 nits' code; reference files have none.
    public var maxWhite: ColorTriple?
    /// Saturation of `desaturated` about its mean.
    public var saturation: Double

    private enum CodingKeys: String, CodingKey {
        case grey
        case desaturated = "desaturated_rgb"
        case ramp = "EOTF_ramp"
        case rampSignal = "EOTF_ramp_signal"
        case chart = "Macbeth"
        case maxWhite = "Max_White"
        case saturation = "primaries_saturation"
    }

    /// Samples of a wall or what was asked of it.
    public init(
        grey: ColorTriple, desaturated: [ColorTriple], ramp: [ColorTriple], rampSignal: [Double],
        chart: [ColorTriple], maxWhite: ColorTriple?, saturation: Double = 0.7
    ) {
        self.grey = grey
        self.desaturated = desaturated
        self.ramp = ramp
        self.rampSignal = rampSignal
        self.chart = chart
        self.maxWhite = maxWhite
        self.saturation = saturation
    }

    /// The samples of a file.
    public static func read(_ path: String) throws(CalibrationRefusal) -> OpenVPCalSamples {
        let samples: OpenVPCalSamples = try JSONFile.read(path, what: "OpenVPCal samples")
        if let fault = samples.fault {
            throw CalibrationRefusal("\(path): \(fault)", advice: "sample the plates again")
        }
        return samples
    }

    /// Writes the samples as OpenVPCal reads them.
    public func write(to path: String) throws(CalibrationRefusal) {
        try JSONFile.write(self, to: path)
    }

    var fault: String? {
        if desaturated.count != 3 {
            return "desaturated_rgb has \(desaturated.count) patches, not 3"
        }
        if ramp.count < 4 || ramp.count != rampSignal.count || ramp.count > 256 {
            return "EOTF_ramp has \(ramp.count) patches for \(rampSignal.count) signals"
        }
        let all = desaturated + ramp + chart + [grey] + (maxWhite.map { [$0] } ?? [])
        if !all.allSatisfy({ $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }) {
            return "a sample is not a number"
        }
        return 0.01...1 ~= saturation ? nil : "primaries_saturation is \(saturation)"
    }
}

/// How OpenVPCal is asked to solve a wall: its settings of one wall, by its own words.
public struct OpenVPCalSettings: Codable, Sendable, Equatable {
    /// Correct the curves.
    public var correctsCurves: Bool
    /// Balance the plate by its grey first.
    public var balancesPlate: Bool
    /// "EOTF > CS" or "CS > EOTF": curves before the matrix or after it.
    public var order: String
    /// Space of the plate.
    public var plateGamut: String
    /// The camera's own space.
    public var cameraGamut: String
    /// Space of the content.
    public var targetGamut: String
    /// Adaptation from plate to target: "Bradford", "CAT02" or "None".
    public var referenceToTargetCAT: String
    /// Adaptation from target to screen.
    public var targetToScreenCAT: String
    /// Light below which gamut distances are softened.
    public var shadowRolloff: Double
    /// Wanted peak, nits.
    public var peakNits: Double
    /// "ST 2084" or another curve, which makes the peak 100 nits.
    public var curve: String
    /// Scales so that nothing clips.
    public var avoidsClipping: Bool?

    private enum CodingKeys: String, CodingKey {
        case correctsCurves = "enable_eotf_correction"
        case balancesPlate = "auto_wb_source"
        case order = "calculation_order"
        case plateGamut = "input_plate_gamut"
        case cameraGamut = "native_camera_gamut"
        case targetGamut = "target_gamut"
        case referenceToTargetCAT = "reference_to_target_cat"
        case targetToScreenCAT = "target_to_screen_cat"
        case shadowRolloff = "shadow_rolloff"
        case peakNits = "target_max_lum_nits"
        case curve = "target_eotf"
        case avoidsClipping = "avoid_clipping"
    }

    /// Settings; those not named are OpenVPCal's defaults.
    public init(
        targetGamut: String, peakNits: Double, cameraGamut: String = "REDWideGamutRGB",
        order: String = "EOTF > CS", correctsCurves: Bool = true
    ) {
        self.correctsCurves = correctsCurves
        balancesPlate = false
        self.order = order
        plateGamut = "ACES2065-1"
        self.cameraGamut = cameraGamut
        self.targetGamut = targetGamut
        referenceToTargetCAT = "Bradford"
        targetToScreenCAT = "None"
        shadowRolloff = 0.008
        self.peakNits = peakNits
        curve = "ST 2084"
        avoidsClipping = false
    }
}
