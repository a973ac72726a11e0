import FrameModel
import Geometry

/// Card picture → mip levels with a border that repeats the edge.
enum CardBake {
    /// One mip level and its mask.
    struct Level {
        var texels: BakeLayout.Level
        var mask: MaskBake
    }

    static func layout(of picture: Picture, from bytes: inout Int) -> [Level] {
        var levels: [Level] = []
        while true {
            let width = BakeLayout.side(picture.width, level: levels.count)
            let height = BakeLayout.side(picture.height, level: levels.count)
            let texels = BakeLayout.level(width, height, faces: 1, from: &bytes)
            levels.append(Level(texels: texels, mask: MaskBake(of: texels, from: &bytes)))
            if width * height == 1 || levels.count == SceneLimits.mipLevels { return levels }
        }
    }

    static func bake(
        _ card: Card, levels: [Level], in block: UnsafeMutableRawPointer
    ) -> PreparedCard {
        var prepared = PreparedCard()
        var halves = Halving(card.picture)
        let border = BakeLayout.border
        for (index, (level, mask)) in levels.map({ ($0.texels, $0.mask) }).enumerated() {
            let picture = halves.next(level.width, level.height)
            let texels = level.texels(in: block)
            picture.pixels.withUnsafeBufferPointer { colors in
                for row in -border..<(level.height + border) {
                    let from = max(0, min(level.height - 1, row))
                    let line = texels + ((row + border) * level.stride + border)
                    BakeLayout.texels(
                        of: colors.baseAddress! + from * level.width * 4, count: level.width,
                        into: line)
                    for place in 0..<border {
                        line[-1 - place] = line[0]
                        line[level.width + place] = line[level.width - 1]
                    }
                }
            }
            prepared.levels[index] = level.prepared(in: block)
            prepared.masks[index] = mask.bake(level, in: block)
        }
        prepared.levelCount = levels.count
        prepared.cardFromScene = card.sceneFromCard.inverse
        prepared.center = card.sceneFromCard.translation
        prepared.width = card.width
        prepared.height = card.height
        prepared.defocus = card.defocus
        prepared.motion = card.motion
        return prepared
    }
}

extension Picture {
    /// One pixel.
    func color(_ column: Int, _ row: Int) -> SIMD4<Float> {
        let at = (row * width + column) * 4
        return SIMD4(pixels[at], pixels[at + 1], pixels[at + 2], pixels[at + 3])
    }
}

/// Mip levels of a picture one after the other: each is the level two before it at half its size,
/// the second is made from the first.
struct Halving {
    private var (before, last): (Picture?, Picture?)
    private let finest: Picture

    init(_ finest: Picture) { self.finest = finest }

    /// The next level, of a size that is 1/√2 of the last.
    mutating func next(_ width: Int, _ height: Int) -> Picture {
        let next =
            last == nil ? finest : Downsample.area(before ?? finest, width, height)
        (before, last) = (last, next)
        return next
    }
}

/// Making pictures smaller.
enum Downsample {
    /// Each new pixel is the mean of the area it covers (box filter, any ratio ≥ 1).
    static func area(_ picture: Picture, _ width: Int, _ height: Int) -> Picture {
        let columns = spans(picture.width, width)
        let rows = spans(picture.height, height)
        var pixels = [Float](repeating: 0, count: width * height * 4)
        for row in 0..<height {
            for column in 0..<width {
                var sum = SIMD4<Float>()
                for (y, weightY) in rows[row] {
                    for (x, weightX) in columns[column] {
                        sum += picture.color(x, y) * (weightX * weightY)
                    }
                }
                let at = (row * width + column) * 4
                for channel in 0..<4 { pixels[at + channel] = sum[channel] }
            }
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// Which old places each new place covers, and how much of it each makes up.
    static func spans(_ old: Int, _ new: Int) -> [[(Int, Float)]] {
        (0..<new).map { place in
            let low = Double(place) * Double(old) / Double(new)
            let high = Double(place + 1) * Double(old) / Double(new)
            let last = min(old - 1, Int(high.rounded(.up)) - 1)
            return (Int(low)...last).map { index in
                let part = min(high, Double(index + 1)) - max(low, Double(index))
                return (index, Float(part / (high - low)))
            }
        }
    }
}
