import Foundation

/// Picture files made byte by byte, so that what they hold is known without a second program.
enum PictureBytes {
    static func bigEndian(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(value >> (8 * (count - 1 - $0)) & 0xFF) }
    }

    static func littleEndian(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) }
    }

    /// A Radiance picture of plain pixels.
    static func hdr(
        width: Int, height: Int, header: [String] = [], axes: String? = nil, pixels: [UInt8]
    ) -> [UInt8] {
        let lines = ["#?RADIANCE", "FORMAT=32-bit_rle_rgbe"] + header + ["", ""]
        let size = (axes ?? "-Y \(height) +X \(width)") + "\n"
        return Array(lines.joined(separator: "\n").utf8) + Array(size.utf8) + pixels
    }

    /// A DPX of ten bits, three in a word from its upper end (SMPTE ST 268-1, method A).
    static func dpx(
        width: Int, height: Int, transfer: UInt8, codes: [Int], isBigEndian: Bool = true
    ) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            isBigEndian ? bigEndian(value, count) : littleEndian(value, count)
        }
        var file = [UInt8](repeating: 0, count: 2048)
        func put(_ bytes: [UInt8], at place: Int) {
            file.replaceSubrange(place..<place + bytes.count, with: bytes)
        }
        put(Array((isBigEndian ? "SDPX" : "XPDS").utf8), at: 0)
        put(number(2048, 4) + Array("V1.0".utf8), at: 4)
        put(number(2048 + width * height * 4, 4), at: 16)
        put(number(0, 2) + number(1, 2) + number(width, 4) + number(height, 4), at: 768)
        put([50, transfer, 6, 10] + number(1, 2) + number(0, 2) + number(2048, 4), at: 800)
        for at in stride(from: 0, to: codes.count, by: 3) {
            file += number(codes[at] << 22 | codes[at + 1] << 12 | codes[at + 2] << 2, 4)
        }
        return file
    }

    /// One new-style row of a Radiance picture: every plane one byte repeated or literal.
    static func runLengthRow(width: Int, pixel: [UInt8], literal: Bool) -> [UInt8] {
        var row: [UInt8] = [2, 2, UInt8(width >> 8), UInt8(width & 0xFF)]
        for value in pixel {
            var left = width
            while left > 0 {
                let count = min(left, 127)
                if literal {
                    row += [UInt8(count)] + [UInt8](repeating: value, count: count)
                } else {
                    row += [UInt8(128 + count), value]
                }
                left -= count
            }
        }
        return row
    }

    /// A PNG with stored (uncompressed) blocks; `rows` are the bytes of each row.
    static func png(
        width: Int, height: Int, depth: Int, colorType: Int, rows: [[UInt8]],
        extra: [(String, [UInt8])] = []
    ) -> [UInt8] {
        let stream = zlib(rows.flatMap { [0] + $0 })
        let header =
            bigEndian(width, 4) + bigEndian(height, 4) + [UInt8(depth), UInt8(colorType), 0, 0, 0]
        var out: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header)
        for (name, body) in extra { out += chunk(name, body) }
        return out + chunk("IDAT", stream) + chunk("IEND", [])
    }

    /// Bytes as a zlib stream of stored blocks.
    static func zlib(_ raw: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var place = 0
        repeat {
            let part = Array(raw[place..<min(raw.count, place + 65535)])
            place += part.count
            stream += [place == raw.count ? 1 : 0]
            stream += littleEndian(part.count, 2) + littleEndian(~part.count & 0xFFFF, 2) + part
        } while place < raw.count
        return stream + bigEndian(adler(raw), 4)
    }

    static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        let named = Array(name.utf8) + body
        return bigEndian(body.count, 4) + named + bigEndian(Int(crc(named)), 4)
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1 }
        }
        return ~crc
    }

    private static func adler(_ bytes: [UInt8]) -> Int {
        var (a, b) = (1, 0)
        for byte in bytes {
            a = (a + Int(byte)) % 65521
            b = (b + a) % 65521
        }
        return b << 16 | a
    }

    /// A little-endian RGB(A) TIFF in one strip.
    /// - Parameter extraSample: 1 associated, 2 straight alpha, nil none.
    static func tiff(
        width: Int, height: Int, bits: Int, extraSample: Int?, samples: [Int],
        sampleFormat: Int = 1, isDeflated: Bool = false
    ) -> [UInt8] {
        let channels = extraSample == nil ? 3 : 4
        let plain = samples.flatMap { littleEndian($0, bits / 8) }
        let body = isDeflated ? zlib(plain) : plain
        var entries: [(tag: Int, type: Int, values: [Int])] = [
            (256, 4, [width]), (257, 4, [height]),
            (258, 3, [Int](repeating: bits, count: channels)), (259, 3, [isDeflated ? 8 : 1]),
            (262, 3, [2]),
            (273, 4, [8]), (277, 3, [channels]), (278, 4, [height]), (279, 4, [body.count]),
            (284, 3, [1]),
        ]
        if let extraSample { entries.append((338, 3, [extraSample])) }
        entries.append((339, 3, [Int](repeating: sampleFormat, count: channels)))
        let directory = 8 + body.count + body.count % 2
        var outside: [UInt8] = []
        let outsideAt = directory + 2 + entries.count * 12 + 4
        var fields: [UInt8] = []
        for entry in entries {
            let size = entry.type == 3 ? 2 : 4
            var bytes = entry.values.flatMap { littleEndian($0, size) }
            if bytes.count > 4 {
                let place = outsideAt + outside.count
                outside += bytes
                bytes = littleEndian(place, 4)
            }
            while bytes.count < 4 { bytes.append(0) }
            fields += littleEndian(entry.tag, 2) + littleEndian(entry.type, 2)
            fields += littleEndian(entry.values.count, 4) + bytes
        }
        var out: [UInt8] = [0x49, 0x49, 42, 0] + littleEndian(directory, 4) + body
        if body.count % 2 == 1 { out.append(0) }
        return out + littleEndian(entries.count, 2) + fields + [0, 0, 0, 0] + outside
    }

    /// 16×16, written once by libjpeg at 4:4:4: the upper half (200, 100, 50), the lower half
    /// (20, 60, 181).
    static let jpeg = [UInt8](
        Data(
            base64Encoded: """
                /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYG
                BwkIBgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/2wBDAQICAgICAgUDAwUKBwYHCgoKCgoKCgoKCgoK
                CgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgoKCgr/wAARCAAQABADAREAAhEBAxEB
                /8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQR
                BRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpT
                VFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLD
                xMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/8QAHwEAAwEBAQEBAQEBAQAAAAAAAAEC
                AwQFBgcICQoL/8QAtREAAgECBAQDBAcFBAQAAQJ3AAECAxEEBSExBhJBUQdhcRMiMoEIFEKRobHBCSMz
                UvAVYnLRChYkNOEl8RcYGRomJygpKjU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6
                goOEhYaHiImKkpOUlZaXmJmaoqOkpaanqKmqsrO0tba3uLm6wsPExcbHyMnK0tPU1dbX2Nna4uPk5ebn
                6Onq8vP09fb3+Pn6/9oADAMBAAIRAxEAPwDPr+Vz+2AoA+B6/wBtD/K8KAP/2Q==
                """, options: .ignoreUnknownCharacters)!)
}
