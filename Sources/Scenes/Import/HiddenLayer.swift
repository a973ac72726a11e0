import FrameModel

/// What one range of distances shows, and what it would show where something nearer stands before
/// it: colours, 1 / distance and how much of each place belongs to it.
struct HiddenLayer: Sendable {
    /// Straight colours, known everywhere.
    let colors: WeightedColors
    /// 1 / distance, known everywhere.
    let disparity: Plane
    /// 1 where the range is seen or would be seen, 0 where something else is; between at a border
    /// behind things.
    let share: Plane

    /// - Parameters:
    ///   - picture: of the same size as `disparity`.
    ///   - isPure: 1 where a pixel shows one surface only; others lend nothing.
    init(
        range: Int, of ranges: DepthRanges, _ picture: Picture, _ disparity: Plane, isPure: Plane
    ) {
        let (width, height) = (picture.width, picture.height)
        let owners = DepthSmoothing.mapped(width, height) { x, y in
            Float(ranges.range(of: disparity.at(x, y)))
        }
        let own = Float(range)
        colors = WeightedColors(width: width, height: height) { x, y in
            guard owners.at(x, y) == own, isPure.at(x, y) > 0 else { return .zero }
            var color = picture.color(x, y)
            color.w = 1
            return color
        }.filled()
        // Two fills in one: 1 / distance of the range, and its share of what is not nearer.
        let depths = WeightedColors(width: width, height: height) { x, y in
            guard owners.at(x, y) == own, isPure.at(x, y) > 0 else { return .zero }
            return SIMD4(disparity.at(x, y), 0, 0, 1)
        }.filled()
        let shares = WeightedColors(width: width, height: height) { x, y in
            let owner = owners.at(x, y)
            guard owner <= own else { return .zero }
            return SIMD4(owner == own ? 1 : 0, 0, 0, 1)
        }.filled()
        self.disparity = DepthSmoothing.mapped(width, height) { x, y in
            depths.pixels[y * width + x].x
        }
        share = DepthSmoothing.mapped(width, height) { x, y in
            let owner = owners.at(x, y)
            if owner <= own { return owner == own ? 1 : 0 }
            return step(0.35, 0.65, shares.pixels[y * width + x].x)
        }
    }

    /// A picture whose pixels each show one surface: at a silhouette, where colours are mixed, each
    /// takes that of the nearest pixel of its own surface, so that no rim of one thing stays on
    /// another when they part.
    static func unmixed(_ picture: Picture, _ disparity: Plane, jump: Float) -> Picture {
        let isPure = pure(disparity, radius: 1, jump: jump)
        let (columns, rows) = (disparity.width, disparity.height)
        var canvas = Canvas(width: picture.width, height: picture.height)
        canvas.paintRows(0..<picture.height) { y, row in
            for x in row.indices {
                let (gx, gy) = (x * columns / picture.width, y * rows / picture.height)
                row[x] = picture.color(x, y)
                guard isPure.at(gx, gy) == 0 else { continue }
                var nearest = Int.max
                for dy in max(-gy, -3)...min(rows - 1 - gy, 3) {
                    for dx in max(-gx, -3)...min(columns - 1 - gx, 3) {
                        let way = dx * dx + dy * dy
                        let value = disparity.at(gx + dx, gy + dy)
                        guard way < nearest, isPure.at(gx + dx, gy + dy) > 0,
                            abs(value - disparity.at(gx, gy)) < jump
                        else { continue }
                        nearest = way
                        row[x] = picture.color(
                            (2 * (gx + dx) + 1) * picture.width / (2 * columns),
                            (2 * (gy + dy) + 1) * picture.height / (2 * rows))
                    }
                }
            }
        }
        return canvas.picture
    }

    /// 1 where all pixels round a pixel are on one surface: at a silhouette colours are mixed.
    static func pure(_ disparity: Plane, radius: Int, jump: Float) -> Plane {
        func window(_ map: Plane, _ dx: Int, _ dy: Int) -> Plane {
            // Highest and lowest apart: 1 when a jump lies within the line.
            DepthSmoothing.mapped(map.width, map.height) { x, y in
                var (low, high): (Float, Float) = (.infinity, -.infinity)
                for place in -radius...radius {
                    let value = map.at(
                        max(0, min(map.width - 1, x + place * dx)),
                        max(0, min(map.height - 1, y + place * dy)))
                    (low, high) = (min(low, value), max(high, value))
                }
                return high - low > jump ? 0 : 1
            }
        }
        let (across, down) = (window(disparity, 1, 0), window(disparity, 0, 1))
        return DepthSmoothing.mapped(disparity.width, disparity.height) { x, y in
            across.at(x, y) * down.at(x, y)
        }
    }
}
