/// FNV-1a of some bytes, 64 bit: to know a payload again or tell a torn write, not to guard against
/// forgery.
///
/// - Frame path: yes
public func fingerprint(_ bytes: UnsafeRawBufferPointer) -> UInt64 { fingerprint(of: bytes) }

/// FNV-1a of bytes wherever they come from.
func fingerprint(of bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
}

/// The same by eight bytes at a time, for whole datagrams: byte by byte waits for a product each.
///
/// Another number than `fingerprint` of the bytes.
/// - Frame path: yes
func wideFingerprint(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(bytes.count)
    var at = 0
    while at + 8 <= bytes.count {
        hash = (hash ^ bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* 0x100_0000_01B3
        // A product carries upward only: without this the top bits of two words could cancel.
        hash ^= hash >> 32
        at += 8
    }
    for byte in bytes[at...] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return hash
}
