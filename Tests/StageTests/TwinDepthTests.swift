import Scenes
import StageRun
import StageTwin
import Testing

@Suite struct `A picture with depth, judged by the twin` {
    private static func report(
        _ form: ImportOptions.Form, fault: TwinFault? = nil
    ) throws -> DepthReport {
        var options = TwinRun.Options()
        options.move = .around
        options.moments = 1
        options.step = 3
        options.fault = fault
        let run = try TwinRun(stage: TwinFaultTests.stage("demo"), options: options)
        return try run.judgeDepth(as: form, width: 960)
    }

    @Test func `as a mesh it stands within half a camera pixel and has no holes`() throws {
        let report = try Self.report(.mesh)
        #expect(report.complaints.isEmpty, "\(report)")
        #expect(report.points > 50_000)
    }

    @Test func `three centimeters beside its place are seen`() throws {
        let report = try Self.report(.mesh, fault: .meshesShifted)
        // At 8 m, by a lens of a field of about 50°.
        #expect(report.p50Pixels > 3 && report.p50Pixels < 12, "\(report)")
        #expect(!report.complaints.isEmpty)
    }

    /// Plates are flat, what they stand for is slanted: the judge says so.
    @Test func `as plates it stands apart by what they flatten`() throws {
        let report = try Self.report(.plates)
        #expect(report.p99Pixels > 2 && report.p50Pixels < 10, "\(report)")
    }
}
