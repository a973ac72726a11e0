/// Red, green and blue, or X, Y and Z.
public typealias ColorTriple = SIMD3<Double>

/// A 3×3 matrix of colours in doubles, row major: out = M · in.
public struct ColorMatrix: BitwiseCopyable, Sendable, Equatable {
    /// First row: what makes the first channel.
    public var row0: ColorTriple
    /// Second row: what makes the second channel.
    public var row1: ColorTriple
    /// Third row: what makes the third channel.
    public var row2: ColorTriple

    /// A matrix of three rows.
    @inlinable
    public init(rows row0: ColorTriple, _ row1: ColorTriple, _ row2: ColorTriple) {
        self.row0 = row0
        self.row1 = row1
        self.row2 = row2
    }

    /// The matrix that scales each channel.
    @inlinable
    public init(diagonal d: ColorTriple) {
        self.init(
            rows: ColorTriple(d.x, 0, 0), ColorTriple(0, d.y, 0), ColorTriple(0, 0, d.z))
    }

    /// The matrix that changes nothing.
    @inlinable public static var identity: ColorMatrix {
        ColorMatrix(diagonal: ColorTriple(1, 1, 1))
    }

    /// The matrix applied to a colour.
    /// - Frame path: yes
    @inlinable
    public static func * (m: ColorMatrix, v: ColorTriple) -> ColorTriple {
        ColorTriple((m.row0 * v).sum(), (m.row1 * v).sum(), (m.row2 * v).sum())
    }

    /// Composition: the right one is applied first.
    /// - Frame path: yes
    @inlinable
    public static func * (a: ColorMatrix, b: ColorMatrix) -> ColorMatrix {
        ColorMatrix(
            rows: a.row0.x * b.row0 + a.row0.y * b.row1 + a.row0.z * b.row2,
            a.row1.x * b.row0 + a.row1.y * b.row1 + a.row1.z * b.row2,
            a.row2.x * b.row0 + a.row2.y * b.row1 + a.row2.z * b.row2)
    }

    /// Every element times a number.
    /// - Frame path: yes
    @inlinable
    public static func * (m: ColorMatrix, factor: Double) -> ColorMatrix {
        ColorMatrix(rows: m.row0 * factor, m.row1 * factor, m.row2 * factor)
    }

    /// The determinant; 0 means that no inverse exists.
    public var determinant: Double {
        row0.x * (row1.y * row2.z - row1.z * row2.y)
            - row0.y * (row1.x * row2.z - row1.z * row2.x)
            + row0.z * (row1.x * row2.y - row1.y * row2.x)
    }

    /// The matrix that undoes this one, by cofactors; the determinant must not be 0.
    public var inverse: ColorMatrix {
        let (a, b, c) = (row0, row1, row2)
        let adjugate = ColorMatrix(
            rows: ColorTriple(
                b.y * c.z - b.z * c.y, a.z * c.y - a.y * c.z, a.y * b.z - a.z * b.y),
            ColorTriple(b.z * c.x - b.x * c.z, a.x * c.z - a.z * c.x, a.z * b.x - a.x * b.z),
            ColorTriple(b.x * c.y - b.y * c.x, a.y * c.x - a.x * c.y, a.x * b.y - a.y * b.x))
        return adjugate * (1 / determinant)
    }
}

extension Chromaticity {
    /// Tristimulus values of this chromaticity at Y = 1.
    public var xyz: ColorTriple { ColorTriple(x / y, 1, (1 - x - y) / y) }
}

/// The cone space in which an adaptation scales.
public enum ConeSpace: BitwiseCopyable, Sendable {
    /// Bradford: what primaries are converted with, as ACES does.
    case bradford
    /// CIECAM02's CAT02: what the white balance is made with.
    case cat02

    /// XYZ → cones.
    public var matrix: ColorMatrix {
        switch self {
        case .bradford:
            return ColorMatrix(
                rows: ColorTriple(0.8951, 0.2664, -0.1614), ColorTriple(-0.7502, 1.7135, 0.0367),
                ColorTriple(0.0389, -0.0685, 1.0296))
        case .cat02:
            return ColorMatrix(
                rows: ColorTriple(0.7328, 0.4296, -0.1624), ColorTriple(-0.7036, 1.6975, 0.0061),
                ColorTriple(0.0030, 0.0136, 0.9834))
        }
    }
}

extension ColorMatrix {
    /// The von Kries adaptation of XYZ from one white to another: C⁻¹ · diag(C·to / C·from) · C.
    ///
    /// The source white at Y = 1 becomes the target white at Y = 1.
    public static func adaptation(
        from source: Chromaticity, to target: Chromaticity, in space: ConeSpace = .bradford
    ) -> ColorMatrix {
        let cones = space.matrix
        let gains = (cones * target.xyz) / (cones * source.xyz)
        return cones.inverse * ColorMatrix(diagonal: gains) * cones
    }

    /// Linear RGB of a space → XYZ, white at Y = 1 (SMPTE RP 177: columns are the primaries'
    /// XYZ, scaled to add up to the white).
    public static func xyzFromRGB(_ primaries: Primaries) -> ColorMatrix {
        let (r, g, b) = (primaries.red, primaries.green, primaries.blue)
        // Columns of x, y, z need no division by y; the scale takes up the difference.
        let columns = ColorMatrix(
            rows: ColorTriple(r.x, g.x, b.x), ColorTriple(r.y, g.y, b.y),
            ColorTriple(1 - r.x - r.y, 1 - g.x - g.y, 1 - b.x - b.y))
        let scale = columns.inverse * primaries.white.xyz
        return columns * ColorMatrix(diagonal: scale)
    }

    /// XYZ → linear RGB of a space.
    public static func rgbFromXYZ(_ primaries: Primaries) -> ColorMatrix {
        xyzFromRGB(primaries).inverse
    }

    /// Linear RGB of one space → another; white stays white by adaptation.
    public static func rgb(
        from source: Primaries, to target: Primaries, in space: ConeSpace = .bradford
    ) -> ColorMatrix {
        let adapted =
            source.white == target.white
            ? .identity : adaptation(from: source.white, to: target.white, in: space)
        return rgbFromXYZ(target) * adapted * xyzFromRGB(source)
    }
}
