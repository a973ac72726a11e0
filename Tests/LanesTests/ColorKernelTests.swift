import Glibc
import Lanes
import TestSupport
import Testing

struct ColorKernelTests {
    /// A grade with two CDL stages.
    private var grade: cyc_grade {
        var grade = cyc_grade()
        var stage = cyc_grade_stage()
        stage.matrix = (1.1, 0.02, -0.01, 0.03, 0.97, 0.02, -0.02, 0.05, 1.2)
        stage.has_cdl = 1
        stage.slope = (1.1, 1, 0.9)
        stage.offset = (0.01, 0, -0.02)
        stage.power = (0.95, 1, 1.1)
        stage.saturation = 1.2
        grade.stages.0 = stage
        stage.power = (1.7, 0.6, 1)
        stage.saturation = 0.7
        grade.stages.1 = stage
        grade.stage_count = 2
        grade.out_matrix = (0.8, 0.1, 0.1, 0.05, 0.9, 0.05, 0.02, 0.08, 0.9)
        grade.clip = 30
        grade.floor = (0, 0.02, 0.01)
        return grade
    }

    @Test(arguments: runnable, [0, 1, 2])
    func `a grade is what the reference says to 1e-5`(set: InstructionSet, stages: Int) {
        let kernels = KernelTable.of(set)
        var grade = grade
        grade.stage_count = Int32(stages)
        var random = SeededRandom(seed: 7)
        for width in widths {
            let source = GuardedPlanes(width: width, height: 2, offset: 2)
            let out = GuardedPlanes(width: width, height: 2, offset: 5)
            for y in 0..<2 {
                for x in 0..<width {
                    let scale = random.float(0...1) < 0.2 ? Float(0.001) : 16
                    source.set(
                        x, y,
                        SIMD3(
                            random.float(-0.1...1), random.float(-0.1...1), random.float(0...1))
                            * scale)
                }
            }
            kernels.grade(
                &grade, cyc_region(x: 0, y: 0, width: Int32(width), height: 2), source.planes,
                out.planes)
            for y in 0..<2 {
                for x in 0..<width {
                    let truth = Reference.grade(grade, source.color(x, y))
                    let scale = max(0.05, truth.max(), abs(source.color(x, y).min()))
                    let error = out.color(x, y) - truth
                    #expect(max(abs(error.x), abs(error.y), abs(error.z)) <= 1e-5 * scale)
                }
            }
            #expect(out.canariesLive && source.canariesLive)
        }
    }

    /// What a grade makes of some colors, as a kernel and as the reference has it.
    private func graded(
        _ set: InstructionSet, _ grade: cyc_grade, _ colors: [SIMD3<Float>]
    ) -> [(out: SIMD3<Double>, truth: SIMD3<Double>)] {
        var grade = grade
        let source = GuardedPlanes(width: colors.count, height: 1, offset: 3)
        let out = GuardedPlanes(width: colors.count, height: 1, offset: 1)
        for (x, color) in colors.enumerated() { source.set(x, 0, color) }
        KernelTable.of(set).grade(
            &grade, cyc_region(x: 0, y: 0, width: Int32(colors.count), height: 1), source.planes,
            out.planes)
        #expect(out.canariesLive)
        return colors.indices.map {
            (out.color($0, 0), Reference.grade(grade, source.color($0, 0)))
        }
    }

