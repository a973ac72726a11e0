import Geometry

/// The words of a producer, of which a decoded sample keeps only fingerprints.
///
/// Unreal names its subject by the camera's make, model, serial number and label; give all four.
public struct OpenTrackIOWords: Sendable, Equatable {
    /// The tracker's status, free text.
    public var trackerStatus: String?
    /// The slate being recorded.
    public var slate: String?
    /// Who made the camera.
    public var cameraMake: String?
    /// The camera's model.
    public var cameraModel: String?
    /// The camera's serial number.
    public var cameraSerialNumber: String?
    /// What the user calls the camera.
    public var cameraLabel: String?
    /// Who made the lens.
    public var lensMake: String?
    /// The lens' model.
    public var lensModel: String?
    /// The lens' serial number.
    public var lensSerialNumber: String?

    /// No words at all.
    public init() {}
}

extension OpenTrackIOSample {
    /// The version written.
    public static var writtenVersion: Version { Version(1, 0, 1) }

    /// Writes the sample as a payload of OpenTrackIO 1.0.1 and says how many bytes it took.
    ///
    /// What is written is read again before it counts: a sample we would refuse is not sent, and
    /// throws what it would be refused for. The pose is one transform, "Camera"; distortion
    /// always has 6 radial and 2 tangential terms, without which Unreal takes none; fingerprints
    /// are not written, `words` stand for them. Not for the frame path: it allocates.
    public func encode(
        as encoding: OpenTrackIOHeader.Encoding, words: OpenTrackIOWords = OpenTrackIOWords(),
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(OpenTrackIOFault) -> Int {
        let (count, isFull) =
            switch encoding {
            case .json: written(JSONWriter(buffer), words)
            case .cbor: written(CBORWriter(buffer), words)
            }
        guard !isFull else { throw OpenTrackIOFault(.noRoom) }
        _ = try OpenTrackIOSample(
            payload: UnsafeRawBufferPointer(rebasing: buffer[..<count]), encoding: encoding)
        return count
    }

    /// The payload as JSON.
    ///
    /// Not for the frame path: it allocates.
    public func text(
        _ words: OpenTrackIOWords = OpenTrackIOWords()
    ) throws(OpenTrackIOFault) -> String {
        var bytes = [UInt8](repeating: 0, count: TrackingLimits.payloadBytes)
        let result = bytes.withUnsafeMutableBytes { room in
            Result { () throws(OpenTrackIOFault) in
                try encode(as: .json, words: words, into: room)
            }
        }
        return String(decoding: bytes[..<(try result.get())], as: UTF8.self)
    }

    private func written(
        _ writer: some PayloadWriter, _ words: OpenTrackIOWords
    ) -> (count: Int, isFull: Bool) {
        var writer = writer
        writer.beginObject()
        if let block = `static` { block.write(&writer, words) }
        tracker.write(&writer, words)
        timing.write(&writer)
        lens.write(&writer)
        writeProtocol(&writer)
        if let sampleID { writer.member("sampleId", sampleID.description) }
        if let sourceID { writer.member("sourceId", sourceID.description) }
        writer.member("sourceNumber", sourceNumber)
        if let trackerFromSensor { Self.write(trackerFromSensor, &writer) }
        writer.end()
        return (writer.count, writer.isFull)
    }

    private func writeProtocol(_ writer: inout some PayloadWriter) {
        writer.object("protocol") {
            $0.member("name", "OpenTrackIO")
            $0.list("version") {
                let version = Self.writtenVersion
                $0.integer(UInt64(version.major))
                $0.integer(UInt64(version.minor))
                $0.integer(UInt64(version.patch))
            }
        }
    }

    private static func write(_ pose: Pose, _ writer: inout some PayloadWriter) {
        let (turn, place, degree) = (pose.rotation.panTiltRoll, pose.translation, Double.pi / 180)
        writer.list("transforms") {
            $0.beginObject()
            $0.object("translation") {
                $0.member("x", place.x)
                $0.member("y", place.y)
                $0.member("z", place.z)
            }
            $0.object("rotation") {
                $0.member("pan", turn.pan / degree)
                $0.member("tilt", turn.tilt / degree)
                $0.member("roll", turn.roll / degree)
            }
            $0.member("id", "Camera")
            $0.end()
        }
    }
}

extension OpenTrackIOSample.TrackerBlock {
    fileprivate func write(_ writer: inout some PayloadWriter, _ words: OpenTrackIOWords) {
        if isRecording == nil, words.slate == nil, words.trackerStatus == nil { return }
        writer.object("tracker") {
            $0.member("recording", isRecording)
            $0.member("slate", words.slate)
            $0.member("status", words.trackerStatus)
        }
    }
}

extension OpenTrackIOSample.StaticBlock {
    fileprivate func write(_ writer: inout some PayloadWriter, _ words: OpenTrackIOWords) {
        writer.object("static") {
            $0.member("duration", duration)
            $0.object("camera") { writeCamera(&$0, words) }
            $0.object("lens") {
                $0.member("make", words.lensMake)
                $0.member("model", words.lensModel)
                $0.member("serialNumber", words.lensSerialNumber)
            }
        }
    }

    private func writeCamera(_ writer: inout some PayloadWriter, _ words: OpenTrackIOWords) {
        writer.member("captureFrameRate", captureFrameRate)
        if let sensor {
            writer.object("activeSensorPhysicalDimensions") {
                $0.member("height", sensor.heightMillimeters)
                $0.member("width", sensor.widthMillimeters)
            }
        }
        if let resolution {
            writer.object("activeSensorResolution") {
                $0.member("height", resolution.height)
                $0.member("width", resolution.width)
            }
        }
        writer.member("make", words.cameraMake)
        writer.member("model", words.cameraModel)
        writer.member("serialNumber", words.cameraSerialNumber)
        writer.member("label", words.cameraLabel)
        writer.member("anamorphicSqueeze", anamorphicSqueeze)
    }
}
