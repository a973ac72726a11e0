/// Pixel kernels: sample, blend, grade, encode, pack. One source, built for x86-64-v3 and, through
/// symbolic links, for x86-64-v4. Only non-generic code and always-inline C may stand here: a
/// generic specialisation reached from both would be merged by the linker and the wrong one run.
enum Kernels {}
