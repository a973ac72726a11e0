import Foundation

/// How far the photographed picture is from where it should be, measured from photographs only.
///
/// A picture point that shows texture place p where the truth shows place q is displaced by
/// J⁻¹·(p − q) picture pixels, J the slope of the truth's places along the picture, taken from the
/// truth's neighboring points.
struct Registration: Sendable {
    /// Displacements found, picture pixels.
    private(set) var sizes: [Float] = []
    /// Picture points that look at a lit panel.
    private(set) var looked = 0
    /// Steps across panel borders, picture pixels.
    private(set) var steps: [Float] = []
    /// Sum of the displacements as vectors (x right, y down): shows which way a fault points.
    private(set) var drift = SIMD2<Double>(repeating: 0)

    /// Share of the points that look at the wall whose displacement was found.
    var coverage: Double { looked == 0 ? 0 : Double(sizes.count) / Double(looked) }

    /// Mean displacement (x right, y down), picture pixels: where things stand, less where they
    /// should.
    var mean: SIMD2<Double> { drift / Double(max(1, sizes.count)) }

    /// The value a share of the displacements does not exceed, picture pixels.
    func percentile(_ share: Double) -> Double {
        guard !sizes.isEmpty else { return .infinity }
        let sorted = sizes.sorted()
        return Double(sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))])
    }

    /// Takes one moment: what the photograph shows and what the truth shows, point by point.
    /// - Parameter isJudged: points that count, nil: all.
    mutating func take(
        photograph: [DecodedPoint], truth: [DecodedPoint], view: WallView, grid: SampleGrid,
        only isJudged: [Bool]? = nil
    ) {
        let none = SIMD2<Float>(repeating: .nan)
        let shifts = filled(none, rows: grid.rows, columns: grid.columns) { row, out in
            for column in 0..<grid.columns {
                let i = row * grid.columns + column
                guard view.points[i].panel >= 0 else { continue }
                if let d = Registration.shift(photograph[i], truth, column, row, grid) {
                    out[column] = SIMD2(Float(d.x), Float(d.y))
                }
            }
        }
        for i in shifts.indices where view.points[i].panel >= 0 && isJudged?[i] != false {
            looked += 1
            guard !shifts[i].x.isNaN else { continue }
            sizes.append((shifts[i].x * shifts[i].x + shifts[i].y * shifts[i].y).squareRoot())
            drift += SIMD2(Double(shifts[i].x), Double(shifts[i].y))
        }
        measureSteps(shifts, truth, view, grid)
    }

    /// Where the point's content stands less where the truth has it, picture pixels.
    private static func shift(
        _ seen: DecodedPoint, _ truth: [DecodedPoint], _ column: Int, _ row: Int, _ grid: SampleGrid
    ) -> SIMD2<Double>? {
        let i = row * grid.columns + column
        let here = truth[i]
        guard seen.object >= 0, seen.object == here.object else { return nil }
        guard
            let alongX = slope(
                truth, i, -1, +1, column > 0, column + 1 < grid.columns, grid.step),
            let alongY = slope(
                truth, i, -grid.columns, grid.columns, row > 0, row + 1 < grid.rows, grid.step)
        else { return nil }
        let miss = difference(seen, here)
        let determinant = alongX.x * alongY.y - alongY.x * alongX.y
        guard abs(determinant) > 1e-14 else { return nil }
        // The truth shows the seen place at this point + move, so it stands at − move from there.
        let move =
            SIMD2(
                alongY.y * miss.x - alongY.x * miss.y, alongX.x * miss.y - alongX.y * miss.x)
            / determinant
        return -move
    }

    /// Change of the texture place a picture pixel, from the neighbors on the same object.
    private static func slope(
        _ truth: [DecodedPoint], _ i: Int, _ before: Int, _ after: Int, _ hasBefore: Bool,
        _ hasAfter: Bool, _ step: Int
    ) -> SIMD2<Double>? {
        let here = truth[i]
        let left = hasBefore && truth[i + before].object == here.object
        let right = hasAfter && truth[i + after].object == here.object
        switch (left, right) {
        case (true, true):
            return difference(truth[i + after], truth[i + before]) / Double(2 * step)
        case (true, false): return difference(here, truth[i + before]) / Double(step)
        case (false, true): return difference(truth[i + after], here) / Double(step)
        case (false, false): return nil
        }
    }

    /// Texture places apart; the dome's u closes on itself.
    private static func difference(_ a: DecodedPoint, _ b: DecodedPoint) -> SIMD2<Double> {
        var d = SIMD2(
            Double(a.place.x) - Double(b.place.x), Double(a.place.y) - Double(b.place.y))
        if a.object == 0 { d.x -= d.x.rounded() }
        return d
    }

    /// One stretch of one border: two panels within a block of 64 × 64 picture pixels.
    private struct Stretch: Hashable {
        var panels: SIMD2<Int32>
        var block: SIMD2<Int>
        var isAcross: Bool
    }

    /// Picture pixels round an object's edge that steps are not measured in: light of both objects
    /// mixes there between LEDs.
    private static let edge = 8

    /// The truth shows one object all round a point.
    private static func isInside(
        _ truth: [DecodedPoint], _ column: Int, _ row: Int, _ grid: SampleGrid
    ) -> Bool {
        let object = truth[row * grid.columns + column].object
        let reach = max(1, edge / grid.step)
        for (dx, dy) in [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)] {
            let x = column + dx * reach
            let y = row + dy * reach
            guard x >= 0, x < grid.columns, y >= 0, y < grid.rows else { continue }
            // Points that see no wall carry no object and are no edge.
            let other = truth[y * grid.columns + x].object
            if other >= 0 && other != object { return false }
        }
        return true
    }

    /// Steps of the displacement from one panel to the next: the median over the pairs of
    /// neighboring points of each stretch of border, so that no single point's noise counts.
    private mutating func measureSteps(
        _ shifts: [SIMD2<Float>], _ truth: [DecodedPoint], _ view: WallView, _ grid: SampleGrid
    ) {
        var pairs: [Stretch: [SIMD2<Float>]] = [:]
        let side = max(1, 64 / grid.step)
        for row in 0..<grid.rows - 1 {
            for column in 0..<grid.columns - 1 {
                let i = row * grid.columns + column
                for (j, isAcross) in [(i + 1, true), (i + grid.columns, false)] {
                    let (a, b) = (view.points[i].panel, view.points[j].panel)
                    guard a >= 0, b >= 0, a != b, truth[i].object == truth[j].object else {
                        continue
                    }
                    let step = shifts[j] - shifts[i]
                    guard !step.x.isNaN,
                        Registration.isInside(truth, column, row, grid),
                        Registration.isInside(
                            truth, j % grid.columns, j / grid.columns, grid)
                    else { continue }
                    let stretch = Stretch(
                        panels: SIMD2(a, b), block: SIMD2(column / side, row / side),
                        isAcross: isAcross)
                    pairs[stretch, default: []].append(step)
                }
            }
        }
        for list in pairs.values where list.count >= 5 {
            let x = list.map(\.x).sorted()[list.count / 2]
            let y = list.map(\.y).sorted()[list.count / 2]
            steps.append((x * x + y * y).squareRoot())
        }
    }
}
