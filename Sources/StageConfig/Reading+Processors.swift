import Color
import StageModel

extension Reading {
    /// A processor and its canvas.
    func processor(_ reader: MapReader) -> Processor? {
        let side = 16...StageLimits.canvasSide
        let width = reader.integer("width", side, "canvas width in pixels")
        let height = reader.integer("height", side, "canvas height in pixels")
        let depth = reader.choice("bitDepth", [("8", 8), ("10", 10), ("12", 12)])
        let transfer = transfer(reader)
        let range = reader.choice("range", [("full", CodeRange.full), ("narrow", .narrow)])
        let latency = reader.number(
            "latencyMilliseconds", 0...500, unit: "milliseconds",
            "from the end of the picture's arrival to light, 0 … 500 milliseconds")
        guard let name = reader.givenName, let width, let height,
            let depth, let transfer, let range, let latency
        else { return nil }
        guard width * height <= StageLimits.canvasPixels else {
            reader.complain(
                "width", "\(width) × \(height)",
                "a canvas has at most \(StageLimits.canvasPixels) pixels (8K UHD)")
            return nil
        }
        return Processor(
            name: name, width: width, height: height, bitDepth: depth, transfer: transfer,
            range: range, latency: latency / 1000)
    }

    private func transfer(_ reader: MapReader) -> TransferFunction? {
        let allowed = "one of: pq, gamma 2.4 (an exponent of 1 … 4), linear"
        guard let item = reader.required("transfer", allowed) else { return nil }
        let words = item.word?.split(separator: " ") ?? []
        switch words.count {
        case 1 where words[0] == "pq": return .pq
        case 1 where words[0] == "linear": return .linear
        case 2 where words[0] == "gamma":
            guard let exponent = Double(words[1]), exponent >= 1, exponent <= 4 else { break }
            return .gamma(exponent)
        default: break
        }
        return item.complain(allowed)
    }

    /// Processors that show a frame at different times tear the picture at their seams.
    func checkLatencies(_ processors: Section<Processor>) {
        guard let first = processors[processors.elements.isEmpty ? nil : 0] else { return }
        for (index, item) in processors.items.enumerated().dropFirst() {
            guard let processor = processors[index], processor.latency != first.latency else {
                continue
            }
            item.complain(
                "latencyMilliseconds", plain(processor.latency * 1000),
                "\(first.name) has \(plain(first.latency * 1000)); walls of one stage show a "
                    + "frame together or tear at the seam: delay the faster processor")
        }
    }

    /// An LED cabinet model.
    func product(_ reader: MapReader) -> PanelProduct? {
        let size = 10.0...5000.0
        let width = reader.number("widthMillimeters", size, unit: "millimeters", "cabinet width")
        let height = reader.number(
            "heightMillimeters", size, unit: "millimeters", "cabinet height")
        let columns = reader.integer("columns", 1...4096, "pixels across a cabinet")
        let rows = reader.integer("rows", 1...4096, "pixels down a cabinet")
        guard let name = reader.givenName, let width, let height,
            let columns, let rows
        else { return nil }
        let pitches = (width / Double(columns), height / Double(rows))
        guard min(pitches.0, pitches.1) >= 0.2, max(pitches.0, pitches.1) <= 100 else {
            reader.complain(
                "columns", "\(columns) × \(rows)",
                "that is a pixel pitch of \(plain(pitches.0)) × \(plain(pitches.1)) mm; LED "
                    + "cabinets have 0.2 … 100 mm")
            return nil
        }
        return PanelProduct(
            name: name, width: width / 1000, height: height / 1000, columns: columns, rows: rows)
    }
}
