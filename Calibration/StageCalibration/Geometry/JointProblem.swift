import Geometry

/// The most likely geometry given all captures: reprojection, what the tracker said, and how well
/// the wall is known, weighed by their accuracies (§4.4, step 4).
struct JointProblem {
    /// A view that is used.
    struct View {
        var tracker: Pose
        var seen: [Int]
        var pixels: [Vector2]
    }

    var dots: [Vector3]
    var groups: [Int]
    var groupCount: Int
    var views: [View]
    var accuracy: GeometryCaptures.Accuracy
    var unknowns: JointUnknowns
    /// The tracker says nothing: every view's pose is free.
    var ignoresTracker = false
    /// Residuals above this many pixels count by their size, not its square (Huber).
    static let robustPixels = 1.0

    private var turnWeight: Double {
        let radians = accuracy.trackerDegrees * .pi / 180
        return ignoresTracker ? 1e-6 : 1 / (radians * radians)
    }
    private var moveWeight: Double {
        ignoresTracker ? 1e-6 : 1 / (accuracy.trackerMeters * accuracy.trackerMeters)
    }
    private var pixelWeight: Double { 1 / (accuracy.pixels * accuracy.pixels) }
    private var wallWeight: Double { 1 / (accuracy.wallMeters * accuracy.wallMeters) }
    private var scaleWeight: Double { 1 / (accuracy.trackerScale * accuracy.trackerScale) }

    /// What is least: half of all weighed squares, outliers less.
    func cost(_ state: JointState) -> Double {
        var sum = 0.0
        for (i, view) in views.enumerated() {
            let cameraFromStage = state.stageFromCamera(view.tracker, i).inverse
            for (dot, pixel) in zip(view.seen, view.pixels) {
                let point = dots[dot] + state.shifts[groups[dot]]
                guard let seen = state.camera.pixel(cameraFromStage * point) else {
                    sum += pixelWeight * 1e6
                    continue
                }
                let r = (seen - pixel).length
                let limit = Self.robustPixels
                sum += pixelWeight * (r <= limit ? r * r : limit * (2 * r - limit))
            }
            let (turn, move) = state.corrections[i]
            sum += turnWeight * turn.dot(turn) + moveWeight * move.dot(move)
        }
        if unknowns.contains(.wall) {
            for shift in state.shifts { sum += wallWeight * shift.dot(shift) }
        }
        if unknowns.contains(.scale) {
            sum += scaleWeight * (state.scale - 1) * (state.scale - 1)
        }
        return 0.5 * sum
    }

    /// Root mean square of a view's reprojection, pixels.
    func reprojection(_ state: JointState, _ i: Int) -> Double {
        let view = views[i]
        let cameraFromStage = state.stageFromCamera(view.tracker, i).inverse
        var sum = 0.0
        for (dot, pixel) in zip(view.seen, view.pixels) {
            let point = dots[dot] + state.shifts[groups[dot]]
            guard let seen = state.camera.pixel(cameraFromStage * point) else { return .infinity }
            let d = seen - pixel
            sum += d.x * d.x + d.y * d.y
        }
        return (sum / Double(max(1, view.seen.count))).squareRoot()
    }

    /// How much larger the squares left at a solution are than the accuracies promise, a degree of
    /// freedom; 1 at least, so that a lucky fit makes no error bar smaller.
    func misfit(_ state: JointState) -> Double {
        let layout = JointLayout(unknowns, groups: groupCount)
        // A view's own six unknowns have six priors: they cancel.
        var freedom = 2 * views.reduce(0) { $0 + $1.seen.count } - layout.count
        if unknowns.contains(.wall) { freedom += 3 * groupCount }
        if unknowns.contains(.scale) { freedom += 1 }
        return max(1, 2 * cost(state) / Double(max(1, freedom)))
    }

