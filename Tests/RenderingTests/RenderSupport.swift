import Color
import FrameModel
import Geometry
import Lanes
import Rendering
import Scenes
import StageModel
import Synchronization
import Timing

/// Kernels this machine can run.
let runnable = InstructionSet.allCases.filter(\.isSupported)

/// A picture rendered whole, in three planes without gaps.
struct Rendered {
    var width: Int
    var pixels: [SIMD3<Float>]

    /// Equal, without a failure that prints every pixel.
    func isSame(as other: Rendered) -> Bool { width == other.width && pixels == other.pixels }

    func color(_ x: Int, _ y: Int) -> SIMD3<Double> { SIMD3<Double>(pixels[y * width + x]) }
}

/// A stage of some facets on one canvas.
func stage(_ facets: [Facet], width: Int, height: Int) -> Stage {
    Stage(
        name: "test", rate: FrameRate(60)!,
        processors: [
            Processor(
                name: "P", width: width, height: height, bitDepth: 10, transfer: .pq, range: .full,
                latency: 0)
        ],
        walls: [
            Wall(
                name: "W", primaries: .rec2020, peakNits: 1500, nitsPerUnit: 100, panels: 0..<0)
        ], products: [], panels: [], facets: facets, sources: [], cameras: [],
        outerEye: Vector3(0.2, -0.4, 1.1), outputs: [], controlSocket: "")
}

/// Three facets, one turned by a quarter, with gaps between them; tilted and rolled, or upright.
func angledFacets(isUpright: Bool = false) -> [Facet] {
    [(0, 0.5, 0.05), (1, -0.1, -0.1), (2, -0.7, 0.3)].map { index, pan, tilt in
        let rotation = Matrix3(
            pan: pan, tilt: isUpright ? 0 : tilt, roll: isUpright ? 0 : 0.04)
        let center = rotation * Vector3(0, 3.5, 0) + Vector3(0, 0, 1.2)
        let isTurned = index == 1
        let size = isTurned ? (90, 200) : (150, 100)
        let right = rotation.x * 0.011
        let down = rotation.z * -0.011
        let along = isTurned ? (down, -right) : (right, down)
        return Facet(
            processor: 0, wall: 0,
            canvas: CanvasRect(
                x: 13 + index * 170, y: 7 + index * 9, width: size.0, height: size.1),
            origin: center - Double(size.0 - 1) * 0.5 * along.0 - Double(size.1 - 1) * 0.5
                * along.1, alongX: along.0, alongY: along.1)
    }
}

let canvasWidth = 520
let canvasHeight = 260

/// A grade that changes nothing.
func plainGrade(gain: Float = 1, clip: Float = 1e6) -> cyc_grade {
    var grade = cyc_grade()
    grade.out_matrix = (gain, 0, 0, 0, gain, 0, 0, 0, gain)
    grade.clip = clip
    return grade
}

/// A plan of the outer view alone.
func plan(_ stage: Stage, _ asset: SceneAsset?) -> FramePlan {
    var plan = FramePlan(frame: 1, lightTime: HostTime(nanoseconds: 0), rtpTimestamp: 0)
    plan.scene = asset?.prepared
    if let asset { keep(asset) }
    plan.light = 1
    plan.views[0] = .outer(eye: stage.outerEye)
    for index in 0..<144 { plan.grades[index] = plainGrade() }
    return plan
}

/// The newest scenes plans were made of: a plan points to its scene and does not own it, and a
/// test's last word of a scene is often the plan.
private let keptScenes = Mutex<[SceneAsset]>([])

private func keep(_ asset: SceneAsset) {
    keptScenes.withLock { scenes in
        scenes.append(asset)
        if scenes.count > 64 { scenes.removeFirst() }
    }
}

/// The whole canvas, in tiles of a size, first to last or last to first; `spoiled` is the light
/// that the scratch holds before.
func render(
    _ stage: Stage, _ plan: FramePlan, tile: (Int, Int) = (256, 16), isReversed: Bool = false,
    set: InstructionSet = InstructionSet.best!, kernels: cyc_kernels? = nil, spoiled: Float = 0
) -> Rendered {
    let renderer = StagePlan(stage: stage, kernels: kernels ?? KernelTable.of(set))
    let scratch = TileScratch(width: tile.0, height: tile.1)
    let (width, height) = (stage.processors[0].width, stage.processors[0].height)
    var out = Rendered(
        width: width,
        pixels: [SIMD3<Float>](repeating: SIMD3(repeating: -1), count: width * height))
    var tiles: [CanvasRect] = []
    for y in Swift.stride(from: 0, to: height, by: tile.1) {
        for x in Swift.stride(from: 0, to: width, by: tile.0) {
            tiles.append(
                CanvasRect(
                    x: x, y: y, width: min(tile.0, width - x), height: min(tile.1, height - y)))
        }
    }
    // The three planes stand one after the other.
    scratch.light.red.update(
        repeating: spoiled, count: 3 * Int(scratch.light.stride) * scratch.height)
    withUnsafePointer(to: plan) { plan in
        renderer.beginMeshes(plan)
        renderer.placeMeshes(plan)
        for rect in isReversed ? tiles.reversed() : tiles {
            renderer.renderTile(plan, processor: 0, tile: rect, scratch: scratch)
            for y in 0..<rect.height {
                for x in 0..<rect.width {
                    let at = y * Int(scratch.light.stride) + x
                    out.pixels[(rect.y + y) * width + rect.x + x] = SIMD3(
                        scratch.light.red[at], scratch.light.green[at], scratch.light.blue[at])
                }
            }
        }
    }
    return out
}

/// The stage point of a canvas pixel, or nil where no facet is.
func point(_ stage: Stage, _ x: Int, _ y: Int) -> Vector3? {
    for facet in stage.facets {
        let (column, row) = (x - facet.canvas.x, y - facet.canvas.y)
        if column >= 0 && row >= 0 && column < facet.canvas.width && row < facet.canvas.height {
            return facet.origin + Double(column) * facet.alongX + Double(row) * facet.alongY
        }
    }
    return nil
}

/// A dome whose colour is its direction: (d + 1) / 2.
func directionDome(width: Int, radius: Double = .infinity, center: Vector3 = .zero) -> Dome {
    let height = width / 2
    var pixels: [Float] = []
    for row in 0..<height {
        let elevation = (0.5 - (Double(row) + 0.5) / Double(height)) * .pi
        for column in 0..<width {
            let azimuth = ((Double(column) + 0.5) / Double(width) - 0.5) * 2 * .pi
            let d = direction(azimuth, elevation)
            pixels += [Float(d.x + 1) / 2, Float(d.y + 1) / 2, Float(d.z + 1) / 2, 1]
        }
    }
    return Dome(
        picture: Picture(width: width, height: height, pixels: pixels), radius: radius,
        center: center)
}
