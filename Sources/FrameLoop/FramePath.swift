import Color
public import FrameModel
public import Lanes
public import Output
import Rendering
public import StageModel
import Synchronization
import Timing

/// A rectangle of one processor's canvas: the unit of work workers take.
struct CanvasTile: BitwiseCopyable {
    var processor: Int
    var rect: CanvasRect
}

/// One output as the frame path fills it.
struct PathOutput {
    var processor: Int
    var packer: CanvasPacker
    var ring: OutputRing
    /// The output takes one frame in so many.
    var every: Int64
    /// Canvas being filled this frame; −1: none was free, the frame is dropped there.
    var canvas: Int
    var bytes: UnsafeMutableRawPointer?
}

/// Everything a stage's frames are made with: tables, scratch, outputs.
///
/// Allocated once; a frame then goes `prepare` → `render` (every worker) → `finish`.
///
/// `@unchecked Sendable` holds because `prepare` and `finish` run on one thread, and `render` on
/// any number between them, each with its own index: they share only the tile counter, and tiles
/// are disjoint.
public final class FramePath: @unchecked Sendable {
    /// A job for a pool of threads: the context is a `FramePath`'s `context`.
    public typealias Share = @convention(c) (UnsafeMutableRawPointer, Int) -> Void

    /// Tables of the stage.
    public let stage: LoopStage
    /// The run's state.
    public let state: UnsafeMutablePointer<LoopState>
    /// The current frame's plan.
    public let plan: UnsafeMutablePointer<FramePlan>
    private let renderer: StagePlan
    private let encoders: [CodeEncoder]
    private let patterns: PatternDrawer
    private let workers: [WorkerScratch]
    private let tiles: UnsafeMutableBufferPointer<CanvasTile>
    private var outputs: [PathOutput] = []
    /// Pixels of each wall.
    private let wallPixels: InlineArray<16, Int>
    /// What the walls showed in the last frame, where its limiters asked; loop's thread only.
    public private(set) var wallLight = WallLight()
    private let nextTile = Atomic<Int>(0)
    /// Tiles a worker takes at a time, one below the other, so that it reads on in the texels it
    /// has just fetched; the last of them one at a time, so that none waits long for another.
    private let tilesAtOnce: Int
    private let firstTile = Atomic<Int64>(0)
    /// Host clock in nanoseconds, for the report's times only; nil: they stay 0.
    private let now: (@convention(c) () -> Int64)?

    /// A frame path of a stage.
    ///
    /// - Parameters:
    ///   - stage: checked.
    ///   - kernels: the instruction set's pixel kernels.
    ///   - threads: workers that will call `render`, 1 or more.
    ///   - looks: the looks live states will name.
    ///   - now: the host clock, for the report only.
    public init(
        stage: Stage, kernels: cyc_kernels, threads: Int, looks: LookTable = LookTable(),
        now: (@convention(c) () -> Int64)? = nil
    ) {
        self.stage = LoopStage(stage, looks: looks)
        self.now = now
        state = LoopState.allocate(stage)
        plan = .allocate(capacity: 1)
        plan.initialize(
            to: FramePlan(frame: 0, lightTime: HostTime(nanoseconds: 0), rtpTimestamp: 0))
        renderer = StagePlan(stage: stage, kernels: kernels)
        patterns = PatternDrawer(stage: stage)
        var pixels = InlineArray<16, Int>(repeating: 0)
        for facet in stage.facets { pixels[facet.wall] += facet.canvas.width * facet.canvas.height }
        wallPixels = pixels
        let dither = DitherTile()
        encoders = stage.processors.map { processor in
            let curve = CurveTable(
                transfer: processor.transfer, bitDepth: processor.bitDepth,
                range: processor.range)
            return CodeEncoder(kernels: kernels, dither: dither, curve: curve.constants)
        }
        workers = (0..<threads).map { _ in WorkerScratch() }
        let tiles = Self.tiles(of: stage.processors, threads: threads)
        tilesAtOnce = max(1, min(4, tiles.count / (16 * threads)))
        self.tiles = .allocate(capacity: tiles.count)
        _ = self.tiles.initialize(from: tiles)
    }

    deinit {
        state.deallocate()
        plan.deallocate()
        tiles.deallocate()
    }

