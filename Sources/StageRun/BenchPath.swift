package import FrameLoop
package import FrameModel
package import Lanes
import Output
package import Platform
import StageModel
import Timing
import Tracking

/// The frame path of a running stage at one size, without a clock, a socket or a sender: live state
/// in, a canvas in RTP's RGB 10 bit out.
package final class BenchPath {
    let width: Int
    let height: Int
    package let path: FramePath
    let packer: CanvasPacker
    private let ring: OutputRing
    private let live: UnsafeMutablePointer<LiveState>
    private let scene: UnsafePointer<PreparedScene>
    private var frame: Int64 = 0

    /// Throws when the size is none the output can carry.
    /// - Parameters:
    ///   - width: a multiple of `BenchStage.facets`.
    ///   - threads: most threads a pool given to `draw` has.
    ///   - scene: outlives the path.
    ///   - looks: those its live state will name.
    package init(
        width: Int, height: Int, threads: Int, scene: UnsafePointer<PreparedScene>,
        kernels: cyc_kernels, looks: LookTable = LookTable()
    ) throws {
        self.width = width
        self.height = height
        self.scene = scene
        let stage = BenchStage.stage(width: width, height: height)
        path = FramePath(stage: stage, kernels: kernels, threads: threads, looks: looks)
        let processor = stage.processors[0]
        packer = try CanvasPacker(
            format: .rgb(depth: processor.bitDepth),
            codes: CodeFormat(depth: processor.bitDepth, range: processor.range), width: width,
            height: height)
        ring = OutputRing(byteCount: packer.byteCount)
        path.add(ring: ring, packer: packer, processor: 0)
        live = .allocate(capacity: 1)
        live.initialize(to: LiveState())
        frameInner(stage)
    }

    deinit { live.deallocate() }

    /// Changes what the operator has set.
    package func set(_ change: (inout LiveState) -> Void) { change(&live.pointee) }

    /// Octets of a canvas.
    var byteCount: Int { packer.byteCount }

    /// Zooms until the inner frustum takes its share of the wall.
    private func frameInner(_ stage: Stage) {
        var (wide, tele) = (0.0, 1.0)
        for _ in 0..<30 {
            let middle = (wide + tele) / 2
            live.pointee = BenchStage.live(zoom: middle)
            plan()
            let share = BenchStage.share(stage, path.plan.pointee.views[1])
            if share > BenchStage.innerShare { wide = middle } else { tele = middle }
        }
    }

    private func prepare() {
        frame += 1
        let tick = path.stage.grid.instant(of: frame)
        let host = HostTime(nanoseconds: tick.nanoseconds)
        let clock = ClockSample(host: host, realtimeNanoseconds: tick.nanoseconds, tai: tick)
        _ = path.prepare(
            FrameInputs(
                frame: frame, tickTime: tick, clock: clock, lightTime: host,
                packets: UnsafeBufferPointer(start: nil, count: 0),
                live: UnsafePointer(live), scene: scene))
    }

    /// Plans a frame that is not drawn and gives the milliseconds it took.
    @discardableResult
    package func plan() -> Double {
        let start = Clocks.now()
        prepare()
        let time = Clocks.now() - start
        path.abandon()
        return Double(time) * 1e-6
    }

    /// Makes a frame as a stage does, from live state to canvas.
    package func draw(_ pool: WorkerPool) -> BenchTime {
        var report = FrameReport(frame: frame)
        let (start, began) = (Clocks.now(), Clocks.threadCPUNanoseconds)
        prepare()
        pool.run(FramePath.share, context: path.context)
        path.finish(&report)
        let (time, spent) = (Clocks.now() - start, Clocks.threadCPUNanoseconds - began)
        if let canvas = ring.takeReady() { ring.release(canvas.index) }
        return BenchTime(
            milliseconds: Double(time) * 1e-6,
            cpuMilliseconds: pool.threadCount == 1 ? Double(spent) * 1e-6 : nil)
    }

    /// Of the last canvas that was drawn, so that a faster wrong picture shows.
    package var hash: UInt64 {
        guard let canvas = ring.retakeLast() else { return 0 }
        defer { ring.release(canvas.index) }
        return fingerprint(UnsafeRawBufferPointer(start: canvas.bytes, count: byteCount))
    }
}
