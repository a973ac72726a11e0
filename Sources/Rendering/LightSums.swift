public import FrameModel
import Lanes
import StageModel

/// The light of each wall, summed up while its tiles are drawn: whole numbers a row of a piece, so
/// that the order and the height of tiles and the number of threads change nothing.
///
/// Belongs to one worker while a frame is drawn.
public struct LightSums: BitwiseCopyable {
    /// A full scale of one pixel.
    static let unit = Float(1 << 20)
    /// Red, green and blue of each wall, in parts of `unit`.
    public var walls = InlineArray<16, SIMD3<Int64>>(repeating: .zero)

    /// Nothing summed up.
    public init() {}

    /// Adds a region of light in the wall's primaries.
    /// - Frame path: yes
    mutating func add(wall: Int, _ light: cyc_planes, _ region: cyc_region) {
        let stride = Int(light.stride)
        for row in 0..<Int(region.height) {
            let at = row &* stride
            walls[wall] &+= SIMD3(
                LightSums.sum(light.red + at, Int(region.width)),
                LightSums.sum(light.green + at, Int(region.width)),
                LightSums.sum(light.blue + at, Int(region.width)))
        }
    }

    /// In parts of `unit`.
    private static func sum(_ row: UnsafePointer<Float>, _ count: Int) -> Int64 {
        var four = SIMD4<Float>()
        var column = 0
        while column &+ 4 <= count {
            // Rows are no more aligned than their floats.
            four += UnsafeRawPointer(row + column).loadUnaligned(as: SIMD4<Float>.self)
            column &+= 4
        }
        var rest: Float = 0
        while column < count {
            rest += row[column]
            column &+= 1
        }
        return Int64((four.x + four.y + four.z + four.w + rest) * unit)
    }

    /// Adds another worker's.
    /// - Frame path: yes
    public mutating func add(_ other: LightSums) {
        for wall in 0..<StageLimits.walls { walls[wall] &+= other.walls[wall] }
    }

    /// The means over so many pixels of each wall, full scales.
    /// - Frame path: yes
    public func means(pixels: InlineArray<16, Int>) -> WallLight {
        var light = WallLight()
        light.isMeasured = true
        for wall in 0..<StageLimits.walls where pixels[wall] > 0 {
            light.means[wall] =
                SIMD3<Float>(walls[wall]) / (LightSums.unit * Float(pixels[wall]))
        }
        return light
    }
}
