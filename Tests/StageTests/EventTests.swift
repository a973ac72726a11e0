import Foundation
import FrameLoop
import FrameModel
import Glibc
import Scenes
import StageModel
import StageRun
import Testing
import Timing
import Tracking

/// Events put together: nothing floods.
@Suite struct `Events of one kind and subject` {
    private func event(
        _ kind: StageEvent.Kind, _ subject: String, _ text: String, seconds: Double,
        several: StageEvent.Several = .newest("edits")
    ) -> StageEvent {
        StageEvent(
            frame: Int64(seconds * 24), timecode: Timecode(count: 0, rate: FrameRate(24)!),
            time: Self.time(seconds), kind: kind, subject: subject, text: text, several: several)
    }

    private static func time(_ seconds: Double) -> HostTime {
        HostTime(nanoseconds: 5_000_000_000 + Int64((seconds * 1e9).rounded()))
    }

    @Test func `are told at once when they are the first, then as one line a second`() {
        var gatherer = EventGatherer()
        var told: [StageEvent] = []
        for index in 0..<26 {
            let seconds = Double(index) * 0.04
            if index < 13 {
                gatherer.add(
                    event(
                        .late, "the machine", "late", seconds: seconds,
                        several: .counted("frames late by the machine")))
            }
            told += gatherer.takeDue(at: Self.time(seconds))
            if index == 0 { #expect(told.map(\.text) == ["late"]) }
            if index == 24 { #expect(told.count == 1) }
        }
        #expect(told.map(\.text) == ["late", "12 frames late by the machine in 0.4 s"])
        #expect(told.map(\.count) == [1, 12])
        #expect(told[1].frame == Int64(0.48 * 24), "the stamp is the newest one's")
        #expect(gatherer.takeDue(at: Self.time(9)) == [])
    }

    @Test func `that tell of a state end with the newest`() {
        var gatherer = EventGatherer()
        for index in 1...31 {
            let at = Double(index) * 0.01
            gatherer.add(event(.edit, "all/exposure", "all/exposure \(index)", seconds: at))
        }
        let told = gatherer.takeDue(at: Self.time(0.31))
        #expect(told.map(\.text) == ["all/exposure 31 – 31 edits in 0.3 s"])
        gatherer.add(event(.edit, "all/exposure", "all/exposure 5", seconds: 0.4))
        #expect(gatherer.takeDue(at: Self.time(1.3)) == [])
        #expect(gatherer.takeDue(at: Self.time(1.31)).map(\.text) == ["all/exposure 5"])
    }

    @Test func `stay apart from other subjects, in the order they happened`() {
        var gatherer = EventGatherer()
        for (subject, seconds) in [("b", 0.3), ("a", 0.1), ("c", 0.2), ("d", 0.2)] {
            gatherer.add(event(.tracker, subject, subject, seconds: seconds))
        }
        #expect(gatherer.takeDue(at: Self.time(0.3)).map(\.text) == ["a", "c", "d", "b"])
    }

    @Test func `ten thousand subjects a second are fewer than a hundred lines and none is lost`() {
        var gatherer = EventGatherer()
        var told: [StageEvent] = []
        for index in 0..<10_000 {
            let seconds = Double(index) * 0.0001
            gatherer.add(event(.edit, "\(index)", "\(index)", seconds: seconds))
            if index % 500 == 499 { told += gatherer.takeDue(at: Self.time(seconds)) }
        }
        gatherer.add(event(.tracker, "A", "A lost", seconds: 0.9999))
        told += gatherer.takeDue(at: Self.time(1), all: true)
        #expect(told.count < 100, "\(told.count) lines")
        #expect(told.reduce(0) { $0 + $1.count } == 10_001)
        #expect(told.contains { $0.text == "A lost" })
    }

    @Test func `a line is one line, whatever a name holds`() {
        var one = event(.tracker, "A", "A\nB\u{7} lost", seconds: 0)
        one.frame = 12
        #expect(one.line == "00:00:00:00 frame 12  tracker  A·B· lost")
    }
}

/// What the frames' reports tell.
@Suite struct `Reports of frames` {
    private static let grid = FrameGrid(rate: FrameRate(24)!)
    private static let first = grid.frame(at: TAITime(nanoseconds: 1_767_000_000_000_000_000))
    private static let period: Int64 = 41_666_667

    private static func stage() -> Stage {
        var stage = VirtualStage.stage()
        stage.rate = grid.rate
        stage.sources = ["A", "B"].map {
            TrackingSource(name: $0, transport: .freeD(FreeDOptions()))
        }
        return stage
    }

    /// Events of a run of frames that `change` makes something of; `kind text` each.
    private func find(_ frames: Int, _ change: (Int, inout FrameReport) -> Void) -> [StageEvent] {
        var finder = EventFinder(stage: Self.stage())
        return (0..<frames).flatMap { index in
            var report = FrameReport(frame: Self.first + Int64(index))
            report.tickTime = HostTime(nanoseconds: Int64(index) * Self.period)
            report.handedOverTime = report.tickTime + Self.period / 2
            change(index, &report)
            return finder.find(in: report, taiOffset: 37)
        }
    }

    @Test func `a tracker is told live, stale, lost and back, once each, with the frame`() {
        let statuses: [(frames: Range<Int>, status: TrackingStatus)] = [
            (0..<3, .never), (3..<10, .live), (10..<14, .held), (14..<34, .stale), (34..<82, .lost),
            (82..<90, .live), (90..<93, .held), (93..<100, .live),
        ]
        let events = find(100) { index, report in
            report.trackers[1].status = statuses.first { $0.frames.contains(index) }!.status
        }
        #expect(events.map { Int($0.frame - Self.first) } == [3, 14, 34, 82])
        #expect(
            events.map(\.text) == [
                "B live", "B stale: packets stay away, its pose stands still",
                "B lost: its pose stands still – look at the tracker and its network",
                // Silent for 0.2 s when it was told stale, 68 frames before.
                "B back after 3.0 s",
            ])
        #expect(events.allSatisfy { $0.kind == .tracker && $0.subject == "B" })
        for event in events {
            let label = Timecode(frame: event.frame, of: Self.grid, utcOffset: -37)
            #expect(event.timecode == label)
        }
    }

    @Test func `a tracker that is gone before anybody saw it stale is told lost`() {
        let events = find(4) { index, report in
            report.trackers[0].status = [.live, .lost, .lost, .live][index]
        }
        #expect(events.map(\.text).count == 3)
        #expect(events[1].text.hasPrefix("A lost"))
        #expect(events[2].text == "A back after 1.1 s")
    }

    @Test func `a tracker's wrong rate, clock and delay are told when they begin and end`() {
        let events = find(60) { index, report in
            report.trackers[1].status = .live
            report.trackers[1].rate = 48.5
            report.trackers[1].delayChange = index < 16 ? 35_000_000 : 70_000_000
            report.trackers[1].delayChanges = UInt8([12, 16, 25, 35].filter { $0 <= index }.count)
            if (5..<20).contains(index) { report.trackers[1].alarms.insert(.rate) }
            if (8..<30).contains(index) { report.trackers[1].alarms.insert(.clock) }
            if (12..<25).contains(index) || (35..<50).contains(index) {
                report.trackers[1].alarms.insert(.delay)
            }
        }.dropFirst()
        #expect(events.map { Int($0.frame - Self.first) } == [5, 8, 12, 16, 20, 25, 30, 35, 50])
        #expect(Set(events.map(\.subject)).count == 3, "each has a line of its own")
        let texts = events.map(\.text)
        #expect(texts[0].contains("sends 48.50 packets a second, not what"))
        #expect(texts[1].contains("not this machine's PTP time"))
        #expect(texts[2].contains("35.0 ms longer than it was"))
        #expect(texts[3].contains("70.0 ms longer than it was"), "a second step")
        #expect(texts[4].hasSuffix("as it should") && texts[5].hasSuffix("again what it was"))
        #expect(texts[6].hasSuffix("PTP time again"))
        // The alarm is over because the tracker was away, not because the delay came back.
        #expect(texts[8].contains("is not known"))
    }

    @Test func `packets and steps of a tracker's clock are counted past the end of their counters`()
    {
        let events = find(4) { index, report in
            report.trackers[0].dropped = [0, 65_530, 4, 4][index]
            report.trackers[1].clockSteps = [255, 255, 0, 0][index]
        }
        #expect(events.map(\.kind) == [.clock, .packets, .packets, .clock])
        #expect(events.map(\.count) == [1, 65_530, 10, 1])
        #expect(events[2].text.hasPrefix("10 packets for A "))
    }

    @Test func `late, skipped and dropped frames are told with whose fault and how many`() {
        let events = find(4) { index, report in
            if index == 1 || index == 2 {
                (report.isLate, report.isLateByUs) = (true, index == 2)
                report.handedOverTime = report.tickTime + 45_120_000
                report.wokeTime = report.tickTime + 240_000
                (report.loopCPUNanoseconds, report.workerCPUNanoseconds) = (300_000, 37_200_000)
                report.waitNanoseconds = index == 2 ? 4_000_000 : 0
            }
            report.skipped = index == 3 ? 5 : 0
            report.droppedOutputs = index == 3 ? 1 : 0
        }
        #expect(
            events.map(\.text) == [
                "late by the machine: handed over 45.1 ms after its instant, of 41.7 ms – woke "
                    + "after 0.2, computed 37.5, waited for our own 0.0, quality step 0",
                "late by us: handed over 45.1 ms after its instant, of 41.7 ms – woke after 0.2, "
                    + "computed 37.5, waited for our own 4.0, quality step 0",
                "5 instants of the grid without a frame of their own",
                "an output's frame dropped: no canvas was free",
            ])
        #expect(events.map(\.count) == [1, 1, 5, 1])
    }

