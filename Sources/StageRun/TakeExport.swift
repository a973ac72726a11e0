import FrameLoop
import Geometry
import Glibc
public import StageModel
import Timing
import Tracking

/// A replayed take's cameras as text for other programs, a line a frame and camera.
public enum TakeExport {
    /// First line of `csv`.
    public static let csvHeader =
        "frame,timecode,camera,x_m,y_m,z_m,pan_deg,tilt_deg,roll_deg,focal_mm,sensor_w_mm,"
        + "sensor_h_mm"

    /// Lines of comma-separated values, one a camera.
    ///
    /// The entrance pupil on the stage (right, forward, up), pan + left, tilt + up, roll +
    /// clockwise from behind, as OpenTrackIO has them.
    public static func csv(_ frame: TakeReplay.Frame, _ stage: Stage) -> String {
        frame.cameras.map { drawn in
            let turn = drawn.stageFromPupil.panTiltRoll
            let numbers = [
                drawn.eye.x, drawn.eye.y, drawn.eye.z, degrees(turn.pan), degrees(turn.tilt),
                degrees(turn.roll), drawn.focalLengthMillimeters, drawn.sensor.widthMillimeters,
                drawn.sensor.heightMillimeters,
            ]
            return "\(frame.frame),\(frame.timecode),\(stage.cameras[drawn.camera].name),"
                + numbers.map { "\($0)" }.joined(separator: ",") + "\n"
        }.joined()
    }

    /// A line of a Nuke `.chan` file for one camera.
    ///
    /// Frame, translation, rotation in degrees (order ZXY, Y up, the camera looks along −Z),
    /// vertical field of view in degrees. Stage (x, y, z) is Nuke (x, z, −y).
    public static func chan(
        _ frame: TakeReplay.Frame, number: Int, camera index: Int, _ stage: Stage
    ) -> String? {
        guard let drawn = frame.cameras.first(where: { $0.camera == index }) else { return nil }
        let turn = NukeRotation(drawn.stageFromPupil)
        let view =
            2 * atan(drawn.sensor.heightMillimeters / 2 / drawn.focalLengthMillimeters) * 180 / .pi
        let numbers = [
            drawn.eye.x, drawn.eye.z, -drawn.eye.y, turn.x, turn.y, turn.z, view,
        ]
        return "\(number) " + numbers.map { "\($0)" }.joined(separator: " ") + "\n"
    }

    /// Lines of OpenTrackIO 1.0.1, one sample a camera as JSON: the sensor on the stage, its lens
    /// and the frame's timecode; source number n is the stage's nth camera.
    public static func openTrackIO(_ frame: TakeReplay.Frame, _ stage: Stage) throws -> String {
        try frame.cameras.map { try sample($0, frame, stage) + "\n" }.joined()
    }

    private static func sample(
        _ drawn: DrawnCamera, _ frame: TakeReplay.Frame, _ stage: Stage
    ) throws -> String {
        let camera = stage.cameras[drawn.camera]
        var sample = OpenTrackIOSample()
        sample.sourceNumber = UInt32(drawn.camera + 1)
        sample.trackerFromSensor = Pose(
            rotation: drawn.stageFromPupil,
            translation: drawn.eye
                - drawn.stageFromPupil * Vector3(0, drawn.lens.entrancePupilOffset, 0))
        let rate = OpenTrackIOSample.Ratio(
            UInt32(stage.rate.numerator), UInt32(stage.rate.denominator))
        sample.timing.mode = .external
        sample.timing.sampleRate = rate
        sample.timing.sequenceNumber = UInt32(truncatingIfNeeded: frame.frame)
        let label = frame.timecode
        sample.timing.timecode = OpenTrackIOSample.Timecode(
            hours: UInt8(label.hours), minutes: UInt8(label.minutes),
            seconds: UInt8(label.seconds), frames: UInt8(label.frames), rate: rate,
            dropsFrames: label.isDropFrame)
        sample.lens = OpenTrackIOSample.LensBlock(drawn.lens)
        var block = OpenTrackIOSample.StaticBlock()
        block.sensor = drawn.sensor
        block.captureFrameRate = rate
        sample.static = block
        var words = OpenTrackIOWords()
        words.cameraLabel = camera.name
        return try sample.text(words)
    }

    private static func degrees(_ radians: Double) -> Double { radians * 180 / .pi }
}

/// Degrees about X, Y and Z that Nuke's rotation order ZXY makes a camera's axes of: the matrix is
/// Ry·Rx·Rz on column vectors.
struct NukeRotation {
    let x: Double
    let y: Double
    let z: Double

    init(_ stageFromPupil: Matrix3) {
        // Columns of the camera in Nuke's axes: right, up, back.
        func nuke(_ v: Vector3) -> Vector3 { Vector3(v.x, v.z, -v.y) }
        let right = nuke(stageFromPupil * Vector3(1, 0, 0))
        let up = nuke(stageFromPupil * Vector3(0, 0, 1))
        let back = nuke(stageFromPupil * Vector3(0, -1, 0))
        let scale = 180 / Double.pi
        x = asin(max(-1, min(1, -back.y))) * scale
        y = atan2(back.x, back.z) * scale
        z = atan2(right.y, up.y) * scale
    }
}
