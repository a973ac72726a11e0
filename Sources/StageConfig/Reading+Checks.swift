import StageModel
import Tracking

extension Reading {
    /// Walls with their panels numbered, after the checks of canvases; nil where a wall is wrong.
    func place(
        _ walls: Section<WallDraft>, _ processors: Section<Processor>
    ) -> [WallDraft]? {
        let total = placements.reduce(0) { $0 + $1.panels.count }
        guard total <= StageLimits.panels else {
            complain(
                walls.items.first?.line ?? 1, "walls", "\(total) panels in all",
                "a stage has at most \(StageLimits.panels)")
            return nil
        }
        for placement in placements { checkFit(placement, processors[placement.processor]) }
        checkOverlaps(placements)
        for (index, draft) in (walls.all ?? []).enumerated() {
            checkCurve(draft, index, processors)
        }
        var first = 0
        let numbered = walls.all?.map { draft in
            var draft = draft
            draft.wall.panels = first..<(first + draft.panels.count)
            first = draft.wall.panels.upperBound
            return draft
        }
        return numbered
    }

    /// A wall is graded for one curve: processors that share it decode codes alike.
    private func checkCurve(_ wall: WallDraft, _ index: Int, _ processors: Section<Processor>) {
        let used = wall.placements.compactMap { placement in
            processors[placement.processor].map { ($0, placement) }
        }
        guard let first = used.first,
            let other = used.first(where: { $0.0.transfer != first.0.transfer })
        else { return }
        other.1.item.complain(
            "processor", other.0.name,
            "wall \(wall.wall.name) is on \(first.0.name) too, which has another transfer: give "
                + "both the same, or make two walls of it")
    }

    /// The panels of a placement stay on the processor's canvas.
    private func checkFit(_ placement: Placement, _ processor: Processor?) {
        guard let processor else { return }
        let right = placement.panels.map(\.canvas.endX).max() ?? 0
        let bottom = placement.panels.map(\.canvas.endY).max() ?? 0
        let outside = placement.panels.count {
            $0.canvas.endX > processor.width || $0.canvas.endY > processor.height
        }
        guard outside > 0 else { return }
        let isWide = right > processor.width
        placement.item.complain(
            isWide ? "x" : "y", "\(isWide ? placement.block.x : placement.block.y)",
            "panels would end at \(right) × \(bottom), \(outside) of them outside the canvas of "
                + "\(processor.name), \(processor.width) × \(processor.height)")
    }

    /// No canvas pixel feeds two panels; one complaint for two placements that meet.
    private func checkOverlaps(_ placements: [Placement]) {
        struct Fed {
            var rect: CanvasRect
            var panel: String
            var placement: Int
        }
        var meetings: [SIMD2<Int>: (count: Int, first: String, second: String)] = [:]
        for processor in Set(placements.map(\.processor)) {
            let fed = placements.indices.filter { placements[$0].processor == processor }
                .flatMap { index in
                    placements[index].panels.map {
                        Fed(rect: $0.canvas, panel: $0.name, placement: index)
                    }
                }
                .sorted { $0.rect.x < $1.rect.x }
            for (i, a) in fed.enumerated() {
                for b in fed[(i + 1)...] {
                    if b.rect.x >= a.rect.endX { break }
                    guard a.placement != b.placement, a.rect.overlaps(b.rect) else { continue }
                    // The one further down the file is told to move.
                    let (lineA, lineB) = (
                        placements[a.placement].item.line, placements[b.placement].item.line
                    )
                    let isInOrder = (lineA, a.placement) < (lineB, b.placement)
                    let (early, late) = isInOrder ? (a, b) : (b, a)
                    let pair = SIMD2(early.placement, late.placement)
                    let before = meetings[pair] ?? (0, early.panel, late.panel)
                    meetings[pair] = (before.count + 1, before.first, before.second)
                }
            }
        }
        for (pair, meeting) in meetings.sorted(by: { ($0.key.y, $0.key.x) < ($1.key.y, $1.key.x) })
        {
            let late = placements[pair.y]
            late.item.complain(
                "x", "\(late.block.x), y \(late.block.y)",
                "\(meeting.second) would share canvas pixels with \(meeting.first) "
                    + "(\(placements[pair.x].item.path)); move one of them")
        }
    }

    /// Two sources on one port must differ by whom they listen to, or both would take every packet.
    func checkPorts(_ sources: Section<TrackingSource>) {
        var earlier: [(transport: TrackingSource.Transport, name: String)] = []
        for (index, item) in sources.items.enumerated() {
            guard let source = sources[index], let endpoint = source.transport.endpoint else {
                continue
            }
            let meeting = earlier.first {
                $0.transport.endpoint.map { $0.meets(endpoint) } ?? false
            }
            if let meeting, !meeting.transport.hasSocketOf(source.transport) {
                item.complain(
                    "port", "\(endpoint.port)",
                    "\(meeting.name) listens there too, in another way: give both the same kind, "
                        + "address and group, or another port")
            } else if let other = earlier.first(where: {
                $0.transport.hasSocketOf(source.transport)
                    && !$0.transport.differs(from: source.transport)
            }) {
                let key = if case .freeD = source.transport { "cameraID" } else { "sourceNumber" }
                item.complain(
                    "port", "\(endpoint.port)",
                    "\(other.name) listens there for the same packets: give both a \(key) of "
                        + "their own, or another port")
            }
            earlier.append((source.transport, source.name))
        }
    }

    /// Two outputs must not write to one place.
    func checkTargets(_ outputs: Section<OutputDraft>) {
        var earlier: [String: String] = [:]
        for (index, item) in outputs.items.enumerated() {
            guard let draft = outputs[index] else { continue }
            let (key, target) = draft.target
            if let other = earlier[target] {
                item.complain(key, target, "\(other) goes there already; choose another")
            }
            earlier[target] = earlier[target] ?? draft.port.name
        }
    }
}

extension TrackingEndpoint {
    /// Two sockets for them would contend for packets, or one could not be opened.
    fileprivate func meets(_ other: TrackingEndpoint) -> Bool {
        port == other.port && group == other.group
            && (address == other.address || address == 0 || other.address == 0)
    }
}

extension TrackingSource.Transport {
    /// The same protocol at the same endpoint: one socket serves both.
    fileprivate func hasSocketOf(_ other: TrackingSource.Transport) -> Bool {
        switch (self, other) {
        case (.freeD, .freeD), (.openTrackIO, .openTrackIO): endpoint == other.endpoint
        default: false
        }
    }

    /// What tells their messages apart at one endpoint.
    fileprivate func differs(from other: TrackingSource.Transport) -> Bool {
        switch (self, other) {
        case (.freeD(let a), .freeD(let b)):
            a.cameraID != nil && b.cameraID != nil && a.cameraID != b.cameraID
        case (.openTrackIO(let a), .openTrackIO(let b)):
            a.sourceNumber != nil && b.sourceNumber != nil && a.sourceNumber != b.sourceNumber
        default: true
        }
    }
}
