import Color
import Foundation
import FrameLoop
import FrameModel
import Geometry
import Media
import Scenes
import StageCalibration
import StageModel
import StageRun
import StageTwin
import TestSupport
import Testing
import Timing
import Tracking

/// A camera carried from pose to pose before a wall that shows its frame strips.
private struct Walk {
    static let first = VirtualStage.firstFrame
    /// Frames at a pose, and from one to the next.
    static let (still, way): (Int64, Int64) = (40, 8)

    /// Pan, tilt, roll in degrees, then the place of the tracked body.
    static let poses: [(turn: Vector3, place: Vector3)] = [
        (Vector3(0, 0, 0), Vector3(0, 0.2, 1.4)), (Vector3(22, 3, 0), Vector3(-0.9, 0.6, 1.2)),
        (Vector3(-24, 2, 4), Vector3(0.8, 0.5, 1.5)), (Vector3(10, 12, -5), Vector3(0.3, 0.9, 0.9)),
        (Vector3(-12, -8, 2), Vector3(-0.4, 0.1, 1.9)), (Vector3(30, 0, 8), Vector3(0.9, 1.1, 1.3)),
        (Vector3(-30, 5, -8), Vector3(-1.0, 1.0, 1.1)),
        (Vector3(5, -6, 10), Vector3(0.1, 1.4, 1.7)),
        (Vector3(-5, 9, -10), Vector3(-0.2, 1.2, 1.0)), (Vector3(15, -4, 0), Vector3(0.5, 0, 1.8)),
        (Vector3(-18, 7, 6), Vector3(0.6, 0.8, 1.2)), (Vector3(3, 2, -3), Vector3(-0.7, 1.5, 1.4)),
    ]

    /// The sensor's place on the body as nobody has measured it yet.
    static let bodyFromSensor = Pose(
        pan: 0.4 * .pi / 180, tilt: -0.3 * .pi / 180, roll: 0.2 * .pi / 180,
        translation: Vector3(0.03, 0.05, -0.06))

    let take: Take
    let asset: SceneAsset

    /// Three rows of eight panels on an arc of 4 m, and a wide lens.
    static func stage() -> Stage {
        var stage = VirtualStage.stage()
        let product = PanelProduct(name: "tile", width: 0.5, height: 0.5, columns: 64, rows: 64)
        let shape = WallShape.arc(
            center: Vector3(0, 0, 0.7), radius: 4, step: 0.125, middle: 0)
        stage.products = [product]
        stage.panels = (0..<24).map { at in
            let (row, column) = at.quotientAndRemainder(dividingBy: 8)
            return Panel(
                name: "c\(column + 1)r\(row + 1)", wall: 0, product: 0,
                stageFromPanel: shape.stageFromPanel(
                    column: column, row: row, columns: 8, rows: 3, width: 0.5, height: 0.5),
                processor: 0,
                canvas: CanvasRect(x: 64 * column, y: 64 * row, width: 64, height: 64))
        }
        stage.walls = [
            Wall(
                name: "arc", primaries: .rec2020, peakNits: 1500, nitsPerUnit: 100,
                panels: 0..<24)
        ]
        stage.facets = Facet.merging(stage.panels, products: [product])
        stage.processors[0].height = 192
        stage.cameras[0].lens = Lens(focalLengthMillimeters: 22)
        stage.cameras.removeLast()
        return stage
    }

    init(_ folder: String) throws {
        let wall = try VirtualStage(TestScenes.checker(width: 64), stage: Self.stage())
        asset = wall.asset
        let recorder = wall.recorder(into: folder)
        wall.choose("pattern/show", "strip", at: Self.first)
        wall.edit("pattern/cell", 2, at: Self.first)
        wall.edit("take/record", 1, at: Self.first)
        for index in 0..<Int64(Self.poses.count) * (Self.still + Self.way) {
            let (turn, place) = Self.body(index)
            let frame = Self.first + index
            wall.prepare(
                frame,
                [
                    VirtualStage.Datagram(
                        arrivalTime: VirtualStage.host(frame, plus: -0.4),
                        bytes: freeD(
                            pan: turn.x, tilt: turn.y, roll: turn.z, place.x, place.y, place.z))
                ])
            wall.path.abandon()
            recorder.drain()
        }
        recorder.stop()
        take = try Take(path: "\(folder)/virtual-0001.take")
    }

    private static func body(_ index: Int64) -> (turn: Vector3, place: Vector3) {
        let (pose, frame) = index.quotientAndRemainder(dividingBy: still + way)
        let (from, to) = (poses[Int(pose)], poses[min(poses.count - 1, Int(pose) + 1)])
        let u = frame < still ? 0 : Double(frame - still) / Double(way)
        return (from.turn + u * (to.turn - from.turn), from.place + u * (to.place - from.place))
    }

    /// Two pictures of each pose, and one of each way.
    func photograph(into folder: String) throws {
        var stage = Self.stage()
        stage.cameras[0].bodyFromSensor = Self.bodyFromSensor
        let replay = try TakeReplay(take, stage: stage, asset: asset)
        try replay.makePlates(of: 0, width: 960) {
            [20, 26, 44].contains(($0 - Self.first) % (Self.still + Self.way))
        }
        try replay.run { plate in
            let picture = plate.picture
            try EXRFile.write(
                LinearPicture(
                    width: picture.width, height: picture.height, pixels: picture.pixels),
                to: "\(folder)/\(plate.frame).exr")
        } _: { _ in
        }
    }
}

@Suite struct `Captures in a take of the frame strips` {
    @Test func `solve the camera's place on its tracker`() throws {
        let (folder, pictures) = (TemporaryFolder(), TemporaryFolder())
        try FileManager.default.createDirectory(
            atPath: pictures.path, withIntermediateDirectories: true)
        let walk = try Walk(folder.path)
        try walk.photograph(into: pictures.path)
        let found = try TakeCaptures(
            take: walk.take, stage: Walk.stage(), camera: nil, folder: pictures.path)
        #expect(found.pauses.count == 12)
        #expect(found.pauses.allSatisfy { $0.pictures >= 1 && $0.strips >= 6 }, "\(found.pauses)")
        #expect(found.captures.views.count >= 8, "\(found.pauses)")
        // Those of the ways between show strips, too, but of no pose.
        #expect(found.picturesOutside > 0)
        let solution = try GeometrySolution(found.captures)
        let seen = solution.bodyFromCamera.translation
        let error = (seen - Walk.bodyFromSensor.translation).length
        print(
            "captures: reprojection \(solution.reprojection) px, pupil \(1000 * error) mm off, "
                + "\(found.captures.views.map(\.seen.count).reduce(0, +)) points")
        #expect(solution.reprojection < 0.3)
        // Twelve poses of pictures 960 wide: a wall pixel is 1.7 of theirs.
        #expect(error < 0.012, "\(seen)")
        #expect(solution.views.filter { $0.leftOut != nil }.count <= 2)
    }
}
