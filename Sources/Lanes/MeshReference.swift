import Glibc

/// What the mesh kernels compute, one sample at a time in doubles: the truth equivalence tests hold
/// them to.
///
/// Not for pictures.
public enum MeshReference {
    /// The samples of a pixel against its centre.
    public static let samples: [SIMD2<Double>] = [
        SIMD2(-0.125, -0.375), SIMD2(0.375, -0.125), SIMD2(-0.375, 0.125), SIMD2(0.125, 0.375),
    ]

    /// A triangle's three edges at a place; inside where all are ≥ 0.
    public static func edges(_ t: cyc_mesh_triangle, _ x: Double, _ y: Double) -> [Double] {
        [
            Double(t.edge_at.0) + Double(t.edge_x.0) * x + Double(t.edge_y.0) * y,
            Double(t.edge_at.1) + Double(t.edge_x.1) * x + Double(t.edge_y.1) * y,
            Double(t.edge_at.2) + Double(t.edge_x.2) * x + Double(t.edge_y.2) * y,
        ]
    }

    /// A value linear in the pixel.
    public static func at(_ value: cyc_linear, _ x: Double, _ y: Double) -> Double {
        Double(value.at) + Double(value.along_x) * x + Double(value.along_y) * y
    }

    /// A triangle's texture at a place: light and opacity, between the two nearest mip levels.
    public static func light(
        _ data: cyc_mesh_data, _ t: cyc_mesh_triangle, _ x: Double, _ y: Double
    ) -> Reference.RGBA {
        let texture = data.textures![Int(data.materials![Int(t.material)].texture)]
        let spot = Footprint(t, x, y)
        let level = spot.level(texture)
        let fine = level.rounded(.down)
        let near = bilinear(data, texture, spot, Int(fine))
        let next = Swift.min(Int(fine) + 1, Int(texture.levels) - 1)
        let far = bilinear(data, texture, spot, next)
        return near + (far - near) * (level - fine)
    }

    /// A triangle's coverage, 0 … 255, at a place about a pixel's middle: linear from there.
    public static func coverage(
        _ data: cyc_mesh_data, _ t: cyc_mesh_triangle, pixel: SIMD2<Double>
    ) -> Double {
        let texture = data.textures![Int(data.materials![Int(t.material)].texture)]
        let spot = Footprint(t, pixel.x, pixel.y)
        let level = Int((spot.level(texture) + 0.5).rounded(.down))
        let (columns, rows) = size(texture, level)
        let u = wrap(spot.u, texture.wrap_u) * columns - 0.5
        let v = wrap(spot.v, texture.wrap_v) * rows - 0.5
        let (column, row) = (u.rounded(.down), v.rounded(.down))
        let stride = Int(columns) + 2
        let first =
            data.coverage! + Int(entry(texture.coverage, level)) + Int(row) * stride
            + Int(column)
        let (fu, fv) = (u - column, v - row)
        let top = Double(first[0]) * (1 - fu) + Double(first[1]) * fu
        let low = Double(first[stride]) * (1 - fu) + Double(first[stride + 1]) * fu
        return top * (1 - fv) + low * fv
    }

    /// Place in a texture and its change from pixel to pixel.
    private struct Footprint {
        var u: Double
        var v: Double
        private var across: SIMD2<Double>
        private var down: SIMD2<Double>

        init(_ t: cyc_mesh_triangle, _ x: Double, _ y: Double) {
            let w = 1 / at(t.per_w, x, y)
            u = at(t.u, x, y) * w
            v = at(t.v, x, y) * w
            across =
                SIMD2(
                    Double(t.u.along_x) - u * Double(t.per_w.along_x),
                    Double(t.v.along_x) - v * Double(t.per_w.along_x)) * w
            down =
                SIMD2(
                    Double(t.u.along_y) - u * Double(t.per_w.along_y),
                    Double(t.v.along_y) - v * Double(t.per_w.along_y)) * w
        }

        /// log₂ of the longer axis in texels, its logarithm made of straight pieces.
        func level(_ texture: cyc_mesh_texture) -> Double {
            let size = SIMD2(Double(texture.width), Double(texture.height))
            let (a, b) = (across * size, down * size)
            let longest = Swift.max(1, Swift.max((a * a).sum(), (b * b).sum()))
            let rough = Double(longest.exponent) + longest.significand - 1
            return Swift.min(0.5 * rough, Double(texture.levels - 1))
        }
    }

    private static func wrap(_ place: Double, _ mode: Int32) -> Double {
        switch mode {
        case 1: return place - place.rounded(.down)
        case 2:
            let pair = place - 2 * (place / 2).rounded(.down)
            return Swift.min(pair, 2 - pair)
        default: return Swift.max(0, Swift.min(1, place))
        }
    }

    private static func size(_ texture: cyc_mesh_texture, _ level: Int) -> (Double, Double) {
        (
            Double(Swift.max(1, Int(texture.width) >> level)),
            Double(Swift.max(1, Int(texture.height) >> level))
        )
    }

    private static func entry<Tuple>(_ table: Tuple, _ index: Int) -> Int32 {
        withUnsafeBytes(of: table) { $0.load(fromByteOffset: 4 * index, as: Int32.self) }
    }

    private static func bilinear(
        _ data: cyc_mesh_data, _ texture: cyc_mesh_texture, _ spot: Footprint, _ level: Int
    ) -> Reference.RGBA {
        let (columns, rows) = size(texture, level)
        return Reference.bilinear(
            data.texels! + Int(entry(texture.level, level)), stride: Int(columns) + 2,
            u: wrap(spot.u, texture.wrap_u) * columns - 0.5,
            v: wrap(spot.v, texture.wrap_v) * rows - 0.5)
    }
}
