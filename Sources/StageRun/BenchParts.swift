import Color
import FrameLoop
import FrameModel
package import Lanes
import Output
import Platform
import Rendering
import StageModel
import Timing
import Tracking

/// The parts of a path one after the other on one thread, each with the clock beside it: where a
/// frame's time goes, and the same picture by other means.
package final class BenchParts {
    /// Tiles as the path cuts them for few threads, so that caches see the same.
    private static let tileWidth = 256
    private static let tileHeight = 32

    private let path: BenchPath
    private let renderer: StagePlan
    private let encoder: CodeEncoder
    private let scratch = TileScratch(width: tileWidth, height: tileHeight)
    private let codes: UnsafeMutablePointer<UInt16>
    private let canvas: UnsafeMutableRawPointer

    package init(_ path: BenchPath, kernels: cyc_kernels) throws {
        self.path = path
        let stage = path.path.stage.stage
        let processor = stage.processors[0]
        renderer = StagePlan(stage: stage, kernels: kernels)
        let curve = CurveTable(
            transfer: processor.transfer, bitDepth: processor.bitDepth, range: processor.range)
        encoder = CodeEncoder(kernels: kernels, dither: DitherTile(), curve: curve.constants)
        codes = .allocate(capacity: 3 * Self.tileWidth * Self.tileHeight)
        codes.initialize(repeating: 0, count: 3 * Self.tileWidth * Self.tileHeight)
        canvas = .allocate(byteCount: path.byteCount, alignment: 64)
        canvas.initializeMemory(as: UInt8.self, repeating: 0, count: path.byteCount)
    }

    deinit {
        codes.deallocate()
        canvas.deallocate()
    }

    /// Medians of some rounds.
    package func measure(rounds: Int) -> BenchReport.Parts {
        var plans: [Double] = []
        var times: [SIMD3<Double>] = []
        for _ in 0..<rounds {
            plans.append(path.plan())
            times.append(draw())
        }
        func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        return BenchReport.Parts(
            width: path.width, height: path.height, planMilliseconds: median(plans),
            sampleAndGradeMilliseconds: median(times.map(\.x)),
            encodeMilliseconds: median(times.map(\.y)), packMilliseconds: median(times.map(\.z)))
    }

    /// Draws the path's last plan; milliseconds of sample and grade, encode, pack.
    private func draw() -> SIMD3<Double> {
        var times = SIMD3<Int64>()
        for y in stride(from: 0, to: path.height, by: Self.tileHeight) {
            for x in stride(from: 0, to: path.width, by: Self.tileWidth) {
                times &+= draw(
                    CanvasRect(
                        x: x, y: y, width: min(Self.tileWidth, path.width - x),
                        height: min(Self.tileHeight, path.height - y)))
            }
        }
        return SIMD3<Double>(times) * 1e-6
    }

    private func draw(_ tile: CanvasRect) -> SIMD3<Int64> {
        let plan = UnsafePointer(path.path.plan)
        let plane = Self.tileWidth * Self.tileHeight
        let planes = MutableCodePlanes(
            red: codes, green: codes + plane, blue: codes + 2 * plane, stride: Self.tileWidth)
        let start = Clocks.now()
        renderer.renderTile(plan, processor: 0, tile: tile, scratch: scratch)
        let rendered = Clocks.now()
        encoder.encode(
            scratch.light, width: tile.width, height: tile.height, x: tile.x, y: tile.y,
            phase: plan.pointee.ditherPhase, into: planes,
            fetching: path.packer.octets(at: tile, in: canvas))
        let encoded = Clocks.now()
        path.packer.pack(planes.readable, at: tile, into: canvas, isFetched: true)
        return SIMD3(rendered - start, encoded - rendered, Clocks.now() - encoded)
    }

    /// Of the picture the parts made.
    package var hash: UInt64 {
        fingerprint(UnsafeRawBufferPointer(start: canvas, count: path.byteCount))
    }
}
