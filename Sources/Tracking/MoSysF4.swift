public import Geometry

/// Mo-Sys F4 frames: a camera's pose, lens and timecode as a list of five-byte axis blocks.
///
/// Layout as the BSD-3 reader of SMPTE's camdkit has it: 0xF4, camera id, number of axes, status,
/// the axis blocks, a checksum. For recordings only: the stage itself listens to FreeD.
public enum MoSysF4 {
    /// First byte of a frame.
    public static let messageType: UInt8 = 0xF4
    /// Bytes of one axis block: its id, its status, three of data.
    static let blockSize = 5
    /// Bytes before the first axis block.
    static let headSize = 4
    /// Bytes of the longest frame: 255 axes, their head and the checksum.
    public static let frameSizeMax = 255 * 5 + 5

    /// Why bytes are not an F4 frame.
    public enum Fault: Error, Equatable, Sendable {
        /// The first byte is not F4.
        case wrongType
        /// A frame without axes says nothing.
        case noAxes
        /// The bytes end before the frame does.
        case cutOff
        /// The last byte is not 0x40 less the sum of the others.
        case badChecksum
    }

    /// Bytes of the frame that begins here.
    public static func frameSize(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> Int {
        guard let type = bytes.first else { throw .cutOff }
        guard type == messageType else { throw .wrongType }
        guard bytes.count > 2 else { throw .cutOff }
        guard bytes[2] > 0 else { throw .noAxes }
        let size = headSize + Int(bytes[2]) * blockSize + 1
        guard bytes.count >= size else { throw .cutOff }
        return size
    }

    /// The frame that begins here; what lies behind it is not looked at.
    ///
    /// Axes that are not known are passed over; of an axis sent twice the later one counts.
    public static func decode(_ bytes: UnsafeRawBufferPointer) throws(Fault) -> Frame {
        let size = try frameSize(bytes)
        var sum: UInt8 = 0
        for i in 0..<size { sum &+= bytes[i] }
        // 0x40 less all before the checksum is the checksum: with it the sum is 0x40.
        guard sum == 0x40 else { throw .badChecksum }
        return frame(bytes, size: size)
    }

    /// The frame of a checked size and sum.
    static func frame(_ bytes: UnsafeRawBufferPointer, size: Int) -> Frame {
        var frame = Frame(cameraID: bytes[1], status: bytes[3])
        for start in stride(from: headSize, to: size - 1, by: blockSize) {
            frame.take(
                Block(
                    id: bytes[start], status: bytes[start + 1],
                    data: UInt32(bytes[start + 2]) << 16 | UInt32(bytes[start + 3]) << 8
                        | UInt32(bytes[start + 4])))
        }
        return frame
    }
}

extension MoSysF4 {
    /// What the tracker says of its own tracking.
    public enum Quality: UInt8, BitwiseCopyable, Sendable {
        /// Nothing is said.
        case undefined
        /// It tracks.
        case tracking
        /// Optically, well.
        case opticalGood
        /// Optically, well enough.
        case opticalAcceptable
        /// Optically, not to be relied on.
        case opticalUnreliable
        /// Optically, and it jumps.
        case opticalUnstable
        /// The optical tracking is lost.
        case opticalLost
        /// Lost, because too few stars are seen.
        case tooFewStars
        /// It looks for where it is.
        case searching
        /// Busy or waiting.
        case busy
        /// Busy loading its map.
        case loadingMap
        /// It has no map.
        case noMap
        /// A test signal, no measurement.
        case testSignal
        /// Measured by mechanical encoders only.
        case encodersOnly
        /// A fault of its lines.
        case lineFault
        /// A fault of its own.
        case internalFault
    }

    /// Hours, minutes, seconds and frames of a timecode.
    public struct Timecode: BitwiseCopyable, Sendable, Equatable {
        /// Hours, 0 … 23.
        public var hours: UInt8
        /// Minutes, 0 … 59.
        public var minutes: UInt8
        /// Seconds, 0 … 59.
        public var seconds: UInt8
        /// Frames, 0 … rate − 1.
        public var frames: UInt8
        /// Frames a second: 24, 25 or 30.
        public var rate: UInt8

        /// A time of day at so many frames a second.
        public init(hours: UInt8, minutes: UInt8, seconds: UInt8, frames: UInt8, rate: UInt8) {
            self.hours = hours
            self.minutes = minutes
            self.seconds = seconds
            self.frames = frames
            self.rate = rate
        }
    }

    /// The axes of a pose, as a frame may or may not have them.
    public struct Axes: OptionSet, BitwiseCopyable, Sendable {
        /// One bit an axis.
        public let rawValue: UInt8
        /// A set of its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Pan.
        public static let pan = Axes(rawValue: 1)
        /// Tilt.
        public static let tilt = Axes(rawValue: 2)
        /// Roll.
        public static let roll = Axes(rawValue: 4)
        /// X.
        public static let x = Axes(rawValue: 8)
        /// Y.
        public static let y = Axes(rawValue: 16)
        /// Height.
        public static let height = Axes(rawValue: 32)
    }

