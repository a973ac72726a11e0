import Foundation
import FrameLoop
import Geometry
import StageModel
import StageRun
import Testing
import Timing
import Tracking

/// What other programs are given of a take's cameras.
@Suite struct `An exported take` {
    private let stage = VirtualStage.stage()

    private func frame(pan: Double, tilt: Double, roll: Double) -> TakeReplay.Frame {
        let degrees = Double.pi / 180
        return TakeReplay.Frame(
            frame: 100, timecode: Timecode(count: 100, rate: FrameRate(24)!), hash: 1,
            cameras: [
                DrawnCamera(
                    camera: 0, eye: Vector3(1, 2, 3),
                    stageFromPupil: Matrix3(
                        pan: pan * degrees, tilt: tilt * degrees, roll: roll * degrees),
                    lens: Lens(focalLengthMillimeters: 24, entrancePupilOffset: 0.1),
                    sensor: stage.cameras[0].sensor)
            ])
    }

    @Test func `has a line a camera with its pose as the tracker's conventions have it`() {
        let line = TakeExport.csv(frame(pan: 30, tilt: 20, roll: 10), stage)
        let words = line.split(whereSeparator: { ",\n".contains($0) }).map(String.init)
        #expect(words.count == TakeExport.csvHeader.split(separator: ",").count)
        #expect(words[..<3] == ["100", "00:00:04:04", "A"])
        let numbers = words[3...].compactMap(Double.init)
        let truth = [1, 2, 3, 30, 20, 10, 24, 24, 13.5]
        #expect(zip(numbers, truth).allSatisfy { abs($0 - $1) < 1e-9 })
    }

    @Test func `is OpenTrackIO that says where the sensor was, and by which lens`() throws {
        let line = try TakeExport.openTrackIO(frame(pan: 30, tilt: 20, roll: 10), stage)
        #expect(line.last == "\n" && line.dropLast().allSatisfy { $0 != "\n" })
        let bytes = Array(line.utf8)
        let sample = try bytes.withUnsafeBytes {
            try OpenTrackIOSample(payload: $0, encoding: .json)
        }
        let degree = Double.pi / 180
        let turn = Matrix3(pan: 30 * degree, tilt: 20 * degree, roll: 10 * degree)
        let pose = try #require(sample.trackerFromSensor)
        #expect((pose.rotation.y - turn.y).length < 1e-12)
        #expect((pose.translation + turn.y * 0.1 - Vector3(1, 2, 3)).length < 1e-12)
        #expect(sample.lens.pinholeFocalLengthMillimeters == 24 && sample.sourceNumber == 1)
        #expect(sample.timing.timecode?.seconds == 4 && sample.timing.timecode?.frames == 4)
        #expect(sample.static?.sensor == stage.cameras[0].sensor)
    }

    /// Nuke's own construction: Y up, the camera looks along −Z, and a rotation order of ZXY turns
    /// a point about Z, then X, then Y.
    @Test(arguments: [(0.0, 0.0, 0.0), (30, 20, 10), (-75, -40, 3), (170, 5, -90)])
    func `gives Nuke the camera's directions`(pan: Double, tilt: Double, roll: Double) throws {
        let frame = frame(pan: pan, tilt: tilt, roll: roll)
        let line = try #require(TakeExport.chan(frame, number: 1, camera: 0, stage))
        let numbers = line.split(separator: " ").compactMap {
            Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        try #require(numbers.count == 8)
        #expect(numbers[0] == 1 && numbers[1] == 1 && numbers[2] == 3 && numbers[3] == -2)
        let axes = frame.cameras[0].stageFromPupil
        for (own, local) in [
            (axes * Vector3(0, 1, 0), Vector3(0, 0, -1)),
            (axes * Vector3(1, 0, 0), Vector3(1, 0, 0)),
            (axes * Vector3(0, 0, 1), Vector3(0, 1, 0)),
        ] {
            let seen = turned(local, numbers[4], numbers[5], numbers[6])
            let truth = Vector3(own.x, own.z, -own.y)
            #expect((seen - truth).length < 1e-9)
        }
        // 13.5 mm of sensor behind 24 mm.
        #expect(abs(numbers[7] - 31.4172) < 1e-3)
    }

    private func turned(_ v: Vector3, _ x: Double, _ y: Double, _ z: Double) -> Vector3 {
        func turn(_ a: Double, _ b: Double, _ degrees: Double) -> (Double, Double) {
            let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
            return (c * a - s * b, s * a + c * b)
        }
        var out = v
        (out.x, out.y) = turn(out.x, out.y, z)
        (out.y, out.z) = turn(out.y, out.z, x)
        (out.z, out.x) = turn(out.z, out.x, y)
        return out
    }
}
