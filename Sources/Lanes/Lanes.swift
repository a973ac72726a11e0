@_exported public import CLanes

/// Pixel kernels as the rest of the house sees them: the table and its choice at start, the dither
/// tile, and a scalar reference in doubles for each kernel.
///
/// Kernels exist once in source and twice in the binary (x86-64-v3 and -v4); this room picks one
/// table at start. Not for what is drawn where: that is `Rendering`.
///
/// The way through: `InstructionSet.best` → `KernelTable` → a kernel; `Reference` beside it.
public enum Lanes {}
