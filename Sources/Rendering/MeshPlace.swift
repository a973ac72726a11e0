public import FrameModel
import Geometry
import Lanes
import StageModel
import Synchronization

/// The first half of drawing meshes: which triangles are on which piece, for every view.
extension StagePlan {
    /// Takes up a frame's meshes; on one thread, before any worker calls `placeMeshes`.
    ///
    /// Without meshes in its scenes nothing is done.
    /// - Frame path: yes
    public func beginMeshes(_ frame: UnsafePointer<FramePlan>) {
        begin(DrawnScene(frame, meshes), frame)
        begin(DrawnScene(leaving: frame, leavingMeshes), frame)
    }

    private func begin(_ drawn: DrawnScene, _ frame: UnsafePointer<FramePlan>) {
        guard let scene = drawn.scene, scene.pointee.meshes.count > 0,
            frame.pointee.light != 0, frame.pointee.pattern.pattern == .picture
        else {
            drawn.arena.begin(nil, frame: frame.pointee.frame, jobs: 0)
            return
        }
        let views = frame.pointee.viewCount
        drawn.arena.begin(
            scene, frame: frame.pointee.frame, jobs: drawn.arena.blockCount &* views)
        var view = 0
        while view < views {
            sortObjects(frame, drawn, scene, view)
            view &+= 1
        }
    }

    /// Sets a frame's triangles up, together with every other worker that calls it; returns when
    /// all are.
    ///
    /// Each worker calls it once a frame, before its first tile.
    /// - Frame path: yes
    public func placeMeshes(_ frame: UnsafePointer<FramePlan>) {
        place(DrawnScene(frame, meshes), frame)
        place(DrawnScene(leaving: frame, leavingMeshes), frame)
    }

    private func place(_ drawn: DrawnScene, _ frame: UnsafePointer<FramePlan>) {
        let arena = drawn.arena
        guard arena.jobCount > 0 else { return }
        arena.run(
            count: { job in
                arena.jobs[job].wanted = Int32(countTriangles(frame, drawn, job))
                arena.jobs[job].count = 0
            },
            place: { job in
                guard arena.jobs[job].room > 0 else {
                    arena.dropped.wrappingAdd(Int(arena.jobs[job].wanted), ordering: .relaxed)
                    return
                }
                placeTriangles(frame, drawn, job)
                enterPieces(
                    arena, job, reduction: reduction(frame, view: job / arena.blockCount))
            })
    }

    /// Triangles of the newest frame whose clusters found no room in the arena (`RenderLimits`).
    /// - Frame path: yes
    public var droppedTriangles: Int {
        meshes.dropped.load(ordering: .relaxed) &+ leavingMeshes.dropped.load(ordering: .relaxed)
    }

    /// Opaque and masked objects near to far, so that what is hidden is not shaded; then blended
    /// ones far to near.
    private func sortObjects(
        _ frame: UnsafePointer<FramePlan>, _ drawn: DrawnScene,
        _ scene: UnsafePointer<PreparedScene>, _ view: Int
    ) {
        let count = scene.pointee.meshes.count
        let order = drawn.arena.order + view &* SceneLimits.meshObjects
        let keys = drawn.arena.sortKeys
        let eye = drawn.sceneFromStage * viewPlan(frame, view).pointee.eye
        let point = SIMD3<Float>(Float(eye.x), Float(eye.y), Float(eye.z))
        var index = 0
        while index < count {
            let object = scene.pointee.meshes.objects! + index
            let way = object.pointee.center - point
            let distance = (way * way).sum()
            // Layers first, then distance: positive floats sort as their bits do.
            let layer = UInt64(object.pointee.layer.rawValue)
            let bits = object.pointee.layer == .blended ? ~distance.bitPattern : distance.bitPattern
            keys[index] = layer << 48 | UInt64(bits) << 16 | UInt64(index)
            index &+= 1
        }
        sortKeys(keys, count)
        index = 0
        while index < count {
            order[index] = UInt16(truncatingIfNeeded: keys[index])
            index &+= 1
        }
    }

