import Foundation
import Output
import TestSupport
import Testing

@Suite struct PNGTests {
    private static let python = "/usr/bin/python3"

    private func still(_ canvas: [UInt8], width: Int, height: Int, depth: Int) -> [UInt8] {
        canvas.withUnsafeBytes {
            PNG.still(rawCanvas: $0, width: width, height: height, depth: depth)
        }
    }

    /// Type and data of every chunk; nil when a length or a sum is wrong.
    private func chunks(_ file: [UInt8]) -> [(String, [UInt8])]? {
        guard file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else {
            return nil
        }
        func word(_ at: Int) -> Int { file[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        var all: [(String, [UInt8])] = []
        var at = 8
        while at < file.count {
            let count = word(at)
            let body = Array(file[at + 4..<at + 8 + count])
            guard word(at + 8 + count) == Int(body.withUnsafeBytes { PNG.crc32($0) }) else {
                return nil
            }
            all.append((String(decoding: body[..<4], as: UTF8.self), Array(body[4...])))
            at += 12 + count
        }
        return all
    }

    @Test func `the sums have their published check values`() {
        Array("123456789".utf8).withUnsafeBytes { #expect(PNG.crc32($0) == 0xCBF4_3926) }
        Array("Wikipedia".utf8).withUnsafeBytes { #expect(PNG.adler32($0) == 0x11E6_0398) }
        [UInt8](repeating: 0xFF, count: 100_000).withUnsafeBytes {
            // By the definition in 64 bits.
            let a = (1 + 255 * 100_000) % 65521
            let b = (0..<100_000).reduce(0) { sum, i in (sum + 1 + 255 * (i + 1)) % 65521 }
            #expect(PNG.adler32($0) == UInt32(b << 16 | a))
        }
    }

    @Test func `a still has the chunks of an RGB picture, with right sums`() throws {
        let file = still([1, 2, 3, 4, 5, 6], width: 2, height: 1, depth: 8)
        let all = try #require(chunks(file))
        #expect(all.map(\.0) == ["IHDR", "sBIT", "IDAT", "IEND"])
        #expect(all[0].1 == [0, 0, 0, 2, 0, 0, 0, 1, 8, 2, 0, 0, 0])
        #expect(all[1].1 == [8, 8, 8])
        #expect(all[2].1[..<14] == [0x78, 1, 1, 7, 0, 0xF8, 0xFF, 0, 1, 2, 3, 4, 5, 6])
    }

    @Test func `codes of 10 and 12 bits come back from 16-bit samples`() throws {
        for depth in [10, 12] {
            let codes = (0..<UInt16(1 << depth)).map { $0 }
            let canvas = (codes + codes + codes).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            let all = try #require(
                chunks(still(canvas, width: codes.count, height: 1, depth: depth)))
            #expect(all[0].1[8] == 16)
            #expect(all[1].1 == [UInt8](repeating: UInt8(depth), count: 3))
            let row = all[2].1[8...].prefix(codes.count * 6)
            for (index, code) in (codes + codes + codes).enumerated() {
                let at = row.startIndex + 2 * index
                let sample = UInt16(row[at]) << 8 | UInt16(row[at + 1])
                #expect(sample >> (16 - depth) == code)
            }
            #expect(row[row.startIndex + 2 * codes.count - 2] == 0xFF)
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: PNGTests.python)))
    func `another program's inflate gives every octet back`() throws {
        var random = SeededRandom(seed: 9)
        let (width, height) = (200, 150)  // 90,150 octets: two stored blocks
        let canvas = (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
        let all = try #require(
            chunks(still(canvas, width: width, height: height, depth: 8)))
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "png-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let packed = folder.appendingPathComponent("idat")
        let plain = folder.appendingPathComponent("rows")
        try Data(all[2].1).write(to: packed)
        let inflate = Process()
        inflate.executableURL = URL(fileURLWithPath: PNGTests.python)
        inflate.arguments = [
            "-c",
            "import sys,zlib;open(sys.argv[2],'wb').write(zlib.decompress(open(sys.argv[1],'rb')"
                + ".read()))", packed.path, plain.path,
        ]
        try inflate.run()
        inflate.waitUntilExit()
        #expect(inflate.terminationStatus == 0)
        let rows = [UInt8](try Data(contentsOf: plain))
        #expect(rows.count == (width * 3 + 1) * height)
        let stride = width * 3 + 1
        var got: [UInt8] = []
        for row in 0..<height { got += rows[row * stride + 1..<(row + 1) * stride] }
        #expect(got == canvas)
    }
}
