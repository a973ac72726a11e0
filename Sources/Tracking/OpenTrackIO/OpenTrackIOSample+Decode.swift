import Geometry

private typealias Fault = OpenTrackIOFault

extension OpenTrackIOSample {
    /// The sample a whole payload says.
    ///
    /// Unknown members are left out, integers and floats taken for one another, null is absent,
    /// and these names of drafts before 1.0 are understood: focalLength, frameRate,
    /// perspectiveShift, distortionShift, timecode.format. Work and depth are bounded by the
    /// payload's bytes and `TrackingLimits`.
    /// - Frame path: yes
    public init(
        payload: UnsafeRawBufferPointer, encoding: OpenTrackIOHeader.Encoding
    ) throws(OpenTrackIOFault) {
        self.init()
        switch encoding {
        case .json:
            var reader = JSONReader(payload)
            try read(&reader)
        case .cbor:
            var reader = CBORReader(payload)
            try read(&reader)
        }
    }

    private mutating func read(_ reader: inout some PayloadReader) throws(OpenTrackIOFault) {
        try reader.next().object(.payload)
        while let (key, value) = try reader.member() {
            switch key {
            case "protocol": try readProtocol(value, &reader)
            case "sampleId": sampleID = OpenTrackIOIdentifier(try value.text(.sampleID))
            case "sourceId": sourceID = OpenTrackIOIdentifier(try value.text(.sourceID))
            case "sourceNumber": sourceNumber = try Self.sourceNumber(value)
            case "transforms": trackerFromSensor = try TransformChain.pose(value, &reader)
            case "tracker": try tracker.read(value, &reader)
            case "timing": try timing.read(value, &reader)
            case "lens": try lens.read(value, &reader)
            case "static": `static` = try StaticBlock(value, &reader)
            default: try reader.skip(value)
            }
        }
        try reader.finish()
    }

    /// 0 and 201 … 255 are to be discarded (OpenTrackIO 1.0.1, addressing).
    private static func sourceNumber(_ value: PayloadEvent) throws(OpenTrackIOFault) -> UInt32 {
        let number: UInt32 = try value.integer(.sourceNumber, in: 1...UInt32.max)
        guard !(201...255).contains(number) else { throw Fault(.outOfRange, .sourceNumber) }
        return number
    }

    private mutating func readProtocol(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.object(.protocolName)
        while let (key, value) = try reader.member() {
            switch key {
            case "name":
                guard "OpenTrackIO" ~= (try value.text(.protocolName)) else {
                    throw Fault(.outOfRange, .protocolName)
                }
            case "version": version = try Self.version(value, &reader)
            default: try reader.skip(value)
            }
        }
    }

    private static func version(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) -> Version {
        try value.list(.protocolVersion)
        var digits = InlineArray<3, UInt8>(repeating: 0)
        var count = 0
        while let value = try reader.element() {
            guard count < 3 else { throw Fault(.tooMany, .protocolVersion) }
            digits[count] = try value.integer(.protocolVersion, in: 0...9)
            count += 1
        }
        guard count == 3 else { throw Fault(.missing, .protocolVersion) }
        return Version(digits[0], digits[1], digits[2])
    }
}

extension OpenTrackIOSample.TrackerBlock {
    mutating func read(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.object(.tracker)
        while let (key, value) = try reader.member() {
            switch key {
            case "recording": isRecording = try value.boolean(.recording)
            case "slate": slate = try value.text(.slate).hash
            case "status":
                let text = try value.text(.status)
                status = text.hash
                saysLost = text.contains("lost")
            default: try reader.skip(value)
            }
        }
    }
}

extension OpenTrackIOSample.Ratio {
    init(
        _ value: PayloadEvent, _ reader: inout some PayloadReader, _ field: OpenTrackIOFault.Field
    ) throws(OpenTrackIOFault) {
        try value.object(field)
        var sent: (numerator: UInt32?, denominator: UInt32?)
        while let (key, value) = try reader.member() {
            switch key {
            case "num": sent.numerator = try value.integer(field, in: 1...0x7FFF_FFFF)
            case "denom": sent.denominator = try value.integer(field, in: 1...UInt32.max)
            default: try reader.skip(value)
            }
        }
        guard let numerator = sent.numerator, let denominator = sent.denominator else {
            throw OpenTrackIOFault(.missing, field)
        }
        self.init(numerator, denominator)
    }
}
