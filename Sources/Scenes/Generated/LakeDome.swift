import FrameModel
import Glibc

/// Paints the lake's panorama: sky, then mountains column by column, then the water below.
struct LakeDome {
    private let width: Int
    private let height: Int
    private let terrain: LakeTerrain
    private let noise = Noise(seed: 5)
    /// Right and forward parts of each column's direction in the plan.
    private let columns: [SIMD2<Float>]

    /// Kilometers from the water up to the eye.
    private static let eyeHeight: Float = 0.0026

    init(width: Int) {
        self.width = width
        height = width / 2
        terrain = LakeTerrain(sky: LakeSky())
        columns = (0..<width).map { x in
            let azimuth = 2 * .pi * ((Float(x) + 0.5) / Float(width) - 0.5)
            return SIMD2(sinf(azimuth), cosf(azimuth))
        }
    }

    func paint() -> Picture {
        var canvas = Canvas(width: width, height: height)
        paintSky(&canvas)
        paintMountains(&canvas)
        paintWater(&canvas)
        return canvas.picture
    }

    /// A row of the panorama.
    private struct Row {
        /// Radians of its centre above the horizon.
        let elevation: Float
        let cosine: Float
        let sine: Float

        init(_ y: Int, of height: Int) {
            elevation = .pi * (0.5 - (Float(y) + 0.5) / Float(height))
            (cosine, sine) = (cosf(elevation), sinf(elevation))
        }
    }

    /// Column `x` of a row; right of the last column is nothing that is looked at.
    private func direction(_ x: Int, _ row: Row) -> SIMD3<Float> {
        let column = columns[min(x, width - 1)]
        return SIMD3(row.cosine * column.x, row.cosine * column.y, row.sine)
    }

    private func paintSky(_ canvas: inout Canvas) {
        let sky = terrain.sky
        canvas.paintRows(0..<height / 2) { y, row in
            let place = Row(y, of: height)
            for first in Swift.stride(from: 0, to: width, by: 8) {
                let eight = sky.seen(Directions { direction(first + $0, place) })
                for lane in 0..<min(8, width - first) {
                    row[first + lane] = SIMD4(eight[lane], 1)
                }
            }
        }
    }

    /// Walks each column from the shore outwards; every row a new crest uncovers is painted.
    private func paintMountains(_ canvas: inout Canvas) {
        let (width, height) = (width, height)
        let rowsPerRadian = Float(height) / .pi
        canvas.paintColumns { x, pixels in
            let (ux, uy) = (columns[x].x, columns[x].y)
            let shore = terrain.shore(ux, uy)
            var r = shore + 0.0005
            /// Rows from the top to the highest point seen so far, as a continuous number.
            var top = (.pi / 2 + atan2f(LakeDome.eyeHeight, r)) * rowsPerRadian
            var before = r
            /// The row being filled from below, and what was there before any mountain.
            var openRow = -1
            var skyOfOpenRow = SIMD4<Float>.zero
            var steps = Steps(from: r)
            while r < 26 {
                // Nothing out there is high enough to be seen over what is nearer.
                let fromZenith = top / rowsPerRadian
                if fromZenith < 1.55, LakeTerrain.highest * tanf(fromZenith) < r { break }
                let ground = steps.next(terrain, ux, uy, shore: shore, width: width)
                let rise = ground - LakeDome.eyeHeight
                let here = (.pi / 2 - atan2f(rise, r)) * rowsPerRadian
                if here < top {
                    var y = Int(top.rounded(.down))
                    while y >= 0, Float(y + 1) > here {
                        let t = limited((top - Float(y) - 0.5) / max(1e-3, top - here))
                        let at = before + (r - before) * t
                        let covered = min(1, Float(y + 1) - here) - max(0, Float(y + 1) - top)
                        let color = terrain.seen(
                            ux: ux, uy: uy, r: at, shore: shore,
                            footprint: at * 2 * .pi / Float(width))
                        let i = y * width + x
                        if y != openRow {
                            openRow = y
                            // A row below the horizon has nothing behind it: all is mountain.
                            if pixels[i].w == 0 { pixels[i] = SIMD4(color, 1) }
                            skyOfOpenRow = pixels[i]
                        }
                        pixels[i] += (SIMD4(color, 1) - skyOfOpenRow) * limited(covered)
                        y -= 1
                    }
                    top = here
                }
                before = r
                r *= Steps.ratio
            }
        }
    }

    /// Heights of the ground on the way out, eight steps ahead of the walk.
    private struct Steps {
        /// Of one step's distance to the one before.
        static let ratio: Float = 1.007
        private var places = SIMD8<Float>()
        private var heights = SIMD8<Float>()
        private var nextPlace: Float
        private var lane = 8

        init(from r: Float) { nextPlace = r }

        mutating func next(
            _ terrain: LakeTerrain, _ ux: Float, _ uy: Float, shore: Float, width: Int
        ) -> Float {
            if lane == 8 { fill(terrain, ux, uy, shore: shore, width: width) }
            defer { lane += 1 }
            return heights[lane]
        }

