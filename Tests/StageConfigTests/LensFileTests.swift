import Foundation
import Geometry
import StageConfig
import StageModel
import Testing

/// Measured lenses, from `lenses/`.
@Suite struct `A lens file` {
    private static let place = "stage-configs/volume/stage.yaml"

    /// The complaints about the volume's stage when its lens file is `text`.
    private func complaints(_ text: String) throws -> [String] {
        let parsed = StageConfig.parse(
            try StageConfigTests.text("volume"), file: "stage.yaml"
        ) { _ in .success(text) }
        guard case .failure(let complaints) = parsed.result else { return [] }
        return complaints.list.map(\.description)
    }

    private func node(_ zoom: Double, _ focus: Double, _ rest: String = "") -> String {
        "  - zoom: \(zoom)\n    focus: \(focus)\n    focalLengthMillimeters: 30\n\(rest)"
    }

    @Test func `is found beside the stage file and becomes a table`() throws {
        let opened = try StageConfig.open(package.appending(path: Self.place).path).get()
        let table = try #require(try opened.result.get().cameras[0].lenses.first)
        #expect(table.name == "zoom-24-70" && Set(opened.lensFiles.keys) == ["zoom-24-70"])
        #expect(table.zooms == [0, 0.25, 0.6, 1] && table.focuses == [0, 0.5, 1])
        // Zoom by zoom: the second one's last focus.
        let lens = table.lenses[5]
        #expect(lens.focalLengthMillimeters == 33 && lens.entrancePupilOffset == 0.128)
        #expect(lens.distortion.direction == .distorts)
        #expect(table.lenses[3].focalLengthMillimeters > 33)
    }

    @Test func `may list its nodes in any order`() throws {
        let nodes = [node(1, 1), node(0, 0), node(1, 0), node(0, 1)]
        #expect(try complaints("nodes:\n" + nodes.joined()) == [])
    }

    @Test func `that is wrong is told with its own name and line`() throws {
        let cases = [
            ("nodes:\n" + node(0, 0) + node(1, 1), "focus 1 0 times"),
            ("nodes:\n" + node(0, 0) + node(0, 0), "focus 0 2 times"),
            ("nodes:\n" + node(0, 2), "lenses/zoom-24-70.yaml:3: nodes[0].focus: 2"),
            ("nodes:\n" + node(0, 0, "    radial: [1]\n"), "nodes[0].radial"),
            (
                "nodes:\n"
                    + node(0, 0, "    distortion: {radial: [-0.01]}\n"),
                "its distortion folds"
            ),
            (
                "nodes:\n" + node(0, 0, "    distortion: {radial: [1.0e-6]}\n")
                    + node(
                        1, 0,
                        "    distortion: {model: Brown-Conrady U-D, radial: [1.0e-6]}\n"),
                "one distortion model"
            ),
            ("nodes: []", "measured at 1 … 256 places"),
            ("", "an empty file"),
            ("nodes: &a [*a]", "an anchor or alias"),
        ]
        for (text, part) in cases {
            let found = try complaints(text)
            #expect(found.count == 1 && found[0].contains(part), "\(part): \(found)")
        }
    }

    @Test func `that is not there, or has no name a file may have, is told`() throws {
        for (name, part) in [
            ("none", "lenses/none.yaml"), ("../x", "different names"), ("fixed", "different names"),
        ] {
            let text = try StageConfigTests.text("volume").replacing(
                "lenses: [zoom-24-70]", with: "lenses: [\(name)]")
            let found = StageConfigTests.complaints(text).map(\.description)
            #expect(found.count == 1 && found[0].contains(part), "\(found)")
        }
    }

    @Test func `has to image every sensor mode`() throws {
        // Its polynomial turns back 29 mm from the middle: beyond 36 × 20.25 mm, inside 60 × 33.75.
        let lens = "nodes:\n" + node(0, 0, "    distortion: {radial: [-4.0e-4]}\n")
        #expect(try complaints(lens) == [])
        let stage = try StageConfigTests.text("volume").replacing(
            "sensorMillimeters: [24, 13.5]", with: "sensorMillimeters: [60, 33.75]")
        let parsed = StageConfig.parse(stage, file: "stage.yaml") { _ in .success(lens) }
        guard case .failure(let found) = parsed.result else {
            Issue.record("a lens that folds is taken")
            return
        }
        #expect(found.list.count == 1 && found.description.contains("folds"), "\(found)")
    }
}