    @Test func `quality is told where it changes, and who holds it`() {
        let steps: [(UInt8, Bool)] = [
            (1, false), (1, false), (2, false), (0, true), (0, true), (0, false), (1, true),
        ]
        let events = find(steps.count) { index, report in
            (report.quality, report.isQualityHeld) = steps[index]
        }
        #expect(
            events.map(\.text) == [
                "outer-quarter, down from outer-half, auto",
                "full, up from outer-quarter, held by an operator", "full, auto again",
                "outer-half, down from full, held by an operator",
            ])
    }

    @Test func `of a stalled run tell every late frame, skipped instant and step`() throws {
        var run = try StalledRun(
            TestScenes.checker(width: 512), loopStalls: [20: 1.6, 40: 3.2, 41: 1.3, 60: 1.2],
            causes: [40: .work], steps: [(place: 80.6, by: 3_603_600_000_000)])
        run.run(frames: 120)
        let entered = run.accounts.since(0)
        #expect(entered.count == run.accounts.count && entered.reports.count == entered.count)
        #expect(run.accounts.since(entered.count).reports.isEmpty)
        #expect(run.accounts.since(entered.count - 3).reports.count == 3)
        var finder = EventFinder(stage: VirtualStage.stage())
        let events = entered.reports.flatMap { finder.find(in: $0, taiOffset: 37) }
        func count(_ kind: StageEvent.Kind, _ subject: String = "") -> Int {
            events.filter { $0.kind == kind && $0.subject == subject }.reduce(0) { $0 + $1.count }
        }
        let totals = run.accounts.totals
        #expect(totals.lateByUs > 0 && totals.lateByMachine > 0 && totals.skipped > 0)
        #expect(count(.late, "us") == totals.lateByUs)
        #expect(count(.late, "the machine") == totals.lateByMachine)
        #expect(count(.skipped) == totals.skipped)
        #expect(count(.dropped) == totals.droppedOutputs)
        #expect(count(.clock) == run.schedule.steps.count)
    }

    @Test func `a clock that is set is told with how far`() {
        let events = find(3) { index, report in
            report.clockStepNanoseconds = [0, 3_600_000_000_000, 0][index]
        }
        #expect(events.count == 1)
        #expect(events[0].text.contains("set forward by 3600.000 s"), "\(events)")
    }
}

