import Glibc

/// The light of one channel over its drive, measured at a few steps: both 0 … 1.
///
/// Between the steps a monotone cubic (Fritsch and Carlson 1980) in logarithms, so that a power
/// law is exact; below the first step a straight line to black.
public struct DriveCurve: Sendable, Equatable {
    /// Asked light as a fraction of peak, rising to 1.
    public let drives: [Double]
    /// Light as a fraction of the channel's greatest, rising to 1.
    public let lights: [Double]
    private let slopes: [Double]

    /// A curve through steps that rise, at least three; nil where they do not, or begin at 0.
    public init?(drives: [Double], lights: [Double]) {
        func rises(_ values: [Double]) -> Bool {
            values.count >= 3 && values[0] > 0 && values.allSatisfy(\.isFinite)
                && zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
        }
        guard drives.count == lights.count, rises(drives), rises(lights) else { return nil }
        self.drives = drives
        self.lights = lights
        slopes = DriveCurve.monotoneSlopes(lights.map { log($0) }, drives.map { log($0) })
    }

    /// The drive that makes this much light; light outside 0 … 1 is clipped.
    public func drive(light: Double) -> Double {
        guard light > 0 else { return 0 }
        guard light > lights[0] else { return drives[0] * light / lights[0] }
        guard light < lights[lights.count - 1] else { return drives[drives.count - 1] }
        let i = lights.firstIndexPast(light) - 1
        let (x0, x1) = (log(lights[i]), log(lights[i + 1]))
        let t = (log(light) - x0) / (x1 - x0)
        return exp(hermite(i, t, width: x1 - x0))
    }

    /// The light of a drive: the inverse of `drive(light:)`, by halving.
    public func light(drive: Double) -> Double {
        guard drive > 0 else { return 0 }
        guard drive > drives[0] else { return lights[0] * drive / drives[0] }
        guard drive < drives[drives.count - 1] else { return lights[lights.count - 1] }
        let i = drives.firstIndexPast(drive) - 1
        let (x0, x1) = (log(lights[i]), log(lights[i + 1]))
        let wanted = log(drive)
        var (low, high) = (0.0, 1.0)
        for _ in 0..<52 {
            let middle = 0.5 * (low + high)
            if hermite(i, middle, width: x1 - x0) < wanted { low = middle } else { high = middle }
        }
        return exp(x0 + 0.5 * (low + high) * (x1 - x0))
    }

    private func hermite(_ i: Int, _ t: Double, width: Double) -> Double {
        let (y0, y1) = (log(drives[i]), log(drives[i + 1]))
        let (m0, m1) = (slopes[i] * width, slopes[i + 1] * width)
        let s = 1 - t
        return y0 * (1 + 2 * t) * s * s + m0 * t * s * s + y1 * t * t * (3 - 2 * t) - m1 * t * t * s
    }

    /// Slopes of a monotone cubic at its points (Fritsch and Carlson 1980, harmonic means).
    private static func monotoneSlopes(_ x: [Double], _ y: [Double]) -> [Double] {
        let n = x.count
        let h = (0..<(n - 1)).map { x[$0 + 1] - x[$0] }
        let d = (0..<(n - 1)).map { (y[$0 + 1] - y[$0]) / h[$0] }
        var m = [Double](repeating: 0, count: n)
        for i in 1..<(n - 1) where d[i - 1] * d[i] > 0 {
            let (w1, w2) = (2 * h[i] + h[i - 1], h[i] + 2 * h[i - 1])
            m[i] = (w1 + w2) / (w1 / d[i - 1] + w2 / d[i])
        }
        (m[0], m[n - 1]) = (d[0], d[n - 2])
        return m
    }
}

extension [Double] {
    /// The first index of a rising list whose number is above one; the count where none is.
    fileprivate func firstIndexPast(_ value: Double) -> Int {
        firstIndex { $0 > value } ?? count
    }
}
