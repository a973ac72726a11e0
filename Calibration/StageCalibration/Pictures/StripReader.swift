import FrameModel
import Geometry

/// Finds frame strips in a camera's picture and reads them.
///
/// Every column of a grid is searched for itself, top to bottom, as a bar code is; neighbors that
/// read the same strip and the same number are a sighting. Nothing is known beforehand of camera or
/// wall: the strips may be blurred by a pan, seen at an angle, or rolled by up to 15°.
public enum StripReader {
    /// Columns searched of a picture 1920 wide: two of three pixels can be skipped in a bar of 12
    /// cells of 3 pixels.
    private static let columns = 960
    /// Columns side by side that must agree.
    private static let columnsMin = 3

    /// The strips in a picture, in their own order.
    ///
    /// - Parameters:
    ///   - picture: as the camera took it.
    ///   - count: strips on the stage; what has a higher number is none.
    public static func sightings(in picture: GrayPicture, of count: Int) -> [StripSighting] {
        guard picture.width >= 16, picture.height >= FrameStrip.codeCells else { return [] }
        let brightest = bright(picture)
        guard brightest > 0 else { return [] }
        let step = max(1, picture.width / columns)
        var hits: [Int: [StripScan.Hit]] = [:]
        for column in stride(from: step / 2, to: picture.width, by: step) {
            for hit in StripScan(picture, column: column, brightest: brightest).hits()
            where hit.strip < count {
                hits[hit.strip, default: []].append(hit)
            }
        }
        return hits.sorted { $0.key < $1.key }.compactMap { sighting(of: $0.value, step, picture) }
    }

    /// What one pixel in a hundred exceeds, of every 16th: single lights in the room are brighter.
    private static func bright(_ picture: GrayPicture) -> Float {
        let some = stride(from: 0, to: picture.values.count, by: 16).map { picture.values[$0] }
        return some.sorted()[some.count * 99 / 100]
    }

    /// The longest run of neighboring columns that read the same.
    private static func sighting(
        of hits: [StripScan.Hit], _ step: Int, _ picture: GrayPicture
    ) -> StripSighting? {
        var (best, run): (ArraySlice<StripScan.Hit>, ArraySlice<StripScan.Hit>) = ([], [])
        for (index, hit) in hits.enumerated() {
            // A column or two in between may be spoilt.
            if let last = run.last, hit.column - last.column <= 3 * step,
                abs(hit.top - last.top) < 0.1 * (last.bottom - last.top),
                abs(FrameStrip.frames(from: last.number, to: hit.number)) <= 1
            {
                run = hits[run.startIndex...index]
            } else {
                run = hits[index...index]
            }
            if run.count > best.count { best = run }
        }
        guard best.count >= columnsMin else { return nil }
        let middle = best[best.startIndex + best.count / 2]
        let (number, share) = StripSighting.median(best.map { ($0.number, $0.share) })
        let cell = (middle.bottom - middle.top) / Double(FrameStrip.codeCells)
        let upperLine = BarLine(best.map { ($0.column, $0.upper) })
        let lowerLine = BarLine(best.map { ($0.column, $0.lower) })
        let mark = Mark(picture: picture, column: middle.column, cell: cell)
        guard let upper = mark.middle(along: upperLine, darkAbove: true),
            let lower = mark.middle(along: lowerLine, darkAbove: false)
        else { return nil }
        return StripSighting(
            strip: middle.strip, number: number, share: share,
            upper: Vector2(upper, upperLine.row(at: upper)),
            lower: Vector2(lower, lowerLine.row(at: lower)))
    }
}

/// The line the middle of a bar lies on, which a rolled picture or a wall seen from the side tilts.
private struct BarLine {
    private let column: Double
    private let row: Double
    private let slope: Double

    /// The line through what each column says.
    init(_ points: [(column: Int, row: Double)]) {
        let count = Double(points.count)
        let column = points.reduce(0) { $0 + Double($1.column) + 0.5 } / count
        let row = points.reduce(0) { $0 + $1.row } / count
        var (moment, width) = (0.0, 0.0)
        for point in points {
            let from = Double(point.column) + 0.5 - column
            moment += from * (point.row - row)
            width += from * from
        }
        (self.column, self.row) = (column, row)
        slope = width > 0 ? moment / width : 0
    }

    /// The row at a place across.
    func row(at x: Double) -> Double { row + slope * (x - column) }
}

/// The three light bars at an end of a strip, from a column that crosses all of the strip.
private struct Mark {
    let picture: GrayPicture
    let column: Int
    /// Height of a cell, pixels.
    let cell: Double

    /// The middle of the bars' light, across: a blur to both sides alike does not move it.
    ///
    /// - Parameters:
    ///   - line: where the middle of the three bars lies.
    ///   - darkAbove: the strip's dark end lies above, not below.
    func middle(along line: BarLine, darkAbove: Bool) -> Double? {
        let quiet = darkAbove ? -2.5 * cell : 2.5 * cell
        func bars(_ column: Int) -> Float { light(line, column, from: 0) }
        let dark = light(line, column, from: quiet)
        let half = (bars(column) + dark) / 2
        guard half > dark else { return nil }
        // From the column to where the light is less than half, on both sides.
        var (left, right) = (column, column)
        while left > 0, bars(left - 1) >= half { left -= 1 }
        while right < picture.width - 1, bars(right + 1) >= half { right += 1 }
        // The dark pixels to either side are the strip's own as far as to half the next one.
        let gap = (right - left + 1) / 6
        guard left - gap >= 0, right + gap < picture.width else { return nil }
        var (sum, moment) = (0.0, 0.0)
        for column in (left - gap)...(right + gap) {
            let above = Double(bars(column) - dark)
            sum += above
            moment += above * (Double(column) + 0.5)
        }
        return sum > 0 ? moment / sum : nil
    }

    /// The mean light of a column over almost two cells, so far below the line.
    private func light(_ line: BarLine, _ column: Int, from offset: Double) -> Float {
        let middle = line.row(at: Double(column) + 0.5) + offset
        let reach = offset == 0 ? 0.9 * cell : 0.4 * cell
        var sum: Float = 0
        for step in -2...2 {
            let row = middle + Double(step) * reach / 2 - 0.5
            let at = max(0, min(Double(picture.height - 1), row))
            let above = Int(at)
            let below = min(picture.height - 1, above + 1)
            let one = picture.values[above * picture.width + column]
            let other = picture.values[below * picture.width + column]
            sum += one + (other - one) * Float(at - Double(above))
        }
        return sum / 5
    }
}
