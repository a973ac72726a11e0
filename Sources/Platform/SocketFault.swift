import Glibc

/// Why a socket could not be had: one line for the operator.
public struct SocketFault: Error, CustomStringConvertible {
    /// The error number of the system.
    public let code: Int32
    /// What happened, where, and what to do.
    public let description: String

    init(code: Int32, _ description: String) {
        self.code = code
        self.description = description
    }
}

/// The system's words for an error number.
public func errorText(_ code: Int32) -> String { String(cString: strerror(code)) }

/// IPv4 addresses as text and as numbers in host byte order.
public enum IPv4 {
    /// a.b.c.d of a number in host byte order.
    public static func text(_ address: UInt32) -> String {
        "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)"
    }

    /// An address and port in host byte order as the socket calls take them.
    static func name(_ address: UInt32, port: UInt16) -> sockaddr_in {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = address.bigEndian
        return name
    }

    /// The number of a.b.c.d, or of a host name by the system's resolver; nil when there is none.
    ///
    /// May wait for a name server: not for the frame path.
    public static func resolve(_ host: String) -> UInt32? {
        var hints = addrinfo()
        hints.ai_family = AF_INET
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        guard found.pointee.ai_family == AF_INET, let name = found.pointee.ai_addr else {
            return nil
        }
        // AF_INET says that the name is a sockaddr_in.
        let address = UnsafeRawPointer(name).load(as: sockaddr_in.self).sin_addr.s_addr
        return UInt32(bigEndian: address)
    }
}
