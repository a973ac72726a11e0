/// References of the kernels that gather several samples a pixel.
extension Reference {
    /// Mean of four by four texels at a place of a level by cubic weights, the rest of `share`
    /// bilinear; a sharp one at most a quarter beyond the nearest four.
    public static func cubic(
        _ texels: UnsafePointer<UInt64>, stride: Int, u: Double, v: Double, share: Double,
        softness: Double
    ) -> RGBA {
        let (column, row) = (u.rounded(.down), v.rounded(.down))
        let across = taps(u - column, share: share, softness: softness)
        let down = taps(v - row, share: share, softness: softness)
        var sum = RGBA()
        var (low, high) = (RGBA(repeating: .infinity), RGBA(repeating: -.infinity))
        for y in 0..<4 {
            for x in 0..<4 {
                let color = texel(texels + ((Int(row) + y - 1) * stride + Int(column) + x - 1))
                sum += color * (across[x] * down[y])
                guard (1...2).contains(x), (1...2).contains(y) else { continue }
                low.replace(with: color, where: color .< low)
                high.replace(with: color, where: color .> high)
            }
        }
        for channel in 0..<4 {
            let under = 0.25 * (1 + softness) * abs(low[channel])
            sum[channel] = Swift.max(sum[channel], low[channel] - under)
            let excess = sum[channel] - high[channel] - 0.25 * abs(high[channel])
            sum[channel] -= (1 - softness) * Swift.max(0, excess)
        }
        sum.w = Swift.min(1, sum.w)
        return sum
    }

    /// Weights of four neighbors at a place beyond the second: Catmull-Rom by softness 0 (Keys
    /// 1981, a = −1/2), the cubic B-spline by 1.
    static func taps(_ f: Double, share: Double, softness: Double) -> [Double] {
        func keys(_ x: Double) -> Double {
            x <= 1 ? 1 + x * x * (1.5 * x - 2.5) : 2 + x * (-4 + x * (2.5 - 0.5 * x))
        }
        func spline(_ x: Double) -> Double {
            x <= 1 ? 2 / 3.0 + x * x * (0.5 * x - 1) : (2 - x) * (2 - x) * (2 - x) / 6
        }
        return [1 + f, f, 1 - f, 2 - f].map { x in
            let cubic = keys(x) + softness * (spline(x) - keys(x))
            let linear = Swift.max(0, 1 - x)
            return linear + share * (cubic - linear)
        }
    }

    /// A value bilinear in the pixel place.
    public static func at(_ value: cyc_bend, _ x: Int, _ y: Int) -> Double {
        Double(value.at) + Double(x) * Double(value.along_x)
            + Double(y) * (Double(value.along_y) + Double(x) * Double(value.along_xy))
    }

    /// What of a pixel each sample of a pass makes up.
    static func share(_ pass: cyc_pass, _ detail: Double) -> Double {
        func ramp(_ from: Float) -> Double {
            clamp((detail - Double(from)) * Double(pass.per_fade), 0, 1)
        }
        return (ramp(pass.from) - ramp(pass.to)) / Double(pass.samples)
    }

    private static func sample(
        _ pass: cyc_pass, _ detail: Double, _ texels: UnsafePointer<UInt64>, stride: Int,
        u: Double, v: Double
    ) -> RGBA {
        guard pass.is_cubic != 0 else { return bilinear(texels, stride: stride, u: u, v: v) }
        let share = clamp((Double(pass.cubic_below) - detail) * Double(pass.per_cubic), 0, 1)
        return cubic(
            texels, stride: stride, u: u, v: v, share: share, softness: Double(pass.softness))
    }

    /// Where the samples of a pixel lie.
    private static func places(
        _ pass: cyc_pass, _ x: Int, _ y: Int
    ) -> [(x: Double, y: Double)] {
        (0..<pass.samples).map { sample in
            let offset = Double(sample) - 0.5 * Double(pass.samples - 1)
            return (
                Double(x) + offset * Double(pass.step_x),
                Double(y) + offset * Double(pass.step_y)
            )
        }
    }

    /// What `cyc_kernels.picture_pass` writes or adds at a pixel.
    public static func picturePass(
        _ map: cyc_plane_map, _ pass: cyc_pass, _ x: Int, _ y: Int
    ) -> RGBA {
        let detail = at(pass.detail, x, y)
        let sum = places(pass, x, y).reduce(RGBA.zero) { sum, place in
            let w = at(map.w, place.x, place.y)
            return sum
                + sample(
                    pass, detail, map.texels, stride: Int(map.stride),
                    u: clamp(
                        at(map.u, place.x, place.y) / w, Double(map.u_min), Double(map.u_max)),
                    v: clamp(
                        at(map.v, place.x, place.y) / w, Double(map.v_min), Double(map.v_max)))
        }
        return sum * share(pass, detail)
    }

    /// What `cyc_kernels.dome_pass` writes or adds at a pixel whose samples all see the dome.
    public static func domePass(
        _ map: cyc_dome_map, _ pass: cyc_pass, _ x: Int, _ y: Int
    ) -> RGBA {
        let detail = at(pass.detail, x, y)
        let sum = places(pass, x, y).reduce(RGBA.zero) { sum, place in
            guard let d = direction(map, place.x, place.y) else { return sum }
            return sum
                + cube(map.level, d) { texels, u, v in
                    sample(pass, detail, texels, stride: Int(map.level.stride), u: u, v: v)
                }
        }
        return sum * share(pass, detail)
    }

    /// `cyc_kernels.lay_over` at a pixel: a card's gathered samples over what is there.
    public static func laidOver(
        _ map: cyc_plane_map, _ samples: RGBA, over under: SIMD3<Double>, _ x: Int, _ y: Int
    ) -> SIMD3<Double> {
        var color = samples
        if color.w >= 1 - 0x1p-20 { color.w = 1 }
        if map.has_edges != 0 { color *= cover(map, x, y) }
        return SIMD3(color.x, color.y, color.z) + under * (1 - color.w)
    }
}
