import Lanes
import TestSupport
import Testing

struct EnlargeTests {
    @Test(arguments: runnable, [2, 4])
    func `squares are brought up to pixels as the reference does`(
        set: InstructionSet, reduction: Int
    ) {
        let kernels = KernelTable.of(set)
        var random = SeededRandom(seed: 11)
        // Every phase of the first pixel, in both directions.
        for (x, y) in [(0, 0), (1, 3), (2, 1), (3, 2), (5, 16), (16, 5)] {
            for width in widths {
                let (left, top) = (before(x, reduction), before(y, reduction))
                let across = before(x + width - 1, reduction) + 2 - left
                let down = before(y + 4, reduction) + 2 - top
                let squares = GuardedPlanes(width: across, height: down, offset: 3)
                for row in 0..<down {
                    for column in 0..<across {
                        squares.set(
                            column, row,
                            SIMD3(random.float(0...1), random.float(0...40), random.float(0...1)))
                    }
                }
                let out = GuardedPlanes(width: width, height: 5, offset: 6)
                kernels.enlarge(
                    Int32(reduction),
                    cyc_region(x: Int32(x), y: Int32(y), width: Int32(width), height: 5),
                    squares.planes, out.planes)
                for row in 0..<5 {
                    for column in 0..<width {
                        let truth = Reference.enlarged(
                            reduction: reduction, x + column, y + row
                        ) { squares.color($0 - left, $1 - top) }
                        let error = out.color(column, row) - truth
                        #expect(max(abs(error.x), abs(error.y), abs(error.z)) < 1e-5)
                    }
                }
                #expect(out.canariesLive && squares.canariesLive)
            }
        }
    }

    @Test(arguments: runnable, [2, 4])
    func `a slope stays that slope, unmoved`(set: InstructionSet, reduction: Int) {
        let squares = GuardedPlanes(width: 20, height: 20, offset: 0)
        // What stands at the centre of each square: the pixel's own place.
        func place(_ square: Int) -> Float {
            Float(reduction * square) - Float(reduction + 1) / 2
        }
        for row in 0..<20 {
            for column in 0..<20 {
                squares.set(column, row, SIMD3(place(column), place(row), 7))
            }
        }
        let size = 18 * reduction
        let out = GuardedPlanes(width: size, height: size, offset: 0)
        KernelTable.of(set).enlarge(
            Int32(reduction), cyc_region(x: 0, y: 0, width: Int32(size), height: Int32(size)),
            squares.planes, out.planes)
        for y in 0..<size {
            for x in 0..<size {
                #expect(out.color(x, y) == SIMD3(Double(x), Double(y), 7))
            }
        }
    }

    @Test(arguments: runnable)
    func `a view of weight 1 hides what lies below to the last bit, one of 0 leaves it`(
        set: InstructionSet
    ) {
        var grade = cyc_grade()
        grade.out_matrix = (1, 0, 0, 0, 1, 0, 0, 0, 1)
        grade.clip = 1e6
        var random = SeededRandom(seed: 12)
        let view = GuardedPlanes(width: 32, height: 1, offset: 0)
        let out = GuardedPlanes(width: 32, height: 1, offset: 0)
        var below: [SIMD3<Float>] = []
        for x in 0..<32 {
            let light = SIMD3(random.float(0...1), random.float(0...1), random.float(0...1))
            below.append(SIMD3(random.float(0...9), random.float(0...1e-4), random.float(0...1)))
            view.set(x, 0, light)
            out.set(x, 0, below[x])
        }
        var weights = (0..<64).map { Float($0 % 2) }
        KernelTable.of(set).grade_over(
            &grade, cyc_region(x: 0, y: 0, width: 32, height: 1), view.planes, &weights,
            out.planes)
        for x in 0..<32 {
            let expected = x % 2 == 1 ? view.color(x, 0) : SIMD3<Double>(below[x])
            #expect(out.color(x, 0) == expected)
        }
    }

    /// The square a pixel lies after.
    private func before(_ pixel: Int, _ reduction: Int) -> Int {
        (2 * pixel + reduction + 1) / (2 * reduction)
    }
}
