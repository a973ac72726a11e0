public import Color
import Geometry
import Glibc

/// How bright each group of dots is against the others, and how its light falls off to the side,
/// from the same captures as the geometry (§2.11).
///
/// In logarithms a reading is a sum: exposure of the view, gain of the panel, view angle
/// (h + h² + h⁴ + v², h = θ/60° across, v = θ/40° upwards) and the lens's vignetting (r² + r⁴),
/// so that one least squares a channel separates them.
public struct PanelGains: Sendable, Equatable, Codable {
    /// Gain of each group, red, green, blue; their geometric mean is 1.
    public let gains: [ColorTriple]
    /// Coefficients of h, h², h⁴ and v², red, green, blue each.
    public let viewAngle: [ColorTriple]
    /// Coefficients of r² and r⁴, r = 1 at the picture's corner.
    public let vignetting: [ColorTriple]
    /// Root mean square of what is left of a reading, as a fraction.
    public let residual: Double
    /// Greatest angle across at which light was read, radians.
    public let widestAngle: Double
    /// Groups that were read in no pose, whose gains say nothing; nil: none.
    public let unread: [Int]?

    /// How far a panel may be raised where nobody says otherwise, as a fraction (§2.11).
    public static let usualHeadroom = 0.05

    /// What to multiply each group's light by so that all are alike.
    ///
    /// None is above 1 + `headroom`: what would be is cut, so that the wall loses no more light
    /// than its weakest panels ask.
    public func corrections(headroom: Double = PanelGains.usualHeadroom) -> [ColorTriple] {
        var result = gains.map { ColorTriple(repeating: 1) / $0 }
        for channel in 0..<3 {
            let most = result.map { $0[channel] }.max() ?? 1
            let scale = most > 1 + headroom ? (1 + headroom) / most : 1
            for i in result.indices { result[i][channel] *= scale }
        }
        return result
    }

    /// Spread of the gains, one standard deviation, worst channel.
    public var spread: Double {
        (0..<3).map { channel in
            let read = gains.indices.filter { unread?.contains($0) != true }
            let squares = read.reduce(0.0) { $0 + pow(log(gains[$1][channel]), 2) }
            return (squares / Double(max(1, read.count))).squareRoot()
        }.max() ?? 0
    }

    /// Separates the readings of captures with `lights` and `normals`.
    public init(
        _ captures: GeometryCaptures, _ geometry: GeometrySolution
    ) throws(CalibrationRefusal) {
        let used = Set(geometry.views.filter { $0.leftOut == nil }.map(\.name))
        let readings = try PanelGains.readings(captures, geometry) { used.contains($0) }
        try self.init(
            readings, views: captures.views.count, groups: geometry.shifts.count)
    }

    /// Every dot's light in the views of some names.
    static func readings(
        _ captures: GeometryCaptures, _ geometry: GeometrySolution, isUsed: (String) -> Bool
    ) throws(CalibrationRefusal) -> [PanelReading] {
        guard let normals = captures.normals else {
            throw CalibrationRefusal(
                "the captures have no normals", advice: "add normals, one a dot")
        }
        var readings: [PanelReading] = []
        let corner = Vector2(Double(captures.picture[0]), Double(captures.picture[1])).length / 2
        for (v, view) in captures.views.enumerated() {
            guard isUsed(view.name), let lights = view.lights,
                let tracker = Pose(rows: view.trackerFromBody)
            else { continue }
            let eye = geometry.stageFromCamera(tracker: tracker).translation
            for (i, dot) in view.seen.enumerated() where lights[i].min() > 0 {
                let group = captures.groups[dot]
                guard geometry.shifts.indices.contains(group) else { continue }
                let toEye = eye - captures.dots[dot] - geometry.shifts[group]
                guard toEye.dot(normals[dot]) > 0 else {
                    throw CalibrationRefusal(
                        "dot \(dot) is seen from behind in \(view.name)",
                        advice: "normals point from the wall to the viewer")
                }
                readings.append(
                    PanelReading(
                        view: v, group: group, light: lights[i],
                        toEye: toEye, normal: normals[dot],
                        radius: (view.pixels[i] - geometry.camera.center).length / corner))
            }
        }
        return readings
    }

    /// Gains that are known.
    init(
        gains: [ColorTriple], viewAngle: [ColorTriple], vignetting: [ColorTriple],
        residual: Double, widestAngle: Double, unread: [Int]?
    ) {
        self.unread = unread
        (self.gains, self.viewAngle, self.vignetting) = (gains, viewAngle, vignetting)
        (self.residual, self.widestAngle) = (residual, widestAngle)
    }

    /// Gains that were written before.
    public static func read(_ path: String) throws(CalibrationRefusal) -> PanelGains {
        try JSONFile.read(path, what: "panels' gains")
    }

