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
        let kept = TemporaryFolder()
        let folder = kept.path
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let wall = "stage \"left\""
        let files = try solution.writeLooks(wall: wall, nitsPerUnit: 200, to: folder)
        #expect(
            files == ["color-correction.clf", "color-correction.cube", "config.ocio"])

        let acesFromContent = ColorMatrix.rgb(from: solution.target, to: .acesCG)
        let corrected = solution.linearLook(title: "as it is")
        func list(_ c: ColorTriple) -> [Double] { [c.x, c.y, c.z] }
        func signal(_ light: ColorTriple) -> [Double] {
            list(light).map {
                TransferFunction.pq.signal(light: min(1, max(0, $0)) * solution.peakNits / 10_000)
            }
        }
        // Within what the wall can do, over its peak, and out of its gamut.
        let contents =
            ColorTwin.contents(50, seed: 5) + [ColorTriple(3, 3, 3), ColorTriple(0.5, -0.1, 0.2)]
        let colors = contents.map { list(acesFromContent * $0 * (solution.peakNits / 200)) }
        let given = Given(
            config: "\(folder)/config.ocio", display: wall,
            views: [
                Given.View(
                    name: "Calibrated", colors: colors,
                    signals: contents.map { signal(corrected.applied(to: $0)) }),
                Given.View(
                    name: "Uncorrected", colors: colors, signals: contents.map(signal)),
            ],
            // Half a code of 10 bits.
            tolerance: 0.5 / 1023)
        let verdict = try PythonPeer.judge("ocio_display.py", given)
        #expect(verdict.status == 0, "\(verdict.output)")
    }
}
