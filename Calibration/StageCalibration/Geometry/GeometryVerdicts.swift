import Geometry
import Glibc

/// What is made of a geometry's figures.
struct GeometryVerdicts {
    let captures: GeometryCaptures
    let views: [GeometrySolution.View]
    let reprojection: Double
    let state: JointState
    let uncertainty: GeometrySolution.Uncertainty
    let motion: CameraMotion

    var list: [Verdict] {
        let bad = views.filter { $0.leftOut != nil }.map { view in
            Verdict(
                "pose \(view.name)", .warning, "left out: \(view.leftOut ?? "")",
                advice: "capture it again if fewer than 12 are left")
        }
        return [count, fit, turning, pupil, scale, wall] + bad
    }

    private var used: Int { views.filter { $0.leftOut == nil }.count }

    /// Twelve are good, twenty the sweet spot (§4.5).
    private var count: Verdict {
        if used >= 12 { return Verdict("poses", .pass, "\(used) used") }
        return Verdict(
            "poses", .warning, "\(used) used",
            advice: "capture 20: from three distances, left and right, panned and tilted")
    }

    private var fit: Verdict {
        let limit = max(3 * captures.accuracy.pixels, 0.5)
        if reprojection <= limit {
            return Verdict("fit", .pass, "dots are met within \(text(reprojection)) px")
        }
        return Verdict(
            "fit", reprojection > 2 * limit ? .fail : .warning,
            "dots are missed by \(text(reprojection)) px",
            advice: "the wall is not as planned, or the tracker is out of order: survey the wall, "
                + "check the tracker's own calibration")
    }

    private var turning: Verdict {
        let degrees = motion.turns[1] * 180 / .pi
        if motion.turns[1] >= CameraMotion.wanted {
            return Verdict("motion", .pass, "turned about two axes")
        }
        return Verdict(
            "motion", .warning, "turned by only \(text(degrees))° about a second axis",
            advice: "add poses tilted by 15°, or rolled")
    }

    private var pupil: Verdict {
        let millimeters = uncertainty.pupilMeters * 1000
        if millimeters <= 2 {
            return Verdict("entrance pupil", .pass, "known to \(text(millimeters)) mm")
        }
        return Verdict(
            "entrance pupil", millimeters <= 10 ? .warning : .fail,
            "known to \(text(millimeters)) mm only",
            advice: "add poses near the wall and turned further")
    }

    private var scale: Verdict {
        let off = state.scale - 1
        // A tenth of a millimetre in a metre: 0.3 LED pixels at 5 m.
        guard abs(off) > max(1e-4, 3 * uncertainty.scale) else {
            return Verdict(
                "tracker scale", .pass, "\(state.scale), known to \(text(uncertainty.scale))")
        }
        return Verdict(
            "tracker scale", .warning,
            "the tracker's meter is \((state.scale * 1e6).rounded() / 1e6) meters",
            advice: "`calibrate apply` makes up for it; if other programs use this tracker, "
                + "calibrate its own scale and capture again")
    }

    private var wall: Verdict {
        let squares = state.shifts.reduce(0) { $0 + $1.dot($1) }
        let rms = (squares / Double(max(1, 3 * state.shifts.count))).squareRoot()
        let limit = 3 * captures.accuracy.wallMeters
        let found = "its parts stand \(text(rms * 1000)) mm from the plan"
        if rms <= limit { return Verdict("wall", .pass, found) }
        return Verdict(
            "wall", .warning, found, advice: "the plan is not this wall: measure or survey it")
    }
}
