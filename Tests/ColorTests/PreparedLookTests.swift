import Color
import Lanes
import TestSupport
import Testing

@Suite struct PreparedLookTests {
    private func points(_ count: Int, _ random: inout SeededRandom) -> [SIMD3<Float>] {
        (0..<count).map { _ in SIMD3<Float>(random.triple(-0.1...1.2)) }
    }

    @Test func `tables and curves are taken as they are`() {
        var random = SeededRandom(seed: 12)
        let cube = CubeLUT(
            side: 5, points: points(125, &random), low: ColorTriple(-0.2, 0, 0.1),
            high: ColorTriple(1.2, 1, 2))
        let curves = CurveLUT(points: points(17, &random))
        for steps in [[LookStep.cube(cube)], [.curves(curves)], [.curves(curves), .cube(cube)]] {
            let look = Look(steps: steps)
            let prepared = PreparedLook(look)
            defer { withExtendedLifetime(prepared) {} }
            #expect(prepared.samplingError == 0)
            for _ in 0..<500 {
                let codes = random.triple(-0.3...1.5)
                let ours = Reference.looked(prepared.reference.constants, codes)
                #expect(distance(ours, look.applied(to: codes)) < 2e-5)
            }
        }
    }

    @Test func `anything else is sampled, and says how well`() {
        let power = LookExponent(exponent: 1.2)
        let steps = [
            LookStep.exponent(red: power, green: power, blue: power, isInverse: false),
            .cdl(CDL(saturation: 1.3), isClamped: false, isInverse: false),
        ]
        let look = Look(steps: steps)
        let prepared = PreparedLook(look)
        defer { withExtendedLifetime(prepared) {} }
        #expect(prepared.reference.constants.side == 65)
        #expect(prepared.samplingError > 0 && prepared.samplingError < 2e-4)
        let codes = ColorTriple(0.31, 0.47, 0.12)
        let ours = Reference.looked(prepared.reference.constants, codes)
        #expect(distance(ours, look.applied(to: codes)) < 2e-4)
    }

    @Test func `a look is known by its numbers wherever it lies`() {
        let look = Look(title: "a", steps: [.cube(CubeLUT(side: 3) { $0 * 0.9 })])
        let same = Look(title: "b", steps: look.steps)
        let other = Look(title: "a", steps: [.cube(CubeLUT(side: 3) { $0 * 0.901 })])
        #expect(PreparedLook(look).reference == PreparedLook(same).reference)
        #expect(PreparedLook(look).reference != PreparedLook(other).reference)
        #expect(PreparedLook(look).reference != .none)
    }
}
