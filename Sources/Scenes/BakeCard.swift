import FrameModel
import Geometry

/// Card picture → mip levels with a border that repeats the edge.
enum CardBake {
    /// One mip level and its mask.
    struct Level {
        var texels: BakeLayout.Level
        var mask: MaskBake
    }

    static func layout(
        width: Int, height: Int, from bytes: inout Int
    ) -> [Level] {
        var levels: [Level] = []
        while true {
            let across = BakeLayout.side(width, level: levels.count)
            let down = BakeLayout.side(height, level: levels.count)
            let texels = BakeLayout.level(across, down, faces: 1, from: &bytes)
            levels.append(Level(texels: texels, mask: MaskBake(of: texels, from: &bytes)))
            if across * down == 1 || levels.count == SceneLimits.mipLevels { return levels }
        }
    }

    static func bake(
        _ card: Card, levels: [Level], in block: UnsafeMutableRawPointer
    ) -> PreparedCard {
        var prepared = PreparedCard()
        let chain = MipChain(levels.map { ($0.texels.width, $0.texels.height) })
        card.picture.pixels.withUnsafeBufferPointer {
            bake($0, chain, levels: levels, isOpaque: false, in: block)
        }
        for (index, level) in levels.enumerated() {
            prepared.levels[index] = level.texels.prepared(in: block)
            prepared.masks[index] = level.mask.prepared(in: block)
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

    /// A picture's colours as texels and masks of all levels.
    /// - Parameter isOpaque: none of it can be seen through; known, not looked for.
    static func bake(
        _ colors: UnsafeBufferPointer<Float>, _ chain: MipChain, levels: [Level], isOpaque: Bool,
        in block: UnsafeMutableRawPointer
    ) {
        let border = BakeLayout.border
        chain.make(of: colors) { index, colors in
            let level = levels[index].texels
            let texels = level.texels(in: block)
            for row in -border..<(level.height + border) {
                let from = max(0, min(level.height - 1, row))
                let line = texels + ((row + border) * level.stride + border)
                BakeLayout.texels(
                    of: colors + from * level.width * 4, count: level.width, into: line)
                for place in 0..<border {
                    line[-1 - place] = line[0]
                    line[level.width + place] = line[level.width - 1]
                }
            }
            levels[index].mask.bake(level, isOpaque: isOpaque, in: block)
        }
    }
}

extension Picture {
    /// One pixel.
    func color(_ column: Int, _ row: Int) -> SIMD4<Float> {
        let at = (row * width + column) * 4
        return SIMD4(pixels[at], pixels[at + 1], pixels[at + 2], pixels[at + 3])
    }
}
