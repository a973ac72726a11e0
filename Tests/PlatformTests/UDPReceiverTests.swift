import Platform
import Testing
import Timing

@Suite struct UDPReceiverTests {
    static let loopback: UInt32 = 0x7F00_0001

    /// A receiver on a port the system chose, and a sender to it.
    func pair() throws -> (UDPReceiver, DatagramSender) {
        let receiver = try UDPReceiver(address: Self.loopback, port: 0)
        return (receiver, try DatagramSender(address: Self.loopback, port: receiver.port))
    }

    func send(_ bytes: [UInt8], by sender: DatagramSender) {
        bytes.withUnsafeBytes { sender.send($0) }
    }

    @Test func `datagrams come in order with bytes, sender and kernel arrival time`() throws {
        var (receiver, sender) = try pair()
        defer { receiver.close() }
        let before = Clocks.now()
        for n in 0..<10 { send([UInt8](repeating: UInt8(n), count: 29 + n), by: sender) }
        let after = Clocks.now()
        #expect(receiver.wait(milliseconds: 5000))
        let datagrams = receiver.drain(clock: Clocks.sample(taiOffset: 37))
        #expect(datagrams.count == 10)
        for (n, datagram) in datagrams.enumerated() {
            #expect(datagram.bytes.count == 29 + n)
            #expect(datagram.bytes.allSatisfy { $0 == UInt8(n) })
            #expect(datagram.sender == Self.loopback)
            #expect(datagram.senderPort != 0)
            // Stamps are REALTIME mapped by a later sample: a millisecond for slewing clocks.
            #expect(datagram.arrivalTime > before + -1_000_000)
            #expect(datagram.arrivalTime < after + 1_000_000)
        }
        #expect(receiver.drain(clock: Clocks.sample(taiOffset: 37)).isEmpty)
        #expect(receiver.dropped == 0)
    }

    @Test func `the arrival time is the kernel's, not the drain's`() throws {
        var (receiver, sender) = try pair()
        defer { receiver.close() }
        // The kernel begins to stamp a moment after the first socket on the machine asks it to.
        var isKernels = false
        for _ in 0..<20 where !isKernels {
            send([1], by: sender)
            #expect(receiver.wait(milliseconds: 5000))
            let seen = Clocks.now()
            Clocks.sleep(until: seen + 50_000_000)
            let datagrams = receiver.drain(clock: Clocks.sample(taiOffset: 37))
            let arrival = try #require(datagrams.first).arrivalTime
            // The two clocks' readings are a little apart.
            isKernels = arrival < seen + 1_000_000
        }
        #expect(isKernels)
    }

    @Test func `of a stream nothing is left out, however late it is taken`() throws {
        var (receiver, sender) = try pair()
        defer { receiver.close() }
        let count = 3 * UDPReceiver.limit
        for n in 0..<count { send([UInt8(n & 0xFF), UInt8(n >> 8)], by: sender) }
        var seen: [Int] = []
        while seen.count < count, receiver.wait(milliseconds: 5000) {
            for datagram in receiver.take(clock: Clocks.sample(taiOffset: 37)) {
                seen.append(Int(datagram.bytes[0]) | Int(datagram.bytes[1]) << 8)
            }
        }
        #expect(seen == Array(0..<count) && receiver.dropped == 0)
    }

    @Test func `a flood is cut to the newest datagrams and the rest is counted`() throws {
        var (receiver, sender) = try pair()
        defer { receiver.close() }
        let count = UDPReceiver.limit + 40
        for n in 0..<count { send([UInt8(n & 255), UInt8(n >> 8)], by: sender) }
        #expect(receiver.wait(milliseconds: 5000))
        let datagrams = receiver.drain(clock: Clocks.sample(taiOffset: 37))
        let numbers = datagrams.map { Int($0.bytes[0]) | Int($0.bytes[1]) << 8 }
        // Either the kernel kept them all, or it dropped the last ones for want of room.
        let kept = numbers.count + Int(receiver.dropped)
        #expect(kept <= count)
        #expect(numbers.count <= UDPReceiver.limit)
        #expect(numbers == Array((kept - numbers.count)..<kept))
        if kept == count { #expect(receiver.dropped > 0) }
    }

    @Test func `empty and oversized datagrams are taken without harm`() throws {
        var (receiver, sender) = try pair()
        defer { receiver.close() }
        send([], by: sender)
        send([UInt8](repeating: 9, count: 9000), by: sender)
        send([7], by: sender)
        #expect(receiver.wait(milliseconds: 5000))
        let datagrams = receiver.drain(clock: Clocks.sample(taiOffset: 37))
        #expect(datagrams.map(\.bytes.count) == [0, UDPReceiver.slotSize, 1])
    }

    @Test func `a port in use is told in one line that says what to do`() throws {
        let receiver = try UDPReceiver(address: Self.loopback, port: 0)
        defer { receiver.close() }
        let fault = try #require(throws: SocketFault.self) {
            try UDPReceiver(address: Self.loopback, port: receiver.port)
        }
        #expect(fault.description.contains("UDP port \(receiver.port)"))
        #expect(fault.description.contains("in use"))
        #expect(!fault.description.contains("\n"))
    }

