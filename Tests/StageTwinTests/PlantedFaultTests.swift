import Color
import Foundation
import FrameModel
import Geometry
import StageModel
import StageTwin
import Testing

/// Every planted fault is found, and with the size it has.
@Suite(.serialized)
struct PlantedFaultTests {
    let stage = DefaultShot.equipped(TestStage.bent())
    let still = CameraMoment(
        pan: 0.006, tilt: -0.005, roll: 0.05, position: SIMD3(0.3, -0.2, 1.5), zoom: 0.2)

    private func expect(_ report: TwinReport, near predicted: Double) {
        #expect(report.registration.p99Pixels > 0.5)
        #expect(abs(report.registration.p50Pixels - predicted) < 0.1 * predicted)
    }

    private func displacement(
        _ other: Stage? = nil, camera: Camera? = nil, moment: CameraMoment? = nil
    ) -> Double {
        Prediction.median(
            Prediction.displacements(
                stage: stage, camera: stage.cameras[0], moment: still,
                believedStage: other ?? stage, believedCamera: camera ?? stage.cameras[0],
                believedMoment: moment ?? still))
    }

    @Test func `a wall that hangs 10 mm to the side is found with its size`() throws {
        var other = stage
        for index in other.panels.indices {
            other.panels[index].stageFromPanel.translation.x += 0.01
        }
        let report = try JudgeTests.judge(stage, moments: [still]) { $0.stage = other }
        expect(report, near: displacement(other))
    }

    @Test func `a pan of the wrong sign is found with its size`() throws {
        var other = still
        other.pan = -still.pan
        let report = try JudgeTests.judge(stage, moments: [still]) { $0.moments = [other] }
        // The wall shows the same scene whichever way an eye at the same place is turned; only the
        // pupil, in front of the sensor, goes astray.
        expect(report, near: displacement(moment: other))
    }

    @Test func `a forgotten entrance pupil is found with its size`() throws {
        var camera = stage.cameras[0]
        camera.lens.entrancePupilOffset = 0
        let report = try JudgeTests.judge(stage, moments: [still]) { $0.camera = camera }
        expect(report, near: displacement(camera: camera))
    }

    @Test func `a picture one frame late is found with its size`() throws {
        var before = still
        before.position += SIMD3(-0.02, 0.01, 0.01)
        let report = try JudgeTests.judge(stage, moments: [still]) { $0.moments = [before] }
        expect(report, near: displacement(moment: before))
    }

    @Test func `a mesh 40 mm from where it should be is found with its size`() throws {
        let moved = SIMD3<Float>(0.04, 0, 0)
        let report = try JudgeTests.judge(stage, moments: [still], content: .meshes) {
            $0.sceneShown = { scene in
                var scene = scene
                for index in scene.meshes[0].objects.indices {
                    let right = scene.meshes[0].objects[index].positions.map { $0 + moved }
                    scene.meshes[0].objects[index].positions = right
                }
                return scene
            }
        }
        // Most of the picture shows the bowl round the shot's middle, 10 m behind the wall.
        let shot = DefaultShot(stage: stage)
        let radius = shot.distance + 10
        let eye = SimulatedCamera(stage.cameras[0], at: still)
        var sizes: [Double] = []
        for x in stride(from: 100.0, to: 1920, by: 200) {
            for y in stride(from: 100.0, to: 1080, by: 200) {
                let ray = eye.direction(x: x, y: y)
                let way = eye.pupil.origin - shot.center
                let along = -(way * ray).sum()
                let far = along + (along * along - (way * way).sum() + radius * radius).squareRoot()
                let place = eye.pupil.origin + ray * far
                guard let at = eye.picturePoint(of: place - SIMD3<Double>(moved)) else { continue }
                sizes.append(((at - SIMD2(x, y)) * (at - SIMD2(x, y))).sum().squareRoot())
            }
        }
        expect(report, near: sizes.sorted()[sizes.count / 2])
    }

    @Test func `one panel fed one pixel off is found with its size`() throws {
        var other = stage
        let index = 5 * 5 + 2
        other.panels[index].canvas.x += 1
        let report = try JudgeTests.judge(stage, moments: [still], step: 4) { $0.stage = other }
        // One LED of 10 mm, seen by the camera.
        let eye = SimulatedCamera(stage.cameras[0], at: still)
        let at = stage.panels[index].stageFromPanel
        let a = eye.picturePoint(of: at.translation)
        let b = eye.picturePoint(of: at.translation + at.rotation.x * 0.01)
        let predicted = a.flatMap { a in b.map { ((a - $0) * (a - $0)).sum().squareRoot() } } ?? 0
        #expect(abs(report.seam.maxPixels - predicted) < 0.1 * predicted)
    }

    @Test func `a panel turned the wrong way is found`() throws {
        var other = stage
        let index = 3 * 5 + 2
        #expect(other.panels[index].quarterTurns == 1)
        other.panels[index].quarterTurns = 3
        let report = try JudgeTests.judge(stage, moments: [still]) { $0.stage = other }
        #expect(!report.complaints.isEmpty)
        #expect(report.seam.maxPixels > 5)
    }

    @Test func `two canvas rectangles taken for each other are found`() throws {
        var other = stage
        other.panels[27].canvas = stage.panels[22].canvas
        other.panels[22].canvas = stage.panels[27].canvas
        let report = try JudgeTests.judge(stage, moments: [still]) { $0.stage = other }
        #expect(report.registration.p99Pixels > 5)
        #expect(report.seam.maxPixels > 5)
    }

    @Test func `narrow codes read as full are found`() throws {
        var other = stage
        other.processors[0].range = .narrow
        let report = try JudgeTests.judge(stage, moments: [still]) { $0.stage = other }
        #expect(report.color.meanDeltaEITP > 5)
    }

    @Test func `gamma codes read as PQ are found`() throws {
        var other = stage
        other.processors[0].transfer = .gamma(2.4)
        let report = try JudgeTests.judge(stage, moments: [still]) { $0.stage = other }
        #expect(report.color.meanDeltaEITP > 5)
    }

    @Test func `red and blue taken for each other are found by color alone`() throws {
        let report = try JudgeTests.judge(stage, moments: [still]) { $0.swapsRedAndBlue = true }
        #expect(report.color.meanDeltaEITP > 5)
        #expect(report.registration.p99Pixels < 0.5)
    }
}
