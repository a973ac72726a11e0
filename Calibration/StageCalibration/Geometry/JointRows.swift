import Geometry

/// Where a dot is seen in one view, and how that changes with every unknown.
///
/// A dot P goes the way q = Z⁻¹ P, b₀ = T⁻¹ q, b = δ⁻¹ b₀, c = X⁻¹ b, then through the lens; each
/// pose moves by a small pose on its right, so derivatives are vector products along the way.
struct JointRows {
    private let state: JointState
    private let layout: JointLayout
    private let tracker: Pose
    private let off: Matrix3
    private let move: Vector3
    private let stageFromTracker: Matrix3
    /// The dot's picture, pixels.
    private(set) var pixel = Vector2.zero
    /// Shared unknowns that matter, rising.
    private(set) var places: [Int] = []
    /// Derivatives of x and y by them.
    private(set) var shared: [[Double]] = [[], []]
    /// Derivatives of x and y by the view's own turn and move.
    private(set) var own: [[Double]] = [[], []]

    init(_ state: JointState, _ tracker: Pose, _ view: Int, _ layout: JointLayout) {
        self.state = state
        self.layout = layout
        self.tracker = tracker
        off = Matrix3(rotationVector: state.corrections[view].turn)
        move = state.corrections[view].move
        stageFromTracker = state.stage.rotation
    }

    /// Looks at a dot of a group; false where it is behind the camera.
    mutating func look(at point: Vector3, group: Int) -> Bool {
        let q = stageFromTracker.transposed * (point - state.stage.translation)
        let turned = tracker.rotation.transposed * (q - tracker.translation * state.scale)
        let b = off.transposed * (turned - move)
        let c = state.mount.rotation.transposed * (b - state.mount.translation)
        guard c.z > 1e-3 else { return false }
        let p = Vector2(c.x, c.y) / c.z
        let camera = state.camera
        let d = camera.distorted(p)
        pixel = d * camera.focal + camera.center
        let (dx, dy) = camera.derivatives(p)
        let across = Vector3(1, 0, -p.x) / c.z
        let down = Vector3(0, 1, -p.y) / c.z
        places.removeAll(keepingCapacity: true)
        for axis in 0..<2 {
            let g = camera.focal[axis] * (dx[axis] * across + dy[axis] * down)
            row(axis, g, c: c, b: b, q: q, group: group, p: p, d: d)
        }
        return true
    }

    private mutating func row(
        _ axis: Int, _ g: Vector3, c: Vector3, b: Vector3, q: Vector3, group: Int, p: Vector2,
        d: Vector2
    ) {
        var values: [Double] = []
        values.reserveCapacity(JointLayout.lensCount + 17)
        func put(_ at: Int, _ list: [Double], _ places: inout [Int]) {
            values += list
            if axis == 0 { places += at..<(at + list.count) }
        }
        func six(_ a: Vector3, _ b: Vector3) -> [Double] { [a.x, a.y, a.z, b.x, b.y, b.z] }
        let gb = state.mount.rotation * g
        let gb0 = off * gb
        let gq = tracker.rotation * gb0
        if let at = layout.lens { put(at, lens(axis, p, d), &places) }
        if let at = layout.mount { put(at, six(g.cross(c), -g), &places) }
        if let at = layout.pupil { put(at, [-g.z], &places) }
        if let at = layout.stage { put(at, six(gq.cross(q), -gq), &places) }
        if let at = layout.scale { put(at, [-gq.dot(tracker.translation)], &places) }
        if let at = layout.wall {
            let gp = stageFromTracker * gq
            put(at + 3 * group, [gp.x, gp.y, gp.z], &places)
        }
        shared[axis] = values
        own[axis] = six(gb.cross(b), -gb0)
    }

    /// Derivatives by fx, fy, cx, cy, k1, k2, p1, p2.
    private func lens(_ axis: Int, _ p: Vector2, _ d: Vector2) -> [Double] {
        let f = state.camera.focal[axis]
        let s = p.x * p.x + p.y * p.y
        let cross = 2 * p.x * p.y
        let square = s + 2 * p[axis] * p[axis]
        let isX = axis == 0
        return [
            isX ? d.x : 0, isX ? 0 : d.y, isX ? 1 : 0, isX ? 0 : 1, f * p[axis] * s,
            f * p[axis] * s * s, f * (isX ? cross : square), f * (isX ? square : cross),
        ]
    }
}
