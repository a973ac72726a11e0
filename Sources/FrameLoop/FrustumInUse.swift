public import Geometry
import StageModel
public import Tracking

/// What a camera's inner frustum was drawn with.
public struct FrustumInUse: BitwiseCopyable, Sendable {
    /// Focal length, mm; 0 before the camera is known.
    public var focalLengthMillimeters = 0.0
    /// Who said what the lens does.
    public var origin = LensOrigin.fixed
    /// Overscan, share of the picture's width and height.
    public var overscan = 0.0

    /// Of a camera not known yet.
    public init() {}
}

extension FramePath {
    /// What a camera's inner frustum was last drawn with.
    /// - Frame path: yes
    public func frustumInUse(camera: Int) -> FrustumInUse {
        let memory = state.pointee.cameras[camera]
        var use = FrustumInUse()
        guard memory.isKnown else { return use }
        use.focalLengthMillimeters = memory.lens.focalLengthMillimeters
        use.origin = memory.lensOrigin
        use.overscan = memory.overscanDrawn
        return use
    }
}

/// Who said what a camera's lens does.
public enum LensOrigin: UInt8, BitwiseCopyable, Sendable {
    /// The stage file: one lens, its focal length by the zoom ring.
    case fixed = 0
    /// A measured lens of `lenses/`, by its zoom and focus rings.
    case table
    /// The tracker, at least its focal length.
    case live = 2
}

extension LoopCamera {
    /// Where the entrance pupil of a lens is, the tracked body being somewhere.
    /// - Frame path: yes
    func stageFromPupil(body stageFromBody: Pose, _ lens: Lens) -> Pose {
        stageFromBody * bodyFromSensor * lens.sensorFromPupil
    }

    /// The lens to draw with: what the tracker says of it, for the rest the measured lens in use,
    /// else the stage file's.
    ///
    /// A tracker that knows the focal length knows the lens: its distortion is believed then, and
    /// one it does not tell of is the known one. A lens that would not image the sensor is not
    /// believed in any part.
    /// - Frame path: yes
    public func lens(_ reading: LensReading, _ shape: LensShape) -> (Lens, LensOrigin) {
        let (known, origin) = knownLens(reading)
        guard usesLensData, let focal = reading.focalLengthMillimeters,
            Self.focalLengths ~= focal
        else { return (known, origin) }
        var live = known
        live.focalLengthMillimeters = focal
        if let pupil = reading.entrancePupilOffset, abs(pupil) <= Self.pupilOffsetMax {
            live.entrancePupilOffset = pupil
        }
        if let distortion = shape.distortion { live.distortion = distortion }
        if let center = shape.distortionOffsetMillimeters {
            live.distortionOffsetMillimeters = center
        }
        if let shift = shape.projectionOffsetMillimeters {
            live.projectionOffsetMillimeters = shift
        }
        return live.images(sensor.area) ? (live, .live) : (known, origin)
    }

    /// What is known of the lens without its tracker's word for more than its rings.
    ///
    /// A focus ring nobody tells of is taken for far.
    /// - Frame path: yes
    private func knownLens(_ reading: LensReading) -> (Lens, LensOrigin) {
        if let table {
            let focus = reading.parts.contains(.focus) ? reading.focus : 1
            return (table.lens(zoom: reading.zoom, focus: focus), .table)
        }
        var fixed = lens
        fixed.focalLengthMillimeters = focalLength(zoom: reading.zoom)
        return (fixed, .fixed)
    }

    /// Focal lengths lenses have, mm.
    private static var focalLengths: ClosedRange<Double> { 2...2000 }
    /// Entrance pupils lie no further from the sensor, metres.
    private static var pupilOffsetMax: Double { 1 }

    /// Focal length at a zoom of 0 wide … 1 tele, mm.
    /// - Frame path: yes
    private func focalLength(zoom: Double) -> Double {
        zoomRange.x + (zoomRange.y - zoomRange.x) * min(1, max(0, zoom))
    }
}
