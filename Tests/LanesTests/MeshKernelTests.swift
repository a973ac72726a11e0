import Lanes
import Testing

struct MeshKernelTests {
    private let whole = cyc_region(x: 0, y: 0, width: 64, height: 16)

    @Test(arguments: runnable, [1, 15, 16, 17, 40, 64])
    func `triangles are set up through their corners`(set: InstructionSet, count: Int) {
        let mesh = RandomMesh(seed: UInt64(count), triangles: count)
        let triangles = mesh.placed(set)
        #expect(count < 17 || triangles.count > count / 3)
        for t in triangles {
            // Thin ones have values so steep that floats show.
            guard MeshReference.edges(t, 0, 0).reduce(0, +) > 100 else { continue }
            // The corners it was made of: where its values are theirs.
            let found = mesh.corners.contains { corners in
                corners.allSatisfy { corner in
                    let p = mesh.points[corner]
                    let (x, y) = (Double(p.x), Double(p.y))
                    let perW = MeshReference.at(t.per_w, x, y)
                    let u = MeshReference.at(t.u, x, y) / perW
                    return abs(perW * Double(p.z) - 1) < 2e-2
                        && abs(u - Double(mesh.data.u![corner])) < 2e-2
                        && MeshReference.edges(t, x, y).count { abs($0) < 0.1 } >= 2
                }
            }
            #expect(found)
            #expect(t.object == 7 && t.left <= t.right && t.right < 64 && t.bottom < 16)
        }
    }

    @Test(arguments: runnable, [4, 1])
    func `a sample is inside where the reference says, and the nearest triangle is seen`(
        set: InstructionSet, perPixel: Int
    ) {
        let places = perPixel == 4 ? MeshReference.samples : [SIMD2(0, 0)]
        let kernels = KernelTable.of(set).mesh
        var (compared, seen) = (0, 0)
        for seed in 1...12 as ClosedRange<UInt64> {
            let mesh = RandomMesh(seed: seed, triangles: 24)
            var data = mesh.data
            var triangles = mesh.placed(set)
            let out = MeshSamples(perPixel: perPixel)
            for index in triangles.indices {
                kernels.raster(&data, &triangles[index], UInt32(index + 1), whole, out.samples)
            }
            for y in 0..<16 {
                for x in 0..<64 {
                    for (s, offset) in places.enumerated() {
                        let truth = nearest(
                            triangles, Double(x) + offset.x, Double(y) + offset.y)
                        guard let truth else { continue }
                        compared += 1
                        if truth.id > 0 { seen += 1 }
                        #expect(out.id(x, y, s) == truth.id, "seed \(seed): \(x), \(y), \(s)")
                        #expect(abs(Double(out.depth(x, y, s)) - truth.depth) < 1e-3)
                    }
                }
            }
            #expect(out.canariesLive)
        }
        #expect(compared > 10_000 * perPixel && seen > 5_000 * perPixel)
    }

    /// The nearest triangle at a place; nil when it is too close to an edge or a rival to tell.
    private func nearest(
        _ triangles: [cyc_mesh_triangle], _ x: Double, _ y: Double
    ) -> (id: UInt32, depth: Double)? {
        var best: (id: UInt32, depth: Double) = (0, 0)
        for (index, t) in triangles.enumerated() {
            let least = MeshReference.edges(t, x, y).min()!
            if abs(least) < 1e-2 { return nil }
            guard least > 0 else { continue }
            let depth = MeshReference.at(t.per_w, x, y)
            if abs(depth - best.depth) < 2e-3 { return nil }
            if depth > best.depth { best = (UInt32(index + 1), depth) }
        }
        return best
    }

    @Test(arguments: runnable)
    func `two triangles that share an edge share no sample and leave none out`(
        set: InstructionSet
    ) {
        let kernels = KernelTable.of(set).mesh
        for seed in 1...40 as ClosedRange<UInt64> {
            // A fan round a point inside the block, with corners far outside: it covers all of it.
            let fan = FanMesh(seed: seed)
            var data = fan.data
            var triangles = fan.placed(set)
            var counts = [Int](repeating: 0, count: 64 * 16 * 4)
            for index in triangles.indices {
                let out = MeshSamples()
                kernels.raster(&data, &triangles[index], 1, whole, out.samples)
                for (place, id) in out.allIds.enumerated() where id != 0 { counts[place] += 1 }
            }
            #expect(counts.allSatisfy { $0 == 1 }, "seed \(seed)")
        }
    }

