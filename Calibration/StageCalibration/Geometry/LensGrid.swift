import Geometry
public import StageModel
import Glibc

/// One camera's lens over zoom and focus: each place of the rings solved from a few poses, with
/// everything else as the stage's geometry was found.
public struct LensGrid: Sendable {
    /// A place of the rings.
    public struct Node: Sendable {
        /// Zoom ring, 0 wide … 1 tele.
        public var zoom: Double
        /// Focus ring, 0 near … 1 far.
        public var focus: Double
        /// Poses captured there.
        public var captures: GeometryCaptures

        /// A place of the rings and what was captured there.
        public init(zoom: Double, focus: Double, captures: GeometryCaptures) {
            self.zoom = zoom
            self.focus = focus
            self.captures = captures
        }
    }

    /// The lens at each place, in the house's units.
    public let table: LensTable
    /// What is made of each place.
    public let verdicts: [Verdict]

    /// Solves the places of a grid: every zoom with every focus, four poses at least each.
    public init(
        name: String, _ nodes: [Node], of geometry: GeometrySolution,
        sensorWidthMillimeters: Double
    ) throws(CalibrationRefusal) {
        let zooms = Set(nodes.map(\.zoom)).sorted()
        let focuses = Set(nodes.map(\.focus)).sorted()
        var lenses: [Lens] = []
        var verdicts: [Verdict] = []
        for zoom in zooms {
            for focus in focuses {
                let here = nodes.filter { $0.zoom == zoom && $0.focus == focus }
                guard here.count == 1, let node = here.first else {
                    throw CalibrationRefusal(
                        "zoom \(zoom), focus \(focus): \(here.count) captures",
                        advice: "capture every zoom with every focus, once each")
                }
                let found = try LensGrid.solved(node, geometry)
                var lens = found.camera.lens(
                    sensorWidthMillimeters: sensorWidthMillimeters,
                    columns: node.captures.picture[0], rows: node.captures.picture[1]
                ).lens
                lens.entrancePupilOffset = found.pupil
                lenses.append(lens)
                verdicts.append(
                    LensGrid.verdict(
                        "zoom \(zoom), focus \(focus)", found,
                        limit: max(3 * node.captures.accuracy.pixels, 0.5)))
            }
        }
        table = LensTable(name: name, zooms: zooms, focuses: focuses, lenses: lenses)
        self.verdicts = verdicts
    }

    /// What was found at a place of the rings.
    private struct Found {
        var camera: CameraModel
        /// How far the pupil is before that of the stage's geometry, metres.
        var pupil: Double
        /// Fit, pixels.
        var rms: Double
        /// One standard deviation of `pupil`, metres.
        var pupilSigma: Double
        /// One standard deviation of the focal length, as a fraction.
        var focalSigma: Double
    }

    private static func verdict(_ place: String, _ found: Found, limit: Double) -> Verdict {
        let fit = "dots are met within \(text(found.rms)) px"
        if found.rms > limit {
            return Verdict(place, .fail, fit, advice: "capture this place again; the rings moved?")
        }
        // 5 mm of pupil or 0.2 % of focal length move a dot at the picture's edge by 2 pixels.
        if found.pupilSigma > 0.005 || found.focalSigma > 0.002 {
            return Verdict(
                place, .fail,
                "the pupil is known to \(text(found.pupilSigma * 1000)) mm only, the focal length "
                    + "to \(percent(found.focalSigma))",
                advice: "capture from two distances")
        }
        return Verdict(place, .pass, fit)
    }

    private static func solved(
        _ node: Node, _ geometry: GeometrySolution
    ) throws(CalibrationRefusal) -> Found {
        let captures = node.captures
        if let fault = captures.fault {
            throw CalibrationRefusal(
                "zoom \(node.zoom), focus \(node.focus): \(fault.found)", advice: fault.advice)
        }
        let views = captures.views.compactMap { view in
            Pose(rows: view.trackerFromBody).map {
                JointProblem.View(tracker: $0, seen: view.seen, pixels: view.pixels)
            }
        }.filter { $0.seen.count >= GeometryCaptures.dotsNeeded }
        guard views.count >= 4, (captures.groups.max() ?? 0) < geometry.shifts.count else {
            throw CalibrationRefusal(
                "zoom \(node.zoom), focus \(node.focus): \(views.count) usable poses",
                advice: "capture 4 to 6, of the wall of the stage's geometry")
        }
        let problem = JointProblem(
            dots: captures.dots, groups: captures.groups, groupCount: geometry.shifts.count,
            views: views, accuracy: captures.accuracy, unknowns: [.lens, .pupil])
        let start = JointState(
            camera: captures.lens, mount: geometry.bodyFromCamera,
            stage: geometry.stageFromTracker, scale: geometry.trackerScale,
            shifts: geometry.shifts,
            corrections: Array(repeating: (.zero, .zero), count: views.count))
        guard let found = problem.solved(from: start),
            let covariance = problem.linearized(found).covariance
        else {
            throw CalibrationRefusal(
                "zoom \(node.zoom), focus \(node.focus): the lens cannot be found",
                advice: "give its focal length within 15 %, and poses with dots in the corners")
        }
        let move = found.mount.translation - geometry.bodyFromCamera.translation
        let fits = views.indices.map { problem.reprojection(found, $0) }
        let rms = (fits.reduce(0) { $0 + $1 * $1 } / Double(fits.count)).squareRoot()
        guard rms.isFinite else {
            throw CalibrationRefusal(
                "zoom \(node.zoom), focus \(node.focus): dots lie behind the camera",
                advice: "check that these captures are of the stage's geometry")
        }
        let misfit = problem.misfit(found)
        func sigma(_ i: Int?) -> Double {
            i.map { max(misfit * covariance[$0, $0], 0).squareRoot() } ?? 0
        }
        let layout = JointLayout(problem.unknowns, groups: problem.groupCount)
        return Found(
            camera: found.camera, pupil: move.dot(geometry.bodyFromCamera.rotation.z), rms: rms,
            pupilSigma: sigma(layout.pupil), focalSigma: sigma(layout.lens) / found.camera.focal.x)
    }

    /// The file for `lenses/`: pupils count from where the stage's geometry put the sensor.
    public var yaml: String {
        func n(_ x: Double) -> String { "\((x * 1e9).rounded() / 1e9)" }
        var lines = ["# \(table.name), as calibrated.", "nodes:"]
        for (i, lens) in table.lenses.enumerated() {
            let k = lens.distortion.radial
            let p = lens.distortion.tangential
            let offset = lens.projectionOffsetMillimeters
            lines += [
                "  - zoom: \(table.zooms[i / table.focuses.count])",
                "    focus: \(table.focuses[i % table.focuses.count])",
                "    focalLengthMillimeters: \(n(lens.focalLengthMillimeters))",
                "    entrancePupilOffsetMillimeters: \(n(lens.entrancePupilOffset * 1000))",
                "    distortion:", "      model: Brown-Conrady U-D",
                "      radial: [\(k[0]), 0, \(k[2]), 0, \(k[4])]",
                "      tangential: [\(p.x), \(p.y)]",
                "    projectionOffsetMillimeters: [\(n(offset.x)), \(n(offset.y))]",
            ]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
