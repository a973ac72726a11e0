public import Color

/// The linear colour space of a camera's picture, by its name.
public enum PlateSpace: String, Sendable, Codable, CaseIterable {
    /// ACES2065-1 (AP0).
    case aces2065 = "ACES2065-1"
    /// ACEScg (AP1).
    case acesCG = "ACEScg"
    /// ARRI Wide Gamut 3 (LogC3).
    case arriWideGamut3 = "ARRI Wide Gamut 3"
    /// ARRI Wide Gamut 4 (LogC4).
    case arriWideGamut4 = "ARRI Wide Gamut 4"
    /// RED's wide gamut.
    case redWideGamut = "REDWideGamutRGB"
    /// Sony S-Gamut3.
    case sGamut3 = "S-Gamut3"
    /// Sony S-Gamut3.Cine.
    case sGamut3Cine = "S-Gamut3.Cine"
    /// Sony Venice's S-Gamut3.
    case veniceSGamut3 = "Venice S-Gamut3"
    /// Sony Venice's S-Gamut3.Cine.
    case veniceSGamut3Cine = "Venice S-Gamut3.Cine"
    /// Panasonic V-Gamut.
    case vGamut = "V-Gamut"
    /// Canon's Cinema Gamut.
    case cinemaGamut = "Cinema Gamut"
    /// Blackmagic Wide Gamut of generation 5.
    case blackmagicWideGamut = "Blackmagic Wide Gamut"
    /// DaVinci Wide Gamut.
    case daVinciWideGamut = "DaVinci Wide Gamut"

    /// Its primaries and white, as the maker publishes them.
    public var primaries: Primaries {
        switch self {
        case .aces2065: .aces2065
        case .acesCG: .acesCG
        case .arriWideGamut3: .of(0.684, 0.313, 0.221, 0.848, 0.0861, -0.102)
        case .arriWideGamut4: .of(0.7347, 0.2653, 0.1424, 0.8576, 0.0991, -0.0308)
        case .redWideGamut: .of(0.780308, 0.304253, 0.121595, 1.493994, 0.095612, -0.084589)
        case .sGamut3: .of(0.73, 0.28, 0.14, 0.855, 0.1, -0.05)
        case .sGamut3Cine: .of(0.766, 0.275, 0.225, 0.8, 0.089, -0.087)
        case .veniceSGamut3:
            .of(
                0.740464264304292, 0.27936437475066, 0.089241145423286, 0.893809528608105,
                0.110488236673827, -0.052579333080476)
        case .veniceSGamut3Cine:
            .of(
                0.775901871567345, 0.274502392854799, 0.188682902773355, 0.828684937020288,
                0.101337382499301, -0.089187517306263)
        case .vGamut: .of(0.73, 0.28, 0.165, 0.84, 0.1, -0.03)
        case .cinemaGamut: .of(0.74, 0.27, 0.17, 1.14, 0.08, -0.1)
        case .blackmagicWideGamut:
            .of(
                0.7177215, 0.3171181, 0.228041, 0.861569, 0.1005841, -0.0820452,
                white: Chromaticity(0.312717, 0.3290312))
        case .daVinciWideGamut: .of(0.8, 0.313, 0.1682, 0.9877, 0.079, -0.1155)
        }
    }
}

extension Primaries {
    fileprivate static func of(
        _ rx: Double, _ ry: Double, _ gx: Double, _ gy: Double, _ bx: Double, _ by: Double,
        white: Chromaticity = Primaries.d65
    ) -> Primaries {
        Primaries(
            red: Chromaticity(rx, ry), green: Chromaticity(gx, gy), blue: Chromaticity(bx, by),
            white: white)
    }
}
