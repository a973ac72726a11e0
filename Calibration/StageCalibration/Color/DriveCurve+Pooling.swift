import Color
import Glibc

extension DriveCurve {
    /// A curve through noisy steps: made monotone first, and steps that show no light left out.
    ///
    /// Nil where fewer than three are left.
    init?(drives: [Double], lights: [Double], weights: [Double]) {
        let blocks = DriveCurve.pooled(drives, lights, weights).filter { $0.light > 0 }
        self.init(drives: blocks.map(\.drive), lights: blocks.map(\.light))
    }

    /// Neighbours that fall are pooled into one step at their means (pool adjacent violators).
    private static func pooled(
        _ drives: [Double], _ lights: [Double], _ weights: [Double]
    ) -> [(drive: Double, light: Double)] {
        var blocks: [(drive: Double, light: Double, weight: Double, count: Double)] = []
        for i in drives.indices {
            blocks.append((log(drives[i]), lights[i], weights[i], 1))
            // A step that rises by less than this is no step: its cubic would be a wall.
            while blocks.count > 1,
                blocks[blocks.count - 1].light
                    <= blocks[blocks.count - 2].light + 1e-9
            {
                let (b, a) = (blocks.removeLast(), blocks.removeLast())
                let weight = a.weight + b.weight
                blocks.append(
                    (
                        (a.drive * a.count + b.drive * b.count) / (a.count + b.count),
                        (a.light * a.weight + b.light * b.weight) / weight, weight,
                        a.count + b.count
                    ))
            }
        }
        return blocks.map { (exp($0.drive), $0.light) }
    }
}

extension Array {
    /// The first index whose element answers yes, in an array that answers no, then yes.
    func partitioningIndex(where isPast: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isPast(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
