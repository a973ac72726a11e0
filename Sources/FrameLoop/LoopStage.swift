import Color
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
    private(set) var table: LoopLens?
    private var tables: InlineArray<8, LoopLens?> = InlineArray(repeating: nil)
    private var modes: InlineArray<8, LoopSensor>

    /// A checked stage's camera with its tracking source; its lens tables go to `memory`.
    init(_ camera: Camera, source tracking: TrackingSource, _ memory: LensMemory) {
        precondition(
            camera.lenses.count <= StageLimits.lenses
                && camera.sensorModes.count <= StageLimits.sensorModes, "checked by StageConfig")
        sensor = LoopSensor(camera.sensor, imageWidth: camera.imageWidth)
        modes = InlineArray(repeating: sensor)
        for (index, mode) in camera.sensorModes.enumerated() {
            modes[index + 1] = LoopSensor(mode.sensor, imageWidth: mode.imageWidth)
        }
        for (index, table) in camera.lenses.enumerated() {
            tables[index] = LoopLens(table, in: memory)
        }
        table = tables[0]
        lens = camera.lens
        let focal = camera.lens.focalLengthMillimeters
        zoomRange = camera.zoomRange ?? SIMD2(focal, focal)
        usesLensData = camera.usesLensData
        bodyFromSensor = camera.bodyFromSensor
        source = camera.source
        isFixed = tracking.transport == .fixed
    }

    /// The camera with the lens and the sensor mode that are chosen: places in the words of their
    /// parameters; a lens beyond the measured ones is the stage file's own.
    /// - Frame path: yes
    func choosing(lens: Int, sensorMode: Int) -> LoopCamera {
        var chosen = self
        chosen.table = 0..<8 ~= lens ? tables[lens] : nil
        chosen.sensor = modes[max(0, min(7, sensorMode))]
        return chosen
    }
}

/// The tables of a stage that `prepare` reads every frame, laid out once at start.
///
/// `@unchecked Sendable` holds because nothing is written after `init`.
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
    private let lensMemory: LensMemory
    let walls: UnsafeMutableBufferPointer<WallColor>
    let facets: UnsafeMutableBufferPointer<Facet>

    /// Tables of a checked stage, and the looks of its run.
    public init(_ stage: Stage, looks: LookTable = LookTable()) {
        self.stage = stage
        self.looks = looks
        grid = FrameGrid(rate: stage.rate)
        outerEye = stage.outerEye
        sourceCount = stage.sources.count
        periodNanoseconds = stage.rate.period * 1e9
        cameras = .allocate(capacity: stage.cameras.count)
        let memory = LensMemory()
        _ = cameras.initialize(
            from: stage.cameras.map { LoopCamera($0, source: stage.sources[$0.source], memory) })
        lensMemory = memory
        facets = .allocate(capacity: stage.facets.count)
        _ = facets.initialize(from: stage.facets)
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
    }
}

extension LoopStage {
    /// A camera with the lens and the sensor mode that are chosen at a frame; it is good as long
    /// as the stage is.
    /// - Frame path: yes
    public func camera(
        _ index: Int, _ live: UnsafePointer<LiveState>, at frame: Int64
    ) -> LoopCamera {
        cameras[index].choosing(
            lens: Int(live.camera(index, .lens, at: frame)),
            sensorMode: Int(live.camera(index, .sensorMode, at: frame)))
    }
}
