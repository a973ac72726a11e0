import Foundation
import Geometry
import Media
import StageConfig
import StageModel
import StageRun
import TestSupport
import Testing
import Tracking

/// A camera's lens as other programs are given it.
@Suite struct `An exported lens` {
    private struct Given: Encodable {
        var undistort, distort, samples: String
        var line: Int
    }

    private static func camera() throws -> Camera {
        let file = PythonPeer.root.appending(path: "stage-configs/volume/stage.yaml").path
        return try StageConfig.load(file).get().cameras[0]
    }

    @Test(
        .enabled(
            if: PythonPeer.has(module: "cv2") && PythonPeer.has(module: "OpenImageIO"),
            "`make peers` installs OpenCV and OpenImageIO"))
    func `is OpenCV's lens, in maps and in samples`() throws {
        let camera = try Self.camera()
        let table = try #require(camera.lenses.first)
        let (column, row) = (1, 1)
        var choice = LensExport.Choice()
        (choice.zoom, choice.focus) = (table.zooms[column], table.focuses[row])
        let kept = TemporaryFolder()
        let folder = kept.path
        let lines = try LensExport(camera, choice).write(to: folder, origin: .bottom)
        let files = lines.compactMap { $0.split(separator: ":").first.map(String.init) }
        try #require(files.count == 3)
        let verdict = try PythonPeer.judge(
            "lens_maps.py",
            Given(
                undistort: files[1], distort: files[2], samples: files[0],
                line: column * table.focuses.count + row))
        #expect(verdict.status == 0, "\(verdict.output)")
    }

    @Test func `has a sample for each measured place, which says so`() throws {
        var camera = try Self.camera()
        camera.lenses[0].zooms = camera.lenses[0].zooms.map { 0.7 * $0 }
        let table = camera.lenses[0]
        let kept = TemporaryFolder()
        let folder = kept.path
        var choice = LensExport.Choice()
        (choice.lens, choice.zoom) = (table.name, 0.95)
        let lines = try LensExport(camera, choice).write(to: folder, origin: .top)
        #expect(lines[0].hasPrefix("--zoom 0.95: beyond what was measured"))
        #expect(lines.contains { $0.contains("-zoom-\(table.zooms.last!)-focus-1.0-undist") })
        let samples = try Self.samples(lines[1])
        #expect(samples.count == table.lenses.count)
        #expect(samples.allSatisfy { $0.static?.sensor == camera.sensor })
        for (sample, lens) in zip(samples, table.lenses) {
            #expect(sample.lens.distortion == lens.distortion)
            #expect(
                sample.lens.pinholeFocalLengthMillimeters == lens.focalLengthMillimeters)
        }
        // Theirs is 0 at infinity, ours at the nearest.
        #expect(samples.first?.lens.encoders?.focus == 1 - table.focuses[0])
        #expect(samples.last?.lens.encoders?.zoom == table.zooms.last)
    }

    @Test func `of the stage file has both ends of its zoom, in the sensor mode that is shot`()
        throws
    {
        var camera = try Self.camera()
        camera.zoomRange = SIMD2(24, 70)
        var choice = LensExport.Choice()
        (choice.lens, choice.zoom) = ("fixed", 1)
        choice.sensorMode = try #require(camera.sensorModes.first?.name)
        let kept = TemporaryFolder()
        let folder = kept.path
        let lines = try LensExport(camera, choice).write(to: folder, origin: .bottom)
        #expect(lines[1].contains("a pinhole of 70.000 mm"))
        let samples = try Self.samples(lines[0])
        #expect(samples.map(\.lens.pinholeFocalLengthMillimeters) == [24, 70])
        #expect(samples.map(\.lens.encoders?.zoom) == [0, 1])
        #expect(samples.allSatisfy { $0.lens.encoders?.focus == nil })
        #expect(samples.allSatisfy { $0.static?.sensor == camera.sensorModes[0].sensor })
    }

    @Test func `counts from the top what counts from the bottom otherwise`() throws {
        let camera = try Self.camera()
        let kept = TemporaryFolder()
        let folder = kept.path
        let export = try LensExport(camera, LensExport.Choice())
        let maps = try [LensExport.Origin.bottom, .top].map { origin in
            let lines = try export.write(to: folder, origin: origin)
            let file = try #require(lines.last?.split(separator: ":").first)
            #expect(file.hasSuffix("distort-\(origin.rawValue).exr"))
            return try PictureFile.read(String(file), colorSpace: .acesCG)
        }
        for pixel in stride(from: 0, to: maps[0].width * maps[0].height, by: 1009) {
            #expect(maps[0].pixels[4 * pixel] == maps[1].pixels[4 * pixel])
            let (up, down) = (maps[0].pixels[4 * pixel + 1], maps[1].pixels[4 * pixel + 1])
            #expect(abs(up + down - 1) < 1e-6)
        }
        // The highest row is near 1 from the bottom.
        #expect(maps[0].pixels[1] > 0.9 && maps[1].pixels[1] < 0.1)
    }

    @Test func `that is not there, or folds, is refused by one line`() throws {
        var camera = try Self.camera()
        func refusal(_ change: (inout LensExport.Choice) -> Void) -> String {
            var choice = LensExport.Choice()
            change(&choice)
            do { _ = try LensExport(camera, choice) } catch { return "\(error)" }
            return ""
        }
        #expect(
            refusal { $0.lens = "zoom-99" }
                == "--lens zoom-99: camera A has zoom-24-70, fixed")
        #expect(
            refusal { $0.sensorMode = "x" }.hasPrefix("--sensor-mode x: camera A has standard"))
        camera.zoomRange = nil
        #expect(
            refusal { ($0.lens, $0.focus) = ("fixed", 0.5) }
                .contains("known at one focus only – leave --focus out"))
        camera.lenses = []
        camera.lens.distortion.direction = .distorts
        camera.lens.distortion.radial[0] = -0.01
        #expect(refusal { _ in }.contains("folds its picture"))
    }

    private static func samples(_ line: String) throws -> [OpenTrackIOSample] {
        let file = try #require(line.split(separator: ":").first)
        let text = try String(contentsOfFile: String(file), encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            try Array(line.utf8).withUnsafeBytes {
                try OpenTrackIOSample(payload: $0, encoding: .json)
            }
        }
    }
}

