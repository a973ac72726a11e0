import Foundation
package import Timing

/// Puts events of one kind and subject together, so that nothing floods the log.
///
/// The first is told at once; what comes of the same within a second after is told as one, counted,
/// when the second is over, with the stamp of the newest.
///
///     happens   x xxxxxxxxxx        x
///     told      x         |10 in 0.4 s   x
///
/// A plain value without a clock: times are those it is given.
package struct EventGatherer {
    private struct Key: Hashable {
        var kind: StageEvent.Kind
        var subject: String
    }

    /// Events that wait to be told.
    fileprivate struct Group {
        /// The newest, its count that of all.
        var newest: StageEvent
        var first: HostTime
        var order: Int
    }

    private var waiting: [Key: Group] = [:]
    private var told: [Key: HostTime] = [:]
    private var added = 0

    /// A gatherer of nothing yet.
    package init() {}

    /// Takes an event in.
    package mutating func add(_ event: StageEvent) {
        added += 1
        var key = Key(kind: event.kind, subject: event.subject)
        let isKnown = waiting[key] != nil || told[key] != nil
        if !isKnown && waiting.count + told.count >= EventLimits.subjects { key.subject = "" }
        let before = waiting[key]
        var newest = event
        newest.count += before?.newest.count ?? 0
        waiting[key] = Group(newest: newest, first: before?.first ?? event.time, order: added)
    }

    /// Takes out what is to be told now, in the order it happened.
    /// - Parameter all: tells everything, whatever was told just before: the log ends.
    package mutating func takeDue(at now: HostTime, all: Bool = false) -> [StageEvent] {
        told = told.filter { now - $0.value < EventLimits.pause }
        let due = waiting.filter { all || told[$0.key] == nil }
        for key in due.keys {
            waiting[key] = nil
            told[key] = now
        }
        return due.values.sorted { ($0.newest.time, $0.order) < ($1.newest.time, $1.order) }
            .map(\.whole)
    }
}

extension EventGatherer.Group {
    /// The one event it is told as.
    fileprivate var whole: StageEvent {
        guard newest.count > 1 else { return newest }
        let seconds = Double(newest.time - first) / 1e9
        let span = seconds < 0.05 ? "" : String(format: " in %.1f s", seconds)
        var whole = newest
        switch newest.several {
        case .counted(let what): whole.text = "\(newest.count) \(what)\(span)"
        case .newest(let what): whole.text += " – \(newest.count) \(what)\(span)"
        }
        return whole
    }
}
