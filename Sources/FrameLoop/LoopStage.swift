public import Color
public import FrameModel
public import Geometry
public import StageModel
public import Timing
import Tracking

/// A camera as the loop needs it: plain bytes.
///
/// `@unchecked Sendable` holds because what its lens tables point to is never written.
public struct LoopCamera: BitwiseCopyable, @unchecked Sendable {
    /// The sensor mode in use.
    public var sensor: LoopSensor
    /// Its lens, at the wide end where it zooms.
    public var lens: Lens
    /// Focal lengths in mm at zoom 0 and 1; equal for a prime.
    public var zoomRange: SIMD2<Double>
    /// What its tracker says of the lens is believed.
    public var usesLensData: Bool
    /// Sensor centre and axes in the tracked body.
    public var bodyFromSensor: Pose
    /// Index into the stage's sources.
    public var source: Int
    /// Its pose is on the control tree: it has no tracker.
    public var isFixed: Bool
    /// The measured lens in use; nil: `lens`.
    var table: LensStops?

    /// A checked stage's camera with its tracking source.
    init(_ camera: Camera, source tracking: TrackingSource) {
        sensor = LoopSensor(camera.sensor, imageWidth: camera.imageWidth)
        lens = camera.lens
        let focal = camera.lens.focalLengthMillimeters
        zoomRange = camera.zoomRange ?? SIMD2(focal, focal)
        usesLensData = camera.usesLensData
        bodyFromSensor = camera.bodyFromSensor
        source = camera.source
        isFixed = tracking.transport == .fixed
    }
}

/// The tables of a stage that `prepare` reads every frame, laid out once at start.
///
/// `@unchecked Sendable` holds because nothing is written after `init` but `moved`, by the one
/// thread that prepares frames.
public final class LoopStage: @unchecked Sendable {
    /// The stage the tables were made from.
    public let stage: Stage
    /// The frame grid.
    public let grid: FrameGrid
    /// The looks live states name.
    public let looks: LookTable
    /// Eye of the outer frustum.
    let outerEye: Vector3
    /// Tracking sources.
    let sourceCount: Int
    /// One frame.
    let periodNanoseconds: Double
    /// Cameras as the stage file has them; `camera(_:_:at:)` is the one in use.
    let cameras: UnsafeMutableBufferPointer<LoopCamera>
    private let choices: CameraChoices
    let walls: UnsafeMutableBufferPointer<WallColor>
    let facets: UnsafeMutableBufferPointer<Facet>
    /// The panels, for the view angle.
    let spots: UnsafeMutableBufferPointer<PanelSpot>
    /// What moves in the frame being made.
    let moved = MovedScenes()

    /// Tables of a checked stage, and the looks of its run.
    public init(_ stage: Stage, looks: LookTable = LookTable()) {
        self.stage = stage
        self.looks = looks
        grid = FrameGrid(rate: stage.rate)
        outerEye = stage.outerEye
        sourceCount = stage.sources.count
        periodNanoseconds = stage.rate.period * 1e9
        cameras = .allocate(capacity: stage.cameras.count)
        _ = cameras.initialize(
            from: stage.cameras.map { LoopCamera($0, source: stage.sources[$0.source]) })
        choices = CameraChoices(stage.cameras)
        facets = .allocate(capacity: stage.facets.count)
        _ = facets.initialize(from: stage.facets)
        spots = .allocate(capacity: stage.panels.count)
        _ = spots.initialize(from: stage.panels.map { PanelSpot($0) })
        walls = .allocate(capacity: stage.walls.count)
        _ = walls.initialize(
            from: stage.walls.map { wall in
                let processor = stage.panels[wall.panels.lowerBound].processor
                return WallColor(
                    primaries: wall.primaries, peakNits: wall.peakNits,
                    nitsPerUnit: wall.nitsPerUnit, transfer: stage.processors[processor].transfer)
            })
    }

    deinit {
        cameras.deallocate()
        walls.deallocate()
        facets.deallocate()
        spots.deallocate()
        moved.deallocate()
    }
}

extension LoopStage {
    /// The canvas pixel the probe looks at: of the first processor that feeds the asked wall there.
    /// - Frame path: yes
    func probePlace(_ live: UnsafePointer<LiveState>, at frame: Int64) -> ProbePlace {
        let wall = Int(live.stage(.probeWall, at: frame)) - 1
        guard wall >= 0 else { return .none }
        let x = Int(live.stage(.probeX, at: frame))
        let y = Int(live.stage(.probeY, at: frame))
        return probePlace(wall: wall, x: x, y: y)
    }

    /// The canvas pixel of a wall at a column and a row of its processor's canvas; none where the
    /// wall has no such pixel.
    /// - Frame path: yes
    public func probePlace(wall: Int, x: Int, y: Int) -> ProbePlace {
        for facet in facets where facet.wall == wall {
            let rect = facet.canvas
            if x >= rect.x && y >= rect.y && x < rect.x + rect.width && y < rect.y + rect.height {
                return ProbePlace(processor: facet.processor, x: x, y: y, wall: wall)
            }
        }
        return .none
    }

    /// What a wall does with color.
    public func wall(_ index: Int) -> WallColor { walls[index] }

    /// A camera with the lens and the sensor mode that are chosen at a frame; it is good as long
    /// as the stage is.
    /// - Frame path: yes
    public func camera(
        _ index: Int, _ live: UnsafePointer<LiveState>, at frame: Int64
    ) -> LoopCamera {
        var camera = cameras[index]
        camera.table = choices.lens(Int(live.camera(index, .lens, at: frame)), of: index)
        camera.sensor =
            choices.sensor(Int(live.camera(index, .sensorMode, at: frame)), of: index)
            ?? camera.sensor
        return camera
    }
}
