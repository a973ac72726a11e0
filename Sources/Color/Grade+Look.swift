import Glibc

/// Grades out: a scope, or a stack of them, as a look on ACEScct codes for other programs.
extension WallColor {
    /// A grade on ACEScct codes in doubles: what a camera's or a grading program's table has to do
    /// to make the same picture.
    public func codes(_ grade: Grade, of codes: ColorTriple) -> ColorTriple {
        let light = matrix(grade.whiteBalance) * ACEScct.lights(code: codes)
        return ACEScct.codes(light: grade.toned(light * exp2(grade.exposure)))
    }

    /// A grade sampled into a 3D table, ACEScct codes in and out.
    public func cube(_ grade: Grade, side: Int) -> CubeLUT {
        CubeLUT(side: side) { codes(grade, of: $0) }
    }

    /// A grade step by step, ACEScct codes in and out: nothing sampled but a look at less than
    /// full strength.
    /// - Parameter prepared: what the grade's look was prepared from.
    public func look(_ grade: Grade, title: String, prepared: PreparedLook?) -> Look {
        let curve = ACEScct.curve
        let toLight = LookStep.log(red: curve, green: curve, blue: curve, isInverse: true)
        let toCodes = LookStep.log(red: curve, green: curve, blue: curve, isInverse: false)
        var steps: [LookStep] = []
        let merged = matrix(grade.whiteBalance) * exp2(grade.exposure)
        let cdl = grade.activeCorrection
        let isOnLight = !cdl.isNeutral && !grade.isInCodes
        let correction = LookStep.cdl(
            cdl, isClamped: grade.isClamped, isInverse: grade.isInverted)
        if merged != .identity || isOnLight {
            steps.append(toLight)
            if merged != .identity { steps.append(.matrix(merged, offset: ColorTriple(0, 0, 0))) }
            if isOnLight { steps.append(correction) }
            steps.append(toCodes)
        }
        if !cdl.isNeutral && grade.isInCodes {
            steps.append(correction)
        }
        if grade.hasLook, let prepared {
            if grade.lookStrength == 1 {
                steps += prepared.look.steps
            } else {
                let blended = CubeLUT(side: PreparedLook.sampledSide) { codes in
                    codes + grade.lookStrength * (prepared.look.applied(to: codes) - codes)
                }
                steps.append(.cube(blended))
            }
        }
        return Look(title: title, steps: steps)
    }
}

extension ACEScct {
    /// The curve in CLF's words (S-2016-001).
    static let curve = LookLog(
        base: 2, logSlope: 1 / 17.52, logOffset: 9.72 / 17.52, linearSlope: 1, linearOffset: 0,
        linearBreak: linearBreak, slopeBelow: slope)
}