    @Test(arguments: runnable, [0, 1, 2] as [Int32])
    func `a pixel's light is the texture's at the middle of its samples`(
        set: InstructionSet, wrap: Int32
    ) {
        let kernels = KernelTable.of(set).mesh
        var compared = 0
        for seed in 21...26 as ClosedRange<UInt64> {
            let mesh = RandomMesh(seed: seed, triangles: 24, wrap: wrap)
            var data = mesh.data
            var triangles = mesh.placed(set)
            var colors = [cyc_mesh_colors](repeating: cyc_mesh_colors(), count: 256)
            let out = MeshSamples()
            for index in triangles.indices {
                kernels.raster(&data, &triangles[index], UInt32(index + 1), whole, out.samples)
            }
            // A region that starts and ends between steps.
            let region = cyc_region(x: 3, y: 1, width: 58, height: 15)
            let light = GuardedPlanes(width: 58, height: 15, offset: 2)
            for y in 0..<15 { for x in 0..<58 { light.set(x, y, SIMD3(0.5, 0.25, 0.125)) } }
            kernels.shade(&data, &triangles, &colors, region, out.samples, 0, light.planes)
            for y in 0..<15 {
                for x in 0..<58 {
                    guard let truth = shaded(out, triangles, data, x + 3, y + 1) else { continue }
                    compared += 1
                    let error = light.color(x, y) - truth
                    #expect(max(abs(error.x), abs(error.y), abs(error.z)) < 4e-3)
                }
            }
            #expect(light.canariesLive)
        }
        #expect(compared > 2000)
    }

    /// A pixel's light over the test's ground; nil where the footprint is too small or too bent for
    /// floats and doubles to choose the same texels.
    private func shaded(
        _ out: MeshSamples, _ triangles: [cyc_mesh_triangle], _ data: cyc_mesh_data, _ x: Int,
        _ y: Int
    ) -> SIMD3<Double>? {
        let ids = (0..<4).map { out.id(x, y, $0) }
        var truth = SIMD3(0.5, 0.25, 0.125) * Double(ids.count { $0 == 0 }) / 4
        for id in Set(ids) where id != 0 {
            let own = (0..<4).filter { ids[$0] == id }
            let middle =
                own.reduce(SIMD2<Double>()) { $0 + MeshReference.samples[$1] } / Double(own.count)
            let t = triangles[Int(id) - 1]
            let place = SIMD2(Double(x), Double(y)) + middle
            let light = MeshReference.light(data, t, place.x, place.y)
            // A place a little aside must have nearly the same light: no step between.
            for aside in [SIMD2(1e-3, 0), SIMD2(0, 1e-3)] {
                let other = MeshReference.light(data, t, place.x + aside.x, place.y + aside.y)
                if (abs(other.x - light.x) + abs(other.y - light.y)) > 2e-3 { return nil }
            }
            truth += SIMD3(light.x, light.y, light.z) * Double(own.count) / 4
        }
        return truth
    }

    @Test(arguments: runnable)
    func `a mask shows the samples its coverage reaches`(set: InstructionSet) {
        let kernels = KernelTable.of(set).mesh
        var (compared, shown) = (0, 0)
        for seed in 31...36 as ClosedRange<UInt64> {
            let mesh = RandomMesh(seed: seed, triangles: 6, flags: Int32(CYC_MESH_MASKED))
            var data = mesh.data
            var triangles = mesh.placed(set)
            for index in triangles.indices {
                let out = MeshSamples()
                kernels.raster(&data, &triangles[index], 1, whole, out.samples)
                let t = triangles[index]
                for y in 0..<16 {
                    for x in 0..<64 {
                        let pixel = SIMD2(Double(x), Double(y))
                        let middle = MeshReference.coverage(data, t, pixel: pixel)
                        // Where all four samples agree by a wide margin, whatever the slope.
                        let isInside = MeshReference.samples.allSatisfy {
                            MeshReference.edges(t, pixel.x + $0.x, pixel.y + $0.y).min()! > 1e-2
                        }
                        guard isInside else { continue }
                        let seen = (0..<4).count { out.id(x, y, $0) != 0 }
                        if abs(middle - 127.5) < 1 { continue }
                        compared += 1
                        shown += seen
                        // The middle stands between the samples, so some are on its side.
                        #expect(middle > 127.5 ? seen > 0 : seen < 4)
                    }
                }
            }
        }
        #expect(compared > 1000 && shown > 1000)
    }

