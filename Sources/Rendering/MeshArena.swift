import FrameModel
import Glibc
import Lanes
import StageModel
import Synchronization

/// One block seen by one view in the frame being made.
struct MeshJob: BitwiseCopyable {
    /// Triangles it may need room for.
    var wanted: Int32 = 0
    /// First of its triangles in the arena.
    var first: Int32 = 0
    /// Room it was given.
    var room: Int32 = 0
    /// Triangles set up.
    var count: Int32 = 0
}

/// Memory of a frame's triangles, allocated once: blocks, jobs, triangles, and for each piece the
/// triangles on it.
///
/// `@unchecked Sendable` holds because between `begin` and the last tile each job is written by the
/// one worker that took its number, and read only after all jobs are done.
final class MeshArena: @unchecked Sendable {
    let blocks: UnsafeMutableBufferPointer<MeshBlock>
    let blockCount: Int
    let facets: UnsafeMutableBufferPointer<MeshFacet>
    /// First facet of each processor.
    let facetStarts: UnsafeMutableBufferPointer<Int>
    /// Job of view v on block b: v · blocks + b.
    let jobs: UnsafeMutablePointer<MeshJob>
    let triangles: UnsafeMutablePointer<cyc_mesh_triangle>
    let colors: UnsafeMutablePointer<cyc_mesh_colors>
    /// Triangles of pieces: `RenderLimits.meshPieces` for each triangle.
    let entries: UnsafeMutablePointer<UInt32>
    /// First entry of each piece of a job, then of the wide triangles, then the end.
    let starts: UnsafeMutablePointer<UInt32>
    let startsAJob: Int
    /// Objects of each view in the order they are drawn in.
    let order: UnsafeMutablePointer<UInt16>
    /// Where `begin` sorts them.
    let sortKeys: UnsafeMutablePointer<UInt64>

    var jobCount = 0
    /// What the jobs are of.
    var scene: UnsafePointer<PreparedScene>?
    var frame: Int64 = -1

    private let nextCounted = Atomic<Int>(0)
    private let counted = Atomic<Int>(0)
    private let assigned = Atomic<Int>(0)
    private let nextPlaced = Atomic<Int>(0)
    private let placed = Atomic<Int>(0)
    /// Triangles that found no room.
    let dropped = Atomic<Int>(0)

    init(stage: Stage) {
        var blocks: [MeshBlock] = []
        var facets: [MeshFacet] = []
        var starts: [Int] = []
        for processor in stage.processors.indices {
            starts.append(facets.count)
            for facet in stage.facets where facet.processor == processor {
                facets.append(MeshFacet(facet, to: &blocks))
            }
        }
        self.blocks = .allocate(capacity: max(1, blocks.count))
        _ = self.blocks.initialize(from: blocks)
        self.facets = .allocate(capacity: max(1, facets.count))
        _ = self.facets.initialize(from: facets)
        facetStarts = .allocate(capacity: max(1, starts.count))
        _ = facetStarts.initialize(from: starts)
        blockCount = blocks.count
        let jobsMax = blocks.count * FramePlan.viewsMax
        jobs = .allocate(capacity: max(1, jobsMax))
        jobs.initialize(repeating: MeshJob(), count: max(1, jobsMax))
        triangles = .allocate(capacity: RenderLimits.meshTriangles)
        colors = .allocate(capacity: RenderLimits.meshTriangles)
        entries = .allocate(capacity: RenderLimits.meshTriangles * RenderLimits.meshPieces)
        startsAJob = RenderLimits.blockColumns * RenderLimits.blockRows + 3
        self.starts = .allocate(capacity: max(1, jobsMax * startsAJob))
        self.starts.initialize(repeating: 0, count: max(1, jobsMax * startsAJob))
        order = .allocate(capacity: FramePlan.viewsMax * SceneLimits.meshObjects)
        order.initialize(repeating: 0, count: FramePlan.viewsMax * SceneLimits.meshObjects)
        sortKeys = .allocate(capacity: SceneLimits.meshObjects)
    }

    deinit {
        blocks.deallocate()
        facets.deallocate()
        facetStarts.deallocate()
        jobs.deallocate()
        triangles.deallocate()
        colors.deallocate()
        entries.deallocate()
        starts.deallocate()
        order.deallocate()
        sortKeys.deallocate()
    }

    /// Touches the memory frames write to, so that none of them faults a page in; what is in it
    /// stays.
    func touch() {
        let count = RenderLimits.meshTriangles
        populate(triangles, count)
        populate(colors, count)
        populate(entries, count * RenderLimits.meshPieces)
    }

    /// Asks for the pages of some memory (MADV_POPULATE_WRITE of linux/mman.h, from 5.14 on).
    ///
    /// An older system says no: there the first frames with meshes do it.
    private func populate<Element>(_ memory: UnsafeMutablePointer<Element>, _ count: Int) {
        let page = 4096
        let start = (Int(bitPattern: memory) + page - 1) & -page
        let end = Int(bitPattern: memory + count) & -page
        guard end > start, let first = UnsafeMutableRawPointer(bitPattern: start) else { return }
        _ = madvise(first, end - start, 23)
    }

    /// Takes up a frame with so many jobs; before any worker.
    /// - Frame path: yes
    func begin(_ scene: UnsafePointer<PreparedScene>?, frame: Int64, jobs count: Int) {
        self.scene = scene
        self.frame = frame
        jobCount = count
        nextCounted.store(0, ordering: .relaxed)
        counted.store(0, ordering: .relaxed)
        assigned.store(0, ordering: .relaxed)
        nextPlaced.store(0, ordering: .relaxed)
        placed.store(0, ordering: .relaxed)
        dropped.store(0, ordering: .relaxed)
    }

    /// Runs every job through `count`, then, when all are counted and have room, through `place`;
    /// returns when all are done, whoever did them.
    /// - Frame path: yes
    func run(count: (Int) -> Void, place: (Int) -> Void) {
        while true {
            let job = nextCounted.wrappingAdd(1, ordering: .relaxed).oldValue
            guard job < jobCount else { break }
            count(job)
            if counted.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue == jobCount {
                assign()
                assigned.store(1, ordering: .releasing)
            }
        }
        MeshArena.wait { assigned.load(ordering: .acquiring) == 1 }
        while true {
            let job = nextPlaced.wrappingAdd(1, ordering: .relaxed).oldValue
            guard job < jobCount else { break }
            place(job)
            placed.wrappingAdd(1, ordering: .releasing)
        }
        MeshArena.wait { placed.load(ordering: .acquiring) == jobCount }
    }

    /// Gives every job the room it wants, the inner frusta first: when there is not enough the
    /// outer one goes short, and the same frame always shows the same triangles.
    private func assign() {
        var next = 0
        for job in (0..<jobCount).reversed() {
            let room = min(Int(jobs[job].wanted), RenderLimits.meshTriangles &- next)
            jobs[job].first = Int32(next)
            jobs[job].room = Int32(room)
            jobs[job].count = 0
            next &+= room
        }
    }

    /// Waits for another worker that is at work on a job: some microseconds of spinning, then
    /// asleep, so that a worker of lower priority without a core of its own can finish.
    private static func wait(until isDone: () -> Bool) {
        var spins = 0
        while !isDone() {
            spins &+= 1
            if spins > 200 {
                var pause = timespec(tv_sec: 0, tv_nsec: 20_000)
                clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, nil)
            }
        }
    }
}
