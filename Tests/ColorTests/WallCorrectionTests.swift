import Color
import Glibc
import Lanes
import TestSupport
import Testing

/// What a wall's correction does to light, prepared against the description in doubles.
@Suite struct `A prepared correction` {
    private let wall = WallColor(
        primaries: .p3D65, peakNits: 1650, nitsPerUnit: 100, transfer: .pq)

    /// A channel of 16 steps of even PQ code: a power law that is lost towards black.
    private func curve(gamma: Double, soft: Double) throws -> DriveCurve {
        let pq = TransferFunction.pq
        let top = pq.signal(light: 0.165)
        let drives = (1...16).map { pq.light(signal: top * Double($0) / 16) / 0.165 }
        let full = 1 - exp(-1 / soft)
        return try #require(
            DriveCurve(
                drives: drives, lights: drives.map { pow($0, gamma) * (1 - exp(-$0 / soft)) / full }
            ))
    }

    private func correction() throws -> WallCorrection {
        var made = WallCorrection()
        made.matrix = ColorMatrix(
            rows: ColorTriple(1.03, -0.02, 0.01), ColorTriple(-0.03, 0.98, 0.02),
            ColorTriple(0.002, -0.04, 1.05))
        made.offset = ColorTriple(-2e-4, -1e-4, -3e-4)
        made.curves = [
            try curve(gamma: 1.06, soft: 1e-5), try curve(gamma: 0.94, soft: 2e-4),
            try curve(gamma: 1, soft: 1e-3),
        ]
        made.gains = [ColorTriple(1, 0.97, 1.02), ColorTriple(0.95, 1.04, 1)]
        return made
    }

    /// What the kernels make of light of the channels, 1 = peak, on a panel.
    private func driven(
        _ prepared: PreparedCorrection, _ light: ColorTriple, panel: Int
    ) -> ColorTriple {
        let reference = prepared.reference
        let full = wall.clip
        return Reference.corrected(
            reference.constants!.pointee, reference.gains![panel], light * full) * (1 / full)
    }

    @Test func `drives each panel as the description says, to parts of a 12-bit code`() throws {
        let correction = try correction()
        let prepared = PreparedCorrection(correction, for: wall, panelCount: 2)
        defer { withExtendedLifetime(prepared) {} }
        let pq = TransferFunction.pq
        for step in 1...400 {
            let nits = 1650 * pow(10, -5 * Double(step - 1) / 399)
            let light = ColorTriple(repeating: nits / 1650) * ColorTriple(1, 0.8, 0.5)
            let panel = step % 2
            let wanted = correction.drive(of: light, panel: panel, peakNits: 1650)
            let ours = driven(prepared, light, panel: panel)
            for i in 0..<3 {
                let codes =
                    4095
                    * (pq.signal(light: ours[i] * 0.165)
                        - pq.signal(light: wanted[i] * 0.165))
                let bar = light[i] > 1e-3 ? 0.4 : 1.8
                #expect(abs(codes) <= bar, "\(nits) nits, channel \(i): \(codes) codes")
            }
        }
        #expect(driven(prepared, ColorTriple(), panel: 0) == ColorTriple())
    }

    @Test func `merged into a grade is matrix, black and the panels' gamut one by one`() throws {
        let correction = try correction()
        let prepared = PreparedCorrection(correction, for: wall, panelCount: 2)
        defer { withExtendedLifetime(prepared) {} }
        var stack = GradeStack(repeating: Grade())
        stack[0].exposure = 0.5
        for compresses in [false, true] {
            var limits = WallLimits()
            limits.compressesGamut = compresses
            var grade = wall.constants(stack, limits: limits)
            prepared.reference.merge(into: &grade)
            var (before, after) = (wall.constants(stack, limits: limits), cyc_grade())
            after = prepared.reference.split(&before)
            let panels = GamutCompression(
                reaching: correction.matrix * wall.wallFromWorking, sums: true)
            for content in [
                ColorTriple(0.18, 0.18, 0.18), ColorTriple(3, 0.1, 0), ColorTriple(0, 4, 0.2),
                ColorTriple(0.001, 0.0002, 0.0003), ColorTriple(20, 12, 9), ColorTriple(),
            ] {
                let stated = wall.wallFromWorking * content * (exp2(0.5) * 100 / 1650)
                var wanted = correction.ofChannels(stated)
                if compresses { wanted = panels.applied(to: wanted) }
                wanted =
                    wanted.clamped(
                        lowerBound: ColorTriple(), upperBound: ColorTriple(1, 1, 1)) * wall.clip
                let merged = Reference.grade(grade, content)
                let apart = Reference.grade(after, Reference.grade(before, content))
                let bar = 2e-6 * wall.clip
                for i in 0..<3 {
                    #expect(abs(merged[i] - wanted[i]) < bar, "\(content) \(merged) \(wanted)")
                    #expect(abs(apart[i] - wanted[i]) < bar, "\(content) \(apart) \(wanted)")
                }
            }
        }
    }

    @Test func `that is neutral leaves a grade and light as they were`() {
        let prepared = PreparedCorrection(WallCorrection(), for: wall, panelCount: 1)
        #expect(prepared.reference.isThere && !prepared.reference.drives)
        let plain = wall.constants(GradeStack(repeating: Grade()))
        var grade = plain
        prepared.reference.merge(into: &grade)
        #expect(grade.out_matrix.0 == plain.out_matrix.0 && grade.offset == (0, 0, 0))
        #expect(driven(prepared, ColorTriple(0.3, 0.2, 0.1), panel: 0).x.rounded(.down) == 0)
    }

    @Test func `of a table says how far sampling takes it off, and keeps black`() throws {
        var correction = WallCorrection()
        let cube = CubeLUT(side: 33) { signal in
            ColorTriple(
                0.98 * signal.x + 0.01 * signal.y, signal.y - 0.02 * signal.y * (1 - signal.y),
                0.97 * signal.z)
        }
        correction.table = Look(steps: [.cube(cube)])
        let prepared = PreparedCorrection(correction, for: wall, panelCount: 1)
        defer { withExtendedLifetime(prepared) {} }
        #expect(prepared.samplingError > 0 && prepared.samplingError < 0.5)
        let pq = TransferFunction.pq
        for step in 1...60 {
            let light = ColorTriple(1, 0.6, 0.3) * pow(10, -3 * Double(step) / 60)
            let wanted = correction.drive(of: light, panel: 0, peakNits: 1650)
            let ours = driven(prepared, light, panel: 0)
            for i in 0..<3 {
                let codes =
                    1023
                    * (pq.signal(light: ours[i] * 0.165)
                        - pq.signal(light: wanted[i] * 0.165))
                #expect(abs(codes) <= 0.6, "\(light): \(codes)")
            }
        }
        #expect(driven(prepared, ColorTriple(), panel: 0).max() < 1e-7)
    }

    @Test func `is named by its numbers`() throws {
        let one = try correction()
        var other = one
        other.gains[1].y += 1e-4
        func name(_ correction: WallCorrection) -> UInt64 {
            PreparedCorrection(correction, for: wall, panelCount: 2).reference.fingerprint
        }
        #expect(name(one) == name(one) && name(one) != name(other) && name(one) != 0)
        other = one
        other.viewAngle = ViewAngle(
            terms: [ColorTriple(), ColorTriple(), ColorTriple(), ColorTriple()], widest: 1)
        #expect(name(one) != name(other))
    }

    @Test func `gains of the view angle level it within 15 per cent`() {
        let angle = ViewAngle(
            terms: [
                ColorTriple(0.02, 0, -0.02), ColorTriple(-0.3, -0.2, -0.25), ColorTriple(),
                ColorTriple(-0.1, -0.1, -0.1),
            ], widest: .pi / 3)
        #expect(angle.light(across: 0, upwards: 0) == ColorTriple(1, 1, 1))
        let side = angle.light(across: .pi / 3, upwards: 0)
        #expect(abs(side.x - exp(0.02 - 0.3)) < 1e-12)
        // Beyond what was measured it stays.
        #expect(angle.light(across: 1.4, upwards: 0) == side)
        let mean = ColorTriple(0.9, 0.95, 0.92)
        let gain = angle.gain(light: ColorTriple(0.85, 0.95, 0.5), mean: mean)
        #expect(abs(gain.x - 0.9 / 0.85) < 1e-12 && gain.y == 1 && gain.z == 1.15)
    }
}
