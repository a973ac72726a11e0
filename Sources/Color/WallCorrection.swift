/// What one wall's panels have to be asked for, instead of the light that is wanted of them, so
/// that they make it: as a calibration found, in doubles (specification 2.1).
///
/// Not for pixels: `PreparedCorrection` is what kernels read, `applied` the scalar truth.
public struct WallCorrection: Sendable, Equatable {
    /// Light in the wall's stated primaries → light of its panels' own channels; 1 = peak.
    public var matrix = ColorMatrix.identity
    /// Added after it: the wall's black, which is taken off.
    public var offset = ColorTriple()
    /// How each channel's light rises with its drive; empty: as it is asked.
    public var curves: [DriveCurve] = []
    /// What each panel's channels are multiplied by, in the order of the wall's panels; empty: 1.
    public var gains: [ColorTriple] = []
    /// How the panels' light falls off to the side; nil: it does not.
    public var viewAngle: ViewAngle?
    /// A table on PQ signals (10,000 nits = 1), before curves and gains; nil: none.
    public var table: Look?

    /// The most a panel may be raised or lowered.
    public static let gainRange = 0.25...1.25

    /// A correction that changes nothing.
    public init() {}

    /// Its matrix or its offset changes anything.
    public var hasMatrix: Bool { matrix != .identity || offset != ColorTriple() }

    /// The 3×3 and the black: light wanted of the wall → light of its channels, 1 = peak, not cut.
    public func ofChannels(_ light: ColorTriple) -> ColorTriple { matrix * light + offset }

    /// What a panel is asked for, for light of its channels: table, curves and gain; 0 … 1 in and
    /// out, 1 = the wall's peak of so many nits.
    public func drive(of light: ColorTriple, panel: Int, peakNits: Double) -> ColorTriple {
        var d = CDL.clamp(light)
        if let table { d = WallCorrection.shown(through: table, d, peakNits: peakNits) }
        if !curves.isEmpty { for i in 0..<3 { d[i] = curves[i].drive(light: d[i]) } }
        if gains.indices.contains(panel) { d *= gains[panel] }
        return CDL.clamp(d)
    }

    /// Light through a table on PQ signals; no light stays none.
    static func shown(
        through table: Look, _ light: ColorTriple, peakNits: Double
    ) -> ColorTriple {
        let pq = TransferFunction.pq
        var signal = ColorTriple()
        for i in 0..<3 { signal[i] = pq.signal(light: light[i] * peakNits / 10_000) }
        let out = table.applied(to: signal)
        var shown = ColorTriple()
        for i in 0..<3 { shown[i] = pq.light(signal: out[i]) * 10_000 / peakNits }
        return shown
    }
}
