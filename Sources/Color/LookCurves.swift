import Glibc

/// CLF's Range: a line through two pairs of values, clamped to its ends or not (ST 2136-1, Range).
public struct LookRange: Sendable, Equatable {
    /// The lower pair: input and output; nil leaves the low end open.
    public var low: SIMD2<Double>?
    /// The upper pair; nil leaves the high end open.
    public var high: SIMD2<Double>?
    /// Output stays between the ends that are given.
    public var isClamped: Bool

    /// A range; with two pairs the inputs differ.
    public init(low: SIMD2<Double>?, high: SIMD2<Double>?, isClamped: Bool = true) {
        self.low = low
        self.high = high
        self.isClamped = isClamped
    }

    /// One value.
    public func applied(to x: Double) -> Double {
        guard let pair = low ?? high else { return x }
        var slope = 1.0
        if let low, let high { slope = (high.y - low.y) / (high.x - low.x) }
        var y = (x - pair.x) * slope + pair.y
        if isClamped, let low { y = max(y, low.y) }
        if isClamped, let high { y = min(y, high.y) }
        return y
    }
}

/// CLF's Log of one channel: y = logSlope · log_base(linearSlope · x + linearOffset) + logOffset,
/// straight below a break if there is one (ST 2136-1, Log).
public struct LookLog: Sendable, Equatable {
    /// Base of the logarithm, > 0 and not 1.
    public var base: Double
    /// Factor of the logarithm, not 0.
    public var logSlope: Double
    /// Added to it.
    public var logOffset: Double
    /// Factor of the light, not 0.
    public var linearSlope: Double
    /// Added to it.
    public var linearOffset: Double
    /// Light below which the curve is a line; nil: none.
    public var linearBreak: Double?
    /// Slope of that line; nil: the curve's own at the break.
    public var slopeBelow: Double?

    /// A logarithm; the plain one of a base where nothing is given.
    public init(
        base: Double = 2, logSlope: Double = 1, logOffset: Double = 0, linearSlope: Double = 1,
        linearOffset: Double = 0, linearBreak: Double? = nil, slopeBelow: Double? = nil
    ) {
        self.base = base
        self.logSlope = logSlope
        self.logOffset = logOffset
        self.linearSlope = linearSlope
        self.linearOffset = linearOffset
        self.linearBreak = linearBreak
        self.slopeBelow = slopeBelow
    }

    /// The code of a light.
    public func code(light x: Double) -> Double {
        if let linearBreak, x <= linearBreak {
            return curve(linearBreak) + below(linearBreak) * (x - linearBreak)
        }
        return curve(x)
    }

    /// The light of a code.
    public func light(code y: Double) -> Double {
        if let linearBreak, y <= curve(linearBreak) {
            return linearBreak + (y - curve(linearBreak)) / below(linearBreak)
        }
        return (pow(base, (y - logOffset) / logSlope) - linearOffset) / linearSlope
    }

    private func curve(_ x: Double) -> Double {
        let least = Double(Float.leastNormalMagnitude)
        return logSlope * log(max(linearSlope * x + linearOffset, least)) / log(base) + logOffset
    }

    private func below(_ linearBreak: Double) -> Double {
        slopeBelow
            ?? logSlope * linearSlope
            / ((linearSlope * linearBreak + linearOffset) * log(base))
    }
}

/// CLF's Exponent of one channel (ST 2136-1, Exponent).
public struct LookExponent: Sendable, Equatable {
    /// What becomes of negative values.
    public enum Negative: String, Sendable, CaseIterable {
        /// They become 0; of a curve with a line at its foot, they stay on the line.
        case basic = ""
        /// The curve mirrored about 0.
        case mirror = "Mirror"
        /// They are left as they are.
        case passThrough = "PassThru"
    }
    /// The power, > 0.
    public var exponent: Double
    /// Offset of a curve with a line at its foot, sRGB's 0.055; nil: a pure power.
    public var offset: Double?
    /// What becomes of negative values.
    public var negative: Negative

    /// A power; with an offset the exponent is above 1.
    public init(exponent: Double, offset: Double? = nil, negative: Negative = .basic) {
        self.exponent = exponent
        self.offset = offset
        self.negative = negative
    }

    /// The value raised.
    public func applied(to x: Double) -> Double { signed(x) { forward($0) } }

    /// The way back.
    public func inverted(_ x: Double) -> Double { signed(x) { reverse($0) } }

    private func signed(_ x: Double, _ curve: (Double) -> Double) -> Double {
        if x >= 0 { return curve(x) }
        switch negative {
        case .basic: return offset == nil ? 0 : curve(x)
        case .mirror: return -curve(-x)
        case .passThrough: return x
        }
    }

    private func forward(_ x: Double) -> Double {
        guard let offset else { return pow(x, exponent) }
        if x < offset / (exponent - 1) { return x * slope(offset) }
        return pow((x + offset) / (1 + offset), exponent)
    }

    private func reverse(_ y: Double) -> Double {
        guard let offset else { return pow(y, 1 / exponent) }
        let foot = pow(offset * exponent / ((exponent - 1) * (1 + offset)), exponent)
        if y < foot { return y / slope(offset) }
        return (1 + offset) * pow(y, 1 / exponent) - offset
    }

    /// Slope of the line at the foot.
    private func slope(_ offset: Double) -> Double {
        (exponent - 1) / offset
            * pow(exponent * offset / ((exponent - 1) * (1 + offset)), exponent)
    }
}
