/// A CIE 1931 chromaticity.
public struct Chromaticity: BitwiseCopyable, Sendable, Hashable {
    /// CIE x.
    public var x: Double
    /// CIE y, > 0.
    public var y: Double

    /// A chromaticity of CIE x and y.
    public init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

/// Three primaries and a white: an RGB space's colours.
public struct Primaries: BitwiseCopyable, Sendable, Hashable {
    /// Red primary.
    public var red: Chromaticity
    /// Green primary.
    public var green: Chromaticity
    /// Blue primary.
    public var blue: Chromaticity
    /// White point, reached by equal parts.
    public var white: Chromaticity

    /// The primaries and white of a space.
    public init(red: Chromaticity, green: Chromaticity, blue: Chromaticity, white: Chromaticity) {
        self.red = red
        self.green = green
        self.blue = blue
        self.white = white
    }

    /// CIE illuminant D65.
    public static var d65: Chromaticity { Chromaticity(0.3127, 0.3290) }
    /// The ACES white (near D60).
    public static var acesWhite: Chromaticity { Chromaticity(0.32168, 0.33767) }
    /// ITU-R BT.709 and sRGB.
    public static var rec709: Primaries {
        Primaries(
            red: Chromaticity(0.64, 0.33), green: Chromaticity(0.30, 0.60),
            blue: Chromaticity(0.15, 0.06), white: d65)
    }
    /// ITU-R BT.2020 and BT.2100.
    public static var rec2020: Primaries {
        Primaries(
            red: Chromaticity(0.708, 0.292), green: Chromaticity(0.170, 0.797),
            blue: Chromaticity(0.131, 0.046), white: d65)
    }
    /// P3 with a D65 white.
    public static var p3D65: Primaries {
        Primaries(
            red: Chromaticity(0.680, 0.320), green: Chromaticity(0.265, 0.690),
            blue: Chromaticity(0.150, 0.060), white: d65)
    }
    /// ACEScg (AP1), the working space.
    public static var acesCG: Primaries {
        Primaries(
            red: Chromaticity(0.713, 0.293), green: Chromaticity(0.165, 0.830),
            blue: Chromaticity(0.128, 0.044), white: acesWhite)
    }
    /// ACES2065-1 (AP0).
    public static var aces2065: Primaries {
        Primaries(
            red: Chromaticity(0.7347, 0.2653), green: Chromaticity(0, 1),
            blue: Chromaticity(0.0001, -0.0770), white: acesWhite)
    }
}
