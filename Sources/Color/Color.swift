/// Primaries, adaptation, transfer functions, white balance, CDL: descriptions in doubles, and the
/// constants kernels are given.
///
/// Working space is scene-linear ACEScg (AP1), 1.0 = `Wall.nitsPerUnit` nits on the wall. A
/// setting exists twice: a checked description here, and constants prepared from it. Not for
/// pixels in bulk: those are in the kernel rooms.
///
/// The way through: `Primaries` → `ColorMatrix` → `WhiteBalance` and `CDL` make a `Grade` →
/// `WallColor` prepares `cyc_grade`; `TransferFunction` → `CurveTable` prepares `cyc_curve` →
/// code values. `deltaEITP` says how far two colours are apart.
public enum Color {}
