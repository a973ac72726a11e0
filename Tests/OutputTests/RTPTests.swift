import Color
import Output
import StageModel
import TestSupport
import Testing
import Timing

@Suite struct RTPTests {
    private func packets(
        _ format: WireFormat, _ width: Int, _ height: Int, first: UInt32 = 0,
        udpOctets: Int = OutputLimits.standardUDPOctets
    ) throws -> RTPFramePackets {
        RTPFramePackets(
            cut: try RTPCut(format: format, width: width, height: height, udpOctets: udpOctets),
            rowBytes: format.rowBytes(width: width), payloadType: 96, source: 0x0102_0304,
            firstSequence: first)
    }

    private func word(_ bytes: [UInt8], _ at: Int, _ count: Int) -> UInt32 {
        bytes[at..<at + count].reduce(0) { $0 << 8 | UInt32($1) }
    }

    @Test func `1080p rows go into equal packets of the known sizes`() throws {
        let known: [(WireFormat, Int, Int, Int)] = [
            (.rgb(depth: 8), 5, 1152, 1152), (.rgb(depth: 10), 6, 1200, 1200),
            (.rgb(depth: 12), 7, 1242, 1188),
            (.yCbCr422(depth: 10, matrix: .bt709), 4, 1200, 1200),
            (.yCbCr422(depth: 8, matrix: .bt709), 3, 1280, 1280),
        ]
        for (format, perRow, size, last) in known {
            let cut = try RTPCut(format: format, width: 1920, height: 1080)
            #expect(cut.packetsPerRow == perRow)
            #expect(cut.payloadBytes == size)
            #expect(cut.lastPayloadBytes == last)
            #expect(cut.packetCount == perRow * 1080)
        }
    }

    @Test func `every cut covers its row under the limit, in whole pixel groups`() throws {
        let formats: [WireFormat] = [
            .rgb(depth: 8), .rgb(depth: 10), .rgb(depth: 12),
            .yCbCr422(depth: 8, matrix: .bt709), .yCbCr422(depth: 10, matrix: .bt709),
        ]
        for format in formats {
            let group = format.pixelGroup
            for width in stride(from: group.pixels, through: 4400, by: group.pixels * 7) {
                for limit in [1460, 8960] {
                    let cut = try RTPCut(
                        format: format, width: width, height: 3, udpOctets: limit)
                    let covered = (cut.packetsPerRow - 1) * cut.payloadBytes
                    #expect(covered + cut.lastPayloadBytes == format.rowBytes(width: width))
                    #expect(cut.payloadBytes + RTPCut.headerBytes + 8 <= limit)
                    #expect(cut.payloadBytes % group.octets == 0)
                    #expect(cut.lastPayloadBytes > 0)
                    #expect(cut.lastPayloadBytes <= cut.payloadBytes)
                    #expect(cut.lastPayloadBytes % group.octets == 0)
                }
            }
        }
    }

