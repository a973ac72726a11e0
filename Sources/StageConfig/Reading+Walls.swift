import Geometry
import StageModel

/// A group of panels fed together: a wall's part by one `canvas`, or one overridden panel.
struct Placement {
    var item: Item
    var processor: Int
    var block: CanvasBlock
    var panels: [Panel] = []
}

/// A wall as read, its panels not yet checked against canvases and other walls.
struct WallDraft {
    var wall: Wall
    var placements: [Placement]
    /// Every panel, in the order of placements.
    var panels: [Panel] { placements.flatMap(\.panels) }
}

extension Reading {
    /// The stage's walls.
    func walls(
        _ reader: MapReader, _ processors: Section<Processor>, _ products: Section<PanelProduct>
    ) -> Section<WallDraft> {
        let context = WallContext(processors: processors, products: products)
        var index = 0
        return section(reader, "walls", 1...StageLimits.walls, "wall") { keys in
            defer { index += 1 }
            return self.wall(keys, at: index, context)
        }
    }

    private func wall(_ reader: MapReader, at index: Int, _ context: WallContext) -> WallDraft? {
        let light = light(reader)
        let kind = reader.choice("kind", WallKind.words)
        guard let kind else {
            reader.ignoresUnknownKeys = true
            return nil
        }
        let name = reader.givenName
        let placements =
            kind == .panels
            ? explicitPanels(reader, wall: name, at: index, context)
            : grid(reader, kind, wall: name, at: index, context)
        self.placements += placements ?? []
        let correction = filePath("correction", reader, "walls")
        let shifts = filePath("shifts", reader, "walls")
        guard let light, let name, let placements else { return nil }
        let wall = Wall(
            name: name, primaries: light.primaries, peakNits: light.peakNits,
            nitsPerUnit: light.nitsPerUnit, panels: 0..<0, correction: correction?.path)
        guard let panels = shifted(placements.flatMap(\.panels), by: shifts) else { return nil }
        var placed = placements
        var rest = panels[...]
        for index in placed.indices {
            let count = placed[index].panels.count
            placed[index].panels = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return WallDraft(wall: wall, placements: placed)
    }
}

/// What walls refer to.
struct WallContext {
    var processors: Section<Processor>
    var products: Section<PanelProduct>
}

/// How a wall is described.
enum WallKind {
    case flat
    case arc
    case ceiling
    case panels

    static let words: [(String, WallKind)] = [
        ("flat", .flat), ("arc", .arc), ("ceiling", .ceiling), ("panels", .panels),
    ]
}

extension Reading {
    /// A wall of panels with poses of their own.
    private func explicitPanels(
        _ reader: MapReader, wall: String?, at index: Int, _ context: WallContext
    ) -> [Placement]? {
        let usual = reader.optional("product")
        let usualProduct = usual.flatMap { context.products.names.index(of: $0) }
        let what = "the wall's panels, each with its position and canvas"
        guard let items = reader.required("panels", what)?.items(1...StageLimits.panels, what)
        else { return nil }
        var names = Names("panel")
        var isProductMissing = false
        let placements = items.enumerated().map { number, item -> Placement? in
            item.keys("a panel") { keys in
                let name = keys.optional("name") == nil ? "p\(number + 1)" : keys.name()
                names.add(name, at: number, keys)
                let own = keys.optional("product")
                if own == nil && usual == nil { isProductMissing = true }
                let product = own.map { context.products.names.index(of: $0) } ?? usualProduct
                let pose = self.pose(keys)
                let spot = self.spot(
                    keys.required("canvas", CanvasSpot.what), context.processors)
                guard let name, let product, let pose, let spot,
                    let model = context.products[product]
                else { return nil }
                let block = spot.block(width: model.columns, height: model.rows)
                let panel = Panel(
                    name: "\(wall ?? "")/\(name)", wall: index, product: product,
                    stageFromPanel: pose, processor: spot.processor, canvas: block.rect,
                    quarterTurns: spot.quarterTurns)
                return Placement(
                    item: spot.item, processor: spot.processor, block: block, panels: [panel])
            }
        }
        if isProductMissing {
            _ = reader.required("product", "the panels' product; or give every panel one")
        }
        let whole = placements.compactMap(\.self)
        return whole.count == items.count ? whole : nil
    }
}
