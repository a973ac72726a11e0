import Dispatch
import FrameModel
import Geometry
import Glibc
import Lanes

/// Lat-long panorama → cube faces with mip levels.
enum DomeBake {
    private static let border = BakeLayout.border

    /// Texels of a face's side: 3/8 of the panorama's width puts 18 % more texels a radian in the
    /// middle of a face than the panorama has at its equator (width / 2π), so that resampling
    /// costs no detail; at most 3072 (604 MB), which is 1536 texels a radian.
    static func side(width: Int) -> Int {
        let wanted = width * 3 / 8
        return max(64, min(3072, (wanted + 63) / 64 * 64))
    }

    static func layout(width: Int, from bytes: inout Int) -> [BakeLayout.Level] {
        let finest = side(width: width)
        var levels: [BakeLayout.Level] = []
        while true {
            let side = BakeLayout.side(finest, level: levels.count)
            levels.append(BakeLayout.level(side, side, faces: 6, from: &bytes))
            if side <= 8 || levels.count == SceneLimits.mipLevels { return levels }
        }
    }

    static func bake(
        _ dome: Dome, levels: [BakeLayout.Level], in block: UnsafeMutableRawPointer
    ) -> PreparedDome {
        bake(dome.picture, levels: levels, in: block)
        var prepared = PreparedDome()
        prepared.levelCount = levels.count
        prepared.radius = dome.radius
        prepared.center = dome.center
        prepared.defocus = dome.defocus
        prepared.motion = dome.motion
        for (index, level) in levels.enumerated() {
            prepared.levels[index] = level.prepared(in: block)
        }
        return prepared
    }

    /// A panorama as texels of all levels and faces.
    static func bake(
        _ panorama: Picture, levels: [BakeLayout.Level], in block: UnsafeMutableRawPointer
    ) {
        var picture = panorama
        // A panorama much finer than the faces is halved first, so that none of it is skipped.
        while picture.width > 3 * levels[0].width * 2 {
            picture = Downsample.area(
                picture, max(1, picture.width / 2), max(1, picture.height / 2))
        }
        let target = Target(block: block)
        let source = picture
        DispatchQueue.concurrentPerform(iterations: 6) { face in
            bake(face, of: source, levels: levels, in: target.block)
        }
        for level in levels { fillBorder(level, in: block) }
    }

    /// The block faces are baked into side by side; it holds because each has texels of its own.
    private struct Target: @unchecked Sendable {
        let block: UnsafeMutableRawPointer
    }

    /// One face at every level, without its border.
    private static func bake(
        _ face: Int, of picture: Picture, levels: [BakeLayout.Level],
        in block: UnsafeMutableRawPointer
    ) {
        let chain = MipChain(levels.map { ($0.width, $0.height) })
        sample(picture, face: face, side: levels[0].width).pixels.withUnsafeBufferPointer {
            chain.make(of: $0) { index, colors in
                let level = levels[index]
                let target = level.texels(in: block) + (face * level.faceTexels)
                for row in 0..<level.height {
                    BakeLayout.texels(
                        of: colors + row * level.width * 4, count: level.width,
                        into: target + ((row + border) * level.stride + border))
                }
            }
        }
    }

    /// A direction on a face: `across` and `down` in −1 … 1 run along the two other axes.
    static func direction(face: Int, _ across: Float, _ down: Float) -> SIMD3<Float> {
        let main: Float = face % 2 == 0 ? 1 : -1
        switch face / 2 {
        case 0: return SIMD3(main, across, down)
        case 1: return SIMD3(across, main, down)
        default: return SIMD3(across, down, main)
        }
    }

    /// One face of the panorama, by Catmull-Rom weights: a face has more texels than the panorama,
    /// and bilinear ones would take a tenth from its finest detail.
    static func sample(_ picture: Picture, face: Int, side: Int) -> Picture {
        var out = Picture(
            width: side, height: side, pixels: [Float](repeating: 0, count: side * side * 4))
        let (width, height) = (picture.width, picture.height)
        func place(_ index: Int) -> Float { (Float(index) + 0.5) * 2 / Float(side) - 1 }
        // Round the horizon a column of a face has one azimuth.
        let isUpright = face < 4
        let azimuths = (0..<side).map { column in
            let d = direction(face: face, place(column), 0)
            return atan2f(d.x, d.y)
        }
        picture.pixels.withUnsafeBufferPointer { source in
            out.pixels.withUnsafeMutableBufferPointer { target in
                for row in 0..<side {
                    for column in 0..<side {
                        let d = direction(face: face, place(column), place(row))
                        let azimuth = isUpright ? azimuths[column] : atan2f(d.x, d.y)
                        let elevation = atan2f(d.z, (d.x * d.x + d.y * d.y).squareRoot())
                        let u = (0.5 + azimuth / (2 * .pi)) * Float(width) - 0.5
                        let v = (0.5 - elevation / .pi) * Float(height) - 0.5
                        let color = latLong(source, width, height, u, v)
                        let at = (row * side + column) * 4
                        for channel in 0..<4 { target[at + channel] = color[channel] }
                    }
                }
            }
        }
        return out
    }