    @Test func `an address of another machine is told as such`() throws {
        let fault = try #require(throws: SocketFault.self) {
            // TEST-NET-1 (RFC 5737): nobody's address.
            try UDPReceiver(address: 0xC000_0201, port: 0)
        }
        #expect(fault.description.contains("192.0.2.1 is no address of this machine"))
    }

    @Test func `sending where nobody listens is no failure`() throws {
        let receiver = try UDPReceiver(address: Self.loopback, port: 0)
        let sender = try DatagramSender(address: Self.loopback, port: receiver.port)
        receiver.close()
        for _ in 0..<5 { send([1, 2, 3], by: sender) }
        #expect(sender.failures == 0)
    }

    @Test func `addresses read as they are written`() {
        #expect(IPv4.resolve("127.0.0.1") == Self.loopback)
        #expect(IPv4.text(0xEF0A_0B0C) == "239.10.11.12")
        #expect(IPv4.resolve("no such host.invalid") == nil)
    }

    @Test func `a group is heard on an interface, and nothing sent to another`() throws {
        let (ours, other): (UInt32, UInt32) = (0xEF87_0101, 0xEF87_0102)
        var receiver = try UDPReceiver(address: Self.loopback, port: 0, group: ours)
        defer { receiver.close() }
        // A second listener of the group, as `track watch` beside a running stage.
        var second = try UDPReceiver(address: 0, port: receiver.port, group: ours)
        defer { second.close() }
        for (group, byte) in [(other, UInt8(1)), (ours, 2), (Self.loopback, 3)] {
            let sender = try DatagramSender(
                address: group, port: receiver.port, interface: Self.loopback)
            send([byte], by: sender)
            #expect(sender.failures == 0)
        }
        #expect(receiver.wait(milliseconds: 5000) && second.wait(milliseconds: 5000))
        for bytes in [
            receiver.drain(clock: Clocks.sample(taiOffset: 37)).map { $0.bytes[0] },
            second.drain(clock: Clocks.sample(taiOffset: 37)).map { $0.bytes[0] },
        ] {
            #expect(bytes == [2])
        }
    }
}

@Suite struct ClocksTests {
    @Test func `the three clocks are read within a millisecond of one another`() {
        let a = Clocks.sample(taiOffset: 37)
        let b = Clocks.sample(taiOffset: 37)
        let host = b.host - a.host
        let realtime = b.realtimeNanoseconds - a.realtimeNanoseconds
        #expect(host >= 0)
        #expect(abs(host - realtime) < 1_000_000)
    }

    @Test func `without an offset of the kernel the configured one is used and named`() {
        let sample = Clocks.sample(taiOffset: 37)
        let offset = sample.tai.nanoseconds - sample.realtimeNanoseconds
        #expect(offset % 1_000_000_000 == 0)
        if sample.usesConfiguredOffset {
            #expect(offset == 37_000_000_000)
            let other = Clocks.sample(taiOffset: 38)
            #expect(other.tai.nanoseconds - other.realtimeNanoseconds == 38_000_000_000)
        } else {
            #expect(offset > 30_000_000_000)
        }
    }

    @Test func `sleep reaches its instant and returns at once from the past`() {
        let target = Clocks.now() + 3_000_000
        Clocks.sleep(until: target)
        #expect(Clocks.now() >= target)
        let start = Clocks.threadCPUNanoseconds
        Clocks.sleep(until: HostTime(nanoseconds: 0))
        Clocks.sleep(until: HostTime(nanoseconds: -5))
        #expect(Clocks.threadCPUNanoseconds - start < 1_000_000_000)
    }
}
