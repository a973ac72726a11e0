import Geometry
import StageModel
import Timing
import Tracking

/// A list of the file that has been read: its elements, nil where one was wrong.
struct Section<Element> {
    var elements: [Element?] = []
    var items: [Item] = []
    var names: Names

    /// The elements, or nil when one is wrong.
    var all: [Element]? {
        let whole = elements.compactMap(\.self)
        return whole.count == elements.count ? whole : nil
    }

    /// One element; nil where it was wrong.
    subscript(index: Int?) -> Element? { index.flatMap { elements[$0] } }
}

extension Reading {
    /// The stage of a text, or nil after complaints.
    func stage(_ text: String) -> Stage? {
        root(text)?.keys("a stage") { self.stage($0) }
    }

    private func stage(_ reader: MapReader) -> Stage? {
        let name = reader.name("stage")
        let rate = rate(reader)
        let offset = reader.integer(
            "taiOffsetSeconds", 0...100, default: 37, "seconds TAI is ahead of UTC")
        let eye = reader.numbers(
            "outerEyeMeters", 3...3, -100...100, unit: "meters",
            "the outer frustum's eye point [x, y, z]")
        let outerReduction = reader.choice(
            "outerResolution", [("full", 1), ("half", 2), ("quarter", 4)], default: 1)
        let sceneMemory = reader.integer(
            "sceneMemoryMegabytes", 64...262_144, default: 4000,
            "memory all scenes held ready may take, in 1,000,000 bytes")
        let processors = section(
            reader, "processors", 1...StageLimits.processors, "processor", processor)
        let products = section(reader, "products", 1...256, "product", product)
        let walls = walls(reader, processors, products)
        // Every camera needs a source.
        let fewest = reader.optional("cameras") == nil ? 0 : 1
        let sources = section(
            reader, "tracking", fewest...StageLimits.sources, "tracking source", source)
        let cameras = section(reader, "cameras", 0...StageLimits.cameras, "camera") {
            self.camera($0, sources)
        }
        let outputs = section(reader, "outputs", 1...StageLimits.outputs, "output") {
            self.output($0, processors)
        }
        let socket = controlSocket(reader, stage: name ?? "stage")
        finishApplied(walls, sources, cameras)
        checkLatencies(processors)
        checkPorts(sources)
        checkTargets(outputs)
        let placed = place(walls, processors)
        guard complaints.isEmpty, let name, let rate, let offset, let eye, let outerReduction,
            let sceneMemory, let socket, let processors = processors.all,
            let products = products.all,
            let walls = placed, let sources = sources.all, let cameras = cameras.all,
            let outputs = outputs.all
        else { return nil }
        let panels = walls.flatMap(\.panels)
        return Stage(
            name: name, rate: rate, processors: processors, walls: walls.map(\.wall),
            products: products, panels: panels,
            facets: Facet.merging(panels, products: products),
            sources: sources, cameras: cameras,
            outerEye: Vector3(eye[0], eye[1], eye[2]), outputs: outputs.map(\.port),
            controlSocket: socket, taiOffset: Int64(offset), outerReduction: outerReduction,
            sceneMemory: sceneMemory * 1_000_000)
    }

    /// Complains of what an applied calibration says of nobody.
    private func finishApplied(
        _ walls: Section<WallDraft>, _ sources: Section<TrackingSource>, _ cameras: Section<Camera>
    ) {
        guard let applied else { return }
        // Where an element is wrong nobody can say which names there are.
        if let walls = walls.all, let sources = sources.all, let cameras = cameras.all {
            applied.finish(names: [
                "walls": walls.map(\.wall.name), "tracking": sources.map(\.name),
                "cameras": cameras.map(\.name),
            ])
        }
        add(applied.reading)
    }

    /// A list of named elements, each read by `read`.
    func section<Element>(
        _ reader: MapReader, _ key: String, _ counts: ClosedRange<Int>, _ what: String,
        _ read: @escaping (MapReader) -> Element?
    ) -> Section<Element> {
        let allowed = "the stage's \(what)s, \(counts.lowerBound) … \(counts.upperBound)"
        let item =
            counts.lowerBound == 0
            ? reader.optional(key) : reader.required(key, "\(allowed), as a list")
        guard let item, let items = item.items(counts, allowed) else {
            let isMissing = item == nil && counts.lowerBound == 0
            return Section(names: isMissing ? Names(what) : .unknown(what))
        }
        var section = Section<Element>(items: items, names: Names(what))
        for (index, item) in items.enumerated() {
            var wasRead = false
            let element: Element? = item.keys("a \(what)") { keys -> Element? in
                wasRead = true
                section.names.add(keys.name(), at: index, keys)
                return read(keys)
            }
            if !wasRead { section.names = .unknown(what) }
            section.elements.append(element)
        }
        return section
    }

    private func rate(_ reader: MapReader) -> FrameRate? {
        let allowed = "a rate of 24000/1001 … 120: 24, 25, 50, 60, \"24000/1001\", \"60000/1001\""
        guard let item = reader.required("frameRate", allowed) else { return nil }
        guard let text = item.word else { return item.complain(allowed) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let numbers = parts.map { Int64($0) }
        guard parts.count <= 2, let numerator = numbers[0],
            let denominator = numbers.count == 2 ? numbers[1] : 1,
            let rate = FrameRate(numerator, denominator),
            rate.hertz >= 24000 / 1001.0 - 1e-9, rate.hertz <= 120
        else {
            let isDecimal = text.contains(".") && Double(text) != nil
            return item.complain((isDecimal ? "rates are exact ratios; " : "") + allowed)
        }
        return rate
    }
}
