import Timing

/// Pictures against a tracker's pan, at any delay.
///
/// Not for the frame path: it allocates.
struct DelaySearch {
    /// From one delay tried to the next, seconds: motions up to 20 Hz have one minimum in ten.
    private static let step = 0.005

    /// Where a line through pan against pan fits.
    struct Minimum {
        /// Seconds.
        var delay: Double
        /// Radians of the picture a radian of the tracker.
        var scale = 1.0
        /// The picture's pan where the tracker's is 0.
        var offset = 0.0
        /// It fits better the nearer the end of the search.
        var isAtEnd = false
    }

    /// A picture at a delay: the tracker's pan and speed, what is left of the picture's pan.
    struct Row {
        var pan: Double
        var speed: Double
        var residual: Double
    }

    /// Seconds from the tracker's first sample, radians; in order of time.
    private let pictures: [(time: Double, pan: Double)]
    private let curve: PanCurve
    /// From the least to the largest pan of the tracker while the pictures were taken, radians.
    let range: Double
    /// A residual that is no noise, radians: a tenth of a typical pan.
    private let coarseCut: Double

    /// Pictures that can be used.
    var count: Int { pictures.count }

    init(tracker: [DelayFit.Sample], pictures: [DelayFit.Sample]) {
        let zero = tracker.map(\.time).min() ?? HostTime(nanoseconds: 0)
        let samples = Self.inOrder(tracker, from: zero)
        let all = Self.inOrder(pictures, from: zero)
        let searched = DelayFit.searched
        let (least, most) = (searched.lowerBound - Self.step, searched.upperBound + Self.step)
        // Frames long before or after the tracker was heard are no reason for a long curve.
        let (begin, end) = (samples.first?.time ?? 0, samples.last?.time ?? 0)
        let near = all.filter { begin...end ~= $0.time }
        let first = near.first?.time ?? 0
        let curve = PanCurve(samples, over: (first + least)...((near.last?.time ?? first) + most))
        self.curve = curve
        self.pictures = near.filter { curve.knows(($0.time + least)...($0.time + most)) }
        let pans = self.pictures.map { curve.at($0.time).pan }
        range = (pans.max() ?? 0) - (pans.min() ?? 0)
        let mean = pans.reduce(0, +) / Double(max(1, pans.count))
        let squares = pans.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        coarseCut = max(1e-9, 0.1 * (squares / Double(max(1, pans.count))).squareRoot())
    }

    /// Seconds and unwrapped radians, in order of time.
    private static func inOrder(
        _ samples: [DelayFit.Sample], from zero: HostTime
    ) -> [(time: Double, pan: Double)] {
        var last: Double?
        return samples.sorted { $0.time < $1.time }.map { sample in
            let before = last ?? sample.pan
            let pan = before + (sample.pan - before).remainder(dividingBy: 2 * .pi)
            last = pan
            return (Double(sample.time - zero) * 1e-9, pan)
        }
    }

    /// Every picture at a delay.
    func rows(_ minimum: Minimum) -> [Row] {
        pictures.map { picture in
            let (pan, speed) = curve.at(picture.time + minimum.delay)
            return Row(
                pan: pan, speed: speed,
                residual: picture.pan - minimum.scale * pan - minimum.offset)
        }
    }

    /// The delays at which the pictures fit better than at those beside them, the best first.
    func minima() -> [Minimum] {
        let searched = DelayFit.searched
        let count = Int(((searched.upperBound - searched.lowerBound) / Self.step).rounded())
        var tried: [(minimum: Minimum, cost: Double)] = []
        for i in 0...count {
            var line = Minimum(delay: searched.lowerBound + Double(i) * Self.step)
            fitLine(&line)
            tried.append((line, cost(line)))
        }
        let best = tried.indices.min { tried[$0].cost < tried[$1].cost } ?? 0
        var found: [(minimum: Minimum, cost: Double)] = []
        for i in tried.indices {
            let isInside = i > 0 && i < count
            let isLeast =
                isInside && tried[i].cost < tried[i - 1].cost && tried[i].cost <= tried[i + 1].cost
            guard isLeast || i == best else { continue }
            var refined = tried[i].minimum
            refined.isAtEnd = !isInside
            refine(&refined)
            found.append((refined, cost(refined)))
        }
        return found.sorted { $0.cost < $1.cost }.map(\.minimum)
    }

