public import Geometry

/// What a tracker says of its lens at one moment: how far its rings are turned and, where it knows
/// the lens, what that does.
public struct LensReading: BitwiseCopyable, Sendable, Equatable {
    /// The numbers a tracker may say.
    public struct Parts: OptionSet, BitwiseCopyable, Sendable {
        /// A bit each.
        public let rawValue: UInt8
        /// Parts from their bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// How far the zoom ring is turned.
        public static let zoom = Parts(rawValue: 1)
        /// How far the focus ring is turned.
        public static let focus = Parts(rawValue: 2)
        /// The focal length.
        public static let focalLength = Parts(rawValue: 4)
        /// The place of the entrance pupil.
        public static let entrancePupil = Parts(rawValue: 8)
    }

    /// Which of the numbers were said; the others are 0.
    public private(set) var parts: Parts = []
    /// Zoom, focus, focal length in mm, entrance pupil in metres: in one vector, because they are
    /// blended and foreseen alike.
    private var values = SIMD4<Double>.zero

    /// A tracker that says nothing of its lens.
    public init() {}

    /// Zoom ring, 0 wide … 1 tele.
    public var zoom: Double { values[0] }
    /// Focus ring, 0 near … 1 far.
    public var focus: Double { values[1] }
    /// Pinhole focal length F, mm; nil where it is not said.
    public var focalLengthMillimeters: Double? { parts.contains(.focalLength) ? values[2] : nil }
    /// z_epd: entrance pupil from the nominal image plane, metres, + towards the object; nil where
    /// it is not said.
    public var entrancePupilOffset: Double? { parts.contains(.entrancePupil) ? values[3] : nil }

    /// Says one number, in the unit of its property.
    public mutating func say(_ part: Parts, _ value: Double) {
        precondition(part.rawValue.nonzeroBitCount == 1, "one number at a time")
        parts.insert(part)
        values[part.rawValue.trailingZeroBitCount] = value
    }

    /// What changed since another reading, a second; nothing where the two say different parts.
    func difference(from other: LensReading) -> SIMD4<Double> {
        parts == other.parts ? values - other.values : .zero
    }

    /// The reading after something has been added, rings held between their ends and the focal
    /// length between half and twice what it was.
    func moved(by change: SIMD4<Double>) -> LensReading {
        var moved = self
        moved.values += change
        for ring in 0..<2 { moved.values[ring] = max(0, min(1, moved.values[ring])) }
        moved.values[2] = max(values[2] / 2, min(values[2] * 2, moved.values[2]))
        return moved
    }

    /// A fraction of the way to another; where the two say different parts, the nearer one.
    func blended(to other: LensReading, by f: Double) -> LensReading {
        guard parts == other.parts else { return f < 0.5 ? self : other }
        var blended = self
        blended.values += (other.values - values) * f
        return blended
    }
}

/// How a lens bends and shifts its picture, as a tracker says it; nil is not said.
public struct LensShape: BitwiseCopyable, Sendable, Equatable {
    /// Brown–Conrady coefficients.
    public var distortion: LensDistortion?
    /// ΔC, mm on the sensor, x right, y down.
    public var distortionOffsetMillimeters: Vector2?
    /// ΔP, mm on the sensor, x right, y down.
    public var projectionOffsetMillimeters: Vector2?

    /// A tracker that says nothing of it.
    public init() {}
}