    private init(
        _ readings: [PanelReading], views: Int, groups: Int
    ) throws(CalibrationRefusal) {
        let seen = Set(readings.map(\.group))
        // A camera need not have every panel in its pictures; those beside it stand in for it.
        guard 2 * seen.count >= groups, Set(readings.map(\.view)).count >= 4 else {
            throw CalibrationRefusal(
                "\(groups - seen.count) of \(groups) panels were read in no pose, or fewer than 4 "
                    + "poses have lights",
                advice: "read every dot's light in every pose")
        }
        let unread = (0..<groups).filter { !seen.contains($0) }
        self.unread = unread.isEmpty ? nil : unread
        var columns: [[Double]] = []
        var residual = 0.0
        for channel in 0..<3 {
            let (solution, left) = try PanelGains.solved(readings, channel, views, groups)
            columns.append(solution)
            residual = max(residual, left)
        }
        func triple(_ i: Int) -> ColorTriple {
            ColorTriple(columns[0][i], columns[1][i], columns[2][i])
        }
        gains = (0..<groups).map { g in
            let t = triple(views + g)
            return ColorTriple(exp(t.x), exp(t.y), exp(t.z))
        }
        let rest = views + groups
        viewAngle = (0..<4).map { triple(rest + $0) }
        vignetting = [triple(rest + 4), triple(rest + 5)]
        self.residual = residual
        widestAngle = readings.map { abs($0.across) }.max() ?? 0
    }

    /// One channel's logarithms: views, groups, then four of the angle and two of vignetting.
    private static func solved(
        _ readings: [PanelReading], _ channel: Int, _ views: Int, _ groups: Int
    ) throws(CalibrationRefusal) -> ([Double], residual: Double) {
        let count = views + groups + 6
        var normal = Dense(rows: count, columns: count)
        var right = Dense(rows: count, columns: 1)
        for reading in readings {
            let row = reading.row(views: views, groups: groups)
            for (i, a) in row {
                for (j, b) in row { normal[i, j] += a * b }
                right[i, 0] += a * log(reading.light[channel])
            }
        }
        // Only ratios are seen: the panels' logarithms add up to 0, and a view or a panel that was
        // not read has none.
        let empty = (0..<views + groups).filter { normal[$0, $0] == 0 }
        for i in 0..<groups { for j in 0..<groups { normal[views + i, views + j] += 1 } }
        for place in empty { normal[place, place] += 1 }
        guard let x = normal.positiveSolved(right)?.elements else {
            throw CalibrationRefusal(
                "the readings do not tell panels from view angle",
                advice: "add poses from the side, 60° to the wall")
        }
        var sum = 0.0
        for reading in readings {
            let model = reading.row(views: views, groups: groups).reduce(0) { $0 + $1.1 * x[$1.0] }
            let error = log(reading.light[channel]) - model
            sum += error * error
        }
        return (x, (sum / Double(readings.count)).squareRoot())
    }

    /// What is made of it.
    public var verdicts: [Verdict] {
        var list: [Verdict] = []
        let level: Verdict.Level = residual > 0.05 ? .warning : .pass
        list.append(
            Verdict(
                "panel gains", level,
                "panels differ by \(percent(spread)), readings scatter by \(percent(residual))",
                advice: level == .pass
                    ? "" : "defocus or average more frames, and keep reflections off the wall"))
        if let unread {
            list.append(
                Verdict(
                    "panels", .warning,
                    "\(unread.count) of \(gains.count) panels were read in no pose: they take "
                        + "their neighbors' gains",
                    advice: "have every panel in the picture of some pose, strips beside the dots"))
        }
        let degrees = widestAngle * 180 / .pi
        list.append(
            degrees < 50
                ? Verdict(
                    "view angle", .warning, "seen up to \(text(degrees))° only",
                    advice: "add three poses at 60° to the wall")
                : Verdict("view angle", .pass, "seen up to \(text(degrees))°"))
        return list
    }

    /// Writes gains and what they mean as JSON.
    public func write(to path: String) throws(CalibrationRefusal) {
        try JSONFile.write(self, to: path)
    }
}

/// One dot's light in one view, and from where it was seen.
struct PanelReading {
    let view: Int
    let group: Int
    let light: ColorTriple
    /// Angle to the normal, radians, to the right as seen from the stage.
    let across: Double
    /// The same upwards.
    let upwards: Double
    /// Distance from the picture's centre, 1 at its corner.
    let radius: Double

    init(
        view: Int, group: Int, light: ColorTriple, toEye: Vector3, normal: Vector3, radius: Double
    ) {
        self.view = view
        self.group = group
        self.light = light
        self.radius = radius
        // A ceiling has no right of its own: then the stage's X.
        let level = Vector3(0, 0, 1).cross(normal)
        let right = level.length > 0.1 ? level.normalized : Vector3(1, 0, 0)
        let up = normal.cross(right)
        across = atan2(toEye.dot(right), toEye.dot(normal))
        upwards = atan2(toEye.dot(up), toEye.dot(normal))
    }

    /// Unknowns that make up the reading's logarithm, and how much of each.
    func row(views: Int, groups: Int) -> [(Int, Double)] {
        let h = across / (60 * .pi / 180)
        let v = upwards / (40 * .pi / 180)
        let r = radius * radius
        let rest = views + groups
        return [
            (view, 1), (views + group, 1), (rest, h), (rest + 1, h * h),
            (rest + 2, h * h * h * h), (rest + 3, v * v), (rest + 4, r), (rest + 5, r * r),
        ]
    }
}