    /// Mean of four by four texels at a place; u wraps, v is clamped.
    ///
    /// It overshoots the nearest four by a quarter at most, as kernels' cubic samples do.
    static func latLong(
        _ source: UnsafeBufferPointer<Float>, _ width: Int, _ height: Int, _ u: Float, _ v: Float
    ) -> SIMD4<Float> {
        let (column, row) = (Int(Noise.floor(u)), Int(Noise.floor(v)))
        let (across, down) = (catmullRom(u - Float(column)), catmullRom(v - Float(row)))
        let columns = SIMD4<Int>(column - 1, column, column + 1, column + 2)
        var places = SIMD4<Int>()
        for tap in 0..<4 {
            let place = columns[tap]
            places[tap] = place < 0 ? place + width : place < width ? place : place - width
        }
        var sum = SIMD4<Float>()
        var low = SIMD4<Float>(repeating: .infinity)
        var high = -low
        for tap in 0..<4 {
            let line = max(0, min(height - 1, row - 1 + tap)) * width
            let a = texel(source, line + places[0])
            let b = texel(source, line + places[1])
            let c = texel(source, line + places[2])
            let d = texel(source, line + places[3])
            var row = a * across[0]
            row += b * across[1]
            row += c * across[2]
            row += d * across[3]
            sum += row * down[tap]
            if tap == 1 || tap == 2 {
                low = least(low, least(b, c))
                high = greatest(high, greatest(b, c))
            }
        }
        let over: Float = 0.25
        return least(
            greatest(sum, low - over * greatest(low, -low)), high + over * greatest(high, -high))
    }

    private static func texel(_ source: UnsafeBufferPointer<Float>, _ index: Int) -> SIMD4<Float> {
        UnsafeRawPointer(source.baseAddress! + 4 * index).loadUnaligned(as: SIMD4<Float>.self)
    }

    /// Weights of four neighbors at a place beyond the second (Keys 1981, a = −1/2).
    private static func catmullRom(_ f: Float) -> SIMD4<Float> {
        let g = 1 - f
        let (first, last) = (-0.5 * f * g * g, -0.5 * g * f * f)
        let third = f * (0.5 + f * (2 - 1.5 * f))
        return SIMD4(first, 1 - first - third - last, third, last)
    }

    private static func least(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> {
        a.replacing(with: b, where: b .< a)
    }

    private static func greatest(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> {
        a.replacing(with: b, where: b .> a)
    }

    /// Fills the border of every face from the faces beside it, at the same level.
    static func fillBorder(_ level: BakeLayout.Level, in block: UnsafeMutableRawPointer) {
        let side = level.width
        let texels = level.texels(in: block)
        for face in 0..<6 {
            for row in -border..<(side + border) {
                let isInside = row >= 0 && row < side
                for column in -border..<(side + border)
                where !isInside || column < 0 || column >= side {
                    let d = direction(
                        face: face, (Float(column) + 0.5) * 2 / Float(side) - 1,
                        (Float(row) + 0.5) * 2 / Float(side) - 1)
                    texels[
                        face * level.faceTexels + (row + border) * level.stride + column + border] =
                        BakeLayout.texel(interior(texels, level, d))
                }
            }
        }
    }

    /// Bilinear mean of the inner texels of the face a direction lies on.
    private static func interior(
        _ texels: UnsafeMutablePointer<UInt64>, _ level: BakeLayout.Level, _ d: SIMD3<Float>
    ) -> SIMD4<Float> {
        let (ax, ay, az) = (abs(d.x), abs(d.y), abs(d.z))
        let axis = ax >= ay && ax >= az ? 0 : az > ay ? 2 : 1
        let side = Float(level.width)
        let across = (axis == 0 ? d.y : d.x) / abs(d[axis])
        let down = (axis == 2 ? d.y : d.z) / abs(d[axis])
        let face = 2 * axis + (d[axis] < 0 ? 1 : 0)
        let u = max(0, min(side - 1, (across + 1) * side / 2 - 0.5))
        let v = max(0, min(side - 1, (down + 1) * side / 2 - 0.5))
        let (column, row) = (u.rounded(.down), v.rounded(.down))
        let start = texels + (face * level.faceTexels)
        func at(_ column: Int, _ row: Int) -> SIMD4<Float> {
            let place = min(row, level.height - 1) + border
            let bits = start[place * level.stride + min(column, level.width - 1) + border]
            var color = SIMD4<Float>()
            for channel in 0..<4 {
                color[channel] = Float(
                    Float16(bitPattern: UInt16(truncatingIfNeeded: bits >> (16 * channel))))
            }
            return color
        }
        let (i, j, fu, fv) = (Int(column), Int(row), u - column, v - row)
        let above = at(i, j) * (1 - fu) + at(i + 1, j) * fu
        let below = at(i, j + 1) * (1 - fu) + at(i + 1, j + 1) * fu
        return above * (1 - fv) + below * fv
    }
}
