import Glibc

/// One step of a color's way to the wall, and the color after it.
public struct ColorStep: Sendable, Equatable {
    /// What was done, a word or two.
    public var name: String
    /// Unit and space of the numbers.
    public var unit: String
    /// The color after it.
    public var color: ColorTriple

    /// A step.
    public init(_ name: String, _ unit: String, _ color: ColorTriple) {
        self.name = name
        self.unit = unit
        self.color = color
    }
}

extension WallColor {
    /// Every step of a color from scene-linear ACEScg to the light its wall is asked for, in
    /// doubles: for people who ask where a number comes from.
    ///
    /// - Parameters:
    ///   - scopes: names of the stack's scopes.
    ///   - limiter: light the limiters of whole frames leave, 0 … 1.
    ///   - light: light the blackout leaves, 0 … 1.
    ///   - correction: what the wall's panels are corrected with.
    ///   - angle: what the view angle multiplies the light by.
    public func steps(
        _ grades: GradeStack, scopes: [String], limits: WallLimits, limiter: Double = 1,
        light: Double = 1, correction: WallCorrection? = nil,
        angle: ColorTriple = ColorTriple(1, 1, 1), of content: ColorTriple
    ) -> [ColorStep] {
        let linear = "ACEScg"
        var steps = [ColorStep("content", linear, content)]
        var v = content
        for index in 0..<3 {
            v = add(grades[index], named: scopes[index], from: v, to: &steps)
        }
        v = wallFromWorking * v
        steps.append(ColorStep("wall primaries", "wall RGB", v))
        v = v * (scale * fullScaleNits)
        steps.append(ColorStep("content scale", "nits", v))
        var rolling = limits
        rolling.compressesGamut = false
        v = limited(v / fullScaleNits, rolling) * fullScaleNits
        if limits.rollOff != .off { steps.append(ColorStep("roll-off", "nits", v)) }
        if angle != ColorTriple(1, 1, 1) {
            v *= angle
            steps.append(ColorStep("view angle", "nits", v))
        }
        if let correction, correction.hasMatrix {
            // The black is taken off what is left of the light in the end.
            let dimmed = correction.ofChannels(v * (limiter * light / peakNits)) * peakNits
            v = limiter * light > 0 ? dimmed / (limiter * light) : ColorTriple()
            steps.append(ColorStep("panel primaries", "nits of channels", v))
        }
        if limits.compressesGamut {
            let reached = correction.map {
                GamutCompression(reaching: $0.matrix * wallFromWorking, sums: true)
            }
            v = (reached ?? compression).applied(to: v)
            steps.append(ColorStep("gamut", "nits", v))
        }
        let most = peak(limits) * fullScaleNits
        for i in 0..<3 { v[i] = Swift.min(Swift.max(v[i], 0), most) }
        steps.append(ColorStep("cut", "nits", v))
        if limiter < 1 { steps.append(ColorStep("limiters", "nits", v * limiter)) }
        v *= limiter
        if light < 1 { steps.append(ColorStep("blackout", "nits", v * light)) }
        return steps
    }

    /// The wall's own peak, nits.
    public var peakNits: Double { clip * fullScaleNits }

    /// The steps from the light of a panel's channels, nits, to what it is asked for.
    public func steps(
        of panel: Int, _ correction: WallCorrection, from nits: ColorTriple
    ) -> [ColorStep] {
        var steps: [ColorStep] = []
        func add(_ name: String, _ part: WallCorrection) {
            let from = (steps.last?.color ?? nits) / peakNits
            let asked = part.drive(of: from, panel: panel, peakNits: peakNits) * peakNits
            steps.append(ColorStep(name, "nits asked", asked))
        }
        var part = WallCorrection()
        if correction.table != nil {
            part.table = correction.table
            add("wall table", part)
        }
        if !correction.curves.isEmpty {
            part = WallCorrection()
            part.curves = correction.curves
            add("panel curves", part)
        }
        if correction.gains.indices.contains(panel) {
            part = WallCorrection()
            part.gains = correction.gains
            add("panel gain", part)
        }
        return steps
    }

    /// The steps of one scope that change anything; returns what they make of the color.
    private func add(
        _ grade: Grade, named scope: String, from color: ColorTriple, to steps: inout [ColorStep]
    ) -> ColorTriple {
        let linear = "ACEScg"
        var v = color
        if grade.exposure != 0 {
            v *= exp2(grade.exposure)
            steps.append(ColorStep("\(scope) exposure", linear, v))
        }
        if !grade.whiteBalance.isNeutral {
            v = matrix(grade.whiteBalance) * v
            steps.append(ColorStep("\(scope) white balance", linear, v))
        }
        if !grade.activeCorrection.isNeutral {
            var alone = grade
            alone.look = .none
            let corrected = alone.toned(v)
            let what = grade.isInverted ? "CDL undone" : "CDL"
            let name = "\(scope) \(what) on \(grade.isInCodes ? "ACEScct" : "light")"
            steps.append(ColorStep(name, linear, corrected))
        }
        if grade.hasLook || !grade.activeCorrection.isNeutral { v = grade.toned(v) }
        if grade.hasLook { steps.append(ColorStep("\(scope) look", linear, v)) }
        return v
    }
}
