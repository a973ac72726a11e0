/// PNG stills (W3C PNG, third edition): RGB, 8 bits or 16, in stored deflate blocks.
///
/// Not compressed: a still is written while a stage runs, and disk is cheaper than a core.
public enum PNG {
    /// A still of a raw canvas: interleaved R G B codes, octets for a depth of 8, little-endian
    /// 16-bit words for 10 and 12.
    ///
    /// Codes of more than 8 bits become 16-bit samples by left bit replication (§13.12), with their
    /// own depth in sBIT: `sample >> (16 − depth)` is the code again.
    public static func still(
        rawCanvas: UnsafeRawBufferPointer, width: Int, height: Int, depth: Int
    ) -> [UInt8] {
        let rowBytes = width * 3 * (depth > 8 ? 2 : 1)
        precondition(
            width > 0 && height > 0 && rawCanvas.count >= rowBytes * height,
            "a raw canvas holds every row")
        var rows: [UInt8] = []
        rows.reserveCapacity((rowBytes + 1) * height)
        for row in 0..<height {
            rows.append(0)  // filter type None
            let line = UnsafeRawBufferPointer(rebasing: rawCanvas[(row * rowBytes)...])
            if depth == 8 {
                rows.append(contentsOf: line[..<rowBytes])
            } else {
                for sample in 0..<3 * width {
                    let code = line.loadUnaligned(fromByteOffset: 2 * sample, as: UInt16.self)
                    let wide = UInt16(littleEndian: code) << (16 - depth)
                    let value = wide | wide >> depth
                    rows.append(UInt8(value >> 8))
                    rows.append(UInt8(value & 0xFF))
                }
            }
        }
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        file.reserveCapacity(rows.count + rows.count / 65535 * 5 + 256)
        let sampleBits: UInt8 = depth == 8 ? 8 : 16
        append("IHDR", bigEndian(width) + bigEndian(height) + [sampleBits, 2, 0, 0, 0], to: &file)
        append("sBIT", [UInt8](repeating: UInt8(depth), count: 3), to: &file)
        append("IDAT", stored(rows), to: &file)
        append("IEND", [], to: &file)
        return file
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func append(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
        file += bigEndian(data.count)
        let start = file.count
        file += Array(type.utf8)
        file += data
        let sum = file[start...].withUnsafeBytes { crc32($0) }
        file += bigEndian(Int(sum))
    }

    /// A zlib stream (RFC 1950) of stored blocks (RFC 1951 §3.2.4).
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x78, 0x01]
        out.reserveCapacity(bytes.count + bytes.count / 65535 * 5 + 16)
        var at = 0
        repeat {
            let count = min(65535, bytes.count - at)
            let isLast = at + count == bytes.count
            out += [
                isLast ? 1 : 0, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF),
                UInt8(~count >> 8 & 0xFF),
            ]
            out += bytes[at..<at + count]
            at += count
        } while at < bytes.count
        return out + bigEndian(Int(bytes.withUnsafeBytes { adler32($0) }))
    }

    /// Adler-32 (RFC 1950 §8.2).
    public static func adler32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var (a, b): (UInt32, UInt32) = (1, 0)
        // 5552 octets are the most before b could pass 32 bits.
        for start in stride(from: 0, to: bytes.count, by: 5552) {
            for byte in bytes[start..<min(start + 5552, bytes.count)] {
                a += UInt32(byte)
                b += a
            }
            a %= 65521
            b %= 65521
        }
        return b << 16 | a
    }

    /// CRC-32 of PNG (annex D): polynomial EDB88320, reflected.
    public static func crc32(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var sum = ~UInt32(0)
        for byte in bytes { sum = crcTable[Int((sum ^ UInt32(byte)) & 0xFF)] ^ sum >> 8 }
        return ~sum
    }

    private static let crcTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in
            sum & 1 == 1 ? 0xEDB8_8320 ^ sum >> 1 : sum >> 1
        }
    }
}
