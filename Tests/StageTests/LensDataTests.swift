import FrameLoop
import FrameModel
import Geometry
import Scenes
import StageModel
import Testing
import Timing
import Tracking

/// What a tracker says of the lens, on the wall.
@Suite struct `Lens data on the stage` {
    static let first = VirtualStage.firstFrame

    /// The virtual stage with its first camera tracked by OpenTrackIO.
    private func wall(usesLensData: Bool = true) throws -> VirtualStage {
        var stage = VirtualStage.stage()
        stage.sources[0].transport = .openTrackIO(OpenTrackIOOptions())
        stage.cameras[0].usesLensData = usesLensData
        return try VirtualStage(TestScenes.checker(width: 512), stage: stage)
    }

    private func datagram(
        _ frame: Int64, focal: Double?, pan: Double = 0
    ) -> VirtualStage.Datagram {
        var producer = OpenTrackIOProducer(sourceNumber: 1)
        producer.focalLengthMillimeters = focal
        var bytes = [UInt8](repeating: 0, count: 1472)
        let count = bytes.withUnsafeMutableBytes {
            producer.write(
                UInt64(frame - Self.first),
                pose: Pose(pan: pan, tilt: 0, roll: 0, translation: Vector3(0, 0, 1.5)), zoom: 0,
                at: VirtualStage.grid.instant(of: frame), rate: VirtualStage.grid.rate, into: $0)
        }
        return VirtualStage.Datagram(
            arrivalTime: VirtualStage.host(frame, plus: 0.2), bytes: Array(bytes.prefix(count ?? 0))
        )
    }

    private func drawn(_ wall: VirtualStage, _ frames: Int64, focal: Double?) -> DrawnCamera? {
        for step in 0..<frames {
            let frame = Self.first + step
            wall.prepare(frame + 1, [datagram(frame, focal: focal)])
        }
        return wall.path.drawnCameras.first
    }

    @Test func `the tracker's focal length and pupil are drawn with, and said to be`() throws {
        let wall = try wall()
        let camera = try #require(drawn(wall, 30, focal: 85))
        #expect(abs(camera.focalLengthMillimeters - 85) < 1e-9)
        #expect(abs(camera.eye.y - 0.1) < 1e-9)
        let use = wall.path.frustumInUse(camera: 0)
        #expect(use.origin == .live && use.focalLengthMillimeters == 85)
    }

    @Test func `without lens data, or where they are not wanted, the stage file's lens stands`()
        throws
    {
        for (uses, focal) in [(true, nil), (false, 85.0)] {
            let wall = try wall(usesLensData: uses)
            let camera = try #require(drawn(wall, 30, focal: focal))
            #expect(camera.focalLengthMillimeters == 48)
            #expect(wall.path.frustumInUse(camera: 0).origin == .fixed)
        }
    }

    @Test func `a lens that would fold the picture is not believed`() throws {
        let stage = VirtualStage.stage()
        let tables = LoopStage(stage)
        let live = LiveState()
        let loop = withUnsafePointer(to: live) { tables.camera(0, $0, at: 0) }
        var reading = LensReading()
        reading.say(.focalLength, 85)
        var shape = LensShape()
        shape.distortion = LensDistortion(radial: [-0.05, 0, 0, 0, 0, 0])
        #expect(loop.lens(reading, shape).1 == .fixed)
        shape.distortion = LensDistortion(radial: [-1e-5, 0, 0, 0, 0, 0])
        let (lens, origin) = loop.lens(reading, shape)
        #expect(origin == .live && lens.distortion == shape.distortion)
        reading.say(.focalLength, .nan)
        #expect(loop.lens(reading, LensShape()).1 == .fixed)
    }

    @Test func `a delay set on the tree moves the frustum of a pan`() throws {
        let wall = try wall()
        func pan(_ steps: Range<Int64>) -> Double {
            for step in steps {
                let frame = Self.first + step
                wall.prepare(frame + 1, [datagram(frame, focal: nil, pan: 0.01 * Double(step))])
            }
            let camera = wall.path.drawnCameras[0]
            return camera.stageFromPupil.panTiltRoll.pan
        }
        let before = pan(0..<60)
        wall.edit("tracking/one/delay", 2.25, at: Self.first + 60)
        let after = pan(60..<61)
        // One frame of the pan, and 2.25 frames more of prediction.
        #expect(abs(after - before - 0.01 * 3.25) < 2e-4)
    }
}
