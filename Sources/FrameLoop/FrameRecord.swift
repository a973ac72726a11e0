public import FrameModel
import StageModel
public import Timing

/// A frame's inputs as bytes, but for the live state and the scene: little-endian, in the order of
/// the fields, then each packet.
public struct FrameRecord: Sendable {
    /// Frame index on the TAI grid.
    public var frame: Int64
    /// The frame the live state is read at.
    public var liveFrame: Int64
    /// The clocks at the tick.
    public var clock: ClockSample
    /// When the frame's photons left the wall, host clock.
    public var lightTime: HostTime
    /// The scene the live state names was there.
    public var hasScene: Bool
    /// The scene a crossfade came from was there.
    public var hasLeaving: Bool
    /// What the walls showed last, where limiters asked.
    public var wallLight = WallLight()
    /// The pictures of the scene's movies, by their numbers; −1: the one in the scene's block.
    public var movies = Movies(repeating: -1)
    /// Those of the leaving scene's.
    public var leavingMovies = Movies(repeating: -1)
    /// Quality step.
    public var quality: UInt8
    /// The datagrams, in order of arrival.
    public var packets: [Packet]

    /// A number for each movie of a scene.
    public typealias Movies = InlineArray<4, Int64>

    /// One datagram.
    public struct Packet: Sendable, Equatable {
        /// Index of its source.
        public var source: Int
        /// Sender's IPv4 address, host byte order.
        public var sender: UInt32
        /// UDP port it was sent from.
        public var senderPort: UInt16
        /// When the kernel had it, host clock.
        public var arrivalTime: HostTime
        /// The payload.
        public var bytes: [UInt8]
    }

    /// Frames of any grid before the year 3000 at 1000 Hz.
    private static let frames: Range<Int64> = 0..<(1 << 45)
    private static let headSize = 6 * 8 + 3 + 4
    /// Bits of the byte that says what is there.
    private static let (sceneBit, leavingBit, lightBit): (UInt8, UInt8, UInt8) = (1, 2, 4)
    private static let movieBit: UInt8 = 8
    private static let movieSize = 2 * SceneLimits.movies * 8
    private static let lightSize = StageLimits.walls * 3 * 4
    private static let packetSize = 1 + 4 + 2 + 8 + 2

    /// Bytes a frame's record takes.
    /// - Frame path: yes
    static func byteCount(_ inputs: FrameInputs) -> Int {
        var count = headSize &+ (inputs.wallLight.isMeasured ? lightSize : 0)
        if hasMovies(inputs) { count &+= movieSize }
        for packet in inputs.packets {
            count &+= packetSize &+ min(packet.bytes.count, Int(UInt16.max))
        }
        return count
    }

    /// Some movie shows another picture than the one in its scene's block.
    private static func hasMovies(_ inputs: FrameInputs) -> Bool {
        for movie in 0..<SceneLimits.movies
        where inputs.movies[movie].number >= 0 || inputs.leavingMovies[movie].number >= 0 {
            return true
        }
        return false
    }

    /// Lays a frame's record down.
    /// - Frame path: yes
    static func encode(_ inputs: FrameInputs, into memory: UnsafeMutableRawPointer) {
        var at = memory
        put(inputs.frame, &at)
        put(inputs.liveFrame, &at)
        put(inputs.clock.host.nanoseconds, &at)
        put(inputs.clock.realtimeNanoseconds, &at)
        put(inputs.clock.tai.nanoseconds, &at)
        put(inputs.lightTime.nanoseconds, &at)
        put(UInt8(inputs.clock.usesConfiguredOffset ? 1 : 0), &at)
        let light = inputs.wallLight.isMeasured ? lightBit : 0
        let leaving = inputs.leaving == nil ? 0 : leavingBit
        let movies = hasMovies(inputs) ? movieBit : 0
        put((inputs.scene == nil ? 0 : sceneBit) | leaving | light | movies, &at)
        put(inputs.quality, &at)
        if inputs.wallLight.isMeasured {
            for wall in 0..<StageLimits.walls {
                for channel in 0..<3 {
                    put(inputs.wallLight.means[wall][channel].bitPattern, &at)
                }
            }
        }
        if movies != 0 {
            for movie in 0..<SceneLimits.movies { put(inputs.movies[movie].number, &at) }
            for movie in 0..<SceneLimits.movies { put(inputs.leavingMovies[movie].number, &at) }
        }
        put(UInt32(inputs.packets.count), &at)
        for packet in inputs.packets {
            let count = min(packet.bytes.count, Int(UInt16.max))
            put(UInt8(truncatingIfNeeded: packet.source), &at)
            put(packet.sender, &at)
            put(packet.senderPort, &at)
            put(packet.arrivalTime.nanoseconds, &at)
            put(UInt16(count), &at)
            if let bytes = packet.bytes.baseAddress { at.copyMemory(from: bytes, byteCount: count) }
            at += count
        }
    }

