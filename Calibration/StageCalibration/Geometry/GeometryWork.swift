import Geometry
import Glibc

/// The steps from captures to the most likely geometry: lens and poses from the pictures alone,
/// the best closed-form start, the joint solve, bad views out, and again.
struct GeometryWork {
    private let captures: GeometryCaptures
    private let groupCount: Int
    private var names: [String]
    private var views: [JointProblem.View]
    private var left: [GeometrySolution.View] = []
    private(set) var state: JointState
    private(set) var method = HandEye.Method.park
    private(set) var motion: CameraMotion
    private(set) var uncertainty = GeometrySolution.Uncertainty(
        focalPixels: 0, pupilMeters: 0, mountDegrees: 0, scale: 0, wallMeters: 0)

    /// Views needed for a result at all.
    static let viewsNeeded = 5

    init(_ captures: GeometryCaptures) throws(CalibrationRefusal) {
        self.captures = captures
        groupCount = (captures.groups.max() ?? 0) + 1
        (names, views) = ([], [])
        for view in captures.views {
            guard let tracker = Pose(rows: view.trackerFromBody) else { continue }
            guard view.seen.count >= GeometryCaptures.dotsNeeded else {
                left.append(
                    GeometryWork.leftOut(
                        view, "\(view.seen.count) dots, \(GeometryCaptures.dotsNeeded) are needed"))
                continue
            }
            names.append(view.name)
            views.append(
                JointProblem.View(tracker: tracker, seen: view.seen, pixels: view.pixels))
        }
        motion = CameraMotion(views.map(\.tracker))
        state = JointState(
            camera: captures.lens, mount: .identity, stage: .identity,
            shifts: Array(repeating: .zero, count: groupCount), corrections: [])
        guard views.count >= GeometryWork.viewsNeeded else {
            throw CalibrationRefusal(
                "\(views.count) usable poses of \(captures.views.count)",
                advice: "capture 20, from near and far, left and right, panned and tilted")
        }
        if let refusal = motion.refusal { throw refusal }
    }

    private static func leftOut(
        _ view: GeometryCaptures.View, _ why: String
    ) -> GeometrySolution.View {
        GeometrySolution.View(
            name: view.name, dots: view.seen.count, pixels: nil, trackerMeters: 0,
            trackerDegrees: 0, leftOut: why)
    }

    private func problem(_ unknowns: JointUnknowns) -> JointProblem {
        JointProblem(
            dots: captures.dots, groups: captures.groups, groupCount: groupCount, views: views,
            accuracy: captures.accuracy, unknowns: unknowns)
    }

    mutating func solve() throws(CalibrationRefusal) {
        var poses = try camerasAlone()
        try start(from: &poses)
        var rounds = 0
        while true {
            guard let solved = problem(.everything).solved(from: state) else {
                throw CalibrationRefusal(
                    "the captures determine no geometry",
                    advice: "capture more poses, with the wall filling the picture")
            }
            state = solved
            // A quarter of the views may be bad; more is not bad luck but a wrong set-up.
            guard rounds < captures.views.count / 4, let (worst, why) = worstView else { break }
            drop(worst, why)
            rounds += 1
            guard views.count >= GeometryWork.viewsNeeded else {
                throw CalibrationRefusal(
                    "\(views.count) usable poses of \(captures.views.count)",
                    advice: "look at the reasons, and capture those poses again")
            }
            motion = CameraMotion(views.map(\.tracker))
            if let refusal = motion.refusal { throw refusal }
        }
        if let i = views.indices.first(where: { !problem([]).reprojection(state, $0).isFinite }) {
            throw CalibrationRefusal(
                "too many bad poses: after \(rounds) were left out, the dots of \(names[i]) lie "
                    + "behind the camera",
                advice: "check the tracker's axes, and that its poses are of these pictures")
        }
        try findUncertainty()
    }

    /// Poses and lens from the pictures alone, the wall as planned.
    private mutating func camerasAlone() throws(CalibrationRefusal) -> [Pose] {
        var poses: [Pose] = []
        for i in views.indices.reversed() {
            let points = views[i].seen.map { captures.dots[$0] }
            let found = Resection(points: points, pixels: views[i].pixels, camera: captures.lens)
            // A twentieth of the picture: beyond it the dots are not those of this wall.
            guard let found, found.rms < 0.05 * Double(captures.picture[0]) else {
                drop(i, "its dots fit no camera position: another lens, or wrong dot numbers")
                continue
            }
            poses.insert(found.stageFromCamera, at: 0)
        }
        guard views.count >= GeometryWork.viewsNeeded else {
            throw CalibrationRefusal(
                "the dots of \(captures.views.count - views.count) poses of "
                    + "\(captures.views.count) fit no camera position",
                advice: "check the lens's focal length and which wall's dots these are")
        }
        // A bad view may have been all that turned about a second axis.
        motion = CameraMotion(views.map(\.tracker))
        if let refusal = motion.refusal { throw refusal }
        var free = problem(.lens)
        for i in views.indices { free.views[i].tracker = poses[i] }
        free.ignoresTracker = true
        var alone = state
        alone.corrections = Array(repeating: (.zero, .zero), count: views.count)
        guard let solved = free.solved(from: alone, rounds: 40) else {
            throw CalibrationRefusal(
                "the lens cannot be found from these poses",
                advice: "capture poses nearer and farther, with dots in the picture's corners")
        }
        state.camera = solved.camera
        return views.indices.map { solved.stageFromCamera(poses[$0], $0) }
    }

