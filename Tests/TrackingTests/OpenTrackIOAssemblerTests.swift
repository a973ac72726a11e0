import Testing
import Tracking

@Suite struct OpenTrackIOAssemblerTests {
    /// Three parts of 1000 bytes or less.
    static let payload = (0..<2500).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    static let other = [UInt8](payload.reversed())

    static func split(_ payload: [UInt8], _ numbering: Numbering, from sequence: UInt16)
        -> [[UInt8]]
    {
        parts(payload, of: 1000, numbering, from: sequence)
    }

    @Test func `a payload in one datagram is handed over as it is`() {
        var assembler = OpenTrackIOAssembler()
        #expect(assembler.payload(from: datagram([9, 8, 7], .cbor)) == [9, 8, 7])
        #expect(assembler.counters.accepted == 1)
    }

    @Test(arguments: Numbering.allCases)
    func `parts numbered either way become one payload`(numbering: Numbering) {
        var assembler = OpenTrackIOAssembler()
        let found = assembler.payloads(
            from: Self.split(Self.payload, numbering, from: 5)
                + Self.split(Self.other, numbering, from: numbering == .alike ? 6 : 8))
        #expect(found == [Self.payload, Self.other])
        var expected = OpenTrackIOCounters()
        expected.accepted = 2
        #expect(assembler.counters == expected)
    }

    @Test(arguments: [OpenTrackIOHeader.Checksum.modulo256, .modulo255])
    func `numbers wrap within a payload and between payloads`(
        checksum: OpenTrackIOHeader.Checksum
    ) {
        var assembler = OpenTrackIOAssembler()
        let first = parts(Self.payload, of: 1000, .upward, from: 65531, checksum: checksum)
        let second = parts(Self.other, of: 1000, .upward, from: 65534, checksum: checksum)
        #expect(assembler.payloads(from: first + second) == [Self.payload, Self.other])
        #expect(assembler.counters.lost == 0)
        let late = datagram([1], sequence: 65533, checksum: checksum)
        #expect(assembler.payload(from: late) == nil)
        #expect(assembler.counters.outOfOrder == 1)
        // Version 1.0.0 never sends number 0.
        let last: UInt16 = checksum == .modulo255 ? 1 : 0
        let third = datagram([2], sequence: last + 1, checksum: checksum)
        #expect(assembler.payload(from: third) == [2])
        #expect(assembler.counters.lost == 0)
        #expect(assembler.counters.oldChecksums == (checksum == .modulo255 ? 3 : 0))
    }

    @Test(arguments: Numbering.allCases, 0..<3)
    func `a lost part costs its payload and no other`(numbering: Numbering, lost: Int) {
        var assembler = OpenTrackIOAssembler()
        var datagrams = Self.split(Self.payload, numbering, from: 5)
        datagrams.remove(at: lost)
        datagrams += Self.split(Self.other, numbering, from: numbering == .alike ? 6 : 8)
        #expect(assembler.payloads(from: datagrams) == [Self.other])
        #expect(assembler.counters.accepted == 1)
        #expect(assembler.counters.incomplete == (lost == 0 ? 0 : 1))
        #expect(assembler.counters.strays == [2, 1, 0][lost])
        // What was lost before the first datagram nobody knows of.
        #expect(assembler.counters.lost == (numbering == .alike || lost == 0 ? 0 : 1))
    }

    @Test(arguments: Numbering.allCases)
    func `parts out of order cost their payload and no other`(numbering: Numbering) {
        var assembler = OpenTrackIOAssembler()
        var datagrams = Self.split(Self.payload, numbering, from: 5)
        datagrams.swapAt(1, 2)
        datagrams += Self.split(Self.other, numbering, from: numbering == .alike ? 6 : 8)
        #expect(assembler.payloads(from: datagrams) == [Self.other])
        #expect(assembler.counters.incomplete == 1)
    }

