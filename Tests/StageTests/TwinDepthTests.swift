import FrameModel
import Scenes
import StageRun
import StageTwin
import Testing

@Suite struct `A picture with depth, judged by the twin` {
    private static func report(
        _ form: ImportOptions.Form, fault: TwinFault? = nil,
        changing change: (inout Scene) -> Void = { _ in }
    ) throws -> DepthReport {
        var options = TwinRun.Options()
        options.move = .around
        options.moments = 1
        options.step = 3
        options.fault = fault
        let run = try TwinRun(stage: TwinFaultTests.stage("demo"), options: options)
        return try run.judgeDepth(as: form, width: 960, changing: change)
    }

    @Test func `as a mesh it stands within half a camera pixel and has no holes`() throws {
        let report = try Self.report(.mesh)
        #expect(report.complaints.isEmpty, "\(report)")
        #expect(report.points > 50_000)
    }

    @Test func `without what is filled in behind its jumps the background is seen`() throws {
        let report = try Self.report(.mesh) { $0.meshes[0].objects.removeSubrange(1...) }
        // A slit along the near sheets' sides, some of it all background.
        #expect(report.holes > 1e-4, "\(report)")
        #expect(report.deepestHole > 0.9, "\(report)")
        #expect(report.complaints.contains { $0.hasPrefix("holes") })
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
        #expect(report.complaints.isEmpty && report.isFlat)
    }
}