    @inline(__always)
    private static func put<Number: FixedWidthInteger & BitwiseCopyable>(
        _ number: Number, _ at: inout UnsafeMutableRawPointer
    ) {
        at.storeBytes(of: number.littleEndian, as: Number.self)
        at += MemoryLayout<Number>.size
    }

    /// The record some bytes are, or nil.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        var reader = Reader(bytes: bytes)
        guard let frame = reader.take(Int64.self), let liveFrame = reader.take(Int64.self),
            let host = reader.take(Int64.self), let realtime = reader.take(Int64.self),
            let tai = reader.take(Int64.self), let lightTime = reader.take(Int64.self),
            let configured = reader.take(UInt8.self), let there = reader.take(UInt8.self),
            let quality = reader.take(UInt8.self),
            let light = FrameRecord.light(there & FrameRecord.lightBit != 0, &reader),
            let movies = FrameRecord.movies(there & FrameRecord.movieBit != 0, &reader),
            let leavingMovies = FrameRecord.movies(there & FrameRecord.movieBit != 0, &reader),
            let count = reader.take(UInt32.self),
            Self.frames ~= frame, Self.frames ~= liveFrame,
            [host, realtime, tai, lightTime].allSatisfy({ 0..<(1 << 62) ~= $0 }),
            Int(count) <= bytes.count / Self.packetSize
        else { return nil }
        self.frame = frame
        self.liveFrame = liveFrame
        clock = ClockSample(
            host: HostTime(nanoseconds: host), realtimeNanoseconds: realtime,
            tai: TAITime(nanoseconds: tai), usesConfiguredOffset: configured != 0)
        self.lightTime = HostTime(nanoseconds: lightTime)
        wallLight = light
        (self.movies, self.leavingMovies) = (movies, leavingMovies)
        hasScene = there & Self.sceneBit != 0
        hasLeaving = there & Self.leavingBit != 0
        self.quality = quality
        packets = []
        packets.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let source = reader.take(UInt8.self), let sender = reader.take(UInt32.self),
                let port = reader.take(UInt16.self), let arrival = reader.take(Int64.self),
                let size = reader.take(UInt16.self),
                let payload = reader.take(count: Int(size))
            else { return nil }
            packets.append(
                Packet(
                    source: Int(source), sender: sender, senderPort: port,
                    arrivalTime: HostTime(nanoseconds: arrival), bytes: payload))
        }
        guard reader.isAtEnd else { return nil }
    }

    /// Numbers of pictures, none of them absurd.
    private static func movies(_ areTold: Bool, _ reader: inout Reader) -> Movies? {
        var movies = Movies(repeating: -1)
        guard areTold else { return movies }
        for movie in 0..<SceneLimits.movies {
            guard let number = reader.take(Int64.self), -1..<(1 << 45) ~= number else {
                return nil
            }
            movies[movie] = number
        }
        return movies
    }

    /// The walls' light, all of it finite; nothing measured where there is none.
    private static func light(_ isMeasured: Bool, _ reader: inout Reader) -> WallLight? {
        var light = WallLight()
        guard isMeasured else { return light }
        light.isMeasured = true
        for wall in 0..<StageLimits.walls {
            for channel in 0..<3 {
                guard let bits = reader.take(UInt32.self) else { return nil }
                let value = Float(bitPattern: bits)
                guard value.isFinite else { return nil }
                light.means[wall][channel] = value
            }
        }
        return light
    }

    /// Takes numbers and bytes off the front; nil where there are too few.
    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        var at = 0

        var isAtEnd: Bool { at == bytes.count }

        mutating func take<Number: FixedWidthInteger & BitwiseCopyable>(
            _ type: Number.Type
        ) -> Number? {
            let size = MemoryLayout<Number>.size
            guard bytes.count - at >= size else { return nil }
            defer { at += size }
            return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: type))
        }

        mutating func take(count: Int) -> [UInt8]? {
            guard bytes.count - at >= count else { return nil }
            defer { at += count }
            return [UInt8](bytes[at..<at + count])
        }
    }
}
