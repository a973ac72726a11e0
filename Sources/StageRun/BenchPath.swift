import Color
import FrameModel
import Glibc
import Lanes
import Output
import Platform
import Rendering
import StageModel
import Synchronization

/// Our whole path at one size: plan → tiles → linear light → code planes.
///
/// Used by one thread, which lends it to the pool's workers during `draw`; they share only the
/// tile counter and write disjoint rows.
final class BenchPath: @unchecked Sendable {
    static let tileWidth = 256
    static let tileHeight = 16
    let width: Int
    let height: Int
    private let renderer: StagePlan
    private let encoder: CodeEncoder
    private let plan: UnsafeMutablePointer<FramePlan>
    private let codes: UnsafeMutablePointer<UInt16>
    private let planes: MutableCodePlanes
    private let scratch: [TileScratch]
    private let next = Atomic<Int>(0)

    init(
        width: Int, height: Int, threads: Int, scene: UnsafePointer<PreparedScene>,
        kernels: cyc_kernels, dither: DitherTile
    ) {
        self.width = width
        self.height = height
        let stage = BenchStage.stage(width: width, height: height)
        renderer = StagePlan(stage: stage, kernels: kernels)
        let processor = stage.processors[0]
        let curve = CurveTable(
            transfer: processor.transfer, bitDepth: processor.bitDepth, range: processor.range)
        encoder = CodeEncoder(kernels: kernels, dither: dither, curve: curve.constants)
        plan = .allocate(capacity: 1)
        plan.initialize(to: BenchStage.plan(stage, scene: scene))
        let count = width * height
        codes = .allocate(capacity: 3 * count)
        codes.initialize(repeating: 0, count: 3 * count)
        planes = MutableCodePlanes(
            red: codes, green: codes + count, blue: codes + 2 * count, stride: width)
        scratch = (0..<threads).map { _ in
            TileScratch(width: BenchPath.tileWidth, height: BenchPath.tileHeight)
        }
    }

    deinit {
        plan.deallocate()
        codes.deallocate()
    }

    /// Draws a frame and gives the milliseconds it took.
    func draw(_ pool: WorkerPool) -> Double {
        next.store(0, ordering: .relaxed)
        let start = BenchPath.now()
        pool.run(
            { context, worker in
                Unmanaged<BenchPath>.fromOpaque(context).takeUnretainedValue().tiles(worker)
            }, context: Unmanaged.passUnretained(self).toOpaque())
        return Double(BenchPath.now() - start) * 1e-6
    }

    private func tiles(_ worker: Int) {
        let across = (width + BenchPath.tileWidth - 1) / BenchPath.tileWidth
        let down = (height + BenchPath.tileHeight - 1) / BenchPath.tileHeight
        let mine = scratch[worker]
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if index >= across * down { return }
            let x = index % across * BenchPath.tileWidth
            let y = index / across * BenchPath.tileHeight
            let tile = CanvasRect(
                x: x, y: y, width: min(BenchPath.tileWidth, width - x),
                height: min(BenchPath.tileHeight, height - y))
            renderer.renderTile(plan, processor: 0, tile: tile, scratch: mine)
            let at = y * width + x
            encoder.encode(
                mine.light, width: tile.width, height: tile.height, x: x, y: y, phase: 0,
                into: MutableCodePlanes(
                    red: planes.red + at, green: planes.green + at, blue: planes.blue + at,
                    stride: width))
        }
    }

    /// FNV-1a of the code planes, so that a faster wrong picture shows.
    var hash: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<(3 * width * height) {
            hash = (hash ^ UInt64(codes[index])) &* 0x100_0000_01B3
        }
        return hash
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
