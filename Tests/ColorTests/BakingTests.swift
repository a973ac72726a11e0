import Color
import Lanes
import TestSupport
import Testing

@Suite struct BakingTests {
    let wall = WallColor(primaries: .p3D65, peakNits: 1500, nitsPerUnit: 100, transfer: .pq)

    private var film: PreparedLook {
        PreparedLook(
            Look(
                steps: [
                    .cube(
                        CubeLUT(side: 33) { codes in
                            let one = ColorTriple(1, 1, 1)
                            return codes + 0.3 * (codes - 0.4) * codes * (one - codes)
                        })
                ]))
    }

    private func stack(_ look: PreparedLook) -> GradeStack {
        var grades = GradeStack(repeating: Grade())
        grades[0].exposure = 0.4
        grades[0].whiteBalance = WhiteBalance(temperature: 5600, tint: 0.1)
        grades[0].cdl = CDL(
            slope: ColorTriple(1.1, 1, 0.95), offset: ColorTriple(0.01, 0, -0.01),
            power: ColorTriple(1.05, 1.1, 0.95), saturation: 1.1)
        grades[0].isInCodes = true
        grades[0].look = look.reference
        grades[1].cdl = CDL(power: ColorTriple(1.02, 1, 0.98), saturation: 0.95)
        grades[2].whiteBalance = WhiteBalance(temperature: 7000)
        return grades
    }

    /// A CDL on codes; one with exposure and white balance; a look over exposure.
    private func stacks(_ look: PreparedLook) -> [GradeStack] {
        var (simple, full, film) = (
            GradeStack(repeating: Grade()), stack(look), GradeStack(repeating: Grade())
        )
        simple[0].isInCodes = true
        simple[0].cdl.power = ColorTriple(1.1, 1, 1)
        full[0].look = .none
        full[1].cdl = CDL()
        film[0].exposure = 0.4
        film[0].look = look.reference
        return [simple, full, film]
    }

    @Test(arguments: [0, 1, 2])
    func `99 of 100 colors of a table are within half a 10-bit code, on the kernels' own numbers`(
        _ number: Int
    ) {
        let look = film
        defer { withExtendedLifetime(look) {} }
        let stack = stacks(look)[number]
        let (table, error) = wall.baked(stack)
        defer { withExtendedLifetime(table) {} }
        #expect(error <= WallColor.bakedError)
        let (exact, baked) = (wall.constants(stack), wall.constants(baked: table.reference))
        #expect(baked.stage_count == 0 && baked.baked.fingerprint != 0)
        #expect(baked.baked.side == 65)
        var random = SeededRandom(seed: 11)
        var differences: [Double] = []
        for _ in 0..<4000 {
            // From no light to 12,000 nits; a wall that is black still gives a tenth of a nit.
            let light = ACEScct.lights(code: random.triple(0.0729...0.95))
            let (a, b) = (kernel(exact, light), kernel(baked, light))
            var worst = 0.0
            for i in 0..<3 where a[i] >= 0.05 * a.max() {
                let signals = [a[i], b[i]].map { TransferFunction.pq.signal(light: $0 + 1e-5) }
                worst = max(worst, abs(signals[0] - signals[1]) * 1023)
            }
            differences.append(worst)
        }
        differences.sort()
        let most = differences[3960]
        #expect(most <= WallColor.bakedError && most > 0, "\(most), foreseen \(error)")
    }

    @Test func `walls share tables when light has the same numbers on both`() {
        func other(_ primaries: Primaries, _ peak: Double, _ unit: Double) -> WallColor {
            WallColor(primaries: primaries, peakNits: peak, nitsPerUnit: unit, transfer: .pq)
        }
        #expect(wall.sharesTables(with: other(.p3D65, 1000, 100)))
        #expect(!wall.sharesTables(with: other(.rec2020, 1500, 100)))
        #expect(!wall.sharesTables(with: other(.p3D65, 1500, 80)))
        let look = film
        defer { withExtendedLifetime(look) {} }
        let (ours, theirs) = (
            wall.baked(stack(look)), other(.rec2020, 1500, 100).baked(stack(look))
        )
        #expect(ours.look.reference != theirs.look.reference)
    }