    /// A delay elsewhere that explains the pictures almost as well; nil where there is none.
    ///
    /// Residuals count up to `cut`, beyond which a picture is one that does not fit.
    func rival(of best: Minimum, among found: [Minimum], cut: Double) -> Double? {
        func cost(_ minimum: Minimum) -> Double {
            rows(minimum).reduce(0) { $0 + min($1.residual * $1.residual, cut * cut) }
        }
        let least = cost(best)
        return found.first {
            abs($0.delay - best.delay) > 2 * Self.step && cost($0) < 2 * least
        }?.delay
    }

    /// Mean of Huber's loss.
    private func cost(_ minimum: Minimum) -> Double {
        let cut = coarseCut
        return rows(minimum).reduce(0) { sum, row in
            let size = abs(row.residual)
            return sum + (size < cut ? size * size / 2 : cut * (size - cut / 2))
        } / Double(max(1, count))
    }

    /// Scale and offset at a delay, wrong pictures counting little.
    private func fitLine(_ line: inout Minimum) {
        for _ in 0..<6 {
            var system = LinearSystem(size: 2)
            for row in rows(line) {
                system.add(
                    [row.pan, 1], row.residual + line.scale * row.pan + line.offset,
                    weight: min(1, coarseCut / max(abs(row.residual), 1e-12)))
            }
            guard let solved = system.solved() else { return }
            (line.scale, line.offset) = (solved[0], solved[1])
        }
    }

    /// Gauss and Newton's steps: first with wide arms for wrong pictures, then as wide as the noise
    /// is, then without those that contradict it.
    private func refine(_ minimum: inout Minimum) {
        let huber = { (cut: Double) in { (r: Double) in min(1, cut / max(abs(r), 1e-12)) } }
        step(&minimum, weight: huber(coarseCut))
        step(&minimum, weight: huber(3 * deviation(minimum)))
        let cut = bisquareCut * deviation(minimum)
        step(&minimum) { bisquare($0, cut: cut) }
    }

    private func step(_ minimum: inout Minimum, weight: (Double) -> Double) {
        let searched = DelayFit.searched
        for _ in 0..<30 {
            var system = LinearSystem(size: 3)
            for row in rows(minimum) {
                system.add(
                    [minimum.scale * row.speed, row.pan, 1], row.residual,
                    weight: weight(row.residual))
            }
            guard let change = system.solved() else { return }
            let wanted = minimum.delay + max(-Self.step, min(Self.step, change[0]))
            let kept = max(searched.lowerBound, min(searched.upperBound, wanted))
            if kept != wanted { minimum.isAtEnd = true }
            minimum.delay = kept
            minimum.scale += change[1]
            minimum.offset += change[2]
            if abs(change[0]) < 1e-8 { return }
        }
    }

    /// Robust deviation of the residuals, radians: of normal ones σ is 1.4826 of the median size.
    func deviation(_ minimum: Minimum) -> Double {
        let sizes = rows(minimum).map { abs($0.residual) }.sorted()
        return max(1e-9, 1.4826 * (sizes.isEmpty ? 0 : sizes[sizes.count / 2]))
    }
}

/// Tukey's bisquare in deviations: 95 % of the efficiency of least squares where nothing is wrong.
let bisquareCut = 4.685

/// Tukey's weight of a residual; 0 beyond the cut.
func bisquare(_ residual: Double, cut: Double) -> Double {
    let u = residual / cut
    return abs(u) < 1 ? (1 - u * u) * (1 - u * u) : 0
}