    /// One frame; a pose axis that was not sent is 0, a lens value that was not sent is nil.
    public struct Frame: BitwiseCopyable, Sendable, Equatable {
        /// The camera that speaks.
        public var cameraID: UInt8
        /// Frames counted modulo 16.
        public var frameCount: UInt8
        /// The tracker records.
        public var isRecording: Bool
        /// The tracker is locked to genlock.
        public var isSynchronized: Bool
        /// The pose axes that were sent.
        public var axes: Axes = []
        /// Pan in degrees, its sign as sent.
        public var panDegrees = 0.0
        /// Tilt in degrees, its sign as sent.
        public var tiltDegrees = 0.0
        /// Roll in degrees, its sign as sent.
        public var rollDegrees = 0.0
        /// X, Y and height, metres.
        ///
        /// Sent in thousandths: of a centimetre, by what the captured move can only mean; camdkit
        /// takes them for thousandths of a metre.
        public var position = Vector3.zero
        /// Focus ring counts.
        public var focus: UInt16?
        /// Zoom ring counts.
        public var zoom: UInt16?
        /// Iris ring counts.
        public var iris: UInt16?
        /// Entrance pupil from the sensor, metres.
        public var entrancePupil: Float?
        /// First radial distortion coefficient, in the sender's own unit.
        public var k1: Float?
        /// Second radial distortion coefficient, in the sender's own unit.
        public var k2: Float?
        /// The timecode.
        public var timecode: Timecode?
        /// What the tracker says of its own tracking.
        public var quality: Quality?
    }
}

/// One axis of a frame: three bytes of data, with its status byte four.
private struct Block {
    var id: UInt8
    var status: UInt8
    var data: UInt32

    /// The data as a signed number of 24 bits, of thousandths.
    var thousandths: Double { Double(Int32(bitPattern: data << 8) >> 8) / 1000 }

    var counts: UInt16 { UInt16(truncatingIfNeeded: data) }

    /// The last four bytes as a number; nil where it is not one.
    var float: Float? {
        let value = Float(bitPattern: UInt32(status) << 24 | data)
        return value.isFinite ? value : nil
    }

    /// Rate in bits 5 and 6 of the status, then six bits each of hours, minutes, seconds, frames;
    /// nil where it is no time of day.
    var timecode: MoSysF4.Timecode? {
        let rates: InlineArray<4, UInt8> = [24, 25, 30, 0]
        let code = MoSysF4.Timecode(
            hours: UInt8(data >> 18 & 63), minutes: UInt8(data >> 12 & 63),
            seconds: UInt8(data >> 6 & 63), frames: UInt8(data & 63),
            rate: rates[Int(status >> 5 & 3)])
        guard code.hours < 24, code.minutes < 60, code.seconds < 60, code.frames < code.rate
        else { return nil }
        return code
    }
}

extension MoSysF4.Frame {
    /// A frame before its first axis; `status`: frame count in bits 0 to 3, recording in bit 4,
    /// genlock in bit 5.
    init(cameraID: UInt8, status: UInt8) {
        self.cameraID = cameraID
        frameCount = status & 15
        isRecording = status & 16 != 0
        isSynchronized = status & 32 != 0
    }

    fileprivate mutating func take(_ block: Block) {
        switch block.id {
        case 0x01: (panDegrees, axes) = (block.thousandths, axes.union(.pan))
        case 0x02: (tiltDegrees, axes) = (block.thousandths, axes.union(.tilt))
        case 0x13: (rollDegrees, axes) = (block.thousandths, axes.union(.roll))
        case 0x05: (position.x, axes) = (block.thousandths / 100, axes.union(.x))
        case 0x06: (position.y, axes) = (block.thousandths / 100, axes.union(.y))
        case 0x07: (position.z, axes) = (block.thousandths / 100, axes.union(.height))
        case 0x03: focus = block.counts
        case 0x04: zoom = block.counts
        case 0x0D: iris = block.counts
        case 0x50: entrancePupil = block.float
        case 0x51: k1 = block.float
        case 0x52: k2 = block.float
        case 0xF8: timecode = block.timecode
        // The upper half of the middle byte.
        case 0xF9: quality = MoSysF4.Quality(rawValue: UInt8(block.data >> 12 & 15))
        default: break
        }
    }

    /// The FreeD message that says the same: signs as they are, centimetres as millimetres, the
    /// frame count in the spare word's upper four bits.
    public var freeD: FreeD.Message {
        func counts(_ value: Double) -> Int32 {
            Int32(Swift.max(-8_388_608, Swift.min(8_388_607, value.rounded())))
        }
        return FreeD.Message(
            cameraID: cameraID, pan: counts(panDegrees * 32768), tilt: counts(tiltDegrees * 32768),
            roll: counts(rollDegrees * 32768), x: counts(position.x * 64000),
            y: counts(position.y * 64000), z: counts(position.z * 64000),
            zoom: UInt32(zoom ?? 0), focus: UInt32(focus ?? 0), spare: UInt16(frameCount) << 12)
    }
}
