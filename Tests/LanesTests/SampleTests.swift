import Lanes
import TestSupport
import Testing

/// All small widths, and some that end in each kind of tail.
let widths = Array(1...36) + [47, 48, 49, 64, 65, 131]

struct SampleTests {
    @Test(arguments: runnable)
    func `a flat picture is what the reference in doubles says`(set: InstructionSet) {
        let kernels = KernelTable.of(set)
        let picture = RandomPicture(width: 70, height: 40, seed: 1)
        var map = picture.map()
        for width in widths {
            let out = GuardedPlanes(width: width, height: 3, offset: width % 5)
            let region = cyc_region(x: Int32(width % 7), y: 2, width: Int32(width), height: 3)
            kernels.picture(&map, region, out.planes)
            for y in 0..<3 {
                for x in 0..<width {
                    let truth = Reference.picture(map, x + width % 7, y + 2)
                    #expect(near(out.color(x, y), truth, 2e-4))
                }
            }
            #expect(out.canariesLive)
        }
    }

    @Test(arguments: runnable, [0, 0.05, -0.17, 0.4] as [Float])
    func `an upright picture and card are what the reference says`(
        set: InstructionSet, slope: Float
    ) {
        let kernels = KernelTable.of(set)
        let picture = RandomPicture(width: 70, height: 70, seed: 11)
        for (across, down) in [(0.3, 0.4), (1, 1), (1.4, 1.46), (-1.1, 0.9), (0.8, -1)]
            as [(Float, Float)]
        {
            var map = picture.uprightMap(
                across: across, slope: slope, down: down, perspective: 0.0007)
            for width in [1, 5, 16, 17, 36, 49] {
                // Up to a whole column of 32 rows and a row of the next.
                let height = width == 36 ? 33 : width == 49 ? 32 : 3 + width % 19
                let region = cyc_region(
                    x: Int32(width % 7), y: 2, width: Int32(width), height: Int32(height))
                let opaque = GuardedPlanes(width: width, height: height, offset: width % 5)
                kernels.picture(&map, region, opaque.planes)
                let over = GuardedPlanes(width: width, height: height, offset: 2)
                for y in 0..<height { for x in 0..<width { over.set(x, y, SIMD3(0.5, 2, 1)) } }
                kernels.card(&map, region, over.planes)
                for y in 0..<height {
                    for x in 0..<width {
                        let (column, row) = (x + width % 7, y + 2)
                        let truth = Reference.picture(map, column, row)
                        #expect(near(opaque.color(x, y), truth, 2e-4))
                        let c = Reference.card(map, column, row)
                        let covered = c + SIMD4(0.5, 2, 1, 0) * (1 - c.w)
                        #expect(near(over.color(x, y), covered, 3e-4))
                    }
                }
                #expect(opaque.canariesLive && over.canariesLive)
            }
        }
    }

    /// A plain grade and one with a stage, of upright pictures and another one.
    @Test(arguments: runnable, [0, 1] as [Int32])
    func `a graded picture is the picture, then its grade`(set: InstructionSet, stages: Int32) {
        let kernels = KernelTable.of(set)
        let picture = RandomPicture(width: 70, height: 70, seed: 12)
        var grade = cyc_grade()
        grade.out_matrix = (0.8, 0.1, 0.1, 0.05, 0.9, 0.05, 0.02, 0.08, 0.9)
        grade.offset = (0.01, -0.02, 0)
        grade.clip = 2
        grade.floor = (0, 0.3, 0.1)
        grade.stages.0.matrix = (2, 0, 0, 0, 0.5, 0, 0, 0, 1)
        grade.stage_count = stages
        var maps = [picture.map()]
        for slope in [0, 0.05, -0.17, 0.4] as [Float] {
            for (across, down) in [(1, 1), (-1.1, 0.9), (0.8, -1)] as [(Float, Float)] {
                maps.append(
                    picture.uprightMap(
                        across: across, slope: slope, down: down, perspective: 0.0007))
            }
        }
        for var map in maps {
            for width in [1, 16, 17, 49] {
                let height = width == 49 ? 33 : 5
                let region = cyc_region(x: 3, y: 1, width: Int32(width), height: Int32(height))
                let one = GuardedPlanes(width: width, height: height, offset: 3)
                let (seen, two) = (
                    GuardedPlanes(width: width, height: height, offset: 1),
                    GuardedPlanes(width: width, height: height, offset: 2)
                )
                kernels.graded_picture(&map, &grade, region, one.planes)
                kernels.picture(&map, region, seen.planes)
                kernels.grade(&grade, region, seen.planes, two.planes)
                let isSame = (0..<height).allSatisfy { y in
                    (0..<width).allSatisfy { one.color($0, y) == two.color($0, y) }
                }
                #expect(isSame, "\(width)")
                #expect(one.canariesLive)
            }
        }
    }

