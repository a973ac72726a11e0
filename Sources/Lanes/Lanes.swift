@_exported public import CLanes

/// Pixel buffers, the kernel table and its choice at start, scalar references.
///
/// Kernels exist once in source and twice in the binary (x86-64-v3 and -v4); this room picks one
/// table at start. The only room with SIMD idioms outside the kernel rooms.
public enum Lanes {}
