import Color
import FrameModel
import Geometry
import Glibc
import Lanes
import Output
import Rendering
public import Scenes
import StageModel
import StageTwin
import Timing

/// A picture of a scene by itself, drawn with the wall's own kernels: what a camera anywhere in it
/// sees, without a stage.
public final class SceneStill {
    /// Where the camera stands and what it sees.
    public struct Shot: Sendable {
        /// Scene meters.
        public var position: SIMD3<Double>
        /// Degrees, + to the left.
        public var pan: Double
        /// Degrees, + upwards.
        public var tilt: Double
        /// Angle across the picture, degrees.
        public var fieldOfView: Double
        /// Stops.
        public var exposure: Double

        /// A shot.
        public init(
            position: SIMD3<Double> = SIMD3(0, 0, 1.6), pan: Double = 0, tilt: Double = 0,
            fieldOfView: Double = 60, exposure: Double = 0
        ) {
            self.position = position
            self.pan = pan
            self.tilt = tilt
            self.fieldOfView = fieldOfView
            self.exposure = exposure
        }
    }

    private static let tile = (width: 256, height: 16)
    /// Pixels across that are drawn.
    public static let widths = 64...4096

    private let asset: SceneAsset
    private let kernels: cyc_kernels
    /// The wall drawn on stands so far ahead, meters: beyond it nothing is hidden.
    private static let wall = 1.0

    /// Throws when the processor is too old.
    public init(asset: SceneAsset) throws {
        guard let set = InstructionSet.best else { throw RunError(InstructionSet.refusal) }
        self.asset = asset
        kernels = KernelTable.of(set)
    }

    /// Linear Rec.709 light of each pixel, rows top to bottom.
    public func light(_ shot: Shot, width: Int, height: Int) -> [SIMD3<Float>] {
        let stage = stage(shot, width: width, height: height)
        let renderer = StagePlan(stage: stage, kernels: kernels)
        let scratch = TileScratch(width: Self.tile.width, height: Self.tile.height)
        var out = [SIMD3<Float>](repeating: .zero, count: width * height)
        withUnsafePointer(to: plan(stage, shot)) { plan in
            renderer.beginMeshes(plan)
            renderer.placeMeshes(plan)
            for y in Swift.stride(from: 0, to: height, by: Self.tile.height) {
                for x in Swift.stride(from: 0, to: width, by: Self.tile.width) {
                    let tile = CanvasRect(
                        x: x, y: y, width: min(Self.tile.width, width - x),
                        height: min(Self.tile.height, height - y))
                    renderer.renderTile(plan, processor: 0, tile: tile, scratch: scratch)
                    for row in 0..<tile.height {
                        for column in 0..<tile.width {
                            let at = row * Int(scratch.light.stride) + column
                            out[(y + row) * width + x + column] = SIMD3(
                                scratch.light.red[at], scratch.light.green[at],
                                scratch.light.blue[at])
                        }
                    }
                }
            }
        }
        return out
    }

    /// A PNG file's bytes: shots side by side, linear up to 0.6, then bent so as not to clip.
    public func picture(_ shots: [Shot], width: Int, height: Int) -> [UInt8] {
        var pixels = [UInt8](repeating: 0, count: 3 * width * shots.count * height)
        for (index, shot) in shots.enumerated() {
            for (at, light) in light(shot, width: width, height: height).enumerated() {
                let (x, y) = (at % width + index * width, at / width)
                for channel in 0..<3 {
                    pixels[3 * (y * width * shots.count + x) + channel] = Self.code(light[channel])
                }
            }
        }
        return pixels.withUnsafeBytes {
            PNG.still(rawCanvas: $0, width: width * shots.count, height: height, depth: 8)
        }
    }

    /// What a person is shown, 8 bits.
    private static func code(_ light: Float) -> UInt8 {
        UInt8(min(255, max(0, ThreeUp.signal(Double(light)) * 255)).rounded())
    }

    /// A wall of the picture's pixels before the camera.
    private func stage(_ shot: Shot, width: Int, height: Int) -> Stage {
        let turn = Matrix3(pan: shot.pan * .pi / 180, tilt: shot.tilt * .pi / 180, roll: 0)
        let pitch = 2 * Self.wall * tan(shot.fieldOfView * .pi / 360) / Double(width)
        let (right, down) = (turn.x * pitch, turn.z * -pitch)
        let corner =
            shot.position + turn.y * Self.wall - right * (Double(width - 1) / 2)
            - down * (Double(height - 1) / 2)
        return Stage(
            name: "still", rate: FrameRate(60)!,
            processors: [
                Processor(
                    name: "P", width: width, height: height, bitDepth: 10, transfer: .pq,
                    range: .full, latency: 0)
            ],
            walls: [
                Wall(
                    name: "W", primaries: .rec709, peakNits: 10_000, nitsPerUnit: 100, panels: 0..<0
                )
            ], products: [], panels: [],
            facets: [
                Facet(
                    processor: 0, wall: 0,
                    canvas: CanvasRect(x: 0, y: 0, width: width, height: height), origin: corner,
                    alongX: right, alongY: down)
            ], sources: [], cameras: [], outerEye: shot.position, outputs: [], controlSocket: "")
    }

    private func plan(_ stage: Stage, _ shot: Shot) -> FramePlan {
        var plan = FramePlan(frame: 0, lightTime: HostTime(nanoseconds: 0), rtpTimestamp: 0)
        plan.scene = asset.prepared
        plan.light = 1
        plan.views[0] = .outer(eye: stage.outerEye)
        let gain = exp2(shot.exposure)
        let m = ColorMatrix.rgb(from: .acesCG, to: .rec709)
        let rows = [m.row0, m.row1, m.row2].map { SIMD3<Float>($0 * gain) }
        plan.grades[0] = cyc_grade()
        plan.grades[0].out_matrix = (
            rows[0].x, rows[0].y, rows[0].z, rows[1].x, rows[1].y, rows[1].z, rows[2].x,
            rows[2].y, rows[2].z
        )
        plan.grades[0].clip = 65504
        return plan
    }
}
