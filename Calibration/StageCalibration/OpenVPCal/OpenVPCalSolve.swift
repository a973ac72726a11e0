public import Color

/// Solves a wall as OpenVPCal 2.0.0 does (core/calibrate.py, `run`), so that both solvers can be
/// compared on the same samples.
///
/// Its habits are kept: exposure is not normalised, black is ignored, ΔE takes the camera's RGB
/// for BT.2020, and of the greys only green.
public struct OpenVPCalSolve {
    let settings: OpenVPCalSettings
    private let peak: Double
    private let plate: OpenVPCalSpace
    let camera: OpenVPCalSpace
    let target: OpenVPCalSpace
    private let balance: ColorMatrix?
    private(set) var grey: ColorTriple
    private(set) var desaturated: [ColorTriple]
    private(set) var ramp: [ColorTriple]
    private(set) var chart: [ColorTriple]
    private var maxWhite: ColorTriple
    private var signals: [Double]
    private(set) var rampReference: [ColorTriple]
    let reference: OpenVPCalSamples
    private let saturation: Double

    /// Solves measured samples against what was asked.
    ///
    /// `custom` names spaces by x and y of red, green, blue and white; `balance` is the plate
    /// balance of another wall, in the camera's space.
    public static func result(
        measured: OpenVPCalSamples, reference: OpenVPCalSamples, settings: OpenVPCalSettings,
        custom: [String: [[Double]]] = [:], balance: ColorMatrix? = nil
    ) throws(CalibrationRefusal) -> OpenVPCalResult {
        var solve = try OpenVPCalSolve(measured, reference, settings, custom, balance)
        return try solve.run()
    }

    private init(
        _ measured: OpenVPCalSamples, _ reference: OpenVPCalSamples,
        _ settings: OpenVPCalSettings, _ custom: [String: [[Double]]], _ balance: ColorMatrix?
    ) throws(CalibrationRefusal) {
        func space(_ name: String) throws(CalibrationRefusal) -> OpenVPCalSpace {
            if let space = OpenVPCalSpace(name, custom: custom) { return space }
            throw CalibrationRefusal(
                "nobody knows the colour space \(name)", advice: "give its primaries and white")
        }
        if let fault = measured.fault ?? reference.fault {
            throw CalibrationRefusal(fault, advice: "sample the plates again")
        }
        guard measured.ramp.count == reference.ramp.count else {
            throw CalibrationRefusal(
                "EOTF_ramp has \(measured.ramp.count) patches, that of the reference "
                    + "\(reference.ramp.count)",
                advice: "give both files of one wall")
        }
        guard 1...10_000 ~= settings.peakNits else {
            throw CalibrationRefusal(
                "a peak of \(settings.peakNits) nits", advice: "1 … 10,000 nits are expected")
        }
        let steps = measured.ramp.suffix(2).map { $0.sum() / 3 }
        if abs(steps[1] - steps[0]) > 1 {
            throw CalibrationRefusal(
                "the last two greys differ by far: the end slate was sampled",
                advice: "check genlock and frame rate of player and camera, and capture again")
        }
        guard !(settings.balancesPlate && balance != nil) else {
            throw CalibrationRefusal(
                "two white balances", advice: "balance the plate by its grey or by another wall")
        }
        self.settings = settings
        self.balance = balance
        self.reference = reference
        saturation = measured.saturation
        peak = settings.curve == "ST 2084" ? settings.peakNits / 100 : 1
        let given = try space(settings.plateGamut)
        (camera, target) = (try space(settings.cameraGamut), try space(settings.targetGamut))
        plate = .aces2065
        // The slate is shown at half, so everything is exposed twice; then to the camera's space.
        var toCamera = plate.to(camera, camera.cameraCAT) * 0.5
        if settings.plateGamut != "ACES2065-1" { toCamera = toCamera * given.to(plate, nil) }
        grey = toCamera * measured.grey
        desaturated = measured.desaturated.map { toCamera * $0 }
        ramp = measured.ramp.map { toCamera * $0 }
        chart = measured.chart.map { toCamera * $0 }
        maxWhite = toCamera * (measured.maxWhite ?? measured.ramp[measured.ramp.count - 1])
        // The 18 % grey is one more step of the ramp.
        signals = measured.rampSignal
        rampReference = reference.ramp
        let place = signals.firstIndex { $0 > peak * 0.18 } ?? signals.count
        signals.insert(peak * 0.18, at: place)
        ramp.insert(grey, at: place)
        rampReference.insert(ColorTriple(repeating: peak * 0.18), at: place)
    }

