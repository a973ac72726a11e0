import Color
import Glibc
import Lanes
import TestSupport
import Testing

@Suite struct WallLimitsTests {
    let wall = WallColor(primaries: .rec709, peakNits: 1000, nitsPerUnit: 100, transfer: .pq)
    let neutral = GradeStack(repeating: Grade())

    /// ACEScg of light in the wall's own primaries, nits.
    private func content(_ nits: ColorTriple) -> ColorTriple {
        wall.wallFromWorking.inverse * nits * 0.01
    }

    private func shown(_ nits: ColorTriple, _ limits: WallLimits) -> ColorTriple {
        wall.applied(neutral, to: content(nits), limits: limits) * 10_000
    }

    @Test(arguments: [RollOff.hard, .medium, .soft])
    func `roll-off leaves what is below it, rises to the peak and keeps hue`(_ roll: RollOff) {
        let limits = WallLimits(peakNits: 800, rollOff: roll)
        let start = 800 * roll.start
        #expect(
            distance(
                shown(ColorTriple(start * 0.999, 3, 40), limits),
                ColorTriple(start * 0.999, 3, 40)) < 1e-6)
        var last = 0.0
        for step in 0...400 {
            let nits = start * exp2(Double(step) / 80)
            let out = shown(ColorTriple(nits, nits / 2, nits / 4), limits)
            #expect(out.x >= last - 1e-6 && out.x <= 800 + 1e-6)
            #expect(abs(out.y / out.x - 0.5) < 1e-9 && abs(out.z / out.x - 0.25) < 1e-9)
            last = out.x
        }
        #expect(abs(last - 800) < 0.01)
        // The slope goes on at the start, unless the peak is too near for it.
        let (low, high) = (shown(ColorTriple(start + 0.1, 0, 0), limits), start + 0.1)
        #expect(low.x <= high && low.x > start)
    }

    @Test func `without a roll-off the peak limit cuts each channel`() {
        let limits = WallLimits(peakNits: 300)
        #expect(
            distance(shown(ColorTriple(500, 200, 1), limits), ColorTriple(300, 200, 1)) < 1e-6)
        #expect(shown(ColorTriple(5000, 0, 0), WallLimits(peakNits: 9000)).x <= 1000 + 1e-9)
    }

    @Test func `compression keeps every ACEScg color inside the wall and moderate ones alone`() {
        let limits = WallLimits(compressesGamut: true)
        var random = SeededRandom(seed: 3)
        for _ in 0..<2000 {
            let color = random.triple(0...1)
            let inWall = wall.wallFromWorking * color
            let out = wall.applied(neutral, to: color, limits: limits) * 100
            #expect(out.min() >= 0)
            // The greatest channel stays, and so does what is within nine tenths of it.
            #expect(abs(out.max() - inWall.max()) < 1e-9)
            for i in 0..<3 where inWall[i] >= 0.1 * inWall.max() {
                #expect(abs(out[i] - inWall[i]) < 1e-9)
            }
        }
        // Colors the cut would make alike stay apart.
        let green = ColorTriple(0, 1, 0)
        let less = ColorTriple(0.3, 1, 0.3)
        let (a, b) = (
            wall.applied(neutral, to: green, limits: limits),
            wall.applied(neutral, to: less, limits: limits)
        )
        #expect(b.x / b.y - a.x / a.y > 5e-4)
        #expect(wall.applied(neutral, to: green).x == 0)
        #expect(wall.applied(neutral, to: less).x == 0)
    }

    @Test func `prepared limits do what the description says, under a blackout too`() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<2000 {
            let limits = WallLimits(
                peakNits: random.number(50...1200),
                rollOff: RollOff.allCases[Int(random.unit() * 4) & 3],
                compressesGamut: random.unit() < 0.5)
            let light = random.number(0.05...1)
            let color = random.triple(-0.2...20)
            let wanted = wall.applied(neutral, to: color, limits: limits, light: light)
            let ours = kernel(wall.constants(neutral, limits: limits, light: light), color)
            #expect(distance(ours, wanted) < 2e-6, "\(limits) \(color)")
        }
    }

    @Test func `marks show what is over the peak and what is out of gamut`() {
        let limits = WallLimits(peakNits: 500, showsMarks: true)
        func marked(_ color: ColorTriple) -> ColorTriple {
            kernel(wall.constants(neutral, limits: limits), color) * 10_000
        }
        let over = marked(content(ColorTriple(600, 10, 10)))
        #expect(distance(over, ColorTriple(500 / 3.0, 350 / 3.0, 0)) < 0.01)
        let outside = marked(ColorTriple(0, 1, 0))
        #expect(distance(outside, ColorTriple(500 / 3.0, 0, 500 / 3.0)) < 0.01)
        let grey = marked(content(ColorTriple(90, 60, 30)))
        #expect(distance(grey, ColorTriple(repeating: 30)) < 0.01)
        #expect(marked(ColorTriple(0, 0, 0)) == ColorTriple(0, 0, 0))
    }
}
