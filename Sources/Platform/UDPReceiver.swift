import CPlatform
import Glibc
public import Timing

/// A datagram that has arrived.
public struct ReceivedDatagram: BitwiseCopyable {
    /// Sender's IPv4 address, host byte order.
    public var sender: UInt32
    /// Sender's port.
    public var senderPort: UInt16
    /// When the kernel had it, on the host clock.
    public var arrivalTime: HostTime
    /// The payload, valid until the next `drain`; cut off at `UDPReceiver.slotSize`.
    public var bytes: UnsafeRawBufferPointer
}

/// A UDP port listened to without waiting; datagrams carry the kernel's arrival times.
///
/// The kernel's socket buffer is the queue: a frame loop drains it once a frame. All memory is had
/// at `init`; `drain` allocates nothing. A plain value so that the loop touches no reference
/// counts: its copies are the same socket and the same memory, used by one thread at a time, and
/// one of them is closed once.
public struct UDPReceiver: BitwiseCopyable, @unchecked Sendable {
    // @unchecked holds: the pointers are to memory of the receiver's own, and one thread at a time
    // uses the value (the sentence above).

    /// Bytes kept of one datagram: an Ethernet frame's worth, and the largest OpenTrackIO example
    /// (2,945) that a sender leaves to IP to cut up.
    public static let slotSize = 4096
    /// Datagrams one drain gives at most: 16 cameras at 250 Hz leave 80 in a 50 ms frame.
    public static let limit = 8 * batch
    /// Batches one drain reads at most; a flood of more waits in the kernel or is dropped there.
    private static let batchesRead = 32
    private static let batch = Int(CYC_RECEIVE_BATCH)
    /// Hosts take a core away for some tens of milliseconds between a stamp and its queue, or
    /// between the reading of the clocks and the drain; nanoseconds.
    private static let stampSlack: Int64 = 100_000_000
    private static let groups = limit / batch

    /// The port bound, also when the system chose it.
    public let port: UInt16
    private let descriptor: Int32
    private let arena: UnsafeMutableRawPointer
    private let records: UnsafeMutablePointer<cyc_datagram>
    private let counts: UnsafeMutablePointer<Int>
    private let received: UnsafeMutablePointer<ReceivedDatagram>

    private var lastDrain = HostTime(nanoseconds: 0)
    /// Datagrams thrown away, oldest first, because more than `limit` came between two drains.
    public private(set) var dropped: UInt64 = 0
    /// Datagrams the kernel threw away because its buffer was full.
    public private(set) var droppedByKernel: UInt64 = 0
    /// Drains that ended with an error of the socket.
    public private(set) var failures: UInt64 = 0

    /// Binds a port.
    ///
    /// - Parameters:
    ///   - address: IPv4 address of the interface, host byte order; 0 = every interface.
    ///   - port: The port; 0 lets the system choose one.
    ///   - group: Multicast group to join there, host byte order; 0 = none, and nothing but what
    ///     is sent to this machine's own addresses arrives.
    public init(address: UInt32 = 0, port: UInt16, group: UInt32 = 0) throws(SocketFault) {
        var bound = port
        var step: Int32 = 0
        let opened = cyc_receive_open(address, &bound, group, &step)
        guard opened >= 0 else {
            throw Self.fault(-opened, step: step, address: address, port: port, group: group)
        }
        descriptor = opened
        self.port = bound
        arena = .allocate(byteCount: Self.limit * Self.slotSize, alignment: 64)
        // Touched now, so that no page is first needed in the middle of a frame.
        arena.initializeMemory(as: UInt8.self, repeating: 0, count: Self.limit * Self.slotSize)
        records = .allocate(capacity: Self.limit)
        records.initialize(repeating: cyc_datagram(), count: Self.limit)
        counts = .allocate(capacity: Self.groups)
        counts.initialize(repeating: 0, count: Self.groups)
        received = .allocate(capacity: Self.limit)
        received.initialize(
            repeating: ReceivedDatagram(
                sender: 0, senderPort: 0, arrivalTime: HostTime(nanoseconds: 0),
                bytes: UnsafeRawBufferPointer(start: nil, count: 0)), count: Self.limit)
    }

    /// Everything that has come since the last drain, oldest first, at most the newest `limit`.
    ///
    /// - Parameter clock: The clocks of now, to map the kernel's stamps to the host clock.
    /// - Returns: Datagrams, valid until the next drain.
    /// - Frame path: yes
    public mutating func drain(clock: ClockSample) -> UnsafeBufferPointer<ReceivedDatagram> {
        read(batches: Self.batchesRead, clock: clock)
    }

