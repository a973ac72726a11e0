import Color
import Foundation
import Geometry
import StageConfig
import StageModel
import Testing
import Timing
import Tracking

@Suite struct StageFileTests {
    @Test func `every stage in stage-configs loads`() throws {
        let folder = package.appending(path: "stage-configs")
        let stages = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0 != "README.md" }
        #expect(Set(stages).isSuperset(of: ["demo", "volume", "flat"]))
        for name in stages {
            let stage = try StageConfig.load(folder.appending(path: name).path).get()
            #expect(stage.name == name)
            let panelPixels = stage.panels.reduce(0) { $0 + $1.canvas.width * $1.canvas.height }
            let facetPixels = stage.facets.reduce(0) { $0 + $1.canvas.width * $1.canvas.height }
            #expect(panelPixels == facetPixels)
            #expect(stage.panels.contains { $0.quarterTurns == 1 })
            for (index, wall) in stage.walls.enumerated() {
                #expect(stage.panels[wall.panels].allSatisfy { $0.wall == index })
            }
        }
    }

    @Test func `the demo is what the file says`() throws {
        let stage = try StageConfig.parse(text("demo"), file: "stage.yaml", lens: lensFile).result
            .get()
        #expect(stage.rate == FrameRate(60))
        #expect(
            stage.processors == [
                Processor(
                    name: "main", width: 1280, height: 640, bitDepth: 10, transfer: .pq,
                    range: .full, latency: 0.016)
            ])
        #expect(stage.walls.count == 1 && stage.panels.count == 50)
        #expect(stage.walls[0].primaries == .p3D65)
        #expect(stage.walls[0].peakNits == 1500 && stage.walls[0].nitsPerUnit == 100)
        let turned = try #require(stage.panels.first { $0.name == "main/c4r3" })
        #expect(turned.quarterTurns == 1)
        #expect(turned.canvas == CanvasRect(x: 384, y: 256, width: 128, height: 128))
        let camera = try #require(stage.cameras.first)
        #expect(camera.lens.entrancePupilOffset == 0.15)
        #expect(camera.zoomRange == SIMD2(24, 35) && camera.lens.focalLengthMillimeters == 24)
        #expect(camera.bodyFromSensor.translation == Vector3(0, 0.04, -0.06))
        #expect(stage.sources.map(\.delay) == [0.01])
        #expect(
            stage.outputs == [
                OutputPort(
                    name: "main-rtp", processor: 0,
                    kind: .rtp(
                        host: "127.0.0.1", port: 5004, sampling: .rgb, depth: 10, payloadType: 96))
            ])
    }

    @Test func `the outer resolution is full where the file says nothing, and one of three words`()
        throws
    {
        let plain = try StageConfig.parse(text("demo"), file: "stage.yaml", lens: lensFile).result
            .get()
        #expect(plain.outerReduction == 1)
        for (word, reduction) in [("full", 1), ("half", 2), ("quarter", 4)] {
            let other = everything.replacing(
                "outerResolution: half", with: "outerResolution: \(word)")
            let stage = try StageConfig.parse(other, file: "stage.yaml", lens: lensFile).result
                .get()
            #expect(stage.outerReduction == reduction)
        }
        let wrong = everything.replacing("outerResolution: half", with: "outerResolution: 1/2")
        let found = complaints(wrong)
        #expect(found.map(\.path) == ["outerResolution"] && found[0].line == 4)
        #expect(found[0].allowed.hasSuffix("one of: full, half, quarter"))
    }

    @Test func `neighboring columns of the shipped arcs touch or leave a hair's gap`() throws {
        for name in ["demo", "volume"] {
            let stage = try StageConfig.parse(text(name), file: "stage.yaml", lens: lensFile).result
                .get()
            let names = Dictionary(uniqueKeysWithValues: stage.panels.map { ($0.name, $0) })
            let columns = name == "demo" ? 10 : 47
            for column in 1..<columns {
                let left = try #require(names["main/c\(column)r1"])
                let right = try #require(names["main/c\(column + 1)r1"])
                let width = stage.products[left.product].width
                let gap =
                    (left.stageFromPanel * Vector3(width / 2, 0, 0))
                    - (right.stageFromPanel * Vector3(-width / 2, 0, 0))
                #expect(gap.length < 0.003)
            }
        }
    }

    @Test func `options that no shipped stage uses arrive in the stage`() throws {
        let stage = try StageConfig.parse(everything, file: "stage.yaml", lens: lensFile).result
            .get()
        #expect(stage.rate == FrameRate(60000, 1001))
        #expect(stage.controlSocket.hasSuffix("/everything.sock"))
        #expect(stage.panels.map(\.name).prefix(2) == ["steps/low", "steps/p2"])
        #expect(stage.walls.map(\.panels) == [0..<2, 2..<8])
        #expect(
            stage.panels[0].stageFromPanel
                == Pose(
                    pan: 10 * .pi / 180, tilt: -5 * .pi / 180, roll: 1 * .pi / 180,
                    translation: Vector3(0, 4, 0.5)))
        guard case .freeD(let options) = stage.sources[0].transport else {
            Issue.record("not FreeD")
            return
        }
        var expected = FreeDOptions(port: 7000)
        expected.address = 0xC0A8_0005
        expected.cameraID = 3
        expected.ignoresChecksum = true
        expected.axisOrder = [1, 0, 2]
        expected.axisSigns = Vector3(1, -1, 1)
        expected.angleSigns = Vector3(-1, 1, 1)
        expected.zoomCounts = SIMD2(10, 2000)
        expected.focusCounts = SIMD2(0, 3000)
        #expect(options == expected)
        #expect(stage.sources[0].delay == 0.0125 && stage.sources[0].positionLimit == 20)
        #expect(
            stage.sources[0].prediction
                == Prediction(kind: .linear, turningWindow: 4, velocityWindow: 9))
        #expect(stage.sources[1].prediction == Prediction())
        #expect(stage.sources[1].transport == .fixed)
        #expect(stage.sources[0].lensDelay == 0.04 && stage.sources[2].lensDelay == 0)
        var streams = OpenTrackIOOptions(
            endpoint: TrackingEndpoint(port: 55556, address: 0xC0A8_0005, group: 0xEF87_0107))
        streams.sourceNumber = 7
        streams.checksum = .current
        streams.clock = .ptp
        streams.zoomCounts = SIMD2(0, 4095)
        streams.focusCounts = SIMD2(4095, 0)
        #expect(stage.sources[2].transport == .openTrackIO(streams))
        #expect(stage.cameras.map(\.usesLensData) == [true, false])
        #expect(stage.cameras.map(\.source) == [0, 1])
        #expect(
            stage.outputs.map(\.kind) == [
                .rtp(
                    host: "239.1.1.1", port: 5004, sampling: .yCbCr422, depth: 10,
                    payloadType: 97), .framebuffer(device: "/dev/fb1"),
                .stills(directory: "pictures", every: 100), .raw(path: "codes.raw"),
            ])
    }

    @Test func `vendors set port and counts, and the file may say otherwise`() throws {
        for (vendor, port, zoom) in [
            ("generic", 40000, SIMD2(0.0, 65535)), ("panasonic", 1111, SIMD2(1365, 4095)),
            ("sony", 52380, SIMD2(0, 31424)), ("mosys", 8001, SIMD2(0, 65535)),
            ("stype", 6301, SIMD2(0, 16_777_215)), ("ncam", 6301, SIMD2(0, 16_777_215)),
            ("zcam", 5001, SIMD2(1000, 10000)),
        ] {
            let changed = try text("demo").replacing(
                "port: 40000", with: "vendor: \(vendor)")
            let stage = try StageConfig.parse(changed, file: "stage.yaml", lens: lensFile).result
                .get()
            guard case .freeD(let options) = stage.sources[0].transport else {
                Issue.record("not FreeD")
                continue
            }
            #expect(Int(options.port) == port && options.zoomCounts == zoom)
        }
    }

    @Test func `the README has every key the reader knows, and no other`() throws {
        var keys = try stages.reduce(into: Set<String>()) { keys, name in
            keys.formUnion(
                StageConfig.parse(try anyText(name), file: "stage.yaml", lens: lensFile).keys)
        }
        // A wall's shifts are a file of their own.
        keys.formUnion(
            StageConfig.parse(
                try text("demo").replacing("kind: arc", with: "kind: arc\n    shifts: a.yaml"),
                file: "stage.yaml", lens: lensFile,
                other: { name in
                    name == "a.yaml"
                        ? .success("shifts: [{wall: main, meters: [0, 0, 0]}]")
                        : StageConfig.noFile(name)
                }
            ).keys)
        let readme = try String(
            contentsOf: package.appending(path: "stage-configs/README.md"), encoding: .utf8)
        let documented = readme.matches(of: #/(?m)^\| `([a-zA-Z.\[\]]+)` \|.*\|.*\|.*\|$/#)
            .map { String($0.1) }
        // Canvas groups are written alike wherever they stand, and are explained once.
        let known = Set(keys.map { $0.replacing(#/^.*canvas(\[\])?\./#, with: "canvas.") })
        #expect(Set(documented).subtracting(known) == [], "documented, but not read")
        #expect(known.subtracting(documented) == [], "read, but not documented")
        #expect(documented.count == Set(documented).count)
    }

    @Test func `the summary counts what was built`() throws {
        let stage = try StageConfig.parse(text("flat"), file: "stage.yaml", lens: lensFile).result
            .get()
        let summary = StageSummary(stage)
        #expect(summary.walls[0].pixels == 30 * 160 * 90)
        #expect(summary.walls[0].pitchMillimeters.allSatisfy { abs($0 - 5) < 1e-9 })
        #expect(abs(summary.walls[0].areaSquareMeters - 30 * 0.8 * 0.45) < 1e-9)
        #expect(summary.processors[0].signal == "10 bit gamma 2.4 narrow")
        // 5 mm at 4.04 m through 20 mm on 24 mm and 1920 pixels.
        let view = try #require(summary.views.first)
        #expect(abs(view.cameraPixelsPerWallPixel - 0.005 / view.distanceMeters * 1600) < 1e-9)
    }
}
