import FrameModel
import Glibc

/// What stands round an ordinary picture where it ends: light for the outer frustum, and colours
/// like the picture's own at its edges.
///
/// A picture is not a panorama: to its sides it goes on mirrored, above and below its edges go on,
/// and the farther from it the softer, until only its mean light is left.
struct Surround {
    private let lens: PictureLens
    /// The picture at halves of its size, finest first.
    private let levels: [Picture]

    init(_ picture: Picture, _ lens: PictureLens) {
        self.lens = lens
        let width = min(512, picture.width)
        var levels = [
            Downsample.area(
                picture, width, max(1, picture.height * width / picture.width))
        ]
        while let last = levels.last, last.width > 1, last.height > 1 {
            levels.append(Downsample.area(last, last.width / 2, last.height / 2))
        }
        self.levels = levels
    }

    /// A panorama.
    func panorama(width: Int) -> Picture {
        let side = atanf(Float(lens.width) / 2 / lens.focal)
        let top = atanf(lens.horizon / lens.focal)
        let foot = atanf((lens.horizon - Float(lens.height)) / lens.focal)
        var canvas = Canvas(width: width, height: width / 2)
        canvas.paintRows(0..<width / 2) { y, row in
            let elevation = (0.5 - (Float(y) + 0.5) / Float(width / 2)) * .pi
            let up = max(foot, min(top, elevation))
            for x in 0..<width {
                let azimuth = ((Float(x) + 0.5) / Float(width) - 0.5) * 2 * .pi
                let (inside, apart) = folded(azimuth, side)
                // Blur grows with the angle to the picture: about as large as that angle.
                let away = max(apart, abs(elevation - up))
                row[x] = color(tanf(inside), tanf(up) / cosf(inside), blur: away * 0.7)
            }
        }
        return canvas.picture
    }

    /// An angle mirrored at both sides of the picture until it lies within, and how far off it was.
    private func folded(_ angle: Float, _ side: Float) -> (inside: Float, apart: Float) {
        let apart = max(0, abs(angle) - side)
        let turns = (angle + side) / (4 * side)
        let phase = (turns - turns.rounded(.down)) * 4 * side
        return (phase < 2 * side ? phase - side : 3 * side - phase, apart)
    }

    /// The picture at a tangent from its axis, blurred over an angle.
    private func color(_ right: Float, _ up: Float, blur: Float) -> SIMD4<Float> {
        let (u, v) = (
            right * lens.focal / Float(lens.width) + 0.5,
            (lens.horizon - up * lens.focal) / Float(lens.height)
        )
        let texels = max(1, blur * lens.focal * Float(levels[0].width) / Float(lens.width))
        let level = min(log2f(texels), Float(levels.count - 1))
        let fine = min(levels.count - 1, Int(level))
        let coarse = min(levels.count - 1, fine + 1)
        let t = level - Float(fine)
        var out = sample(levels[fine], u, v) * (1 - t) + sample(levels[coarse], u, v) * t
        out.w = 1
        return out
    }

    private func sample(_ picture: Picture, _ u: Float, _ v: Float) -> SIMD4<Float> {
        let px = max(0, min(Float(picture.width - 1), u * Float(picture.width) - 0.5))
        let py = max(0, min(Float(picture.height - 1), v * Float(picture.height) - 0.5))
        let (column, row) = (Int(px), Int(py))
        let (right, below) = (min(picture.width - 1, column + 1), min(picture.height - 1, row + 1))
        let (s, t) = (px - Float(column), py - Float(row))
        let upper = picture.color(column, row) * (1 - s) + picture.color(right, row) * s
        let lower = picture.color(column, below) * (1 - s) + picture.color(right, below) * s
        return upper * (1 - t) + lower * t
    }
}