    /// What has come and was not taken yet, oldest first: at most `limit`, and none is left out.
    ///
    /// For a stream, of which every datagram is needed. There may be more; empty: there is not.
    /// - Parameter clock: The clocks of now, to map the kernel's stamps to the host clock.
    /// - Returns: Datagrams, valid until the next call.
    public mutating func take(clock: ClockSample) -> UnsafeBufferPointer<ReceivedDatagram> {
        read(batches: Self.groups, clock: clock)
    }

    private mutating func read(
        batches: Int, clock: ClockSample
    ) -> UnsafeBufferPointer<ReceivedDatagram> {
        for group in 0..<Self.groups { counts[group] = 0 }
        var read = 0
        while read < batches {
            let group = read % Self.groups
            dropped &+= UInt64(counts[group])
            let place = group * Self.batch
            let count = Int(
                cyc_receive(
                    descriptor, arena + place * Self.slotSize, UInt32(Self.slotSize),
                    records + place))
            counts[group] = max(0, count)
            // ICMP errors of another's making arrive here; the next call is past them.
            if count < 0 { failures &+= 1 }
            read += 1
            if count < Self.batch { break }
        }
        return gather(read: read, clock: clock)
    }

    /// Lines up the groups read, oldest first.
    private mutating func gather(
        read: Int, clock: ClockSample
    ) -> UnsafeBufferPointer<ReceivedDatagram> {
        var total = 0
        for turn in max(0, read - Self.groups)..<read {
            let group = turn % Self.groups
            for i in 0..<counts[group] {
                let place = group * Self.batch + i
                let record = records[place]
                droppedByKernel = max(droppedByKernel, UInt64(record.kernel_drops))
                received[total] = ReceivedDatagram(
                    sender: record.sender, senderPort: record.sender_port,
                    arrivalTime: arrival(record.realtime_ns, clock: clock),
                    bytes: UnsafeRawBufferPointer(
                        start: arena + place * Self.slotSize, count: Int(record.length)))
                total += 1
            }
        }
        lastDrain = clock.host
        return UnsafeBufferPointer(start: received, count: total)
    }

    /// A stamp on the host clock; one from before the last drain or from the future tells of a
    /// stepped clock, not of the packet, and becomes now.
    private func arrival(_ realtimeNanoseconds: Int64, clock: ClockSample) -> HostTime {
        let mapped = clock.host(realtimeNanoseconds: realtimeNanoseconds)
        let earliest = max(lastDrain, clock.host + -10_000_000_000) + -Self.stampSlack
        return mapped < earliest || mapped > clock.host + Self.stampSlack ? clock.host : mapped
    }

    /// Waits until a datagram is there; false after `milliseconds` or at a signal.
    ///
    /// For commands and tests: a frame loop never waits for packets.
    public func wait(milliseconds: Int) -> Bool {
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, Int32(clamping: milliseconds)) > 0
    }

    /// Gives the port and the memory back; no copy may be used after it.
    public func close() {
        _ = Glibc.close(descriptor)
        arena.deallocate()
        records.deallocate()
        counts.deallocate()
        received.deallocate()
    }

    private static func fault(
        _ code: Int32, step: Int32, address: UInt32, port: UInt16, group: UInt32
    ) -> SocketFault {
        let place = "UDP port \(port)" + (address == 0 ? "" : " of \(IPv4.text(address))")
        switch (step, code) {
        case (2, EADDRINUSE):
            return SocketFault(
                code: code,
                "\(place) is in use by another program: stop that one (another "
                    + "cyclorama run or track watch?) or choose another port")
        case (2, EACCES):
            return SocketFault(
                code: code, "\(place) may only be opened by root: choose a port above 1023")
        case (2, EADDRNOTAVAIL):
            return SocketFault(
                code: code,
                "\(IPv4.text(address)) is no address of this machine: see `ip addr`, "
                    + "or use 0.0.0.0 for every interface")
        case (3, _):
            return SocketFault(
                code: code,
                "cannot join multicast group \(IPv4.text(group)): "
                    + "\(errorText(code)); expected 224.0.0.0 … 239.255.255.255 and a "
                    + "network interface that is up")
        default:
            return SocketFault(
                code: code, "cannot open \(place): \(errorText(code))")
        }
    }
}
