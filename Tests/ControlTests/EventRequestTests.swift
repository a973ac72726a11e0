import Control
import Testing

@Suite struct `Events on the control socket` {
    @Test func `the newest lines are told, twenty if no number is given`() {
        var desk = Desk()
        #expect(desk.ask("events") == ["ok 0 events"])
        desk.context.events.append((1...30).map { "line \($0)" })
        #expect(desk.ask("events") == (11...30).map { "line \($0)" } + ["ok 20 events"])
        #expect(desk.ask("EVENTS 2") == ["line 29", "line 30", "ok 2 events"])
        #expect(desk.ask("events 200").count == 31)
    }

    @Test(arguments: ["0", "201", "-1", "x", "1.5", "1 2"])
    func `a number out of range is refused with what it may be`(words: String) {
        var desk = Desk()
        #expect(desk.ask("events \(words)") == ["refused: events takes how many: 1 to 200"])
    }

    @Test func `no more lines are kept than can be asked for`() {
        let tail = EventTail()
        for round in 0..<10 { tail.append((0..<70).map { "\(round) \($0)" }) }
        #expect(tail.newest(1000).count == ControlLimits.eventLines)
        #expect(tail.newest(1) == ["9 69"])
        #expect(tail.newest(-1) == [])
    }
}

@Suite struct `An edit in words` {
    /// The notes of some requests.
    private func notes(_ requests: String...) -> [EditNote] {
        var desk = Desk()
        for request in requests { _ = desk.ask(request) }
        let notes = desk.session.takeEdits()
        #expect(desk.session.takeEdits() == [])
        return notes
    }

    @Test func `says the value it came to, not the one asked for`() {
        let made = notes(
            "set All/Exposure 40 fade 2s", "set all/cdl/slope 1.1 1 0.9",
            "set outer/resolution half", "set camera/a/frustum/freeze on")
        #expect(
            made.map(\.text) == [
                "all/exposure 10 stops over 2 s", "all/cdl/slope 1.1 1 0.9",
                "outer/resolution half", "camera/a/frustum/freeze on",
            ])
        #expect(made[0].subject == "all/exposure")
    }

    @Test func `an undo names what it took back, a long one the first of it`() {
        let made = notes(
            "set all/exposure 1", "undo", "set all/exposure 1", "reset /all/ fade 12f", "undo",
            "reset")
        #expect(made[1].text == "undo: all/exposure 0 stops")
        #expect(made[3].text == "reset all over 12 frames")
        #expect(made[4].text.hasPrefix("undo: all/exposure 1 stops, "))
        #expect(made[4].text.contains(" more"))
        #expect(made.count == 5, "`reset` needs a path")
    }

    @Test func `tells the blackout only when it was switched`() {
        let made = notes(
            "set stage/blackout on fade 1s", "set stage/blackout on", "undo", "undo",
            "set stage/blackout on", "reset /")
        #expect(made.map(\.blackout) == [true, nil, nil, false, true, false])
    }

    @Test func `a refused edit leaves no note`() {
        #expect(notes("set all/exposure x", "set status/frame 1", "undo") == [])
    }
}
