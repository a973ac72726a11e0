import Lanes
import TestSupport
import Testing

/// Kernels of several samples a pixel against their references in doubles.
struct FilterKernelTests {
    /// Passes that write and add, bilinear and cubic, sharp and soft, of one sample and several,
    /// within a fade and outside.
    private let passes: [cyc_pass] = {
        let bend = cyc_bend(at: 1.2, along_x: 0.02, along_y: -0.03, along_xy: 0.004)
        let kinds: [(Int32, Int32, Float, Int32)] = [
            (1, 0, 0, 1), (0, 0, 0, 1), (1, 1, 0, 1), (0, 1, 1, 1), (0, 1, 0.4, 1), (1, 0, 0, 2),
            (0, 0, 0, 8), (1, 1, 0.4, 3),
        ]
        return kinds.map { isFirst, isCubic, softness, samples in
            cyc_pass(
                detail: bend, from: 1, to: 1.9, per_fade: 3, samples: samples, step_x: 0.21,
                step_y: -0.13, is_first: isFirst, is_cubic: isCubic, cubic_below: 1.7,
                per_cubic: 1.4, softness: softness)
        }
    }()

    @Test(arguments: runnable, [false, true])
    func `a pass over a flat picture is what the reference says`(
        set: InstructionSet, isUpright: Bool
    ) {
        let kernels = KernelTable.of(set)
        let picture = RandomPicture(width: 70, height: 40, border: 2, seed: 31)
        var map =
            isUpright
            ? picture.uprightMap(across: 0.8, slope: 0.05, down: 0.7, perspective: 0.0007)
            : picture.map()
        for pass in passes {
            for width in widths {
                let layer = GuardedLayer(width: width, height: 4)
                layer.fill(SIMD4(0.25, 0.5, 1, 0.125))
                var pass = pass
                let region = cyc_region(x: Int32(width % 7), y: 2, width: Int32(width), height: 4)
                kernels.picture_pass(&map, &pass, region, layer.layer)
                for y in 0..<4 {
                    for x in 0..<width {
                        var truth = Reference.picturePass(map, pass, x + width % 7, y + 2)
                        if pass.is_first == 0 { truth += SIMD4(0.25, 0.5, 1, 0.125) }
                        #expect(near(layer.color(x, y), truth, 3e-4))
                    }
                }
                #expect(layer.canariesLive)
            }
        }
    }

    /// What lets a part of a picture be drawn in one way or the other without a change of a byte.
    @Test(arguments: runnable, [0, 0.05, 0.4] as [Float])
    func `a pass whose share is one gives what the plain kernel gives`(
        set: InstructionSet, slope: Float
    ) {
        let kernels = KernelTable.of(set)
        var pass = cyc_pass()
        (pass.from, pass.to, pass.per_fade) = (-1e6, 1e6, 25)
        (pass.samples, pass.is_first) = (1, 1)
        let picture = RandomPicture(width: 70, height: 70, border: 2, seed: 35)
        let faces = RandomPicture(width: 32, height: 32, faces: 6, border: 2, seed: 36)
        var random = SeededRandom(seed: 37)
        for width in widths {
            let region = cyc_region(x: 1, y: 2, width: Int32(width), height: 9)
            func same(
                _ plain: (cyc_planes) -> Void, _ passed: (cyc_layer) -> Void
            ) -> Bool {
                let one = GuardedPlanes(width: width, height: 9, offset: 3)
                let other = GuardedPlanes(width: width, height: 9, offset: 5)
                plain(one.planes)
                passed(cyc_layer(light: other.planes, alpha: nil))
                return (0..<9).allSatisfy { y in
                    (0..<width).allSatisfy { one.color($0, y) == other.color($0, y) }
                }
            }
            let upright = picture.uprightMap(
                across: 0.8, slope: slope, down: 1.1, perspective: 0.0007)
            for var map in [picture.map(), upright] {
                let isSame = withUnsafePointer(to: &map) { map in
                    same({ kernels.picture(map, region, $0) }) {
                        kernels.picture_pass(map, &pass, region, $0)
                    }
                }
                #expect(isSame, "\(width)")
            }
            var dome = randomDome(faces, radiusTerm: -0.75, &random)
            let isSame = withUnsafePointer(to: &dome) { map in
                same({ kernels.dome(map, region, $0) }) {
                    kernels.dome_pass(map, &pass, region, $0)
                }
            }
            #expect(isSame, "dome, \(width)")
        }
    }

