/// What a delay found is worth.
///
/// Not for the frame path: it allocates.
struct DelayFigures {
    /// Pieces the take is cut into: enough to see how they scatter, each much longer than noise
    /// and rhythm of the tracker remember.
    private static let pieces = 10
    /// Student's t of nine degrees of freedom, 95 %.
    private static let student = 2.262

    /// Residuals beyond it are of wrong pictures, radians.
    let cut: Double
    /// Pictures beyond it.
    let leftOut: Int
    /// Residual of the others, rms in radians.
    let residual: Double
    /// Motion of the others in the pictures, rms in radians.
    let motion: Double
    /// Change of the delay that a hundredth of the motion would hide, seconds.
    ///
    /// 5 ms of a pan to and fro; of one at one speed there is no limit, as a line moved in time is
    /// a line moved up or down.
    let blur: Double
    /// Half the 95 % interval of the delay, seconds.
    let uncertainty: Double

    /// The figures of a minimum; nil where its delay is not determined at all.
    init?(_ search: DelaySearch, _ minimum: DelaySearch.Minimum) {
        let cut = bisquareCut * search.deviation(minimum)
        let rows = search.rows(minimum)
        var system = LinearSystem(size: 3)
        let jacobian = rows.map { [minimum.scale * $0.speed, $0.pan, 1] }
        let weights = rows.map { bisquare($0.residual, cut: cut) }
        for i in rows.indices { system.add(jacobian[i], 0, weight: weights[i]) }
        guard let inverse = system.inverseRow(0), inverse[0] > 0 else { return nil }
        let used = rows.filter { abs($0.residual) < cut }
        let squares = used.reduce(0) { $0 + $1.residual * $1.residual }
        residual = (squares / Double(max(1, used.count))).squareRoot()
        let mean = used.reduce(0) { $0 + $1.pan } / Double(max(1, used.count))
        let spread = used.reduce(0) { $0 + ($1.pan - mean) * ($1.pan - mean) }
        motion = abs(minimum.scale) * (spread / Double(max(1, used.count))).squareRoot()
        blur = 0.01 * motion * (inverse[0] * Double(used.count)).squareRoot()
        leftOut = rows.count - used.count
        self.cut = cut
        // What each piece of the take alone moves the delay by; their scatter holds whatever
        // lasts from one picture to the next, which residuals taken one by one do not.
        var pulls = [Double](repeating: 0, count: Self.pieces)
        for i in rows.indices {
            let along = zip(inverse, jacobian[i]).reduce(0) { $0 + $1.0 * $1.1 }
            pulls[i * Self.pieces / rows.count] += weights[i] * rows[i].residual * along
        }
        let scatter = pulls.reduce(0) { $0 + $1 * $1 } * Double(Self.pieces)
        let ofPieces = scatter / Double(Self.pieces - 1)
        let free = Double(max(1, used.count - 3))
        let ofPictures = squares / free * inverse[0]
        uncertainty = Self.student * max(ofPieces, ofPictures).squareRoot()
    }
}
