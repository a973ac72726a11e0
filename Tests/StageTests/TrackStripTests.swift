import Foundation
import FrameLoop
import FrameModel
import Media
import Scenes
import StageModel
import StageRun
import StageTwin
import TestSupport
import Testing
import Timing
import Tracking

/// A pan before a wall that shows its frame strips: the take, and what the camera recorded.
private struct StripTake {
    static let first = VirtualStage.firstFrame
    static let frames: Int64 = 150
    /// From capture to arrival, seconds: 2.3 frames.
    static let delay = 2.3 * VirtualStage.period * 1e-9

    let take: Take
    let asset: SceneAsset

    /// Where the tracker's body is: degrees of pan, metres; it sways as it turns.
    static func body(_ host: HostTime) -> (pan: Double, x: Double) {
        let t = Double(host - VirtualStage.host(first)) * 1e-9
        return (
            10 * sin(2 * .pi * t / 2.9) + 3 * sin(2 * .pi * t / 1.3), 0.1 * sin(2 * .pi * t / 1.9)
        )
    }

    init(_ folder: String, showsStrips: Bool = true) throws {
        let wall = try VirtualStage(TestScenes.checker(width: 64))
        asset = wall.asset
        let recorder = wall.recorder(into: folder)
        if showsStrips { wall.choose("pattern/show", "strip", at: Self.first) }
        wall.edit("pattern/cell", 1, at: Self.first)
        wall.edit("take/record", 1, at: Self.first)
        for frame in Self.first..<Self.first + Self.frames {
            let arrival = VirtualStage.host(frame, plus: -0.4)
            let (pan, x) = Self.body(arrival + -Int64(Self.delay * 1e9))
            wall.prepare(
                frame,
                [VirtualStage.Datagram(arrivalTime: arrival, bytes: freeD(pan: pan, x, 0, 1.875))])
            wall.path.abandon()
            recorder.drain()
        }
        recorder.stop()
        take = try Take(path: "\(folder)/virtual-0001.take")
    }

    /// What camera A saw of the wall: the tracker's word at the right delay is where it was.
    func photograph(into folder: String) throws {
        var stage = VirtualStage.stage()
        stage.sources[0].delay = Self.delay
        let replay = try TakeReplay(take, stage: stage, asset: asset)
        try replay.makePlates(of: 0, width: 360)
        try replay.run { plate in
            guard plate.isMeasured else { return }
            try EXRFile.write(
                LinearPicture(
                    width: plate.picture.width, height: plate.picture.height,
                    pixels: plate.picture.pixels), to: "\(folder)/\(plate.frame).exr")
        } _: { _ in
        }
    }
}

@Suite struct `The delay in a take of the frame strips` {
    private static func emptyFolder() throws -> TemporaryFolder {
        let folder = TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path, withIntermediateDirectories: true)
        return folder
    }

    @Test func `is found from the recorded pictures alone`() throws {
        let (folder, pictures) = (TemporaryFolder(), try Self.emptyFolder())
        let shot = try StripTake(folder.path)
        try shot.photograph(into: pictures.path)
        try Data("no picture".utf8).write(to: URL(fileURLWithPath: "\(pictures.path)/notes.txt"))
        let report = try TrackRun.delay(
            of: shot.take, stage: VirtualStage.stage(), camera: "A", folder: pictures.path)
        print(
            "strips: \(report.delayMilliseconds) ± \(report.uncertaintyMilliseconds) ms of "
                + "\(StripTake.delay * 1000), \(report.residualDegrees)° left, "
                + "\(report.pictures) pictures, scale \(report.scale)")
        #expect(abs(report.delayMilliseconds - StripTake.delay * 1000) < 0.5)
        #expect(report.pictures > 60)
        #expect(abs(report.scale - 1) < 0.01)
        #expect(report.residualDegrees < 0.05)
        // At the ends of the pan there is little wall in the picture.
        #expect((0...3).contains(report.picturesWithoutStrips ?? -1))
        #expect(report.complaints?.count == 1)
        #expect(report.complaints?.first?.contains("notes.txt") == true)
    }

    @Test func `is refused in a line that says what to do`() throws {
        let (folder, other) = (TemporaryFolder(), TemporaryFolder())
        let pictures = try Self.emptyFolder()
        let shot = try StripTake(folder.path)
        func said(_ take: Take, _ camera: String?, _ folder: String) -> String {
            do {
                _ = try TrackRun.delay(
                    of: take, stage: VirtualStage.stage(), camera: camera, folder: folder)
                return "nothing"
            } catch {
                return "\(error)"
            }
        }
        #expect(said(shot.take, nil, "x").hasSuffix("choose with --camera: A, B"))
        #expect(said(shot.take, "C", "x") == "--camera C: the take's cameras are: A, B")
        #expect(said(shot.take, "A", "/nowhere").hasPrefix("/nowhere: cannot be read"))
        #expect(said(shot.take, "A", pictures.path).contains("is empty"))
        let without = try StripTake(other.path, showsStrips: false)
        #expect(said(without.take, "A", pictures.path).hasPrefix("the take shows no strips"))
        try EXRFile.write(
            LinearPicture(width: 64, height: 64, pixels: .init(repeating: 0.1, count: 64 * 256)),
            to: "\(pictures.path)/1.exr")
        #expect(said(shot.take, "A", pictures.path).contains("none of 1 pictures shows a strip"))
    }
}