    /// The normal equations about a state.
    func linearized(_ state: JointState) -> BlockSystem {
        let layout = JointLayout(unknowns, groups: groupCount)
        var system = BlockSystem(shared: layout.count, views: views.count)
        for i in views.indices {
            var rows = JointRows(state, views[i].tracker, i, layout)
            for (dot, pixel) in zip(views[i].seen, views[i].pixels) {
                let group = groups[dot]
                guard rows.look(at: dots[dot] + state.shifts[group], group: group) else { continue }
                let error = rows.pixel - pixel
                let limit = Self.robustPixels
                let weight = pixelWeight * (error.length > limit ? limit / error.length : 1)
                for axis in 0..<2 {
                    system.add(
                        residual: error[axis], weight: weight, places: rows.places,
                        row: rows.shared[axis], view: i, ownRow: rows.own[axis])
                }
            }
            let (turn, move) = state.corrections[i]
            for k in 0..<3 {
                system.addPrior(residual: turn[k], weight: turnWeight, view: i, own: k)
                system.addPrior(residual: move[k], weight: moveWeight, view: i, own: 3 + k)
            }
        }
        if let wall = layout.wall {
            for (g, shift) in state.shifts.enumerated() {
                for k in 0..<3 {
                    system.addPrior(
                        residual: shift[k], weight: wallWeight, place: wall + 3 * g + k)
                }
            }
        }
        if let scale = layout.scale {
            system.addPrior(residual: state.scale - 1, weight: scaleWeight, place: scale)
        }
        return system
    }

    /// A state moved by a step.
    func moved(_ state: JointState, _ step: (shared: [Double], own: [[Double]])) -> JointState {
        let layout = JointLayout(unknowns, groups: groupCount)
        var next = state
        let x = step.shared
        if let at = layout.lens {
            next.camera.focal += Vector2(x[at], x[at + 1])
            next.camera.center += Vector2(x[at + 2], x[at + 3])
            next.camera.radial += Vector3(x[at + 4], x[at + 5], 0)
            next.camera.tangential += Vector2(x[at + 6], x[at + 7])
        }
        func pose(_ at: Int) -> Pose {
            Pose(
                rotation: Matrix3(rotationVector: Vector3(x[at], x[at + 1], x[at + 2])),
                translation: Vector3(x[at + 3], x[at + 4], x[at + 5]))
        }
        if let at = layout.mount { next.mount = state.mount * pose(at) }
        if let at = layout.pupil {
            next.mount.translation += state.mount.rotation.z * x[at]
        }
        if let at = layout.stage { next.stage = state.stage * pose(at) }
        if let at = layout.scale { next.scale += x[at] }
        if let at = layout.wall {
            for g in next.shifts.indices {
                next.shifts[g] += Vector3(x[at + 3 * g], x[at + 3 * g + 1], x[at + 3 * g + 2])
            }
        }
        for (v, own) in step.own.enumerated() {
            next.corrections[v].turn += Vector3(own[0], own[1], own[2])
            next.corrections[v].move += Vector3(own[3], own[4], own[5])
        }
        return next
    }

    /// The most likely state, by Levenberg's and Marquardt's steps from a start; nil where the
    /// captures do not determine it.
    func solved(from start: JointState, rounds: Int = 60) -> JointState? {
        var state = start
        var cost = self.cost(state)
        var damping = 1e-3
        var hasStepped = false
        for _ in 0..<rounds {
            let system = linearized(state)
            var accepted = false
            while damping < 1e9 {
                guard let step = system.step(damping: damping) else {
                    damping = max(damping, 1e-9) * 10
                    continue
                }
                hasStepped = true
                let next = moved(state, step)
                let value = self.cost(next)
                if value < cost {
                    let gain = (cost - value) / max(cost, 1e-30)
                    (state, cost, accepted) = (next, value, gain > 1e-10)
                    damping = max(damping * 0.2, 1e-12)
                    break
                }
                damping *= 5
            }
            if !accepted { break }
        }
        return hasStepped && cost.isFinite ? state : nil
    }
}

extension SIMD2 where Scalar == Double {
    /// Euclidean length.
    var length: Double { (x * x + y * y).squareRoot() }
}
