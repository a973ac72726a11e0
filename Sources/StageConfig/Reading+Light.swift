import Color
import Geometry
import StageModel

/// The light a wall's panels make.
struct Light {
    var primaries: Primaries
    var peakNits: Double
    var nitsPerUnit: Double
}

extension Reading {
    /// A wall's light.
    func light(_ reader: MapReader) -> Light? {
        reader.required("light", "the light the panels make: primaries, peakNits")?
            .keys("the light of a wall") { keys in
                let primaries = self.primaries(keys)
                let peak = keys.number(
                    "peakNits", 10...10000, unit: "nits", "brightest white, nits")
                let unit = keys.number("nitsPerUnit", 1...10000, unit: "nits", default: 100)
                guard let primaries, let peak, let unit else { return nil }
                return Light(primaries: primaries, peakNits: peak, nitsPerUnit: unit)
            }
    }

    private func primaries(_ reader: MapReader) -> Primaries? {
        let known: [(String, Primaries)] = [
            ("rec709", .rec709), ("p3d65", .p3D65), ("rec2020", .rec2020),
        ]
        let allowed = "rec709, p3d65, rec2020, or red, green, blue and white as CIE [x, y]"
        guard let item = reader.required("primaries", allowed) else { return nil }
        guard item.isGroup else { return item.choice(known) }
        return item.keys("primaries") { keys in
            func point(_ key: String) -> Chromaticity? {
                guard let xy = keys.numbers(key, 2...2, 0...1, "CIE [x, y]") else { return nil }
                return Chromaticity(xy[0], xy[1])
            }
            let (red, green, blue, white) = (
                point("red"), point("green"), point("blue"), point("white")
            )
            guard let red, let green, let blue, let white else { return nil }
            let area = (green.x - red.x) * (blue.y - red.y) - (green.y - red.y) * (blue.x - red.x)
            guard area > 0.01, white.y > 0.05, Self.holds(red, green, blue, white) else {
                return item.complain(
                    "red, green and blue in this order form a triangle with white inside it")
            }
            return Primaries(red: red, green: green, blue: blue, white: white)
        }
    }

    /// The white lies inside the triangle of the primaries.
    private static func holds(
        _ red: Chromaticity, _ green: Chromaticity, _ blue: Chromaticity, _ white: Chromaticity
    ) -> Bool {
        func side(_ a: Chromaticity, _ b: Chromaticity) -> Double {
            (b.x - a.x) * (white.y - a.y) - (b.y - a.y) * (white.x - a.x)
        }
        return side(red, green) > 0 && side(green, blue) > 0 && side(blue, red) > 0
    }

    /// A pose of `positionMeters` (or millimeters) and pan, tilt, roll in degrees.
    func pose(_ reader: MapReader, unit: LengthUnit = .meters, isPlaced: Bool = true) -> Pose? {
        let what = "position [x, y, z]"
        let position = reader.numbers(
            unit.positionKey, 3...3, unit.range, unit: unit.rawValue,
            default: isPlaced ? nil : [0, 0, 0], what)
        let pan = angle(reader, "panDegrees")
        let tilt = angle(reader, "tiltDegrees")
        let roll = angle(reader, "rollDegrees")
        guard let position, let pan, let tilt, let roll else { return nil }
        return Pose(
            pan: pan, tilt: tilt, roll: roll,
            translation: Vector3(position[0], position[1], position[2]) * unit.meters)
    }

    /// An angle in radians of a key in degrees.
    func angle(_ reader: MapReader, _ key: String, default: Double? = 0) -> Double? {
        reader.number(key, -360...360, unit: "degrees", default: `default`, "an angle, degrees")
            .map { $0 * .pi / 180 }
    }
}

/// The unit of a position, as its key names it.
enum LengthUnit: String {
    case meters
    case millimeters

    var positionKey: String { self == .meters ? "positionMeters" : "positionMillimeters" }
    var meters: Double { self == .meters ? 1 : 0.001 }
    var range: ClosedRange<Double> { self == .meters ? -500...500 : -5000...5000 }
}
