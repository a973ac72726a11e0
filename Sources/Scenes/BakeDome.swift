import Dispatch
import FrameModel
import Geometry
import Glibc
import Lanes

/// Lat-long panorama → cube faces with mip levels.
enum DomeBake {
    /// Texels of a face's side: 3/8 of the panorama's width puts 18 % more texels a radian in the
    /// middle of a face than the panorama has at its equator (width / 2π), so that resampling
    /// costs no detail; at most 3072 (604 MB), which is 1536 texels a radian.
    static func side(of picture: Picture) -> Int {
        let wanted = picture.width * 3 / 8
        return max(64, min(3072, (wanted + 63) / 64 * 64))
    }

    static func layout(of picture: Picture, from bytes: inout Int) -> [BakeLayout.Level] {
        var levels: [BakeLayout.Level] = []
        var side = side(of: picture)
        while true {
            levels.append(BakeLayout.level(side, side, faces: 6, from: &bytes))
            if side <= 8 || side % 2 == 1 { return levels }
            side /= 2
        }
    }

    static func bake(
        _ dome: Dome, levels: [BakeLayout.Level], in block: UnsafeMutableRawPointer
    ) -> PreparedDome {
        var picture = dome.picture
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
        var prepared = PreparedDome()
        prepared.levelCount = levels.count
        prepared.radius = dome.radius
        prepared.center = dome.center
        for (index, level) in levels.enumerated() {
            prepared.levels[index] = level.prepared(in: block)
            border(level, in: block)
        }
        return prepared
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
        var colors = sample(picture, face: face, side: levels[0].width)
        for (index, level) in levels.enumerated() {
            if index > 0 { colors = Downsample.area(colors, level.width, level.height) }
            let target = level.texels(in: block) + (face * level.faceTexels)
            colors.pixels.withUnsafeBufferPointer { colors in
                for row in 0..<level.height {
                    BakeLayout.texels(
                        of: colors.baseAddress! + row * level.width * 4, count: level.width,
                        into: target + ((row + 1) * level.stride + 1))
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

    /// One face of the panorama, bilinear.
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

    /// Bilinear mean at a texel place; u wraps, v is clamped.
    static func latLong(
        _ source: UnsafeBufferPointer<Float>, _ width: Int, _ height: Int, _ u: Float, _ v: Float
    ) -> SIMD4<Float> {
        let (column, row) = (Int(Noise.floor(u)), Int(Noise.floor(v)))
        let (fu, fv) = (u - Float(column), v - Float(row))
        let left = column < 0 ? column + width : min(column, width - 1)
        let right = left + 1 < width ? left + 1 : 0
        let top = max(0, min(height - 1, row)) * width
        let low = max(0, min(height - 1, row + 1)) * width
        func at(_ index: Int) -> SIMD4<Float> {
            SIMD4(
                source[index * 4], source[index * 4 + 1], source[index * 4 + 2],
                source[index * 4 + 3])
        }
        let above = at(top + left) * (1 - fu) + at(top + right) * fu
        let below = at(low + left) * (1 - fu) + at(low + right) * fu
        return above * (1 - fv) + below * fv
    }

    /// Fills the border of every face from the faces beside it, at the same level.
    static func border(_ level: BakeLayout.Level, in block: UnsafeMutableRawPointer) {
        let side = level.width
        let texels = level.texels(in: block)
        for face in 0..<6 {
            for row in -1...side {
                let isInside = row >= 0 && row < side
                for column in Swift.stride(from: -1, through: side, by: isInside ? side + 1 : 1) {
                    let d = direction(
                        face: face, (Float(column) + 0.5) * 2 / Float(side) - 1,
                        (Float(row) + 0.5) * 2 / Float(side) - 1)
                    texels[face * level.faceTexels + (row + 1) * level.stride + column + 1] =
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
            let place = min(row, level.height - 1) + 1
            let bits = start[place * level.stride + min(column, level.width - 1) + 1]
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
