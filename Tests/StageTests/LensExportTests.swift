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

    private static func folder(_ work: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "cyclorama-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try work(folder)
    }

    @Test(
        .enabled(
            if: PythonPeer.has(module: "cv2") && PythonPeer.has(module: "OpenImageIO"),
            "`make peers` installs OpenCV and OpenImageIO"))
    func `is OpenCV's lens, in maps and in samples`() throws {
        let camera = try Self.camera()
        let table = try #require(camera.lenses.first)
        let (column, row) = (1, 1)
        let rings = LensExport.Rings(zoom: table.zooms[column], focus: table.focuses[row])
        try Self.folder { folder in
            let lines = try LensExport(camera, lens: nil, rings: rings)
                .write(to: folder, origin: .bottom)
            let files = lines.compactMap { $0.split(separator: ":").first.map(String.init) }
            try #require(files.count == 3)
            let verdict = try PythonPeer.judge(
                "lens_maps.py",
                Given(
                    undistort: files[1], distort: files[2], samples: files[0],
                    line: column * table.focuses.count + row))
            #expect(verdict.status == 0, "\(verdict.output)")
        }
    }

    @Test func `has a sample for each measured place, which says so`() throws {
        let camera = try Self.camera()
        let table = try #require(camera.lenses.first)
        try Self.folder { folder in
            let lines = try LensExport(
                camera, lens: table.name, rings: LensExport.Rings(zoom: 0.4, focus: 0.2)
            ).write(to: folder, origin: .top)
            let file = try #require(lines.first?.split(separator: ":").first)
            let text = try String(contentsOfFile: String(file), encoding: .utf8)
            let samples = try text.split(separator: "\n").map { line in
                try Array(line.utf8).withUnsafeBytes {
                    try OpenTrackIOSample(payload: $0, encoding: .json)
                }
            }
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
    }

    @Test func `of another name, or one that folds, is refused by one line`() throws {
        var camera = try Self.camera()
        let rings = LensExport.Rings(zoom: 0, focus: 1)
        let unknown = #expect(throws: (any Error).self) {
            try LensExport(camera, lens: "zoom-99", rings: rings)
        }
        #expect("\(unknown!)".contains("--lens zoom-99: camera A has zoom-24-70"))
        camera.lenses = []
        camera.lens.distortion.direction = .distorts
        camera.lens.distortion.radial[0] = -0.01
        let folded = #expect(throws: (any Error).self) {
            try LensExport(camera, lens: nil, rings: rings)
        }
        #expect("\(folded!)".contains("folds its picture"))
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