    /// Takes up the state a take began with; a picture frozen in it is drawn of the scenes that
    /// `scene` finds, and their movies' pictures that `movies` finds by their numbers.
    public func restore(
        _ recorded: LoopState, scene: (SceneInUse) -> UnsafePointer<PreparedScene>?,
        movies: (SceneInUse, MoviePictures) -> MoviePictures = { _, _ in .none }
    ) {
        state.pointee = recorded
        guard recorded.isFrozen else { return }
        let (first, second, _) = recorded.frozenPlan.scenesInUse
        let had = recorded.frozenPlan
        state.pointee.frozenPlan.movies = (
            movies(first, had.movies.scene), movies(second, had.movies.leaving)
        )
        withUnsafeMutablePointer(to: &state.pointee.frozenPlan) {
            stage.place(
                had.scene == nil ? nil : scene(first), had.leaving == nil ? nil : scene(second), $0)
        }
    }

    /// The wall is frozen: it draws with what was there when it was.
    /// - Frame path: yes
    public var isFrozen: Bool { state.pointee.isFrozen }

    /// What the frame's views had at the probed pixel; nil when nobody probes.
    /// - Frame path: yes
    public var probed: ProbeSample? {
        plan.pointee.probe.processor >= 0 && isDrawing ? renderer.probed : nil
    }

    /// Light the limiters of a wall leave.
    /// - Frame path: yes
    public func limiterLight(wall: Int) -> Double { state.pointee.limiters[wall].light }

    /// The frame draws a picture: there is a scene, no pattern before it, and light.
    /// - Frame path: yes
    public var isDrawing: Bool {
        plan.pointee.scene != nil && !isPattern && plan.pointee.light > 0
    }

    /// The frame shows a test pattern.
    /// - Frame path: yes
    private var isPattern: Bool { plan.pointee.pattern.pattern != .picture }

    /// Adds an output that takes one frame in `every`; before the first frame.
    public func add(ring: OutputRing, packer: CanvasPacker, processor: Int, every: Int = 1) {
        outputs.append(
            PathOutput(
                processor: processor, packer: packer, ring: ring, every: Int64(max(1, every)),
                canvas: -1, bytes: nil))
    }

    /// Touches memory that only frames of such a scene write to, so that none of them faults it in;
    /// before the first of them, on any thread.
    ///
    /// Without meshes that is none: what is never touched takes no memory.
    public func touchMemory(for scene: UnsafePointer<PreparedScene>) {
        if scene.pointee.meshes.count > 0 { renderer.touchMeshes() }
    }

    /// Plans a frame and takes a canvas for each output.
    ///
    /// Returns outputs without a free canvas.
    /// - Frame path: yes
    public func prepare(_ inputs: FrameInputs) -> Int {
        preparePlan(state, inputs, stage, into: plan)
        renderer.beginMeshes(plan)
        renderer.beginProbe(plan)
        if plan.pointee.measuresLight {
            for worker in workers { worker.light.sums.pointee = LightSums() }
        }
        var dropped = 0
        for index in outputs.indices {
            outputs[index].canvas = -1
            outputs[index].bytes = nil
            guard inputs.frame % outputs[index].every == 0 else { continue }
            let canvas = outputs[index].ring.acquireForFilling()
            outputs[index].canvas = canvas ?? -1
            outputs[index].bytes = canvas.map { outputs[index].ring.bytes(of: $0) }
            dropped += canvas == nil ? 1 : 0
        }
        firstTile.store(0, ordering: .relaxed)
        nextTile.store(0, ordering: .releasing)
        return dropped
    }

    /// The share of a worker, for pools: pass `context` and call once on every thread.
    public static var share: Share {
        { context, worker in
            Unmanaged<FramePath>.fromOpaque(context)._withUnsafeGuaranteedRef {
                $0.render(worker: worker)
            }
        }
    }

    /// This path as a pool's context; valid as long as the path is.
    public var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    /// Draws tiles until none is left.
    ///
    /// Each worker index on one thread at a time.
    /// - Frame path: yes
    public func render(worker: Int) {
        let scratch = workers[worker]
        renderer.placeMeshes(plan)
        while true {
            let left = tiles.count - nextTile.load(ordering: .relaxed)
            let count = left > 2 * tilesAtOnce * workers.count ? tilesAtOnce : 1
            let first = nextTile.wrappingAdd(count, ordering: .relaxed).oldValue
            guard first < tiles.count else { return }
            for index in first..<min(first + count, tiles.count) {
                draw(tiles[index], scratch)
                if index == 0, let now { firstTile.store(now(), ordering: .relaxed) }
            }
        }
    }

