public import Lanes

/// A wall's correction in the form the kernels read, in memory of its own.
///
/// `@unchecked Sendable` holds because nothing is written after `init`.
public final class PreparedCorrection: @unchecked Sendable {
    /// What frames are given; valid as long as this lives.
    public let reference: CorrectionReference
    /// What it was made from.
    public let correction: WallCorrection
    /// The largest difference sampling its table has made, in PQ codes of 10 bits; 0 without one.
    public let samplingError: Double
    private let constants: UnsafeMutablePointer<cyc_correction>
    private let gains: UnsafeMutablePointer<cyc_gains>
    private let table: PreparedLook?

    /// Points along an edge of a sampled table.
    static let side = 65

    /// Prepares a correction for a wall of so many panels; with a table that takes a second.
    public init(_ correction: WallCorrection, for wall: WallColor, panelCount: Int) {
        self.correction = correction
        let peakNits = wall.clip * wall.fullScaleNits
        let cube = correction.table.map { PreparedCorrection.cube($0, peakNits: peakNits) }
        table = cube.map { PreparedLook(Look(title: "wall", steps: [.cube($0)])) }
        samplingError =
            cube.map { cube in
                PreparedCorrection.error(of: cube, correction.table!, peakNits: peakNits)
            } ?? 0
        constants = .allocate(capacity: 1)
        var made = cyc_correction()
        if let table { made.table = table.reference.constants }
        made.to_table = Float(wall.fullScaleNits / 100)
        made.from_table = Float(100 / wall.fullScaleNits)
        made.full = Float(wall.clip)
        made.per_full = Float(1 / wall.clip)
        if correction.curves.count == 3 {
            made.has_curves = 1
            made.curves = (
                correction.curves[0].kernelCurve, correction.curves[1].kernelCurve,
                correction.curves[2].kernelCurve
            )
        }
        constants.initialize(to: made)
        let count = max(1, panelCount)
        gains = .allocate(capacity: count)
        for panel in 0..<count {
            let gain =
                correction.gains.indices.contains(panel)
                ? correction.gains[panel] : ColorTriple(1, 1, 1)
            (gains + panel).initialize(
                to: cyc_gains(red: Float(gain.x), green: Float(gain.y), blue: Float(gain.z)))
        }
        var reference = CorrectionReference()
        reference.constants = UnsafePointer(constants)
        reference.gains = UnsafePointer(gains)
        reference.panelCount = panelCount
        reference.drives = table != nil || made.has_curves != 0 || !correction.gains.isEmpty
        reference.hasMatrix = correction.hasMatrix
        reference.matrix = correction.matrix
        reference.offset = correction.offset * wall.clip
        reference.compression = GamutCompression(
            reaching: correction.matrix * wall.wallFromWorking, sums: true)
        reference.hasViewAngle = correction.viewAngle != nil
        reference.viewAngle = correction.viewAngle ?? ViewAngle()
        reference.fingerprint = PreparedCorrection.fingerprint(
            reference, made, correction.curves, gains, count,
            table: table?.reference.constants.fingerprint ?? 0)
        self.reference = reference
    }

    deinit {
        constants.deallocate()
        gains.deallocate()
    }

    /// A table on PQ signals as one on ACEScct codes of light in 100 nits, from below black, which
    /// lies on a point, to the wall's peak.
    private static func cube(_ table: Look, peakNits: Double) -> CubeLUT {
        let black = ACEScct.code(light: 0)
        let peak = ACEScct.code(light: peakNits / 100)
        let step = (peak - black) / Double(side - 2)
        return CubeLUT(
            side: side, low: ColorTriple(repeating: black - step),
            high: ColorTriple(repeating: peak)
        ) { codes in
            let light = ACEScct.lights(code: codes) * (100 / peakNits)
            let inside = light.clamped(
                lowerBound: ColorTriple(), upperBound: ColorTriple(1, 1, 1))
            let shown = WallCorrection.shown(through: table, inside, peakNits: peakNits)
            return ACEScct.codes(light: shown * (peakNits / 100))
        }
    }

    /// The largest difference over 4,096 colors of 1 % … 100 % of the peak, and of each the
    /// channels that have a twentieth of its light or more.
    private static func error(of cube: CubeLUT, _ table: Look, peakNits: Double) -> Double {
        let pq = TransferFunction.pq
        var worst = 0.0
        let (low, high) = (
            ACEScct.code(light: peakNits / 10_000), ACEScct.code(light: peakNits / 100)
        )
        for index in 1...4096 {
            let place = Double(index) * ColorTriple(0.8191725134, 0.6710436067, 0.5497004779)
            let codes = low + (high - low) * (place - place.rounded(.down))
            let light = ACEScct.lights(code: codes) * (100 / peakNits)
            let exact = WallCorrection.shown(through: table, light, peakNits: peakNits)
            let ours = ACEScct.lights(code: cube.applied(to: codes)) * (100 / peakNits)
            for i in 0..<3 where exact[i] >= 0.05 * exact.max() {
                let d =
                    pq.signal(light: exact[i] * peakNits / 10_000)
                    - pq.signal(light: ours[i] * peakNits / 10_000)
                worst = max(worst, abs(d) * 1023)
            }
        }
        return worst
    }

