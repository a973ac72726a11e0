import FrameLoop
import FrameModel
import Geometry
import Scenes
import StageModel
import StageTwin
import Testing
import Timing
import Tracking

/// Measured lenses and sensor modes, chosen by name while the stage runs.
@Suite struct `A measured lens` {
    /// Zooms 0, 0.5 and 1, focuses 0 and 1.
    private static let table = LensTable(
        name: "zoom", zooms: [0, 0.5, 1], focuses: [0, 1],
        lenses: [20, 22, 40, 44, 100, 110].map { focal in
            Lens(
                focalLengthMillimeters: focal,
                distortion: LensDistortion(radial: [1e-5 * focal, 0, 0, 0, 0, 0]),
                projectionOffsetMillimeters: Vector2(focal / 1000, 0),
                entrancePupilOffset: focal / 200)
        })

    private func wall(lenses: [LensTable] = [table]) throws -> VirtualStage {
        var stage = VirtualStage.stage()
        stage.cameras[0].lenses = lenses
        stage.cameras[0].sensorModes = [
            SensorMode(
                name: "crop", sensor: Sensor(widthMillimeters: 12, heightMillimeters: 6.75),
                imageWidth: 960, imageHeight: 540)
        ]
        return try VirtualStage(TestScenes.checker(width: 512), stage: stage)
    }

    /// What the first camera is drawn with a frame later, its rings standing somewhere.
    private func drawn(
        _ wall: VirtualStage, _ frame: inout Int64, zoom: Double = 0, focus: Double = 0
    ) throws -> DrawnCamera {
        frame += 1
        let packet = VirtualStage.Datagram(
            arrivalTime: VirtualStage.host(frame - 1, plus: 0.2),
            bytes: freeD(pan: 0, 0, 0, 1.5, zoom: zoom, focus: focus))
        wall.prepare(frame, [packet])
        return try #require(wall.path.drawnCameras.first)
    }

    @Test(arguments: [
        (0.0, 0.0, 20.0), (0, 1, 22), (0.25, 0, 30), (0.25, 0.5, 31.5), (0.5, 1, 44),
        (0.75, 0.5, 73.5), (1, 1, 110),
    ])
    func `is linear between the places it was measured at`(
        zoom: Double, focus: Double, focal: Double
    ) throws {
        let wall = try wall()
        var frame = VirtualStage.firstFrame
        let camera = try drawn(wall, &frame, zoom: zoom, focus: focus)
        // FreeD's rings have 65536 places.
        #expect(abs(camera.focalLengthMillimeters - focal) < 0.01)
        #expect(abs(camera.lens.entrancePupilOffset - focal / 200) < 1e-4)
        #expect(abs(camera.lens.projectionOffsetMillimeters.x - focal / 1000) < 1e-5)
        #expect(abs(camera.lens.distortion.radial[0] - 1e-5 * focal) < 1e-7)
        #expect(wall.path.frustumInUse(camera: 0).origin == .table)
    }

    @Test func `gives way to the stage file's when that is chosen, and comes back`() throws {
        let wall = try wall()
        var frame = VirtualStage.firstFrame
        _ = try drawn(wall, &frame)
        wall.choose("camera/A/lens", "fixed", at: frame)
        #expect(try drawn(wall, &frame).focalLengthMillimeters == 48)
        #expect(wall.path.frustumInUse(camera: 0).origin == .fixed)
        wall.choose("camera/A/lens", "zoom", at: frame)
        #expect(try drawn(wall, &frame).focalLengthMillimeters == 20)
    }

    @Test func `is seen through another part of the sensor when that is chosen`() throws {
        let wall = try wall()
        var frame = VirtualStage.firstFrame
        let whole = try drawn(wall, &frame)
        wall.choose("camera/A/sensor-mode", "crop", at: frame)
        let crop = try drawn(wall, &frame)
        #expect(whole.sensor.widthMillimeters == 24 && crop.sensor.widthMillimeters == 12)
        #expect(crop.focalLengthMillimeters == 20)
        wall.choose("camera/A/sensor-mode", "standard", at: frame)
        #expect(try drawn(wall, &frame).sensor.widthMillimeters == 24)
    }
}

/// What becomes of an inner frustum without a tracker.
@Suite struct `A lost tracker's frustum` {
    @Test(arguments: [("hold", 1), ("leave", 0)])
    func `holds or leaves as chosen, and comes back`(word: String, count: Int) throws {
        let wall = try VirtualStage(TestScenes.checker(width: 512))
        var frame = VirtualStage.firstFrame
        wall.choose("camera/A/frustum/when-lost", word, at: frame)
        func packet() -> VirtualStage.Datagram {
            VirtualStage.Datagram(
                arrivalTime: VirtualStage.host(frame - 1, plus: 0.2),
                bytes: freeD(pan: 0, 0, 0, 1.5))
        }
        for _ in 0..<20 {
            frame += 1
            wall.prepare(frame, [packet()])
        }
        #expect(wall.path.drawnCameras.count == 1)
        for _ in 0..<90 {
            frame += 1
            wall.prepare(frame)
        }
        #expect(wall.path.drawnCameras.count == count)
        frame += 1
        wall.prepare(frame, [packet()])
        #expect(wall.path.drawnCameras.count == 1, "the tracker is back")
    }
}
