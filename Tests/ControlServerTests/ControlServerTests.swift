import Control
import ControlServer
import FrameModel
import Glibc
import StageModel
import Testing

@Suite struct ControlServerTests {
    /// A server on a fresh socket, at frame 1000.
    struct Bench {
        let folder = socketFolder()
        let published = Published()
        let status = StatusBoard()
        let server: ControlServer
        var path: String { folder + "/control" }

        init() throws {
            let published = published
            server = try ControlServer(
                path: folder + "/control", document: ShowDocument(stage: bareStage()),
                surroundings: ControlServer.Surroundings(
                    status: status, currentFrame: { 1000 },
                    publish: { published.publish($0) }, keep: { published.keep($0) },
                    log: { published.log($0) }, edited: { published.edited($0, $1) }))
        }

        func end() {
            server.stop()
            rmdir(folder)
        }
    }

    @Test func `an edit over the socket is published as live state`() throws {
        let bench = try Bench()
        defer { bench.end() }
        #expect(bench.published.last?.revision == 0)
        let wire = try Wire(bench.path)
        #expect(wire.ask("set all/exposure -1 fade 25f") == "applied r1")
        let state = try #require(bench.published.last)
        let exposure = state.values[LiveLayout.grade(scope: LiveLayout.all)]
        #expect(exposure == FadedValue(from: 0, to: -1, startFrame: 1000, lengthFrames: 25))
        #expect(state.revision == 1)
        #expect(bench.published.kept.contains("all/exposure -1 from 0 start 1000 frames 25\n"))
        #expect(wire.ask("set all/exposure x")?.hasPrefix("refused: ") == true)
        #expect(bench.published.last?.revision == 1)
        #expect(wire.ask("get status/frames-late") == "ok status/frames-late 0")
        bench.status.publish(.framesLate, 2)
        #expect(wire.ask("get status/frames-late") == "ok status/frames-late 2")
    }

