import Geometry
import StageModel
import Tracking

/// How one maker's trackers speak FreeD (specs of the vendors' manuals; every value can be set).
struct FreeDPreset {
    var port: Int
    var zoomCounts: [Double] = [0, 65535]
    var focusCounts: [Double] = [0, 65535]

    static let words: [(String, FreeDPreset)] = [
        ("generic", FreeDPreset(port: 40000)),
        (
            "panasonic",
            FreeDPreset(port: 1111, zoomCounts: [1365, 4095], focusCounts: [1365, 4095])
        ),
        ("sony", FreeDPreset(port: 52380, zoomCounts: [0, 31424], focusCounts: [4096, 61440])),
        ("mosys", FreeDPreset(port: 8001)),
        (
            "stype",
            FreeDPreset(port: 6301, zoomCounts: [0, 16_777_215], focusCounts: [0, 16_777_215])
        ),
        (
            "ncam",
            FreeDPreset(port: 6301, zoomCounts: [0, 16_777_215], focusCounts: [0, 16_777_215])
        ),
        // Focal length in hundredths of a millimeter, distance in tenths.
        (
            "zcam",
            FreeDPreset(port: 5001, zoomCounts: [1000, 10000], focusCounts: [0, 16_777_215])
        ),
    ]
}

extension Reading {
    /// The kinds of source, by the words of the file.
    private enum SourceKind { case freeD, openTrackIO, fixed }

    /// A tracking source.
    func source(_ reader: MapReader) -> TrackingSource? {
        let kinds: [(String, SourceKind)] = [
            ("freed", .freeD), ("opentrackio", .openTrackIO), ("fixed", .fixed),
        ]
        guard let kind = reader.choice("kind", kinds) else {
            reader.ignoresUnknownKeys = true
            return nil
        }
        let placed = self.reader(of: "stageFromTracker", reader, "tracking")
            .optional("stageFromTracker")
        let scale = self.reader(of: "scale", reader, "tracking").number(
            "scale", 0.9...1.1, default: 1, "meters in a meter of the tracker's")
        let alignment = placed.map { item -> Pose? in
            item.keys("the tracker's place on the stage") { self.pose($0, isPlaced: false) }
        }
        let transport: TrackingSource.Transport?
        switch kind {
        case .fixed:
            guard let name = reader.givenName else { return nil }
            guard let alignment else { return TrackingSource(name: name, transport: .fixed) }
            return alignment.map {
                TrackingSource(name: name, transport: .fixed, stageFromTracker: $0)
            }
        case .freeD: transport = freeD(reader).map { .freeD($0) }
        case .openTrackIO: transport = openTrackIO(reader).map { .openTrackIO($0) }
        }
        guard var source = listened(reader, transport) else { return nil }
        guard let pose = alignment ?? .identity, let scale else { return nil }
        source.stageFromTracker = pose
        source.scale = scale
        return source
    }

    /// What sources that are listened to have in common.
    private func listened(
        _ reader: MapReader, _ transport: TrackingSource.Transport?
    ) -> TrackingSource? {
        let unit = "milliseconds"
        let delay = reader.number("delayMilliseconds", 0...1000, unit: unit, default: 0)
        let lensDelay = reader.number(
            "lensDelayMilliseconds", 0...1000, unit: unit, default: delay ?? 0)
        let stale = reader.number("staleMilliseconds", 20...10000, unit: unit, default: 200)
        let lost = reader.number("lostMilliseconds", 20...60000, unit: unit, default: 1000)
        let limit = reader.number("positionLimitMeters", 0.1...131, unit: "meters", default: 100)
        let rate = reader.optional("packetsPerSecond").map { $0.number(1...1000) }
        let foreseen = reader.optional("prediction").map {
            $0.keys("how the camera is foreseen") { prediction($0) }
        }
        guard let name = reader.givenName, let transport, let delay, let lensDelay,
            let stale, let lost, let limit, !reader.hasUnknownKeys,
            let prediction = foreseen ?? Prediction(), let packetsPerSecond = rate ?? .some(nil)
        else { return nil }
        guard stale <= lost else {
            reader.complain(
                "staleMilliseconds", plain(stale),
                "a source is stale before it is lost: at most "
                    + "lostMilliseconds, \(plain(lost))")
            return nil
        }
        return TrackingSource(
            name: name, transport: transport, delay: delay / 1000, lensDelay: lensDelay / 1000,
            staleAfter: stale / 1000, lostAfter: lost / 1000, positionLimit: limit,
            prediction: prediction, packetsPerSecond: packetsPerSecond)
    }

    /// How a source's camera is foreseen.
    private func prediction(_ reader: MapReader) -> Prediction? {
        let usual = Prediction()
        let kinds = Prediction.Kind.allCases.map { ($0.rawValue, $0) }
        let kind = reader.choice("kind", kinds, default: usual.kind)
        let window = Prediction.windowMin...Prediction.windowMax
        let turning = reader.integer(
            "turningSamples", window, default: usual.turningWindow,
            "samples that turning, zoom and focus speeds are fitted to")
        let velocity = reader.integer(
            "velocitySamples", window, default: usual.velocityWindow,
            "samples that the speed is fitted to")
        guard let kind, let turning, let velocity else { return nil }
        return Prediction(kind: kind, turningWindow: turning, velocityWindow: velocity)
    }

