import Foundation
import Glibc
import StageRun
import TestSupport
import Testing

/// The process that gets a scene ready.
@Suite(.serialized, .enabled(if: RunningStage.isBuilt, "needs `swift build -c release`"))
struct `What reads a scene` {
    /// Of linux/sched.h: Glibc's module does not name the idle one.
    private static let (normalClass, idleClass): (Int32, Int32) = (0, 5)

    /// A child of this process that reads a scene.
    private struct Child: Equatable {
        var schedulingClass: Int32
        /// It was told to be of the idle class.
        var isToldIdle: Bool
    }

    private func children(_ source: String) -> [Child] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int32($0) }.compactMap { id in
            let line = try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8)
            let status = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
            guard let line, line.contains("decode-worker\0\(source)\0"),
                status?.contains("PPid:\t\(getpid())\n") == true
            else { return nil }
            return Child(
                schedulingClass: sched_getscheduler(id), isToldIdle: line.contains("--idle"))
        }
    }

    /// Reads a scene until its child has been seen as it should be, or for its whole time.
    private func read(by worker: SceneWorker, until wanted: Child) throws -> Bool {
        let source = "generated:cathedral"
        var isSeen = false
        let error = #expect(throws: RunError.self) {
            _ = try worker.asset(
                of: source, say: { _ in },
                isCanceled: {
                    isSeen = isSeen || children(source).contains(wanted)
                    return isSeen
                })
        }
        #expect(error?.description.contains("given up") == true)
        return isSeen
    }

    @Test func `beside a running stage is of the idle class, before it starts of the normal one`()
        throws
    {
        let worker = SceneWorker(executable: RunningStage.program)
        #expect(
            try read(
                by: worker.idle, until: Child(schedulingClass: Self.idleClass, isToldIdle: true)))
        #expect(
            try read(by: worker, until: Child(schedulingClass: Self.normalClass, isToldIdle: false))
        )
    }
}
