import Geometry

/// The lens of the simulated camera: OpenLensIO 1.0.1, both ways, millimetres on the sensor.
struct TwinLens: Sendable {
    /// Focal length, mm.
    var focal: Double
    /// Numerator and denominator coefficients of the radial term, r² r⁴ r⁶.
    private var top: SIMD3<Double>
    private var bottom: SIMD3<Double>
    private var tangential: SIMD2<Double>
    private var decentering: SIMD2<Double>
    private var shift: SIMD2<Double>
    private var polynomialUndistorts: Bool

    /// The stored numbers of a lens at a focal length in mm.
    init(_ lens: Lens, focal: Double) {
        let k = lens.distortion.radial
        self.focal = focal
        top = SIMD3(k[0], k[2], k[4])
        bottom = SIMD3(k[1], k[3], k[5])
        tangential = lens.distortion.tangential
        decentering = lens.distortionOffsetMillimeters
        shift = lens.projectionOffsetMillimeters
        polynomialUndistorts = lens.distortion.direction == .undistorts
    }

    /// Slopes (x right, y down, per unit forward) of the straight ray that lands on a sensor point.
    func slopes(ofSensorPoint point: SIMD2<Double>) -> SIMD2<Double> {
        let bent = point - shift - decentering
        let straight = polynomialUndistorts ? polynomial(bent).value : unbent(bent)
        return (straight + decentering) / focal
    }

    /// The sensor point on which a straight ray of such slopes lands.
    func sensorPoint(ofSlopes slopes: SIMD2<Double>) -> SIMD2<Double> {
        let straight = slopes * focal - decentering
        let bent = polynomialUndistorts ? unbent(straight) : polynomial(straight).value
        return bent + shift + decentering
    }

    /// The Brown–Conrady polynomial at a point, and its derivatives along x and along y.
    private func polynomial(
        _ p: SIMD2<Double>
    ) -> (value: SIMD2<Double>, alongX: SIMD2<Double>, alongY: SIMD2<Double>) {
        let s = p.x * p.x + p.y * p.y
        let n = 1 + s * (top.x + s * (top.y + s * top.z))
        let d = 1 + s * (bottom.x + s * (bottom.y + s * bottom.z))
        let nSlope = top.x + s * (2 * top.y + s * 3 * top.z)
        let dSlope = bottom.x + s * (2 * bottom.y + s * 3 * bottom.z)
        let ratio = n / d
        let slope = (nSlope - ratio * dSlope) / d
        let (p1, p2) = (tangential.x, tangential.y)
        let value = SIMD2(
            p.x * ratio + 2 * p1 * p.x * p.y + p2 * (s + 2 * p.x * p.x),
            p.y * ratio + 2 * p2 * p.x * p.y + p1 * (s + 2 * p.y * p.y))
        let mixed = 2 * p.x * p.y * slope + 2 * p1 * p.x + 2 * p2 * p.y
        return (
            value,
            SIMD2(ratio + 2 * p.x * p.x * slope + 2 * p1 * p.y + 6 * p2 * p.x, mixed),
            SIMD2(mixed, ratio + 2 * p.y * p.y * slope + 6 * p1 * p.y + 2 * p2 * p.x)
        )
    }

    /// The point the polynomial sends there, by Newton's method.
    private func unbent(_ target: SIMD2<Double>) -> SIMD2<Double> {
        var guess = target
        for _ in 0..<16 {
            let at = polynomial(guess)
            let miss = at.value - target
            let determinant = at.alongX.x * at.alongY.y - at.alongY.x * at.alongX.y
            let step =
                SIMD2(
                    at.alongY.y * miss.x - at.alongY.x * miss.y,
                    at.alongX.x * miss.y - at.alongX.y * miss.x) / determinant
            guess -= step
            if step.x * step.x + step.y * step.y < 1e-26 { break }
        }
        return guess
    }
}
