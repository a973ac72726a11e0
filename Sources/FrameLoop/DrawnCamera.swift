public import FrameModel
public import Geometry
public import Timing
import Tracking

/// A camera as a frame's picture was drawn for it.
public struct DrawnCamera: Sendable, Equatable {
    /// Index into `Stage.cameras`.
    public var camera: Int
    /// Its entrance pupil in the stage, metres.
    public var eye: Vector3
    /// Its axes in the stage: columns right, forward, up.
    public var stageFromPupil: Matrix3
    /// The lens it was drawn with.
    public var lens: Lens
    /// The recorded area of the sensor it was drawn for.
    public var sensor: Sensor

    /// The focal length, mm.
    public var focalLengthMillimeters: Double { lens.focalLengthMillimeters }

    /// A camera drawn for; metres.
    public init(camera: Int, eye: Vector3, stageFromPupil: Matrix3, lens: Lens, sensor: Sensor) {
        self.camera = camera
        self.eye = eye
        self.stageFromPupil = stageFromPupil
        self.lens = lens
        self.sensor = sensor
    }
}

extension FramePath {
    /// Where a camera really was when the light of a past frame left the wall, as its tracker has
    /// told since; nil while it has not.
    ///
    /// A camera whose pose is on the control tree has no tracker that could: it is where that says.
    public func measuredCamera(
        _ index: Int, at lightTime: HostTime, live: UnsafePointer<LiveState>, frame: Int64
    ) -> DrawnCamera? {
        let camera = stage.camera(index, live, at: frame)
        let source = camera.source
        var body: Pose
        var lens: Lens
        if camera.isFixed || live.camera(index, .usesFixedPose, at: frame) > 0.5 {
            let memory = state.pointee.cameras[index]
            guard memory.isKnown else { return nil }
            (body, lens) = (memory.stageFromBody, memory.lens)
        } else {
            guard let truth = state.pointee.timelines[source].measured(at: lightTime) else {
                return nil
            }
            body = truth.stageFromBody
            lens = camera.lens(truth.lens, state.pointee.timelines[source].shape).0
        }
        let pupil = camera.stageFromPupil(body: body, lens)
        return DrawnCamera(
            camera: index, eye: pupil.translation, stageFromPupil: pupil.rotation, lens: lens,
            sensor: camera.sensor.area)
    }

    /// The cameras whose inner frusta the current plan draws.
    ///
    /// Not for the frame path: it makes an array.
    public var drawnCameras: [DrawnCamera] {
        (0..<plan.pointee.viewCount).compactMap { index in
            let view = plan.pointee.views[index]
            guard view.camera >= 0 else { return nil }
            let memory = state.pointee.cameras[view.camera]
            var lens = memory.lens
            // A frozen wall keeps its views while the cameras go on.
            lens.focalLengthMillimeters =
                view.pixelsPerRadian / memory.sensor.pixelsPerRadianPerMillimeter
            return DrawnCamera(
                camera: view.camera, eye: view.eye, stageFromPupil: view.stageFromPupil,
                lens: lens, sensor: memory.sensor.area)
        }
    }
}
