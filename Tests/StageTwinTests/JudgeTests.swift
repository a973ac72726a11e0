import Color
import Foundation
import FrameModel
import Geometry
import StageModel
import StageTwin
import Testing

/// The judge is judged: a perfect wall must come out perfect, a planted fault with its size.
@Suite(.serialized)
struct JudgeTests {
    static func judge(
        _ stage: Stage, moments: [CameraMoment], depth: Int = 10, step: Int = 8,
        content: TwinContent = .cards, fault: (inout PerfectWall) -> Void = { _ in }
    ) throws -> TwinReport {
        let shot = DefaultShot(stage: stage)
        var wall = PerfectWall(stage: stage, moments: moments, depth: depth)
        fault(&wall)
        var twin = Twin(
            stage: stage, camera: 0, formats: [PerfectWall.format(stage, depth: depth)],
            sceneFromStage: .identity, moments: moments, step: step)
        return try twin.judge(
            &wall, chart: shot.gratings(on: content),
            colors: ColorChart(peakNits: 1500, nitsPerUnit: 100), on: content)
    }

    @Test(arguments: TwinContent.allCases)
    func `a perfect wall is found perfect over the default move`(content: TwinContent) throws {
        let stage = DefaultShot.equipped(TestStage.bent())
        let shot = DefaultShot(stage: stage)
        let count = content == .cards ? 6 : 2
        let moments = (0..<count).map {
            shot.moment(at: DefaultShot.moveSeconds * Double($0) / Double(count))
        }
        let report = try Self.judge(stage, moments: moments, step: 8, content: content)
        #expect(report.complaints.isEmpty)
        #expect(report.stream.breaks.isEmpty)
        #expect(report.registration.p99Pixels < 0.15)
        #expect(report.registration.coverage > 0.97)
        #expect(report.seam.maxPixels < 0.25)
        #expect(report.color.meanDeltaEITP < 0.5)
        #expect(report.color.p99DeltaEITP < 1.5)
        #expect(report.color.reachable > 0.9)
        #expect(report.color.patches > 200)
    }
}
