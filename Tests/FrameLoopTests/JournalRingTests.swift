import FrameLoop
import TestSupport
import Testing

/// Records pass whole and in order, or not at all.
struct JournalRingTests {
    private func write(_ ring: JournalRing, _ kind: UInt32, _ bytes: [UInt8]) -> Bool {
        ring.write(kind: kind, count: bytes.count) { memory in
            bytes.withUnsafeBytes { memory.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
        }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `records of any size come out as they went in`(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let ring = JournalRing(capacity: 4096)
        var waiting: [(kind: UInt32, bytes: [UInt8])] = []
        var refused = 0
        for step in 0..<3000 {
            if Bool.random(using: &random) {
                let count = Int.random(in: 1...900, using: &random)
                let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
                if write(ring, UInt32(step), bytes) {
                    waiting.append((UInt32(step), bytes))
                } else {
                    refused += 1
                }
            } else {
                var seen: (kind: UInt32, bytes: [UInt8])?
                let isRead = ring.read { seen = ($0, [UInt8]($1)) }
                #expect(isRead == !waiting.isEmpty)
                guard isRead else { continue }
                let truth = waiting.removeFirst()
                #expect(seen?.kind == truth.kind && seen?.bytes == truth.bytes)
            }
        }
        #expect(refused > 0, "the ring was full now and then")
    }

    @Test func `a full ring refuses and goes on when there is room`() {
        let ring = JournalRing(capacity: 128)
        #expect(write(ring, 1, Array(repeating: 1, count: 100)))
        #expect(!write(ring, 2, [2]))
        var seen: [(kind: UInt32, count: Int)] = []
        func readOne() -> Bool { ring.read { seen.append(($0, $1.count)) } }
        #expect(readOne())
        #expect(write(ring, 3, [3]))
        #expect(readOne())
        #expect(!readOne())
        #expect(seen.map(\.kind) == [1, 3] && seen.map(\.count) == [100, 1])
    }
}
