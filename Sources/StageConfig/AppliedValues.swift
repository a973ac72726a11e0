import Foundation
import Yams

/// What `calibrate apply` writes beside a stage file, `calibration/applied.yaml`: values that stand
/// instead of the stage file's own.
public struct AppliedValues: Codable, Sendable, Equatable {
    /// A place and a direction, as stage files have them.
    public struct Placement: Codable, Sendable, Equatable {
        /// Metres, of a tracker on the stage.
        public var positionMeters: [Double]?
        /// Millimetres, of a sensor on its body.
        public var positionMillimeters: [Double]?
        /// Pan, + left, degrees.
        public var panDegrees: Double
        /// Tilt, + up, degrees.
        public var tiltDegrees: Double
        /// Roll, + clockwise from behind, degrees.
        public var rollDegrees: Double

        /// A place in metres or in millimetres, and angles in degrees.
        public init(
            meters: [Double]? = nil, millimeters: [Double]? = nil, pan: Double, tilt: Double,
            roll: Double
        ) {
            positionMeters = meters
            positionMillimeters = millimeters
            (panDegrees, tiltDegrees, rollDegrees) = (pan, tilt, roll)
        }
    }

    /// What was found of a tracking source.
    public struct Source: Codable, Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Where its origin is.
        public var stageFromTracker: Placement?
        /// Metres in a metre of its own.
        public var scale: Double?

        /// A source nothing is known of yet.
        public init(name: String) { self.name = name }
    }

    /// What was found of a camera.
    public struct Camera: Codable, Sendable, Equatable {
        /// Its name.
        public var name: String
        /// The recorded part of its sensor, as square as its pixels are.
        public var sensorMillimeters: [Double]?
        /// The sensor on the tracked body.
        public var bodyFromSensor: Placement?
        /// Its measured lenses, the usual one first.
        public var lenses: [String]?

        /// A camera nothing is known of yet.
        public init(name: String) { self.name = name }
    }

    /// What was found of a wall.
    public struct Wall: Codable, Sendable, Equatable {
        /// Its name.
        public var name: String
        /// The file of its correction.
        public var correction: String?
        /// The file of its panels' shifts.
        public var shifts: String?

        /// A wall nothing is known of yet.
        public init(name: String) { self.name = name }
    }

    /// Tracking sources, by name.
    public var tracking: [Source]?
    /// Cameras, by name.
    public var cameras: [Camera]?
    /// Walls, by name.
    public var walls: [Wall]?

    /// Nothing applied.
    public init() {}

    /// Where it lies, from the stage file's folder.
    public static var path: String { AppliedCalibration.path }

    /// The values of a text this program has written; nil where it is something else.
    public init?(text: String) {
        guard Reading.anchorLine(text) == nil,
            let values = try? YAMLDecoder().decode(AppliedValues.self, from: text)
        else { return nil }
        self = values
    }

    /// Changes what is said of a source, a camera or a wall, which comes in where it is new.
    public mutating func change(source name: String, _ change: (inout Source) -> Void) {
        Self.change(&tracking, { $0.name == name }, Source(name: name), change)
    }

    /// Changes what is said of a camera.
    public mutating func change(camera name: String, _ change: (inout Camera) -> Void) {
        Self.change(&cameras, { $0.name == name }, Camera(name: name), change)
    }

    /// Changes what is said of a wall.
    public mutating func change(wall name: String, _ change: (inout Wall) -> Void) {
        Self.change(&walls, { $0.name == name }, Wall(name: name), change)
    }

    private static func change<Element>(
        _ list: inout [Element]?, _ isIt: (Element) -> Bool, _ new: Element,
        _ change: (inout Element) -> Void
    ) {
        var all = list ?? []
        let index = all.firstIndex(where: isIt) ?? all.count
        if index == all.count { all.append(new) }
        change(&all[index])
        list = all
    }

    /// The file's text.
    public var text: String {
        var lines = [
            "# Written by `cyclorama calibrate apply`: what is here stands instead of the same",
            "# keys in stage.yaml. Take a line out, or the file, to go back to those.",
        ]
        func section<Element>(_ name: String, _ list: [Element]?, _ each: (Element) -> [String]) {
            guard let list, !list.isEmpty else { return }
            lines.append("\(name):")
            lines += list.flatMap(each)
        }
        section("tracking", tracking) { source in
            ["  - name: \(source.name)"] + placement("stageFromTracker", source.stageFromTracker)
                + value("scale", source.scale)
        }
        section("cameras", cameras) { camera in
            ["  - name: \(camera.name)"]
                + (camera.sensorMillimeters.map { ["    sensorMillimeters: \(list($0))"] } ?? [])
                + placement("bodyFromSensor", camera.bodyFromSensor)
                + (camera.lenses.map { ["    lenses: [\($0.joined(separator: ", "))]"] } ?? [])
        }
        section("walls", walls) { wall in
            ["  - name: \(wall.name)"] + text("correction", wall.correction)
                + text("shifts", wall.shifts)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func text(_ key: String, _ value: String?) -> [String] {
        value.map { ["    \(key): \($0)"] } ?? []
    }

    private func value(_ key: String, _ value: Double?) -> [String] {
        value.map { ["    \(key): \(digits($0))"] } ?? []
    }

    private func placement(_ key: String, _ place: Placement?) -> [String] {
        guard let place else { return [] }
        let position =
            place.positionMeters.map { "      positionMeters: \(list($0))" }
            ?? place.positionMillimeters.map { "      positionMillimeters: \(list($0))" }
        return ["    \(key):"] + (position.map { [$0] } ?? []) + [
            "      panDegrees: \(digits(place.panDegrees))",
            "      tiltDegrees: \(digits(place.tiltDegrees))",
            "      rollDegrees: \(digits(place.rollDegrees))",
        ]
    }

    private func list(_ values: [Double]) -> String {
        "[" + values.map(digits).joined(separator: ", ") + "]"
    }

    /// A number as stage files are written: eight digits behind the point are less than anything
    /// can measure.
    private func digits(_ value: Double) -> String {
        var text = String(format: "%.8f", value)
        while text.hasSuffix("0") && !text.hasSuffix(".0") { text.removeLast() }
        return text
    }
}