        private mutating func fill(
            _ terrain: LakeTerrain, _ ux: Float, _ uy: Float, shore: Float, width: Int
        ) {
            var octaves = SIMD8<Int32>()
            for step in 0..<8 {
                places[step] = nextPlace
                let footprint = nextPlace * 2 * .pi / Float(width)
                octaves[step] = Int32(min(9, LakeTerrain.octaves(footprint: footprint)))
                nextPlace *= Steps.ratio
            }
            lane = 0
            var first = 0
            // The farther, the fewer octaves: mostly all eight have as many.
            while first < 8 {
                let end = (first..<8).first { octaves[$0] != octaves[first] } ?? 8
                let some = terrain.heights(
                    ux * places, uy * places, shore: shore, octaves: Int(octaves[first]))
                for step in first..<end { heights[step] = some[step] }
                first = end
            }
        }
    }

    /// The water: the finished upper half seen again by rippled reflection.
    private func paintWater(_ canvas: inout Canvas) {
        let above = Array(canvas.pixels[0..<width * (height / 2)])
        let deep = light(0.010, 0.022, 0.026)
        canvas.paintRows(height / 2..<height) { y, row in
            let place = Row(y, of: height)
            let e = place.elevation
            let samples = e > -0.4 ? 5 : e > -0.9 ? 2 : 1
            let distance = LakeDome.eyeHeight * 1000 / -place.sine * place.cosine
            let along = min(900, Float.pi / Float(height) * distance / max(1e-4, -place.sine))
            var (wind, windTo) = (SIMD8<Float>(), 0)
            for x in 0..<width where row[x].w == 0 {
                let d = direction(x, place)
                let (ux, uy) = (d.x / place.cosine, d.y / place.cosine)
                if x >= windTo {
                    windTo = x / 8 * 8 + 8
                    let eight = Directions { direction(windTo - 8 + $0, place) }
                    let far = eight.x / place.cosine * distance
                    let across = eight.y / place.cosine * distance
                    wind = noise.fractal(far * 0.006 + 9, across * 0.017, octaves: 3)
                }
                let ripple = mix(0.010, 0.060, step(0.35, 0.72, wind[x % 8]))
                var sum = Light.zero
                for s in 0..<samples {
                    let jitter = noise.lattice(Int32(x), Int32(y), Int32(s)) - 0.5
                    let t = distance + along * ((Float(s) + 0.5 + jitter) / Float(samples) - 0.5)
                    sum += reflected(d, at: SIMD2(ux * t, uy * t), ripple, in: above, deep)
                }
                row[x] = SIMD4(sum * (1 / Float(samples)), 1)
            }
        }
    }

    /// One sample of the water at a place of its surface, meters.
    private func reflected(
        _ d: SIMD3<Float>, at p: SIMD2<Float>, _ amplitude: Float, in above: [SIMD4<Float>],
        _ deep: Light
    ) -> Light {
        // Four octaves, each for both directions of the slope.
        var (x, y) = (SIMD8<Float>(), SIMD8<Float>())
        var scale: Float = 0.9
        for octave in 0..<4 {
            x[octave] = p.x * scale * 0.7 + Float(octave) * 19
            y[octave] = p.y * scale
            x[octave + 4] = x[octave] + 57
            y[octave + 4] = y[octave] + 113
            scale *= 2.3
        }
        let heights = noise.values(x, y)
        var slope = SIMD2<Float>.zero
        var weight: Float = 1
        for octave in 0..<4 {
            slope += (SIMD2(heights[octave], heights[octave + 4]) - 0.5) * weight
            weight *= 0.72
        }
        // A ripple seen at a low angle hides its back: what is left leans towards us.
        let normal = unit(SIMD3(slope.x * amplitude, slope.y * amplitude * 1.3, 1))
        let cosine = max(0.0, -dot(d, normal))
        var up = d + normal * (2 * cosine)
        up.z = max(0.004, abs(up.z))
        let fresnel = 0.02 + 0.98 * powf(1 - cosine, 5)
        return mix(deep, sampled(above, unit(up)), fresnel * 0.94)
    }

    /// The upper half in a direction, bilinear.
    ///
    /// The sun's disc is held down, for a ripple spreads it.
    private func sampled(_ above: [SIMD4<Float>], _ d: SIMD3<Float>) -> Light {
        let u = (0.5 + atan2f(d.x, d.y) / (2 * .pi)) * Float(width) - 0.5
        let v = (0.5 - asinf(min(1, d.z)) / .pi) * Float(height) - 0.5
        let (column, row) = (Int(Noise.floor(u)), Int(Noise.floor(v)))
        let (tx, ty) = (u - Float(column), v - Float(row))
        // u lies between −½ and the width.
        let x0 = column < 0 ? width - 1 : min(column, width - 1)
        let x1 = x0 + 1 < width ? x0 + 1 : 0
        let y0 = max(0, min(height / 2 - 1, row))
        let y1 = min(height / 2 - 1, y0 + 1)
        let top = above[y0 * width + x0] * (1 - tx) + above[y0 * width + x1] * tx
        let bottom = above[y1 * width + x0] * (1 - tx) + above[y1 * width + x1] * tx
        let c = top * (1 - ty) + bottom * ty
        return Light(min(60, c.x), min(36, c.y), min(20, c.z))
    }
}
