import FrameModel

/// What is done to materials' pictures before they are textures.
enum MeshPixels {
    /// A material's base colour times its picture: premultiplied, or for opaque ones without alpha.
    static func colored(_ picture: Picture?, _ material: MeshMaterial) -> Picture {
        var picture = picture ?? Picture(width: 1, height: 1, pixels: [1, 1, 1, 1])
        let factor = material.base
        let isOpaque = material.alpha == .opaque
        for at in stride(from: 0, to: picture.pixels.count, by: 4) {
            let alpha = picture.pixels[at + 3]
            // Opaque: the picture's own colour, as if it had never had alpha.
            let gain = isOpaque ? (alpha > 0 ? 1 / alpha : 1) : factor.w
            for channel in 0..<3 { picture.pixels[at + channel] *= factor[channel] * gain }
            picture.pixels[at + 3] = isOpaque ? 1 : alpha * factor.w
        }
        return picture
    }

    /// A material's emission times its picture.
    static func emission(_ picture: Picture?, _ material: MeshMaterial) -> Picture {
        var picture = picture ?? Picture(width: 1, height: 1, pixels: [1, 1, 1, 1])
        for at in stride(from: 0, to: picture.pixels.count, by: 4) {
            let alpha = picture.pixels[at + 3]
            for channel in 0..<3 {
                picture.pixels[at + channel] *=
                    material.emission[channel] * (alpha > 0 ? 1 / alpha : 1)
            }
            picture.pixels[at + 3] = 1
        }
        return picture
    }

    /// Light of both; opacity of the first.
    static func sum(_ first: Picture, _ second: Picture) -> Picture {
        let (width, height) = (max(first.width, second.width), max(first.height, second.height))
        var out = stretched(first, width, height)
        let more = stretched(second, width, height)
        for at in stride(from: 0, to: out.pixels.count, by: 4) {
            for channel in 0..<3 { out.pixels[at + channel] += more.pixels[at + channel] }
        }
        return out
    }

    /// A picture with sides that are powers of two, no smaller than before unless over the limit.
    static func powerOfTwo(_ picture: Picture) -> Picture {
        func side(_ count: Int) -> Int {
            var side = 1
            while side < count && side < SceneLimits.meshTextureSide { side *= 2 }
            return side
        }
        return stretched(picture, side(picture.width), side(picture.height))
    }

    /// A picture at another size: means of areas where it shrinks, linear where it grows.
    private static func stretched(_ picture: Picture, _ width: Int, _ height: Int) -> Picture {
        if picture.width == width && picture.height == height { return picture }
        let small = Downsample.area(
            picture, min(width, picture.width), min(height, picture.height))
        if small.width == width && small.height == height { return small }
        var out = Picture(
            width: width, height: height, pixels: [Float](repeating: 0, count: width * height * 4))
        for row in 0..<height {
            let (top, low, v) = neighbors(row, height, small.height)
            for column in 0..<width {
                let (left, right, u) = neighbors(column, width, small.width)
                let upper =
                    small.color(left, top) * (1 - u) + small.color(right, top) * u
                let lower =
                    small.color(left, low) * (1 - u) + small.color(right, low) * u
                let color = upper * (1 - v) + lower * v
                let at = (row * width + column) * 4
                for channel in 0..<4 { out.pixels[at + channel] = color[channel] }
            }
        }
        return out
    }

    private static func neighbors(_ place: Int, _ new: Int, _ old: Int) -> (Int, Int, Float) {
        let at = (Float(place) + 0.5) * Float(old) / Float(new) - 0.5
        let first = Int(at.rounded(.down))
        return (max(0, first), min(old - 1, first + 1), at - Float(first))
    }

    /// Half the size: means of two by two.
    static func halved(_ picture: Picture) -> Picture {
        let (width, height) = (max(1, picture.width / 2), max(1, picture.height / 2))
        let right = picture.width > 1 ? 1 : 0
        let below = picture.height > 1 ? 1 : 0
        var out = Picture(
            width: width, height: height, pixels: [Float](repeating: 0, count: width * height * 4))
        for row in 0..<height {
            for column in 0..<width {
                let (x, y) = (column * (1 + right), row * (1 + below))
                let sum =
                    picture.color(x, y) + picture.color(x + right, y)
                    + picture.color(x, y + below) + picture.color(x + right, y + below)
                let at = (row * width + column) * 4
                for channel in 0..<4 { out.pixels[at + channel] = sum[channel] * 0.25 }
            }
        }
        return out
    }

    /// Premultiplied levels with colour taken out of alpha; where there is none, that of the
    /// coarser level, so that no dark fringe is sampled beyond a mask's edge.
    static func straightened(_ levels: [Picture]) -> [Picture] {
        var out = levels
        for index in levels.indices.reversed() {
            let (width, height) = (levels[index].width, levels[index].height)
            for row in 0..<height {
                for column in 0..<width {
                    let at = (row * width + column) * 4
                    let alpha = levels[index].pixels[at + 3]
                    var color = levels[index].color(column, row) / max(alpha, 1e-6)
                    if alpha < 1 / 512, index + 1 < out.count {
                        let coarser = out[index + 1]
                        color = coarser.color(
                            min(coarser.width - 1, column / 2), min(coarser.height - 1, row / 2))
                    }
                    for channel in 0..<3 { out[index].pixels[at + channel] = color[channel] }
                    out[index].pixels[at + 3] = 1
                }
            }
        }
        return out
    }

    /// Alphas of a picture as it is sampled, between its texels too: how many there are of each of
    /// 1024 heights.
    private static func heights(_ picture: Picture) -> [Int] {
        var counts = [Int](repeating: 0, count: 1025)
        let (width, height) = (picture.width, picture.height)
        func alpha(_ x: Int, _ y: Int) -> Float {
            picture.pixels[4 * (min(height - 1, y) * width + min(width - 1, x)) + 3]
        }
        for y in 0..<height {
            for x in 0..<width {
                let (a, b) = (alpha(x, y), alpha(x + 1, y))
                let (c, d) = (alpha(x, y + 1), alpha(x + 1, y + 1))
                for value in [a, (a + b) / 2, (a + c) / 2, (a + b + c + d) / 4] {
                    counts[Int(max(0, min(1, value)) * 1024)] += 1
                }
            }
        }
        return counts
    }

    /// Which part of a picture is opaque enough to be seen.
    static func share(of picture: Picture, above cutoff: Float) -> Float {
        let counts = heights(picture)
        let seen = counts[Int((cutoff * 1024).rounded(.up))...].reduce(0, +)
        return Float(seen) / Float(counts.reduce(0, +))
    }

    /// Alpha as bytes.
    ///
    /// Where a share is given, scaled so that the same part of the picture is seen as in the finest
    /// level: else leaves would vanish with distance (Castaño, "Computing alpha mipmaps", 2010).
    static func coverage(_ picture: Picture, cutoff: Float, share: Float?) -> [UInt8] {
        var gain: Float = 1
        if let share, share > 0, share < 1 {
            let counts = heights(picture)
            let wanted = Int(share * Float(counts.reduce(0, +)))
            var (height, seen) = (1024, counts[1024])
            while height > 0 && seen < wanted {
                height -= 1
                seen += counts[height]
            }
            // Hardly anything is left of what was there: then nothing is made of it.
            if height > 10 { gain = cutoff * 1024 / Float(height) }
        }
        return (0..<(picture.width * picture.height)).map {
            UInt8(max(0, min(255, (picture.pixels[4 * $0 + 3] * gain * 255).rounded())))
        }
    }
}
