import Color
import Foundation
import StageCalibration
import Testing

@Suite struct `The colour solver beats OpenVPCal's` {
    /// A row of §3's table: the wall, and the factor between OpenVPCal's best and ours in it.
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var factor: Double
        var build: @Sendable () -> ColorTwin
        var testDescription: String { name }
    }

    static let gamma = ColorTriple(1.06, 1, 0.95)
    static let rows = [
        Row(name: "row 2, wrong primaries and white", factor: 0.33 / 0.09) {
            ColorTwin(primaries: ColorTwin.offPrimaries)
        },
        Row(name: "row 3, gamma error", factor: 0.64 / 0.10) { ColorTwin(gamma: gamma) },
        Row(name: "row 4, both", factor: 1.76 / 0.10) {
            ColorTwin(primaries: ColorTwin.offPrimaries, gamma: gamma)
        },
        Row(name: "row 5, both and black and low-end loss", factor: 2.05 / 0.75) {
            ColorTwin(
                primaries: ColorTwin.offPrimaries, gamma: gamma, black: 2e-4, soft: 0.002)
        },
        Row(name: "row 6, as row 5 with 0.5 % noise", factor: 2.50 / 1.71) {
            ColorTwin(
                primaries: ColorTwin.offPrimaries, gamma: gamma, black: 2e-4, soft: 0.002,
                noise: 0.005)
        },
        Row(name: "row 7, 3 % load droop", factor: 0.37 / 0.32) {
            ColorTwin(primaries: ColorTwin.offPrimaries, droop: 0.03)
        },
    ]

    @Test(arguments: rows)
    func `row: rows 2 to 7, by the factor shown`(row: Row) throws {
        var twin = row.build()
        let contents = ColorTwin.contents(400)
        let samples = twin.openVPCalSamples()
        var theirs: [Double] = []
        for (order, curves) in [("EOTF > CS", true), ("CS > EOTF", true), ("CS > EOTF", false)] {
            let result = try OpenVPCalSolve.result(
                measured: samples.measured, reference: samples.reference,
                settings: OpenVPCalSettings(
                    targetGamut: "T", peakNits: 1650, order: order, correctsCurves: curves),
                custom: ["T": ColorTwin.target.list])
            theirs.append(
                ErrorFigures(
                    contents.map {
                        twin.error(asked: result.corrected($0 * 16.5) / 16.5, content: $0)
                    }
                ).mean)
        }
        let solution = try ColorSolution(twin.samples())
        let ours = ErrorFigures(
            contents.map { twin.error(asked: solution.drive(content: $0), content: $0) })
        let factor = (theirs.min() ?? 0) / ours.mean
        #expect(factor >= row.factor, "\(ours.mean) against \(theirs)")
    }
}

extension Primaries {
    /// x and y of red, green, blue and white.
    var list: [[Double]] { [red, green, blue, white].map { [$0.x, $0.y] } }
}
