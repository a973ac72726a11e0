import Geometry
import StageModel

/// How far a wall's panels hang from where the stage file has them.
struct PanelShifts {
    /// Of each panel named, metres in stage axes.
    private var meters: [String: Vector3] = [:]

    mutating func add(_ meters: Vector3, to panels: some Sequence<String>) {
        for panel in panels { self.meters[panel, default: .zero] += meters }
    }

    /// A panel where it really hangs.
    func placed(_ panel: Panel) -> Panel {
        var panel = panel
        panel.stageFromPanel.translation += meters[panel.name] ?? .zero
        return panel
    }
}

extension Reading {
    /// The panels of a wall as its file of shifts has them; nil after complaints.
    func shifted(_ panels: [Panel], by file: (path: String, item: Item)?) -> [Panel]? {
        guard let file else { return panels }
        let text: String
        switch otherText(file.path) {
        case .success(let read): text = read
        case .failure(let complaints):
            let why = complaints.list.first.map { "\($0.file) \($0.found)" } ?? ""
            return file.item.complain("a file of shifts that can be read; \(why)")
        }
        otherFiles[file.path] = text
        let reading = Reading(file: file.path, lensText: lensText, otherText: otherText)
        let shifts = reading.root(text)?.keys("shifts of a wall's panels") {
            reading.shifts($0, panels.map(\.name))
        }
        add(reading)
        return shifts.map { shifts in panels.map(shifts.placed) }
    }

    private func shifts(_ reader: MapReader, _ panels: [String]) -> PanelShifts? {
        let what = "how far panels hang from their plan"
        _ = reader.optional("source")
        guard let item = reader.required("shifts", what),
            let items = item.items(1...StageLimits.panels, what)
        else { return nil }
        var shifts = PanelShifts()
        for item in items {
            let read: Bool? = item.keys("a shift") { keys in
                // Half a metre is another wall.
                let meters = keys.numbers(
                    "meters", 3...3, -0.5...0.5, unit: "meters", "the shift [x, y, z]")
                guard let moved = moved(keys, panels), let meters else { return nil }
                shifts.add(Vector3(meters[0], meters[1], meters[2]), to: moved)
                return true
            }
            if read == nil { return nil }
        }
        return shifts
    }

    /// The panels a shift is of.
    private func moved(_ reader: MapReader, _ panels: [String]) -> [String]? {
        let panel = reader.optional("panel")
        let column = reader.optional("column")
        let wall = reader.optional("wall")
        let given = [panel, column, wall].compactMap(\.self)
        guard given.count == 1, let item = given.first,
            let name = item.text("the name of a panel, a column or a wall")
        else {
            reader.complain(
                "panel", "\(given.count) of panel, column and wall",
                "one of them: what the shift is of")
            return nil
        }
        let moved = panels.filter { candidate in
            if panel != nil { return candidate == name }
            return candidate.hasPrefix(column != nil ? name + "r" : name + "/")
        }
        guard !moved.isEmpty else {
            return item.complain(
                "of this wall: a panel as \(panels.first ?? ""), a column without its row, or the "
                    + "wall itself")
        }
        return moved
    }
}