    @Test(arguments: runnable)
    func `every kind of CDL is what the reference says`(set: InstructionSet) {
        var random = SeededRandom(seed: 71)
        let look = RandomLook(side: 3, curvePoints: 0, &random)
        defer { withExtendedLifetime(look) {} }
        let colors = (0..<149).map { index in
            index % 29 == 0
                ? SIMD3(0, -0.0, 1)
                : SIMD3(random.float(-0.1...1), random.float(-0.05...3), random.float(0...0.02))
        }
        let powers: [(Float, Float, Float)] = [(1, 1, 1), (1.5, 1, 0.7), (0.8, 1.2, 2)]
        for kind in 0..<48 {
            var grade = grade
            grade.stage_count = 1
            grade.stages.0.in_codes = Int32(kind & 1)
            grade.stages.0.is_clamped = Int32(kind >> 1 & 1)
            grade.stages.0.is_inverse = Int32(kind >> 2 & 1)
            grade.stages.0.power = powers[kind / 16]
            if kind >> 3 & 1 != 0 {
                grade.stages.0.look = look.look
                grade.stages.0.strength = 0.7
            }
            for (color, pair) in zip(colors, graded(set, grade, colors)) {
                let error = pair.out - pair.truth
                // A code is twelve times its light, and a random look many codes a code.
                let bar = (kind >> 3 & 1 != 0 ? 2e-4 : 3e-5) * max(0.1, pair.truth.max())
                #expect(
                    max(abs(error.x), abs(error.y), abs(error.z)) <= bar,
                    "kind \(kind), \(color): \(pair)")
            }
        }
    }

    @Test(arguments: runnable)
    func `light raised beyond all numbers is the wall's peak, not black`(set: InstructionSet) {
        var grade = grade
        grade.stage_count = 1
        grade.stages.0.matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1)
        grade.stages.0.saturation = 1
        grade.out_matrix = (1.6, -0.4, -0.1, -0.2, 1.3, -0.1, -0.02, -0.1, 1.1)
        grade.clip = 15
        for power in [4, 12, 16, 60] as [Float] {
            grade.stages.0.power = (power, power, power)
            let light: [Float] = [300, 2000, 65504]
            for pair in graded(set, grade, light.map { SIMD3(repeating: $0) }) {
                #expect(pair.out == SIMD3(repeating: 15), "\(power)")
            }
        }
    }

    /// Powers of two near the borders of what each way of computing them looks up.
    @Test(arguments: runnable)
    func `a power is right all over its range`(set: InstructionSet) {
        var grade = grade
        grade.stage_count = 1
        grade.stages.0.matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1)
        (grade.stages.0.slope, grade.stages.0.offset) = ((1, 1, 1), (0, 0, 0))
        grade.stages.0.saturation = 1
        grade.out_matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1)
        grade.floor = (0, 0, 0)
        grade.clip = .greatestFiniteMagnitude
        grade.stages.0.power = (0.5, 2, 0.75)
        var worst = 0.0
        for step in -(64 * 64)...(64 * 64) {
            // The logarithm after the power lies on a 64th, or a little beside it.
            let log = Double(step) / 64
            guard abs(log) <= 60 else { continue }
            let colors = [-1e-6, 0, 1e-6].map { beside in
                SIMD3<Float>(
                    Float(exp2((log + beside) / 0.5)), Float(exp2((log + beside) / 2)),
                    Float(exp2((log + beside) / 0.75)))
            }
            for (color, pair) in zip(colors, graded(set, grade, colors)) {
                let truth = SIMD3(
                    pow(Double(color.x), 0.5), pow(Double(color.y), 2), pow(Double(color.z), 0.75))
                // A logarithm is as fine as a float of its size.
                let fineness = 3e-7 + 1e-7 * abs(log)
                for channel in 0..<3 {
                    worst = max(worst, abs(pair.out[channel] / truth[channel] - 1) / fineness)
                }
            }
        }
        #expect(worst <= 1)
    }

    /// A table and curves with random points, in memory of their own.
    private final class RandomLook {
        let points: UnsafeMutablePointer<Float>
        let curves: UnsafeMutablePointer<Float>
        let tetrahedra: UnsafeMutablePointer<cyc_tetrahedron>
        var look = cyc_look()

        init(
            side: Int, curvePoints: Int, hasTetrahedra: Bool = false,
            values: ClosedRange<Float> = -0.1...1.1, _ random: inout SeededRandom
        ) {
            points = .allocate(capacity: 4 * side * side * side)
            for i in 0..<4 * side * side * side {
                // The fourth number is nobody's.
                (points + i).initialize(to: i % 4 == 3 ? .nan : random.float(values))
            }
            curves = .allocate(capacity: 3 * max(curvePoints, 1))
            for i in 0..<3 * max(curvePoints, 1) {
                (curves + i).initialize(to: random.float(0...1))
            }
            let room = UnsafeMutableRawPointer.allocate(
                byteCount: 32 * Tetrahedra.count(side: side), alignment: 32)
            tetrahedra = room.bindMemory(
                to: cyc_tetrahedron.self, capacity: Tetrahedra.count(side: side))
            look.points = UnsafePointer(points)
            look.side = Int32(side)
            if hasTetrahedra {
                Tetrahedra.fill(tetrahedra, from: points, side: side)
                look.tetrahedra = UnsafePointer(tetrahedra)
            }
            let last = Float(side - 1)
            look.scale = (last, last * 0.8, last * 1.3)
            look.offset = (0, 0.1, -0.2)
            guard curvePoints > 0 else { return }
            look.curves = UnsafePointer(curves)
            look.curve_points = Int32(curvePoints)
            look.curve_scale = (Float(curvePoints - 1), Float(curvePoints), 3)
            look.curve_offset = (0, -0.1, 0.2)
        }

        deinit {
            points.deallocate()
            curves.deallocate()
            tetrahedra.deallocate()
        }
    }

    @Test(arguments: runnable, [(0, false), (0, true), (9, false), (9, true)])
    func `codes, clamps and looks are what the reference says`(
        set: InstructionSet, kind: (curvePoints: Int, hasTetrahedra: Bool)
    ) {
        let kernels = KernelTable.of(set)
        var random = SeededRandom(seed: 19)
        let curvePoints = kind.curvePoints
        for side in [2, 3, 17] {
            let look = RandomLook(
                side: side, curvePoints: curvePoints, hasTetrahedra: kind.hasTetrahedra, &random)
            defer { withExtendedLifetime(look) {} }
            var grade = grade
            grade.stages.0.in_codes = 1
            grade.stages.0.power = (1, 1.1, 0.9)
            grade.stages.1.look = look.look
            grade.stages.1.strength = 0.7
            grade.stages.1.is_clamped = side == 3 ? 1 : 0
            grade.stages.1.has_cdl = side == 17 ? 0 : 1
            for width in widths {
                let source = GuardedPlanes(width: width, height: 1, offset: 3)
                let out = GuardedPlanes(width: width, height: 1, offset: 1)
                for x in 0..<width {
                    let light = random.float(0...1) < 0.3 ? Float(0.01) : 8
                    source.set(
                        x, 0,
                        SIMD3(
                            random.float(-0.05...1), random.float(-0.05...1), random.float(0...1))
                            * light)
                }
                kernels.grade(
                    &grade, cyc_region(x: 0, y: 0, width: Int32(width), height: 1),
                    source.planes, out.planes)
                for x in 0..<width {
                    let truth = Reference.grade(grade, source.color(x, 0))
                    let error = out.color(x, 0) - truth
                    // Random points make the steepest look there is: of 17 an edge, 20 a code,
                    // which is 12 times its light.
                    let steepness = Double(side * side * (curvePoints + 1))
                    // Four numbers in 2^-15 of 1.2 codes and three steps of them in 2^-14 of a
                    // cell are 12 times as much of their light.
                    let coarseness = kind.hasTetrahedra ? 12 * 1.2 * (2 + 3) / 32768 : 0
                    let bar = (2e-6 * steepness + coarseness) * max(0.1, truth.max())
                    #expect(
                        max(abs(error.x), abs(error.y), abs(error.z)) <= bar,
                        "\(source.color(x, 0)) \(truth) \(error)")
                }
                #expect(out.canariesLive && source.canariesLive)
            }
        }
    }

    @Test(arguments: runnable)
    func `a baked table, roll-off, compression and marks are what the reference says`(
        set: InstructionSet
    ) {
        let kernels = KernelTable.of(set)
        var random = SeededRandom(seed: 29)
        // A point an octave of light, or two.
        let looks = [0, 1].map { bits in
            let look = RandomLook(
                side: (16 << bits) + 1, curvePoints: 0, hasTetrahedra: true,
                values: -0.005...0.055, &random)
            look.look.octave_bits = Int32(bits)
            return look
        }
        defer { withExtendedLifetime(looks) {} }
        for (index, width) in widths.enumerated() {
            var grade = grade
            grade.floor = (0, 0, 0)
            if index % 2 == 0 { grade.baked = looks[index / 2 % 2].look }
            // Nothing after the table but the clip: a way of its own.
            if index % 22 == 0 { grade.out_matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1) }
            if index % 22 == 0 { grade.offset = (0, 0, 0) }
            grade.clip = index % 22 == 0 ? 1 : 0.05
            var limits = cyc_limits()
            limits.is_used = index % 11 == 0 ? 0 : 1
            limits.rolls_off = index % 3 == 0 ? 0 : 1
            (limits.roll_from, limits.to_pq, limits.roll_signal) = (0.03, 1, 0.6217)
            limits.per_roll = 1 / (1 - 0.6217)
            limits.roll = (0.2, -0.15, 0.0)
            limits.compresses = index % 5 == 0 ? 0 : 1
            limits.scale = (0.12, 0.2, 0.3)
            limits.has_marks = index % 7 == 6 ? 1 : 0
            (limits.peak, limits.mark_grey, limits.mark_light) = (0.04, 0.5, 0.02)
            limits.mark_least = 1e-6
            grade.limits = limits
            let source = GuardedPlanes(width: width, height: 1, offset: 3)
            let out = GuardedPlanes(width: width, height: 1, offset: 1)
            for x in 0..<width {
                source.set(
                    x, 0,
                    SIMD3(
                        random.float(-0.005...0.1), random.float(-0.005...0.1),
                        random.float(0...0.1)))
            }
            kernels.grade(
                &grade, cyc_region(x: 0, y: 0, width: Int32(width), height: 1), source.planes,
                out.planes)
            for x in 0..<width {
                let truth = Reference.grade(grade, source.color(x, 0))
                let error = out.color(x, 0) - truth
                // Random points make steep tables, in sixteen bits of 0.06.
                #expect(
                    max(abs(error.x), abs(error.y), abs(error.z)) <= 5e-4 * 0.05,
                    "\(width) \(source.color(x, 0)) \(truth) \(error)")
            }
            #expect(out.canariesLive && source.canariesLive)
        }
    }

    @Test(arguments: runnable)
    func `a table alone is what the reference says, in rows and over what is there`(
        set: InstructionSet
    ) {
        let kernels = KernelTable.of(set)
        var random = SeededRandom(seed: 31)
        let look = RandomLook(
            side: 65, curvePoints: 0, hasTetrahedra: true, values: -0.2...0.8, &random)
        defer { withExtendedLifetime(look) {} }
        look.look.octave_bits = 2
        var grade = cyc_grade()
        grade.baked = look.look
        grade.out_matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1)
        (grade.clip, grade.floor) = (0.5, (0, 0.1, 0.01))
        // Three strips, and columns that fill no group.
        let (width, height) = (155, 4)
        let source = GuardedPlanes(width: width, height: height, offset: 3)
        let (out, over) = (
            GuardedPlanes(width: width, height: height, offset: 1),
            GuardedPlanes(width: width, height: height, offset: 1)
        )
        let under: Float = 0.25
        let stride = Int(source.planes.stride)
        var weights = [Float](repeating: 0, count: stride * height)
        let odd: [Float] = [.nan, .infinity, -.infinity, -1, 0, -0.0, 1e30, 255.99, 256, 1e-37]
        for y in 0..<height {
            for x in 0..<width {
                func light() -> Float {
                    (x + y) % 7 == 0
                        ? odd[Int(random.float(0...9.99))] : exp2(random.float(-12...9))
                }
                source.set(x, y, SIMD3(light(), light(), light()))
                over.set(x, y, SIMD3(repeating: under))
                weights[y * stride + x] = x % 3 == 0 ? 1 : random.float(0...1)
            }
        }
        let region = cyc_region(x: 0, y: 0, width: Int32(width), height: Int32(height))
        kernels.grade(&grade, region, source.planes, out.planes)
        kernels.grade_over(&grade, region, source.planes, weights, over.planes)
        for y in 0..<height {
            for x in 0..<width {
                let truth = Reference.grade(grade, source.color(x, y))
                let w = Double(weights[y * stride + x])
                let blended = w * truth + (1 - w) * SIMD3(repeating: Double(under))
                for channel in 0..<3 {
                    // Three steps of up to 1 in 2^-14 of a cell, four numbers in 2^-15.
                    #expect(abs(out.color(x, y)[channel] - truth[channel]) <= 3e-4)
                    #expect(abs(over.color(x, y)[channel] - blended[channel]) <= 3e-4)
                }
            }
        }
        #expect(out.canariesLive && over.canariesLive && source.canariesLive)
    }

    @Test(arguments: runnable)
    func `equal fractions, the table's own points and its ends are exact`(set: InstructionSet) {
        var random = SeededRandom(seed: 23)
        let look = RandomLook(side: 3, curvePoints: 0, &random)
        defer { withExtendedLifetime(look) {} }
        look.look.scale = (2, 2, 2)
        look.look.offset = (0, 0, 0)
        var grade = cyc_grade()
        grade.stage_count = 1
        grade.stages.0.matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1)
        grade.stages.0.look = look.look
        grade.stages.0.strength = 1
        grade.out_matrix = grade.stages.0.matrix
        grade.clip = 1e6
        let places: [Float] = [-0.1, 0.05, 0.155251, 0.25, 0.375, 0.5, 0.625, 0.75, 1, 1.1]
        for red in places {
            for green in places {
                let source = GuardedPlanes(width: places.count, height: 1, offset: 0)
                for (x, blue) in places.enumerated() {
                    let codes = SIMD3(red, green, blue)
                    var light = SIMD3<Float>()
                    for i in 0..<3 {
                        light[i] =
                            codes[i] <= 0.15525114
                            ? (codes[i] - 0.07290553) / 10.540238
                            : Float(exp2(Double(codes[i]) * 17.52 - 9.72))
                    }
                    source.set(x, 0, light)
                }
                let out = GuardedPlanes(width: places.count, height: 1, offset: 0)
                KernelTable.of(set).grade(
                    &grade, cyc_region(x: 0, y: 0, width: Int32(places.count), height: 1),
                    source.planes, out.planes)
                for x in places.indices {
                    let truth = Reference.grade(grade, source.color(x, 0))
                    let error = out.color(x, 0) - truth
                    let bar = 4e-5 * max(0.1, truth.max())
                    #expect(max(abs(error.x), abs(error.y), abs(error.z)) <= bar)
                }
            }
        }
    }

    @Test(arguments: runnable)
    func `a power of one colour is right to 1e-5 from black to 10,000`(set: InstructionSet) {
        var grade = cyc_grade()
        grade.stage_count = 1
        grade.stages.0.matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1)
        grade.stages.0.has_cdl = 1
        grade.stages.0.slope = (1, 1, 1)
        grade.stages.0.power = (0.5, 2.2, 1.3)
        grade.stages.0.saturation = 1
        grade.out_matrix = grade.stages.0.matrix
        grade.clip = 1e12
        let source = GuardedPlanes(width: 64, height: 1, offset: 0)
        let out = GuardedPlanes(width: 64, height: 1, offset: 0)
        var value: Float = 1e-5
        for x in 0..<64 {
            source.set(x, 0, SIMD3(repeating: value))
            value *= 1.39
        }
        KernelTable.of(set).grade(
            &grade, cyc_region(x: 0, y: 0, width: 64, height: 1), source.planes, out.planes)
        for x in 0..<64 {
            let truth = Reference.grade(grade, source.color(x, 0))
            for channel in 0..<3 {
                // Saturation runs through the luma of all three, which sets the scale.
                let scale = max(truth[channel], 1e-2 * truth.max())
                #expect(abs(out.color(x, 0)[channel] - truth[channel]) <= 1e-5 * scale)
            }
        }
    }

    @Test(arguments: runnable)
    func `a light that is not a number becomes black`(set: InstructionSet) {
        var grade = grade
        let planes = GuardedPlanes(width: 17, height: 1, offset: 0)
        for x in 0..<17 { planes.set(x, 0, SIMD3(repeating: x % 2 == 0 ? .nan : .infinity)) }
        let kernels = KernelTable.of(set)
        let region = cyc_region(x: 0, y: 0, width: 17, height: 1)
        kernels.grade(&grade, region, planes.planes, planes.planes)
        for x in Swift.stride(from: 0, to: 17, by: 2) {
            #expect(planes.color(x, 0) == SIMD3<Double>(SIMD3<Float>(0, 0.02, 0.01)))
        }
        for x in 0..<17 {
            for channel in 0..<3 { #expect((0...30).contains(planes.color(x, 0)[channel])) }
        }
    }

    @Test(arguments: runnable)
    func `a graded view is blended by its weights`(set: InstructionSet) {
        let kernels = KernelTable.of(set)
        var grade = cyc_grade()
        grade.out_matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1)
        grade.clip = 1
        for width in widths {
            let source = GuardedPlanes(width: width, height: 2, offset: 1)
            let out = GuardedPlanes(width: width, height: 2, offset: 4)
            var weights = [Float](repeating: 0, count: source.stride * 2)
            for y in 0..<2 {
                for x in 0..<width {
                    source.set(x, y, SIMD3(1, 0.5, 0.25))
                    out.set(x, y, SIMD3(0.25, 0.25, 0.5))
                    weights[y * source.stride + x] = Float(x) / Float(width)
                }
            }
            kernels.grade_over(
                &grade, cyc_region(x: 0, y: 0, width: Int32(width), height: 2), source.planes,
                &weights, out.planes)
            for x in 0..<width {
                let w = Double(Float(x) / Float(width))
                #expect(abs(out.color(x, 1).x - (0.25 + w * 0.75)) < 1e-6)
                #expect(abs(out.color(x, 1).z - (0.5 - w * 0.25)) < 1e-6)
            }
            #expect(out.canariesLive)
        }
    }

    @Test(arguments: runnable)
    func `an outline's weight is what the reference says`(set: InstructionSet) {
        let kernels = KernelTable.of(set)
        var outline = cyc_outline()
        outline.right = cyc_linear(at: -1.2, along_x: 0.05, along_y: 0.01)
        outline.forward = cyc_linear(at: 2, along_x: -0.03, along_y: 0.02)
        outline.down = cyc_linear(at: -0.3, along_x: 0.002, along_y: 0.2)
        outline.edge_left = (-0.4, 0.01, 0.05, 0, 0.01)
        outline.edge_right = (0.45, 0.02, -0.04, 0, -0.01)
        outline.edge_top = (-0.2, 0, 0.05, 0.02, 0)
        outline.edge_bottom = (0.22, 0, -0.05, 0, 0.02)
        (outline.a_min, outline.a_max, outline.b_min, outline.b_max) = (-0.5, 0.5, -0.3, 0.3)
        outline.per_soft_edge = 1 / 0.1
        var partly = 0
        for width in widths {
            let out = GuardedPlanes(width: width + 40, height: 6, offset: 2)
            kernels.weight(
                &outline, cyc_region(x: 0, y: -1, width: Int32(width + 40), height: 6),
                out.planes.red, out.planes.stride)
            for y in 0..<6 {
                for x in 0..<(width + 40) {
                    let truth = Reference.weight(outline, x, y - 1)
                    if truth > 0 && truth < 1 { partly += 1 }
                    #expect(abs(out.color(x, y).x - truth) < 2e-5)
                }
            }
            #expect(out.canariesLive)
        }
        #expect(partly > 500)
    }
}
