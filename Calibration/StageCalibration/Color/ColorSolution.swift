public import Color

/// A wall as one camera sees it: black, the colours of its three channels, how each rises; and
/// from that the drive that makes a wanted colour.
///
/// What the camera reads of a wall driven with d is black + M · f(d). Content is linear in
/// `target`'s primaries, 1 = peak; a drive is the light to ask for as a fraction of peak, which
/// the output's transfer function turns into a code.
public struct ColorSolution: Sendable, Equatable {
    /// Plate of the black wall.
    public let black: ColorTriple
    /// Plate of the full channels: light of red, green, blue → plate less black.
    public let plateFromLight: ColorMatrix
    /// Light over drive of red, green and blue.
    public let curves: [DriveCurve]
    /// The space content is meant in.
    public let target: Primaries
    /// The space of plates.
    public let plate: PlateSpace
    /// Plate of luminance `peakNits`: how the camera was exposed.
    public let plateAtPeak: Double
    /// Nits of the wall's white at full drive, as stated.
    public let peakNits: Double
    /// Greatest relative error of white against the sum of the channels.
    public let additivity: Double
    /// White as a fraction of the sum of the channels, by luminance.
    public let whiteOverSum: Double
    /// Part of a channel's middle steps that is of another colour, worst of the three.
    public let crossTalk: Double
    /// How far a refinement moved the colours: the greatest difference of an element of its matrix
    /// from the identity's; nil without one.
    public private(set) var refinement: Double?
    let compression: GamutCompression

    /// Of white, the reading below which a camera's noise no longer falls with the light.
    ///
    /// Steps below it say little of a channel's color. A sensor's is about a tenth (its noise is
    /// half a per cent of the light and 5e-4 of white), averaged or not; against a camera whose
    /// noise is a part of the light down to black, less is better. Of 1e-6 … 0.1, tried with both
    /// on the demo's wall: ΔE_ITP 1.09 … 0.04 with the one, 0.30 … 0.42 with the other.
    private static let floor = 3e-3

    /// Solves a wall's samples.
    /// - Throws: what makes a result impossible; what makes it bad is in `ColorReport`.
    public init(_ samples: ColorSamples) throws(CalibrationRefusal) {
        if let fault = samples.fault {
            throw CalibrationRefusal(fault.found, advice: fault.advice)
        }
        let black = samples.black
        let floor = Self.floor * samples.white.max()
        var fits: [ChannelFit] = []
        var curves: [DriveCurve] = []
        for (name, ramp) in zip(["red", "green", "blue"], samples.ramps) {
            guard
                let fit = ChannelFit(ramp: ramp.map { $0 - black }, black: black, floor: floor),
                let curve = DriveCurve(
                    drives: samples.levels, lights: fit.lights, weights: fit.weights)
            else {
                throw CalibrationRefusal(
                    "the \(name) ramp shows no light",
                    advice: "look whether the wall shows \(name), and capture its ramp again")
            }
            fits.append(fit)
            curves.append(curve)
        }
        let (r, g, b) = (fits[0].full, fits[1].full, fits[2].full)
        let matrix = ColorMatrix(
            rows: ColorTriple(r.x, g.x, b.x), ColorTriple(r.y, g.y, b.y),
            ColorTriple(r.z, g.z, b.z))
        guard abs(matrix.determinant) > 1e-6 * r.max() * g.max() * b.max() else {
            throw CalibrationRefusal(
                "two channels show the same colour",
                advice: "the ramps are not of red, green and blue: check the order of patches")
        }
        guard let target = Primaries(list: samples.target) else {
            throw CalibrationRefusal("no target primaries", advice: "give x and y of each")
        }
        let luminance = ColorMatrix.xyzFromRGB(samples.plate.primaries).row1
        let sum = matrix * ColorTriple(1, 1, 1)
        let white = samples.white - black
        let error = white - sum
        let whole = (luminance * sum).sum()
        self.init(
            black: black, matrix: matrix, curves: curves, target: target, plate: samples.plate,
            peakNits: samples.peakNits, plateAtPeak: samples.plateAtPeak ?? whole,
            additivity: ((error * error).sum() / (samples.white * samples.white).sum())
                .squareRoot(),
            whiteOverSum: (luminance * white).sum() / whole,
            crossTalk: fits.map(\.crossTalk).max() ?? 0)
    }

