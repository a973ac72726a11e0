public import Geometry

extension OpenTrackIOSample {
    /// `lens`: what the lens does at this moment.
    public struct LensBlock: BitwiseCopyable, Sendable, Equatable {
        /// Pinhole focal length F, mm, > 0.
        public var pinholeFocalLengthMillimeters: Double?
        /// z_epd: entrance pupil from the nominal image plane, metres, + towards the object.
        public var entrancePupilOffset: Double?
        /// The f-number, > 0.
        public var fStop: Double?
        /// Metres, > 0; producers of older drafts send millimetres.
        public var focusDistance: Double?
        /// The first distortion of a model known here, in OpenLensIO's order and units.
        public var distortion: LensDistortion?
        /// Overscan that goes with `distortion`, ≥ 1.
        public var overscan: Double?
        /// ΔC, mm on the sensor, x right, y down.
        public var distortionOffsetMillimeters: Vector2?
        /// ΔP, mm on the sensor, x right, y down.
        public var projectionOffsetMillimeters: Vector2?
        /// Ring positions between the ends: focus 0 infinite … 1 close, iris 0 open … 1 closed,
        /// zoom 0 wide … 1 tele.
        public var encoders: Rings<Double>?
        /// Counts of the ring encoders.
        public var rawEncoders: Rings<UInt32>?

        /// A lens that says nothing.
        public init() {}

        /// All that is known of a lens that stands still.
        public init(_ lens: Lens) {
            pinholeFocalLengthMillimeters = lens.focalLengthMillimeters
            entrancePupilOffset = lens.entrancePupilOffset
            distortion = lens.distortion
            distortionOffsetMillimeters = lens.distortionOffsetMillimeters
            projectionOffsetMillimeters = lens.projectionOffsetMillimeters
        }
    }

    /// The three rings of a lens, at least one of them known.
    public struct Rings<Value: BitwiseCopyable & Sendable & Equatable>: BitwiseCopyable, Sendable,
        Equatable
    {
        /// The focus ring.
        public var focus: Value?
        /// The iris ring.
        public var iris: Value?
        /// The zoom ring.
        public var zoom: Value?

        /// Rings, as far as known.
        public init(focus: Value? = nil, iris: Value? = nil, zoom: Value? = nil) {
            self.focus = focus
            self.iris = iris
            self.zoom = zoom
        }
    }

    /// `static`: what seldom changes.
    public struct StaticBlock: BitwiseCopyable, Sendable, Equatable {
        /// Duration of the clip, seconds.
        public var duration: Ratio?
        /// Frames the camera takes a second.
        public var captureFrameRate: Ratio?
        /// The recorded area of the sensor; without it lens data say nothing.
        public var sensor: Sensor?
        /// The recorded area of the sensor, photosites.
        public var resolution: Resolution?
        /// Height of the image of a square on the sensor over its width.
        public var anamorphicSqueeze: Ratio?
        /// Fingerprint of the camera's label, given by the user.
        public var cameraLabel: UInt64?
        /// Fingerprint of the camera's model.
        public var cameraModel: UInt64?
        /// Fingerprint of the camera's serial number.
        public var cameraSerialNumber: UInt64?
        /// Fingerprint of the lens' model.
        public var lensModel: UInt64?
        /// Fingerprint of the lens' serial number.
        public var lensSerialNumber: UInt64?

        /// A static block that says nothing.
        public init() {}
    }

    /// Photosites across and down.
    public struct Resolution: BitwiseCopyable, Sendable, Equatable {
        /// Across, 0 … 2³¹ − 1.
        public var width: UInt32
        /// Down, 0 … 2³¹ − 1.
        public var height: UInt32

        /// Photosites across and down.
        public init(width: UInt32, height: UInt32) {
            self.width = width
            self.height = height
        }
    }
}