    /// Shell sort in place (gaps of Ciura, 2001): the objects of a frame stand nearly as before.
    private func sortKeys(_ keys: UnsafeMutablePointer<UInt64>, _ count: Int) {
        let gaps: InlineArray<8, Int> = [701, 301, 132, 57, 23, 10, 4, 1]
        var step = 0
        while step < 8 {
            let gap = gaps[step]
            var index = gap
            while index < count {
                let key = keys[index]
                var place = index
                while place >= gap && keys[place &- gap] > key {
                    keys[place] = keys[place &- gap]
                    place &-= gap
                }
                keys[place] = key
                index &+= 1
            }
            step &+= 1
        }
    }

    /// A view of a plan, in place.
    /// - Frame path: yes
    func viewPlan(_ frame: UnsafePointer<FramePlan>, _ view: Int) -> UnsafePointer<ViewPlan> {
        (UnsafeRawPointer(frame) + viewsOffset).assumingMemoryBound(to: ViewPlan.self) + view
    }

    /// A job's block seen by its view; nil when nothing of that view is shown on it.
    private func sight(
        _ frame: UnsafePointer<FramePlan>, _ drawn: DrawnScene, _ job: Int
    ) -> MeshSight? {
        let arena = drawn.arena
        let block = arena.blocks.baseAddress! + job % arena.blockCount
        let view = job / arena.blockCount
        let patch = Patch(block.pointee.facet, block.pointee.area)
        func coverage(by view: Int) -> Coverage {
            let plan = viewPlan(frame, view)
            return Coverage(of: SeenPatch(patch, plan), plan)
        }
        if view > 0 && coverage(by: view) == .outside { return nil }
        var above = view &+ 1
        while above < frame.pointee.viewCount {
            if coverage(by: above) == .inside { return nil }
            above &+= 1
        }
        let side = reduction(frame, view: view)
        return MeshSight(
            Rays(
                side == 1 ? patch : patch.squares(of: side),
                eye: viewPlan(frame, view).pointee.eye, drawn.sceneFromStage),
            samples: frame.pointee.quality.meshSamples)
    }

    /// Room a job needs at most: every triangle of its clusters, two for one that may be cut.
    private func countTriangles(
        _ frame: UnsafePointer<FramePlan>, _ drawn: DrawnScene, _ job: Int
    ) -> Int {
        guard let sight = sight(frame, drawn, job) else { return 0 }
        var count = 0
        eachCluster(drawn, job, sight) { _, cluster, reach in
            let triangles = Int(cluster.pointee.triangles)
            count &+= reach == .crossing ? 2 &* triangles : triangles
        }
        return count
    }

    /// Calls `body` with each cluster that may be on a job's block, in the order of its view.
    private func eachCluster(
        _ drawn: DrawnScene, _ job: Int, _ sight: MeshSight,
        _ body: (Int, UnsafePointer<cyc_mesh_cluster>, MeshSight.Reach) -> Void
    ) {
        let scene = drawn.scene!
        let order =
            drawn.arena.order + job / drawn.arena.blockCount &* SceneLimits.meshObjects
        let clusters = scene.pointee.meshes.data.clusters!
        var place = 0
        while place < scene.pointee.meshes.count {
            let index = Int(order[place])
            let object = scene.pointee.meshes.objects! + index
            let center = object.pointee.center
            place &+= 1
            if sight.reach(center.x, center.y, center.z, object.pointee.radius) == .outside {
                continue
            }
            let first = Int(object.pointee.firstCluster)
            var cluster = first
            while cluster < first &+ Int(object.pointee.clusterCount) {
                let sphere = clusters[cluster].center
                let reach = sight.reach(
                    sphere.0, sphere.1, sphere.2, clusters[cluster].radius)
                if reach != .outside { body(index, clusters + cluster, reach) }
                cluster &+= 1
            }
        }
    }

    /// Touches the memory that frames with meshes write to, before the first of them; on any
    /// thread, also while frames without meshes are made.
    public func touchMeshes() {
        meshes.touch()
        leavingMeshes.touch()
    }

