import Color
import Lanes
import TestSupport
import Testing

extension SeededRandom {
    mutating func number(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + unit() * (range.upperBound - range.lowerBound)
    }
    mutating func triple(_ range: ClosedRange<Double>) -> ColorTriple {
        ColorTriple(number(range), number(range), number(range))
    }
}

/// What a kernel does with the constants.
func kernel(_ grade: cyc_grade, _ color: ColorTriple) -> ColorTriple {
    Reference.grade(grade, color)
}

@Suite struct GradeTests {
    let wall = WallColor(primaries: .p3D65, peakNits: 1500, nitsPerUnit: 100, transfer: .pq)

    @Test func `neutral grades leave one matrix and no stage`() {
        let constants = wall.constants(GradeStack(repeating: Grade()))
        #expect(constants.stage_count == 0)
        #expect(abs(constants.clip - 0.15) < 1e-7)
        let white = kernel(constants, ColorTriple(1, 1, 1))
        #expect(distance(white, ColorTriple(repeating: 0.01)) < 1e-8)
        let gamma = WallColor(
            primaries: .rec709, peakNits: 1000, nitsPerUnit: 100, transfer: .gamma(2.4))
        let same = kernel(gamma.constants(GradeStack(repeating: Grade())), ColorTriple(1, 1, 1))
        #expect(distance(same, ColorTriple(repeating: 0.1)) < 1e-7)
    }

    @Test func `slope and saturation of light leave no stage, a power, an offset or a clamp one`() {
        func stages(_ change: (inout Grade) -> Void) -> Int32 {
            var grades = GradeStack(repeating: Grade())
            grades[1].cdl = CDL(slope: ColorTriple(1.1, 1, 0.9), saturation: 0.8)
            change(&grades[1])
            return wall.constants(grades).stage_count
        }
        #expect(stages { _ in } == 0)
        #expect(stages { $0.cdl.power.x = 1.1 } == 1)
        #expect(stages { $0.cdl.offset.y = 0.1 } == 1)
        #expect(stages { $0.isClamped = true } == 1)
        #expect(stages { $0.isInCodes = true } == 1)
        #expect(stages { $0.isInverted = true } == 1)
    }

    @Test func `prepared constants do what the grade says`() {
        var random = SeededRandom(seed: 7)
        let looks = [
            PreparedLook(Look(steps: [.cube(CubeLUT(side: 9) { $0 * $0 + 0.05 })])),
            PreparedLook(
                Look(
                    steps: [
                        .curves(CurveLUT(points: (0...20).map { SIMD3(repeating: Float($0) / 16) }))
                    ])),
        ]
        defer { withExtendedLifetime(looks) {} }
        for _ in 0..<2000 {
            var grades = GradeStack(repeating: Grade())
            for i in 0..<3 {
                if random.unit() < 0.3 { continue }
                // More would be lost in the rounding of light a thousand times white.
                grades[i].exposure = random.number(-4...1)
                if random.unit() < 0.5 {
                    grades[i].whiteBalance = WhiteBalance(
                        temperature: random.number(2000...15000), tint: random.number(-1...1),
                        isCameraBalance: random.unit() < 0.5)
                }
                if random.unit() < 0.3 {
                    grades[i].wheels = Wheels(
                        lift: random.triple(-0.02...0.05), gamma: random.triple(0.7...1.4),
                        gain: random.triple(0.8...1.2), contrast: random.number(0.8...1.2))
                }
                grades[i].isInCodes = random.unit() < 0.5
                grades[i].isClamped = random.unit() < 0.2
                grades[i].isInverted = random.unit() < 0.3
                if random.unit() < 0.3 {
                    grades[i].look = looks[random.unit() < 0.5 ? 0 : 1].reference
                    grades[i].lookStrength = random.unit()
                }
                if random.unit() < 0.5 {
                    grades[i].cdl = CDL(
                        slope: random.triple(0.5...2), offset: random.triple(-0.05...0.1),
                        power: random.triple(0.5...2), saturation: random.number(0...2))
                }
                // The way back from next to no color magnifies the rounding.
                if grades[i].isInverted {
                    grades[i].cdl.saturation = max(0.6, grades[i].cdl.saturation)
                }
            }
            let light = random.unit()
            let color = random.triple(-0.02...4)
            let wanted = wall.applied(grades, to: color, light: light)
            let ours = kernel(wall.constants(grades, light: light), color)
            // Floats of codes are told apart by 6e-8, which in light is 7e-7 of it.
            #expect(distance(ours, wanted) < 4e-5 * max(0.01, wall.clip), "\(grades[0])")
        }
    }

