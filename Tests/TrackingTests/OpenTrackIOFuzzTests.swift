import Testing
import Tracking

/// Damaged and random bytes: none crashes, and what passes is as right as what was sent.
@Suite struct OpenTrackIOFuzzTests {
    static let text = """
        {"custom": {"a": [1, {"b": null}], "c": "x\\"\\u00e9"}, "protocol": {"name":
        "OpenTrackIO", "version": [1, 0, 1]}, "sourceNumber": 14, "tracker": {"status": "Good"},
        "transforms": [{"translation": {"x": 1.5, "y": 2e-3, "z": 3}, "rotation": {"pan": 180.01,
        "tilt": -9, "roll": 0}, "scale": {"x": 2}, "id": "Dolly"}, {"translation": {"z": 1}}]}
        """
    // {_ "tracker": {_ (_ "sl", "ate"): (_ "A1", "01")}, "x": [_ 1.5, 2(h'0102'), null]}
    static let open = bytes(
        hex: """
            bf 67 747261636b6572 bf 7f 62 736c 63 617465 ff 7f 62 4131 62 3031 ff ff 61 78
            9f f93e00 c2 42 0102 f6 ff ff
            """)

    private func seeds() throws -> [([UInt8], OpenTrackIOHeader.Encoding)] {
        [
            (try OpenTrackIOSample.full.encoded(.json), .json), (Array(Self.text.utf8), .json),
            (try OpenTrackIOSample.full.encoded(.cbor), .cbor), (Self.open, .cbor),
        ]
    }

    @Test(arguments: 0..<4)
    func `a damaged payload is refused, or is a sample that can be sent on`(seed: Int) throws {
        let (good, encoding) = try seeds()[seed]
        var random = SeededRandom(seed: 0xDA3A6E &+ UInt64(seed) &* 977)
        var (taken, refused) = (0, 0)
        for round in 0..<15_000 {
            let payload = Self.damaged(good, &random)
            guard let sample = try? Self.decoded(payload, encoding) else {
                refused += 1
                continue
            }
            taken += 1
            // By CBOR, for decimal digits of wild exponents come back less than exact.
            let again = try? OpenTrackIOSample(sample.encoded(.cbor), .cbor)
            #expect(again?.lens == sample.lens, "round \(round): \(hexadecimal(payload))")
            #expect((try? sample.encoded(.json)) != nil, "round \(round): \(hexadecimal(payload))")
        }
        #expect(taken > 500)
        #expect(refused > 500)
    }