    private init(
        black: ColorTriple, matrix: ColorMatrix, curves: [DriveCurve], target: Primaries,
        plate: PlateSpace, peakNits: Double, plateAtPeak: Double, additivity: Double,
        whiteOverSum: Double, crossTalk: Double
    ) {
        self.black = black
        plateFromLight = matrix
        self.curves = curves
        self.target = target
        self.plate = plate
        self.peakNits = peakNits
        self.plateAtPeak = plateAtPeak
        self.additivity = additivity
        self.whiteOverSum = whiteOverSum
        self.crossTalk = crossTalk
        compression = GamutCompression(
            reaching: matrix.inverse * ColorMatrix.rgb(from: target, to: plate.primaries)
                * plateAtPeak, sums: false)
    }

    /// Content → plate, black left out.
    public var plateFromContent: ColorMatrix {
        ColorMatrix.rgb(from: target, to: plate.primaries) * plateAtPeak
    }

    /// Light of the channels that makes a content colour; outside 0 … 1 the wall cannot.
    public func light(content: ColorTriple) -> ColorTriple {
        plateFromLight.inverse * (plateFromContent * content - black)
    }

    /// The drive that makes a content colour, or the nearest the wall can, by keeping its hue.
    public func drive(content: ColorTriple) -> ColorTriple {
        let light = compression.applied(to: self.light(content: content))
        return ColorTriple(
            curves[0].drive(light: light.x), curves[1].drive(light: light.y),
            curves[2].drive(light: light.z))
    }

    /// What the camera would read of a drive.
    public func plate(drive: ColorTriple) -> ColorTriple {
        black + plateFromLight
            * ColorTriple(
                curves[0].light(drive: drive.x), curves[1].light(drive: drive.y),
                curves[2].light(drive: drive.z))
    }

    /// The solution corrected by colours shown through it.
    ///
    /// What they are off by, as one 3×3 by least squares, goes into the matrix. At
    /// least six colours are needed.
    public func refined(by checks: [ColorSamples.Check]) throws(CalibrationRefusal)
        -> ColorSolution
    {
        guard checks.count >= 6 else {
            throw CalibrationRefusal(
                "\(checks.count) verification colours", advice: "show at least 6, of all hues")
        }
        var rows: [[Double]] = []
        var seen: [[Double]] = [[], [], []]
        for check in checks {
            let expected = plate(drive: drive(content: check.content)) - black
            let weight = 1 / max(expected.max(), 1e-3 * plateAtPeak)
            rows.append([expected.x * weight, expected.y * weight, expected.z * weight])
            for i in 0..<3 { seen[i].append((check.plate[i] - black[i]) * weight) }
        }
        let system = Dense(rows: rows)
        var found: [ColorTriple] = []
        for i in 0..<3 {
            guard let fit = system.leastSquares(seen[i]), fit.rank == 3 else {
                throw CalibrationRefusal(
                    "the verification colours are all alike", advice: "show colours of all hues")
            }
            found.append(ColorTriple(fit.solution[0], fit.solution[1], fit.solution[2]))
        }
        var solution = ColorSolution(
            black: black, matrix: ColorMatrix(rows: found[0], found[1], found[2]) * plateFromLight,
            curves: curves, target: target, plate: plate, peakNits: peakNits,
            plateAtPeak: plateAtPeak, additivity: additivity, whiteOverSum: whiteOverSum,
            crossTalk: crossTalk)
        solution.refinement = (0..<3).flatMap { row in
            (0..<3).map { abs(found[row][$0] - (row == $0 ? 1 : 0)) }
        }.max()
        return solution
    }
}
