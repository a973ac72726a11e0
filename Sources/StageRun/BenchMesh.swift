import Color
import FrameModel
import Geometry
import Glibc
import Output
import Platform
import Rendering
import Scenes
import Lanes
import StageModel
import Synchronization
import Timing

/// What drawing a set of triangles costs: the clearing on one flat wall, the eye inside it.
///
/// CPU time of one thread, so that a peer's can be set beside it.
public final class BenchMesh {
    /// Milliseconds of CPU time of a frame's parts.
    struct Cost {
        /// Culling, transforming and setting triangles up.
        var place = 0.0
        /// Everything from there to linear wall light.
        var draw = 0.0
        /// Light to code values.
        var encode = 0.0

        /// All of it.
        var total: Double { place + draw + encode }
    }

    private static let tileWidth = 256
    private static let tileHeight = 32
    /// Pixels across.
    let width: Int
    /// Pixels down.
    let height: Int
    private let renderer: StagePlan
    private let encoder: CodeEncoder
    private let plan: UnsafeMutablePointer<FramePlan>
    private let scratch = TileScratch(width: BenchMesh.tileWidth, height: BenchMesh.tileHeight)
    private let codes: UnsafeMutablePointer<UInt16>
    private let planes: MutableCodePlanes
    let asset: SceneAsset

    /// A flat wall 4 m wide, 2 m before the eye, which is 1.6 m above the set's floor.
    init(
        asset: SceneAsset, width: Int, height: Int, kernels set: InstructionSet, samples: Int = 4
    ) {
        self.asset = asset
        self.width = width
        self.height = height
        let kernels = KernelTable.of(set)
        let stage = BenchMesh.stage(width: width, height: height)
        renderer = StagePlan(stage: stage, kernels: kernels)
        let processor = stage.processors[0]
        let curve = CurveTable(
            transfer: processor.transfer, bitDepth: processor.bitDepth, range: processor.range)
        encoder = CodeEncoder(kernels: kernels, dither: DitherTile(), curve: curve.constants)
        plan = .allocate(capacity: 1)
        plan.initialize(to: BenchMesh.plan(stage, scene: asset.prepared))
        plan.pointee.quality.meshSamples = samples
        let count = width * height
        codes = .allocate(capacity: 3 * count)
        codes.initialize(repeating: 0, count: 3 * count)
        planes = MutableCodePlanes(
            red: codes, green: codes + count, blue: codes + 2 * count, stride: width)
    }

    deinit {
        plan.deallocate()
        codes.deallocate()
    }

    private static func stage(width: Int, height: Int) -> Stage {
        var stage = BenchStage.stage(width: width, height: height)
        let pitch = 4 / Double(width)
        stage.facets = [
            Facet(
                processor: 0, wall: 0, canvas: CanvasRect(x: 0, y: 0, width: width, height: height),
                origin: Vector3(
                    -0.5 * Double(width - 1) * pitch, 2, 1.6 + 0.5 * Double(height - 1) * pitch),
                alongX: Vector3(pitch, 0, 0), alongY: Vector3(0, 0, -pitch))
        ]
        stage.outerEye = Vector3(0, 0, 1.6)
        return stage
    }

    /// The outer view alone.
    private static func plan(_ stage: Stage, scene: UnsafePointer<PreparedScene>) -> FramePlan {
        var plan = FramePlan(frame: 0, lightTime: HostTime(nanoseconds: 0), rtpTimestamp: 0)
        plan.scene = scene
        plan.light = 1
        plan.viewCount = 1
        plan.views[0] = .outer(eye: stage.outerEye)
        let wall = stage.walls[0]
        let color = WallColor(
            primaries: wall.primaries, peakNits: wall.peakNits, nitsPerUnit: wall.nitsPerUnit,
            transfer: stage.processors[0].transfer)
        plan.grades[0] = color.constants(GradeStack(repeating: Grade()))
        return plan
    }

    /// Draws a frame on the calling thread.
    func draw() -> Cost {
        var cost = Cost()
        let start = BenchMesh.now()
        renderer.beginMeshes(plan)
        renderer.placeMeshes(plan)
        cost.place = BenchMesh.now() - start
        for y in Swift.stride(from: 0, to: height, by: BenchMesh.tileHeight) {
            for x in Swift.stride(from: 0, to: width, by: BenchMesh.tileWidth) {
                let tile = CanvasRect(
                    x: x, y: y, width: min(BenchMesh.tileWidth, width - x),
                    height: min(BenchMesh.tileHeight, height - y))
                let before = BenchMesh.now()
                renderer.renderTile(plan, processor: 0, tile: tile, scratch: scratch)
                let between = BenchMesh.now()
                let at = y * width + x
                encoder.encode(
                    scratch.light, width: tile.width, height: tile.height, x: x, y: y, phase: 0,
                    into: MutableCodePlanes(
                        red: planes.red + at, green: planes.green + at, blue: planes.blue + at,
                        stride: width))
                cost.draw += between - before
                cost.encode += BenchMesh.now() - between
            }
        }
        return cost
    }

    /// CPU time of this thread, milliseconds.
    private static func now() -> Double { Double(Clocks.threadCPUNanoseconds) * 1e-6 }
}
