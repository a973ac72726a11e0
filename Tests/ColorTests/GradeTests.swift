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

/// What a kernel does with the constants, written once more in doubles from the C header.
func kernel(_ grade: cyc_grade, _ color: ColorTriple) -> ColorTriple {
    typealias Nine = (Float, Float, Float, Float, Float, Float, Float, Float, Float)
    func times(_ m: Nine, _ v: ColorTriple) -> ColorTriple {
        ColorTriple(
            Double(m.0) * v.x + Double(m.1) * v.y + Double(m.2) * v.z,
            Double(m.3) * v.x + Double(m.4) * v.y + Double(m.5) * v.z,
            Double(m.6) * v.x + Double(m.7) * v.y + Double(m.8) * v.z)
    }
    func wide(_ t: (Float, Float, Float)) -> ColorTriple {
        ColorTriple(Double(t.0), Double(t.1), Double(t.2))
    }
    var v = color
    let stages = [grade.stages.0, grade.stages.1, grade.stages.2]
    for stage in stages.prefix(Int(grade.stage_count)) {
        v = times(stage.matrix, v)
        if stage.has_cdl == 0 { continue }
        v = CDL(
            slope: wide(stage.slope), offset: wide(stage.offset), power: wide(stage.power),
            saturation: Double(stage.saturation)
        ).applied(to: v)
    }
    v = times(grade.out_matrix, v)
    let top = Double(grade.clip)
    return ColorTriple(min(max(v.x, 0), top), min(max(v.y, 0), top), min(max(v.z, 0), top))
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

    @Test func `prepared constants do what the grade says`() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<2000 {
            var grades = GradeStack(repeating: Grade())
            for i in 0..<3 {
                if random.unit() < 0.3 { continue }
                grades[i].exposure = random.number(-4...3)
                if random.unit() < 0.5 {
                    grades[i].whiteBalance = WhiteBalance(
                        temperature: random.number(2000...15000), tint: random.number(-1...1))
                }
                if random.unit() < 0.5 {
                    grades[i].cdl = CDL(
                        slope: random.triple(0.5...2), offset: random.triple(-0.05...0.1),
                        power: random.triple(0.5...2), saturation: random.number(0...2))
                }
            }
            let light = random.unit()
            let color = random.triple(-0.02...4)
            let wanted = wall.applied(grades, to: color, light: light)
            let ours = kernel(wall.constants(grades, light: light), color)
            #expect(distance(ours, wanted) < 2e-5 * max(0.01, wall.clip), "\(grades[0])")
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