    @Test func `one stop doubles the light`() {
        var grades = GradeStack(repeating: Grade())
        grades[1].exposure = 1
        let twice = kernel(wall.constants(grades), ColorTriple(0.5, 0.5, 0.5))
        #expect(distance(twice, ColorTriple(repeating: 0.01)) < 1e-8)
    }

    @Test func `6500 kelvin without tint is exactly the identity`() {
        #expect(wall.matrix(WhiteBalance()) == .identity)
        let near = wall.matrix(WhiteBalance(temperature: 6500.001))
        #expect(distance(near, .identity) < 1e-6)
    }

    @Test(arguments: [2000.0, 2800, 3200, 4000, 4300, 5000, 5600, 7500, 10_000, 15_000])
    func `the wall looks like the asked temperature at the same luminance`(_ kelvin: Double) {
        let light = ColorMatrix.xyzFromRGB(.p3D65) * wall.wallFromWorking
        for tint in [-1.0, -0.25, 0, 0.5, 1] {
            let balance = WhiteBalance(temperature: kelvin, tint: tint)
            let xyz = light * (wall.matrix(balance) * ColorTriple(1, 1, 1))
            #expect(abs(xyz.y - 1) < 1e-12)
            let seen = Chromaticity(xyz.x / xyz.sum(), xyz.y / xyz.sum())
            // The working white is D65, 1.6e-4 beside 6500 K on the locus.
            #expect(abs(seen.x - balance.chromaticity.x) < 3e-4)
            #expect(abs(seen.y - balance.chromaticity.y) < 3e-4)
        }
    }

    @Test func `as a camera's white balance it is the inverse`() {
        for kelvin in [2800.0, 5600, 9000] {
            let color = WhiteBalance(temperature: kelvin, tint: 0.3)
            let balance = WhiteBalance(temperature: kelvin, tint: 0.3, isCameraBalance: true)
            let both = wall.matrix(balance) * wall.matrix(color)
            // The same but for the luminance each keeps.
            #expect(distance(both * (1 / both.row1.y), .identity) < 1e-12)
            #expect(
                distance(wall.matrix(balance) * ColorTriple(1, 1, 1), ColorTriple(1, 1, 1)) > 0.01)
        }
        let cold = WhiteBalance(temperature: 3200, isCameraBalance: true)
        #expect((wall.matrix(cold) * ColorTriple(1, 1, 1)).z > 1.3)
    }

    @Test func `lower is warmer and plus is magenta`() {
        let warm = wall.matrix(WhiteBalance(temperature: 3200)) * ColorTriple(1, 1, 1)
        #expect(warm.x > 1.2 && warm.z < 0.6)
        let magenta = wall.matrix(WhiteBalance(tint: 0.5)) * ColorTriple(1, 1, 1)
        #expect(magenta.y < 0.99 && magenta.x > 1 && magenta.z > 1)
    }

    @Test func `a tint of one is 0_02 off the locus in uv`() {
        for kelvin in [3200.0, 5600, 9000] {
            let on = WhiteBalance(temperature: kelvin).chromaticity.uv
            let off = WhiteBalance(temperature: kelvin, tint: -1).chromaticity.uv
            let d = off - on
            #expect(abs((d * d).sum().squareRoot() - 0.02) < 1e-9)
            #expect(d.y > 0)
        }
    }

    @Test func `the locus has no step where lamps become daylight`() {
        var last = WhiteBalance(temperature: 2000).chromaticity.uv
        for kelvin in stride(from: 2001.0, through: 15_000, by: 1) {
            let now = WhiteBalance(temperature: kelvin).chromaticity.uv
            let d = now - last
            #expect((d * d).sum().squareRoot() < 2e-4)
            #expect(now.x < last.x + 1e-6)
            last = now
        }
    }

    @Test func `a blackout takes light and clip down together`() {
        var grades = GradeStack(repeating: Grade())
        grades[0].cdl.offset = ColorTriple(repeating: 0.1)
        let white = ColorTriple(repeating: 100)
        let full = kernel(wall.constants(grades), white)
        let half = kernel(wall.constants(grades, light: 0.5), white)
        #expect(distance(half, full * 0.5) < 1e-8)
        #expect(kernel(wall.constants(grades, light: 0), white) == ColorTriple(repeating: 0))
    }
}
