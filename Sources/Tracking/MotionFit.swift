/// A motion before and after a boundary as one cubic, the part after it moved in time by a step of
/// the delay that is fitted with it.
///
/// A cubic, because over half a second a pan to and fro is nearly one (a sine over 180° to 0.5 %),
/// and lines to either side err by 50 ms on it. All six axes count, along the direction they move
/// in; a metre like a radian.
struct MotionFit {
    /// A single fit's worth of samples on either side at most.
    private static var samplesMax: Int { 64 }
    /// Fewest on either side.
    private static var samplesMin: Int { 5 }

    var step: DelayEvidence.Estimate?
    /// Residual in time, nanoseconds: rms of what the cubic leaves over the rms speed.
    var residual = 0.0

    private var times = InlineArray<64, Double>(repeating: 0)
    private var ways = InlineArray<64, Double>(repeating: 0)
    private var count = 0
    /// Samples before the boundary.
    private var before = 0
    private let width: Double
    /// A cubic, else a parabola.
    private let isCubic: Bool
    /// Steps up to this are of no interest, nanoseconds.
    private let tolerance: Double

    /// Nil where there are too few samples.
    init?(
        _ memory: inout DelayMemory, after place: Int, span: Int64, isCubic: Bool, tolerance: Int64
    ) {
        self.tolerance = Double(tolerance)
        width = Double(span)
        self.isCubic = isCubic
        var first = place
        while first > memory.first, memory.time(place) - memory.time(first - 1) <= span {
            first -= 1
        }
        var last = place + 1
        while last + 1 < memory.count, memory.time(last + 1) - memory.time(place + 1) <= span {
            last += 1
        }
        before = place - first + 1
        count = last - first + 1
        let least = Self.samplesMin - (isCubic ? 0 : 2)
        guard before >= least, count - before >= least,
            count <= Self.samplesMax,
            memory.time(place) - memory.time(first) > span * 6 / 10
        else { return nil }
        let speed = project(&memory, from: first, middle: place)
        guard speed > 0 else { return nil }
        fit(speed: speed)
    }

    /// Times from the middle and ways along the direction of the motion; returns the mean speed,
    /// a span.
    private mutating func project(
        _ memory: inout DelayMemory, from first: Int, middle: Int
    ) -> Double {
        let zero = (memory.time(middle) + memory.time(middle + 1)) / 2
        let origin = memory.heard(middle)
        var (turning, moving) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        var mean = 0.0
        for i in 0..<count {
            times[i] = Double(memory.time(first + i) - zero) / width
            mean += times[i]
        }
        mean /= Double(count)
        var squares = 0.0
        for i in 0..<count {
            let (turn, way) = memory.heard(first + i).way(from: origin)
            let t = times[i] - mean
            turning += turn * t
            moving += way * t
            squares += t * t
        }
        let size = ((turning * turning).sum() + (moving * moving).sum()).squareRoot()
        guard size > 0, squares > 0 else { return 0 }
        turning /= size
        moving /= size
        for i in 0..<count {
            let (turn, way) = memory.heard(first + i).way(from: origin)
            ways[i] = (turn * turning).sum() + (way * moving).sum()
        }
        return size / squares
    }

    private mutating func fit(speed: Double) {
        var cubic = SIMD4<Double>(0, speed, 0, 0)
        var (delta, scale, information) = (0.0, 0.0, 0.0)
        for round in 0..<5 {
            var system = FiveUnknowns(isCubic: isCubic)
            for i in 0..<count {
                let isAfter = i >= before
                let t = times[i] - (isAfter ? delta : 0)
                let slope = cubic[1] + t * (2 * cubic[2] + 3 * t * cubic[3])
                var weight = 1.0
                if round > 1 {
                    let rest = ways[i] - (cubic[0] + t * (cubic[1] + t * (cubic[2] + t * cubic[3])))
                    weight = abs(rest) > 2 * scale ? 2 * scale / abs(rest) : 1
                }
                system.add(t, isCubic, isAfter ? -slope : 0, ways[i], weight: weight)
            }
            // Rounds that diverge say nothing, whatever those before them said.
            step = nil
            guard let solved = system.solve() else { return }
            cubic = solved.cubic
            delta += solved.last
            information = solved.information
            guard abs(delta) < 1, information > 0 else { return }
            scale = deviation(cubic, delta)
            // A fifth of a millisecond: what a tracker's own rhythm errs by.
            let deviation = max(scale / information.squareRoot() * width, 200_000)
            step = DelayEvidence.Estimate(value: delta * width, deviation: deviation)
            residual = scale / speed * width
            // Most boundaries are of no step, or of a camera at rest: more rounds tell nothing new.
            let isNone = abs(delta) * width + 4 * deviation < tolerance
            if round > 0, isNone || deviation > width / 2 { return }
        }
    }

