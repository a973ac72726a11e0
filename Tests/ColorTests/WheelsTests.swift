import Color
import Glibc
import TestSupport
import Testing

@Suite struct WheelsTests {
    @Test func `lift, gamma and gain are what the formula says`() {
        let wheels = Wheels(
            lift: ColorTriple(0.05, 0, -0.02), gamma: ColorTriple(1.2, 1, 0.8),
            gain: ColorTriple(1.1, 1, 0.9))
        let cdl = wheels.correction(on: CDL(), inCodes: true)
        for x in [0.1, 0.4, 0.7, 1.0] {
            let out = cdl.applied(to: ColorTriple(repeating: x))
            for i in 0..<3 {
                let raised = x * (wheels.gain[i] - wheels.lift[i]) + wheels.lift[i]
                #expect(abs(out[i] - pow(raised, 1 / wheels.gamma[i])) < 1e-12)
            }
        }
        #expect(Wheels().correction(on: CDL(saturation: 2), inCodes: true) == CDL(saturation: 2))
    }

    @Test(arguments: [false, true])
    func `contrast leaves the pivot alone and stretches what lies round it`(inCodes: Bool) {
        for contrast in [0.6, 1.5, 2] {
            for pivot in [0.18, 0.5] {
                let wheels = Wheels(contrast: contrast, pivot: pivot)
                let cdl = wheels.correction(on: CDL(), inCodes: inCodes)
                func toned(_ light: Double) -> Double {
                    let x = inCodes ? ACEScct.code(light: light) : light
                    let out = cdl.applied(to: ColorTriple(repeating: x)).x
                    return inCodes ? ACEScct.light(code: out) : out
                }
                #expect(abs(toned(pivot) - pivot) < 1e-12)
                // A stop above the pivot becomes as many stops as the contrast says.
                #expect(abs(log2(toned(2 * pivot) / pivot) - contrast) < 1e-9)
                #expect(abs(log2(toned(pivot / 2) / pivot) + contrast) < 1e-9)
            }
        }
    }

    @Test func `a lift above the gain makes a flat picture, not one turned over`() {
        let wheels = Wheels(
            lift: ColorTriple(repeating: 0.5), gain: ColorTriple(repeating: 0.3))
        let cdl = wheels.correction(on: CDL(), inCodes: true)
        #expect(cdl.applied(to: ColorTriple(repeating: 0.9)).x == 0.5)
    }

    @Test func `a CDL has a way back`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<500 {
            let cdl = CDL(
                slope: random.triple(0.5...2), offset: random.triple(-0.1...0.1),
                power: random.triple(0.5...2), saturation: random.number(0.3...2))
            let color = random.triple(0...2)
            let back = cdl.inverted(cdl.applied(to: color), isClamped: false)
            #expect(distance(back, color) < 1e-9)
        }
        #expect(!CDL(saturation: 0).isInvertible && CDL().isInvertible)
    }

    @Test(.enabled(if: Vectors.isThere, "shared test data is absent"))
    func `ACEScct is colour-science's`() throws {
        for row in try Vectors.rows(Vectors.at("camera_log", "ACEScct", "encode")) {
            #expect(abs(ACEScct.code(light: number(row["lin"])) - number(row["code"])) < 1e-12)
        }
        for row in try Vectors.rows(Vectors.at("camera_log", "ACEScct", "decode")) {
            let light = number(row["lin"])
            #expect(abs(ACEScct.light(code: number(row["code"])) - light) < 1e-12 * max(1, light))
        }
    }
}
