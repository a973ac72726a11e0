import Foundation
import StageConfig
import StageModel
import TestSupport
import Testing

/// A fault: what is changed in a stage file, and what must be said about it.
struct Fault: Sendable, CustomTestStringConvertible {
    var stage: String
    var replaced: String
    var with: String
    var path: String
    var says: String

    var testDescription: String { "\(stage): \(with)" }

    init(_ stage: String, _ replaced: String, _ with: String, _ path: String, _ says: String) {
        self.stage = stage
        self.replaced = replaced
        self.with = with
        self.path = path
        self.says = says
    }
}

@Suite struct FaultTests {
    static let faults = [
        Fault("demo", "frameRate: 60", "frameRate: 59.94", "frameRate", "exact ratios"),
        Fault("demo", "frameRate: 60", "frameRate: 240", "frameRate", "24000/1001 … 120"),
        Fault("demo", "frameRate: 60", "frameRate: 24/0", "frameRate", "24000/1001 … 120"),
        Fault("demo", "frameRate: 60", "frameRate: 1/2/3", "frameRate", "24000/1001 … 120"),
        Fault("demo", "frameRate: 60", "frameRate: /", "frameRate", "24000/1001 … 120"),
        Fault("demo", "columns: 10\n", "columns: 0\n", "walls[0].columns", "1 … 1000"),
        Fault("demo", "width: 1280", "width: 1276", "walls[0].canvas.x", "outside the canvas"),
        Fault("demo", "height: 640", "height: 639", "walls[0].canvas.y", "outside the canvas"),
        Fault("demo", "x: 384, y: 256", "x: 385, y: 256", "panelOverrides[0].canvas.x", "share"),
        Fault("demo", "main/c4r3", "main/c11r3", "panelOverrides[0].panel", "main/c10r5"),
        Fault("demo", "main/c4r3", "other/c4r3", "panelOverrides[0].panel", "main/c1r1"),
        Fault("demo", "rotationDegrees: 90", "rotationDegrees: 45", "rotationDegrees", "0, 90"),
        Fault("demo", "product: tile-4.7", "product: tile", "walls[0].product", "tile-4.7"),
        Fault(
            "demo", "radiusMeters: 5", "radiusMeters: 0.9", "walls[0].columns", "close on itself"),
        Fault(
            "demo", "radiusMeters: 5", "radiusMeters: 5\n    angleStepDegrees: 6",
            "angleStepDegrees", "at least 6.87"),
        Fault("demo", "source: tracker-a", "source: tracker", "cameras[0].source", "tracker-a"),
        Fault("demo", "[35.9, 20.2]", "[35.9, 35.9]", "cameras[0].imagePixels", "another shape"),
        Fault("demo", "[24, 35]", "[35, 24]", "zoomRangeMillimeters", "wide first"),
        Fault("demo", "radial: [1.55e-4]", "radial: [-0.155]", "lens.distortion", "OpenLensIO"),
        Fault("demo", "host: 127.0.0.1", "host: localhost", "outputs[0].host", "IPv4"),
        Fault("demo", "host: 127.0.0.1", "host: 127.0.0.1.5", "outputs[0].host", "IPv4"),
        Fault("demo", "sampling: rgb", "sampling: rbg", "outputs[0].sampling", "mean rgb"),
        Fault("demo", "depth: 10", "depth: 16", "outputs[0].depth", "8, 10, 12"),
        Fault("demo", "transfer: pq", "transfer: gamma", "transfer", "gamma 2.4"),
        Fault("demo", "transfer: pq", "transfer: hlg", "transfer", "pq, gamma"),
        Fault("demo", "columns: 128", "columns: 4000", "products[0].columns", "pixel pitch"),
        Fault("demo", "centerMeters: [0, 0, 0]", "centerMeters: [0, 0]", "centerMeters", "[z]"),
        Fault("demo", "stage: demo", "stage: my stage", "stage", "letters"),
        Fault("demo", "stage: demo", "stage: demo\nframeRate: 50", "frameRate", "one of them"),
        Fault(
            "demo", "stage: demo",
            "stage: demo\ncontrolSocket: /\(String(repeating: "s", count: 107))",
            "controlSocket", "107"),
        Fault(
            "volume", "latencyMilliseconds: 20\n\nproducts", "latencyMilliseconds: 21\n\nproducts",
            "processors[2].latencyMilliseconds", "tear"),
        Fault("volume", "toColumn: 24", "toColumn: 23", "walls[0].canvas", "main/c24r1"),
        Fault("volume", "toColumn: 24", "toColumn: 25", "walls[0].canvas[1]", "fed once"),
        Fault("volume", "fromColumn: 1,", "fromColumn: 30,", "fromColumn", "behind toColumn"),
        Fault("volume", "port: 5026", "port: 5024", "outputs[1].port", "left-rtp"),
        Fault("volume", "name: right-rtp", "name: left-rtp", "outputs[1].name", "already"),
        Fault("volume", "width: 2208", "width: 2210", "outputs[1].processor", "multiple of 4"),
        Fault(
            "volume", "processor: top, x: 1024", "processor: tip, x: 1024", "processor",
            "left, right, top"),
        Fault("flat", "kind: fixed", "kind: freed", "tracking[1].port", "cameraID"),
        Fault("flat", "x: 800, y: 160", "x: 800, y: 150", "panelOverrides[1].canvas.x", "share"),
        Fault(
            "everything", "port: 5004\n    sampling: ycbcr422\n    depth: 10",
            "port: 5004\n    sampling: ycbcr422\n    depth: 12", "outputs[0].sampling", "8 or 10"),
        Fault(
            "everything", "zoomCounts: [10, 2000]", "zoomCounts: [10, 10]", "zoomCounts", "differ"),
        Fault(
            "everything", "axisOrder: [y, x, z]", "axisOrder: [y, y, z]", "axisOrder",
            "some order"),
        Fault(
            "everything", "axisSigns: [1, -1, 1]", "axisSigns: [1, 0.5, 1]", "axisSigns",
            "1 or -1"),
        Fault(
            "everything", "staleMilliseconds: 150", "staleMilliseconds: 900", "staleMilliseconds",
            "800"),
        Fault("everything", "group: 239.135.1.7", "group: 192.168.1.7", "group", "239.135.1.N"),
        Fault("everything", "sourceNumber: 7", "sourceNumber: 201", "sourceNumber", "1 … 200"),
        Fault("everything", "clock: ptp", "clock: utc", "clock", "tracker, ptp, arrival"),
        Fault(
            "everything", "focusCounts: [4095, 0]", "focusCounts: [5, 5]", "focusCounts", "differ"),
        Fault(
            "everything", "kind: fixed\n",
            "kind: opentrackio\n    port: 55556\n    address: 192.168.0.5\n"
                + "    group: 239.135.1.7\n",
            "tracking[2].port", "sourceNumber"),
        Fault(
            "everything", "port: 55556\n    address: 192.168.0.5\n    group: 239.135.1.7",
            "port: 7000", "tracking[2].port", "another way"),
        Fault("everything", "kind: linear", "kind: quadratic", "prediction.kind", "hold, linear"),
        Fault(
            "everything", "turningSamples: 4", "turningSamples: 1", "prediction.turningSamples",
            "2 … 32"),
        Fault(
            "everything", "velocitySamples: 9", "velocitySamples: 33",
            "prediction.velocitySamples", "2 … 32"),
        Fault("everything", "red: [0.69, 0.3]", "red: [0.1, 0.3]", "primaries", "triangle"),
        Fault("everything", "payloadType: 97", "payloadType: 95", "payloadType", "96 … 127"),
    ]

