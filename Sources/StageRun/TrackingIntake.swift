import FrameLoop
import FrameModel
import Platform
import StageModel
import Timing
import Tracking

/// What the loop tells of its tracking sources and the cameras on them.
struct TrackingBoard: BitwiseCopyable, Sendable {
    /// One source.
    struct Source: BitwiseCopyable, Sendable {
        var status = TrackingStatus.never
        var ageNanoseconds: Int64 = 0
        var arrivalTime = HostTime(nanoseconds: 0)
        var counters = TrackingCounters()
        var dropped: UInt64 = 0
        /// The delay now less what it was, nanoseconds.
        var delayChange: Int64 = 0
        /// That is more than a quarter of a frame.
        var isDelayAlarm = false
        /// Changes of the delay, there and back.
        var delayChanges: UInt32 = 0
        /// Arrival of the first packet after the newest of them.
        var delayChangedTime: HostTime?
        var timekeeping = Timekeeping()
    }

    var sources: InlineArray<16, Source> = InlineArray(repeating: Source())
    /// What each wall showed last.
    var walls: InlineArray<16, WallFigure> = InlineArray(repeating: WallFigure())
    /// What each camera was drawn with.
    var frusta: InlineArray<8, FrustumInUse> = InlineArray(repeating: FrustumInUse())
}

/// What a wall's limiters saw and left.
struct WallFigure: BitwiseCopyable, Sendable {
    /// Luminance in the mean, nits.
    var averageNits: Float = 0
    /// Light the limiters leave.
    var limiterLight: Float = 1
}

/// The sockets of a stage's tracking sources, one an endpoint, drained at frame start.
struct TrackingIntake {
    /// Packets a frame can take in: all a port's receiver hands over, once for every source.
    private static let packetsMax = UDPReceiver.limit * StageLimits.sources

    /// One port and who listens on it.
    private struct Port: BitwiseCopyable {
        var receiver: UDPReceiver
        /// Bit n: source n of the stage listens here.
        var sources: UInt32
    }

    /// Plain memory, not an array: the frame path touches no reference counts.
    private let ports: UnsafeMutablePointer<Port>
    private let portCount: Int
    private let sourceCount: Int
    private let packets: UnsafeMutablePointer<TrackingPacket>

    init(stage: Stage) throws {
        var opened: [(endpoint: TrackingEndpoint, port: Port)] = []
        do {
            for (index, source) in stage.sources.prefix(StageLimits.sources).enumerated() {
                guard let endpoint = source.transport.endpoint else { continue }
                if let at = opened.firstIndex(where: { $0.endpoint == endpoint }) {
                    opened[at].port.sources |= 1 << UInt32(index)
                } else {
                    let receiver = try UDPReceiver(
                        address: endpoint.address, port: endpoint.port, group: endpoint.group)
                    opened.append((endpoint, Port(receiver: receiver, sources: 1 << UInt32(index))))
                }
            }
        } catch {
            opened.forEach { $0.port.receiver.close() }
            throw error
        }
        portCount = opened.count
        ports = .allocate(capacity: opened.count)
        for (index, one) in opened.enumerated() { (ports + index).initialize(to: one.port) }
        sourceCount = min(stage.sources.count, StageLimits.sources)
        packets = .allocate(capacity: Self.packetsMax)
    }

    /// Everything that has arrived, for every source that listens on its port.
    /// - Frame path: yes
    mutating func drain(clock: ClockSample) -> UnsafeBufferPointer<TrackingPacket> {
        var count = 0
        for index in 0..<portCount {
            let listeners = ports[index].sources
            for datagram in ports[index].receiver.drain(clock: clock) {
                for source in 0..<sourceCount where listeners >> UInt32(source) & 1 != 0 {
                    packets[count] = TrackingPacket(
                        source: source, sender: datagram.sender, senderPort: datagram.senderPort,
                        arrivalTime: datagram.arrivalTime, bytes: datagram.bytes)
                    count += 1
                }
            }
        }
        return UnsafeBufferPointer(start: packets, count: count)
    }

    /// Packets dropped at a source's port, by the kernel and by the receiver.
    /// - Frame path: yes
    func dropped(source: Int) -> UInt64 {
        for index in 0..<portCount where ports[index].sources >> UInt32(source) & 1 != 0 {
            let receiver = ports[index].receiver
            return receiver.dropped &+ receiver.droppedByKernel
        }
        return 0
    }

    func close() {
        for index in 0..<portCount { ports[index].receiver.close() }
        ports.deallocate()
        packets.deallocate()
    }
}
