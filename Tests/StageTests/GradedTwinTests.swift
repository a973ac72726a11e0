import Foundation
import StageModel
import StageRun
import StageTwin
import TestSupport
import Testing

/// The judge over graded pictures, its truth made by OpenColorIO: `make prove` takes twenty grades.
@Suite struct GradedTwinTests {
    private struct Chart: Encodable {
        var walls: [String]
        var camera: String
        var patches: [[Double]]
    }

    /// Two grades as session lines and as what the patches ought to be.
    private static func grades(
        _ run: TwinRun, in folder: TemporaryFolder
    ) throws -> [(edits: [String], wanted: [[SIMD3<Double>]])] {
        let chart = Chart(
            walls: run.builtStage.walls.map(\.name), camera: run.builtStage.cameras[0].name,
            patches: run.colors.patches.map { [$0.x, $0.y, $0.z] })
        let count = 2
        let peer = try PythonPeer.judge("ocio_grades.py", chart, ["\(count)", folder.path])
        try #require(peer.status == 0, "\(peer.output)")
        return try (0..<count).map { number in
            let name = "\(folder.path)/grade-\(number)"
            let lines = try String(contentsOfFile: name + ".edits", encoding: .utf8)
            let json = try Data(contentsOf: URL(filePath: name + ".json"))
            let lists = try JSONDecoder().decode([[[Double]]].self, from: json)
            return (
                lines.split(separator: "\n").map(String.init),
                lists.map { $0.map { SIMD3($0[0], $0[1], $0[2]) } }
            )
        }
    }

    @Test(
        .enabled(
            if: PythonPeer.has(module: "PyOpenColorIO"), "`make peers` installs opencolorio"))
    func `a graded wall shows what OpenColorIO makes of the picture, exactly or baked`() throws {
        let folder = TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        defer { withExtendedLifetime(folder) {} }
        let plain = try TwinFaultTests.run { $0.moments = 2 }
        for (number, grade) in try Self.grades(plain, in: folder).enumerated() {
            for isBaked in [false, true] {
                let run = try TwinFaultTests.run {
                    $0.moments = 2
                    $0.edits = grade.edits
                    $0.isBaked = isBaked
                }
                let color = try run.judgeColors(wanted: grade.wanted)
                let what = "grade \(number), baked \(isBaked): \(color)"
                #expect(color.meanDeltaEITP <= 1 && color.p99DeltaEITP <= 2, "\(what)")
                #expect(color.reachable > 0.5 && color.patches > 50, "\(what)")
            }
            // The bars are no matter of course: another grade's picture misses them.
            let other = try TwinFaultTests.run {
                $0.moments = 2
                $0.edits = grade.edits + ["set all/exposure 1.2"]
            }.judgeColors(wanted: grade.wanted)
            #expect(other.meanDeltaEITP > 1)
        }
    }

    @Test func `an edit that is refused ends the twin with the session's answer`() throws {
        let run = try TwinFaultTests.run { $0.edits = ["set all/exposure 1", "set all/nothing 1"] }
        #expect {
            try run.judge()
        } throws: {
            "\($0)" == "edit 2, “set all/nothing 1”: refused: no parameter all/nothing – `list` "
                + "shows what there is"
        }
    }
}
