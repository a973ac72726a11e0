import CPlatform
public import Glibc
import Synchronization

/// Why an output's socket cannot be made.
public struct SendSetupError: Error, CustomStringConvertible {
    /// One line for the operator: what, where, why and what to do.
    public let description: String
}

/// Sends datagrams that lie in pieces in memory, many a system call (UDP GSO).
///
/// Where the kernel or the interface refuses segmentation, it goes on with a call a datagram and
/// says so in `segmentsInKernel`. A receiver that is not there (ECONNREFUSED) is counted, and
/// sending goes on. Every send ends within `sendTimeout`.
public final class UDPSender: Sendable {
    /// How the socket is set up.
    public struct Options: Sendable {
        /// Multicast time to live.
        public var timeToLive: UInt8 = 32
        /// IPv4 address of the interface multicast leaves by; nil leaves it to the routes.
        public var interfaceAddress: String?
        /// Send buffer asked for, octets; the kernel gives at most its `wmem_max` unless root.
        public var bufferBytes = 8 << 20
        /// Longest wait of one call, microseconds: a dead link never holds the sender.
        public var sendTimeout = 50_000
        /// Whether to try UDP GSO.
        public var segmentsInKernel = true

        /// Options as most stages want them.
        public init() {}
    }

    /// Codes above are counted as the last one.
    private static let errnoLimit = 134

    private let fd: Int32
    private let datagrams = Atomic<Int>(0)
    private let octets = Atomic<Int>(0)
    private let refusals = Atomic<Int>(0)
    private let gso: Atomic<Bool>
    // SAFETY: atomics that live as long as the sender; no other access.
    private nonisolated(unsafe) let failures: UnsafeMutablePointer<Atomic<Int>>

    /// The destination as IPv4 text.
    public let address: String
    /// The address packets leave from, as IPv4 text.
    public let sourceAddress: String

    /// A socket that sends to a host and port.
    public init(
        host: String, port: UInt16, options: Options = Options()
    ) throws(SendSetupError) {
        let place = "output rtp://\(host):\(port)"
        guard let found = IPv4.resolve(host) else {
            throw SendSetupError(
                description: "\(place): no IPv4 address of that name – give the processor's IPv4 "
                    + "address")
        }
        let fd = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard fd >= 0 else {
            throw SendSetupError(description: "\(place): no socket: \(errorText(errno))")
        }
        do {
            try UDPSender.prepare(fd, IPv4.name(found, port: port), options, place)
        } catch {
            close(fd)
            throw error
        }
        self.fd = fd
        gso = Atomic(options.segmentsInKernel)
        failures = .allocate(capacity: UDPSender.errnoLimit)
        for code in 0..<UDPSender.errnoLimit { (failures + code).initialize(to: Atomic(0)) }
        address = IPv4.text(found)
        sourceAddress = text(ofLocal: fd)
    }

    deinit {
        close(fd)
        failures.deinitialize(count: UDPSender.errnoLimit)
        failures.deallocate()
    }

    /// Datagrams the kernel took.
    public var sentDatagrams: Int { datagrams.load(ordering: .relaxed) }
    /// Octets the kernel took, UDP payload.
    public var sentOctets: Int { octets.load(ordering: .relaxed) }
    /// Times the receiving machine said that no one listens; nothing was lost on our side.
    public var refusedCount: Int { refusals.load(ordering: .relaxed) }
    /// UDP GSO is in use.
    public var segmentsInKernel: Bool { gso.load(ordering: .relaxed) }

    /// Datagrams that were not sent, by errno.
    public func failedCount(errno code: Int32) -> Int {
        failures[index(of: code)].load(ordering: .relaxed)
    }

    /// Datagrams that were not sent.
    public var failedCount: Int {
        (0..<UDPSender.errnoLimit).reduce(0) { $0 + failures[$1].load(ordering: .relaxed) }
    }

