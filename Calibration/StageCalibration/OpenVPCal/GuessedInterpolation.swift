/// Straight lines through pairs of (x, y) as NumPy's `interp` draws them, to the same result where
/// x does not rise, as in noisy ramps: the search starts where the last one ended.
struct GuessedInterpolation {
    private let pairs: [SIMD2<Double>]
    private var guess = 0
    /// How far beyond the guess NumPy looks before it halves the whole table.
    private static let near = 8

    init(_ pairs: [SIMD2<Double>]) { self.pairs = pairs }

    mutating func callAsFunction(_ x: Double) -> Double {
        let last = pairs.count - 1
        if x > pairs[last].x { return pairs[last].y }
        if x < pairs[0].x { return pairs[0].y }
        guess = cell(of: x)
        if guess == last || pairs[guess].x == x { return pairs[guess].y }
        let (a, b) = (pairs[guess], pairs[guess + 1])
        return (b.y - a.y) / (b.x - a.x) * (x - a.x) + a.y
    }

    private func cell(of x: Double) -> Int {
        let count = pairs.count
        let start = max(1, min(guess, count - 3))
        var (low, high) = (0, count)
        if x < pairs[start].x {
            if x >= pairs[start - 1].x { return start - 1 }
            high = start - 1
            if start > Self.near && x >= pairs[start - Self.near].x { low = start - Self.near }
        } else {
            if x < pairs[start + 1].x { return start }
            if x < pairs[start + 2].x { return start + 1 }
            low = start + 2
            if start < count - Self.near - 1 && x < pairs[start + Self.near].x {
                high = start + Self.near
            }
        }
        while low < high {
            let middle = low + (high - low) / 2
            if x >= pairs[middle].x { low = middle + 1 } else { high = middle }
        }
        return low - 1
    }
}
