import Foundation
import Media

/// A street of a floor, a wall 20 m off and a box 5 m ahead, seen from 1.6 m: a picture and its
/// true depth, written as files.
struct DepthPicture {
    let width: Int
    let height: Int
    /// Pixels of a unit tangent, for 60° across.
    var focal: Double { Double(width) / 2 / tan(30 * .pi / 180) }
    static let eye = 1.6

    /// Meters along the axis.
    func depth(_ x: Double, _ y: Double) -> Double {
        let (right, up) = ((x - Double(width) / 2) / focal, (Double(height) / 2 - y) / focal)
        if abs(right * 5 + 0.2) < 0.9, up * 5 < 0.5, up * 5 > -Self.eye { return 5 }
        let floor = up < 0 ? -Self.eye / up : .infinity
        return min(floor, up * 20 < 3.5 ? 20 : 1000)
    }

    /// 8-bit sRGB: tiles on the floor, stripes on the wall, a dark box.
    var png: [UInt8] {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let (px, py) = (Double(x) + 0.5, Double(y) + 0.5)
                let z = depth(px, py)
                let right = (px - Double(width) / 2) / focal * z
                let isLight = (Int(floor(right * 2)) + Int(floor(z * 2))) % 2 == 0
                pixels +=
                    z == 5
                    ? [40, 20, 120, 255]
                    : z > 100
                        ? [120, 170, 255, 255]
                        : z == 20
                            ? [200, 120, 90, 255]
                            : isLight ? [180, 180, 170, 255] : [90, 90, 80, 255]
            }
        }
        return PNGFile.bytes(width: width, height: height, pixels: pixels) ?? []
    }

    /// A number of each pixel as a float map, little-endian.
    func pfm(_ number: (Double) -> Double) -> [UInt8] {
        var bytes = Array("Pf\n\(width) \(height)\n-1.0\n".utf8)
        for y in (0..<height).reversed() {
            for x in 0..<width {
                let value = Float(number(depth(Double(x) + 0.5, Double(y) + 0.5)))
                withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
            }
        }
        return bytes
    }

    /// A number 0 … 1 of each pixel as a gray of 8 bits.
    func gray(_ number: (Double) -> Double) -> [UInt8] {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let share = number(depth(Double(x) + 0.5, Double(y) + 0.5))
                let code = UInt8((max(0, min(1, share)) * 255).rounded())
                pixels += [code, code, code, 255]
            }
        }
        return PNGFile.bytes(width: width, height: height, pixels: pixels) ?? []
    }
}

/// A folder of its own that is removed afterwards.
func withScratch(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("cyclorama-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
}

func put(_ bytes: [UInt8], _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}