    /// The best closed-form start.
    private mutating func start(from poses: inout [Pose]) throws(CalibrationRefusal) {
        var best = Double.infinity
        let bodies = views.map(\.tracker)
        for candidate in HandEye.Method.allCases {
            guard
                let found = HandEye(candidate, trackerFromBody: bodies, stageFromCamera: poses)
            else { continue }
            var trial = state
            (trial.mount, trial.stage) = (found.bodyFromCamera, found.stageFromTracker)
            trial.corrections = Array(repeating: (.zero, .zero), count: views.count)
            let problem = problem([])
            // The middle of all views: one bad view does not choose the method.
            let fits = views.indices.map { problem.reprojection(trial, $0) }.sorted()
            let middle = fits[fits.count / 2]
            if middle < best { (best, state, method) = (middle, trial, candidate) }
        }
        guard best.isFinite else {
            throw CalibrationRefusal(
                "camera and tracker do not move together",
                advice: "check that these captures are of the tracked camera, and its axes")
        }
    }

    private mutating func drop(_ i: Int, _ why: String) {
        let (view, name) = (views[i], names[i])
        var entry = GeometrySolution.View(
            name: name, dots: view.seen.count, pixels: nil, trackerMeters: 0, trackerDegrees: 0,
            leftOut: why)
        if state.corrections.count == views.count {
            entry = described(i)
            entry.leftOut = why
            state.corrections.remove(at: i)
        }
        left.append(entry)
        views.remove(at: i)
        names.remove(at: i)
    }

    private func described(_ i: Int) -> GeometrySolution.View {
        let (turn, move) = state.corrections[i]
        let pixels = problem([]).reprojection(state, i)
        return GeometrySolution.View(
            name: names[i], dots: views[i].seen.count,
            pixels: pixels.isFinite ? pixels : nil, trackerMeters: move.length,
            trackerDegrees: turn.length * 180 / .pi, leftOut: nil)
    }

    /// All views as they fit, in the order they were captured.
    var report: [GeometrySolution.View] {
        let all = views.indices.map(described) + left
        let order = Dictionary(
            captures.views.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { a, _ in a })
        return all.sorted { (order[$0.name] ?? 0) < (order[$1.name] ?? 0) }
    }

    /// The view that fits far worse than the others, and why; nil where none does.
    private var worstView: (Int, String)? {
        func middle(_ list: [Double]) -> Double { list.sorted()[list.count / 2] }
        let pixels = views.indices.map { problem([]).reprojection(state, $0) }
        let usual = middle(pixels)
        // Three times the median, but never for less than five standard deviations.
        let limit = max(3 * usual, 5 * captures.accuracy.pixels)
        if let i = pixels.indices.max(by: { pixels[$0] < pixels[$1] }), pixels[i] > limit {
            guard pixels[i].isFinite else {
                return (i, "its dots lie behind the camera where the tracker says it was")
            }
            return (i, "its dots are off by \(text(pixels[i])) px, others by \(text(usual))")
        }
        let alone = views.indices.map { disagreement($0) }
        let allowed = max(4 * middle(alone.map(\.excess)), GeometryWork.excessAllowed)
        guard let i = alone.indices.max(by: { alone[$0].excess < alone[$1].excess }),
            alone[i].excess > allowed
        else { return nil }
        return (
            i,
            "its picture shows the camera \(text(alone[i].meters * 1000)) mm and "
                + "\(text(alone[i].degrees))° from where the tracker says: camera or tracker "
                + "moved during the capture"
        )
    }

    /// Chi-squared of six unknowns that one of fifty good views in a thousand exceeds.
    static let excessAllowed = 27.0

    /// How much likelier the view is without its tracker (twice the fall of the cost), and how far
    /// the camera then stands from where the tracker says.
    private func disagreement(_ i: Int) -> (excess: Double, meters: Double, degrees: Double) {
        var one = problem([])
        one.views = [views[i]]
        var told = state
        told.corrections = [state.corrections[i]]
        let with = one.cost(told)
        one.ignoresTracker = true
        guard let free = one.solved(from: told, rounds: 12) else { return (.infinity, 0, 0) }
        let off = free.corrections[0]
        return (2 * (with - one.cost(free)), off.move.length, off.turn.length * 180 / .pi)
    }

    /// Error bars from the curvature at the result, scaled by how well it fits.
    private mutating func findUncertainty() throws(CalibrationRefusal) {
        let layout = JointLayout(.everything, groups: groupCount)
        let problem = problem(.everything)
        guard let covariance = problem.linearized(state).covariance,
            let mount = layout.mount, let lens = layout.lens, let scale = layout.scale,
            let wall = layout.wall
        else {
            throw CalibrationRefusal(
                "the captures leave a part of the geometry open",
                advice: "capture more poses: from near and far, panned, tilted and rolled")
        }
        let misfit = problem.misfit(state)
        func sigma(_ i: Int) -> Double { max(misfit * covariance[i, i], 0).squareRoot() }
        func worst(_ range: some Sequence<Int>) -> Double { range.map(sigma).max() ?? 0 }
        let seen = Set(views.flatMap { $0.seen.map { captures.groups[$0] } })
        uncertainty = GeometrySolution.Uncertainty(
            focalPixels: sigma(lens), pupilMeters: worst((mount + 3)..<(mount + 6)),
            mountDegrees: worst(mount..<(mount + 3)) * 180 / .pi, scale: sigma(scale),
            wallMeters: worst(seen.flatMap { (wall + 3 * $0)..<(wall + 3 * $0 + 3) }))
    }
}
