import Geometry
import StageModel

extension Reading {
    /// The measured lenses a camera can choose from, each with the item that names it.
    func lensTables(_ reader: MapReader) -> [(table: LensTable, item: Item)]? {
        let allowed = "names of files in lenses/ beside this one, 1 … \(StageLimits.lenses)"
        guard let item = self.reader(of: "lenses", reader, "cameras").optional("lenses") else {
            return []
        }
        let names = item.words?.compactMap(\.self) ?? []
        guard names.count == item.words?.count, 1...StageLimits.lenses ~= names.count else {
            return item.complain(allowed)
        }
        let tables = names.enumerated().map { index, name -> (table: LensTable, item: Item)? in
            guard MapReader.isName(name), name != "fixed", !names[..<index].contains(name) else {
                return item.complain(
                    "different names, of 1 … 32 letters, digits, '.', '-' or '_', without .yaml; "
                        + "“fixed” is the word for the camera's own lens")
            }
            return lensTable(name, item).map { ($0, item) }
        }
        let whole = tables.compactMap(\.self)
        return whole.count == tables.count ? whole : nil
    }

    /// A measured lens from its file, or nil after complaints.
    private func lensTable(_ name: String, _ item: Item) -> LensTable? {
        let text: String
        switch lensText(name) {
        case .success(let read): text = read
        case .failure(let complaints):
            let why = complaints.list.first.map { "\($0.file) \($0.found)" } ?? ""
            return item.complain("names of lens files that can be read; \(why)")
        }
        // A file two cameras name is read once for each, and complained of once.
        let isNew = lensFiles.updateValue(text, forKey: name) == nil
        let reading = Reading(file: "lenses/\(name).yaml", lensText: lensText)
        let table = reading.root(text)?.keys("a lens") { reading.table($0, name) }
        if isNew { add(reading) }
        return reading.complaints.isEmpty ? table : nil
    }

    private struct Node {
        var zoom: Double
        var focus: Double
        var lens: Lens
    }

    private func table(_ reader: MapReader, _ name: String) -> LensTable? {
        let most = StageLimits.lensRingStops * StageLimits.lensRingStops
        let allowed = "what the lens does, measured at 1 … \(most) places of its rings"
        guard let item = reader.required("nodes", allowed),
            let items = item.items(1...most, allowed)
        else { return nil }
        let nodes = items.compactMap { $0.keys("a node") { self.node($0) } }
        guard nodes.count == items.count else { return nil }
        let zooms = Set(nodes.map(\.zoom)).sorted()
        let focuses = Set(nodes.map(\.focus)).sorted()
        guard zooms.count <= StageLimits.lensRingStops, focuses.count <= StageLimits.lensRingStops
        else {
            return item.complain("\(StageLimits.lensRingStops) zooms and focuses at most")
        }
        var lenses: [Lens] = []
        for zoom in zooms {
            for focus in focuses {
                let here = nodes.filter { $0.zoom == zoom && $0.focus == focus }
                guard here.count == 1 else {
                    return item.complain(
                        "every zoom measured at the same focuses, once each; zoom "
                            + "\(plain(zoom)) has focus \(plain(focus)) \(here.count) times")
                }
                lenses.append(here[0].lens)
            }
        }
        guard Set(lenses.map(\.distortion.direction)).count == 1 else {
            return item.complain("one distortion model for the whole lens")
        }
        return LensTable(name: name, zooms: zooms, focuses: focuses, lenses: lenses)
    }

    private func node(_ reader: MapReader) -> Node? {
        let zoom = reader.number("zoom", 0...1, default: 0)
        let focus = reader.number("focus", 0...1, default: 1)
        let lens = measuredLens(reader)
        guard let zoom, let focus, let lens else { return nil }
        return Node(zoom: zoom, focus: focus, lens: lens)
    }

    /// The lens images every sensor at its nodes and half way between them; a complaint where one
    /// does not.
    func images(_ table: LensTable, _ sensors: [Sensor], _ item: Item) -> Bool {
        let rows = table.focuses.count
        for (index, node) in table.lenses.enumerated() {
            let (column, row) = (index / rows, index % rows)
            let right = column + 1 < table.zooms.count ? index + rows : index
            let next = row + 1 < rows ? 1 : 0
            let middle = node.blended(to: table.lenses[right], by: 0.5).blended(
                to: table.lenses[index + next].blended(to: table.lenses[right + next], by: 0.5),
                by: 0.5)
            for sensor in sensors where !(node.images(sensor) && middle.images(sensor)) {
                let at = "zoom \(plain(table.zooms[column])), focus \(plain(table.focuses[row]))"
                let nothing: Bool? = item.complain(
                    "a lens that images the whole sensor; at \(at) its distortion folds: check "
                        + "the model and the units in lenses/\(table.name).yaml")
                return nothing ?? false
            }
        }
        return true
    }
}
