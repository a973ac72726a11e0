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

    @Test func `steps that keep the channels apart become fine curves before a table`() {
        var random = SeededRandom(seed: 13)
        let curve = LookLog(
            base: 2, logSlope: 1 / 17.52, logOffset: 9.72 / 17.52, linearBreak: 0.0078125,
            slopeBelow: 10.5402377416545)
        let cdl = CDL(
            slope: ColorTriple(1.1, 1, 0.9), offset: ColorTriple(0.02, 0, -0.01),
            power: ColorTriple(1.1, 1, 0.9))
        let cube = CubeLUT(side: 17) { $0 * 0.9 + 0.1 * $0 * $0 }
        let look = Look(steps: [
            .log(red: curve, green: curve, blue: curve, isInverse: true),
            .matrix(ColorMatrix(diagonal: ColorTriple(2, 1, 0.5)), offset: ColorTriple(0, 0, 0)),
            .log(red: curve, green: curve, blue: curve, isInverse: false),
            .cdl(cdl, isClamped: false, isInverse: false), .cube(cube),
        ])
        let prepared = PreparedLook(look)
        defer { withExtendedLifetime(prepared) {} }
        #expect(prepared.reference.constants.side == 17)
        #expect(prepared.reference.constants.curve_points == 8193)
        #expect(prepared.samplingError < 2e-5 && prepared.samplingError > 0)
        for _ in 0..<500 {
            let codes = random.triple(0...1)
            let ours = Reference.looked(prepared.reference.constants, codes)
            #expect(distance(ours, look.applied(to: codes)) < 5e-5)
        }
    }

    @Test func `a look comes back from its bytes as it was, and from no others`() {
        var random = SeededRandom(seed: 14)
        let cube = CubeLUT(
            side: 3, points: points(27, &random), low: ColorTriple(-0.2, 0, 0.1),
            high: ColorTriple(1.2, 1, 2))
        for steps in [[LookStep.cube(cube)], [.curves(CurveLUT(points: points(9, &random)))]] {
            let look = PreparedLook(Look(steps: steps))
            let bytes = look.recorded
            let back = PreparedLook(recorded: bytes)
            #expect(back?.reference == look.reference)
            for count in [0, 3, 8, 55, bytes.count - 1] {
                #expect(PreparedLook(recorded: Array(bytes.prefix(count))) == nil)
            }
            #expect(PreparedLook(recorded: bytes + [0]) == nil)
            var bad = bytes
            // The last number is no number any more.
            bad[bytes.count - 1] = 0x7F
            bad[bytes.count - 2] = 0xC0
            #expect(PreparedLook(recorded: bad) == nil)
        }
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