/// Where the lines go.
@Suite struct `The event log's file` {
    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "cyclorama-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func at(_ seconds: Int64) -> HostTime { HostTime(nanoseconds: seconds * 1_000_000_000) }

    private func lines(_ path: String) -> [String] {
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    @Test func `is appended to by every run, and at its limit one older is kept`() throws {
        try inFolder { folder in
            let path = "\(folder)/a/b/stage.log"
            for run in 0..<8 {
                var file = EventFile(path: path, bytesMax: 50)
                #expect(file.open(at: at(0)) == nil)
                #expect(file.append(["\(run) first", "\(run) second"], at: at(0)) == nil)
                file.close()
            }
            // 17 bytes a run: two runs fit in 50, the third begins a new file at 51.
            #expect(lines(path) == ["6 first", "6 second", "7 first", "7 second"])
            #expect(lines(path + ".1").count == 4)
            #expect(EventFile(path: path).newest(3) == ["6 second", "7 first", "7 second"])
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/a/b")
            #expect(files.count == 2)
        }
    }

    @Test func `that cannot be had is complained of once, and what was lost is counted`() throws {
        try inFolder { folder in
            let path = "\(folder)/blocked/stage.log"
            try Data().write(to: URL(filePath: "\(folder)/blocked"))
            var file = EventFile(path: path)
            let complaint = file.open(at: at(0)) ?? ""
            #expect(complaint.hasPrefix("\(path): events cannot be written there: "))
            #expect(complaint.hasSuffix("with --events; the wall goes on"))
            #expect(file.append(["1", "2"], at: at(1)) == nil)
            #expect(file.append(["3"], at: at(11)) == nil)
            try FileManager.default.removeItem(atPath: "\(folder)/blocked")
            #expect(file.append(["4"], at: at(12)) == nil, "it is not tried at every line")
            let news = file.append(["5"], at: at(30))
            #expect(news == "\(path): events are written again, 4 lines are missing")
            #expect(file.append(["6"], at: at(31)) == nil)
            file.close()
            #expect(
                lines(path) == [
                    "(4 lines are missing here: they could not be written)", "5", "6",
                ])
        }
    }

    @Test func `on a full disk is complained of once`() {
        var file = EventFile(path: "/dev/full")
        #expect(file.open(at: at(0)) == nil)
        let complaint = file.append(["1"], at: at(0))
        #expect(
            complaint?.contains(String(cString: strerror(ENOSPC))) == true, "\(complaint ?? "")")
        #expect(file.append(["2"], at: at(20)) == nil)
        file.close()
    }
}