    /// diag(g / r, 1, g / b): makes a colour grey.
    private static func balance(_ c: ColorTriple) -> ColorMatrix {
        ColorMatrix(diagonal: ColorTriple(c.y / c.x, 1, c.y / c.z))
    }

    private mutating func multiply(_ m: ColorMatrix) {
        grey = m * grey
        desaturated = desaturated.map { m * $0 }
        ramp = ramp.map { m * $0 }
        chart = chart.map { m * $0 }
        maxWhite = m * maxWhite
    }

    private mutating func run() throws(CalibrationRefusal) -> OpenVPCalResult {
        let plateBalance =
            balance ?? (settings.balancesPlate ? OpenVPCalSolve.balance(grey) : .identity)
        multiply(plateBalance)
        let (ratio, reading) = (maxWhite.y / ramp[ramp.count - 1].y, grey.y)
        let (brightest, peakWhite) = (luminance(maxWhite), luminance(ramp[ramp.count - 1]))
        let greyLuminance = luminance(grey)
        multiply(ColorMatrix.identity * peak)
        let errors = differences
        let linearity = zip(ramp, signals).map { $1 == 0 ? $0 : $0 / $1 }
        let neutral = OpenVPCalSolve.balance(grey)
        multiply(neutral)
        let toTarget = camera.to(target, camera.cameraCAT)
        let curvesFirst = settings.order == "EOTF > CS" && settings.correctsCurves
        let solved = try curvesFirst ? curvesThenMatrix(errors.ramp) : matrixThenCurves(errors.ramp)
        return OpenVPCalResult(
            plateBalance: plateBalance, cameraBalance: toTarget * neutral * toTarget.inverse,
            targetFromPlate: plate.to(target, cones(settings.referenceToTargetCAT)),
            screenFromTarget: solved.screen.matrix, curves: solved.curves,
            screen: solved.screen.primaries, corrected: solved.screen.corrected,
            distances: distances(to: solved.last.primaries),
            whiteAndPrimaryErrors: errors.primaries,
            rampErrors: errors.ramp, chartErrors: errors.chart, linearity: linearity,
            maxWhiteRatio: ratio, greyReading: reading,
            maxWhiteLuminanceRatio: brightest / peakWhite, greyLuminance: greyLuminance,
            measuredPeakNits: (camera.xyzFromRGB * ramp[ramp.count - 1]).y * 100,
            measuredPeak: camera.chromaticity(ramp[ramp.count - 1]), curvesFirst: curvesFirst)
    }

    private func luminance(_ color: ColorTriple) -> Double { (camera.xyzFromRGB * color).y }

    private func cones(_ name: String) -> ConeSpace? {
        name == "Bradford" ? .bradford : name == "CAT02" ? .cat02 : nil
    }

    private typealias Solved = (screen: Screen, last: Screen, curves: [[SIMD2<Double>]])

    private func curvesThenMatrix(_ errors: [Double]) throws(CalibrationRefusal) -> Solved {
        let straight = camera.to(target, nil)
        let back = target.to(camera, nil)
        let curves = try curves(ramp.map { straight * $0 }, errors)
        let bent = bend((desaturated + [grey]).map { straight * $0 }, curves)
        let screen = screen(of: bent.map { back * $0 })
        return (screen, screen, curves)
    }

    private func matrixThenCurves(_ errors: [Double]) throws(CalibrationRefusal) -> Solved {
        var screen = screen(of: desaturated + [grey])
        guard settings.correctsCurves else { return (screen, screen, []) }
        let straight = screen.matrix * camera.to(target, nil)
        let neutral = OpenVPCalSolve.balance(straight * grey)
        let curves = try curves(ramp.map { neutral * (straight * $0) }, errors)
        let back = target.to(camera, nil)
        let bent = bend((desaturated + [grey]).map { straight * $0 }, curves)
        let last = self.screen(of: bent.map { back * $0 })
        (screen.primaries, screen.corrected) = (last.primaries, last.corrected)
        return (screen, last, curves)
    }

