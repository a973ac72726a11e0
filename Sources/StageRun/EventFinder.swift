import Foundation
package import FrameModel
package import StageModel
import Timing
import Tracking

/// Finds what happened in the frames' reports, off the loop: what was known and a new report give
/// events.
///
/// Every frame's report is looked at, so nothing that a frame saw is missed however seldom one
/// looks. A plain value without a clock.
package struct EventFinder {
    /// What was last told of a source, and since when it was silent.
    private struct Source {
        var name: String
        var staleAfter: Double
        var lostAfter: Double
        var told = TrackingStatus.never
        var silentSince = HostTime(nanoseconds: 0)
    }

    private let grid: FrameGrid
    private var sources: [Source]
    private var last = FrameReport(frame: -1)

    /// A finder that has seen no frame of a stage.
    package init(stage: Stage) {
        grid = FrameGrid(rate: stage.rate)
        sources = stage.sources.prefix(StageLimits.sources).map {
            Source(name: $0.name, staleAfter: $0.staleAfter, lostAfter: $0.lostAfter)
        }
    }

    /// What happened at the next frame.
    /// - Parameter taiOffset: TAI − UTC, seconds, for the timecode.
    package mutating func find(in report: FrameReport, taiOffset: Int64) -> [StageEvent] {
        let stamp = Stamp(
            frame: report.frame,
            timecode: Timecode(frame: report.frame, of: grid, utcOffset: -taiOffset),
            time: report.tickTime)
        var events: [StageEvent] = []
        for index in sources.indices { events += source(index, report, stamp) }
        events += clock(report, stamp)
        events += lateness(report, stamp)
        events += quality(report, stamp)
        last = report
        return events
    }

    /// When and at which frame.
    private struct Stamp {
        var frame: Int64
        var timecode: Timecode
        var time: HostTime

        func event(
            _ kind: StageEvent.Kind, _ subject: String, _ text: String,
            several: StageEvent.Several, count: Int = 1
        ) -> StageEvent {
            StageEvent(
                frame: frame, timecode: timecode, time: time, kind: kind, subject: subject,
                text: text, several: several, count: count)
        }

        /// What happened so many times in one frame; nothing where it did not.
        func counted(
            _ kind: StageEvent.Kind, _ count: Int, one: String, many: String
        ) -> [StageEvent] {
            guard count > 0 else { return [] }
            let text = count == 1 ? one : "\(count) \(many)"
            return [event(kind, "", text, several: .counted(many), count: count)]
        }
    }

    // MARK: - Tracking

    private mutating func source(
        _ index: Int, _ report: FrameReport, _ stamp: Stamp
    ) -> [StageEvent] {
        let (now, before) = (report.trackers[index], last.trackers[index])
        let name = sources[index].name
        var events: [StageEvent] = []
        if let text = news(of: now.status, source: index, at: report.tickTime) {
            events.append(stamp.event(.tracker, name, text, several: .newest("changes")))
        }
        let dropped = Int(now.dropped &- before.dropped)
        if dropped > 0 {
            let what = "packets for \(name) came faster than they could be taken: dropped"
            events.append(
                stamp.event(
                    .packets, name, "\(dropped) \(what)", several: .counted(what), count: dropped))
        }
        if now.clockSteps != before.clockSteps {
            events.append(
                stamp.event(
                    .clock, name, "\(name)'s own clock was set: its stamps are mapped anew",
                    several: .newest("times")))
        }
        events += alarms(now, before, name).map {
            stamp.event(.tracker, "\(name) \($0.subject)", $0.text, several: .newest("changes"))
        }
        return events
    }

    /// What is told of alarms that are raised, or over, each a subject of its own.
    private func alarms(
        _ now: TrackerFigure, _ before: TrackerFigure, _ name: String
    ) -> [(subject: String, text: String)] {
        let changed = now.alarms.symmetricDifference(before.alarms)
        var told: [(subject: String, text: String)] = []
        if changed.contains(.rate) {
            let rate = String(format: "%.2f", now.rate)
            told.append(
                (
                    "rate",
                    now.alarms.contains(.rate)
                        ? "\(name) sends \(rate) packets a second, not what its packetsPerSecond "
                            + "says – set the tracker, or the stage file"
                        : "\(name) sends as many packets a second as it should"
                ))
        }
        if changed.contains(.clock) {
            told.append(
                (
                    "clock",
                    now.alarms.contains(.clock)
                        ? "the stamps of \(name) are not this machine's PTP time: its clock is "
                            + "measured instead – set its PTP, or `clock: tracker`"
                        : "the stamps of \(name) are this machine's PTP time again"
                ))
        }
        if now.delayChanges != before.delayChanges {
            told.append(
                (
                    "delay",
                    StageSession.news(
                        ofDelay: now.delayChange, isAlarm: now.alarms.contains(.delay),
                        source: name)
                ))
        } else if changed.contains(.delay) {
            told.append(
                (
                    "delay",
                    "\(name) was away: whether its delay is what it was is not known – look at "
                        + "the background on a pan, or find it with `cyclorama track delay`"
                ))
        }
        return told
    }

    /// What is told of a source's status; nil when nothing is: it is as it was, or held for a
    /// moment.
    private mutating func news(
        of status: TrackingStatus, source index: Int, at time: HostTime
    ) -> String? {
        let told = sources[index].told
        guard status != told, status != .held, status != .never else { return nil }
        sources[index].told = status
        let name = sources[index].name
        if told == .live || told == .never, status != .live {
            let silent = status == .stale ? sources[index].staleAfter : sources[index].lostAfter
            sources[index].silentSince = time + -Int64(silent * 1e9)
        }
        switch status {
        case .live:
            let away = Double(time - sources[index].silentSince) / 1e9
            return told == .never
                ? "\(name) live" : "\(name) back after \(String(format: "%.1f", away)) s"
        case .stale: return "\(name) stale: packets stay away, its pose stands still"
        default: return "\(name) lost: its pose stands still – look at the tracker and its network"
        }
    }

    // MARK: - Frames

    private func clock(_ report: FrameReport, _ stamp: Stamp) -> [StageEvent] {
        guard report.clockStepNanoseconds != 0 else { return [] }
        let text = StageSession.news(ofStep: report.clockStepNanoseconds)
        return [stamp.event(.clock, "", text, several: .newest("times"))]
    }

    private func lateness(_ report: FrameReport, _ stamp: Stamp) -> [StageEvent] {
        var events: [StageEvent] = []
        if report.isLate {
            let whose = report.isLateByUs ? "us" : "the machine"
            func text(_ nanoseconds: Int64) -> String {
                String(format: "%.1f", Double(nanoseconds) / 1e6)
            }
            let computed = report.loopCPUNanoseconds + report.workerCPUNanoseconds
            let whole = report.handedOverTime - report.tickTime
            events.append(
                stamp.event(
                    .late, whose,
                    "late by \(whose): handed over \(text(whole)) ms after its instant, of "
                        + String(format: "%.1f ms", grid.rate.period * 1e3)
                        + " – woke after \(text(report.wokeTime - report.tickTime)), computed "
                        + "\(text(computed)), waited for our own \(text(report.waitNanoseconds)), "
                        + "quality step \(report.quality)",
                    several: .counted("frames late by \(whose)")))
        }
        events += stamp.counted(
            .skipped, Int(report.skipped), one: "an instant of the grid without a frame",
            many: "instants of the grid without a frame of their own")
        events += stamp.counted(
            .movie, Int(report.lateMovies),
            one: "a movie's picture was not decoded in time: the one before it stayed",
            many: "movies' pictures were not decoded in time: those before them stayed")
        events += stamp.counted(
            .dropped, Int(report.droppedOutputs),
            one: "an output's frame dropped: no canvas was free",
            many: "outputs' frames dropped: no canvas was free")
        return events
    }

    private func quality(_ report: FrameReport, _ stamp: Stamp) -> [StageEvent] {
        let isFirst = last.frame < 0
        let before = isFirst ? report : last
        let name = Quality.stepNames[Int(report.quality)]
        let text: String
        if report.quality != before.quality {
            let way = report.quality > before.quality ? "down" : "up"
            let whose = report.isQualityHeld ? "held by an operator" : "auto"
            text = "\(name), \(way) from \(Quality.stepNames[Int(before.quality)]), \(whose)"
        } else if report.isQualityHeld != before.isQualityHeld {
            text = "\(name), " + (report.isQualityHeld ? "held by an operator" : "auto again")
        } else {
            return []
        }
        return [stamp.event(.quality, "", text, several: .newest("changes"))]
    }
}
