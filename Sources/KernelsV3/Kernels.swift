public import CLanes

/// Pixel kernels: sample, blend, grade, encode.
///
/// One source, built for x86-64-v3 and, through symbolic links, for x86-64-v4.
///
/// Only non-generic code and always-inline C may stand here: a generic specialisation reached from
/// both would be merged by the linker and the wrong one run. The sixteen-lane steps are C
/// (`steps16.h`), the loops round them Swift. Scalar references are in `Lanes`.
public enum Kernels {}

/// Every kernel of this room.
public func kernelTable() -> cyc_kernels {
    cyc_kernels(
        level: cyc_compiled_level(), picture: picture, graded_picture: gradedPicture, dome: dome,
        card: card, picture_pass: picturePass, dome_pass: domePass, lay_over: layOver,
        weight: weight, grade: grade, grade_over: gradeOver, gain: gain, correct: correct,
        enlarge: enlarge, encode: encode, mesh: meshKernels())
}
