public import Geometry

/// The similarity that brings points onto others with the least squared distance, and what is
/// left (Umeyama 1991, equations 40–43; Kabsch without scale).
public struct PointFit: Sendable {
    /// Target from source.
    public let similarity: Similarity
    /// Distance left at each point, metres.
    public let residuals: [Double]

    /// Root mean square of the residuals, metres.
    public var rms: Double {
        (residuals.reduce(0) { $0 + $1 * $1 } / Double(residuals.count)).squareRoot()
    }

    /// Fits `source` to `target`, point by point.
    /// - Throws: where fewer than three points, or points on one line, determine nothing.
    public init(
        _ source: [Vector3], to target: [Vector3], withScale: Bool
    ) throws(CalibrationRefusal) {
        precondition(source.count == target.count, "points come in pairs")
        guard source.count >= 3 else {
            throw CalibrationRefusal(
                "\(source.count) points", advice: "survey at least 3, not on one line")
        }
        let n = Double(source.count)
        let (a, b) = (source.reduce(.zero, +) / n, target.reduce(.zero, +) / n)
        var covariance = Dense(rows: 3, columns: 3)
        var spread = 0.0
        for (p, q) in zip(source, target) {
            let (u, v) = (p - a, q - b)
            spread += u.dot(u) / n
            for r in 0..<3 { for c in 0..<3 { covariance[r, c] += v[r] * u[c] / n } }
        }
        guard let s = covariance.singularValues, s.values[1] > 1e-9 * max(spread, 1e-12) else {
            throw CalibrationRefusal(
                "the points lie on one line", advice: "survey points on more than one edge")
        }
        let (left, right) = (Matrix3(s.left), Matrix3(s.rightTransposed))
        // A mirror image is no rotation: then the weakest direction turns round.
        let mirrors = (left * right).determinant < 0
        var u = s.left
        if mirrors { for r in 0..<3 { u[r, 2] = -u[r, 2] } }
        let rotation = Matrix3(u * s.rightTransposed)
        let stretch = s.values[0] + s.values[1] + (mirrors ? -1 : 1) * s.values[2]
        let scale = withScale ? stretch / spread : 1
        let similarity = Similarity(
            rotation: rotation, scale: scale, translation: b - rotation * (a * scale))
        self.similarity = similarity
        residuals = zip(source, target).map { (similarity * $0 - $1).length }
    }
}

extension Matrix3 {
    var determinant: Double { x.dot(y.cross(z)) }
}