    @Test(arguments: faults)
    func `a fault is one complaint that says what to do`(fault: Fault) throws {
        let original = try anyText(fault.stage)
        let count = original.ranges(of: fault.replaced).count
        #expect(count == 1, "\(fault.replaced) stands \(count) times in \(fault.stage)")
        let found = complaints(original.replacing(fault.replaced, with: fault.with))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.path.hasSuffix(fault.path) == true, "\(found)")
        #expect(found.first?.allowed.contains(fault.says) == true, "\(found)")
    }

    @Test func `all faults of a file are told at once, in the order of its lines`() throws {
        var broken = try text("volume")
        for (right, wrong) in [
            ("frameRate: 24000/1001", "frameRate: 23.976"), ("bitDepth: 12", "bitDepth: 14"),
            ("radiusMeters: 5", "radius: 5"), ("peakNits: 1200", "peakNits: 1200 nits"),
            ("heightMeters: 4.6\n", "heightMeters: 4.6\n    rollDegrees: 1\n"),
            ("{processor: top, x: 0, y: 0}", "{processor: right, x: 0, y: 8}"),
            ("port: 5028", "port: 502800"), ("source: tracker-a", "source: tracker-b"),
        ] {
            broken.replace(right, with: wrong)
        }
        let found = complaints(broken)
        #expect(
            found.map(\.path) == [
                "frameRate", "processors[2].bitDepth", "walls[0].radius",
                "walls[1].rollDegrees", "walls[1].light.peakNits", "walls[1].canvas.y",
                "cameras[0].source", "outputs[2].port",
            ])
        #expect(found.map(\.line) == found.map(\.line).sorted())
        #expect(
            found[2].description
                == "stage.yaml:48: walls[0].radius: an unknown key – did you mean radiusMeters?")
    }

    @Test func `what is not YAML is told with its line`() {
        let broken = complaints("stage: demo\nframeRate: [60\nwalls: }\n")
        #expect(broken.count == 1)
        #expect(broken[0].line == 3)
        #expect(complaints("").first?.found == "an empty file")
        #expect(complaints("just words").count == 1)
        #expect(complaints("a: 1\n---\nb: 2").count == 1)
    }

    @Test func `anchors are refused before they can grow`() {
        var bomb = "a: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for i in 1..<40 {
            bomb +=
                "b\(i): &a\(i) ["
                + [String](repeating: "*a\(i - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        // Grown, it would fill any memory.
        #expect(complaints(bomb + "? *a39\n: key\n").map(\.line) == [1])
        #expect(
            complaints("# &not an anchor *here*\nstage: A & B\n").allSatisfy {
                $0.line != 1 || $0.path != ""
            })
    }

    @Test func `files that are no stage files are one line each`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "stage-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let big = folder.appending(path: "big.yaml")
        try Data(repeating: 0x23, count: StageConfig.fileBytes + 1).write(to: big)
        let binary = folder.appending(path: "binary.yaml")
        try Data([0xFF, 0xFE, 0x00, 0x80]).write(to: binary)
        let deep = folder.appending(path: "deep.yaml")
        try Data(repeating: 0x5B, count: 100_000).write(to: deep)
        for path in [
            big.path, binary.path, deep.path, folder.path, folder.path + "/none", "/dev/null",
        ] {
            guard case .failure(let complaints) = StageConfig.load(path) else {
                Issue.record("\(path) is a stage?")
                continue
            }
            #expect(complaints.list.count == 1, "\(complaints)")
            #expect(complaints.description.split(separator: "\n").count == 1)
        }
    }

    @Test func `walls beyond the limits are refused without being built`() throws {
        let huge = try text("demo").replacing("columns: 10\n", with: "columns: 1000\n")
            .replacing("rows: 5\n", with: "rows: 1000\n").replacing(
                "radiusMeters: 5", with: "radiusMeters: 200")
        let found = complaints(huge)
        #expect(found.count == 1)
        #expect(found.first?.allowed.contains("8192 panels") == true, "\(found)")
        let wide = complaints(
            try text("demo").replacing("width: 1280", with: "width: 16384").replacing(
                "height: 640", with: "height: 16384"))
        #expect(wide.count == 1 && wide[0].allowed.contains("8K UHD"), "\(wide)")
    }

    @Test func `no mangled file stops the reader`() throws {
        var random = SeededRandom(seed: 2110)
        let bytes = try stages.map { Array(try anyText($0).utf8) }
        var refused = 0
        for round in 0..<3000 {
            var text = bytes[round % bytes.count]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: 0..<text.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: text[at] = UInt8.random(in: 0x09...0x7E, using: &random)
                case 1: text.remove(at: at)
                case 2: text.insert(UInt8.random(in: 0x20...0x7E, using: &random), at: at)
                default:
                    let end = min(text.count, at + Int.random(in: 1...40, using: &random))
                    text.removeSubrange(at..<end)
                }
            }
            if !complaints(String(decoding: text, as: UTF8.self)).isEmpty { refused += 1 }
        }
        #expect(refused > 1000 && refused < 3000)
    }
}
