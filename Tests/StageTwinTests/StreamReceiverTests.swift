import StageModel
import StageTwin
import TestSupport
import Testing

/// The strict receiver: what is right is read exactly, what is wrong is named.
struct StreamReceiverTests {
    static let format = StreamFormat(
        width: 8, height: 2, sampling: .rgb, depth: 10, payloadType: 96)

    /// A packet of whole rows' segments.
    static func packet(
        sequence: UInt32, timestamp: UInt32 = 9, isLast: Bool = false, payloadType: UInt8 = 96,
        segments: [(row: Int, pixel: Int, data: [UInt8])]
    ) -> [UInt8] {
        var bytes: [UInt8] = [0x80, (isLast ? 0x80 : 0) | payloadType]
        bytes += [UInt8(sequence >> 8 & 255), UInt8(sequence & 255)]
        bytes += (0..<4).map { UInt8(timestamp >> (24 - 8 * $0) & 255) }
        bytes += [0, 0, 0, 7, UInt8(sequence >> 24), UInt8(sequence >> 16 & 255)]
        for (index, segment) in segments.enumerated() {
            let more = index + 1 < segments.count ? 0x80 : 0
            bytes += [UInt8(segment.data.count >> 8), UInt8(segment.data.count & 255)]
            bytes += [UInt8(segment.row >> 8), UInt8(segment.row & 255)]
            bytes += [UInt8(segment.pixel >> 8 | more), UInt8(segment.pixel & 255)]
        }
        return bytes + segments.flatMap(\.data)
    }

    static func take(_ packets: [[UInt8]], _ format: StreamFormat = format) -> StreamReceiver {
        var receiver = StreamReceiver(format: format)
        for packet in packets { packet.withUnsafeBytes { receiver.take($0) } }
        return receiver
    }

    /// Makes 15 octets of twelve samples that count up from the first.
    static func group(_ first: Int) -> [UInt8] {
        var pool: [UInt8] = []
        var bits: [Int] = []
        for value in first..<first + 12 {
            for b in (0..<10).reversed() { bits.append(value >> b & 1) }
        }
        for i in stride(from: 0, to: 120, by: 8) {
            pool.append(UInt8(bits[i..<i + 8].reduce(0) { $0 * 2 + $1 }))
        }
        return pool
    }

    /// The two rows of the canvas, a row a packet.
    static let whole: [[UInt8]] = [
        packet(sequence: 0xFFFF, segments: [(0, 0, group(100) + group(200))]),
        packet(sequence: 0x10000, isLast: true, segments: [(1, 0, group(300) + group(400))]),
    ]

    @Test func `ten-bit samples are read in their order across octets`() {
        let receiver = Self.take(Self.whole)
        #expect(receiver.isClean)
        #expect(receiver.frames == 1)
        for (row, column, first) in [(0, 0, 100), (0, 4, 200), (1, 0, 300), (1, 4, 400)] {
            for pixel in 0..<4 {
                #expect(
                    receiver.samples(column: column + pixel, row: row)
                        == SIMD3(0, 1, 2) &+ (first + 3 * pixel))
            }
        }
    }

    @Test func `a packet may end one row and begin the next`() {
        let receiver = Self.take([
            Self.packet(sequence: 5, segments: [(0, 0, Self.group(100))]),
            Self.packet(
                sequence: 6, isLast: true,
                segments: [(0, 4, Self.group(200)), (1, 0, Self.group(300) + Self.group(400))]),
        ])
        #expect(receiver.isClean)
        #expect(receiver.samples(column: 7, row: 1) == SIMD3(409, 410, 411))
    }

    @Test func `chroma is shared by two pixels and luma is not`() {
        let format = StreamFormat(
            width: 4, height: 1, sampling: .yCbCr422, depth: 8, payloadType: 96)
        let receiver = Self.take(
            [
                Self.packet(
                    sequence: 0, isLast: true, segments: [(0, 0, [10, 20, 30, 40, 50, 60, 70, 80])])
            ], format)
        #expect(receiver.isClean)
        #expect(receiver.samples(column: 0, row: 0) == SIMD3(20, 10, 30))
        #expect(receiver.samples(column: 1, row: 0) == SIMD3(40, 10, 30))
        #expect(receiver.samples(column: 3, row: 0) == SIMD3(80, 50, 70))
    }

    @Test func `every broken rule is named`() {
        func broken(_ change: (inout [[UInt8]]) -> Void) -> Set<StreamBreak> {
            var packets = Self.whole
            change(&packets)
            return Set(Self.take(packets).breaks.keys)
        }
        #expect(broken { $0[0][0] = 0x90 }.contains(.header))
        #expect(broken { $0[0][1] = 97 }.contains(.payloadType))
        #expect(broken { $0[1][3] = 1 } == [.sequence])
        #expect(broken { $0[1][7] = 1 } == [.timestamp])
        #expect(broken { $0[1][11] = 1 } == [.source])
        #expect(broken { $0[1][1] = 96 } == [.marker])
        #expect(broken { $0[0][1] |= 0x80 }.contains(.hole))
        #expect(broken { $0.remove(at: 0) } == [.hole])
        #expect(broken { $0[0].removeLast() }.contains(.payload))
        #expect(broken { $0[0].append(0) } == [.payload])
        #expect(broken { $0[0][16] |= 0x80 } == [.field])
        #expect(broken { $0[1][17] = 2 }.contains(.segment))
        #expect(broken { $0[0][19] = 2 }.contains(.segment))
        #expect(broken { $0[1][17] = 0 }.contains(.backwards))
        #expect(broken { $0[0] = [UInt8]($0[0].prefix(19)) }.contains(.tooShort))
        #expect(broken { $0[0] += [UInt8](repeating: 0, count: 1452) }.contains(.tooLong))
    }

    @Test func `no datagram whatever can break the receiver itself`() {
        var random = SeededRandom(seed: 3)
        var receiver = StreamReceiver(format: Self.format)
        for _ in 0..<20_000 {
            var bytes = Self.whole[random.unit() < 0.5 ? 0 : 1]
            for _ in 0..<4 {
                bytes[Int(random.unit() * Double(bytes.count))] = UInt8(random.unit() * 255)
            }
            bytes = [UInt8](bytes.prefix(Int(random.unit() * Double(bytes.count + 20))))
            bytes.withUnsafeBytes { receiver.take($0) }
        }
        #expect(receiver.packets == 20_000)
        #expect(!receiver.isClean)
    }
}
