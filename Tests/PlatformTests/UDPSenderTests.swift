import Glibc
import Platform
import Testing

/// A bound loopback socket with room for a test's datagrams.
final class Receiver {
    let fd: Int32
    let port: UInt16

    init() {
        let fd = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        self.fd = fd
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let place = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                let bound = bind(fd, raw, length)
                return bound == 0 ? getsockname(fd, raw, &length) : -1
            }
        }
        precondition(place == 0, "a free loopback port")
        var size = Int32(1 << 22)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        // A datagram that is lost ends the test, it does not hang it.
        var timeout = timeval(tv_sec: 5, tv_usec: 0)
        setsockopt(
            fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(fd) }

    func next() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(fd, &buffer, buffer.count, 0)
        return count < 0 ? nil : Array(buffer[..<count])
    }
}

@Suite struct UDPSenderTests {
    /// Datagram d is a header of 4 octets and a body; the last body is short.
    private func send(
        _ sender: UDPSender, count: Int, body: Int, last: Int
    ) -> (result: Bool, expected: [[UInt8]]) {
        let bytes = (0..<count * (4 + body)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        var expected: [[UInt8]] = []
        let result = bytes.withUnsafeBytes { memory in
            let base = UnsafeMutableRawPointer(mutating: memory.baseAddress!)
            var parts: [iovec] = []
            for datagram in 0..<count {
                let at = datagram * (4 + body)
                let size = datagram == count - 1 ? last : body
                parts.append(iovec(iov_base: base + at, iov_len: 4))
                parts.append(iovec(iov_base: base + at + 4, iov_len: size))
                expected.append(Array(memory[at..<at + 4 + size]))
            }
            return parts.withUnsafeMutableBufferPointer {
                sender.send(
                    $0.baseAddress!, datagrams: count, pieces: 2, segmentBytes: 4 + body)
            }
        }
        return (result, expected)
    }

    @Test(arguments: [true, false])
    func `datagrams arrive as they were laid out, with and without kernel segmentation`(
        inKernel: Bool
    ) throws {
        let receiver = Receiver()
        var options = UDPSender.Options()
        options.segmentsInKernel = inKernel
        let sender = try UDPSender(host: "127.0.0.1", port: receiver.port, options: options)
        var total = 0
        for (count, body, last) in [(45, 1152, 1152), (7, 1242, 1188), (1, 8, 8), (3, 1, 1)] {
            let (result, expected) = send(sender, count: count, body: body, last: last)
            #expect(result)
            for datagram in expected { #expect(receiver.next() == datagram) }
            total += count
        }
        #expect(sender.sentDatagrams == total)
        #expect(sender.failedCount == 0)
        #expect(sender.segmentsInKernel == inKernel)
        #expect(sender.address == "127.0.0.1")
        #expect(sender.sourceAddress == "127.0.0.1")
    }

    @Test func `a refusal to segment turns to a call a datagram, and nothing is lost`() throws {
        let receiver = Receiver()
        let sender = try UDPSender(host: "127.0.0.1", port: receiver.port)
        // Segments of 16 octets: over 64 of them in one call is what every kernel refuses…
        let (result, expected) = send(sender, count: 200, body: 12, last: 12)
        #expect(result)
        for datagram in expected { #expect(receiver.next() == datagram) }
        #expect(sender.sentDatagrams == 200)
        #expect(sender.failedCount == 0)
        #expect(!sender.segmentsInKernel)
    }

    @Test func `no one listening is counted and sending goes on`() throws {
        let port: UInt16
        do {
            let receiver = Receiver()
            port = receiver.port
        }
        let sender = try UDPSender(host: "127.0.0.1", port: port)
        for _ in 0..<20 { #expect(send(sender, count: 2, body: 64, last: 64).result) }
        #expect(sender.sentDatagrams == 40)
        #expect(sender.refusedCount > 0)
        #expect(sender.failedCount == 0)
    }

    @Test func `failures are counted by their number`() throws {
        let receiver = Receiver()
        var options = UDPSender.Options()
        options.segmentsInKernel = false
        let sender = try UDPSender(host: "127.0.0.1", port: receiver.port, options: options)
        // Longer than any UDP datagram.
        #expect(!send(sender, count: 2, body: 66_000, last: 66_000).result)
        #expect(sender.failedCount(errno: EMSGSIZE) == 2)
        #expect(sender.failedCount == 2)
        #expect(sender.sentDatagrams == 0)
    }

    @Test func `addresses that lead nowhere are refused in one line`() {
        #expect {
            try UDPSender(host: "no.such.host.invalid", port: 5004)
        } throws: {
            let line = "\($0)"
            return line.hasPrefix("output rtp://no.such.host.invalid:5004: ")
                && line.hasSuffix("give the processor's IPv4 address") && !line.contains("\n")
        }
        var options = UDPSender.Options()
        options.interfaceAddress = "wall"
        #expect {
            try UDPSender(host: "239.20.20.1", port: 5004, options: options)
        } throws: {
            "\($0)".contains("interface wall is not an IPv4 address")
        }
    }

    @Test func `multicast leaves with the options given`() throws {
        var options = UDPSender.Options()
        options.interfaceAddress = "127.0.0.1"
        options.timeToLive = 3
        let sender = try UDPSender(host: "239.20.20.1", port: 5004, options: options)
        #expect(sender.sourceAddress == "127.0.0.1")
    }
}
