import Color
import Foundation
import TestSupport

/// The colour vectors made with colour-science and OpenColorIO, as JSON.
enum Vectors {
    static let url = TestData.url("colour/colour.json")
    static let isThere = TestData.has("colour/colour.json")

    /// A value by its keys.
    static func at(_ keys: String...) throws -> Any {
        var value = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        for key in keys {
            guard let next = (value as? [String: Any])?[key] else { throw Missing(key: key) }
            value = next
        }
        return value
    }

    struct Missing: Error { let key: String }

    static func rows(_ value: Any) throws -> [[String: Any]] {
        guard let rows = value as? [[String: Any]] else { throw Missing(key: "rows") }
        return rows
    }
}

func number(_ value: Any?) -> Double { (value as? NSNumber)?.doubleValue ?? .nan }

func triple(_ value: Any?) -> ColorTriple {
    guard let a = value as? [Any], a.count == 3 else { return ColorTriple(repeating: .nan) }
    return ColorTriple(number(a[0]), number(a[1]), number(a[2]))
}

func chromaticity(_ value: Any?) -> Chromaticity {
    guard let a = value as? [Any], a.count == 2 else { return Chromaticity(.nan, .nan) }
    return Chromaticity(number(a[0]), number(a[1]))
}

func matrix(_ value: Any?) -> ColorMatrix {
    guard let a = value as? [Any], a.count == 3 else { return ColorMatrix.identity * .nan }
    return ColorMatrix(rows: triple(a[0]), triple(a[1]), triple(a[2]))
}

func distance(_ a: ColorTriple, _ b: ColorTriple) -> Double {
    let d = a - b
    if d.x.isNaN || d.y.isNaN || d.z.isNaN { return .infinity }
    return max(abs(d.x), abs(d.y), abs(d.z))
}

func distance(_ a: ColorMatrix, _ b: ColorMatrix) -> Double {
    max(distance(a.row0, b.row0), distance(a.row1, b.row1), distance(a.row2, b.row2))
}

let spaces: [String: Primaries] = [
    "Rec709": .rec709, "Rec2020": .rec2020, "P3-D65": .p3D65, "ACEScg": .acesCG,
    "ACES2065-1": .aces2065,
]
