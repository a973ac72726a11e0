import Geometry
public import Tracking

extension TrackRun {
    /// A recorded move, as a file has it.
    public struct Recording: Sendable {
        /// Formats a recording may have; told apart by what the bytes are, not by the file's name.
        public enum Format: String, Codable, Sendable {
            /// Mo-Sys F4 frames.
            case f4
            /// FreeD D1 messages of 29 bytes, one after another.
            case freed
        }

        /// Why bytes are no recording to play.
        public enum Fault: Error, Equatable, Sendable {
            /// Neither F4 frames nor 29-byte FreeD messages.
            case unknownFormat
            /// No frame of the camera asked for; the cameras that are there.
            case noSuchCamera([UInt8])
            /// Several cameras, and none asked for.
            case severalCameras([UInt8])
            /// More frames than are taken.
            case tooLong
        }

        /// An hour at 240 frames a second; a longer one is cut before it is judged.
        public static let framesMax = 864_000
        /// Bytes of such a recording at 200 a frame, twice what trackers send.
        public static let bytesMax = framesMax * 200

        /// What it was read as.
        public var format: Format
        /// The camera the frames are of.
        public var cameraID: UInt8
        /// The move, one place a frame; nil where frames are missing.
        public var frames: [FreeD.Message?]
        /// Bytes that belong to no frame.
        public var skippedBytes: Int

        /// Frames that are there.
        public var count: Int { frames.count { $0 != nil } }

        /// The recording that some bytes are.
        ///
        /// - Parameters:
        ///   - bytes: the whole file.
        ///   - cameraID: the camera wanted; nil where there is only one.
        public init(_ bytes: [UInt8], cameraID: UInt8?) throws(Fault) {
            let messages: [FreeD.Message?]
            if let freeD = Self.freeD(bytes) {
                (format, messages) = (.freed, freeD)
                skippedBytes = FreeD.messageSize * freeD.count { $0 == nil }
            } else {
                format = .f4
                (messages, skippedBytes) = Self.f4(bytes)
            }
            guard messages.count <= Self.framesMax else { throw .tooLong }
            let cameras = Set(messages.compactMap(\.?.cameraID)).sorted()
            guard !cameras.isEmpty else { throw .unknownFormat }
            guard cameraID != nil || cameras.count == 1 else { throw .severalCameras(cameras) }
            let wanted = cameraID ?? cameras[0]
            self.cameraID = wanted
            guard cameras.contains(wanted) else { throw .noSuchCamera(cameras) }
            let ours = messages.filter { $0 == nil || $0?.cameraID == wanted }
            frames = format == .f4 ? Self.placed(ours) : ours
            guard frames.count <= Self.framesMax else { throw .tooLong }
        }

        /// FreeD messages from the first byte on, damaged ones nil; nil when the first one is none.
        private static func freeD(_ bytes: [UInt8]) -> [FreeD.Message?]? {
            guard bytes.count % FreeD.messageSize == 0 else { return nil }
            let messages = bytes.withUnsafeBytes { bytes in
                stride(from: 0, to: bytes.count, by: FreeD.messageSize).map { start in
                    try? FreeD.decode(
                        UnsafeRawBufferPointer(
                            rebasing: bytes[start..<(start + FreeD.messageSize)]))
                }
            }
            guard let first = messages.first, first != nil else { return nil }
            return messages
        }

        /// F4 frames over damage and back into step; those without a pan are no camera's.
        private static func f4(_ bytes: [UInt8]) -> ([FreeD.Message?], skippedBytes: Int) {
            var recording = MoSysF4.Recording(bytes)
            var messages: [FreeD.Message?] = []
            while let frame = recording.next(), messages.count <= framesMax {
                if frame.axes.contains(.pan) { messages.append(frame.freeD) }
            }
            return (messages, recording.skippedBytes)
        }

        /// Each message at its own frame: F4 counts them modulo 16, and shows where some are gone.
        private static func placed(_ messages: [FreeD.Message?]) -> [FreeD.Message?] {
            var frames: [FreeD.Message?] = []
            for message in messages where frames.count <= framesMax {
                if let message, let last = frames.last ?? nil {
                    let step = Int((message.spare >> 12) &- (last.spare >> 12)) & 15
                    if step > 1 { frames += repeatElement(nil, count: step - 1) }
                }
                frames.append(message)
            }
            return frames
        }
    }

    /// What `track evaluate` tells.
    public struct Evaluation: Codable, Sendable {
        /// The file's name.
        public var file: String
        /// What it was read as.
        public var format: Recording.Format
        /// The camera.
        public var cameraID: UInt8
        /// Frames a second it was played at.
        public var rate: Double
        /// Frames in it.
        public var frames: Int
        /// Frames missing in it, by its own count.
        public var missing: Int
        /// Bytes that belong to no frame.
        public var skippedBytes: Int
        /// The predictor's kind.
        public var predictor: String
        /// Samples that turning is fitted to.
        public var turningSamples: Int
        /// Samples that the speed is fitted to.
        public var velocitySamples: Int
        /// Packets lost on purpose, percent.
        public var lossPercent: Double
        /// The seed that chose them.
        public var seed: UInt64
        /// Distance of the wall, metres.
        public var wallMeters: Double
        /// Focal length, mm.
        public var focalLengthMillimeters: Double
        /// Width and height of the sensor, mm.
        public var sensorMillimeters: [Double]
        /// Pixels across the picture.
        public var pixelsWide: Double
        /// What the chosen predictor errs by.
        public var chosen: Tracking.Trial.Outcome
        /// What holding the newest pose errs by.
        public var hold: Tracking.Trial.Outcome
    }

    /// Plays a recording through the timeline the stage uses, with the trial's prediction and with
    /// none.
    public static func evaluate(
        _ recording: Recording, file: String, trial: Tracking.Trial, horizons: [Double]
    ) -> Evaluation {
        var holding = trial
        holding.prediction = .hold
        let sensor = trial.picture.sensor
        return Evaluation(
            file: file, format: recording.format, cameraID: recording.cameraID, rate: trial.rate,
            frames: recording.count, missing: recording.frames.count - recording.count,
            skippedBytes: recording.skippedBytes, predictor: trial.prediction.kind.rawValue,
            turningSamples: trial.prediction.turningWindow,
            velocitySamples: trial.prediction.velocityWindow, lossPercent: trial.loss * 100,
            seed: trial.seed, wallMeters: trial.wallDistance,
            focalLengthMillimeters: trial.picture.lens.focalLengthMillimeters,
            sensorMillimeters: [sensor.widthMillimeters, sensor.heightMillimeters],
            pixelsWide: trial.picture.pixelsWide, chosen: trial.run(horizons: horizons),
            hold: holding.run(horizons: horizons))
    }
}
