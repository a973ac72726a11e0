import Foundation
public import FrameModel
import Geometry

/// Slanted flat sheets, as one picture taken from one place shows them: what an imported picture
/// with depth is judged with.
///
/// Each sheet fills a rectangle of the picture, nearer ones before farther ones. 1 / distance along
/// the axis is linear in the picture on a plane, so that a sheet is three numbers, and where a ray
/// meets it is one division.
public struct DepthSet: Sendable {
    /// A rectangle of the picture on a plane.
    struct Sheet: Sendable {
        /// Edges as tangents from the axis: right positive.
        var left: Double
        var right: Double
        /// Edges as tangents from the axis: up positive.
        var bottom: Double
        var top: Double
        /// 1 / distance, 1 / m, is a + b · right + c · up.
        var a: Double
        var b: Double
        var c: Double

        func disparity(_ at: SIMD2<Double>) -> Double { a + b * at.x + c * at.y }

        func contains(_ at: SIMD2<Double>) -> Bool {
            at.x >= left && at.x <= right && at.y >= bottom && at.y <= top
        }

        /// Texture place, 0 … 1, v down.
        func place(_ at: SIMD2<Double>) -> SIMD2<Double> {
            SIMD2((at.x - left) / (right - left), (top - at.y) / (top - bottom))
        }
    }

    /// Angle the picture's width is seen at, degrees.
    public static let fieldOfView = 70.0
    /// Object number of what the picture does not show: it is behind something.
    static let hidden: Int16 = 1000

    /// The farthest first; sheet i is object i + 1 of the chart.
    let sheets: [Sheet]
    /// Where the picture was taken from and which way.
    public let eye: Placement
    /// The gratings the picture is painted with.
    public let chart: GratingChart

    /// The set before the middle of a shot: a slanted wall 6 … 10 m away, a sheet at 4 m and one
    /// at 2.3 m.
    ///
    /// - Parameters:
    ///   - eye: where the picture is taken from.
    ///   - lower, upper: levels of the gratings, scene-linear.
    ///   - ledsPerTangent: LEDs of the wall that a tangent of 1 covers.
    init(eye: Placement, lower: Double, upper: Double, ledsPerTangent: Double) {
        self.eye = eye
        let across = tan(DepthSet.fieldOfView / 2 * .pi / 180)
        let up = across * 9 / 16
        let sheets = [
            Sheet(left: -across, right: across, bottom: -up, top: up, a: 0.125, b: 0.03, c: 0),
            Sheet(left: 0.02, right: 0.4, bottom: -0.1, top: 0.15, a: 0.25, b: -0.05, c: 0.03),
            Sheet(left: -0.33, right: -0.1, bottom: -0.16, top: 0.12, a: 0.43, b: 0.08, c: -0.05),
        ]
        self.sheets = sheets
        let blank = Picture(width: 1, height: 1, pixels: [1, 1, 1, 1])
        chart = GratingChart(
            template: Scene(
                name: "sheets", dome: nil,
                cards: sheets.map { _ in
                    Card(
                        name: "sheet", sceneFromCard: .identity, width: 1, height: 1, picture: blank
                    )
                }),
            lower: lower, upper: upper,
            finest: sheets.map { ($0.right - $0.left) * ledsPerTangent / 24 })
    }

    /// Tangents of a pixel's center.
    private static func tangents(
        _ column: Int, _ row: Int, _ width: Int, _ height: Int
    ) -> SIMD2<Double> {
        let scale = 2 * tan(fieldOfView / 2 * .pi / 180) / Double(width)
        return SIMD2(
            (Double(column) + 0.5 - Double(width) / 2) * scale,
            (Double(height) / 2 - Double(row) - 0.5) * scale)
    }

    /// The nearest sheet at a place of the picture.
    private func pictured(_ at: SIMD2<Double>) -> Int {
        var nearest = 0
        for index in sheets.indices where sheets[index].contains(at) {
            if sheets[index].disparity(at) > sheets[nearest].disparity(at) { nearest = index }
        }
        return nearest
    }

    /// The picture of the set with one pattern, 16:9.
    public func picture(_ pattern: GratingPattern, width: Int) -> Picture {
        let height = width * 9 / 16
        return filledPicture(width, height) { column, row in
            let at = DepthSet.tangents(column, row, width, height)
            let sheet = pictured(at)
            return chart.value(pattern, object: sheet + 1, at: sheets[sheet].place(at))
        }
    }

    /// Meters along the axis, a number for each pixel of the picture, rows from the top.
    public func depth(width: Int) -> [Float] {
        let height = width * 9 / 16
        return (0..<width * height).map { index in
            let at = DepthSet.tangents(index % width, index / width, width, height)
            return Float(1 / sheets[pictured(at)].disparity(at))
        }
    }

    /// What a ray of the stage meets first; `hidden` where the picture does not show it, unknown
    /// beyond the picture.
    func point(from origin: SIMD3<Double>, along direction: SIMD3<Double>) -> DecodedPoint {
        let (start, way) = (eye.local(origin), eye.inward(direction))
        var found = DecodedPoint.unknown
        var nearest = Double.infinity
        for (index, sheet) in sheets.enumerated() {
            // On the sheet 1 = a · forward + b · right + c · up.
            let normal = SIMD3(sheet.b, sheet.a, sheet.c)
            let distance = (1 - inner(normal, start)) / inner(normal, way)
            let hit = start + way * distance
            guard distance > 0, distance < nearest, hit.y > 0 else { continue }
            let at = SIMD2(hit.x / hit.y, hit.z / hit.y)
            guard sheet.contains(at) else { continue }
            nearest = distance
            found = DecodedPoint(
                object: pictured(at) == index ? Int16(index + 1) : DepthSet.hidden,
                place: SIMD2<Float>(sheet.place(at)))
        }
        return found
    }
}
