import FrameModel

/// What is done to a depth map before it is cut: steps of 8 bits are smoothed, soft jumps become
/// sharp, and it is brought to the picture's size along the picture's own edges.
enum DepthSmoothing {
    /// Smooths a map of at most 256 different numbers within two of its steps; true jumps stay.
    static func dequantize(_ map: inout Plane) {
        var seen = Set<Float>()
        for value in map.values {
            seen.insert(value)
            if seen.count > 256 { return }
        }
        let step = 2.01 / 255 as Float
        for _ in 0..<3 {
            map = means(map, along: (1, 0), within: step)
            map = means(map, along: (0, 1), within: step)
        }
    }

    /// Means of nine pixels in a line, without those that differ by more than a jump.
    private static func means(_ map: Plane, along way: (x: Int, y: Int), within: Float) -> Plane {
        mapped(map.width, map.height) { x, y in
            let own = map.at(x, y)
            var (sum, count): (Float, Float) = (0, 0)
            for place in -4...4 {
                let (px, py) = (x + place * way.x, y + place * way.y)
                guard px >= 0, py >= 0, px < map.width, py < map.height else { continue }
                let value = map.at(px, py)
                guard abs(value - own) <= within else { continue }
                (sum, count) = (sum + value, count + 1)
            }
            return sum / count
        }
    }

    /// Where a map goes from one surface to another within six pixels, each pixel is put on the one
    /// it is nearer to: models and scaling leave ramps there that belong to neither.
    /// - Parameter jump: least difference of two surfaces, 1 / meters.
    static func sharpened(_ map: Plane, jump: Float) -> Plane {
        mapped(map.width, map.height) { x, y in
            let across = ramp(map, x, y, 1, 0)
            let down = ramp(map, x, y, 0, 1)
            guard let ramp = [across, down].compactMap({ $0 }).max(by: { $0.excess < $1.excess }),
                ramp.excess > jump
            else { return map.at(x, y) }
            let own = map.at(x, y)
            return abs(own - ramp.before) < abs(own - ramp.after) ? ramp.before : ramp.after
        }
    }

    /// Both surfaces three pixels to either side, carried on to here, and how far they are apart
    /// beyond what their slopes explain.
    private static func ramp(
        _ map: Plane, _ x: Int, _ y: Int, _ dx: Int, _ dy: Int
    ) -> (before: Float, after: Float, excess: Float)? {
        func at(_ step: Int) -> Float {
            map.at(
                max(0, min(map.width - 1, x + step * dx)),
                max(0, min(map.height - 1, y + step * dy)))
        }
        let (near, far) = (at(-3), at(3))
        let slopes = (near - at(-4), at(4) - far)
        let total = abs(far - near)
        let excess = total - 6 * max(abs(slopes.0), abs(slopes.1))
        guard excess > 0 else { return nil }
        return (near + 3 * slopes.0, far - 3 * slopes.1, excess)
    }

    /// A map at another size: linear within a surface; at a jump each pixel takes the depth of that
    /// neighbour of four whose place in the picture has the most like colour.
    static func fitted(
        _ map: Plane, to picture: Picture, width: Int, height: Int, jump: Float
    ) -> Plane {
        let (scaleX, scaleY) = (
            Float(map.width) / Float(width), Float(map.height) / Float(height)
        )
        let small = Downsample.area(
            picture, min(picture.width, map.width), min(picture.height, map.height))
        let large = Downsample.area(
            picture, min(picture.width, width), min(picture.height, height))
        return mapped(width, height) { x, y in
            let (px, py) = (
                (Float(x) + 0.5) * scaleX - 0.5, (Float(y) + 0.5) * scaleY - 0.5
            )
            let (column, row) = (Int(px.rounded(.down)), Int(py.rounded(.down)))
            let (u, v) = (px - Float(column), py - Float(row))
            var (least, most): (Float, Float) = (.infinity, -.infinity)
            var (sum, best, score): (Float, Float, Float) = (0, 0, -1)
            let own = color(large, x, y, width, height)
            for corner in 0..<4 {
                let (right, below) = (corner & 1, corner >> 1)
                let (cx, cy) = (
                    max(0, min(map.width - 1, column + right)),
                    max(0, min(map.height - 1, row + below))
                )
                let value = map.at(cx, cy)
                let weight = (right == 1 ? u : 1 - u) * (below == 1 ? v : 1 - v)
                (least, most) = (min(least, value), max(most, value))
                sum += weight * value
                let apart = color(small, cx, cy, map.width, map.height) - own
                let likeness = (weight + 0.05) / (0.02 + (apart * apart).sum())
                if likeness > score { (best, score) = (value, likeness) }
            }
            return most - least > jump ? best : sum
        }
    }

    /// A picture's colour at a pixel of a grid, as a display would show it: square roots of light.
    private static func color(
        _ picture: Picture, _ x: Int, _ y: Int, _ width: Int, _ height: Int
    ) -> SIMD4<Float> {
        let c = picture.color(x * picture.width / width, y * picture.height / height)
        return c.replacing(with: 0, where: c .< 0).squareRoot()
    }

    /// A plane computed row by row on all cores.
    static func mapped(
        _ width: Int, _ height: Int, _ value: @Sendable (Int, Int) -> Float
    ) -> Plane {
        var canvas = Canvas(width: (width + 3) / 4, height: height)
        canvas.paintRows(0..<height) { y, row in
            for x in 0..<width { row[x / 4][x % 4] = value(x, y) }
        }
        var values: [Float] = []
        values.reserveCapacity(width * height)
        for y in 0..<height {
            for x in 0..<width { values.append(canvas[x / 4, y][x % 4]) }
        }
        return Plane(width: width, height: height, values: values)
    }
}