    @Test func `every edit is told with its client and user, a refusal is not`() throws {
        let bench = try Bench()
        defer { bench.end() }
        let (first, second) = (try Wire(bench.path), try Wire(bench.path))
        #expect(first.ask("set all/exposure -1 fade 25f") == "applied r1")
        #expect(second.ask("set all/exposure x")?.hasPrefix("refused: ") == true)
        #expect(second.ask("undo") == "applied r2")
        #expect(
            bench.published.editNotes == [
                "all/exposure -1 stops over 25 frames, by client 1 of user \(getuid())",
                "undo: all/exposure 0 stops, by client 2 of user \(getuid())",
            ])
    }

    @Test func `the socket is its owner's alone and is gone after the stop`() throws {
        let bench = try Bench()
        var info = stat()
        #expect(stat(bench.path, &info) == 0)
        #expect(info.st_mode & 0o777 == 0o600)
        bench.server.stop()
        #expect(lstat(bench.path, &info) == -1 && errno == ENOENT)
        rmdir(bench.folder)
    }

    @Test func `a second stage on the same socket is refused and the first goes on`() throws {
        let bench = try Bench()
        defer { bench.end() }
        #expect(throws: ControlSocketError.inUse(path: bench.path)) {
            try ControlServer(
                path: bench.path, document: ShowDocument(stage: bareStage()),
                surroundings: ControlServer.Surroundings(
                    status: StatusBoard(), currentFrame: { 0 }, publish: { _ in }))
        }
        #expect(try Wire(bench.path).ask("get all/exposure") == "ok all/exposure 0")
    }

    @Test func `a socket file left by a dead stage is taken over, other files are not`() throws {
        let folder = socketFolder()
        let path = folder + "/control"
        let dead = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(dead, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0)
        close(dead)
        let surroundings = ControlServer.Surroundings(
            status: StatusBoard(), currentFrame: { 0 }, publish: { _ in })
        let document = ShowDocument(stage: bareStage())
        let server = try ControlServer(path: path, document: document, surroundings: surroundings)
        #expect(try Wire(path).ask("version") == "ok cyclorama-control 1 r0")
        server.stop()

        fclose(fopen(path, "w"))
        #expect(throws: ControlSocketError.notASocket(path: path)) {
            try ControlServer(path: path, document: document, surroundings: surroundings)
        }
        unlink(path)
        rmdir(folder)
        let missing = folder + "/nowhere/control"
        #expect(throws: ControlSocketError.system(path: missing, step: "bind", number: ENOENT)) {
            try ControlServer(path: missing, document: document, surroundings: surroundings)
        }
        let long = "/tmp/" + String(repeating: "x", count: 103)
        let error = #expect(throws: ControlSocketError.self) {
            try ControlServer(path: long, document: document, surroundings: surroundings)
        }
        #expect(error == .pathTooLong(path: long, bytes: 108))
        #expect(error?.description.contains("at most 107") == true)
        #expect(throws: ControlSocketError.nobodyThere(path: missing)) { try Wire(missing) }
    }

    @Test func `subscribers are told what another client changed`() throws {
        let bench = try Bench()
        defer { bench.end() }
        let (watcher, desk) = (try Wire(bench.path), try Wire(bench.path))
        #expect(watcher.ask("subscribe all/exposure") == "all/exposure 0 r0")
        #expect(watcher.line() == "ok 1 subscribed r0")
        for i in 1...200 {
            #expect(desk.ask("set all/exposure \(Double(i) / 100)") == "applied r\(i)")
        }
        // However many were left out, the last value comes.
        var seen: [String] = []
        repeat {
            seen.append(watcher.line() ?? "")
        } while seen.last != "all/exposure 2 r200"
            && seen.last != ""
        #expect(seen.last == "all/exposure 2 r200")
        try bench.server.withDocument { document, frame in
            _ = document.apply(.set(path: "all/exposure", values: [5]), atFrame: frame)
        }
        #expect(watcher.line() == "all/exposure 5 r201")
        #expect(bench.published.last?.revision == 201)
    }

    @Test func `a client that sends ten megabytes without a line costs one refusal`() throws {
        let bench = try Bench()
        defer { bench.end() }
        let wire = try Wire(bench.path)
        for _ in 0..<160 { wire.send([UInt8](repeating: 0xC3, count: 65536)) }
        #expect(wire.line() == "refused: line longer than 4096 bytes – the rest is skipped")
        wire.send([10])
        #expect(wire.ask("get scene/scale") == "ok scene/scale 1")
        #expect(bench.published.count == 1)
    }

    @Test func `a client that does not read its answers is held back or dropped, others go on`()
        throws
    {
        let bench = try Bench()
        defer { bench.end() }
        let (lazy, desk) = (try Wire(bench.path), try Wire(bench.path))
        let many = [[UInt8]](repeating: Array("list\n".utf8), count: 4000).flatMap { $0 }
        lazy.send(many)
        // The server has read the flood before it reads what came later.
        #expect(desk.ask("set all/exposure 1") == "applied r1")
        while try bench.server.counts().dropped == 0, desk.ask("version") != nil {}
        #expect(try bench.server.counts() == ClientCounts(connected: 1, turnedAway: 0, dropped: 1))
        #expect(bench.published.logged.count == 1)
        #expect(bench.published.logged[0].hasPrefix("control: client dropped"))
        #expect(desk.ask("get all/exposure") == "ok all/exposure 1")
    }

    @Test func `one client too many is told so and turned away`() throws {
        let bench = try Bench()
        defer { bench.end() }
        var wires: [Wire] = []
        for _ in 0..<ControlLimits.clients {
            wires.append(try Wire(bench.path))
            #expect(wires.last?.ask("version") == "ok cyclorama-control 1 r0")
        }
        let extra = try Wire(bench.path)
        #expect(extra.line() == "refused: 64 clients are connected – close one")
        #expect(extra.line() == nil)
        #expect(wires[0].ask("quit") == nil)
        while try bench.server.counts().connected == ControlLimits.clients {}
        #expect(try Wire(bench.path).ask("version") == "ok cyclorama-control 1 r0")
    }

    @Test func `clients that vanish in the middle of a request harm nobody`() throws {
        let bench = try Bench()
        defer { bench.end() }
        for i in 0..<300 {
            let wire = try Wire(bench.path)
            wire.send(Array("list\nsubscribe\nset all/exposure \(i % 7)\nset all/expo".utf8))
        }
        let wire = try Wire(bench.path)
        while try bench.server.counts().connected > 1 {}
        #expect(wire.ask("get scene/scale") == "ok scene/scale 1")
    }
}