    private func freeD(_ reader: MapReader) -> FreeDOptions? {
        let preset = reader.choice("vendor", FreeDPreset.words, default: FreeDPreset(port: 40000))
        let usual = preset ?? FreeDPreset(port: 40000)
        let port = reader.integer("port", 1...65535, default: usual.port, "UDP port listened to")
        let address = reader.optional("address").map(ipv4)
        let id = reader.optional("cameraID").map { $0.integer(0...255, "FreeD camera id") }
        let ignores = reader.flag("ignoresChecksum", default: false)
        let order = axisOrder(reader)
        let axisSigns = signs(reader, "axisSigns", "a sign for each axis, 1 or -1")
        let angleSigns = signs(reader, "angleSigns", "a sign for pan, tilt and roll, 1 or -1")
        let counts = 0.0...16_777_215
        let zoom = reader.numbers(
            "zoomCounts", 2...2, counts, default: usual.zoomCounts, "counts at [wide, tele]")
        let focus = reader.numbers(
            "focusCounts", 2...2, counts, default: usual.focusCounts, "counts at [near, far]")
        guard preset != nil, let port, let ignores, let order, let axisSigns, let angleSigns,
            let zoom, let focus
        else { return nil }
        var options = FreeDOptions(port: UInt16(port))
        if let address {
            guard let address else { return nil }
            options.address = address
        }
        if let id {
            guard let id else { return nil }
            options.cameraID = UInt8(id)
        }
        for (key, pair) in [("zoomCounts", zoom), ("focusCounts", focus)] where pair[0] == pair[1] {
            reader.complain(key, "\(plain(pair[0])) twice", "the two ends of a ring differ")
            return nil
        }
        options.ignoresChecksum = ignores
        options.axisOrder = order
        options.axisSigns = axisSigns
        options.angleSigns = angleSigns
        options.zoomCounts = SIMD2(zoom[0], zoom[1])
        options.focusCounts = SIMD2(focus[0], focus[1])
        return options
    }

    private func openTrackIO(_ reader: MapReader) -> OpenTrackIOOptions? {
        let usual = OpenTrackIOOptions()
        let port = reader.integer(
            "port", 1...65535, default: Int(usual.endpoint.port), "UDP port listened to")
        let address = reader.optional("address").map(ipv4)
        let group = reader.optional("group").map(multicastGroup)
        let number = reader.optional("sourceNumber").map {
            $0.integer(1...200, "the stream's sourceNumber")
        }
        let checksum = reader.choice(
            "checksum",
            [("1.0.1", .current), ("published", .published), ("ignored", .ignored)],
            default: usual.checksum)
        let clock = reader.choice(
            "clock", [("tracker", .tracker), ("ptp", .ptp), ("arrival", .arrival)],
            default: usual.clock)
        let zoom = ringCounts(reader, "zoomCounts", "raw counts at [wide, tele]")
        let focus = ringCounts(reader, "focusCounts", "raw counts at [near, far]")
        guard let port, let checksum, let clock, let zoom, let focus,
            let address = address ?? 0, let group = group ?? 0
        else { return nil }
        var options = OpenTrackIOOptions(
            endpoint: TrackingEndpoint(port: UInt16(port), address: address, group: group))
        if let number {
            guard let number else { return nil }
            options.sourceNumber = UInt32(number)
        }
        options.checksum = checksum
        options.clock = clock
        (options.zoomCounts, options.focusCounts) = (zoom, focus)
        return options
    }

    private func ringCounts(
        _ reader: MapReader, _ key: String, _ what: String
    ) -> SIMD2<Double>? {
        let counts = reader.numbers(key, 2...2, 0...4_294_967_295, default: [0, 65535], what)
        guard let counts else { return nil }
        guard counts[0] != counts[1] else {
            reader.complain(key, "\(plain(counts[0])) twice", "the two ends of a ring differ")
            return nil
        }
        return SIMD2(counts[0], counts[1])
    }

    /// A multicast group, host byte order.
    private func multicastGroup(_ item: Item) -> UInt32? {
        guard let group = ipv4(item) else { return nil }
        guard group >> 28 == 14 else {
            return item.complain(
                "a multicast group is expected, 224.0.0.0 … 239.255.255.255: trackers send to "
                    + "239.135.1.N for source number N; leave it out for unicast")
        }
        return group
    }

    private func axisOrder(_ reader: MapReader) -> InlineArray<3, UInt8>? {
        guard let item = reader.optional("axisOrder") else { return [0, 1, 2] }
        let axes = item.words?.map { ["x", "y", "z"].firstIndex(of: $0) }
        let known = axes?.compactMap(\.self) ?? []
        guard axes?.count == 3, Set(known).count == 3 else {
            return item.complain(
                "which of the sender's axes feeds stage X, Y and Z: x, y, z in some order")
        }
        return [UInt8(known[0]), UInt8(known[1]), UInt8(known[2])]
    }

    private func signs(_ reader: MapReader, _ key: String, _ what: String) -> Vector3? {
        guard let item = reader.optional(key) else { return Vector3(1, 1, 1) }
        guard let values = item.numbers(3...3, -1...1, unit: "", what: what) else { return nil }
        guard values.allSatisfy({ abs($0) == 1 }) else { return item.complain(what) }
        return Vector3(values[0], values[1], values[2])
    }

    /// An IPv4 address, host byte order.
    func ipv4(_ item: Item) -> UInt32? {
        let parts = item.word?.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = (parts ?? []).compactMap { UInt8($0) }
        guard parts?.count == 4, bytes.count == 4 else {
            return item.complain("an IPv4 address is expected, as 192.168.0.10")
        }
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
