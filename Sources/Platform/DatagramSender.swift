import Glibc

/// Single small datagrams to one address: what a simulated tracker sends.
///
/// Not for pictures: those go by `UDPSender`, many at a time.
public final class DatagramSender {
    private let descriptor: Int32
    /// Datagrams the system would not take; an address where nobody listens is not one of them.
    public private(set) var failures = 0

    /// Routers a multicast datagram passes, as OpenTrackIO's reference sender has it.
    private static let multicastHops: Int32 = 2

    /// A socket that sends to an IPv4 address in host byte order and a port; to a multicast group
    /// by the interface of an address, 0 = by the one the routes say.
    public init(address: UInt32, port: UInt16, interface: UInt32 = 0) throws(SocketFault) {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else {
            throw SocketFault(
                code: errno, "cannot open a UDP socket: \(errorText(errno))")
        }
        var on: Int32 = 1
        setsockopt(
            descriptor, SOL_SOCKET, SO_BROADCAST, &on, socklen_t(MemoryLayout<Int32>.size))
        if address >> 28 == 14 {
            var hops = Self.multicastHops
            setsockopt(
                descriptor, Int32(IPPROTO_IP), IP_MULTICAST_TTL, &hops,
                socklen_t(MemoryLayout<Int32>.size))
            var from = in_addr(s_addr: interface.bigEndian)
            setsockopt(
                descriptor, Int32(IPPROTO_IP), IP_MULTICAST_IF, &from,
                socklen_t(MemoryLayout<in_addr>.size))
        }
        var name = IPv4.name(address, port: port)
        // A sockaddr_in is passed as the sockaddr it begins with, as the call asks for.
        let result = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            _ = Glibc.close(descriptor)
            throw SocketFault(
                code: code,
                "cannot send to \(IPv4.text(address)):\(port): "
                    + "\(errorText(code)); is the network up?")
        }
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Sends one datagram; what the system refuses is counted.
    public func send(_ bytes: UnsafeRawBufferPointer) {
        let sent = Glibc.send(descriptor, bytes.baseAddress, bytes.count, 0)
        // A refusal tells of an earlier datagram that nobody was there to take.
        if sent < 0, errno != ECONNREFUSED { failures += 1 }
    }
}
