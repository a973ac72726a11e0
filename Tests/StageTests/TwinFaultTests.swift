import Foundation
import Geometry
import StageConfig
import StageModel
import StageRun
import StageTwin
import Testing

/// The judge over the real frame path: right where the path is right, and every planted mistake
/// found, with its size where it has one.
@Suite(.serialized)
struct TwinFaultTests {
    static func stage(_ name: String) throws -> Stage {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "stage-configs/\(name)/stage.yaml").path
        return try StageConfig.load(file).get()
    }

    /// A short twin of the demo stage.
    static func run(_ change: (inout TwinRun.Options) -> Void) throws -> TwinRun {
        var options = TwinRun.Options()
        options.moments = 3
        options.step = 8
        change(&options)
        return try TwinRun(stage: stage("demo"), options: options)
    }

    private func expect(_ found: Double, _ predicted: Double, within share: Double = 0.1) {
        #expect(
            predicted > 0 && abs(found - predicted) <= share * predicted,
            "found \(found), predicted \(predicted)")
    }

    /// The large stages only moving: `make prove` judges every one at rest as well.
    private static func moves(_ stage: String) -> [TwinRun.Move] {
        stage == "demo" ? TwinRun.Move.allCases : [.moving]
    }

    @Test(arguments: ["demo", "flat", "volume"])
    func `the picture is right at rest and moving`(name: String) throws {
        for move in Self.moves(name) {
            var options = TwinRun.Options()
            options.move = move
            // `make prove` judges all 24 of them, at every fourth pixel.
            options.moments = 2
            options.step = 8
            let report = try TwinRun(stage: Self.stage(name), options: options).judge()
            #expect(report.complaints.isEmpty, "\(name) \(move): \(report)")
        }
    }

    @Test(arguments: ["demo", "flat"])
    func `a picture of triangles is right at rest and moving`(name: String) throws {
        for move in Self.moves(name) {
            var options = TwinRun.Options()
            options.content = .meshes
            options.move = move
            options.moments = 2
            options.step = 8
            let report = try TwinRun(stage: Self.stage(name), options: options).judge()
            #expect(report.complaints.isEmpty, "\(name) \(move): \(report)")
        }
    }

    @Test func `20 ms nobody is told of displace the picture by what the move makes of them`()
        throws
    {
        let run = try Self.run { $0.hiddenLatency = 0.02 }
        let report = try run.judge()
        expect(
            report.registration.p50Pixels, TwinPrediction.displacement(run), within: 0.05)
    }

    @Test(arguments: [TwinFault.wallShifted, .noPupilOffset, .frameLate])
    func `a displacing mistake is found with its size`(fault: TwinFault) throws {
        let run = try Self.run { $0.fault = fault }
        let report = try run.judge()
        #expect(report.registration.p99Pixels > 0.5)
        expect(report.registration.p50Pixels, TwinPrediction.displacement(run))
    }

    @Test func `meshes 30 mm to the side are found with that size`() throws {
        let run = try Self.run {
            $0.fault = .meshesShifted
            $0.content = .meshes
        }
        let report = try run.judge()
        #expect(report.registration.p99Pixels > 0.5)
        expect(report.registration.p50Pixels, TwinPrediction.meshDisplacement(run))
    }

    /// Small angles, so that the frustum still covers the picture and only the pupil goes astray.
    @Test(arguments: [(TwinFault.panSign, 0.02), (.tiltSign, 1.797)])
    func `an angle of the wrong sign is found with its size`(
        fault: TwinFault, seconds: Double
    ) throws {
        let run = try Self.run {
            $0.fault = fault
            $0.move = .rest
            $0.restSeconds = seconds
        }
        let report = try run.judge()
        #expect(!report.complaints.isEmpty)
        let predicted = TwinPrediction.displacement(run) { told in
            var moment = told
            if fault == .panSign { moment.pan = -told.pan } else { moment.tilt = -told.tilt }
            return moment
        }
        expect(report.registration.p50Pixels, predicted)
    }

    @Test func `one panel a pixel off is found with its size`() throws {
        let run = try Self.run {
            $0.fault = .panelOff
            $0.step = 4
        }
        let report = try run.judge()
        expect(report.seam.maxPixels, TwinPrediction.pixel(run, panel: run.plantedPanel))
    }

    @Test(arguments: [TwinFault.narrowAsFull, .pqAsGamma, .redBlueSwapped])
    func `codes taken for others are found with their size`(fault: TwinFault) throws {
        let run = try Self.run {
            $0.fault = fault
            $0.moments = 8
        }
        let report = try run.judge()
        #expect(report.color.meanDeltaEITP > 1)
        expect(report.color.meanDeltaEITP, TwinPrediction.colorDifference(run))
    }

    @Test(arguments: [TwinFault.noLensModel, .panelTurned, .rectanglesSwapped])
    func `a mistake without a size of its own is found`(fault: TwinFault) throws {
        let report = try Self.run { $0.fault = fault }.judge()
        #expect(!report.complaints.isEmpty)
    }

    @Test func `there are thirteen mistakes to plant`() {
        #expect(TwinFault.allCases.count == 13)
    }
}
