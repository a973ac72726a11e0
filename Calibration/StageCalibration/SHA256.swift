import Foundation

/// SHA-256 (FIPS 180-4): what a result came from is told by it.
public struct SHA256: Sendable {
    private var state: [UInt32] = [
        0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
        0x5BE0_CD19,
    ]
    private var waiting: [UInt8] = []
    private var length: UInt64 = 0
    private var schedule = [UInt32](repeating: 0, count: 64)

    /// Of nothing yet.
    public init() {}

    /// The digest of a file as 64 hexadecimal figures.
    public static func file(_ path: String) throws(CalibrationRefusal) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CalibrationRefusal("\(path): cannot be read", advice: "is it still there?")
        }
        var digest = SHA256()
        do {
            while let some = try file.read(upToCount: 1 << 20), !some.isEmpty {
                digest.add([UInt8](some))
            }
        } catch {
            throw CalibrationRefusal("\(path): cannot be read", advice: "check the disk")
        }
        return digest.finished()
    }

    /// Adds bytes.
    public mutating func add(_ bytes: [UInt8]) {
        length += UInt64(bytes.count)
        waiting += bytes
        let whole = waiting.count / 64 * 64
        let blocks = waiting
        blocks.withUnsafeBufferPointer { all in
            for start in stride(from: 0, to: whole, by: 64) {
                take(UnsafeBufferPointer(rebasing: all[start..<start + 64]))
            }
        }
        waiting.removeFirst(whole)
    }

    /// The digest of what was added until now.
    var digest: String {
        var copy = self
        return copy.finished()
    }

    /// The digest of all that was added.
    public mutating func finished() -> String {
        let bits = length * 8
        var end: [UInt8] = [0x80]
        while (waiting.count + end.count) % 64 != 56 { end.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            end.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        add(end)
        return state.map { word in
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 8 - text.count) + text
        }.joined()
    }

    /// One block of 64 bytes (§6.2.2).
    private mutating func take(_ block: UnsafeBufferPointer<UInt8>) {
        for t in 0..<16 {
            schedule[t] =
                UInt32(block[4 * t]) << 24 | UInt32(block[4 * t + 1]) << 16
                | UInt32(block[4 * t + 2]) << 8 | UInt32(block[4 * t + 3])
        }
        for t in 16..<64 {
            let (a, b) = (schedule[t - 15], schedule[t - 2])
            let low = Self.turned(a, 7) ^ Self.turned(a, 18) ^ a >> 3
            let high = Self.turned(b, 17) ^ Self.turned(b, 19) ^ b >> 10
            schedule[t] = schedule[t - 16] &+ low &+ schedule[t - 7] &+ high
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for t in 0..<64 {
            let big = Self.turned(e, 6) ^ Self.turned(e, 11) ^ Self.turned(e, 25)
            let choice = (e & f) ^ (~e & g)
            let first = h &+ big &+ choice &+ Self.rounds[t] &+ schedule[t]
            let small = Self.turned(a, 2) ^ Self.turned(a, 13) ^ Self.turned(a, 22)
            let most = (a & b) ^ (a & c) ^ (b & c)
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ small &+ most)
        }
        for (at, word) in [a, b, c, d, e, f, g, h].enumerated() { state[at] &+= word }
    }

    private static func turned(_ x: UInt32, _ by: UInt32) -> UInt32 { x >> by | x << (32 - by) }

    /// The first 32 bits of the fractions of the cube roots of the first 64 primes (§4.2.2).
    private static let rounds: [UInt32] = {
        var (primes, candidate) = ([Int](), 2)
        while primes.count < 64 {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes.map { prime in
            // The greatest whole number whose cube is not above prime · 2⁹⁶.
            var (low, high) = (UInt64(0), UInt64(1) << 36)
            while high - low > 1 {
                let middle = (low + high) / 2
                if isCubeAbove(middle, prime) { high = middle } else { low = middle }
            }
            return UInt32(truncatingIfNeeded: low)
        }
    }()

    private static func isCubeAbove(_ root: UInt64, _ prime: Int) -> Bool {
        // root³ > prime · 2⁹⁶, in words of 32 bits: root is below 2³⁶.
        let square = root.multipliedFullWidth(by: root)
        let low = square.low.multipliedFullWidth(by: root)
        let top = square.high.multipliedFullWidth(by: root).low &+ low.high
        let wanted = UInt64(prime) << 32
        return top > wanted || top == wanted && low.low > 0
    }
}
