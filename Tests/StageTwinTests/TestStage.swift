import Color
import Foundation
import Geometry
import StageModel
import StageTwin
import Timing
import Tracking

/// Stages made for judging the judge.
enum TestStage {
    /// A wall of 10 × 5 cabinets of half a metre, 50 × 50 pixels each, bent by 6° a column, 1.5 m
    /// to 2 m high over the floor, fed by a canvas of two blocks; one cabinet is turned by 90°.
    static func bent(
        transfer: TransferFunction = .pq, depth: Int = 10, range: CodeRange = .full
    ) -> Stage {
        let columns = 10
        let rows = 5
        let pixels = 50
        let step = 6.0 * Double.pi / 180
        let radius = 0.25 / tan(step / 2)
        var panels: [Panel] = []
        for column in 0..<columns {
            let angle = (Double(column) - Double(columns - 1) / 2) * step
            for row in 0..<rows {
                let place = Placement(
                    pan: -angle, tilt: 0, roll: 0,
                    origin: SIMD3(
                        radius * sin(angle), radius * cos(angle),
                        0.25 + 0.5 * Double(rows - 1 - row)))
                panels.append(
                    Panel(
                        name: "c\(column)r\(row)", wall: 0, product: 0,
                        stageFromPanel: Pose(
                            rotation: Matrix3(columns: place.right, place.forward, place.up),
                            translation: place.origin),
                        processor: 0,
                        canvas: CanvasRect(
                            x: 4 + column * pixels, y: row * pixels, width: pixels,
                            height: pixels), quarterTurns: column == 3 && row == 2 ? 1 : 0))
            }
        }
        return stage(
            panels: panels, width: 512, height: 256, transfer: transfer, depth: depth,
            range: range)
    }

    private static func stage(
        panels: [Panel], width: Int, height: Int, transfer: TransferFunction, depth: Int,
        range: CodeRange
    ) -> Stage {
        let camera = Camera(
            name: "A", sensor: Sensor(widthMillimeters: 35.9, heightMillimeters: 20.2),
            imageWidth: 1920, imageHeight: 1080, lens: Lens(focalLengthMillimeters: 30),
            source: 0)
        return Stage(
            name: "bent", rate: FrameRate(60)!,
            processors: [
                Processor(
                    name: "P", width: width, height: height, bitDepth: depth, transfer: transfer,
                    range: range, latency: 0)
            ],
            walls: [
                Wall(
                    name: "main", primaries: .p3D65, peakNits: 1500, nitsPerUnit: 100,
                    panels: 0..<panels.count)
            ],
            products: [
                PanelProduct(name: "half", width: 0.5, height: 0.5, columns: 50, rows: 50)
            ],
            panels: panels, facets: [],
            sources: [TrackingSource(name: "S", transport: .freeD(FreeDOptions()))],
            cameras: [camera], outerEye: SIMD3(0, 0, 1.6), outputs: [], controlSocket: "")
    }
}
