import FrameModel
import Geometry

/// A picture and its depth as flat cards, each complete behind the nearer ones.
struct Plates {
    private let picture: Picture
    private let disparity: Plane
    private let lens: PictureLens
    private let ranges: DepthRanges
    private let isPure: Plane
    /// The picture and its depth as hidden places are filled from: half a minute is not spent on
    /// what is soft anyway.
    private let small: (picture: Picture, disparity: Plane, isPure: Plane)

    /// Pixels across of what hidden places are filled from.
    private static let fillWidth = 1920

    init(
        _ picture: Picture, _ disparity: Plane, _ lens: PictureLens, layers: Int, jump: Float
    ) {
        self.picture = picture
        self.disparity = disparity
        self.lens = lens
        ranges = DepthRanges(disparity, count: layers)
        isPure = HiddenLayer.pure(disparity, radius: 2, jump: jump)
        let width = min(picture.width, Plates.fillWidth)
        let height = max(1, picture.height * width / picture.width)
        let depth = DepthSmoothing.mapped(width, height) { x, y in
            disparity.at(x * disparity.width / width, y * disparity.height / height)
        }
        small = (
            Downsample.area(picture, width, height), depth,
            HiddenLayer.pure(depth, radius: 2, jump: jump)
        )
    }

    var count: Int { ranges.count }

    /// One card, 0 = the farthest, which has no hole.
    func card(_ index: Int) -> Card? {
        let layer = HiddenLayer(
            range: index, of: ranges, small.picture, small.disparity, isPure: small.isPure)
        let coverage = softened(
            DepthSmoothing.mapped(picture.width, picture.height) { x, y in
                let owner = ranges.range(of: disparity.at(x, y))
                guard owner > index else { return owner == index ? 1 : 0 }
                let (sx, sy) = inSmall(x, y)
                return index == 0 ? 1 : layer.share.sample(sx, sy)
            })
        guard let box = PixelBox(of: coverage) else { return nil }
        let image = picture(of: index, layer, coverage, box)
        let distance = 1 / ranges.means[index]
        let scale = Double(distance / lens.focal)
        let center = lens.point(
            Float(box.left + box.right) / 2, Float(box.top + box.bottom) / 2,
            ranges.means[index])
        return Card(
            name: "plate at \((Double(distance) * 10).rounded() / 10) m",
            sceneFromCard: Pose(
                pan: 0, tilt: 0, roll: 0,
                translation: Vector3(Double(center.x), Double(center.y), Double(center.z))),
            width: Double(image.width) * scale, height: Double(image.height) * scale,
            picture: image)
    }

    private func inSmall(_ x: Int, _ y: Int) -> (Float, Float) {
        (
            (Float(x) + 0.5) * Float(small.picture.width) / Float(picture.width),
            (Float(y) + 0.5) * Float(small.picture.height) / Float(picture.height)
        )
    }

    /// The picture's own pixels where they belong to the range, what was filled in elsewhere.
    private func picture(
        of index: Int, _ layer: HiddenLayer, _ coverage: Plane, _ box: PixelBox
    ) -> Picture {
        let filled = layer.colors
        var canvas = Canvas(width: box.right - box.left, height: box.bottom - box.top)
        canvas.paintRows(0..<canvas.height) { y, row in
            for x in row.indices {
                let (px, py) = (x + box.left, y + box.top)
                let alpha = coverage.at(px, py)
                let isOwn =
                    ranges.range(of: disparity.at(px, py)) == index && isPure.at(px, py) > 0
                var color = isOwn ? picture.color(px, py) : filled.sample(inSmall(px, py))
                color.w = 1
                row[x] = color * alpha
            }
        }
        return canvas.picture
    }

    /// Edges over about three pixels.
    private func softened(_ coverage: Plane) -> Plane {
        let weights: [Float] = [0.1, 0.2, 0.4, 0.2, 0.1]
        func blurred(_ plane: Plane, _ dx: Int, _ dy: Int) -> Plane {
            DepthSmoothing.mapped(plane.width, plane.height) { x, y in
                var sum: Float = 0
                for place in 0..<5 {
                    sum +=
                        weights[place]
                        * plane.at(
                            max(0, min(plane.width - 1, x + (place - 2) * dx)),
                            max(0, min(plane.height - 1, y + (place - 2) * dy)))
                }
                return sum > 0.999 ? 1 : sum < 0.001 ? 0 : sum
            }
        }
        return blurred(blurred(coverage, 1, 0), 0, 1)
    }
}

/// The smallest rectangle round all that is not 0; right and bottom are beyond it.
struct PixelBox {
    var left = Int.max
    var top = Int.max
    var right = 0
    var bottom = 0

    /// Nil when there is nothing.
    init?(of plane: Plane) {
        for y in 0..<plane.height {
            for x in 0..<plane.width where plane.at(x, y) > 0 {
                (left, right) = (min(left, x), max(right, x + 1))
                (top, bottom) = (min(top, y), max(bottom, y + 1))
            }
        }
        if right == 0 { return nil }
    }
}

extension WeightedColors {
    /// Between pixels, linear; the edge goes on.
    func sample(_ place: (x: Float, y: Float)) -> SIMD4<Float> {
        let px = max(0, min(Float(width - 1), place.x - 0.5))
        let py = max(0, min(Float(height - 1), place.y - 0.5))
        let (column, row) = (Int(px), Int(py))
        let (right, below) = (min(width - 1, column + 1), min(height - 1, row + 1))
        let (s, t) = (px - Float(column), py - Float(row))
        let upper = pixels[row * width + column] * (1 - s) + pixels[row * width + right] * s
        let lower = pixels[below * width + column] * (1 - s) + pixels[below * width + right] * s
        return upper * (1 - t) + lower * t
    }
}
