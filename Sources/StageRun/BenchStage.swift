import Color
package import FrameModel
import Geometry
import Glibc
import Lanes
package import StageModel
import Timing
import Tracking

/// The stage, live state and scene the bench draws: pinned, so that figures of different days
/// compare.
///
/// An arc of 24 panels, each a facet, over 180°, 5 m in radius, the outer eye in its centre; one
/// camera on the control tree, half a metre off the centre and turned 10°, with a lens that bends;
/// PQ, full range, 10 bit.
package enum BenchStage {
    package static let facets = 24
    static let radius = 5.0
    /// Share of the pixels the inner frustum takes.
    package static let innerShare = 0.4

    /// A stage whose one canvas has a size; the width is a multiple of the facets.
    static func stage(width: Int, height: Int) -> Stage {
        let columns = width / facets
        let step = Double.pi / Double(facets)
        let chord = 2 * radius * tan(step / 2)
        let high = chord / Double(columns) * Double(height)
        let product = PanelProduct(
            name: "column", width: chord, height: high, columns: columns, rows: height)
        let shape = WallShape.arc(
            center: Vector3(0, 0, -high / 2), radius: radius, step: step, middle: 0)
        let panels = (0..<facets).map { column in
            Panel(
                name: "arc/c\(column + 1)", wall: 0, product: 0,
                stageFromPanel: shape.stageFromPanel(
                    column: column, row: 0, columns: facets, rows: 1, width: chord, height: high),
                processor: 0,
                canvas: CanvasRect(x: column * columns, y: 0, width: columns, height: height))
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
                    panels: 0..<facets)
            ], products: [product], panels: panels,
            facets: Facet.merging(panels, products: [product]),
            sources: [TrackingSource(name: "tree", transport: .fixed)], cameras: [camera],
            outerEye: .zero, outputs: [], controlSocket: "")
    }

    /// 5 % barrel at the edge of the picture; its zoom chooses the inner frustum's share.
    private static var camera: Camera {
        Camera(
            name: "A", sensor: Sensor(widthMillimeters: 36, heightMillimeters: 20.25),
            imageWidth: 1920, imageHeight: 1080,
            lens: Lens(
                focalLengthMillimeters: 8,
                distortion: LensDistortion(radial: [1.55e-4, 0, 0, 0, 0, 0]),
                entrancePupilOffset: 0.15), zoomRange: SIMD2(8, 40), source: 0)
    }

    /// What the operator has set: the camera's pose, its soft edge, a third of a stop.
    static func live(zoom: Double) -> LiveState {
        var live = LiveState()
        let camera = LiveLayout.camera(0)
        func set(_ field: CameraField, _ value: Double) {
            live.values[camera + field.rawValue] = FadedValue(value)
        }
        set(.overscan, 0)
        set(.softEdge, 4)
        set(.fixedX, 0.4)
        set(.fixedY, -0.3)
        set(.fixedZ, 0.1)
        set(.fixedPan, 10)
        set(.fixedTilt, 2)
        set(.fixedRoll, 1)
        set(.fixedZoom, zoom)
        let grade = LiveLayout.grade(scope: LiveLayout.all)
        live.values[grade + GradeField.exposure.rawValue] = FadedValue(0.3)
        return live
    }

    /// Share of the canvas a view covers at least half, looked at every eighth pixel.
    package static func share(_ stage: Stage, _ view: ViewPlan) -> Double {
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
