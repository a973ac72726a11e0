/// Decimal digits → the nearest double, without the C library: that one depends on a locale and
/// wants a terminated string.
///
/// Correctly rounded for up to 19 digits and decimal exponents −38 … 19, which holds every number
/// a field of OpenTrackIO can have; beyond that within a few units in the last place.
struct DecimalNumber {
    var isNegative = false
    /// Power of ten the significand is multiplied by.
    var exponent = 0
    private var significand: UInt64 = 0

    /// Adds a digit; those past the nineteenth only scale.
    mutating func add(_ digit: UInt8, isFraction: Bool) {
        if significand < 1_000_000_000_000_000_000 {
            significand = significand * 10 + UInt64(digit)
            if isFraction { exponent -= 1 }
        } else if !isFraction {
            exponent += 1
        }
    }

    var value: Double {
        isNegative ? -magnitude : magnitude
    }

    private var magnitude: Double {
        if significand == 0 { return 0 }
        if exponent >= 0 {
            let exact = min(exponent, 19)
            var number = Self.nearest(UInt128(significand) * UInt128(Self.power(exact)))
            for _ in 0..<min(exponent - exact, Self.stepsMax) { number *= 10 }
            return number
        }
        let exact = min(-exponent, 38)
        let (low, high) = (min(exact, 19), max(exact - 19, 0))
        let divisor = UInt128(Self.power(low)) * UInt128(Self.power(high))
        var number = Self.ratio(significand, divisor)
        for _ in 0..<min(-exponent - exact, Self.stepsMax) { number /= 10 }
        return number
    }

    /// Factors of ten that take any number here to infinity or to zero.
    private static var stepsMax: Int { 400 }

    /// 10ⁿ, n = 0 … 19.
    private static func power(_ n: Int) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<n { power *= 10 }
        return power
    }

    /// The nearest double: 64 bits are kept, the lowest one says whether any below is set.
    private static func nearest(_ number: UInt128) -> Double {
        let excess = max(0, 64 - number.leadingZeroBitCount)
        var top = UInt64(truncatingIfNeeded: number >> UInt128(excess))
        if number & ((1 << UInt128(excess)) - 1) != 0 { top |= 1 }
        return Double(sign: .plus, exponent: excess, significand: Double(top))
    }

    /// a / b correctly rounded: a long division that stops at 64 bits and keeps in the lowest
    /// one whether anything is left.
    private static func ratio(_ a: UInt64, _ b: UInt128) -> Double {
        var (quotient, rest) = UInt128(a).quotientAndRemainder(dividingBy: b)
        var shift = 0
        while rest != 0, quotient >> 63 == 0 {
            let step = min(rest.leadingZeroBitCount, 64 - (128 - quotient.leadingZeroBitCount))
            let (digits, left) = (rest << UInt128(step)).quotientAndRemainder(dividingBy: b)
            quotient = quotient << UInt128(step) | digits
            rest = left
            shift += step
        }
        if rest != 0 { quotient |= 1 }
        return Double(sign: .plus, exponent: -shift, significand: Double(UInt64(quotient)))
    }
}
