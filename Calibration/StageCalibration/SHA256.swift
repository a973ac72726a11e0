/// SHA-256 (FIPS 180-4), so that a result says which file it came from in the words of every
/// other tool (`sha256sum`).
enum SHA256 {
    /// Parts of the cube roots of the first 64 primes (4.2.2), and of the square roots of the first
    /// eight (5.3.3): 32 bits behind the point, found as they are defined.
    private static let (constants, start) = roots()

    /// The digest of some bytes, in hexadecimal.
    static func hex(_ bytes: some Collection<UInt8>) -> String {
        var padded = Array(bytes)
        let bits = UInt64(padded.count) * 8
        padded.append(0x80)
        padded.append(contentsOf: repeatElement(0, count: (120 - padded.count % 64) % 64))
        for shift in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        var state = start
        for block in stride(from: 0, to: padded.count, by: 64) {
            compress(&state, padded[block..<block + 64])
        }
        return state.map { word in
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 8 - text.count) + text
        }.joined()
    }

    private static func compress(_ state: inout [UInt32], _ block: ArraySlice<UInt8>) {
        func turned(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
        var w = stride(from: block.startIndex, to: block.endIndex, by: 4).map { at in
            (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(block[at + $1]) }
        }
        for t in 16..<64 {
            let (a, b) = (w[t - 15], w[t - 2])
            let s0 = turned(a, 7) ^ turned(a, 18) ^ a >> 3
            let s1 = turned(b, 17) ^ turned(b, 19) ^ b >> 10
            w.append(w[t - 16] &+ s0 &+ w[t - 7] &+ s1)
        }
        var v = state
        for t in 0..<64 {
            let s1 = turned(v[4], 6) ^ turned(v[4], 11) ^ turned(v[4], 25)
            let choice = v[4] & v[5] ^ ~v[4] & v[6]
            let first = v[7] &+ s1 &+ choice &+ constants[t] &+ w[t]
            let s0 = turned(v[0], 2) ^ turned(v[0], 13) ^ turned(v[0], 22)
            let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
            v = [first &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
        }
        for i in 0..<8 { state[i] &+= v[i] }
    }

    private static func roots() -> (constants: [UInt32], start: [UInt32]) {
        var primes: [UInt64] = []
        var candidate: UInt64 = 2
        while primes.count < 64 {
            if !primes.contains(where: { candidate % $0 == 0 }) { primes.append(candidate) }
            candidate += 1
        }
        // The greatest x of 40 bits with x² ≤ p·2⁶⁴, or x³ ≤ p·2⁹⁶: its lowest 32 bits.
        func root(_ prime: UInt64, power: Int) -> UInt32 {
            var x: UInt64 = 0
            for bit in stride(from: 39, through: 0, by: -1) {
                let tried = x | 1 << UInt64(bit)
                if isAtMost(tried, prime, power: power) { x = tried }
            }
            return UInt32(truncatingIfNeeded: x)
        }
        return (
            primes.map { root($0, power: 3) }, primes.prefix(8).map { root($0, power: 2) }
        )
    }

    /// xⁿ ≤ p · 2³²ⁿ, x below 2⁴⁰.
    private static func isAtMost(_ x: UInt64, _ prime: UInt64, power: Int) -> Bool {
        let wide = UInt128(x)
        if power == 2 { return wide * wide <= UInt128(prime) << 64 }
        return wide * wide * wide <= UInt128(prime) << 96
    }
}
