import Foundation
import Glibc
import Platform
import Scenes
import StageModel
import StageRun
import Testing
import Timing
import Tracking

@Suite(.serialized) struct `A stage's sockets and threads` {
    /// A folder of the test's own, removed when the body is done.
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "cyclorama-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private static func stage(_ folder: String, rate: Int64) throws -> Stage {
        var stage = VirtualStage.stage()
        stage.rate = try #require(FrameRate(rate))
        (stage.sources, stage.cameras) = ([], [])
        stage.controlSocket = "\(folder)/control.sock"
        return stage
    }

    private func setup(_ folder: String) -> StageSession.Setup {
        StageSession.Setup(threads: 1, sdpDirectory: folder, log: { _ in })
    }

    @Test func `eight outputs stop together, not one after another`() throws {
        try inFolder { folder in
            var stage = try Self.stage(folder, rate: 4)
            stage.outputs = (0..<8).map {
                OutputPort(
                    name: "raw\($0)", processor: 0, kind: .raw(path: "\(folder)/\($0).raw"))
            }
            let session = try StageSession(stage: stage, setup: setup(folder)) {
                SceneAsset(scene: TestScenes.checker(width: 64))
            }
            // A session keeps all memory from being paged out; other tests need not have that.
            munlockall()
            let begin = Clocks.now()
            session.stop()
            // The loop's frame, then one for all outputs: half a second, and what a busy machine
            // adds; eight after one another would be 2.25 s at least.
            let seconds = Double(Clocks.now() - begin) / 1e9
            #expect(seconds < 2.2, "\(seconds) s")
        }
    }

    @Test func `the figures of a run count the events its log tells`() throws {
        try inFolder { folder in
            var setup = setup(folder)
            setup.eventsFile = "\(folder)/log/events"
            let session = try StageSession(stage: Self.stage(folder, rate: 60), setup: setup) {
                SceneAsset(scene: TestScenes.checker(width: 64))
            }
            munlockall()
            session.stop()
            let events = session.summarizeAll().events
            #expect(events["stage"] == 2 && events["scene"] == 1 && events["edit"] == 0)
            let text = try String(contentsOfFile: "\(folder)/log/events", encoding: .utf8)
            let kinds = text.split(separator: "\n").map { $0.split(separator: " ")[3] }
            #expect(kinds.count { $0 == "stage" } == 2 && kinds.contains("scene"))
        }
    }

    @Test func `a tracker's port in use is told before the scene is painted`() throws {
        try inFolder { folder in
            let other = try UDPReceiver(address: 0, port: 0)
            defer { other.close() }
            var stage = try Self.stage(folder, rate: 60)
            let options = FreeDOptions(port: other.port)
            stage.sources = [TrackingSource(name: "one", transport: .freeD(options))]
            var isPainted = false
            let fault = #expect(throws: SocketFault.self) {
                _ = try StageSession(stage: stage, setup: setup(folder)) {
                    isPainted = true
                    return SceneAsset(scene: TestScenes.checker(width: 64))
                }
            }
            #expect(fault?.description.contains("UDP port \(other.port) is in use") == true)
            #expect(!isPainted)
        }
    }

    @Test func `an output and a control socket that cannot be had are told before it too`() throws {
        try inFolder { folder in
            func failure(_ stage: Stage) -> String {
                do {
                    _ = try StageSession(stage: stage, setup: setup(folder)) {
                        Issue.record("the scene was painted")
                        return SceneAsset(scene: TestScenes.checker(width: 64))
                    }
                } catch {
                    return "\(error)"
                }
                return "none"
            }
            var stage = try Self.stage(folder, rate: 60)
            stage.outputs = [
                OutputPort(name: "raw", processor: 0, kind: .raw(path: "\(folder)/no/such/file"))
            ]
            #expect(failure(stage).contains("no/such/file: cannot be opened"))
            stage.outputs = []
            stage.controlSocket = "\(folder)/file"
            try Data("x".utf8).write(to: URL(filePath: stage.controlSocket))
            #expect(failure(stage).contains("something that is not a socket is there"))
        }
    }

    @Test func `what was opened is given back when the control socket is lost at the last moment`()
        throws
    {
        try inFolder { folder in
            let free = try UDPReceiver(address: 0, port: 0)
            let port = free.port
            free.close()
            var stage = try Self.stage(folder, rate: 60)
            stage.sources = [
                TrackingSource(name: "one", transport: .freeD(FreeDOptions(port: port)))
            ]
            let raw = "\(folder)/out.raw"
            stage.outputs = [OutputPort(name: "raw", processor: 0, kind: .raw(path: raw))]
            let threads = Self.threadNames()
            // Somebody takes the path between the first look and the last.
            #expect(throws: (any Error).self) {
                _ = try StageSession(stage: stage, setup: setup(folder)) {
                    try Data("x".utf8).write(to: URL(filePath: stage.controlSocket))
                    return SceneAsset(scene: TestScenes.checker(width: 64))
                }
            }
            // The port can be had again, the file is closed, no thread is left.
            let again = try UDPReceiver(address: 0, port: port)
            again.close()
            #expect(!Self.openFiles().contains { $0.hasSuffix("out.raw") })
            #expect(Self.threadNames().subtracting(threads).isEmpty)
        }
    }

    /// Files this program has open.
    private static func openFiles() -> [String] {
        let folder = "/proc/self/fd"
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return entries.compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")
        }
    }

    /// Our threads by name and number.
    private static func threadNames() -> Set<String> {
        let folder = "/proc/self/task"
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return Set(
            entries.compactMap { entry in
                (try? String(contentsOfFile: "\(folder)/\(entry)/comm", encoding: .utf8))
                    .map { "\($0)\(entry)" }
            }.filter { $0.hasPrefix("cyc-") })
    }

    @Test func `packets that are too many for a frame are counted, every one`() throws {
        try inFolder { folder in
            let port = try UDPReceiver(address: 0x7F00_0001, port: 0)
            port.close()
            var options = FreeDOptions(port: port.port)
            options.address = 0x7F00_0001
            var stage = try Self.stage(folder, rate: 60)
            stage.sources = (0..<16).map {
                TrackingSource(name: "s\($0)", transport: .freeD(options))
            }
            let stepped = try SteppedStage(stage: stage, threads: 1, sdpDirectory: folder)
            defer { stepped.end() }
            let sender = try DatagramSender(address: 0x7F00_0001, port: port.port)
            // Below what a loopback socket's memory holds, so that none is lost by the kernel.
            let count = 300
            for n in 0..<count {
                freeD(pan: Double(n) / 100, 0, 0, 1.5).withUnsafeBytes { sender.send($0) }
            }
            let clock = Clocks.sample(taiOffset: 37)
            stepped.make(frame: stepped.grid.frame(at: clock.tai), clock: clock)
            // A frame takes the newest of a port, whole batches, each for all sixteen listeners.
            let totals = stepped.totals
            #expect(totals.droppedPackets >= count - UDPReceiver.limit)
            #expect(totals.accepted == 16 * (count - totals.droppedPackets))
        }
    }
}
