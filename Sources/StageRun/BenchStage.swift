import Color
import FrameModel
import Geometry
import Glibc
import Lanes
import StageModel
import Timing

/// The stage, scene and plan the bench draws: pinned, so that figures of different days compare.
///
/// An arc of 24 facets over 180°, 5 m in radius, the outer eye in its centre; one camera whose
/// inner frustum, soft edge on, takes 40 % of the pixels; PQ, full range, 10 bit.
enum BenchStage {
    static let facets = 24
    static let radius = 5.0
    /// Share of the pixels the inner frustum takes.
    static let innerShare = 0.4

    static func stage(width: Int, height: Int) -> Stage {
        let step = Double.pi / Double(facets)
        let chord = 2 * radius * tan(step / 2)
        let columns = width / facets
        let pitch = chord / Double(columns)
        let list = (0..<facets).map { index in
            let angle = (Double(index) + 0.5) * step - .pi / 2
            let along = Vector3(cos(angle), -sin(angle), 0) * pitch
            let center = Vector3(radius * sin(angle), radius * cos(angle), 0)
            let down = Vector3(0, 0, -pitch)
            return Facet(
                processor: 0, wall: 0,
                canvas: CanvasRect(x: index * columns, y: 0, width: columns, height: height),
                origin: center - 0.5 * Double(columns - 1) * along
                    - 0.5 * Double(height - 1) * down, alongX: along, alongY: down)
        }
        return Stage(
            name: "bench", rate: FrameRate(60)!,
            processors: [
                Processor(
                    name: "P", width: width, height: height, bitDepth: 10, transfer: .pq,
                    range: .full, latency: 0)
            ],
            walls: [
                Wall(
                    name: "arc", primaries: .rec2020, peakNits: 1500, nitsPerUnit: 100,
                    panels: 0..<0)
            ], products: [], panels: [], facets: list, sources: [], cameras: [], outerEye: .zero,
            outputs: [], controlSocket: "")
    }

    /// The plan of a frame: outer view, and a camera half a metre off, turned 10°.
    static func plan(_ stage: Stage, scene: UnsafePointer<PreparedScene>) -> FramePlan {
        var plan = FramePlan(frame: 0, lightTime: HostTime(nanoseconds: 0), rtpTimestamp: 0)
        plan.scene = scene
        plan.light = 1
        plan.viewCount = 2
        plan.views[0] = .outer(eye: stage.outerEye)
        var view = ViewPlan(
            camera: 0, eye: Vector3(0.4, -0.3, 0.1),
            stageFromPupil: Matrix3(pan: 0.17, tilt: 0.03, roll: 0.02), outline: .everything,
            pixelsPerRadian: 1500)
        var (low, high) = (0.01, 20.0)
        for _ in 0..<40 {
            let middle = (low * high).squareRoot()
            view.outline = outline(half: middle)
            if share(stage, view) < innerShare { low = middle } else { high = middle }
        }
        plan.views[1] = view
        var grades = GradeStack(repeating: Grade())
        grades[0] = Grade(exposure: 0.3)
        let wall = stage.walls[0]
        let color = WallColor(
            primaries: wall.primaries, peakNits: wall.peakNits, nitsPerUnit: wall.nitsPerUnit,
            transfer: stage.processors[0].transfer)
        for index in 0..<2 {
            plan.grades[index * StageLimits.walls] = color.constants(grades)
        }
        return plan
    }

    /// A 16:9 picture, edges bent as a lens bends them, soft over 4 % of its width.
    private static func outline(half: Double) -> Outline {
        let bend = 0.02 * half
        let high = half * 9 / 16
        return Outline(
            left: [-half, 0, bend, 0, 0], right: [half, 0, -bend, 0, 0],
            top: [-high, 0, bend, 0, 0], bottom: [high, 0, -bend, 0, 0],
            aRange: SIMD2(-half, half), bRange: SIMD2(-high, high), softEdge: 0.08 * half)
    }

    /// Share of the canvas a view covers at least half, looked at every eighth pixel.
    private static func share(_ stage: Stage, _ view: ViewPlan) -> Double {
        let pupilFromStage = view.stageFromPupil.transposed
        var (inner, all) = (0.0, 0.0)
        for facet in stage.facets {
            for y in Swift.stride(from: 4, to: facet.canvas.height, by: 8) {
                for x in Swift.stride(from: 4, to: facet.canvas.width, by: 8) {
                    let point = facet.origin + Double(x) * facet.alongX + Double(y) * facet.alongY
                    let v = pupilFromStage * (point - view.eye)
                    all += 1
                    if v.y > 0 && view.outline.weight(v.x / v.y, -v.z / v.y) >= 0.5 { inner += 1 }
                }
            }
        }
        return inner / all
    }

    /// Our own panorama, 4096 × 2048: smooth shapes, fine lines and grain.
    static func scene() -> Scene {
        let (width, height) = (4096, 2048)
        var pixels = [Float](repeating: 1, count: width * height * 4)
        var seed: UInt64 = 1
        for row in 0..<height {
            let y = Float(row) / Float(height) * .pi
            for column in 0..<width {
                let x = Float(column) / Float(width) * 2 * .pi
                let shape = 0.5 + 0.25 * sinf(7 * x) * cosf(9 * y)
                let value = shape + 0.1 * sinf(160 * x + 90 * y)
                for channel in 0..<3 {
                    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    let grain = 0.1 * Float(seed >> 40) / Float(1 << 24)
                    pixels[(row * width + column) * 4 + channel] = max(0, value + grain)
                }
            }
        }
        return Scene(
            name: "bench",
            dome: Dome(picture: Picture(width: width, height: height, pixels: pixels)))
    }
}