    @Test func `a packet is header, extended sequence, row header and pixels`() throws {
        let canvas = [UInt8](0..<240)  // 2 rows of 40 RGB 8 pixels
        let packets = try packets(
            .rgb(depth: 8), 40, 2, first: 0x0003_FFFF, udpOctets: 8 + 20 + 60)
        canvas.withUnsafeBytes {
            packets.prepare(canvas: $0.baseAddress!, timestamp: 0xCAFE_BABE)
            #expect(packets.count == 4)
            // By hand from RFC 4175 §4: second half of row 0.
            #expect(
                packets.packet(1) == [
                    0x80, 96, 0, 0, 0xCA, 0xFE, 0xBA, 0xBE, 1, 2, 3, 4, 0, 4, 0, 60, 0, 0, 0, 20,
                ] + canvas[60..<120])
            #expect(
                packets.packet(3) == [
                    0x80, 0x80 | 96, 0, 2, 0xCA, 0xFE, 0xBA, 0xBE, 1, 2, 3, 4, 0, 4, 0, 60, 0, 1,
                    0, 20,
                ] + canvas[180...])
        }
    }

    @Test func `packets put together are the canvas, each octet once`() throws {
        for (format, width) in [
            (WireFormat.rgb(depth: 10), 1924), (.rgb(depth: 12), 1366), (.rgb(depth: 8), 333),
            (.yCbCr422(depth: 10, matrix: .bt709), 1998),
        ] {
            var random = SeededRandom(seed: 5)
            let line = format.rowBytes(width: width)
            let canvas = (0..<line * 3).map { _ in UInt8.random(in: 0...255, using: &random) }
            let packets = try packets(format, width, 3)
            var got = [UInt8]()
            canvas.withUnsafeBytes {
                packets.prepare(canvas: $0.baseAddress!, timestamp: 1)
                for index in 0..<packets.count {
                    let packet = packets.packet(index)
                    let row = Int(word(packet, 16, 2))
                    let pixel = Int(word(packet, 18, 2))
                    let group = format.pixelGroup
                    #expect(row * line + pixel / group.pixels * group.octets == got.count)
                    #expect(Int(word(packet, 14, 2)) == packet.count - RTPCut.headerBytes)
                    #expect(packet[1] >> 7 == (index == packets.count - 1 ? 1 : 0))
                    got += packet[RTPCut.headerBytes...]
                }
            }
            #expect(got == canvas)
        }
    }

    @Test func `the sequence runs through frames and wraps at 32 bits`() throws {
        let canvas = [UInt8](repeating: 0, count: 960 * 3 * 4)
        let packets = try packets(.rgb(depth: 8), 960, 4, first: UInt32.max - 9)
        var expected = UInt32.max - 9
        canvas.withUnsafeBytes {
            for frame in 0..<5 {
                packets.prepare(canvas: $0.baseAddress!, timestamp: UInt32(frame))
                for index in 0..<packets.count {
                    let packet = packets.packet(index)
                    #expect(word(packet, 2, 2) == expected & 0xFFFF)
                    #expect(word(packet, 12, 2) == expected >> 16)
                    #expect(word(packet, 4, 4) == UInt32(frame))
                    expected &+= 1
                }
            }
        }
        #expect(packets.nextSequence == expected)
    }

    @Test func `batches cover every packet within the kernel's limits`() throws {
        for (format, width) in [
            (WireFormat.rgb(depth: 8), 1920), (.rgb(depth: 12), 1920), (.rgb(depth: 10), 640),
        ] {
            for limit in [1460, 8960] {
                let cut = try RTPCut(format: format, width: width, height: 37, udpOctets: limit)
                for segments in [1, 7, 45, 1000] {
                    var next = 0
                    for batch in cut.batches(segments: segments) {
                        #expect(batch.first == next)
                        #expect(batch.count <= min(segments, OutputLimits.segmentsPerCall))
                        #expect(
                            batch.count * batch.segmentBytes <= OutputLimits.octetsPerCall)
                        // Only a call's last packet may be short.
                        for packet in batch.first..<batch.first + batch.count - 1 {
                            let isShort =
                                packet % cut.packetsPerRow == cut.packetsPerRow - 1 && !cut.isEven
                            #expect(!isShort)
                        }
                        next += batch.count
                    }
                    #expect(next == cut.packetCount)
                }
            }
        }
    }

    @Test func `frame time stamps are the grid's`() throws {
        // ST 2059-1 vectors at 1767225637 s TAI: N, time stamp, steps.
        let vectors: [(Int64, Int64, Int64, UInt32, [UInt32])] = [
            (24, 1, 42_413_415_288, 3_373_391_824, [3750]),
            (24000, 1001, 42_371_044_243, 3_373_388_985, [3754, 3753, 3754, 3754]),
            (25, 1, 44_180_640_925, 3_373_391_824, [3600]),
            (30000, 1001, 52_963_805_304, 3_373_389_736, [3003]),
            (50, 1, 88_361_281_850, 3_373_391_824, [1800]),
            (60000, 1001, 105_927_610_609, 3_373_391_237, [1502, 1501, 1502, 1501]),
            (60, 1, 106_033_538_220, 3_373_391_824, [1500]),
            (120, 1, 212_067_076_440, 3_373_391_824, [750]),
        ]
        let now = TAITime(nanoseconds: 1_767_225_637_000_000_000)
        let packets = try packets(.rgb(depth: 8), 8, 1)
        let canvas = [UInt8](repeating: 0, count: 24)
        for (numerator, denominator, frame, stamp, steps) in vectors {
            let grid = FrameGrid(rate: FrameRate(numerator, denominator)!)
            #expect(grid.frame(at: now) == frame)
            #expect(grid.rtpTimestamp(of: frame) == stamp)
            var previous = stamp
            for (index, step) in steps.enumerated() {
                let next = grid.rtpTimestamp(of: frame + Int64(index) + 1)
                #expect(next &- previous == step)
                previous = next
            }
            canvas.withUnsafeBytes {
                packets.prepare(
                    canvas: $0.baseAddress!, timestamp: grid.rtpTimestamp(of: frame))
                #expect(word(packets.packet(0), 4, 4) == stamp)
            }
        }
    }
}
