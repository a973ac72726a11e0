import Glibc
import Lanes

/// Stacks of grades as one table, so that a costly one costs what a look does.
extension WallColor {
    /// Points along an edge of a baked table: the second where the first is too coarse.
    public static let bakedSides = [33, 65]
    /// The most a baked table may be from its stack, codes of 10 bits.
    public static let bakedError = 0.5

    /// A stack as a table, ACEScct codes in and out, and how far it is from the stack (`error`).
    ///
    /// Black lies on a point, so that black is exact. Takes a tenth of a second, or most of one.
    public func baked(_ grades: GradeStack) -> (look: PreparedLook, error: Double) {
        WallColor.baked(grades, on: [self])
    }

    /// The same for all walls that show the stack, at least one: the error is the worst of them.
    public static func baked(
        _ grades: GradeStack, on walls: [WallColor]
    ) -> (look: PreparedLook, error: Double) {
        func table(side: Int) -> (cube: CubeLUT, error: Double) {
            let cube = walls[0].table(of: grades, side: side)
            return (cube, walls.reduce(0) { Swift.max($0, $1.error(of: cube, grades)) })
        }
        var (cube, error) = table(side: bakedSides[0])
        for side in bakedSides.dropFirst() where error > bakedError {
            (cube, error) = table(side: side)
        }
        return (PreparedLook(Look(title: "baked", steps: [.cube(cube)])), error)
    }

    private func table(of grades: GradeStack, side: Int) -> CubeLUT {
        let black = ACEScct.code(light: 0)
        let step = (1 - black) / Double(side - 2)
        return CubeLUT(
            side: side, low: ColorTriple(repeating: black - step),
            high: ColorTriple(repeating: 1)
        ) { codes in
            var out = ACEScct.codes(light: graded(grades, ACEScct.lights(code: codes)))
            // No table holds what is not finite, and none need hold what no half float does.
            for i in 0..<3 {
                out[i] = out[i].isNaN ? codes[i] : Swift.min(Swift.max(out[i], -4), 2)
            }
            return out
        }
    }

    /// The largest difference of a table from its stack in 10-bit PQ codes of this wall.
    ///
    /// Over 4,096 colors evenly spread over the codes 0.16 … 0.65, four stops either side of middle
    /// grey, and of each the channels that have a twentieth of its light or more: what is less is
    /// seen by nobody beside the others, and near nothing a code is of next to no light.
    private func error(of cube: CubeLUT, _ grades: GradeStack) -> Double {
        var worst = 0.0
        for index in 1...4096 {
            let place = Double(index) * ColorTriple(0.8191725134, 0.6710436067, 0.5497004779)
            let codes = 0.16 + 0.49 * (place - place.rounded(.down))
            let exact = nits(graded(grades, ACEScct.lights(code: codes)))
            let ours = nits(ACEScct.lights(code: cube.applied(to: codes)))
            for i in 0..<3 where exact[i] >= 0.05 * exact.max() {
                let pq = TransferFunction.pq
                let d = pq.signal(light: exact[i] / 10_000) - pq.signal(light: ours[i] / 10_000)
                worst = Swift.max(worst, abs(d) * 1023)
            }
        }
        return worst
    }

    /// Nits of scene-linear light on this wall, cut at its peak.
    private func nits(_ light: ColorTriple) -> ColorTriple {
        let v = wallFromWorking * light * scale
        var out = ColorTriple()
        for i in 0..<3 { out[i] = Swift.min(Swift.max(v[i], 0), clip) * fullScaleNits }
        return out
    }
}

extension Grade {
    /// A stack costs more than a table does: it has a look, a CDL on codes, or powers in two scopes
    /// (measured by `cyclorama bench --grades`).
    public static func isCostly(_ stack: GradeStack) -> Bool {
        var powers = 0
        for index in 0..<3 {
            let grade = stack[index]
            if grade.hasLook || (grade.isInCodes && !grade.correction.isNeutral) { return true }
            if grade.correction.power != ColorTriple(1, 1, 1) { powers += 1 }
        }
        return powers > 1
    }

    /// A number that two stacks have in common when they do the same: all that is set, each word
    /// mixed in by the finalizer of SplitMix64, as round numbers differ in their top bits alone.
    ///
    /// Never 0.
    /// - Frame path: yes
    public static func key(of stack: GradeStack) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<3 { stack[index].mix(into: &hash) }
        return hash == 0 ? 1 : hash
    }

    private func mix(into hash: inout UInt64) {
        func mix(_ number: UInt64) {
            var z = (hash ^ number) &+ 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            hash = z ^ (z >> 31)
        }
        func mix(_ number: Double) { mix((number + 0).bitPattern) }
        func mix(_ triple: ColorTriple) {
            mix(triple.x)
            mix(triple.y)
            mix(triple.z)
        }
        mix(exposure)
        mix(whiteBalance.temperature)
        mix(whiteBalance.tint)
        mix(cdl.slope)
        mix(cdl.offset)
        mix(cdl.power)
        mix(cdl.saturation)
        mix(wheels.lift)
        mix(wheels.gamma)
        mix(wheels.gain)
        mix(wheels.contrast)
        mix(wheels.pivot)
        mix(lookStrength)
        mix(look.constants.fingerprint)
        let switches =
            (whiteBalance.isCameraBalance ? 1 : 0) + (isInCodes ? 2 : 0) + (isClamped ? 4 : 0)
        mix(UInt64(switches))
    }
}
