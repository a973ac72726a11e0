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