/// The straight picture of a lens and the way between both.
@Suite struct `A straight picture` {
    private static let sensor = Sensor(widthMillimeters: 24, heightMillimeters: 13.5)

    @Test(arguments: [LensDistortion.Direction.distorts, .undistorts])
    func `is the recorded one there and back`(direction: LensDistortion.Direction) throws {
        var radial = InlineArray<6, Double>(repeating: 0)
        (radial[0], radial[2]) = (direction == .distorts ? -0.0004 : 0.0004, 2e-7)
        let lens = Lens(
            focalLengthMillimeters: 24,
            distortion: LensDistortion(
                direction: direction, radial: radial, tangential: Vector2(1e-5, -2e-5)),
            projectionOffsetMillimeters: Vector2(0.2, -0.1))
        let straight = try #require(
            StraightPicture(lens, sensor: Self.sensor, recorded: SIMD2(1920, 1080)))
        #expect(straight.overscan > 1.02)
        #expect(straight.size.x % 2 == 0 && straight.size.y % 2 == 0)
        for (column, row) in [(0, 0), (1919, 0), (960, 1079), (100, 700), (1919, 1079)] {
            let there = try #require(straight.place(recorded: column, row))
            #expect(there.x > 0 && there.x < 1 && there.y > 0 && there.y < 1)
            // The nearest straight pixel's way back, and what is left of it.
            let x = Int(there.x * Double(straight.size.x))
            let y = Int(there.y * Double(straight.size.y))
            let back = try #require(straight.place(straight: x, y))
            #expect(abs(back.x * 1920 - Double(column) - 0.5) < 1.1)
            #expect(abs(back.y * 1080 - Double(row) - 0.5) < 1.1)
        }
    }

    @Test func `of a lens without distortion is the recorded one itself`() throws {
        let straight = try #require(
            StraightPicture(
                Lens(focalLengthMillimeters: 35), sensor: Self.sensor, recorded: SIMD2(1920, 1080)))
        #expect(straight.size == SIMD2(1920, 1080))
        let there = try #require(straight.place(recorded: 0, 0))
        #expect(abs(there.x - 0.5 / 1920) < 1e-12 && abs(there.y - 0.5 / 1080) < 1e-12)
    }
}
