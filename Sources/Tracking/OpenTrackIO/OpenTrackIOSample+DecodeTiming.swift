private typealias Fault = OpenTrackIOFault

extension OpenTrackIOSample.TimingBlock {
    mutating func read(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.object(.timing)
        while let (key, value) = try reader.member() {
            switch key {
            case "mode":
                switch try value.text(.mode) {
                case "internal": mode = .internal
                case "external": mode = .external
                default: throw Fault(.outOfRange, .mode)
                }
            case "sampleRate", "frameRate": sampleRate = try .init(value, &reader, .sampleRate)
            case "sampleTimestamp": sampleTimestamp = try .init(value, &reader)
            case "sequenceNumber":
                sequenceNumber = try value.integer(.sequenceNumber, in: 0...UInt32.max)
            case "timecode": timecode = try .init(value, &reader)
            case "synchronization": synchronization = try .init(value, &reader)
            default: try reader.skip(value)
            }
        }
    }
}

extension OpenTrackIOSample.Timestamp {
    init(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.object(.sampleTimestamp)
        var sent: (seconds: UInt64?, nanoseconds: UInt32?)
        while let (key, value) = try reader.member() {
            switch key {
            case "seconds":
                sent.seconds = try value.integer(.sampleTimestamp, in: 0...0xFFFF_FFFF_FFFF)
            case "nanoseconds":
                sent.nanoseconds = try value.integer(.sampleTimestamp, in: 0...UInt32.max)
            default: try reader.skip(value)
            }
        }
        guard let seconds = sent.seconds, let nanoseconds = sent.nanoseconds else {
            throw Fault(.missing, .sampleTimestamp)
        }
        self.init(seconds: seconds, nanoseconds: nanoseconds)
    }
}

extension OpenTrackIOSample.Timecode {
    /// The members of a timecode as they come.
    private struct Sent {
        var hours, minutes, seconds, frames: UInt8?
        var rate: OpenTrackIOSample.Ratio?
        var subFrame: UInt32 = 0
        var dropsFrames = false
    }

    init(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        var sent = Sent()
        try Self.read(&sent, value, &reader)
        guard let hours = sent.hours, let minutes = sent.minutes, let seconds = sent.seconds,
            let frames = sent.frames, let rate = sent.rate
        else { throw Fault(.missing, .timecode) }
        guard Double(frames) < rate.value.rounded(.up) else { throw Fault(.outOfRange, .timecode) }
        self.init(
            hours: hours, minutes: minutes, seconds: seconds, frames: frames, rate: rate,
            subFrame: sent.subFrame, dropsFrames: sent.dropsFrames)
    }

    private static func read(
        _ sent: inout Sent, _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.object(.timecode)
        while let (key, value) = try reader.member() {
            switch key {
            case "hours": sent.hours = try value.integer(.timecode, in: 0...23)
            case "minutes": sent.minutes = try value.integer(.timecode, in: 0...59)
            case "seconds": sent.seconds = try value.integer(.timecode, in: 0...59)
            case "frames": sent.frames = try value.integer(.timecode, in: 0...119)
            case "frameRate": sent.rate = try .init(value, &reader, .timecode)
            case "subFrame": sent.subFrame = try value.integer(.timecode, in: 0...UInt32.max)
            case "dropFrame": sent.dropsFrames = try value.boolean(.timecode)
            // Before 1.0 the rate and what goes with it were an object of their own.
            case "format": try readFormat(&sent, value, &reader)
            default: try reader.skip(value)
            }
        }
    }

    private static func readFormat(
        _ sent: inout Sent, _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.object(.timecode)
        while let (key, value) = try reader.member() {
            switch key {
            case "frameRate": sent.rate = try .init(value, &reader, .timecode)
            case "subFrame": sent.subFrame = try value.integer(.timecode, in: 0...UInt32.max)
            case "dropFrame": sent.dropsFrames = try value.boolean(.timecode)
            default: try reader.skip(value)
            }
        }
    }
}

extension OpenTrackIOSample.Synchronization {
    init(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.object(.synchronization)
        self.init(isLocked: false, source: nil)
        var hasLock = false
        while let (key, value) = try reader.member() {
            switch key {
            case "locked":
                isLocked = try value.boolean(.synchronization)
                hasLock = true
            case "source":
                let word = try value.text(.synchronization)
                source = OpenTrackIOSample.SynchronizationSource.allCases.first { $0.word ~= word }
            case "present": isPresent = try value.boolean(.synchronization)
            case "frequency": frequency = try .init(value, &reader, .synchronization)
            case "offsets": try readOffsets(value, &reader)
            default: try reader.skip(value)
            }
        }
        guard hasLock else { throw Fault(.missing, .synchronization) }
    }

    private mutating func readOffsets(
        _ value: PayloadEvent, _ reader: inout some PayloadReader
    ) throws(OpenTrackIOFault) {
        try value.object(.offsets)
        while let (key, value) = try reader.member() {
            switch key {
            case "translation": translationOffset = try value.number(.offsets)
            case "rotation": rotationOffset = try value.number(.offsets)
            case "lensEncoders": lensEncodersOffset = try value.number(.offsets)
            default: try reader.skip(value)
            }
        }
    }
}
