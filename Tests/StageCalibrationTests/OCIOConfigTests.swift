import Color
import Foundation
import StageCalibration
import TestSupport
import Testing

/// A wall as a display of OpenColorIO.
@Suite struct `A wall's OpenColorIO configuration` {
    private struct Given: Encodable {
        struct View: Encodable {
            var name: String
            var colors, signals: [[Double]]
        }
        var config, display: String
        var views: [View]
        var tolerance: Double
    }

    @Test(
        .enabled(
            if: PythonPeer.has(module: "PyOpenColorIO"), "`make peers` installs opencolorio"))
    func `makes of ACEScg what the correction does, and of the other view what it does not`() throws
    {
        var twin = ColorTwin(primaries: ColorTwin.offPrimaries, gamma: ColorTriple(1.06, 1, 0.95))
        let solution = try ColorSolution(twin.samples())
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "cyclorama-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let wall = "stage \"left\""
        let files = try solution.writeLooks(wall: wall, to: folder)
        #expect(
            files == ["color-correction.clf", "color-correction.cube", "config.ocio"])

        let acesFromContent = ColorMatrix.rgb(from: solution.target, to: .acesCG)
        func list(_ c: ColorTriple) -> [Double] { [c.x, c.y, c.z] }
        func signal(_ light: ColorTriple) -> [Double] {
            list(light).map {
                TransferFunction.pq.signal(light: max(0, $0) * solution.peakNits / 10_000)
            }
        }
        let contents = ColorTwin.contents(50, seed: 5)
        let colors = contents.map { list(acesFromContent * $0 * (solution.peakNits / 100)) }
        let given = Given(
            config: "\(folder)/config.ocio", display: wall,
            views: [
                Given.View(
                    name: "Calibrated", colors: colors,
                    signals: contents.map { signal(solution.drive(content: $0)) }),
                Given.View(
                    name: "Uncorrected", colors: colors, signals: contents.map(signal)),
            ],
            // Half a code of 10 bits.
            tolerance: 0.5 / 1023)
        let verdict = try PythonPeer.judge("ocio_display.py", given)
        #expect(verdict.status == 0, "\(verdict.output)")
    }
}
