public import LookFiles
import Color

extension ColorSolution {
    /// The solution as the running stage takes it: primaries and black of the wall's channels,
    /// and their curves.
    ///
    /// - Parameter panel: the panel that was measured, if it is known.
    public func correctionFile(
        _ report: ColorReport, from source: WallCorrectionFile.Source,
        measuredOn panel: String? = nil
    ) -> WallCorrectionFile {
        var file = WallCorrectionFile(wall: report.wall)
        file.measuredOn = panel
        func list(_ triple: ColorTriple) -> [Double] { [triple.x, triple.y, triple.z] }
        file.sources = [source]
        file.primaries = [target.red, target.green, target.blue, target.white].map { [$0.x, $0.y] }
        file.peakNits = peakNits
        let matrix = plateFromLight.inverse * plateFromContent
        file.matrix = [matrix.row0, matrix.row1, matrix.row2].map(list)
        file.offset = list(plateFromLight.inverse * black * -1)
        file.curves = curves.map {
            WallCorrectionFile.Curve(drive: $0.drives, light: $0.lights)
        }
        file.residuals = [
            "additivity": report.additivity, "crossTalk": report.crossTalk,
            "fitMeanITP": report.fit.meanITP, "beforeMeanITP": report.before.meanITP,
            "afterMeanITP": report.after.meanITP,
        ]
        if let checks = report.checks { file.residuals["checksMeanITP"] = checks.meanITP }
        file.verdicts = report.verdicts.findings
        return file
    }
}
