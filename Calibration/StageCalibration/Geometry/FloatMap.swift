import Foundation
public import Geometry

/// A wall as a picture of its points: PFM with three channels, stage metres; NaN where no wall is.
///
/// `PF`, size, a negative scale for little-endian floats, then rows from the bottom (Debevec's
/// PFM; used so by MPCDI and nDisplay).
public struct FloatMap: Sendable, Equatable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// Points row by row from the top; nil where no wall is.
    public let points: [Vector3?]

    /// A map of `width` × `height` points, row by row from the top.
    public init(width: Int, height: Int, points: [Vector3?]) {
        precondition(width > 0 && height > 0 && points.count == width * height, "a full map")
        self.width = width
        self.height = height
        self.points = points
    }

    /// The file's bytes.
    public var bytes: [UInt8] {
        var bytes = Array("PF\n\(width) \(height)\n-1.000000\n".utf8)
        bytes.reserveCapacity(bytes.count + 12 * points.count)
        for row in (0..<height).reversed() {
            for column in 0..<width {
                let point = points[row * width + column] ?? Vector3(repeating: .nan)
                for i in 0..<3 {
                    withUnsafeBytes(of: Float(point[i]).bitPattern.littleEndian) { bytes += $0 }
                }
            }
        }
        return bytes
    }

    /// A map of a file's bytes; `file` is named in a refusal.
    public init(_ bytes: [UInt8], file: String) throws(CalibrationRefusal) {
        func refusal(_ what: String) -> CalibrationRefusal {
            CalibrationRefusal("\(file): \(what)", advice: "a PFM with three channels is expected")
        }
        var at = 0
        func word() -> String? {
            var letters: [UInt8] = []
            while at < bytes.count, letters.count < 32 {
                let byte = bytes[at]
                at += 1
                if byte == 0x0A || byte == 0x20 || byte == 0x0D || byte == 0x09 {
                    if letters.isEmpty { continue }
                    return String(decoding: letters, as: UTF8.self)
                }
                letters.append(byte)
            }
            return nil
        }
        guard word() == "PF" else { throw refusal("it does not begin with PF") }
        guard let width = word().flatMap({ Int($0) }), let height = word().flatMap({ Int($0) }),
            width > 0, height > 0, width <= CalibrationLimits.mapSide,
            height <= CalibrationLimits.mapSide
        else { throw refusal("its size is none, or above \(CalibrationLimits.mapSide)") }
        guard let scale = word().flatMap({ Double($0) }), scale != 0, scale.isFinite else {
            throw refusal("its scale is no number")
        }
        guard bytes.count - at == 12 * width * height else {
            throw refusal("\(bytes.count - at) bytes for \(width) × \(height) points")
        }
        var points = [Vector3?](repeating: nil, count: width * height)
        for i in points.indices {
            var v = Vector3.zero
            for k in 0..<3 {
                let b = at + 12 * i + 4 * k
                let order = scale < 0 ? [3, 2, 1, 0] : [0, 1, 2, 3]
                let bits = order.reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[b + $1]) }
                v[k] = Double(Float(bitPattern: bits))
            }
            let row = height - 1 - i / width
            points[row * width + i % width] = v.isFinite ? v : nil
        }
        self.init(width: width, height: height, points: points)
    }
}
