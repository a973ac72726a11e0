import Geometry

/// All unknowns of a stage's geometry at once.
struct JointState {
    var camera: CameraModel
    /// Body from camera, X.
    var mount: Pose
    /// Stage from tracker, Z.
    var stage: Pose
    /// Metres in a metre of the tracker's.
    var scale = 1.0
    /// How far each group of dots stands from its plan.
    var shifts: [Vector3]
    /// What the tracker's pose of each view is off by: rotation vector, metres, in the body.
    var corrections: [(turn: Vector3, move: Vector3)]

    /// Stage from camera of a view whose tracker said `tracker`.
    func stageFromCamera(_ tracker: Pose, _ view: Int) -> Pose {
        let scaled = Pose(rotation: tracker.rotation, translation: tracker.translation * scale)
        let off = Pose(
            rotation: Matrix3(rotationVector: corrections[view].turn),
            translation: corrections[view].move)
        return stage * scaled * off * mount
    }
}

/// Which unknowns are solved for; the others stay as given.
struct JointUnknowns: OptionSet {
    let rawValue: Int
    /// Focal lengths, centre, k1, k2, p1, p2.
    static let lens = JointUnknowns(rawValue: 1)
    /// Body from camera.
    static let mount = JointUnknowns(rawValue: 2)
    /// Stage from tracker.
    static let stage = JointUnknowns(rawValue: 4)
    /// The tracker's metre.
    static let scale = JointUnknowns(rawValue: 8)
    /// Groups of dots.
    static let wall = JointUnknowns(rawValue: 16)
    /// Of the mount only the pupil's place along the axis.
    static let pupil = JointUnknowns(rawValue: 32)
    /// All that a stage needs.
    static let everything: JointUnknowns = [.lens, .mount, .stage, .scale, .wall]
}

/// Where each unknown stands among the shared ones; nil: it is not solved for.
struct JointLayout {
    let lens: Int?
    let mount: Int?
    let pupil: Int?
    let stage: Int?
    let scale: Int?
    let wall: Int?
    let count: Int

    /// Lens unknowns: fx, fy, cx, cy, k1, k2, p1, p2.
    static let lensCount = 8

    init(_ unknowns: JointUnknowns, groups: Int) {
        var next = 0
        func take(_ kind: JointUnknowns, _ size: Int) -> Int? {
            guard unknowns.contains(kind) else { return nil }
            defer { next += size }
            return next
        }
        lens = take(.lens, JointLayout.lensCount)
        mount = take(.mount, 6)
        pupil = take(.pupil, 1)
        stage = take(.stage, 6)
        scale = take(.scale, 1)
        wall = take(.wall, 3 * groups)
        count = next
    }
}
