/// Fletcher's 16-bit checksum, under both moduli that OpenTrackIO has had.
///
/// s1 = Σ bytes, s2 = Σ s1, value = s2 · 256 + s1. OpenTrackIO 1.0.1 takes both sums modulo 256,
/// 1.0.0 modulo 255. Not for anything but telling damage from data.
public struct Fletcher16: BitwiseCopyable, Sendable {
    // A datagram has 65,535 bytes at most: s1 < 2²⁴ and s2 < 2⁴⁰ never overflow, so that both
    // moduli can be taken at the end.
    private var first: UInt64 = 0
    private var second: UInt64 = 0

    /// The checksum of no bytes.
    public init() {}

    /// Adds bytes to what is summed, 65,535 at most in all.
    /// - Frame path: yes
    public mutating func add(_ bytes: UnsafeRawBufferPointer) {
        for byte in bytes {
            first &+= UInt64(byte)
            second &+= first
        }
    }

    /// The checksum of OpenTrackIO 1.0.1.
    public var modulo256: UInt16 { UInt16(second % 256) << 8 | UInt16(first % 256) }

    /// The checksum of OpenTrackIO 1.0.0.
    public var modulo255: UInt16 { UInt16(second % 255) << 8 | UInt16(first % 255) }
}