    @Test(arguments: runnable)
    func `of one sample a pixel all kernels look at its middle`(set: InstructionSet) {
        let kernels = KernelTable.of(set).mesh
        let mesh = RandomMesh(seed: 51, triangles: 9, flags: Int32(CYC_MESH_MASKED))
        var data = mesh.data
        var triangles = mesh.placed(set)
        // A region that starts and ends between steps.
        let region = cyc_region(x: 3, y: 1, width: 58, height: 15)
        var (compared, shown) = (0, 0)
        for index in triangles.indices {
            let out = MeshSamples(perPixel: 1)
            kernels.raster(&data, &triangles[index], UInt32(index + 1), whole, out.samples)
            let t = triangles[index]
            for y in 0..<16 {
                for x in 0..<64 {
                    let (px, py) = (Double(x), Double(y))
                    let edge = MeshReference.edges(t, px, py).min()!
                    let middle = MeshReference.coverage(data, t, pixel: SIMD2(px, py))
                    if abs(edge) < 1e-2 || abs(middle - 127.5) < 1 { continue }
                    compared += 1
                    let isSeen = edge > 0 && middle > 127.5
                    if isSeen { shown += 1 }
                    #expect((out.id(x, y, 0) != 0) == isSeen)
                }
            }
            var seen: [Bool] = []
            for y in 1..<16 { seen += (3..<61).map { out.id($0, y, 0) != 0 } }
            let filled = kernels.filled(region, out.samples)
            #expect((filled & 1 != 0) == seen.contains(true))
            #expect((filled & 2 != 0) == !seen.contains(false))
            var weights = [Float](repeating: -1, count: 64 * 15)
            kernels.unhidden(
                cyc_linear(at: 1e-6, along_x: 0, along_y: 0), region, out.samples, &weights, 64)
            for (place, isHidden) in seen.enumerated() {
                #expect(weights[place / 58 * 64 + place % 58] == (isHidden ? 0 : 1))
            }
        }
        #expect(compared > 4000 && shown > 200)
    }

    @Test(.enabled(if: runnable.count == 2, "this machine has no AVX-512"))
    func `both instruction sets set up and see the same`() {
        for seed in 41...48 as ClosedRange<UInt64> {
            let mesh = RandomMesh(seed: seed, triangles: 50)
            let seen = runnable.map { set in
                var data = mesh.data
                var triangles = mesh.placed(set, near: 0.8)
                let out = MeshSamples()
                for index in triangles.indices {
                    KernelTable.of(set).mesh.raster(
                        &data, &triangles[index], UInt32(index + 1), whole, out.samples)
                }
                return out.allIds
            }
            #expect(seen[0] == seen[1])
            #expect(seen[0].contains { $0 != 0 })
        }
    }

    @Test(arguments: runnable)
    func `room that ends is not written beyond`(set: InstructionSet) {
        let mesh = RandomMesh(seed: 5, triangles: 64)
        var data = mesh.data
        var view = cyc_mesh_view()
        view.x = (1, 0, 0, 0)
        view.y = (0, 1, 0, 0)
        view.w = (0, 0, 1, 0)
        view.near_w = 0.01
        (view.width, view.height) = (64, 16)
        view.samples = 4
        var triangles = [cyc_mesh_triangle](repeating: cyc_mesh_triangle(), count: 8)
        var colors = [cyc_mesh_colors](repeating: cyc_mesh_colors(), count: 8)
        triangles[5].object = 99
        let count = KernelTable.of(set).mesh.place(&data, 0, 7, &view, &triangles, &colors, 5)
        #expect(count == 5)
        #expect(triangles[4].object == 7 && triangles[5].object == 99)
    }
}