    @Test func `what is linear in light a table has exactly`() {
        var linear = GradeStack(repeating: Grade())
        linear[0].exposure = -1.3
        linear[0].whiteBalance = WhiteBalance(temperature: 3200, tint: -0.3)
        linear[1].cdl.saturation = 0.7
        linear[2].cdl.slope = ColorTriple(1.2, 1, 0.8)
        let (table, error) = wall.baked(linear)
        defer { withExtendedLifetime(table) {} }
        #expect(table.reference.constants.side == 33)
        #expect(error < 0.002, "\(error)")
    }

    @Test func `black stays black, and a table too far from its stack says so`() {
        let look = film
        defer { withExtendedLifetime(look) {} }
        var neutralBlack = stack(look)
        neutralBlack[0].cdl.offset = ColorTriple(0, 0, 0)
        let (table, _) = wall.baked(neutralBlack)
        defer { withExtendedLifetime(table) {} }
        let none = ColorTriple(0, 0, 0)
        let exact = kernel(wall.constants(neutralBlack), none)
        let black = kernel(wall.constants(baked: table.reference), none)
        #expect(distance(black, exact) < 1e-7)
        // A step no table of 33 points follows.
        let step = PreparedLook(
            Look(steps: [.cube(CubeLUT(side: 65) { $0.x < 0.4 ? $0 * 0.9 : $0 })]))
        defer { withExtendedLifetime(step) {} }
        var steep = GradeStack(repeating: Grade())
        steep[0].exposure = 0.3
        steep[0].look = step.reference
        #expect(wall.baked(steep).error > WallColor.bakedError)
    }

    @Test func `stacks that differ by round numbers have different keys`() {
        var keys: Set<UInt64> = []
        for exposure in -32..<32 {
            for gain in 0..<64 {
                var stack = GradeStack(repeating: Grade())
                stack[0].exposure = Double(exposure) / 8
                stack[1].wheels.gain.x = 1 + Double(gain) / 64
                keys.insert(Grade.key(of: stack, wall: 0))
            }
        }
        #expect(keys.count == 64 * 64)
    }

    @Test func `stacks that differ in anything have different keys`() {
        let look = film
        defer { withExtendedLifetime(look) {} }
        let base = stack(look)
        let changes: [(inout Grade) -> Void] = [
            { $0.exposure += 0.1 }, { $0.whiteBalance.temperature += 1 },
            { $0.whiteBalance.tint += 0.1 }, { $0.whiteBalance.isCameraBalance.toggle() },
            { $0.cdl.slope.y += 0.1 }, { $0.cdl.offset.z += 0.1 }, { $0.cdl.power.x += 0.1 },
            { $0.cdl.saturation += 0.1 }, { $0.wheels.lift.x += 0.1 },
            { $0.wheels.gamma.x += 0.1 }, { $0.wheels.gain.x += 0.1 },
            { $0.wheels.contrast += 0.1 }, { $0.wheels.pivot += 0.1 },
            { $0.isInCodes.toggle() }, { $0.isClamped.toggle() }, { $0.isInverted.toggle() },
            { $0.lookStrength -= 0.1 },
            { $0.look = $0.look.isThere ? .none : look.reference },
        ]
        var keys: Set<UInt64> = [Grade.key(of: base, wall: 0)]
        for scope in 0..<3 {
            for change in changes {
                var other = base
                change(&other[scope])
                keys.insert(Grade.key(of: other, wall: 0))
            }
        }
        #expect(keys.count == 1 + 3 * changes.count)
        #expect(!keys.contains(Grade.key(of: base, wall: 1)))
        #expect(Grade.isCostly(base) && !Grade.isCostly(GradeStack(repeating: Grade())))
    }
}
