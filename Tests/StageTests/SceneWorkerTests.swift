import Foundation
import Glibc
import StageRun
import TestSupport
import Testing

/// The process that gets a scene ready.
@Suite(.serialized, .enabled(if: RunningStage.isBuilt, "needs `swift build -c release`"))
struct `What reads a scene` {
    /// Of linux/sched.h: Glibc's module names neither.
    private static let (normalClass, idleClass): (Int32, Int32) = (0, 5)

    /// Scheduling classes of the children of this process that read a scene.
    private func classes(_ source: String) -> [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { Int32($0) }.filter { id in
            let line = try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8)
            let status = try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
            return line?.contains("decode-worker\0\(source)\0") == true
                && status?.contains("PPid:\t\(getpid())\n") == true
        }.map { sched_getscheduler($0) }
    }

    /// Reads a scene until its child has been seen in a class, or for its whole time.
    private func read(by worker: SceneWorker, until wanted: Int32) throws -> Bool {
        let source = "generated:cathedral"
        var isSeen = false
        let error = #expect(throws: RunError.self) {
            _ = try worker.asset(
                of: source, say: { _ in },
                isCanceled: {
                    isSeen = isSeen || classes(source).contains(wanted)
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
        #expect(try read(by: worker.idle, until: Self.idleClass))
        #expect(try read(by: worker, until: Self.normalClass))
    }
}
