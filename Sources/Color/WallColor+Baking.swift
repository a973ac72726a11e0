import Glibc
import Lanes

/// Stacks of grades as one table, so that a costly one costs less than a look does.
extension WallColor {
    /// The most a baked table may be from its stack, codes of 10 bits (`baked`).
    public static let bakedError = 0.5
    /// Points along an edge are 33, or 65 where those are too coarse.
    private static let grids = [LightGrid(octaveBits: 1), LightGrid(octaveBits: 2)]

    /// A stack as a table, scene-linear light in and light of this wall out, and how far it is from
    /// the stack (`error`): what 99 of 100 colors are within.
    ///
    /// Black lies on a point, so that black is exact. Takes a tenth of a second, or most of one.
    public func baked(_ grades: GradeStack) -> (look: PreparedLook, error: Double) {
        WallColor.baked(grades, on: [self])
    }

    /// The same for walls that share tables, at least one: the error is the worst of them.
    public static func baked(
        _ grades: GradeStack, on walls: [WallColor]
    ) -> (look: PreparedLook, error: Double) {
        func baked(on grid: LightGrid) -> (look: PreparedLook, error: Double) {
            let look = PreparedLook(walls[0].table(of: grades, on: grid), on: grid)
            return (look, walls.reduce(0) { Swift.max($0, $1.error(of: look, grades)) })
        }
        var best = baked(on: WallColor.grids[0])
        for grid in WallColor.grids.dropFirst() where best.error > WallColor.bakedError {
            best = baked(on: grid)
        }
        return best
    }

    /// What a stack is baked into for this wall serves another one too: light has the same numbers
    /// on both, whatever their peaks are.
    /// - Frame path: yes
    public func sharesTables(with other: WallColor) -> Bool {
        wallFromWorking == other.wallFromWorking && scale == other.scale
    }

    private func table(of grades: GradeStack, on grid: LightGrid) -> [ColorTriple] {
        let lights = grid.lights
        var points: [ColorTriple] = []
        points.reserveCapacity(grid.side * grid.side * grid.side)
        for blue in lights {
            for green in lights {
                for red in lights {
                    let light = ColorTriple(red, green, blue)
                    var out = graded(grades, light)
                    // No table holds what is not finite, nor need it what no half float does.
                    for i in 0..<3 {
                        out[i] =
                            out[i].isNaN ? light[i] : Swift.min(Swift.max(out[i], -65504), 65504)
                    }
                    points.append(onWall(out))
                }
            }
        }
        return grid.balanced(points)
    }

    /// What 99 of 100 colors differ by in a table and in its stack, 10-bit PQ codes of this wall.
    ///
    /// Of 8,192 colors over the whole range, from no light to 120 (12,000 nits where 1.0 is 100):
    /// every second one has channels evenly spread over their codes, the others are nearly grey. Of
    /// each the channels count that have a twentieth of its light or more. Codes are told apart on
    /// top of `blackNits`: near nothing a code is of next to no light.
    private func error(of table: PreparedLook, _ grades: GradeStack) -> Double {
        let black = ACEScct.code(light: 0)
        var differences: [Double] = []
        for index in 1...8192 {
            let place = ColorTriple.scattered(index)
            let nearGrey: ColorTriple = place.x + 0.1 * (place - 0.5)
            let spread = index % 2 == 0 ? place : nearGrey
            let inside = spread.clamped(
                lowerBound: ColorTriple(repeating: 0), upperBound: ColorTriple(repeating: 1))
            let light = ACEScct.lights(code: black + (0.95 - black) * inside)
            differences.append(
                codeDifference(
                    onWall(graded(grades, light)),
                    Reference.baked(table.reference.constants, light)))
        }
        differences.sort()
        return differences[differences.count * 99 / 100]
    }

    /// Scene-linear light in the wall's primaries and full scales, not cut.
    private func onWall(_ light: ColorTriple) -> ColorTriple { wallFromWorking * light * scale }

    /// What a wall that is black still sends back of the light about it, nits.
    private static let blackNits = 0.1

    /// The largest difference of two lights of this wall in its 10-bit PQ codes.
    private func codeDifference(_ exact: ColorTriple, _ other: ColorTriple) -> Double {
        let (a, b) = (nits(exact), nits(other))
        func code(_ nits: Double) -> Double {
            TransferFunction.pq.signal(light: (nits + Self.blackNits) / 10_000) * 1023
        }
        var worst = 0.0
        for i in 0..<3 where a[i] >= 0.05 * a.max() {
            worst = Swift.max(worst, abs(code(a[i]) - code(b[i])))
        }
        return worst
    }

    /// What 99 of 100 colors differ by in a look on ACEScct codes and in a grade, 10-bit PQ codes
    /// of this wall, at the 4,096 places of `PreparedLook.error`.
    public func codeError(
        of look: (ColorTriple) -> ColorTriple, from grade: Grade
    ) -> Double {
        var differences: [Double] = []
        for index in 1...4096 {
            let code = 0.1 + 0.55 * ColorTriple.scattered(index)
            differences.append(
                codeDifference(
                    onWall(ACEScct.lights(code: codes(grade, of: code))),
                    onWall(ACEScct.lights(code: look(code)))))
        }
        differences.sort()
        return differences[differences.count * 99 / 100]
    }

    /// Nits of this wall's light, cut at its peak.
    private func nits(_ light: ColorTriple) -> ColorTriple {
        var out = ColorTriple()
        for i in 0..<3 { out[i] = Swift.min(Swift.max(light[i], 0), clip) * fullScaleNits }
        return out
    }
}

extension ColorTriple {
    /// Places within 0 … 1 that lie evenly, by the additive recurrence of the cubic golden ratio.
    static func scattered(_ index: Int) -> ColorTriple {
        let place = Double(index) * ColorTriple(0.8191725134, 0.6710436067, 0.5497004779)
        return place - place.rounded(.down)
    }
}

extension Grade {
    /// A stack costs more than a table does: it has a look, a CDL on codes, or powers in two scopes
    /// (measured by `cyclorama bench --grades`).
    public static func isCostly(_ stack: GradeStack) -> Bool {
        var powers = 0
        for index in 0..<3 {
            let grade = stack[index]
            let cdl = grade.activeCorrection
            if grade.hasLook || (grade.isInCodes && !cdl.isNeutral) { return true }
            if cdl.power != ColorTriple(1, 1, 1) { powers += 1 }
        }
        return powers > 1
    }

    /// A number that two stacks on a wall have in common when they do the same: all that is set,
    /// each word mixed in by the finalizer of SplitMix64, as round numbers differ in their top bits
    /// alone.
    ///
    /// Never 0.
    /// - Frame path: yes
    public static func key(of stack: GradeStack, wall: Int) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 &+ UInt64(wall)
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
            + (isInverted ? 8 : 0)
        mix(UInt64(switches))
    }
}