    @Test(arguments: Numbering.allCases)
    func `a part that comes twice changes nothing`(numbering: Numbering) {
        var assembler = OpenTrackIOAssembler()
        let datagrams = Self.split(Self.payload, numbering, from: 5)
        let twice = [0, 0, 1, 0, 1, 2].map { datagrams[$0] }
        #expect(assembler.payloads(from: twice) == [Self.payload])
        #expect(assembler.counters.duplicates == 3)
        #expect(assembler.counters.incomplete == 0)
    }

    @Test(arguments: Numbering.allCases)
    func `a payload that comes over two networks is handed over once`(numbering: Numbering) {
        var assembler = OpenTrackIOAssembler()
        var found: [[UInt8]] = []
        for n in 0..<100 {
            let payload = [UInt8](repeating: UInt8(n), count: 1200)
            let datagrams = parts(
                payload, of: 1456, numbering, from: UInt16(truncatingIfNeeded: 65500 + n))
            found += assembler.payloads(from: datagrams + datagrams)
        }
        #expect(found.map(\.first) == (0..<100).map { UInt8($0) })
        #expect(assembler.counters.duplicates == 100)
        #expect(assembler.counters.lost == 0)
    }

    @Test func `a payload after a newer one is left out, whatever the numbers wrap to`() {
        var assembler = OpenTrackIOAssembler()
        let datagrams = [65534, 0, 65535, 1].map {
            datagram([UInt8(truncatingIfNeeded: $0)], sequence: UInt16($0))
        }
        #expect(assembler.payloads(from: datagrams) == [[254], [0], [1]])
        #expect(assembler.counters.outOfOrder == 1)
        #expect(assembler.counters.lost == 1)
    }

    @Test func `a sender that starts again is heard at once, and one that does not count`() {
        var assembler = OpenTrackIOAssembler()
        #expect(assembler.payload(from: datagram([1], sequence: 5000)) == [1])
        #expect(assembler.payload(from: datagram([2], sequence: 0)) == [2])
        #expect(assembler.payload(from: datagram([3], sequence: 0)) == [3])
        #expect(assembler.payload(from: datagram([4], sequence: 0)) == [4])
        #expect(assembler.payload(from: datagram([5], sequence: 30000)) == [5])
        #expect(assembler.counters.lost == 0)
        #expect(assembler.payload(from: datagram([6], sequence: 30011)) == [6])
        #expect(assembler.counters.lost == 10)
    }

    @Test func `a part of the next payload never completes this one`() {
        var assembler = OpenTrackIOAssembler()
        let whole = Self.split(Self.payload, .alike, from: 5)
        #expect(assembler.payloads(from: whole) == [Self.payload])
        let (first, second) = (
            Self.split(Self.payload, .alike, from: 6), Self.split(Self.other, .alike, from: 7)
        )
        #expect(assembler.payloads(from: [first[0], second[1], second[2]]).isEmpty)
        #expect(assembler.counters.incomplete == 1)
        #expect(assembler.counters.strays == 2)
    }

    @Test func `a sender that numbers its parts another way is heard again`() {
        var assembler = OpenTrackIOAssembler()
        var sequence: UInt16 = 0
        for numbering in [Numbering.alike, .upward, .alike] {
            var found = 0
            for _ in 0..<(TrackingLimits.doubtedPayloads + 2) {
                let datagrams = Self.split(Self.payload, numbering, from: sequence)
                sequence &+= numbering == .alike ? 1 : 3
                found += assembler.payloads(from: datagrams).count
            }
            #expect(found >= 2, "\(numbering)")
        }
    }

