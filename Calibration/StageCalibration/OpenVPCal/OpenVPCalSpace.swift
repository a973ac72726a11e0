import Color

/// A colour space as OpenVPCal knows it: with the matrices its publisher rounded, where OpenVPCal
/// takes those, so that results agree to the last digits.
struct OpenVPCalSpace {
    let primaries: Primaries
    let xyzFromRGB: ColorMatrix
    let rgbFromXYZ: ColorMatrix
    /// Adaptation between plate and this camera space (OpenVPCal: Bradford for RED, else CAT02).
    let cameraCAT: ConeSpace

    /// A space of primaries, its matrices computed.
    init(_ primaries: Primaries) {
        self.primaries = primaries
        xyzFromRGB = ColorMatrix.xyzFromRGB(primaries)
        rgbFromXYZ = xyzFromRGB.inverse
        cameraCAT = .cat02
    }

    private init(
        _ primaries: Primaries, _ xyz: ColorMatrix, _ rgb: ColorMatrix,
        cameraCAT: ConeSpace = .cat02
    ) {
        self.primaries = primaries
        xyzFromRGB = xyz
        rgbFromXYZ = rgb
        self.cameraCAT = cameraCAT
    }

    /// A space by its name, custom ones first; nil where nobody knows it.
    init?(_ name: String, custom: [String: [[Double]]]) {
        if let list = custom[name] {
            guard let primaries = Primaries(list: list) else { return nil }
            self.init(primaries)
            return
        }
        switch name {
        case "ACES2065-1": self = .aces2065
        case "REDWideGamutRGB": self = .redWideGamut
        case "sRGB": self = .sRGB
        case "ITU-R BT.2020": self.init(.rec2020)
        case "ITU-R BT.709": self.init(.rec709)
        case "P3-D65": self.init(.p3D65)
        default:
            guard let plate = PlateSpace(rawValue: name) else { return nil }
            self.init(plate.primaries)
        }
    }

    /// S-2008-001, the rounded matrices.
    static let aces2065 = OpenVPCalSpace(
        .aces2065,
        ColorMatrix(
            rows: ColorTriple(0.9525523959, 0, 9.36786e-05),
            ColorTriple(0.3439664498, 0.7281660966, -0.0721325464),
            ColorTriple(0, 0, 1.0088251844)),
        ColorMatrix(
            rows: ColorTriple(1.0498110175, 0, -9.74845e-05),
            ColorTriple(-0.4959030231, 1.3733130458, 0.0982400361),
            ColorTriple(0, 0, 0.9912520182)))

    /// RED's white paper 915-0187, the rounded matrix and its inverse.
    static let redWideGamut: OpenVPCalSpace = {
        let xyz = ColorMatrix(
            rows: ColorTriple(0.735275, 0.068609, 0.146571),
            ColorTriple(0.286694, 0.842979, -0.129673),
            ColorTriple(-0.079681, -0.347343, 1.516082))
        return OpenVPCalSpace(
            PlateSpace.redWideGamut.primaries, xyz, xyz.inverse, cameraCAT: .bradford)
    }()

    /// IEC 61966-2-1, the rounded matrices.
    static let sRGB = OpenVPCalSpace(
        .rec709,
        ColorMatrix(
            rows: ColorTriple(0.4124, 0.3576, 0.1805), ColorTriple(0.2126, 0.7152, 0.0722),
            ColorTriple(0.0193, 0.1192, 0.9505)),
        ColorMatrix(
            rows: ColorTriple(3.2406, -1.5372, -0.4986), ColorTriple(-0.9689, 1.8758, 0.0415),
            ColorTriple(0.0557, -0.2040, 1.0570)))

    /// This space's RGB → another's; without a cone space white is not adapted.
    func to(_ other: OpenVPCalSpace, _ cones: ConeSpace?) -> ColorMatrix {
        let adapted = cones.map {
            ColorMatrix.adaptation(from: primaries.white, to: other.primaries.white, in: $0)
        }
        return other.rgbFromXYZ * (adapted ?? .identity) * xyzFromRGB
    }

    /// Chromaticity of a colour of this space.
    func chromaticity(_ color: ColorTriple) -> Chromaticity {
        let xyz = xyzFromRGB * color
        let sum = xyz.x + xyz.y + xyz.z
        return Chromaticity(xyz.x / sum, xyz.y / sum)
    }
}
