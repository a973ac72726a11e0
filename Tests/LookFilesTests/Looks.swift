import Color
import Foundation
import TestSupport

/// The shared test data: files of the colour folder.
enum ColorData {
    static let folder = TestData.url("colour")
    static let isThere = TestData.has("colour/tetra5.cube")

    static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}

extension SeededRandom {
    mutating func number(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * unit()
    }

    mutating func triple(_ range: ClosedRange<Double>) -> ColorTriple {
        ColorTriple(number(range), number(range), number(range))
    }

    mutating func point() -> SIMD3<Float> { SIMD3<Float>(triple(-0.1...1.3)) }

    mutating func points(_ count: Int) -> [SIMD3<Float>] { (0..<count).map { _ in point() } }

    /// A table with everything drawn, its domain too where `isWide`.
    mutating func cube(side: Int, isWide: Bool = false) -> CubeLUT {
        CubeLUT(
            side: side, points: points(side * side * side),
            low: isWide ? triple(-0.5...0) : ColorTriple(0, 0, 0),
            high: isWide ? triple(1...4) : ColorTriple(1, 1, 1))
    }

    mutating func cdl() -> CDL {
        CDL(
            slope: triple(0.5...1.5), offset: triple(-0.1...0.1), power: triple(0.6...1.6),
            saturation: number(0.5...1.5))
    }

    /// A step of each kind CLF has.
    mutating func steps() -> [LookStep] {
        let log = LookLog(
            base: 10, logSlope: 0.25, logOffset: 0.39, linearSlope: 5.6, linearOffset: 0.05)
        var camera = log
        camera.linearBreak = 0.01
        var bent = camera
        bent.slopeBelow = 5
        let power = LookExponent(exponent: number(1.5...2.6))
        let curve = LookExponent(exponent: 2.4, offset: 0.055, negative: .mirror)
        let matrix = ColorMatrix(rows: triple(0...1), triple(0...1), triple(0...1))
        return [
            .matrix(matrix, offset: triple(-0.1...0.1)),
            .curves(CurveLUT(points: points(33))),
            .cube(cube(side: 5)),
            .range(LookRange(low: SIMD2(-0.2, 0.05), high: SIMD2(1.1, 0.95))),
            .range(LookRange(low: SIMD2(0.1, 0.1), high: nil)),
            .log(red: log, green: log, blue: log, isInverse: false),
            .log(red: camera, green: camera, blue: camera, isInverse: false),
            .log(red: bent, green: bent, blue: bent, isInverse: true),
            .exponent(red: power, green: power, blue: power, isInverse: true),
            .exponent(red: curve, green: curve, blue: curve, isInverse: false),
            .exponent(red: curve, green: curve, blue: curve, isInverse: true),
            .cdl(cdl(), isClamped: true, isInverse: false),
            .cdl(cdl(), isClamped: false, isInverse: true),
        ]
    }
}

func distance(_ a: ColorTriple, _ b: ColorTriple) -> Double {
    let d = a - b
    if d.x.isNaN || d.y.isNaN || d.z.isNaN { return .infinity }
    return max(abs(d.x), abs(d.y), abs(d.z))
}
