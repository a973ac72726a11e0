public import Color
import Foundation

/// What a camera saw of a wall's colour patches: the solver's whole input, kept as a JSON file.
///
/// Plate values are linear, in `plate`'s primaries, averaged over patch and frames. A level is the
/// asked light of a channel as a fraction of peak, before any correction.
public struct ColorSamples: Codable, Sendable, Equatable {
    /// A colour that was asked of the wall, and what the camera saw.
    public struct Check: Codable, Sendable, Equatable {
        /// Asked colour: linear, in `target`'s primaries, 1 = peak.
        public var content: ColorTriple
        /// What the camera saw.
        public var plate: ColorTriple

        /// A colour asked and seen.
        public init(content: ColorTriple, plate: ColorTriple) {
            self.content = content
            self.plate = plate
        }
    }

    /// The wall's name in stage.yaml.
    public var wall: String
    /// Nits of the wall's white at full drive, as stated.
    public var peakNits: Double
    /// The space of all plate values.
    public var plate: PlateSpace
    /// x, y of red, green, blue and white that content is meant in.
    public var target: [[Double]]
    /// What the plate reads at the peak, if the exposure is known (2 in OpenVPCal's convention).
    ///
    /// Without it the three full channels together are taken to make `peakNits`.
    public var plateAtPeak: Double?
    /// x, y of red, green, blue and white that the maker states, if known: finds swapped channels
    /// and a processor that maps the gamut.
    public var native: [[Double]]?
    /// The wall showing black.
    public var black: ColorTriple
    /// Levels of the three ramps, rising to 1; none is 0.
    public var levels: [Double]
    /// Red alone at each level.
    public var red: [ColorTriple]
    /// Green alone at each level.
    public var green: [ColorTriple]
    /// Blue alone at each level.
    public var blue: [ColorTriple]
    /// All three channels at level 1.
    public var white: ColorTriple
    /// All three channels at 10,000 nits' code: what lies above the stated peak.
    public var brightestWhite: ColorTriple?
    /// All three channels at level 0.18.
    public var grey: ColorTriple?
    /// Colours that were not used to solve.
    public var checks: [Check]

    /// Samples of a wall.
    public init(
        wall: String, peakNits: Double, plate: PlateSpace = .aces2065, target: Primaries,
        plateAtPeak: Double? = nil, native: Primaries? = nil, black: ColorTriple,
        levels: [Double], red: [ColorTriple], green: [ColorTriple], blue: [ColorTriple],
        white: ColorTriple, brightestWhite: ColorTriple? = nil, grey: ColorTriple? = nil,
        checks: [Check] = []
    ) {
        self.wall = wall
        self.peakNits = peakNits
        self.plate = plate
        self.target = target.list
        self.plateAtPeak = plateAtPeak
        self.native = native?.list
        self.black = black
        self.levels = levels
        self.red = red
        self.green = green
        self.blue = blue
        self.white = white
        self.brightestWhite = brightestWhite
        self.grey = grey
        self.checks = checks
    }

    /// The three ramps, red first.
    public var ramps: [[ColorTriple]] { [red, green, blue] }

    /// The samples of a file.
    public static func read(_ path: String) throws(CalibrationRefusal) -> ColorSamples {
        let samples: ColorSamples = try JSONFile.read(path, what: "colour samples")
        if let fault = samples.fault {
            throw CalibrationRefusal("\(path): \(fault.found)", advice: fault.advice)
        }
        return samples
    }

    /// Writes the samples to a file.
    public func write(to path: String) throws(CalibrationRefusal) {
        try JSONFile.write(self, to: path)
    }

    /// The colours another file of this wall, as this camera sees it, was shown through the
    /// correction; refused where it is not of the same.
    public func checks(of shown: ColorSamples) throws(CalibrationRefusal) -> [Check] {
        let differing: String? =
            wall != shown.wall
            ? "wall: \(wall) and \(shown.wall)"
            : plate != shown.plate
                ? "plate: \(plate.rawValue) and \(shown.plate.rawValue)"
                : target != shown.target
                    ? "target"
                    : peakNits != shown.peakNits
                        ? "peakNits: \(peakNits) and \(shown.peakNits)"
                        : plateAtPeak != shown.plateAtPeak ? "plateAtPeak" : nil
        guard let differing else { return shown.checks }
        throw CalibrationRefusal(
            "the colours shown through the correction are not of these samples: they differ in "
                + differing,
            advice: "capture both of one wall with one exposure")
    }

    /// What makes the samples unusable, before anything is solved.
    var fault: (found: String, advice: String)? {
        if levels.count < 4 || levels.count > CalibrationLimits.rampSteps {
            return (
                "\(levels.count) levels",
                "4 … \(CalibrationLimits.rampSteps) are expected; 16 are usual"
            )
        }
        let rising = zip(levels, levels.dropFirst()).allSatisfy { $0 < $1 }
        if !rising || levels[0] <= 0 || abs(levels.last! - 1) > 1e-6 {
            return ("levels do not rise from above 0 to 1", "list them as fractions of peak")
        }
        for (name, ramp) in zip(["red", "green", "blue"], ramps) where ramp.count != levels.count {
            return ("\(name) has \(ramp.count) samples for \(levels.count) levels", "re-sample it")
        }
        if checks.count > CalibrationLimits.checkColors {
            return ("\(checks.count) checks", "\(CalibrationLimits.checkColors) at most")
        }
        let all = ramps.joined() + [black, white] + checks.flatMap { [$0.content, $0.plate] }
        if !all.allSatisfy({ $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }) {
            return ("a sample is not a number", "sample that patch again")
        }
        if !(peakNits > 0 && peakNits <= 10_000) {
            return ("peakNits \(peakNits)", "0 … 10000 nits are expected")
        }
        if let plateAtPeak, !(plateAtPeak > 0 && plateAtPeak.isFinite) {
            return ("plateAtPeak \(plateAtPeak)", "above 0 is expected; leave it out if unknown")
        }
        if Primaries(list: target) == nil || (native != nil && Primaries(list: native!) == nil) {
            return ("primaries are four pairs of x and y", "red, green, blue, white")
        }
        return nil
    }
}

extension Primaries {
    /// Red, green, blue, white as pairs.
    var list: [[Double]] { [red, green, blue, white].map { [$0.x, $0.y] } }

    /// Primaries of four pairs; nil where they span no gamut.
    init?(list: [[Double]]) {
        guard list.count == 4, list.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isFinite) }),
            list[3][1] > 0
        else { return nil }
        let c = list.map { Chromaticity($0[0], $0[1]) }
        let area = (c[1].x - c[0].x) * (c[2].y - c[0].y) - (c[2].x - c[0].x) * (c[1].y - c[0].y)
        guard abs(area) > 1e-4 else { return nil }
        self.init(red: c[0], green: c[1], blue: c[2], white: c[3])
    }
}
