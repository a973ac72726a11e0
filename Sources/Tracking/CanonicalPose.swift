public import Geometry

extension FreeD.Message {
    /// Degrees of one angle count: 8.15 fixed point (appendix A).
    private static var radiansPerCount: Double { .pi / 180 / 32768 }
    /// Metres of one position count: 17.6 fixed point millimetres (appendix A).
    private static var metersPerCount: Double { 1 / 64000 }

    /// Stage-handed pan, tilt, roll in radians: FreeD's pan is a negative turn about Z
    /// (appendix B), so pan changes its sign and nothing else does.
    /// - Frame path: yes
    public func angles(_ options: FreeDOptions) -> (pan: Double, tilt: Double, roll: Double) {
        let scale = options.angleSigns * Self.radiansPerCount
        return (-Double(pan) * scale.x, Double(tilt) * scale.y, Double(roll) * scale.z)
    }

    /// Position in metres, axes ordered, signed and scaled as the source's options say.
    /// - Frame path: yes
    public func position(_ options: FreeDOptions) -> Vector3 {
        let sent = Vector3(Double(x), Double(y), Double(z))
        var ordered = Vector3.zero
        for axis in 0..<3 { ordered[axis] = sent[Int(options.axisOrder[axis] % 3)] }
        return ordered * options.axisSigns * (Self.metersPerCount * options.positionScale)
    }

    /// The pose in tracker space: stage-handed rotation, metres.
    /// - Frame path: yes
    public func pose(_ options: FreeDOptions) -> Pose {
        let turn = angles(options)
        return Pose(
            pan: turn.pan, tilt: turn.tilt, roll: turn.roll, translation: position(options))
    }

    /// Zoom 0 wide … 1 tele and focus 0 near … 1 far by the source's count ranges.
    /// - Frame path: yes
    public func lens(_ options: FreeDOptions) -> (zoom: Double, focus: Double) {
        (
            ringFraction(zoom, of: options.zoomCounts),
            ringFraction(focus, of: options.focusCounts)
        )
    }

    /// The message a tracker that follows the manual sends for a pose in its own space.
    ///
    /// Angles wrap to ±180°, positions stop at the ends of the 24-bit range; counts are rounded to
    /// the nearest.
    public init(
        cameraID: UInt8, pose: Pose, zoom: UInt32 = 0, focus: UInt32 = 0, spare: UInt16 = 0
    ) {
        let turn = pose.rotation.panTiltRoll
        let place = pose.translation / Self.metersPerCount
        self.init(
            cameraID: cameraID, pan: Self.count(-turn.pan / Self.radiansPerCount),
            tilt: Self.count(turn.tilt / Self.radiansPerCount),
            roll: Self.count(turn.roll / Self.radiansPerCount), x: Self.count(place.x),
            y: Self.count(place.y), z: Self.count(place.z), zoom: zoom, focus: focus,
            spare: spare)
    }

    private static func count(_ value: Double) -> Int32 {
        Int32(Swift.max(-8_388_608, Swift.min(8_388_607, value.rounded())))
    }
}

/// How far a lens ring is turned, 0 … 1 between the counts at its two ends.
/// - Frame path: yes
func ringFraction(_ count: UInt32, of range: SIMD2<Double>) -> Double {
    let span = range.y - range.x
    if span == 0 { return 0 }
    return max(0, min(1, (Double(count) - range.x) / span))
}
