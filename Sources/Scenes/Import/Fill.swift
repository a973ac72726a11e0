import Dispatch
import FrameModel

/// Numbers of a picture's pixels.
struct Plane: Sendable {
    let width: Int
    let height: Int
    var values: [Float]

    @inline(__always)
    func at(_ x: Int, _ y: Int) -> Float { values[y * width + x] }

    /// Between pixels, linear; the edge goes on.
    func sample(_ x: Float, _ y: Float) -> Float {
        let (px, py) = (
            max(0, min(Float(width - 1), x - 0.5)), max(0, min(Float(height - 1), y - 0.5))
        )
        let (column, row) = (min(Int(px), max(0, width - 2)), min(Int(py), max(0, height - 2)))
        let (u, v) = (px - Float(column), py - Float(row))
        let (right, below) = (min(width - 1, column + 1), min(height - 1, row + 1))
        let upper = at(column, row) * (1 - u) + at(right, row) * u
        let lower = at(column, below) * (1 - u) + at(right, below) * u
        return upper * (1 - v) + lower * v
    }
}

/// Colours of a picture's pixels, times a weight that is the fourth number: 0 = not known.
struct WeightedColors: Sendable {
    var width: Int
    var height: Int
    var pixels: [SIMD4<Float>]

    init(width: Int, height: Int, pixels: [SIMD4<Float>]) {
        (self.width, self.height, self.pixels) = (width, height, pixels)
    }

    /// Colours with a weight for each place, all rows side by side.
    init(
        width: Int, height: Int, _ color: @Sendable @escaping (Int, Int) -> SIMD4<Float>
    ) {
        var canvas = Canvas(width: width, height: height)
        canvas.paintRows(0..<height) { y, row in for x in 0..<width { row[x] = color(x, y) } }
        self.init(width: width, height: height, pixels: canvas.pixels)
    }

    /// Gives every place that is not known the colours round it, nearest first: averaged down to
    /// coarser and coarser pictures, and taken from the finest one that knows (pull-push; Gortler
    /// and others, "The Lumigraph", 1996, 3.4.2).
    ///
    /// The fourth number becomes 1 everywhere, or 0 when nothing is known at all.
    func filled() -> WeightedColors {
        guard width > 1 || height > 1 else {
            let w = pixels[0].w
            return WeightedColors(
                width: 1, height: 1, pixels: [w > 0 ? pixels[0] / w : .zero])
        }
        let (fine, small) = (self, halved().filled())
        return WeightedColors(width: width, height: height) { x, y in
            let own = fine.pixels[y * fine.width + x]
            if own.w >= 1 { return own / own.w }
            return own + small.between(x, y) * (1 - own.w)
        }
    }

    /// Sums of two by two as means of what is known; known by half counts as known.
    private func halved() -> WeightedColors {
        let fine = self
        return WeightedColors(width: (width + 1) / 2, height: (height + 1) / 2) { x, y in
            let (right, below) = (
                min(fine.width - 1, 2 * x + 1), min(fine.height - 1, 2 * y + 1)
            )
            let sum =
                fine.pixels[2 * y * fine.width + 2 * x] + fine.pixels[2 * y * fine.width + right]
                + fine.pixels[below * fine.width + 2 * x] + fine.pixels[below * fine.width + right]
            return sum.w > 1 ? sum / sum.w : sum
        }
    }

    /// The colour at a pixel of the next finer picture, linear between ours.
    private func between(_ x: Int, _ y: Int) -> SIMD4<Float> {
        let (column, row) = (x / 2, y / 2)
        let (other, under) = (
            max(0, min(width - 1, x % 2 == 0 ? column - 1 : column + 1)),
            max(0, min(height - 1, y % 2 == 0 ? row - 1 : row + 1))
        )
        let upper = pixels[row * width + column] * 0.75 + pixels[row * width + other] * 0.25
        let lower = pixels[under * width + column] * 0.75 + pixels[under * width + other] * 0.25
        return upper * 0.75 + lower * 0.25
    }
}