    /// FNV-1a over every number frames are made with; 0 says that there is none.
    ///
    /// Curves count by what was measured, not by how kernels hold it: takes and saved documents
    /// name a correction by this number, and other builds read them.
    private static func fingerprint(
        _ reference: CorrectionReference, _ constants: cyc_correction, _ curves: [DriveCurve],
        _ gains: UnsafePointer<cyc_gains>, _ count: Int, table: UInt64
    ) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ word: UInt64) { hash = (hash ^ word) &* 0x100_0000_01B3 }
        func mix(_ triple: ColorTriple) {
            for i in 0..<3 { mix((triple[i] + 0).bitPattern) }
        }
        mix(table)
        mix(reference.matrix.row0)
        mix(reference.matrix.row1)
        mix(reference.matrix.row2)
        mix(reference.offset)
        for i in 0..<4 { mix(reference.viewAngle.terms[i]) }
        mix(reference.viewAngle.widest.bitPattern)
        mix(reference.hasViewAngle ? 1 : 0)
        mix(UInt64(constants.full.bitPattern))
        for curve in curves {
            mix(UInt64(curve.drives.count))
            for number in curve.drives + curve.lights { mix(number.bitPattern) }
        }
        for panel in 0..<count {
            mix(UInt64(gains[panel].red.bitPattern))
            mix(UInt64(gains[panel].green.bitPattern))
            mix(UInt64(gains[panel].blue.bitPattern))
        }
        return max(1, hash)
    }
}

/// A prepared correction as frames name it: plain bytes; whose memory it is must outlive it.
///
/// `@unchecked Sendable` holds because what it points to is never written.
public struct CorrectionReference: BitwiseCopyable, @unchecked Sendable {
    /// What the kernels are given; nil: there is no correction.
    public internal(set) var constants: UnsafePointer<cyc_correction>?
    /// Gains of each of the wall's panels, in their order.
    public internal(set) var gains: UnsafePointer<cyc_gains>?
    /// Panels there are gains for.
    public internal(set) var panelCount = 0
    /// Curves, gains or a table change anything.
    public internal(set) var drives = false
    /// Matrix or offset change anything.
    var hasMatrix = false
    var matrix = ColorMatrix.identity
    /// Full scales.
    var offset = ColorTriple()
    var compression = GamutCompression(limits: ColorTriple())
    /// The panels' light falls off to the side.
    public internal(set) var hasViewAngle = false
    /// How.
    public internal(set) var viewAngle = ViewAngle()
    /// Of every number; 0 for none.
    public internal(set) var fingerprint: UInt64 = 0

    init() {}

    /// No correction.
    public static let none = CorrectionReference()

    /// There is one.
    /// - Frame path: yes
    public var isThere: Bool { constants != nil }
}

extension CorrectionReference {
    /// Puts matrix, offset and the gamut of the panels' own channels into a grade whose light is
    /// cut by nothing before them.
    /// - Frame path: yes
    public func merge(into grade: inout cyc_grade) {
        if hasMatrix {
            let m = grade.out_matrix
            let out = ColorMatrix(
                rows: ColorTriple(Double(m.0), Double(m.1), Double(m.2)),
                ColorTriple(Double(m.3), Double(m.4), Double(m.5)),
                ColorTriple(Double(m.6), Double(m.7), Double(m.8)))
            grade.out_matrix = (matrix * out).floats
            grade.offset = (Float(offset.x), Float(offset.y), Float(offset.z))
        }
        compress(&grade.limits)
    }

    /// Leaves in a grade what comes before the matrix, and gives what is left of it as a second
    /// one.
    /// - Frame path: yes
    public func split(_ grade: inout cyc_grade) -> cyc_grade {
        var after = cyc_grade()
        after.out_matrix = matrix.floats
        after.offset = (Float(offset.x), Float(offset.y), Float(offset.z))
        after.clip = grade.clip
        after.limits.compresses = grade.limits.compresses
        after.limits.is_used = grade.limits.compresses
        compress(&after.limits)
        grade.limits.compresses = 0
        grade.limits.is_used = grade.limits.rolls_off | grade.limits.has_marks
        // Light out of gamut or over the peak is what the second one is there for.
        if grade.floor == (0, 0, 0) {
            let least = -8 * grade.clip
            grade.floor = (least, least, least)
        }
        grade.clip *= 64
        return after
    }

    /// - Frame path: yes
    private func compress(_ limits: inout cyc_limits) {
        let scale = compression.scale
        limits.scale = (Float(scale.x), Float(scale.y), Float(scale.z))
    }
}

extension DriveCurve {
    /// The curve as kernels read it: a minimax cubic each octave of x = light + 2^-32.
    ///
    /// An octave with a measured step in it has a bend no cubic has: measured within 0.4 codes of
    /// 12 bits above a thousandth of the peak and 1.6 below, on walls of 16 steps that lose their
    /// light towards black.
    var kernelCurve: cyc_curve {
        var curve = cyc_curve()
        curve.scale = 1
        withUnsafeMutableBytes(of: &curve) { bytes in
            let floats = bytes.bindMemory(to: Float.self)
            for octave in 0..<32 {
                let c = SIMD4<Float>(cubic(octave: octave))
                for i in 0..<4 { floats[i * 32 + (octave + 95) % 32] = c[i] }
            }
        }
        return curve
    }

    /// The cubic of octave 0 … 31, from x = 2^-32 on.
    private func cubic(octave: Int) -> SIMD4<Double> {
        let low = Double(sign: .plus, exponent: octave - 32, significand: 1)
        func drive(_ t: Double) -> Double { self.drive(light: low * (1 + t) - 0x1p-32) }
        let c: SIMD4<Double>
        if octave == 0 {
            // No light is no drive, to the last bit but rounding.
            let c3 = minimax(terms: 3, density: 1) { t in
                (SIMD4(t, t * t, t * t * t, 0), drive(t))
            }
            c = SIMD4(0, c3.x, c3.y, c3.z)
        } else {
            c = minimax(terms: 4, density: 1) { t in (SIMD4(1, t, t * t, t * t * t), drive(t)) }
        }
        return CurveTable.inLight(c, octave: octave)
    }
}