    @Test(arguments: runnable)
    func `a card lies over what is there, with soft edges`(set: InstructionSet) {
        let kernels = KernelTable.of(set)
        let picture = RandomPicture(width: 60, height: 30, seed: 2)
        var map = picture.map()
        var touched = 0
        for width in widths {
            let out = GuardedPlanes(width: width, height: 5, offset: 3)
            for y in 0..<5 { for x in 0..<width { out.set(x, y, SIMD3(0.5, 0.25, 0.125)) } }
            let region = cyc_region(x: -2, y: -1, width: Int32(width), height: 5)
            kernels.card(&map, region, out.planes)
            for y in 0..<5 {
                for x in 0..<width {
                    let c = Reference.card(map, x - 2, y - 1)
                    if c.w > 0 { touched += 1 }
                    let truth = c + SIMD4(0.5, 0.25, 0.125, 0) * (1 - c.w)
                    #expect(near(out.color(x, y), truth, 3e-4))
                }
            }
            #expect(out.canariesLive)
        }
        #expect(touched > 1000)
    }

    @Test(arguments: runnable)
    func `a card behind the eye is not drawn`(set: InstructionSet) {
        let picture = RandomPicture(width: 60, height: 30, seed: 2)
        var map = picture.map()
        map.w = cyc_linear(at: -1, along_x: 0, along_y: 0)
        let out = GuardedPlanes(width: 16, height: 1, offset: 0)
        for x in 0..<16 { out.set(x, 0, SIMD3(1, 2, 3)) }
        KernelTable.of(set).card(
            &map, cyc_region(x: 0, y: 0, width: 16, height: 1), out.planes)
        for x in 0..<16 { #expect(out.color(x, 0) == SIMD3(1, 2, 3)) }
    }

    @Test(arguments: runnable, [0, -0.75] as [Float])
    func `a dome is what the reference says in every direction`(
        set: InstructionSet, radiusTerm: Float
    ) {
        let kernels = KernelTable.of(set)
        let faces = RandomPicture(width: 32, height: 32, faces: 6, seed: 3)
        var random = SeededRandom(seed: 4)
        for width in widths {
            var map = randomDome(faces, radiusTerm: radiusTerm, &random)
            let out = GuardedPlanes(width: width, height: 2, offset: 1)
            kernels.dome(
                &map, cyc_region(x: 0, y: 0, width: Int32(width), height: 2), out.planes)
            var off = 0
            for y in 0..<2 {
                for x in 0..<width
                where !near(
                    out.color(x, y), Reference.dome(map, x, y), 2e-3)
                { off += 1 }
            }
            // The border of this picture is random too, so a pixel on the edge of two faces may
            // take either.
            #expect(off <= 1)
            #expect(out.canariesLive)
        }
    }

    @Test func `places that are not numbers are sampled inside the picture`() {
        for set in runnable {
            let picture = RandomPicture(width: 8, height: 8, seed: 5)
            var map = picture.map()
            map.u.along_x = .nan
            map.w.along_x = -0.25
            let out = GuardedPlanes(width: 16, height: 1, offset: 0)
            let region = cyc_region(x: 0, y: 0, width: 16, height: 1)
            KernelTable.of(set).picture(&map, region, out.planes)
            for x in 0..<16 { #expect(out.color(x, 0).x.isFinite) }
            KernelTable.of(set).card(&map, region, out.planes)
            #expect(out.canariesLive)
            var dome = cyc_dome_map()
            let faces = RandomPicture(width: 8, height: 8, faces: 6, seed: 6)
            dome.level = faces.level
            KernelTable.of(set).dome(&dome, region, out.planes)
            for x in 0..<16 { #expect(out.color(x, 0).x.isFinite) }
        }
    }

    private func near(_ a: SIMD3<Double>, _ b: SIMD4<Double>, _ tolerance: Double) -> Bool {
        abs(a.x - b.x) <= tolerance && abs(a.y - b.y) <= tolerance && abs(a.z - b.z) <= tolerance
    }
}
