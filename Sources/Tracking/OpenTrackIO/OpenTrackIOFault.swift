/// Why a payload is not a sample, and in which field.
public struct OpenTrackIOFault: Error, Equatable, Sendable, BitwiseCopyable {
    /// What is wrong.
    public enum Cause: UInt8, BitwiseCopyable, Sendable {
        /// Not one whole JSON or CBOR value.
        case malformed
        /// Objects and lists within one another beyond `TrackingLimits.payloadDepth`.
        case tooDeep
        /// Text where a number belongs, and the like.
        case wrongType
        /// NaN or infinite.
        case notFinite
        /// A number, or a word of a closed list, that the schema does not allow.
        case outOfRange
        /// A member without which the others mean nothing.
        case missing
        /// A list longer than we take.
        case tooMany
        /// A payload being written that its buffer cannot hold.
        case noRoom
    }

    /// Where it is: the path in the payload.
    public enum Field: String, BitwiseCopyable, Sendable {
        case payload
        case protocolName = "protocol.name"
        case protocolVersion = "protocol.version"
        case sampleID = "sampleId"
        case sourceID = "sourceId"
        case sourceNumber, transforms
        case translation = "transforms.translation"
        case rotation = "transforms.rotation"
        case scale = "transforms.scale"
        case tracker
        case recording = "tracker.recording"
        case slate = "tracker.slate"
        case status = "tracker.status"
        case timing
        case mode = "timing.mode"
        case sampleRate = "timing.sampleRate"
        case sampleTimestamp = "timing.sampleTimestamp"
        case sequenceNumber = "timing.sequenceNumber"
        case timecode = "timing.timecode"
        case synchronization = "timing.synchronization"
        case offsets = "timing.synchronization.offsets"
        case lens
        case pinholeFocalLength = "lens.pinholeFocalLength"
        case entrancePupilOffset = "lens.entrancePupilOffset"
        case fStop = "lens.fStop"
        case focusDistance = "lens.focusDistance"
        case distortion = "lens.distortion"
        case overscan = "lens.distortion.overscan"
        case distortionOffset = "lens.distortionOffset"
        case projectionOffset = "lens.projectionOffset"
        case encoders = "lens.encoders"
        case rawEncoders = "lens.rawEncoders"
        case `static` = "static"
        case duration = "static.duration"
        case camera = "static.camera"
        case captureFrameRate = "static.camera.captureFrameRate"
        case sensor = "static.camera.activeSensorPhysicalDimensions"
        case resolution = "static.camera.activeSensorResolution"
        case anamorphicSqueeze = "static.camera.anamorphicSqueeze"
        case label = "static label"
        case staticLens = "static.lens"
    }

    /// What is wrong.
    public let cause: Cause
    /// Where it is.
    public let field: Field

    /// A fault of a field; of the payload as a whole unless one is named.
    public init(_ cause: Cause, _ field: Field = .payload) {
        self.cause = cause
        self.field = field
    }
}

extension OpenTrackIOFault: CustomStringConvertible {
    /// One line for an operator: where and what.
    public var description: String { "\(field.rawValue): \(complaint)" }

    private var complaint: String {
        switch cause {
        case .malformed: "is not one whole JSON or CBOR value"
        case .tooDeep: "has more than \(TrackingLimits.payloadDepth) levels"
        case .wrongType: "is a value of another kind than the schema has here"
        case .notFinite: "is not a finite number"
        case .outOfRange: "is outside the range of the schema"
        case .missing: "lacks a member that the schema requires"
        case .tooMany: "is a longer list than is taken"
        case .noRoom: "does not fit its buffer"
        }
    }
}
