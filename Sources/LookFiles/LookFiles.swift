/// Look files: `.cube` (Adobe's and Resolve's) and CLF hold transforms, `.cdl`, `.ccc` and `.cc`
/// hold ASC CDLs; read and written.
///
/// Everything is bounded (`LookLimits`), and a file is taken whole or refused with one line:
/// `film.cube:7: LUT_3D_SIZE 1 – a 3D table has 2 to 129 points along an edge`. Not for what a
/// transform does to a colour (`Color`), nor for pixels.
///
/// The way through: `LookFile.read` → `CubeText.parse` or `CLFText.parse` → `Look`;
/// `CorrectionFile.read` → `CDLText.parse` → `[NamedCDL]`; the same names write.
public enum LookFiles {}
