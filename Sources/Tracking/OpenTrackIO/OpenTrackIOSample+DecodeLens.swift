import Geometry

private typealias Fault = OpenTrackIOFault

extension OpenTrackIOSample.LensBlock {
    mutating func read(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.object(.lens)
        while let (key, value) = try reader.member() {
            switch key {
            case "pinholeFocalLength", "focalLength":
                pinholeFocalLengthMillimeters = try value.positive(.pinholeFocalLength)
            case "entrancePupilOffset":
                entrancePupilOffset = try value.number(.entrancePupilOffset)
            case "fStop": fStop = try value.positive(.fStop)
            case "focusDistance": focusDistance = try value.positive(.focusDistance)
            case "distortion": try readDistortions(value, &reader)
            case "distortionOffset", "distortionShift":
                distortionOffsetMillimeters = try Self.offset(value, &reader, .distortionOffset)
            case "projectionOffset", "perspectiveShift":
                projectionOffsetMillimeters = try Self.offset(value, &reader, .projectionOffset)
            case "encoders":
                encoders = try .init(value, &reader, .encoders) {
                    value throws(OpenTrackIOFault) in
                    try value.number(.encoders, in: 0...1)
                }
            case "rawEncoders":
                rawEncoders = try .init(value, &reader, .rawEncoders) {
                    value throws(OpenTrackIOFault) in
                    try value.integer(.rawEncoders, in: 0...UInt32.max)
                }
            default: try reader.skip(value)
            }
        }
    }

    /// Several descriptions of one lens: the first of a model known here is taken.
    private mutating func readDistortions(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.list(.distortion)
        (distortion, overscan) = (nil, nil)
        while let value = try reader.element() {
            let sent = try SentDistortion(value, &reader)
            if distortion == nil, let known = sent.known {
                (distortion, overscan) = (known, sent.overscan)
            }
        }
    }

    private static func offset(
        _ value: PayloadEvent, _ reader: inout some PayloadReader, _ field: Fault.Field
    ) throws(OpenTrackIOFault) -> Vector2 {
        try value.object(field)
        var sent: (x: Double?, y: Double?)
        while let (key, value) = try reader.member() {
            switch key {
            case "x": sent.x = try value.number(field)
            case "y": sent.y = try value.number(field)
            default: try reader.skip(value)
            }
        }
        guard let x = sent.x, let y = sent.y else { throw Fault(.missing, field) }
        return Vector2(x, y)
    }
}

/// One entry of `lens.distortion` as it comes.
private struct SentDistortion {
    /// Which way the model maps; nil for a model not known here.
    var direction: LensDistortion.Direction? = .undistorts
    var overscan: Double?
    private var radial = InlineArray<6, Double>(repeating: 0)
    private var tangential = InlineArray<2, Double>(repeating: 0)
    private var radialCount = 0
    private var tangentialCount = 0

    /// The distortion, if it is of a model known here.
    var known: LensDistortion? {
        // More coefficients than the models known here have: another model.
        guard let direction, radialCount <= 6, tangentialCount <= 2 else { return nil }
        return LensDistortion(
            direction: direction, radial: radial,
            tangential: Vector2(tangential[0], tangential[1]))
    }

    init(_ value: PayloadEvent, _ reader: inout some PayloadReader) throws(OpenTrackIOFault) {
        try value.object(.distortion)
        while let (key, value) = try reader.member() {
            switch key {
            case "model":
                switch try value.text(.distortion) {
                case "Brown-Conrady D-U": direction = .undistorts
                case "Brown-Conrady U-D": direction = .distorts
                default: direction = nil
                }
            case "radial": radialCount = try Self.read(&radial, value, &reader)
            case "tangential": tangentialCount = try Self.read(&tangential, value, &reader)
            case "overscan":
                overscan = try value.number(
                    .overscan, in: 1...Double.greatestFiniteMagnitude)
            default: try reader.skip(value)
            }
        }
        guard radialCount > 0 else { throw Fault(.missing, .distortion) }
    }

    /// How many coefficients a list has; those there is room for are kept.
    private static func read<let room: Int>(
        _ coefficients: inout InlineArray<room, Double>, _ value: PayloadEvent,
        _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) -> Int {
        try value.list(.distortion)
        var count = 0
        while let value = try reader.element() {
            let coefficient = try value.number(.distortion)
            if count < room { coefficients[count] = coefficient }
            count += 1
        }
        return count
    }
}

extension OpenTrackIOSample.Rings {
    init(
        _ value: PayloadEvent, _ reader: inout some PayloadReader, _ field: OpenTrackIOFault.Field,
        _ ring: (PayloadEvent) throws(OpenTrackIOFault) -> Value
    ) throws(OpenTrackIOFault) {
        try value.object(field)
        self.init()
        while let (key, value) = try reader.member() {
            switch key {
            case "focus": focus = try ring(value)
            case "iris": iris = try ring(value)
            case "zoom": zoom = try ring(value)
            default: try reader.skip(value)
            }
        }
    }
}

extension OpenTrackIOSample.StaticBlock {
    init(_ value: PayloadEvent, _ reader: inout some PayloadReader) throws(OpenTrackIOFault) {
        self.init()
        try value.object(.static)
        while let (key, value) = try reader.member() {
            switch key {
            case "duration": duration = try .init(value, &reader, .duration)
            case "camera": try readCamera(value, &reader)
            case "lens": try readLens(value, &reader)
            default: try reader.skip(value)
            }
        }
    }

    private mutating func readCamera(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.object(.camera)
        while let (key, value) = try reader.member() {
            switch key {
            case "captureFrameRate":
                captureFrameRate = try .init(value, &reader, .captureFrameRate)
            case "activeSensorPhysicalDimensions":
                let (width, height) = try Self.extent(value, &reader, .sensor)
                sensor = Sensor(widthMillimeters: width, heightMillimeters: height)
            case "activeSensorResolution":
                let (width, height) = try Self.extent(value, &reader, .resolution)
                guard let across = UInt32(exactly: width), let down = UInt32(exactly: height)
                else { throw Fault(.outOfRange, .resolution) }
                resolution = .init(width: across, height: down)
            case "anamorphicSqueeze":
                anamorphicSqueeze = try .init(value, &reader, .anamorphicSqueeze)
            case "label": cameraLabel = try value.text(.label).hash
            case "model": cameraModel = try value.text(.label).hash
            case "serialNumber": cameraSerialNumber = try value.text(.label).hash
            default: try reader.skip(value)
            }
        }
    }

    private mutating func readLens(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.object(.staticLens)
        while let (key, value) = try reader.member() {
            switch key {
            case "model": lensModel = try value.text(.label).hash
            case "serialNumber": lensSerialNumber = try value.text(.label).hash
            default: try reader.skip(value)
            }
        }
    }

    /// Width and height, 0 … 2³¹ − 1.
    private static func extent(
        _ value: PayloadEvent, _ reader: inout some PayloadReader, _ field: Fault.Field
    ) throws(OpenTrackIOFault) -> (width: Double, height: Double) {
        try value.object(field)
        var sent: (width: Double?, height: Double?)
        while let (key, value) = try reader.member() {
            switch key {
            case "width": sent.width = try value.number(field, in: 0...0x7FFF_FFFF)
            case "height": sent.height = try value.number(field, in: 0...0x7FFF_FFFF)
            default: try reader.skip(value)
            }
        }
        guard let width = sent.width, let height = sent.height else { throw Fault(.missing, field) }
        return (width, height)
    }
}