    @Test(arguments: OpenTrackIOHeader.Encoding.allCases)
    func `random bytes are refused`(encoding: OpenTrackIOHeader.Encoding) {
        var random = SeededRandom(seed: 0x7A2D)
        let tokens = Array("{}[]\",:0123456789eE+-.\\untrfalsNI ".utf8)
        for round in 0..<30_000 {
            var payload = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                round % 2 == 0 ? random.next() & 255 : UInt64(tokens.randomElement(using: &random)!)
            }.map { UInt8($0) }
            // As objects, so that more than the first byte is read; of unknown length in CBOR.
            payload.insert(encoding == .json ? UInt8(ascii: "{") : 0xBF, at: 0)
            if let sample = try? Self.decoded(payload, encoding) {
                #expect(sample == OpenTrackIOSample(), "\(hexadecimal(payload))")
            }
        }
    }

    @Test func `damaged datagrams are counted by cause and never make a wrong payload`() throws {
        var random = SeededRandom(seed: 0xF0225)
        var assembler = OpenTrackIOAssembler()
        let payload = try OpenTrackIOSample.full.encoded(.json)
        let rounds = 20_000
        for round in 0..<rounds {
            let sequence = UInt16(truncatingIfNeeded: round)
            let good = parts(payload, of: 600, round % 2 == 0 ? .alike : .upward, from: sequence)
            let bytes = Self.damaged(good.randomElement(using: &random)!, &random)
            if let found = assembler.payload(from: bytes) { #expect(found.count <= 16384) }
        }
        let counters = assembler.counters
        #expect(counters.badChecksum > 1000)
        #expect(counters.wrongLength > 1000)
        #expect(counters.wrongIdentifier > 50)
        #expect(counters.unknownEncoding > 10)
        #expect(counters.tooShort > 10)
    }

    /// The checksum is right; numbers, offsets and flags are anything.
    @Test func `any order of any parts is bounded`() {
        var random = SeededRandom(seed: 0x0FF5E7)
        var assembler = OpenTrackIOAssembler()
        var (rounds, handedOver) = (60_000, 0)
        while rounds > 0 {
            rounds -= 1
            let part = [UInt8](
                repeating: UInt8.random(in: 0...3, using: &random),
                count: Int.random(in: 0...3000, using: &random))
            let offset = [0, 1, 1500, 3000, 15000, Int(UInt32.max)].randomElement(using: &random)!
            let bytes = datagram(
                part, Bool.random(using: &random) ? .json : .cbor,
                sequence: UInt16.random(in: 0...3, using: &random) &- 2,
                offset: Bool.random(using: &random) ? offset : handedOver % 4 * part.count,
                isLast: Bool.random(using: &random))
            if let found = assembler.payload(from: bytes) {
                handedOver += 1
                #expect(found.count <= TrackingLimits.payloadBytes)
            }
        }
        let counters = assembler.counters
        #expect(counters.accepted == UInt64(handedOver))
        #expect(handedOver > 500)
        #expect(counters.strays > 1000)
        #expect(counters.incomplete > 500)
    }

    @Test func `datagrams of any bytes are never a payload`() {
        var random = SeededRandom(seed: 0xA11)
        var assembler = OpenTrackIOAssembler()
        let rounds = 30_000
        for round in 0..<rounds {
            var packet = (0..<Int.random(in: 0...100, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if round % 2 == 0, packet.count >= 16 {
                packet.replaceSubrange(0..<6, with: [0x4F, 0x54, 0x72, 0x6B, 0, 1])
                packet.replaceSubrange(12..<14, with: [0x80, UInt8(packet.count - 16)])
                // Surely wrong by both moduli: each sum is off by one.
                let right = datagram(
                    Array(packet[16...]), sequence: UInt16(packet[6]) << 8 | UInt16(packet[7]))
                packet.replaceSubrange(8..<12, with: [0, 0, 0, 0])
                packet[14] = right[14] ^ 0x80
                packet[15] = right[15]
            }
            #expect(assembler.payload(from: packet) == nil)
        }
        let counters = assembler.counters
        let refused =
            counters.tooShort + counters.wrongIdentifier + counters.unknownEncoding
            + counters.wrongLength + counters.badChecksum
        #expect(refused == UInt64(rounds))
        #expect(counters.badChecksum > 10_000)
    }

    private static func decoded(
        _ payload: [UInt8], _ encoding: OpenTrackIOHeader.Encoding
    ) throws(OpenTrackIOFault) -> OpenTrackIOSample {
        // A copy of its own length, so that a read past the end is a fault of the memory checker.
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: payload.count, alignment: 1)
        defer { bytes.deallocate() }
        bytes.copyBytes(from: payload)
        return try OpenTrackIOSample(
            payload: UnsafeRawBufferPointer(bytes), encoding: encoding)
    }

    /// One to four changes: a bit, a byte, some bytes gone, doubled or put in, the end cut off.
    static func damaged(_ good: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var bytes = good
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, at + Int.random(in: 1...8, using: &random))
            switch Int.random(in: 0..<7, using: &random) {
            case 0, 1: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 2: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 3: bytes.removeSubrange(at..<end)
            case 4: bytes.insert(contentsOf: bytes[at..<end], at: at)
            case 5: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
            default: if Int.random(in: 0..<4, using: &random) == 0 { bytes.removeSubrange(at...) }
            }
        }
        return bytes
    }
}
