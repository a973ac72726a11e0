import Foundation
public import Geometry

/// A wall's surveyed points against its plan: where the plan really stands, and how far each panel
/// is from it.
public struct Survey: Sendable {
    /// One surveyed point.
    public struct Point: Sendable, Equatable {
        /// The panel or column it is on.
        public var panel: String
        /// Which of the panel's points, as "top left".
        public var corner: String
        /// The instrument's metres.
        public var measured: Vector3

        /// A point of a panel's corner.
        public init(panel: String, corner: String, measured: Vector3) {
            self.panel = panel
            self.corner = corner
            self.measured = measured
        }
    }

    /// How far one panel is from the plan.
    public struct Residual: Sendable, Equatable {
        /// The panel.
        public var panel: String
        /// Its points.
        public var points: Int
        /// Root mean square distance, metres.
        public var rms: Double
    }

    /// Stage from the instrument, its metre taken as right.
    public let stageFromInstrument: Pose
    /// Panels in the survey's order.
    public let residuals: [Residual]
    /// Root mean square distance of all points, metres.
    public let rms: Double
    /// How long the instrument's metre is by the plan.
    public let scale: Double
    /// What is made of it.
    public let verdicts: [Verdict]

    /// Fits surveyed points to the plan, which tells where a panel's corner stands.
    public init(
        _ points: [Point], plan: (Point) -> Vector3?
    ) throws(CalibrationRefusal) {
        var (source, target) = ([Vector3](), [Vector3]())
        for point in points {
            guard let planned = plan(point) else {
                throw CalibrationRefusal(
                    "\(point.panel) \(point.corner): the stage has no such panel or corner",
                    advice: "use the names of `cyclorama check`")
            }
            source.append(point.measured)
            target.append(planned)
        }
        let fit = try PointFit(source, to: target, withScale: false)
        stageFromInstrument = Pose(
            rotation: fit.similarity.rotation, translation: fit.similarity.translation)
        rms = fit.rms
        scale = try PointFit(source, to: target, withScale: true).similarity.scale
        var order: [String] = []
        var squares: [String: (sum: Double, count: Int)] = [:]
        for (point, residual) in zip(points, fit.residuals) {
            if squares[point.panel] == nil { order.append(point.panel) }
            let old = squares[point.panel] ?? (0, 0)
            squares[point.panel] = (old.sum + residual * residual, old.count + 1)
        }
        residuals = order.map { name in
            let (sum, count) = squares[name] ?? (0, 1)
            return Residual(
                panel: name, points: count, rms: (sum / Double(count)).squareRoot())
        }
        verdicts = Survey.verdicts(residuals, rms: rms, scale: scale)
    }

    private static func verdicts(
        _ residuals: [Residual], rms: Double, scale: Double
    ) -> [Verdict] {
        let middle = residuals.map(\.rms).sorted()[residuals.count / 2]
        var list = residuals.filter { $0.rms > max(3 * middle, 0.003) }.map {
            Verdict(
                "panel \($0.panel)", .warning,
                "\(text($0.rms * 1000)) mm from the plan, others \(text(middle * 1000))",
                advice: "survey it again, or correct its place in stage.yaml")
        }
        // 0.5 mm is what instruments promise over 20 m.
        if abs(scale - 1) > 1e-3 {
            list.append(
                Verdict(
                    "scale", .fail,
                    "the survey is \(percent(abs(scale - 1))) "
                        + (scale > 1 ? "smaller" : "larger") + " than the plan",
                    advice: "check units and panel sizes: millimeters, feet, another product"))
        }
        list.append(
            Verdict(
                "survey", rms > 0.01 ? .warning : .pass, "\(text(rms * 1000)) mm from the plan"))
        return list
    }

    /// Points of a CSV: panel, corner, x, y, z in metres; empty lines and those that begin with #
    /// are skipped, and before the first point a line of words.
    public static func points(csv: String, file: String) throws(CalibrationRefusal) -> [Point] {
        func isWord(_ field: String) -> Bool {
            !field.isEmpty && !field.contains(where: \.isNumber)
        }
        var points: [Point] = []
        var number = 0
        var isFirst = true
        for line in csv.lines {
            number += 1
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            if fields == [""] || fields[0].hasPrefix("#") { continue }
            let numbers = fields.dropFirst(2).compactMap { Double($0) }
            defer { isFirst = false }
            if isFirst && fields.count == 5 && fields.allSatisfy(isWord) { continue }
            guard fields.count == 5, numbers.count == 3, numbers.allSatisfy(\.isFinite),
                !fields[0].isEmpty
            else {
                throw CalibrationRefusal(
                    "\(file):\(number): not a surveyed point",
                    advice: "panel, corner, x, y, z in meters, as main/c1r1,top left,0.1,2.3,0.5")
            }
            guard points.count < CalibrationLimits.meshPoints else {
                throw CalibrationRefusal(
                    "\(file): more than \(CalibrationLimits.meshPoints) points",
                    advice: "four a panel are enough")
            }
            points.append(
                Point(
                    panel: fields[0], corner: fields[1],
                    measured: Vector3(numbers[0], numbers[1], numbers[2])))
        }
        return points
    }
}
