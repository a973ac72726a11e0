import Geometry

extension HandEye {
    /// A · Z = Y · B for all poses, with A = camera_from_stage, B = body_from_tracker and
    /// Y = X⁻¹ = camera_from_body: X and Z at once.
    static func kronecker(
        _ bodies: [Pose], _ cameras: [Pose], atOnce: Bool
    ) -> (x: Pose, z: Pose)? {
        let pairs = zip(cameras, bodies).map { (a: $0.inverse, b: $1.inverse) }
        guard let (y, z) = atOnce ? li(pairs) : shah(pairs) else { return nil }
        return (y.inverse, z)
    }

    private typealias Pair = (a: Pose, b: Pose)

    /// Shah 2013, equations 13–17: R_Y = R_A R_Z R_Bᵀ, so vec(R_Y) = (R_B ⊗ R_A) vec(R_Z).
    ///
    /// Both are the first singular vectors of the sum; then translations.
    private static func shah(_ pairs: [Pair]) -> (y: Pose, z: Pose)? {
        var k = Dense(rows: 9, columns: 9)
        for pair in pairs {
            let (b, a) = (Dense(pair.b.rotation), Dense(pair.a.rotation))
            for i in 0..<9 {
                for j in 0..<9 { k[i, j] += b[i / 3, j / 3] * a[i % 3, j % 3] }
            }
        }
        guard let s = k.singularValues else { return nil }
        // Two singular values as large as the number of poses: turned about one axis only.
        guard s.values[1] < Double(pairs.count) * (1 - 1e-9),
            let y = rotation((0..<9).map { s.left[$0, 0] }),
            let z = rotation((0..<9).map { s.rightTransposed[0, $0] })
        else { return nil }
        var system = Dense(rows: 3 * pairs.count, columns: 6)
        var right = [Double](repeating: 0, count: 3 * pairs.count)
        for (i, pair) in pairs.enumerated() {
            // R_A t_Z − t_Y = R_Y t_B − t_A.
            let m = Dense(pair.a.rotation)
            let side = y * pair.b.translation - pair.a.translation
            for r in 0..<3 {
                for c in 0..<3 { system[3 * i + r, c] = m[r, c] }
                system[3 * i + r, 3 + r] = -1
                right[3 * i + r] = side[r]
            }
        }
        guard let fit = system.leastSquares(right), fit.rank == 6 else { return nil }
        let t = fit.solution
        return (
            Pose(rotation: y, translation: Vector3(t[3], t[4], t[5])),
            Pose(rotation: z, translation: Vector3(t[0], t[1], t[2]))
        )
    }

    /// A rotation from nine numbers that are a multiple of its columns.
    private static func rotation(_ list: [Double]) -> Matrix3? {
        var m = Dense(rows: 3, columns: 3)
        m.elements = list
        let d = Matrix3(m).determinant
        if d < 0 { m.elements = list.map { -$0 } }
        return abs(d) > 1e-9 ? Matrix3(m).nearestRotation : nil
    }

    /// Li, Wang and Wu 2010, equation 9: all 24 unknowns at once, then rotations.
    private static func li(_ pairs: [Pair]) -> (y: Pose, z: Pose)? {
        // Unknowns: R_Z by rows, R_Y by rows, t_Z, t_Y.
        var system = Dense(rows: 12 * pairs.count, columns: 24)
        var right = [Double](repeating: 0, count: 12 * pairs.count)
        for (i, pair) in pairs.enumerated() {
            let (a, b) = (Dense(pair.a.rotation), Dense(pair.b.rotation))
            for p in 0..<3 {
                for q in 0..<3 {
                    let row = 12 * i + 3 * p + q
                    for k in 0..<3 {
                        system[row, 3 * k + q] += a[p, k]
                        system[row, 9 + 3 * p + k] -= b[k, q]
                    }
                }
                let row = 12 * i + 9 + p
                for k in 0..<3 {
                    system[row, 9 + 3 * p + k] = pair.b.translation[k]
                    system[row, 18 + k] = -a[p, k]
                }
                system[row, 21 + p] = 1
                right[row] = pair.a.translation[p]
            }
        }
        guard let fit = system.leastSquares(right), fit.rank == 24 else { return nil }
        let s = fit.solution
        func rows(_ at: Int) -> Matrix3? {
            Matrix3(
                columns: Vector3(s[at], s[at + 3], s[at + 6]),
                Vector3(s[at + 1], s[at + 4], s[at + 7]),
                Vector3(s[at + 2], s[at + 5], s[at + 8])
            ).nearestRotation
        }
        guard let z = rows(0), let y = rows(9) else { return nil }
        return (
            Pose(rotation: y, translation: Vector3(s[21], s[22], s[23])),
            Pose(rotation: z, translation: Vector3(s[18], s[19], s[20]))
        )
    }
}