    @Test(arguments: runnable, [0, -0.75] as [Float])
    func `a pass over a dome is what the reference says`(
        set: InstructionSet, radiusTerm: Float
    ) {
        let kernels = KernelTable.of(set)
        let faces = RandomPicture(width: 32, height: 32, faces: 6, border: 2, seed: 32)
        var random = SeededRandom(seed: 33)
        for pass in passes {
            for width in widths {
                var map = randomDome(faces, radiusTerm: radiusTerm, &random)
                let layer = GuardedLayer(width: width, height: 2)
                layer.fill(SIMD4(0.25, 0.5, 1, 0.125))
                var pass = pass
                let region = cyc_region(x: 0, y: 0, width: Int32(width), height: 2)
                var to = layer.layer
                to.alpha = nil
                kernels.dome_pass(&map, &pass, region, to)
                var off = 0
                for y in 0..<2 {
                    for x in 0..<width {
                        var truth = Reference.domePass(map, pass, x, y)
                        if pass.is_first == 0 { truth += SIMD4(0.25, 0.5, 1, 0) }
                        truth.w = 0.125
                        if !near(layer.color(x, y), truth, 2e-3) { off += 1 }
                    }
                }
                // As in SampleTests: a pixel on the edge of two faces may take either.
                #expect(off <= 1)
                #expect(layer.canariesLive)
            }
        }
    }

    @Test(arguments: runnable)
    func `gathered samples lie over what is there within the card's edges`(set: InstructionSet) {
        let picture = RandomPicture(width: 60, height: 30, seed: 34)
        var map = picture.map()
        var random = SeededRandom(seed: 35)
        for hasEdges in [0, 1] as [Int32] {
            map.has_edges = hasEdges
            for width in widths {
                let layer = GuardedLayer(width: width, height: 5)
                var samples: [SIMD4<Float>] = []
                for _ in 0..<(5 * width) {
                    let alpha = Bool.random(using: &random) ? 0.999_999_5 : random.float(0...1)
                    samples.append(
                        SIMD4(random.float(0...2), random.float(0...2), alpha * 0.5, alpha))
                }
                for (i, sample) in samples.enumerated() {
                    layer.set(i % width, i / width, sample)
                }
                let out = GuardedPlanes(width: width, height: 5, offset: 3)
                let under = SIMD3<Float>(0.5, 2, 1)
                for y in 0..<5 { for x in 0..<width { out.set(x, y, under) } }
                let region = cyc_region(x: -2, y: -1, width: Int32(width), height: 5)
                KernelTable.of(set).lay_over(&map, region, layer.layer, out.planes)
                for y in 0..<5 {
                    for x in 0..<width {
                        let truth = Reference.laidOver(
                            map, SIMD4<Double>(samples[y * width + x]),
                            over: SIMD3<Double>(under), x - 2, y - 1)
                        let error = out.color(x, y) - truth
                        #expect(max(abs(error.x), abs(error.y), abs(error.z)) <= 3e-4)
                    }
                }
                #expect(out.canariesLive)
            }
        }
    }

    @Test(arguments: runnable)
    func `a cubic sample beside a bright point is neither black nor brighter than by a quarter`(
        set: InstructionSet
    ) {
        let picture = RandomPicture(width: 24, height: 24, border: 2, seed: 36) { x, y in
            x == 12 && y == 12 ? SIMD4(1000, 1000, 1000, 1) : SIMD4(0.5, 0.5, 0.5, 1)
        }
        var map = picture.map()
        map.u = cyc_linear(at: 8, along_x: 0.17, along_y: 0)
        map.v = cyc_linear(at: 8, along_x: 0, along_y: 0.17)
        map.w = cyc_linear(at: 1, along_x: 0, along_y: 0)
        var pass = passes[2]
        pass.detail = cyc_bend(at: 1.5, along_x: 0, along_y: 0, along_xy: 0)
        (pass.to, pass.cubic_below) = (1e6, 1e3)
        let layer = GuardedLayer(width: 48, height: 48)
        KernelTable.of(set).picture_pass(
            &map, &pass, cyc_region(x: 0, y: 0, width: 48, height: 48), layer.layer)
        for y in 0..<48 {
            for x in 0..<48 {
                let color = layer.color(x, y)
                #expect(color.x >= 0.3749 && color.x <= 1250.1 && color.w <= 1)
            }
        }
    }

    private func near(_ a: SIMD4<Double>, _ b: SIMD4<Double>, _ tolerance: Double) -> Bool {
        let error = a - b
        return max(abs(error.x), abs(error.y), abs(error.z), abs(error.w)) <= tolerance
    }
}

/// Planes and opacity with canaries round them.
private final class GuardedLayer {
    private let light: GuardedPlanes
    private let alpha: GuardedPlanes

    init(width: Int, height: Int) {
        light = GuardedPlanes(width: width, height: height, offset: 3)
        alpha = GuardedPlanes(width: width, height: height, offset: 3)
    }

    var layer: cyc_layer { cyc_layer(light: light.planes, alpha: alpha.planes.red) }

    var canariesLive: Bool { light.canariesLive && alpha.canariesLive }

    func set(_ x: Int, _ y: Int, _ color: SIMD4<Float>) {
        light.set(x, y, SIMD3(color.x, color.y, color.z))
        alpha.set(x, y, SIMD3(repeating: color.w))
    }

    func fill(_ color: SIMD4<Float>) {
        for y in 0..<light.height { for x in 0..<light.width { set(x, y, color) } }
    }

    func color(_ x: Int, _ y: Int) -> SIMD4<Double> {
        SIMD4(light.color(x, y), alpha.color(x, y).x)
    }
}
