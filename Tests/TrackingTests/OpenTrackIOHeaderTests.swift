import Foundation
import TestSupport
import Testing
import Tracking

@Suite struct OpenTrackIOHeaderTests {
    struct KnownSum: Decodable {
        var hex, mod256, mod255: String
    }

    static let knownSums = "opentrackio/fletcher16_kat.json"

    @Test(.enabled(if: TestData.has(knownSums), "shared test data is absent"))
    func `every published checksum is found`() throws {
        let sums = try JSONDecoder().decode(
            [KnownSum].self, from: Data(TestData.bytes(Self.knownSums)))
        #expect(sums.count >= 7)
        for sum in sums { check(bytes(hex: sum.hex), sum.mod256, sum.mod255) }
    }

    @Test func `checksums of both versions are those of the published words`() {
        check(Array("abcde".utf8), "c3ef", "c8f0")
        check(Array("abcdef".utf8), "1855", "2057")
        check(Array("abcdefgh".utf8), "f824", "0627")
        check([UInt8](repeating: 0xFF, count: 16), "78f0", "0000")
        check([], "0000", "0000")
    }

    private func check(_ bytes: [UInt8], _ modulo256: String, _ modulo255: String) {
        var sum = Fletcher16()
        // In two goes, as over a header and its payload.
        let half = bytes.count / 2
        bytes[..<half].withUnsafeBytes { sum.add($0) }
        bytes[half...].withUnsafeBytes { sum.add($0) }
        #expect(sum.modulo256 == UInt16(modulo256, radix: 16))
        #expect(sum.modulo255 == UInt16(modulo255, radix: 16))
    }

    @Test func `the example of the specification is written and read`() throws {
        let packet = bytes(hex: "4F54726B 00 01 0102 00000000 8002 27FE 7B7D")
        #expect(datagram(Array("{}".utf8), sequence: 0x0102) == packet)
        let header = try header(packet)
        #expect(
            header == OpenTrackIOHeader(encoding: .json, sequence: 0x0102, payloadCount: 2))
    }

    @Test func `a part of a payload says where it belongs`() throws {
        let packet = datagram(
            [1, 2, 3], .cbor, sequence: 65535, offset: 0x01020304, isLast: false)
        #expect(packet[8..<12].elementsEqual([1, 2, 3, 4]))
        let header = try header(packet)
        #expect(header.encoding == .cbor)
        #expect(header.sequence == 65535)
        #expect(header.segmentOffset == 0x01020304)
        #expect(!header.isLast)
        #expect(header.payloadCount == 3)
    }

    @Test func `the checksum of version 1·0·0 is taken and told apart`() throws {
        let old = datagram(Array("{\"a\":1}".utf8), checksum: .modulo255)
        #expect(try header(old).checksum == .modulo255)
        #expect(throws: OpenTrackIOHeader.Fault.badChecksum) { try header(old, .current) }
        let new = datagram(Array("{\"a\":1}".utf8))
        #expect(try header(new, .current).checksum == .modulo256)
    }

    @Test func `swapped and wrong checksums are refused unless the source may send any`() throws {
        for change in [{ ($0.1, $0.0) }, { ($0.0 ^ 1, $0.1) }]
            as [((UInt8, UInt8)) -> (UInt8, UInt8)]
        {
            var packet = datagram(Array("{}".utf8))
            (packet[14], packet[15]) = change((packet[14], packet[15]))
            #expect(throws: OpenTrackIOHeader.Fault.badChecksum) { try header(packet) }
            #expect(try header(packet, .ignored).checksum == .ignored)
        }
    }

    @Test func `each kind of broken datagram has its own name`() {
        let good = datagram(Array("{}".utf8))
        func fault(_ change: (inout [UInt8]) -> Void) -> OpenTrackIOHeader.Fault? {
            var packet = good
            change(&packet)
            return packet.withUnsafeBytes { bytes in
                do throws(OpenTrackIOHeader.Fault) {
                    _ = try OpenTrackIOHeader(datagram: bytes)
                    return nil
                } catch { return error }
            }
        }
        #expect(fault { _ in } == nil)
        #expect(fault { $0 = [] } == .tooShort)
        #expect(fault { $0.removeLast(3) } == .tooShort)
        #expect(fault { $0[0] = 0x6F } == .wrongIdentifier)
        #expect(fault { $0[5] = 0 } == .unknownEncoding)
        #expect(fault { $0[5] = 0x80 } == .unknownEncoding)
        #expect(fault { $0.removeLast() } == .wrongLength)
        #expect(fault { $0.append(0) } == .wrongLength)
        #expect(fault { $0[17] ^= 4 } == .badChecksum)
    }

    @Test func `any single flipped bit is refused`() {
        let good = datagram(Array("{\"sourceNumber\":3}".utf8), sequence: 513)
        for bit in 0..<(good.count * 8) {
            var packet = good
            packet[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: OpenTrackIOHeader.Fault.self, "bit \(bit)") { try header(packet) }
        }
    }

    private func header(
        _ packet: [UInt8], _ rule: OpenTrackIOHeader.ChecksumRule = .published
    ) throws -> OpenTrackIOHeader {
        try packet.withUnsafeBytes { try OpenTrackIOHeader(datagram: $0, rule: rule) }
    }
}
