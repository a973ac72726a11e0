import Control
import FrameModel
import StageModel
import TestSupport
import Testing

/// A session with its document, asked line by line.
struct Desk {
    var session = ControlSession()
    var document = ShowDocument(stage: demoStage())
    var context = SessionContext(frame: 100, nanoseconds: 0, status: StatusBoard())

    mutating func send(_ bytes: [UInt8]) -> [String] {
        session.receive(bytes, document: &document, context: context)
        return lines(session.takeOutput())
    }

    mutating func ask(_ text: String) -> [String] { send(Array((text + "\n").utf8)) }

    mutating func notices() -> (lines: [String], wait: Int64?) {
        let wait = session.notify(document, context: context)
        return (lines(session.takeOutput()), wait)
    }

    func lines(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

@Suite struct ControlSessionTests {
    @Test func `requests are answered in words a script can tell apart`() {
        var desk = Desk()
        #expect(desk.ask("get all/exposure") == ["ok all/exposure 0"])
        #expect(desk.ask("set all/exposure -1.5") == ["applied r1"])
        #expect(desk.ask("GET All/Exposure") == ["ok all/exposure -1.5"])
        #expect(desk.ask("set all/exposure 40") == ["clamped to 10 r2"])
        #expect(desk.ask("set all/exposure nan")[0].hasPrefix("refused: all/exposure: not a"))
        #expect(
            desk.ask("set all/exposure lots")[0] == "refused: “lots” is not a number, nor on or off"
        )
        #expect(desk.ask("set all/cdl/slope 1.1 1 0.9") == ["applied r3"])
        #expect(desk.ask("get all/cdl/slope") == ["ok all/cdl/slope 1.1 1 0.9"])
        #expect(desk.ask("get all/cdl/slope/blue") == ["ok all/cdl/slope/blue 0.9"])
        #expect(desk.ask("set camera/a/frustum/freeze on") == ["applied r4"])
        #expect(desk.ask("get camera/a/frustum/freeze") == ["ok camera/a/frustum/freeze on"])
        #expect(desk.ask("undo") == ["applied r5"])
        #expect(desk.ask("reset all") == ["applied r6"])
        #expect(desk.ask("get all/cdl/slope") == ["ok all/cdl/slope 1 1 1"])
        #expect(desk.ask("version") == ["ok cyclorama-control 1 r6"])
        #expect(desk.ask("make coffee")[0].hasPrefix("refused: no request “make”"))
        #expect(desk.ask("set status/frames-late 0")[0].hasPrefix("refused: status/frames-late is"))
    }

    @Test func `a choice is set by a word and told as one`() {
        var desk = Desk()
        let words = "outer/resolution is one of: full, half, quarter"
        #expect(desk.ask("set outer/resolution 1") == ["refused: \(words)"])
        #expect(desk.ask("set outer/resolution eighth") == ["refused: \(words)"])
        #expect(desk.ask("set outer/resolution Half") == ["applied r1"])
        #expect(desk.ask("get outer/resolution") == ["ok outer/resolution half"])
        #expect(
            desk.ask("set outer/resolution full fade 2s")
                == ["refused: outer/resolution switches at once – leave the fade out"])
        #expect(
            desk.ask("help outer/resolution")[0].hasPrefix(
                "outer/resolution: choice, one of: full, half, quarter; default full. "))
    }

    @Test func `a fade is asked for in seconds or frames and told on the way`() {
        var desk = Desk()
        #expect(desk.ask("set all/exposure -2 fade 48f") == ["applied r1"])
        desk.context.frame = 124
        #expect(
            desk.ask("get all/exposure") == ["ok all/exposure -2 (now -1, 24 frames to go)"])
        #expect(desk.ask("set stage/blackout on fade 2s") == ["applied r2"])
        let place = LiveLayout.stage + StageField.blackout.rawValue
        #expect(desk.document.live.values[place].value(at: 148) == 0.5)
        #expect(desk.ask("set all/exposure 1 fade")[0].hasPrefix("refused: fade takes one"))
        #expect(desk.ask("set all/exposure 1 fade soon")[0].hasPrefix("refused: fade “soon”"))
        #expect(desk.ask("set all/exposure 1 fade infs")[0].hasPrefix("refused: fade “infs”"))
        #expect(desk.ask("undo fade 1") == ["applied r3"])
    }

    @Test func `the list shows every parameter and the help explains it`() {
        var desk = Desk()
        let list = desk.ask("list")
        let whole = desk.document.tree.parameters.filter { !$0.isComponent }
        #expect(list.count == whole.count + 1)
        #expect(list.last == "ok \(whole.count) parameters r0")
        for (line, parameter) in zip(list, whole) {
            #expect(line.hasPrefix(parameter.path + " "))
            let help = desk.ask("help \(parameter.path)")
            #expect(help.count == 2 && help[1] == "ok" && help[0].hasPrefix(parameter.path))
        }
        #expect(desk.ask("list wall/main/cdl").count == 8)
        #expect(desk.ask("help").last == "ok")
        #expect(
            desk.ask("help all/exposure")[0]
                == "all/exposure: float, stops, -10 to 10, default 0. "
                + "Brightness of the whole stage; +1 doubles the light.")
        #expect(desk.ask("list nothing")[0].hasPrefix("refused: no parameter nothing"))
    }

    @Test func `every listed value can be set again as it was listed`() {
        var desk = Desk()
        for line in desk.ask("list").dropLast() where !line.hasPrefix("status/") {
            let words = line.split(separator: " ")
            let parameter = desk.document.tree[String(words[0])]!
            let values = words[1...].prefix(parameter.count).joined(separator: " ")
            #expect(desk.ask("set \(words[0]) \(values)")[0].hasPrefix("applied r"))
        }
        #expect(sameValues(desk.document.live, LiveState()))
    }

    @Test func `status numbers are what the loop pinned up`() {
        var desk = Desk()
        desk.context.status.publish(.framesLate, 3)
        desk.context.status.publish(.trackingAge, 0.0125)
        #expect(desk.ask("get status/frames-late") == ["ok status/frames-late 3"])
        #expect(desk.ask("get status/tracking-age") == ["ok status/tracking-age 0.0125"])
        desk.context.status.publish(.wall, camera: 1, 2.5)
        #expect(
            desk.ask("get status/camera/b/registration-wall")
                == ["ok status/camera/b/registration-wall 2.5"])
        #expect(
            desk.ask("get status/camera/a/registration-wall")
                == ["ok status/camera/a/registration-wall 0"])
        let refusal = desk.ask("set status/camera/a/registration-horizon 1")[0]
        #expect(refusal.hasPrefix("refused: status/camera/a/registration-horizon is"))
        desk.context.status.publish(.delayAlarm, source: 0, 1)
        desk.context.status.publish(.delayChange, source: 0, 0.035)
        #expect(
            desk.ask("get status/tracking/fixed/delay-alarm")
                == ["ok status/tracking/fixed/delay-alarm on"])
        #expect(
            desk.ask("get status/tracking/fixed/delay-change")
                == ["ok status/tracking/fixed/delay-change 0.035"])
        let ofCameras =
            2 * (CameraStatusField.allCases.count + ExposureField.allCases.count)
        let ofWalls = 2 * WallStatusField.allCases.count
        let ofSources = SourceStatusField.allCases.count
        let ofMovies = SceneLimits.movies * MovieStatusField.allCases.count
        let ofScenes = ControlLimits.sceneSlots * SceneStatusField.allCases.count
        #expect(
            desk.ask("list status").count
                == StatusField.allCases.count + ofCameras + ofSources + ofScenes + ofMovies
                + ofWalls + 1)
    }

    @Test func `subscribers are told changes at most thirty times a second, and the last one`() {
        var desk = Desk()
        #expect(desk.ask("subscribe all/exposure") == ["all/exposure 0 r0", "ok 1 subscribed r0"])
        #expect(desk.notices() == ([], nil))
        _ = desk.ask("set all/exposure 1")
        desk.context.nanoseconds = 10_000_000
        var due = desk.notices()
        #expect(due.lines == [])
        #expect(due.wait == ControlLimits.noticeInterval - 10_000_000)
        _ = desk.ask("set all/exposure 2")
        desk.context.nanoseconds = ControlLimits.noticeInterval
        due = desk.notices()
        #expect(due.lines == ["all/exposure 2 r2"])
        #expect(due.wait == nil)
        _ = desk.ask("set all/white-balance/tint 1")
        desk.context.nanoseconds *= 2
        #expect(desk.notices() == ([], nil))
        #expect(desk.ask("unsubscribe") == ["ok 1 unsubscribed"])
        #expect(!desk.session.hasSubscriptions)
    }

    @Test func `a subscribed status number is looked at again`() {
        var desk = Desk()
        _ = desk.ask("subscribe status/frame")
        desk.context.status.publish(.frame, 42)
        desk.context.nanoseconds = ControlLimits.noticeInterval
        let due = desk.notices()
        #expect(due.lines == ["status/frame 42"])
        #expect(due.wait == ControlLimits.noticeInterval)
    }

    @Test func `a line too long is refused once and the next line is answered`() {
        var desk = Desk()
        var answers: [String] = []
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 65536)
        for _ in 0..<160 { answers += desk.send(chunk) }
        #expect(answers == ["refused: line longer than 4096 bytes – the rest is skipped"])
        #expect(desk.ask("") == [])
        #expect(desk.ask("get all/exposure") == ["ok all/exposure 0"])
        let exact = "get all/exposure" + String(repeating: " ", count: 4096 - 16)
        #expect(desk.ask(exact) == ["ok all/exposure 0"])
        #expect(desk.ask(exact + " ")[0].hasPrefix("refused: line longer"))
        #expect(desk.ask("get all/exposure") == ["ok all/exposure 0"])
    }

    @Test func `bytes may come in any pieces`() {
        let text = "set all/exposure 1\r\n\n# a comment\nget all/exposure\nset scene/scale 2\n"
        var whole = Desk()
        let wanted = whole.send(Array(text.utf8))
        #expect(wanted == ["applied r1", "ok all/exposure 1", "applied r2"])
        var random = SeededRandom(seed: 3)
        for _ in 0..<200 {
            var desk = Desk()
            var rest = Array(text.utf8)[...]
            var answers: [String] = []
            while !rest.isEmpty {
                let count = Int.random(in: 1...9, using: &random)
                answers += desk.send(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(answers == wanted)
        }
    }

    @Test func `text that is no text is refused in one line`() {
        var desk = Desk()
        #expect(desk.send([0xFF, 0xFE, 10]) == ["refused: not text – requests are lines of UTF-8"])
        #expect(desk.send([0, 10])[0].hasPrefix("refused: no request “·”"))
        #expect(
            desk.ask("set \u{1B}[2J 1") == [
                "refused: no parameter ·[2J – `list` shows what there is"
            ])
    }

    @Test func `quit ends the session and what follows is not read`() {
        var desk = Desk()
        #expect(desk.ask("set all/exposure 1\nquit\nset all/exposure 2") == ["applied r1"])
        #expect(desk.session.isEnding)
        #expect(desk.document.revision == 1)
    }

    @Test func `asking for more than the backlog takes ends the session`() {
        var desk = Desk()
        let many = [[UInt8]](repeating: Array("list\n".utf8), count: 20_000).flatMap { $0 }
        desk.session.receive(many, document: &desk.document, context: desk.context)
        #expect(desk.session.isOverflowing)
        #expect(desk.session.takeOutput().count < ControlLimits.backlogBytes + 65536)
    }
}
