extension LensDistortion {
    /// The ratio Rr(s) with s = r² and its derivative by s, and whether r · Rr(r) still grows there
    /// (OpenLensIO 1.0.1, distortion: (1 + k1 s + k3 s² + k5 s³) / (1 + k2 s + k4 s² + k6 s³)).
    func ratio(_ s: Double) -> (value: Double, slope: Double, grows: Bool) {
        let n = 1 + s * (radial[0] + s * (radial[2] + s * radial[4]))
        let d = 1 + s * (radial[1] + s * (radial[3] + s * radial[5]))
        let dn = radial[0] + s * (2 * radial[2] + s * 3 * radial[4])
        let dd = radial[1] + s * (2 * radial[3] + s * 3 * radial[5])
        let slope = (dn * d - n * dd) / (d * d)
        let grows = d > 0 && n > 0 && n * d + 2 * s * (dn * d - n * dd) > 0
        return (n / d, slope, grows)
    }

    /// The polynomial itself, U(ε): in mm from the distortion centre, in whichever direction
    /// `direction` says.
    func polynomial(_ p: Vector2) -> Vector2 {
        let s = p.x * p.x + p.y * p.y
        let (p1, p2) = (tangential.x, tangential.y)
        let r = ratio(s).value
        return Vector2(
            p.x * r + 2 * p1 * p.x * p.y + p2 * (s + 2 * p.x * p.x),
            p.y * r + 2 * p2 * p.x * p.y + p1 * (s + 2 * p.y * p.y))
    }

    /// The polynomial and the Newton step that brings it to `target`, or nil where it folds.
    private func newtonStep(_ p: Vector2, to target: Vector2) -> (error: Vector2, step: Vector2)? {
        let s = p.x * p.x + p.y * p.y
        let (p1, p2) = (tangential.x, tangential.y)
        let r = ratio(s)
        let value = Vector2(
            p.x * r.value + 2 * p1 * p.x * p.y + p2 * (s + 2 * p.x * p.x),
            p.y * r.value + 2 * p2 * p.x * p.y + p1 * (s + 2 * p.y * p.y))
        let xx = r.value + 2 * p.x * p.x * r.slope + 2 * p1 * p.y + 6 * p2 * p.x
        let yy = r.value + 2 * p.y * p.y * r.slope + 2 * p2 * p.x + 6 * p1 * p.y
        let xy = 2 * (p.x * p.y * r.slope + p1 * p.x + p2 * p.y)
        let determinant = xx * yy - xy * xy
        guard determinant > 1e-9 else { return nil }
        let error = value - target
        let step = Vector2(
            (yy * error.x - xy * error.y) / determinant,
            (xx * error.y - xy * error.x) / determinant)
        return (error, step)
    }

    /// The point the polynomial takes to `target`, started near it, or nil where there is none.
    func solve(_ target: Vector2, from start: Vector2) -> Vector2? {
        var p = start
        for _ in 0..<12 {
            guard let (error, step) = newtonStep(p, to: target) else { return nil }
            p -= step
            let size = abs(target.x) + abs(target.y)
            if abs(error.x) + abs(error.y) <= 1e-13 * (1 + size) { return p }
        }
        guard let (error, _) = newtonStep(p, to: target) else { return nil }
        // Far from the axis rounding keeps the error above the early exit's bound.
        return abs(error.x) + abs(error.y) <= 1e-10 ? p : nil
    }
}

/// A distortion polynomial with the radius up to which it can be trusted, both ways.
///
/// Where r · Rr(r) stops growing the picture would fold over itself. Beyond that radius the map
/// goes on by the last ratio: continuous, growing, and said to be outside.
/// - Frame path: yes
struct DistortionMap: BitwiseCopyable {
    let distortion: LensDistortion
    /// Largest radius at which the polynomial still grows, mm; not more than was asked for.
    let limit: Double
    /// Radius the polynomial takes `limit` to, mm.
    let limitImage: Double

    /// Steps in which the radius is searched for a fold, before bisection.
    private static let searchSteps = 64

    /// Searches the polynomial's growing part up to a radius, mm.
    init(_ distortion: LensDistortion, within radius: Double) {
        self.distortion = distortion
        var limit = radius
        let step = radius / Double(Self.searchSteps)
        for i in 1...Self.searchSteps {
            let r = Double(i) * step
            if distortion.ratio(r * r).grows { continue }
            var (low, high) = (r - step, r)
            for _ in 0..<40 {
                let middle = 0.5 * (low + high)
                if distortion.ratio(middle * middle).grows { low = middle } else { high = middle }
            }
            limit = low
            break
        }
        self.limit = limit
        limitImage = limit * distortion.ratio(limit * limit).value
    }

    /// The polynomial, continued beyond the limit, and whether it was inside.
    func forward(_ p: Vector2) -> (point: Vector2, isInside: Bool) {
        let r = (p.x * p.x + p.y * p.y).squareRoot()
        if r <= limit { return (distortion.polynomial(p), true) }
        return (p * (limitImage / limit), false)
    }

    /// The inverse of `forward`, and whether it was inside.
    func backward(_ target: Vector2) -> (point: Vector2, isInside: Bool) {
        let size = (target.x * target.x + target.y * target.y).squareRoot()
        if size == 0 { return (target, true) }
        let beyond = target * (limit / limitImage)
        // Tangential terms move the edge a little: a target just outside may still have a point.
        guard size <= 1.02 * limitImage else { return (beyond, false) }
        let start = target * (radius(imaged: min(size, limitImage)) / size)
        guard let p = distortion.solve(target, from: start) else { return (beyond, false) }
        let r = (p.x * p.x + p.y * p.y).squareRoot()
        return r <= 1.02 * limit ? (p, true) : (beyond, false)
    }

    /// The radius whose image under r · Rr(r) is `size`: Newton kept inside a shrinking bracket.
    private func radius(imaged size: Double) -> Double {
        var (low, high) = (0.0, limit)
        var r = min(size, limit)
        for _ in 0..<30 {
            let ratio = distortion.ratio(r * r)
            let error = r * ratio.value - size
            if abs(error) <= 1e-9 * size { break }
            if error > 0 { high = r } else { low = r }
            let slope = ratio.value + 2 * r * r * ratio.slope
            let next = r - error / slope
            r = next > low && next < high ? next : 0.5 * (low + high)
        }
        return r
    }
}
