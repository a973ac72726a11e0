import FrameModel
import Geometry
import StageModel
import Timing
import Tracking

/// What a camera was drawn with for one instant of light.
struct DrawnPose: BitwiseCopyable, Sendable {
    var lightTime = HostTime(nanoseconds: 0)
    /// The entrance pupil.
    var stageFromPupil = Pose.identity
    var focalLengthMillimeters = 1.0
}

/// What a camera was drawn with lately, until its tracker says what it should have been.
struct RegistrationMemory: BitwiseCopyable, Sendable {
    /// Poses kept: a second at 120 frames, which is more than light time and a tracker's delay
    /// take together; older ones are forgotten unjudged.
    static var capacity: Int { 128 }
    /// Where no wall is on a camera's axis, metres.
    static var usualDistance: Double { 5 }

    private var poses = InlineArray<128, DrawnPose>(repeating: DrawnPose())
    private var first = 0
    private var count = 0
    /// From the pupil along the camera's axis to the wall, metres.
    var wallDistance = Self.usualDistance

    /// The oldest pose not judged yet.
    var oldest: DrawnPose? { count > 0 ? poses[first] : nil }

    mutating func remember(_ pose: DrawnPose) {
        if count == Self.capacity { forgetOldest() }
        poses[(first + count) & (Self.capacity - 1)] = pose
        count += 1
    }

    mutating func forgetOldest() {
        guard count > 0 else { return }
        first = (first + 1) & (Self.capacity - 1)
        count -= 1
    }
}

/// Judges the oldest pose a camera was drawn with that its tracker has told of since.
///
/// One a frame, as one is remembered a frame: none waits longer than the ring is long.
/// - Frame path: yes
func judgeRegistration(
    _ state: UnsafeMutablePointer<LoopState>, _ camera: LoopCamera, _ index: Int
) -> RegistrationFigure {
    guard let newest = state.pointee.timelines[camera.source].newestCaptureTime else {
        return .none
    }
    while let drawn = state.pointee.registrations[index].oldest,
        drawn.lightTime <= newest
    {
        state.pointee.registrations[index].forgetOldest()
        guard
            let truth = state.pointee.timelines[camera.source].measured(at: drawn.lightTime)
        else { continue }
        let distance = state.pointee.registrations[index].wallDistance
        let shape = state.pointee.timelines[camera.source].shape
        let (lens, _) = camera.lens(truth.lens, shape)
        return figure(drawn, truth.stageFromBody, lens, camera, distance: distance)
    }
    return .none
}

private func figure(
    _ drawn: DrawnPose, _ stageFromBody: Pose, _ lens: Lens, _ camera: LoopCamera,
    distance: Double
) -> RegistrationFigure {
    let seen = camera.stageFromPupil(body: stageFromBody, lens)
    var drawnLens = lens
    drawnLens.focalLengthMillimeters = drawn.focalLengthMillimeters
    let picture = CameraPicture(
        sensor: camera.sensor.area, lens: drawnLens,
        pixelsWide: camera.sensor.pixelsPerRadianPerMillimeter
            * camera.sensor.area.widthMillimeters)
    let seenFocalLength = lens.focalLengthMillimeters
    let far = RegistrationError(
        drawn: drawn.stageFromPupil, seen: seen, picture: picture,
        seenFocalLength: seenFocalLength, distance: .infinity)
    let near = RegistrationError(
        drawn: drawn.stageFromPupil, seen: seen, picture: picture,
        seenFocalLength: seenFocalLength, distance: distance)
    return RegistrationFigure(horizon: Float(far.largest), wall: Float(near.largest))
}

extension LoopStage {
    /// How far the nearest facet is from an eye along a ray of length 1, metres; nil where it meets
    /// none.
    /// - Frame path: yes
    func distance(from eye: Vector3, along ray: Vector3) -> Double? {
        var nearest: Double?
        for facet in facets {
            let normal = facet.alongX.cross(facet.alongY)
            let slope = normal.dot(ray)
            guard slope != 0 else { continue }
            let way = normal.dot(facet.origin - eye) / slope
            guard way > 0.01, nearest.map({ way < $0 }) ?? true else { continue }
            let place = eye + ray * way - facet.origin
            let column = place.dot(facet.alongX) / facet.alongX.dot(facet.alongX)
            let row = place.dot(facet.alongY) / facet.alongY.dot(facet.alongY)
            // Pixel centers are whole numbers: the facet ends half a pixel beyond the outer ones.
            guard column >= -0.5, column <= Double(facet.canvas.width) - 0.5, row >= -0.5,
                row <= Double(facet.canvas.height) - 0.5
            else { continue }
            nearest = way
        }
        return nearest
    }
}