    /// Sends datagrams that lie in pieces, in as few calls as the kernel allows.
    ///
    /// `parts` holds `pieces` iovecs a datagram. All datagrams have `segmentBytes` octets but the
    /// last, which may be shorter. One thread at a time.
    ///
    /// True when the kernel took all of them; failures are counted by errno.
    /// - Frame path: yes
    @discardableResult
    public func send(
        _ parts: UnsafeMutablePointer<iovec>, datagrams count: Int, pieces: Int, segmentBytes: Int
    ) -> Bool {
        if count > 1, gso.load(ordering: .relaxed) {
            let sent = sendOnce(parts, count * pieces, UInt16(segmentBytes))
            if sent >= 0 {
                datagrams.wrappingAdd(count, ordering: .relaxed)
                octets.wrappingAdd(sent, ordering: .relaxed)
                return true
            }
            let code = Int32(-sent)
            guard isRefusalToSegment(code) else {
                failures[index(of: code)].wrappingAdd(count, ordering: .relaxed)
                return false
            }
            gso.store(false, ordering: .relaxed)
        }
        var complete = true
        for datagram in 0..<count {
            let sent = sendOnce(parts + datagram * pieces, pieces, 0)
            if sent >= 0 {
                datagrams.wrappingAdd(1, ordering: .relaxed)
                octets.wrappingAdd(sent, ordering: .relaxed)
            } else {
                failures[index(of: Int32(-sent))].wrappingAdd(1, ordering: .relaxed)
                complete = false
            }
        }
        return complete
    }

    /// One call, and once more after a refusal: that tells of an earlier datagram and keeps this
    /// one from being sent.
    private func sendOnce(
        _ parts: UnsafeMutablePointer<iovec>, _ count: Int, _ segment: UInt16
    ) -> Int {
        var sent = cyc_send(fd, parts, count, segment)
        var tries = 0
        while sent == -Int(ECONNREFUSED), tries < 8 {
            refusals.wrappingAdd(1, ordering: .relaxed)
            sent = cyc_send(fd, parts, count, segment)
            tries += 1
        }
        return sent
    }

    private func index(of code: Int32) -> Int {
        max(0, min(Int(code), UDPSender.errnoLimit - 1))
    }

    /// What kernels and drivers without UDP GSO answer: no such option, no checksum offload, a
    /// route or socket it does not work on.
    private func isRefusalToSegment(_ code: Int32) -> Bool {
        code == EINVAL || code == EIO || code == ENOPROTOOPT || code == EOPNOTSUPP
            || code == EMSGSIZE
    }

    private static func prepare(
        _ fd: Int32, _ target: sockaddr_in, _ options: Options, _ place: String
    ) throws(SendSetupError) {
        var buffer = Int32(clamping: options.bufferBytes)
        let size = socklen_t(MemoryLayout<Int32>.size)
        // Forced where allowed (root), else what the kernel grants: a small one is only slower.
        if setsockopt(fd, SOL_SOCKET, 32, &buffer, size) != 0 {
            setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, size)
        }
        var timeout = timeval(tv_sec: 0, tv_usec: options.sendTimeout)
        setsockopt(
            fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var hops = Int32(options.timeToLive)
        setsockopt(fd, Int32(IPPROTO_IP), IP_MULTICAST_TTL, &hops, size)
        if let interface = options.interfaceAddress {
            var address = in_addr()
            guard inet_pton(AF_INET, interface, &address) == 1 else {
                throw SendSetupError(
                    description: "\(place): interface \(interface) is not an IPv4 address")
            }
            let length = socklen_t(MemoryLayout<in_addr>.size)
            if setsockopt(fd, Int32(IPPROTO_IP), IP_MULTICAST_IF, &address, length) != 0 {
                throw SendSetupError(
                    description: "\(place): no interface has the address \(interface) – see "
                        + "`ip address`")
            }
        }
        var target = target
        let result = withUnsafePointer(to: &target) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            throw SendSetupError(
                description: "\(place): cannot be reached: \(errorText(errno)) – see `ip route`")
        }
    }
}

private func text(ofLocal fd: Int32) -> String {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(fd, $0, &length) }
    }
    return IPv4.text(result == 0 ? UInt32(bigEndian: address.sin_addr.s_addr) : 0)
}