    /// Hands the frame's canvases to their outputs and says when the first tile was done.
    /// - Frame path: yes
    public func finish(_ report: inout FrameReport) {
        for index in outputs.indices where outputs[index].canvas >= 0 {
            outputs[index].ring.publish(
                outputs[index].canvas, frame: plan.pointee.frame,
                rtpTimestamp: plan.pointee.rtpTimestamp)
            outputs[index].canvas = -1
        }
        wallLight = WallLight()
        if plan.pointee.measuresLight {
            var sums = LightSums()
            for worker in workers { sums.add(worker.light.sums.pointee) }
            wallLight = sums.means(pixels: wallPixels)
        }
        report.firstTileTime = HostTime(nanoseconds: firstTile.load(ordering: .relaxed))
        report.droppedTriangles = Int32(clamping: renderer.droppedTriangles)
    }

    /// Gives the frame's canvases back unseen: a frame drawn only to warm up.
    public func abandon() {
        for index in outputs.indices where outputs[index].canvas >= 0 {
            outputs[index].ring.abandon(outputs[index].canvas)
            outputs[index].canvas = -1
        }
    }

    private func draw(_ tile: CanvasTile, _ scratch: WorkerScratch) {
        let (rect, processor) = (tile.rect, tile.processor)
        let first = firstOutput(of: processor)
        if isPattern {
            patterns.draw(
                plan.pointee.pattern, light: Double(plan.pointee.light), processor: processor,
                tile: rect, into: scratch.codes)
        } else {
            renderer.renderTile(plan, processor: processor, tile: rect, scratch: scratch.light)
            renderer.correctTile(
                plan, processor: processor, tile: rect, scratch.light.light)
            encoders[processor].encode(
                scratch.light.light, width: rect.width, height: rect.height, x: rect.x,
                y: rect.y, phase: plan.pointee.ditherPhase, into: scratch.codes,
                fetching: first.map {
                    outputs[$0].packer.octets(at: rect, in: outputs[$0].bytes!)
                })
        }
        let codes = scratch.codes.readable
        for index in outputs.indices where outputs[index].processor == processor {
            guard let canvas = outputs[index].bytes else { continue }
            outputs[index].packer.pack(
                codes, at: rect, into: canvas, isFetched: index == first && !isPattern)
        }
    }

    /// The first output of a processor that takes this frame.
    private func firstOutput(of processor: Int) -> Int? {
        outputs.indices.first {
            outputs[$0].processor == processor && outputs[$0].bytes != nil
        }
    }

    /// Tiles as high as the scratch, or half as high where too few of them are left to a thread to
    /// end at the same time as the others.
    private static func tiles(of processors: [Processor], threads: Int) -> [CanvasTile] {
        let high = tiles(of: processors, height: WorkerScratch.height)
        return high.count >= 16 * threads
            ? high : tiles(of: processors, height: WorkerScratch.height / 2)
    }

    /// Column by column: the tile below reads on where the one above ended.
    private static func tiles(of processors: [Processor], height: Int) -> [CanvasTile] {
        processors.enumerated().flatMap { index, processor in
            stride(from: 0, to: processor.width, by: WorkerScratch.width).flatMap { x in
                stride(from: 0, to: processor.height, by: height).map { y in
                    CanvasTile(
                        processor: index,
                        rect: CanvasRect(
                            x: x, y: y, width: min(WorkerScratch.width, processor.width - x),
                            height: min(height, processor.height - y)))
                }
            }
        }
    }
}

/// Memory one worker draws a tile in.
final class WorkerScratch {
    /// Columns of a tile: whole cache lines of every wire format's pixel groups.
    static let width = 256
    /// Most rows of a tile; 256 × 32 floats in three planes are 96 KB, in the second-level cache.
    static let height = 32

    let light = TileScratch(width: WorkerScratch.width, height: WorkerScratch.height)
    let codes: MutableCodePlanes
    private let memory: UnsafeMutablePointer<UInt16>

    init() {
        let plane = Self.width * Self.height
        memory = UnsafeMutableRawPointer.allocate(byteCount: 3 * plane * 2, alignment: 64)
            .bindMemory(to: UInt16.self, capacity: 3 * plane)
        memory.initialize(repeating: 0, count: 3 * plane)
        codes = MutableCodePlanes(
            red: memory, green: memory + plane, blue: memory + 2 * plane, stride: Self.width)
    }

    deinit { memory.deallocate() }
}
