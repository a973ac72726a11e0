public import Geometry
import Foundation

/// What the cameras saw of a wall's dots from several poses: the geometry solver's whole input,
/// kept as a JSON file.
public struct GeometryCaptures: Codable, Sendable, Equatable {
    /// One camera pose.
    public struct View: Codable, Sendable, Equatable {
        /// What it is called in messages.
        public var name: String
        /// Tracker from body as the tracker said, 4 × 4 by rows, metres.
        public var trackerFromBody: [[Double]]
        /// Which dots were seen: indices into `dots`.
        public var seen: [Int]
        /// Where, pixels; centres of pixels are whole numbers, x right, y down.
        public var pixels: [Vector2]

        /// Light of each dot seen, linear red, green and blue, all in one unit; for panel gains.
        public var lights: [Vector3]?

        /// A pose and what was seen from it.
        public init(
            name: String, trackerFromBody: Pose, seen: [Int], pixels: [Vector2],
            lights: [Vector3]? = nil
        ) {
            self.name = name
            self.trackerFromBody = trackerFromBody.rows
            self.seen = seen
            self.pixels = pixels
            self.lights = lights
        }
    }

    /// How far what was measured may be off, one standard deviation.
    public struct Accuracy: Codable, Sendable, Equatable {
        /// Of a dot's centroid, pixels.
        public var pixels = 0.2
        /// Of the tracker's position, metres.
        public var trackerMeters = 0.0003
        /// Of the tracker's rotation, degrees.
        public var trackerDegrees = 0.015
        /// Of a column or panel of the wall, metres each way.
        public var wallMeters = 0.003
        /// Of the tracker's metre, as a fraction.
        public var trackerScale = 0.005

        /// An optical tracker's and a tape's accuracy.
        public init() {}
    }

    /// Dots a view needs (§6: a view with fewer is captured again).
    public static let dotsNeeded = 25

    /// Dots on the wall as planned or surveyed, stage metres.
    public var dots: [Vector3]
    /// The column or panel each dot belongs to: what moves as one.
    public var groups: [Int]
    /// Where each dot's panel faces, unit vectors towards the viewer; for panel gains.
    public var normals: [Vector3]?
    /// Picture size, pixels.
    public var picture: [Int]
    /// The lens to start from: focal length in pixels is enough within 15 %.
    public var lens: CameraModel
    /// Accuracy of what was measured.
    public var accuracy: Accuracy
    /// Camera poses.
    public var views: [View]

    /// Captures of a wall.
    public init(
        dots: [Vector3], groups: [Int], picture: [Int], lens: CameraModel,
        accuracy: Accuracy = Accuracy(), views: [View]
    ) {
        self.dots = dots
        self.groups = groups
        self.picture = picture
        self.lens = lens
        self.accuracy = accuracy
        self.views = views
    }

    /// The captures of a file.
    public static func read(_ path: String) throws(CalibrationRefusal) -> GeometryCaptures {
        let captures: GeometryCaptures = try JSONFile.read(path, what: "geometry captures")
        if let fault = captures.fault {
            throw CalibrationRefusal("\(path): \(fault.found)", advice: fault.advice)
        }
        return captures
    }

    /// Writes the captures to a file.
    public func write(to path: String) throws(CalibrationRefusal) {
        try JSONFile.write(self, to: path)
    }

    /// What makes the captures unusable.
    var fault: (found: String, advice: String)? {
        if dots.count > CalibrationLimits.dots || views.count > CalibrationLimits.views {
            return (
                "\(dots.count) dots in \(views.count) views",
                "\(CalibrationLimits.dots) dots and \(CalibrationLimits.views) views at most"
            )
        }
        if groups.count != dots.count || groups.contains(where: { $0 < 0 || $0 >= dots.count }) {
            return ("groups do not match dots", "give every dot a group from 0")
        }
        if let most = groups.max(), most >= CalibrationLimits.groups {
            return (
                "a group has the number \(most)",
                "number them from 0; \(CalibrationLimits.groups) at most"
            )
        }
        if let normals, normals.count != dots.count {
            return ("normals do not match dots", "give every dot a normal")
        }
        if let normals, let i = normals.firstIndex(where: { !(abs($0.length - 1) < 1e-3) }) {
            return ("the normal of dot \(i) is no unit vector", "divide it by its length")
        }
        let known = [
            accuracy.pixels, accuracy.trackerMeters, accuracy.trackerDegrees, accuracy.wallMeters,
            accuracy.trackerScale,
        ]
        if !known.allSatisfy({ $0 > 0 && $0.isFinite }) {
            return ("an accuracy is not above 0", "nothing is exact: give one standard deviation")
        }
        if Set(views.map(\.name)).count != views.count {
            return ("two views have the same name", "give every view a name of its own")
        }
        if picture.count != 2 || picture.contains(where: { $0 < 16 }) {
            return ("picture is not [columns, rows]", "give its size in pixels")
        }
        if !(lens.focal.min() > 0) { return ("the lens has no focal length", "give it in pixels") }
        if !dots.allSatisfy(\.isFinite) { return ("a dot is not a point", "give x, y, z") }
        for view in views {
            if view.seen.count != view.pixels.count
                || (view.lights.map { $0.count != view.seen.count } ?? false)
                || view.seen.contains(where: { !dots.indices.contains($0) })
            {
                return ("\(view.name): seen and pixels do not match", "capture that pose again")
            }
            if Pose(rows: view.trackerFromBody) == nil {
                return (
                    "\(view.name): trackerFromBody is no pose",
                    "4 rows of 4 numbers, its rotation orthonormal"
                )
            }
        }
        return nil
    }
}

extension Pose {
    /// 4 × 4 by rows.
    public var rows: [[Double]] {
        let (r, t) = (rotation, translation)
        return [
            [r.x.x, r.y.x, r.z.x, t.x], [r.x.y, r.y.y, r.z.y, t.y], [r.x.z, r.y.z, r.z.z, t.z],
            [0, 0, 0, 1],
        ]
    }

    /// A pose of 4 × 4 numbers by rows; nil where they are none.
    public init?(rows m: [[Double]]) {
        guard m.count == 4, m.allSatisfy({ $0.count == 4 && $0.allSatisfy(\.isFinite) }) else {
            return nil
        }
        let r = Matrix3(
            columns: Vector3(m[0][0], m[1][0], m[2][0]), Vector3(m[0][1], m[1][1], m[2][1]),
            Vector3(m[0][2], m[1][2], m[2][2]))
        let square = r.transposed * r
        let error = max(
            (square.x - Vector3(1, 0, 0)).length, (square.y - Vector3(0, 1, 0)).length,
            (square.z - Vector3(0, 0, 1)).length)
        guard error < 1e-3, r.determinant > 0, let rotation = r.nearestRotation else { return nil }
        self.init(rotation: rotation, translation: Vector3(m[0][3], m[1][3], m[2][3]))
    }
}
