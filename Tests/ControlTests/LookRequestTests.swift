import Color
import Control
import FrameModel
import StageModel
import Synchronization
import TestSupport
import Testing

/// Look files that are not there: what was asked for, and answers to it.
private final class Files: Sendable {
    let written = Mutex<[String: CDL]>([:])
    let looks = Mutex<[String: UInt64]>([:])

    var actions: LookActions {
        LookActions(
            load: { path, slot in
                if path.hasSuffix(".clf") { return .success(.accepted("\(path) for \(slot)")) }
                return path.hasSuffix(".cube")
                    ? .success(
                        .done(
                            .init(
                                fingerprint: UInt64(path.count), summary: "\(path), a table")))
                    : .failure(.init("\(path): not a look file – a .cube or a .clf"))
            },
            readCDL: { path, name in
                self.written.withLock { $0[path] }.map { .success($0) }
                    ?? .failure(.init("\(path): there is no such file – check the name"))
            },
            writeCDL: { cdl, _, _, path in
                self.written.withLock { $0[path] = cdl }
                return nil
            },
            writeLook: { _, look, _, path in
                self.looks.withLock { $0[path] = look }
                return .success("wrote \(path)")
            })
    }
}

@Suite struct LookRequestTests {
    private func desk(_ files: Files) -> Desk {
        var desk = Desk()
        desk.context.looks = files.actions
        return desk
    }

    @Test func `a look is loaded into a slot, listed, shown, cleared and refused`() {
        var desk = desk(Files())
        #expect(
            desk.ask("lut load 3 /looks/day one.cube")
                == ["applied r1, look slot 3: /looks/day one.cube, a table"])
        #expect(desk.document.live.looks[2] == 19)
        #expect(desk.ask("lut list") == ["lut/3 /looks/day one.cube", "ok 1 of 16 slots"])
        #expect(desk.ask("set wall/main/lut/slot 3") == ["applied r2"])
        let live = desk.document.live
        let scope = LiveLayout.scope(wall: 0)
        withUnsafePointer(to: live) { live in
            #expect(live.look(scope: scope, at: 100) == 19)
            #expect(live.look(scope: LiveLayout.all, at: 100) == 0)
        }
        #expect(desk.ask("set wall/main/lut/slot 2.5")[0].contains("is a whole number"))
        #expect(
            desk.ask("lut load 1 a.txt") == ["refused: a.txt: not a look file – a .cube or a .clf"])
        #expect(desk.ask("lut load 2 slow.clf") == ["accepted: slow.clf for 1"])
        #expect(desk.document.live.looks[1] == 0)
        #expect(desk.ask("lut load 17 a.cube")[0].hasPrefix("refused: lut load takes a slot, 1 to"))
        #expect(desk.ask("lut clear 3") == ["applied r3"])
        #expect(desk.ask("lut clear 3")[0].hasPrefix("refused: look slot 3 is empty"))
        #expect(desk.ask("lut")[0].hasPrefix("refused: lut load, clear, list or export"))
        #expect(desk.document.revision == 3)
    }

    @Test func `what is saved names the looks, and they come back`() {
        var desk = desk(Files())
        _ = desk.ask("lut load 16 /a b/c.cube")
        let saved = desk.document.saved(atFrame: 0)
        let named = ShowDocument.looks(inSaved: saved)
        #expect(named.map(\.slot) == [15] && named.map(\.fingerprint) == [11])
        #expect(named.map(\.name) == ["/a b/c.cube"])
        var other = ShowDocument(stage: demoStage())
        #expect(other.restore(saved).complaints == [])
        #expect(other.live.looks[15] == 11 && other.lookNames[15] == "/a b/c.cube")
        var bad = ShowDocument(stage: demoStage())
        let report = bad.restore(Array("cyclorama-show 1\nlook 17 b x\nlook 1 zz x\n".utf8))
        #expect(report.skipped == 2)
    }

    @Test func `a scope's correction goes out with its wheels and comes in without them`() {
        let files = Files()
        var desk = desk(files)
        _ = desk.ask("set all/cdl/slope 1.1 1 0.9")
        _ = desk.ask("set all/gain 2 2 2")
        _ = desk.ask("set all/contrast 1.5")
        _ = desk.ask("set all/cdl/space acescct")
        #expect(desk.ask("cdl export all /x.cc") == ["ok wrote /x.cc, on ACEScct, no-clamp"])
        let written = files.written.withLock { $0["/x.cc"] }
        #expect(abs((written?.slope.x ?? 0) - 1.1 * 1.5 * 2) < 1e-12)
        #expect(desk.ask("cdl import all /x.cc")[0].hasPrefix("applied"))
        #expect(desk.ask("get all/gain") == ["ok all/gain 1 1 1"])
        #expect(desk.ask("get all/contrast") == ["ok all/contrast 1"])
        _ = desk.ask("cdl export all /y.cc")
        #expect(files.written.withLock { $0["/y.cc"] } == written)
        // One edit: one undo takes it back.
        #expect(desk.ask("undo")[0].hasPrefix("applied"))
        #expect(desk.ask("get all/gain") == ["ok all/gain 2 2 2"])
    }

    @Test func `a correction out of range, an unknown scope and a bypassed one change nothing`() {
        let files = Files()
        files.written.withLock { $0["/wild.cc"] = CDL(slope: ColorTriple(99, 1, 1)) }
        var desk = desk(files)
        let before = desk.document.revision
        #expect(
            desk.ask("cdl import all /wild.cc")
                == ["refused: /wild.cc: all/cdl/slope 99 1 1 – 0 to 16"])
        #expect(desk.ask("cdl import nowhere /wild.cc")[0].contains("all, wall/NAME"))
        #expect(desk.ask("cdl import all /none.cc")[0].contains("there is no such file"))
        #expect(desk.document.revision == before)
        _ = desk.ask("set outer/bypass on")
        #expect(desk.ask("lut export outer /o.cube")[0].contains("outer/bypass is on"))
        _ = desk.ask("set outer/bypass off")
        #expect(desk.ask("lut export outer /o.cube") == ["ok wrote /o.cube"])
        #expect(files.looks.withLock { $0["/o.cube"] } == 0)
    }

    @Test func `a scope that is passed by is neutral and keeps its settings`() {
        var desk = desk(Files())
        _ = desk.ask("set all/exposure 2")
        _ = desk.ask("set all/bypass on")
        let live = desk.document.live
        withUnsafePointer(to: live) {
            #expect($0.grade(scope: LiveLayout.all, at: 100).isNeutral)
        }
        #expect(desk.ask("get all/exposure") == ["ok all/exposure 2"])
        _ = desk.ask("set all/bypass off")
        let after = desk.document.live
        withUnsafePointer(to: after) {
            #expect($0.grade(scope: LiveLayout.all, at: 100).exposure == 2)
        }
    }
}
