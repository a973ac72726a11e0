import StageModel

/// A part of a grid and where it stands: columns and rows from 0.
struct CanvasPart {
    var spot: CanvasSpot
    var columns: Range<Int>
    var rows: Range<Int>
}

/// One panel of a grid put elsewhere than its wall.
struct PanelOverride {
    var item: Item
    var column: Int
    var row: Int
    var spot: CanvasSpot
}

extension Reading {
    /// A `canvas` group: processor, place and turn.
    func spot(
        _ item: Item?, _ processors: Section<Processor>, _ more: (MapReader) -> Void = { _ in }
    ) -> CanvasSpot? {
        guard let item else { return nil }
        return item.keys("a canvas") { keys in
            let processor = processors.names.index(
                of: keys.required("processor", "the name of a processor"))
            let side = 0...(StageLimits.canvasSide - 1)
            let x = keys.integer("x", side, "leftmost canvas column")
            let y = keys.integer("y", side, "topmost canvas row")
            let turns = keys.choice(
                "rotationDegrees", [("0", 0), ("90", 1), ("180", 2), ("270", 3)], default: 0)
            more(keys)
            guard let processor, let x, let y, let turns else { return nil }
            return CanvasSpot(item: item, processor: processor, x: x, y: y, quarterTurns: turns)
        }
    }

    /// The parts of a grid's `canvas`: one for all, or a list by columns and rows.
    func canvasParts(
        _ item: Item, _ columns: Int?, _ rows: Int?, _ processors: Section<Processor>
    ) -> [CanvasPart]? {
        let isList = item.isList
        let what = "the parts of the wall and where their pixels stand"
        guard let items = isList ? item.items(1...256, what) : [item] else { return nil }
        let parts = items.map { item -> CanvasPart? in
            var across: Range<Int>?
            var down: Range<Int>?
            let spot = spot(item, processors) { keys in
                across = self.range(keys, "fromColumn", "toColumn", columns, "column")
                down = self.range(keys, "fromRow", "toRow", rows, "row")
            }
            guard let spot, let across, let down else { return nil }
            return CanvasPart(spot: spot, columns: across, rows: down)
        }
        let whole = parts.compactMap(\.self)
        return whole.count == parts.count ? whole : nil
    }

    /// A range of columns or rows, counted from 1 in the file and from 0 here.
    private func range(
        _ reader: MapReader, _ first: String, _ last: String, _ count: Int?, _ what: String
    ) -> Range<Int>? {
        let count = count ?? 1000
        let from = reader.integer(
            first, 1...count, default: 1, "first \(what) from the left or top")
        let to = reader.integer(last, 1...count, default: count, "last \(what)")
        guard let from, let to else { return nil }
        guard from <= to else {
            reader.complain(first, "\(from)", "it is behind \(last), \(to)")
            return nil
        }
        return (from - 1)..<to
    }

    /// Panels with a canvas place of their own.
    func overrides(
        _ reader: MapReader, _ wall: String?, _ columns: Int?, _ rows: Int?,
        _ processors: Section<Processor>
    ) -> [PanelOverride]? {
        let what = "panels with a canvas place of their own"
        guard let list = reader.optional("panelOverrides") else { return [] }
        guard let items = list.items(1...StageLimits.panels, what) else { return nil }
        var seen = Set<[Int]>()
        let overrides = items.map { item -> PanelOverride? in
            item.keys("a panel override") { keys in
                let allowed = "a panel of this wall, \(wall ?? "wall")/c1r1 its top left"
                let panel = keys.required("panel", allowed)
                let place = panel.flatMap { self.gridPlace($0, wall, columns, rows) }
                let spot = self.spot(keys.required("canvas", CanvasSpot.what), processors)
                guard let panel, let place, let spot else { return nil }
                guard seen.insert([place.column, place.row]).inserted else {
                    return panel.complain("this panel has an override already; keep one")
                }
                return PanelOverride(
                    item: panel, column: place.column, row: place.row, spot: spot)
            }
        }
        let whole = overrides.compactMap(\.self)
        return whole.count == items.count ? whole : nil
    }

    /// Column and row of a panel's name, from 0.
    private func gridPlace(
        _ item: Item, _ wall: String?, _ columns: Int?, _ rows: Int?
    ) -> (column: Int, row: Int)? {
        let text = item.word ?? ""
        let last = text.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let numbers = last.dropFirst().split(separator: "r", omittingEmptySubsequences: false)
        let isOfWall = wall.map { text == "\($0)/\(last)" } ?? true
        guard last.first == "c", numbers.count == 2, let column = Int(numbers[0]),
            let row = Int(numbers[1]), isOfWall, column >= 1, row >= 1,
            column <= columns ?? column, row <= rows ?? row
        else {
            let name = wall ?? "wall"
            let end = "\(name)/c\(columns.map(String.init) ?? "N")r\(rows.map(String.init) ?? "N")"
            return item.complain("a panel of this wall: \(name)/c1r1 (top left) … \(end)")
        }
        return (column - 1, row - 1)
    }

    /// The panels of a grid by how they are fed; nil after complaints of panels fed twice or not.
    func placements(
        _ grid: Grid, _ parts: [CanvasPart], _ overrides: [PanelOverride], _ reader: MapReader
    ) -> [Placement]? {
        var feeder = [Int?](repeating: nil, count: grid.columns * grid.rows)
        var result: [Placement] = []
        for override in overrides {
            feeder[override.column * grid.rows + override.row] = result.count
            let block = override.spot.block(width: grid.model.columns, height: grid.model.rows)
            let panel = grid.panel(override.column, override.row, override.spot, block.rect)
            result.append(
                Placement(
                    item: override.spot.item, processor: override.spot.processor, block: block,
                    panels: [panel]))
        }
        for part in parts {
            let placement = placement(
                grid, part, result, overrides: overrides.count, &feeder)
            guard let placement else { return nil }
            result.append(placement)
        }
        if let open = feeder.firstIndex(of: nil) {
            let name = grid.name(open / grid.rows, open % grid.rows)
            reader.complain(
                "canvas", "\(feeder.count { $0 == nil }) panels without pixels",
                "\(name) and others are in no part: extend fromColumn … toColumn, fromRow … toRow")
            return nil
        }
        return result
    }

    /// One part's panels; `feeder` says which placement feeds a panel, overrides first.
    private func placement(
        _ grid: Grid, _ part: CanvasPart, _ earlier: [Placement], overrides: Int,
        _ feeder: inout [Int?]
    ) -> Placement? {
        let (width, height) = (grid.model.columns, grid.model.rows)
        let block = part.spot.block(
            width: part.columns.count * width, height: part.rows.count * height)
        var placement = Placement(
            item: part.spot.item, processor: part.spot.processor, block: block)
        for column in part.columns {
            for row in part.rows {
                let place = column * grid.rows + row
                if let other = feeder[place] {
                    // Overridden panels leave their place in the wall's block empty.
                    if other < overrides { continue }
                    let item = part.spot.item
                    complain(
                        item.line, item.path, grid.name(column, row),
                        "is in \(earlier[other].item.path) already; a panel is fed once")
                    return nil
                }
                feeder[place] = earlier.count
                let rect = block.rect(
                    of: CanvasRect(
                        x: (column - part.columns.lowerBound) * width,
                        y: (row - part.rows.lowerBound) * height, width: width, height: height))
                placement.panels.append(grid.panel(column, row, part.spot, rect))
            }
        }
        return placement
    }
}
