import FrameModel
import Glibc

/// Where a picture's horizon probably lies.
enum HorizonGuess {
    /// 0 = upper edge, 1 = lower edge: the row that parts what is above from what is below best, by
    /// brightness and by how blue it is; near the middle when several do.
    static func row(of picture: Picture) -> Double {
        let rows = (0..<picture.height).map { mean(picture, row: $0) }
        let total = rows.reduce(SIMD2<Double>.zero, +)
        var above = SIMD2<Double>.zero
        var best = (score: 0.0, share: 0.5)
        for (index, row) in rows.dropLast().enumerated() {
            above += row
            let share = Double(index + 1) / Double(rows.count)
            guard (0.25...0.75).contains(share) else { continue }
            let upper = above / Double(index + 1)
            let lower = (total - above) / Double(rows.count - index - 1)
            let apart = upper - lower
            let middle = (share - 0.5) / 0.2
            let score = share * (1 - share) * (apart * apart).sum() * exp(-middle * middle / 2)
            if score > best.score { best = (score, share) }
        }
        return (best.share * 100).rounded() / 100
    }

    /// Logarithm of the light and blueness of a row.
    private static func mean(_ picture: Picture, row: Int) -> SIMD2<Double> {
        var sum = SIMD2<Double>.zero
        let every = max(1, picture.width / 512)
        var count = 0.0
        for x in stride(from: 0, to: picture.width, by: every) {
            let c = picture.color(x, row)
            let light = max(0, c.x + c.y + c.z)
            let blue = light > 1e-6 ? (c.z - c.x) / light : 0
            sum += SIMD2(log2(Double(light) + 0.01), 3 * Double(blue))
            count += 1
        }
        return sum / count
    }
}
