/// Ranges of 1 / distance that a picture is parted into, the farthest first.
struct DepthRanges: Sendable {
    /// 1 / distance each range stands for: the mean of its pixels.
    private(set) var means: [Float] = []
    /// Upper end of each range but the last.
    private var ends: [Float] = []

    private static let bins = 256

    /// The ranges whose pixels differ least from their means.
    ///
    /// How far a pixel moves wrongly on a card is that difference times the camera's way. Found
    /// exactly, over 256 steps (optimal 1-D k-means by dynamic programming; Wang and Song, 2011).
    init(_ disparity: Plane, count: Int) {
        let low = disparity.values.min() ?? 0
        let high = max(disparity.values.max() ?? 1, low + 1e-6)
        let step = (high - low) / Float(DepthRanges.bins)
        var sums = [SIMD3<Double>](repeating: .zero, count: DepthRanges.bins + 1)
        var histogram = [Double](repeating: 0, count: DepthRanges.bins)
        for value in disparity.values {
            histogram[min(DepthRanges.bins - 1, Int((value - low) / step))] += 1
        }
        for (bin, pixels) in histogram.enumerated() {
            let middle = Double(low) + (Double(bin) + 0.5) * Double(step)
            sums[bin + 1] =
                sums[bin] + SIMD3(pixels, pixels * middle, pixels * middle * middle)
        }
        let cuts = DepthRanges.cuts(sums, count: count)
        for (first, end) in zip(cuts, cuts.dropFirst()) {
            let part = sums[end] - sums[first]
            guard part.x > 0 else { continue }
            if !means.isEmpty { ends.append(low + Float(first) * step) }
            means.append(Float(part.y / part.x))
        }
    }

    /// First bins of all ranges, and the end.
    private static func cuts(_ sums: [SIMD3<Double>], count: Int) -> [Int] {
        func cost(_ first: Int, _ end: Int) -> Double {
            let part = sums[end] - sums[first]
            return part.x > 0 ? max(0, part.z - part.y * part.y / part.x) : 0
        }
        var best = (0...bins).map { cost(0, $0) }
        var choices: [[Int]] = []
        for _ in 1..<max(1, count) {
            var next = best
            var choice = [Int](repeating: 0, count: bins + 1)
            for end in 1...bins {
                for first in 0..<end {
                    let total = best[first] + cost(first, end)
                    if total < next[end] { (next[end], choice[end]) = (total, first) }
                }
            }
            choices.append(choice)
            best = next
        }
        var cuts = [bins]
        for choice in choices.reversed() { cuts.append(choice[cuts[cuts.count - 1]]) }
        cuts.append(0)
        return cuts.reversed()
    }

    /// Range of a 1 / distance, 0 = the farthest.
    func range(of disparity: Float) -> Int {
        var range = 0
        while range < ends.count, disparity >= ends[range] { range += 1 }
        return range
    }

    var count: Int { means.count }
}