    @Test func `a payload beyond the limit is given up and the next one taken`() {
        var assembler = OpenTrackIOAssembler()
        let limit = TrackingLimits.payloadBytes
        let large = [UInt8](repeating: 3, count: limit + 1)
        let fitting = [UInt8](repeating: 4, count: limit)
        #expect(assembler.payload(from: datagram(large, sequence: 1)) == nil)
        #expect(assembler.payload(from: datagram(fitting, sequence: 2)) == fitting)
        #expect(assembler.payloads(from: parts(large, of: 1456, .alike, from: 3)).isEmpty)
        #expect(assembler.counters.oversize == 2)
        #expect(
            assembler.payloads(from: parts(fitting, of: 1456, .alike, from: 4)) == [fitting])
        #expect(assembler.counters.strays == 0)
    }

    @Test func `parts in another encoding belong to another payload`() {
        var assembler = OpenTrackIOAssembler()
        let first = datagram([1, 2], .json, sequence: 1, isLast: false)
        let second = datagram([3, 4], .cbor, sequence: 1, offset: 2)
        #expect(assembler.payloads(from: [first, second]).isEmpty)
        #expect(assembler.counters.incomplete == 1)
        #expect(assembler.counters.strays == 1)
    }

    @Test func `what is refused is counted by cause and the newest complaint kept`() {
        var assembler = OpenTrackIOAssembler()
        func take(_ text: String, _ sequence: UInt16) -> OpenTrackIOSample? {
            assembler.sample(from: datagram(Array(text.utf8), sequence: sequence))
        }
        #expect(take("{}", 1) != nil)
        #expect(take("{", 2) == nil)
        #expect(take("{\"lens\":{\"fStop\":-1}}", 3) == nil)
        #expect(take("{\"sourceNumber\":7}", 4)?.sourceNumber == 7)
        _ = assembler.payload(from: [1, 2, 3])
        #expect(assembler.counters.accepted == 2)
        #expect(assembler.counters.malformed == 1)
        #expect(assembler.counters.refused == 1)
        #expect(assembler.counters.tooShort == 1)
        #expect(assembler.newestFault == OpenTrackIOFault(.outOfRange, .fStop))
        #expect(
            assembler.newestFault?.description
                == "lens.fStop: is outside the range of the schema")
    }

    @Test(arguments: Numbering.allCases, 0..<8)
    func `over a bad network payloads come whole, in order and once`(
        numbering: Numbering, seed: Int
    ) {
        var random = SeededRandom(seed: 0x0712 &+ UInt64(seed) &* 0x9E37_79B9)
        var assembler = OpenTrackIOAssembler()
        var sequence: UInt16 = 65000
        // One payload unharmed, so that the way its parts are numbered is known.
        let first = Self.split(
            Self.payload, numbering, from: sequence &- (numbering == .alike ? 1 : 3))
        #expect(assembler.payloads(from: first) == [Self.payload])
        var found: [[UInt8]] = []
        let count = 400
        for n in 0..<count {
            let body = (0..<(200 + 17 * (n % 150))).map { UInt8(truncatingIfNeeded: $0 ^ n) }
            let payload = [UInt8(n >> 8), UInt8(n & 255)] + body
            let datagrams = parts(payload, of: 700, numbering, from: sequence)
            sequence &+= numbering == .alike ? 1 : UInt16(datagrams.count)
            for datagram in damaged(datagrams, &random) {
                if let payload = assembler.payload(from: datagram) { found.append(payload) }
            }
        }
        let numbers = found.map { Int($0[0]) << 8 | Int($0[1]) }
        #expect(numbers.count > count / 3)
        #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
        for (number, payload) in zip(numbers, found) {
            #expect(payload.count == 202 + 17 * (number % 150))
            let isWhole = payload.dropFirst(2).enumerated().allSatisfy { at, byte in
                byte == UInt8(truncatingIfNeeded: at ^ number)
            }
            #expect(isWhole, "payload \(number) with seed \(seed)")
        }
        #expect(assembler.counters.accepted == UInt64(found.count) + 1)
    }

    /// One in twenty lost, sent twice, or overtaken by the next.
    private func damaged(_ datagrams: [[UInt8]], _ random: inout SeededRandom) -> [[UInt8]] {
        var result: [[UInt8]] = []
        for datagram in datagrams {
            switch Int.random(in: 0..<60, using: &random) {
            case 0..<3: continue
            case 3..<6: result += [datagram, datagram]
            case 6..<9: result.insert(datagram, at: max(0, result.count - 1))
            default: result.append(datagram)
            }
        }
        return result
    }
}