    /// Sets a job's triangles up.
    private func placeTriangles(
        _ frame: UnsafePointer<FramePlan>, _ drawn: DrawnScene, _ job: Int
    ) {
        let meshes = drawn.arena
        guard let sight = sight(frame, drawn, job) else { return }
        let data = meshData(drawn.scene!)
        let first = Int(meshes.jobs[job].first)
        let room = Int(meshes.jobs[job].room)
        var view = sight.view
        var count = 0
        eachCluster(drawn, job, sight) { object, cluster, _ in
            guard count < room else {
                meshes.dropped.wrappingAdd(Int(cluster.pointee.triangles), ordering: .relaxed)
                return
            }
            count &+= Int(
                kernels.mesh.place(
                    data, UInt32(cluster - data.pointee.clusters!), UInt32(object), &view,
                    meshes.triangles + (first &+ count), meshes.colors + (first &+ count),
                    Int32(room &- count)))
            // It may have been cut, and how many are missing then nobody knows.
            if count == room { meshes.dropped.wrappingAdd(1, ordering: .relaxed) }
        }
        meshes.jobs[job].count = Int32(count)
    }

    /// The kernels' view of a scene's meshes, in place.
    /// - Frame path: yes
    func meshData(_ scene: UnsafePointer<PreparedScene>) -> UnsafePointer<cyc_mesh_data> {
        (UnsafeRawPointer(scene) + meshDataOffset).assumingMemoryBound(to: cyc_mesh_data.self)
    }

    /// Enters a job's triangles in the lists of the pieces they may touch.
    ///
    /// Lists keep the order of the triangles: count, then sum, then fill.
    private func enterPieces(_ meshes: MeshArena, _ job: Int, reduction: Int) {
        let block = meshes.blocks[job % meshes.blockCount]
        let starts = meshes.starts + job &* meshes.startsAJob
        let first = Int(meshes.jobs[job].first)
        let count = Int(meshes.jobs[job].count)
        let wide = block.pieceCount
        starts.update(repeating: 0, count: wide &+ 3)
        var index = 0
        while index < count {
            block.eachPiece(of: meshes.triangles + (first &+ index), reduction) {
                starts[$0 &+ 1] &+= 1
            }
            index &+= 1
        }
        // Then list p ends at starts[p + 1]; filling from there downwards leaves its start.
        var list = 0
        while list <= wide {
            starts[list &+ 1] &+= starts[list]
            list &+= 1
        }
        starts[wide &+ 2] = starts[wide &+ 1]
        let entries = meshes.entries + first &* RenderLimits.meshPieces
        index = count
        while index > 0 {
            index &-= 1
            let id = UInt32(first &+ index)
            block.eachPiece(of: meshes.triangles + Int(id), reduction) {
                starts[$0 &+ 1] &-= 1
                entries[Int(starts[$0 &+ 1])] = id
            }
        }
    }
}

extension MeshBlock {
    /// Lists a triangle is entered in: its pieces, or the list after the last piece when it
    /// touches more than a few.
    ///
    /// Drawn in squares, a piece has two more than its pixels make, the first and the last of
    /// which its neighbors have too.
    /// - Frame path: yes
    func eachPiece(
        of triangle: UnsafePointer<cyc_mesh_triangle>, _ reduction: Int, _ body: (Int) -> Void
    ) {
        let width = pieceWidth / reduction
        let height = RenderLimits.pieceHeight / reduction
        let shared = reduction == 1 ? 0 : 2
        let left = Swift.max(0, Int(triangle.pointee.left) &- shared) / width
        let right = Swift.min(piecesAcross &- 1, Int(triangle.pointee.right) / width)
        let top = Swift.max(0, Int(triangle.pointee.top) &- shared) / height
        let bottom = Swift.min(piecesDown &- 1, Int(triangle.pointee.bottom) / height)
        if (right &- left &+ 1) &* (bottom &- top &+ 1) > RenderLimits.meshPieces {
            body(pieceCount)
            return
        }
        var row = top
        while row <= bottom {
            var column = left
            while column <= right {
                body(row &* piecesAcross &+ column)
                column &+= 1
            }
            row &+= 1
        }
    }
}