    private func bend(_ colors: [ColorTriple], _ curves: [[SIMD2<Double>]]) -> [ColorTriple] {
        var bent = colors
        for channel in 0..<3 {
            var curve = GuessedInterpolation(curves[channel])
            for i in colors.indices { bent[i][channel] = curve(colors[i][channel]) }
        }
        return bent
    }
}

extension OpenVPCalSolve {
    /// A screen's primaries and what brings content to it.
    fileprivate struct Screen {
        var primaries: Primaries
        var matrix: ColorMatrix
        var corrected: Primaries
    }

    /// The screen that red, green, blue (desaturated) and grey in the camera's space show.
    private func screen(of samples: [ColorTriple]) -> Screen {
        let (straight, back) = (camera.to(target, nil), target.to(camera, nil))
        let colors = samples[..<3].map { sample in
            let c = straight * sample
            let mean = ColorTriple(repeating: c.sum() / 3)
            return back * ((c - mean) / saturation + mean)
        }
        let white = samples[3]
        let xy = (colors + [white]).map { camera.chromaticity($0) }
        let screen = OpenVPCalSpace(Primaries(red: xy[0], green: xy[1], blue: xy[2], white: xy[3]))
        var matrix = target.to(screen, cones(settings.targetToScreenCAT))
        if settings.avoidsClipping == true {
            let most = [matrix.row0.sum(), matrix.row1.sum(), matrix.row2.sum()].max() ?? 1
            if most > 1 { matrix = matrix * (1 / most) }
        }
        let seen =
            matrix * plate.to(target, cones(settings.referenceToTargetCAT))
            * camera.to(plate, camera.cameraCAT)
        let after = (colors + [white]).map { target.chromaticity(seen * $0) }
        return Screen(
            primaries: screen.primaries, matrix: matrix,
            corrected: Primaries(red: after[0], green: after[1], blue: after[2], white: after[3]))
    }

    /// Measured to wanted light, a curve a channel.
    private func curves(
        _ measured: [ColorTriple], _ errors: [Double]
    ) throws(CalibrationRefusal) -> [[SIMD2<Double>]] {
        let lights = measured.map { $0.replacing(with: 0, where: $0 .< 0) }
        var kept: [Int] = []
        for i in lights.indices {
            if i + 1 < lights.count {
                let step = lights[i] - lights[i + 1]
                if max(step.max(), -step.min()) < 0.001 { continue }
            }
            if errors[i] <= 20 { kept.append(i) }
        }
        let dropped = lights.count - kept.count
        guard dropped < Int(Double(lights.count) * 0.3333) else {
            throw CalibrationRefusal(
                "\(dropped) of \(lights.count) greys are useless",
                advice: "the wall's curve is far off: check the processor's EOTF and peak")
        }
        var curves = (0..<3).map { channel in
            kept.map { SIMD2(lights[$0][channel], signals[$0]) }
        }
        for c in 0..<3 {
            if dropped > 0 { curves[c].insert(.zero, at: 0) } else { curves[c][0] = .zero }
        }
        // The darkest steps follow green: the camera sees too little of red and blue there.
        for i in 1..<min(6, curves[1].count) {
            let own = Double(i - 1) / Double(min(6, curves[1].count) - 2)
            for c in [0, 2] { curves[c][i].x = (1 - own) * curves[1][i].x + own * curves[c][i].x }
        }
        if settings.avoidsClipping == true {
            let least = curves.map { $0.map(\.x).max() ?? 0 }.min() ?? 0
            if least > peak {
                for c in 0..<3 { for i in curves[c].indices { curves[c][i].x *= peak / least } }
            }
        }
        return curves
    }

    /// How far target primaries lie outside the screen, softened in the dark.
    private func distances(to primaries: Primaries) -> ColorTriple {
        let m = target.to(OpenVPCalSpace(primaries), cones(settings.targetToScreenCAT))
        var worst = ColorTriple(repeating: -.infinity)
        for i in 0..<3 {
            let p = ColorTriple(m.row0[i], m.row1[i], m.row2[i])
            let top = softened(p.max())
            worst = worst.replacing(with: (top - p) / top, where: (top - p) / top .> worst)
        }
        return worst
    }
}
