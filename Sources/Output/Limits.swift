/// Maxima of this room, and why.
public enum OutputLimits {
    /// Canvases of one output: one filling, one ready, one sending are needed, and more than 8
    /// would only be latency.
    public static let canvases = 8
    /// ST 2110-20 carries rows and offsets in 15 bits (RFC 4175 §4.3).
    public static let rowsAndColumns = 32767
    /// UDP length with its 8-octet header that every ST 2110 receiver takes (ST 2110-10 §6.3).
    public static let standardUDPOctets = 1460
    /// UDP length of the extended limit, declared as MAXUDP (ST 2110-10 §6.4).
    public static let extendedUDPOctets = 8960
    /// Datagrams of one UDP GSO call: the kernel's UDP_MAX_SEGMENTS of 64.
    public static let segmentsPerCall = 64
    /// Octets of one UDP GSO call: an IPv4 packet of 65535 less 28 octets of headers.
    public static let octetsPerCall = 65507
}