    /// Deviation of the residuals about a cubic.
    private func deviation(_ cubic: SIMD4<Double>, _ delta: Double) -> Double {
        var squares = 0.0
        for i in 0..<count {
            let t = times[i] - (i >= before ? delta : 0)
            let rest = ways[i] - (cubic[0] + t * (cubic[1] + t * (cubic[2] + t * cubic[3])))
            squares += rest * rest
        }
        return (squares / Double(count - (isCubic ? 5 : 4))).squareRoot()
    }
}

extension HeardPose {
    /// The turn and the way from another pose: twice the sine of half the angle about its axis, and
    /// metres; the fourth number is 0.
    func way(from other: HeardPose) -> (turn: SIMD4<Double>, way: SIMD4<Double>) {
        let (a, b) = (SIMD4<Double>(rotation), SIMD4<Double>(other.rotation))
        // The vector part of a times the conjugate of b.
        let turn = SIMD4<Double>(
            b.w * a.x - a.w * b.x - (a.y * b.z - a.z * b.y),
            b.w * a.y - a.w * b.y - (a.z * b.x - a.x * b.z),
            b.w * a.z - a.w * b.z - (a.x * b.y - a.y * b.x), 0)
        let isSame = (a * b).sum() >= 0
        return (turn * (isSame ? 2 : -2), SIMD4<Double>(position - other.position))
    }
}

/// Normal equations of a cubic and one more column, solved in place.
private struct FiveUnknowns {
    private var matrix = InlineArray<25, Double>(repeating: 0)
    private var right = InlineArray<5, Double>(repeating: 0)

    /// A parabola's third power is nailed to 0.
    init(isCubic: Bool) { if !isCubic { matrix[18] = 1 } }

    mutating func add(
        _ t: Double, _ isCubic: Bool, _ column: Double, _ value: Double, weight: Double
    ) {
        let row: InlineArray<5, Double> = [1, t, t * t, isCubic ? t * t * t : 0, column]
        for i in 0..<5 {
            for j in 0...i { matrix[5 * i + j] += weight * row[i] * row[j] }
            right[i] += weight * row[i] * value
        }
    }

    /// The unknowns by Cholesky's factors; nil where the equations do not determine them.
    ///
    /// `information` is the inverse variance of the last one, of residuals of deviation 1.
    mutating func solve() -> (cubic: SIMD4<Double>, last: Double, information: Double)? {
        for j in 0..<5 {
            let whole = matrix[6 * j]
            for k in 0..<j { matrix[6 * j] -= matrix[5 * j + k] * matrix[5 * j + k] }
            // What is left of a column beside those before it, when nothing is.
            guard matrix[6 * j] > 1e-9 * whole else { return nil }
            let root = matrix[6 * j].squareRoot()
            matrix[6 * j] = root
            for i in (j + 1)..<5 {
                for k in 0..<j { matrix[5 * i + j] -= matrix[5 * i + k] * matrix[5 * j + k] }
                matrix[5 * i + j] /= root
            }
        }
        for i in 0..<5 {
            for k in 0..<i { right[i] -= matrix[5 * i + k] * right[k] }
            right[i] /= matrix[6 * i]
        }
        let information = matrix[24] * matrix[24]
        for i in (0..<5).reversed() {
            for k in (i + 1)..<5 { right[i] -= matrix[5 * k + i] * right[k] }
            right[i] /= matrix[6 * i]
        }
        return (SIMD4(right[0], right[1], right[2], right[3]), right[4], information)
    }
}
