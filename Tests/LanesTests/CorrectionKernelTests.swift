import Glibc
import Lanes
import TestSupport
import Testing

struct CorrectionKernelTests {
    /// A correction whose drive is 0.5x + 0.5x³ of x = light + 2^-32, whatever the channel.
    private func correction(curves: Bool) -> cyc_correction {
        var curve = cyc_curve()
        curve.scale = 1
        withUnsafeMutableBytes(of: &curve) { bytes in
            let floats = bytes.bindMemory(to: Float.self)
            for place in 0..<32 {
                floats[32 + place] = 0.5
                floats[96 + place] = 0.5
            }
        }
        var correction = cyc_correction()
        correction.full = 0.15
        correction.per_full = 1 / 0.15
        correction.has_curves = curves ? 1 : 0
        correction.curves = (curve, curve, curve)
        return correction
    }

    private func random(
        _ width: Int, _ height: Int, _ random: inout SeededRandom
    ) -> GuardedPlanes {
        let light = GuardedPlanes(width: width, height: height, offset: 3)
        for y in 0..<height {
            for x in 0..<width {
                let scale = exp2(random.float(-20...1))
                light.set(
                    x, y,
                    SIMD3(random.float(-0.01...0.15), random.float(0...0.15), 0.15) * scale)
            }
        }
        if width > 3 { light.set(3, 0, SIMD3(.nan, 0, 1)) }
        return light
    }

    @Test(arguments: runnable, [false, true])
    func `a correction is what the reference says, and the curve what it was made of`(
        set: InstructionSet, curves: Bool
    ) {
        var correction = correction(curves: curves)
        let gains = cyc_gains(red: 0.9, green: 1, blue: 1.05)
        var seeded = SeededRandom(seed: 71)
        for width in widths {
            let light = random(width, 2, &seeded)
            let before = (0..<2).map { y in (0..<width).map { light.color($0, y) } }
            KernelTable.of(set).correct(
                &correction, gains, cyc_region(x: 0, y: 0, width: Int32(width), height: 2),
                light.planes)
            for y in 0..<2 {
                for x in 0..<width {
                    let truth = Reference.corrected(correction, gains, before[y][x])
                    let error = light.color(x, y) - truth
                    #expect(max(abs(error.x), abs(error.y), abs(error.z)) <= 3e-7 * 0.15)
                    let full = before[y][x].y / 0.15
                    guard curves, full > 1e-3, full < 0.99 else { continue }
                    #expect(abs(light.color(x, y).y / 0.15 - 0.5 * full * (1 + full * full)) < 2e-6)
                }
            }
            #expect(light.canariesLive)
        }
    }

    @Test(arguments: runnable)
    func `black stays black and full light full through a curve`(set: InstructionSet) {
        var correction = correction(curves: true)
        let light = GuardedPlanes(width: 2, height: 1, offset: 0)
        light.set(0, 0, SIMD3(0, -1, .nan))
        light.set(1, 0, SIMD3(0.15, 0.3, 1e9))
        KernelTable.of(set).correct(
            &correction, cyc_gains(red: 1, green: 1, blue: 2),
            cyc_region(x: 0, y: 0, width: 2, height: 1), light.planes)
        #expect(light.color(0, 0) == SIMD3(0, 0, 0))
        let full = light.color(1, 0)
        #expect(abs(full.x - 0.15) < 1e-5 && abs(full.y - 0.15) < 1e-5)
        #expect(full.z == Double(Float(0.15)))
    }

    @Test(arguments: runnable)
    func `a gain is bilinear in the place of the region's pixels`(set: InstructionSet) {
        let gain = cyc_bend(at: 0.9, along_x: 0.002, along_y: -0.01, along_xy: 0.0003)
        var seeded = SeededRandom(seed: 72)
        for width in widths {
            let light = random(width, 3, &seeded)
            let before = (0..<3).map { y in (0..<width).map { light.color($0, y) } }
            KernelTable.of(set).gain(
                gain, cyc_region(x: 5, y: 2, width: Int32(width), height: 3), light.planes.green,
                light.planes.stride)
            for y in 0..<3 {
                for x in 0..<width {
                    let was = before[y][x]
                    let wanted = was.y * Reference.gained(gain, x + 5, y + 2)
                    #expect(abs(light.color(x, y).y - wanted) <= 1e-6 * abs(was.y))
                    if !was.x.isNaN { #expect(light.color(x, y).x == was.x) }
                }
            }
            #expect(light.canariesLive)
        }
    }

    @Test(arguments: runnable)
    func `an offset comes after a grade's matrix`(set: InstructionSet) {
        var grade = cyc_grade()
        grade.out_matrix = (0.8, 0.1, 0.1, 0.05, 0.9, 0.05, 0.02, 0.08, 0.9)
        grade.offset = (-0.01, 0.02, -0.03)
        grade.clip = 1
        let light = GuardedPlanes(width: 33, height: 1, offset: 0)
        for x in 0..<33 { light.set(x, 0, SIMD3(Float(x) / 32, 0.5, 0.01)) }
        let out = GuardedPlanes(width: 33, height: 1, offset: 1)
        KernelTable.of(set).grade(
            &grade, cyc_region(x: 0, y: 0, width: 33, height: 1), light.planes, out.planes)
        for x in 0..<33 {
            let r = Double(Float(x) / 32)
            let wanted = 0.8 * r + 0.05 + 0.001 - 0.01
            #expect(abs(out.color(x, 0).x - max(0, wanted)) < 1e-6)
            #expect(abs(out.color(x, 0).z - max(0, 0.02 * r + 0.04 + 0.009 - 0.03)) < 1e-6)
        }
    }
}
