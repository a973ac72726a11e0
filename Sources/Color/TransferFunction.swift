import Glibc

/// How a processor turns a code value (0 … 1) into light.
public enum TransferFunction: BitwiseCopyable, Sendable, Hashable {
    /// SMPTE ST 2084: absolute, 1 = 10,000 nits.
    case pq
    /// Pure power: nits = peak · V^exponent.
    case gamma(Double)
    /// nits = peak · V.
    case linear
}

/// Which integer codes carry 0 … 1.
public enum CodeRange: UInt8, BitwiseCopyable, Sendable, Hashable {
    /// 0 … 2ⁿ−1.
    case full
    /// (16 … 235) · 2ⁿ⁻⁸.
    case narrow
}

extension TransferFunction {
    /// Nits of full scale: 10,000 for PQ, the wall's peak for the others.
    /// - Frame path: yes
    public func fullScaleNits(peakNits: Double) -> Double {
        if case .pq = self { return 10_000 }
        return peakNits
    }

    /// Code value 0 … 1 of normalised light, 1 = full scale (SMPTE ST 2084, 5.3, for PQ); light
    /// outside 0 … 1 is clipped.
    public func signal(light: Double) -> Double {
        let l = min(max(light, 0), 1)
        switch self {
        case .pq:
            let y = pow(l, PQ.m1)
            return pow((PQ.c1 + PQ.c2 * y) / (1 + PQ.c3 * y), PQ.m2)
        case .gamma(let exponent): return pow(l, 1 / exponent)
        case .linear: return l
        }
    }

    /// Normalised light of a code value 0 … 1, 1 = full scale (SMPTE ST 2084, 5.2, for PQ); a
    /// signal outside 0 … 1 is clipped.
    public func light(signal: Double) -> Double {
        let v = min(max(signal, 0), 1)
        switch self {
        case .pq:
            let root = pow(v, 1 / PQ.m2)
            return pow(max(root - PQ.c1, 0) / (PQ.c2 - PQ.c3 * root), 1 / PQ.m1)
        case .gamma(let exponent): return pow(v, exponent)
        case .linear: return v
        }
    }
}

/// Constants of SMPTE ST 2084, 5.2.
enum PQ {
    static var m1: Double { 2610.0 / 16384 }
    static var m2: Double { 2523.0 / 4096 * 128 }
    static var c1: Double { 3424.0 / 4096 }
    static var c2: Double { 2413.0 / 4096 * 32 }
    static var c3: Double { 2392.0 / 4096 * 32 }
}

extension CodeRange {
    /// Code of signal 0 (ITU-R BT.2100, table 9).
    public func black(bitDepth: Int) -> Double {
        self == .full ? 0 : Double(16 << (bitDepth - 8))
    }

    /// Codes from signal 0 to signal 1.
    public func span(bitDepth: Int) -> Double {
        self == .full ? Double((1 << bitDepth) - 1) : Double(219 << (bitDepth - 8))
    }

    /// Code of a signal before rounding.
    public func code(signal: Double, bitDepth: Int) -> Double {
        black(bitDepth: bitDepth) + signal * span(bitDepth: bitDepth)
    }

    /// Signal of a code.
    public func signal(code: Double, bitDepth: Int) -> Double {
        (code - black(bitDepth: bitDepth)) / span(bitDepth: bitDepth)
    }
}
