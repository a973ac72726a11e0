/// OpenLensIO 1.0.1 Brown–Conrady coefficients; ε in mm on the sensor, x right, y down.
public struct LensDistortion: BitwiseCopyable, Sendable, Equatable {
    /// Which way the polynomial maps.
    public enum Direction: UInt8, BitwiseCopyable, Sendable {
        /// Brown–Conrady D-U: distorted → undistorted (OpenLensIO's default).
        case undistorts
        /// Brown–Conrady U-D: undistorted → distorted (OpenCV's direction).
        case distorts
    }

    /// Which way the polynomial maps.
    public var direction: Direction
    /// k1 … k6 in mm⁻ⁿ, OpenLensIO order: k1 r², k3 r⁴, k5 r⁶ numerator (indices 0, 2, 4);
    /// k2 r², k4 r⁴, k6 r⁶ denominator (indices 1, 3, 5).
    public var radial: InlineArray<6, Double>
    /// p1, p2 in mm⁻¹.
    public var tangential: Vector2

    /// Coefficients in OpenLensIO order and units.
    public init(
        direction: Direction = .undistorts, radial: InlineArray<6, Double>,
        tangential: Vector2 = .zero
    ) {
        self.direction = direction
        self.radial = radial
        self.tangential = tangential
    }

    /// A lens without distortion.
    public static var none: LensDistortion { LensDistortion(radial: InlineArray(repeating: 0)) }

    /// Equal coefficient by coefficient.
    public static func == (a: LensDistortion, b: LensDistortion) -> Bool {
        for i in 0..<6 where a.radial[i] != b.radial[i] { return false }
        return a.direction == b.direction && a.tangential == b.tangential
    }
}

/// What a lens does at one focus and zoom: focal length, distortion, offsets, entrance pupil.
public struct Lens: BitwiseCopyable, Sendable, Equatable {
    /// Pinhole focal length F, mm.
    public var focalLengthMillimeters: Double
    /// Radial and tangential distortion.
    public var distortion: LensDistortion
    /// ΔC, mm on the sensor, x right, y down.
    public var distortionOffsetMillimeters: Vector2
    /// ΔP, mm on the sensor, x right, y down.
    public var projectionOffsetMillimeters: Vector2
    /// z_epd: entrance pupil from the nominal image plane, metres, + towards the object.
    public var entrancePupilOffset: Double

    /// A lens; everything but the focal length defaults to none.
    public init(
        focalLengthMillimeters: Double, distortion: LensDistortion = .none,
        distortionOffsetMillimeters: Vector2 = .zero,
        projectionOffsetMillimeters: Vector2 = .zero, entrancePupilOffset: Double = 0
    ) {
        self.focalLengthMillimeters = focalLengthMillimeters
        self.distortion = distortion
        self.distortionOffsetMillimeters = distortionOffsetMillimeters
        self.projectionOffsetMillimeters = projectionOffsetMillimeters
        self.entrancePupilOffset = entrancePupilOffset
    }
}

extension Lens {
    /// A fraction of the way to another lens, number by number; both distortions go one way.
    public func blended(to other: Lens, by f: Double) -> Lens {
        var blended = self
        blended.focalLengthMillimeters +=
            (other.focalLengthMillimeters - focalLengthMillimeters) * f
        for i in 0..<6 {
            blended.distortion.radial[i] +=
                (other.distortion.radial[i] - distortion.radial[i]) * f
        }
        blended.distortion.tangential +=
            (other.distortion.tangential - distortion.tangential) * f
        blended.distortionOffsetMillimeters +=
            (other.distortionOffsetMillimeters - distortionOffsetMillimeters) * f
        blended.projectionOffsetMillimeters +=
            (other.projectionOffsetMillimeters - projectionOffsetMillimeters) * f
        blended.entrancePupilOffset += (other.entrancePupilOffset - entrancePupilOffset) * f
        return blended
    }
}

/// The recorded area of a camera's sensor, mm.
public struct Sensor: BitwiseCopyable, Sendable, Equatable {
    /// Active width actually recorded, mm.
    public var widthMillimeters: Double
    /// Active height actually recorded, mm.
    public var heightMillimeters: Double

    /// An active area in mm.
    public init(widthMillimeters: Double, heightMillimeters: Double) {
        self.widthMillimeters = widthMillimeters
        self.heightMillimeters = heightMillimeters
    }
}
