package import Control
package import FrameLoop
import Platform
package import StageModel
import Synchronization
import Timing

/// The event log of a running stage: what happened, with timecode, in a file and for whoever asks.
///
/// What the frames saw is found in their reports, on a thread of its own (`cyc-events`) that looks
/// twenty times a second; what happened elsewhere is noted by whoever did it. Not for the loop: it
/// notes nothing.
///
/// `@unchecked Sendable` holds because `gathered` and `tail` are locked, and everything else that
/// changes belongs to the log's thread from `start` to `stop`.
package final class EventLog: @unchecked Sendable {
    /// What a log needs of the run around it.
    package struct Setting: Sendable {
        package var stage: Stage
        /// Where the lines go; nil: to no file.
        package var file: String?
        package var accounts: FrameAccounts
        package var status: StatusBoard
        /// Takes a line for the operator: the file's troubles.
        package var log: @Sendable (String) -> Void

        package init(
            stage: Stage, file: String?, accounts: FrameAccounts, status: StatusBoard,
            log: @escaping @Sendable (String) -> Void
        ) {
            self.stage = stage
            self.file = file
            self.accounts = accounts
            self.status = status
            self.log = log
        }
    }

    private struct Gathered {
        var gatherer = EventGatherer()
        var counts: [StageEvent.Kind: Int] = [:]
        var lines = 0
    }

    /// From one look at the reports to the next, nanoseconds.
    private static let pause: Int64 = 50_000_000

    /// The newest lines.
    package let tail = EventTail()
    private let setting: Setting
    private let grid: FrameGrid
    private let gathered = Mutex(Gathered())
    private let stopping = Atomic<Bool>(false)
    private var finder: EventFinder
    private var file: EventFile?
    /// Reports that have been looked at.
    private var seen = 0
    private var thread: Threads.Running?

    /// A log that is not kept yet.
    package init(_ setting: Setting) {
        self.setting = setting
        grid = FrameGrid(rate: setting.stage.rate)
        finder = EventFinder(stage: setting.stage)
        file = setting.file.map { EventFile(path: $0) }
    }

    /// Events so far, by kind.
    package var counts: [String: Int] {
        let counts = gathered.withLock { $0.counts }
        return Dictionary(
            uniqueKeysWithValues: StageEvent.Kind.allCases.map { ($0.rawValue, counts[$0] ?? 0) })
    }

    /// Notes an event of now.
    ///
    /// - Parameters:
    ///   - subject: whom or what of the kind; what is put together has the same.
    ///   - frames: how many frames from now it shows; 1 for an edit.
    package func note(
        _ kind: StageEvent.Kind, _ subject: String, _ text: String, frames: Int64 = 0,
        several: StageEvent.Several = .newest("times")
    ) {
        let clock = Clocks.sample(taiOffset: setting.stage.taiOffset)
        let frame = grid.frame(at: clock.tai) + frames
        let event = StageEvent(
            frame: frame,
            timecode: Timecode(frame: frame, of: grid, utcOffset: -clock.taiOffset),
            time: clock.host, kind: kind, subject: subject, text: text, several: several)
        gathered.withLock { $0.gatherer.add(event) }
    }

    /// Notes an edit a client has made.
    package func note(_ edit: EditNote, who: String) {
        if let isBlack = edit.blackout {
            let state = isBlack ? "on" : "off"
            note(.blackout, state, "\(state): \(edit.text), by \(who)", frames: 1)
        } else {
            note(
                .edit, edit.subject, "\(edit.text), by \(who)", frames: 1,
                several: .newest("edits"))
        }
    }

    /// Opens the file and starts to look; a complaint about the file, or nil.
    /// - Parameter goesOn: the stage was started again: the tail begins with the file's last lines.
    package func start(goesOn: Bool) throws -> String? {
        if goesOn, let file { tail.append(file.newest(ControlLimits.eventLines)) }
        let complaint = file?.open(at: Clocks.now())
        thread = try Threads.start(name: "cyc-events") { [self] in
            while !stopping.load(ordering: .relaxed) {
                look()
                Clocks.sleep(until: Clocks.now() + Self.pause)
            }
        }
        return complaint
    }

    /// Tells what is left and ends; whoever notes must have stopped.
    package func stop() {
        guard let thread else { return }
        stopping.store(true, ordering: .relaxed)
        thread.join()
        self.thread = nil
        look(all: true)
        file?.close()
    }

    /// Finds what has happened since the last look and tells what is due; the log's thread only.
    private func look(all: Bool = false) {
        let clock = Clocks.sample(taiOffset: setting.stage.taiOffset)
        let new = setting.accounts.since(seen)
        seen = new.count
        let found = new.reports.flatMap { finder.find(in: $0, taiOffset: clock.taiOffset) }
        let (due, count) = gathered.withLock { gathered in
            for event in found { gathered.gatherer.add(event) }
            let due = gathered.gatherer.takeDue(at: clock.host, all: all)
            for event in due { gathered.counts[event.kind, default: 0] += event.count }
            gathered.lines += due.count
            return (due, gathered.lines)
        }
        guard !due.isEmpty else { return }
        let lines = due.map(\.line)
        tail.append(lines)
        setting.status.publish(.events, Double(count))
        if let news = file?.append(lines, at: clock.host) { setting.log(news) }
    }
}
