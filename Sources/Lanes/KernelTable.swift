import KernelsV3
import KernelsV4

/// An x86-64 level our kernels are built for.
public enum InstructionSet: Int32, Sendable, CaseIterable {
    /// AVX2, FMA and F16C (Haswell, Zen, and later).
    case v3 = 3
    /// AVX-512 F, BW, CD, DQ and VL (Skylake-X, Zen 4, and later).
    case v4 = 4

    /// The best one this machine runs; nil below x86-64-v3, where Cyclorama does not run.
    public static var best: InstructionSet? { InstructionSet(rawValue: cyc_cpu_level()) }

    /// This machine runs it.
    public var isSupported: Bool { rawValue <= cyc_cpu_level() }

    /// The sentence an operator reads when `best` is nil.
    public static var refusal: String {
        "This processor is too old for Cyclorama: it needs x86-64-v3 (AVX2, FMA, F16C), that is an "
            + "Intel Haswell (2013) or AMD Zen (2017) or later; run it on another machine."
    }
}

/// Choice of the pixel kernels; plain function pointers, to be copied into whoever draws.
public enum KernelTable {
    /// The kernels of an instruction set.
    ///
    /// Running those the machine does not support ends the program; ask
    /// `InstructionSet.isSupported` first.
    public static func of(_ set: InstructionSet) -> cyc_kernels {
        switch set {
        case .v3: KernelsV3.kernelTable()
        case .v4: KernelsV4.kernelTable()
        }
    }

    /// The best kernels of this machine, or nil below x86-64-v3.
    public static func best() -> cyc_kernels? { InstructionSet.best.map { of($0) } }
}
