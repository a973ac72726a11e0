import Foundation
import FrameLoop
import FrameModel
import Geometry
import Scenes
import StageModel
import StageRun
import StageTwin
import TestSupport
import Testing
import Timing

/// What a camera must have seen of the wall, from a take.
@Suite struct `A clean plate` {
    private static let first = VirtualStage.firstFrame
    private static let degree = Double.pi / 180

    /// Degrees of pan at an instant: 20°/s to the left and back again, with a sharp turn.
    private static func pan(at seconds: Double) -> Double {
        seconds < 1 ? 20 * seconds - 10 : 30 - 20 * seconds
    }

    /// Seconds of the shot at which the tracker says a camera was, at a host time.
    private static func seconds(at time: HostTime) -> Double {
        Double(time - VirtualStage.host(first, plus: 0.6)) / 1e9
    }

    /// The take of two seconds before a dome whose color is its direction.
    private func take(_ folder: TemporaryFolder) throws -> (Take, SceneAsset) {
        let wall = try VirtualStage(TestScenes.directionDome())
        let recorder = wall.recorder(into: folder.path, source: "directions")
        wall.edit("take/record", 1, at: Self.first)
        for frame in Self.first..<Self.first + 120 {
            let shown = frame - 1
            let time = VirtualStage.host(shown, plus: 0.6)
            let packet = VirtualStage.Datagram(
                arrivalTime: time,
                bytes: freeD(pan: Self.pan(at: Self.seconds(at: time)), 0, 0, 1.5))
            _ = wall.make(frame, [packet])
            recorder.drain()
        }
        recorder.stop()
        return (try Take(path: "\(folder.path)/virtual-0001.take"), wall.asset)
    }

    /// The direction that the middle of a plate has the color of: of 6 × 6 pixels round its axis,
    /// since one in ten bits tells only half a degree.
    private func middleDirection(_ plate: TakePlate) throws -> Vector3 {
        var sum = Vector3.zero
        for y in 42..<48 {
            for x in 77..<83 {
                let at = 4 * (y * plate.picture.width + x)
                let pixel = plate.picture.pixels[at..<at + 4].map(Double.init)
                try #require(pixel[3] == 1, "the wall is there")
                sum += Vector3(pixel[0] * 2 - 1, pixel[1] * 2 - 1, pixel[2] * 2 - 1)
            }
        }
        return sum / 36
    }

    @Test func `is seen from where the camera was, not from where it was foreseen`() throws {
        let folder = TemporaryFolder()
        let (take, asset) = try take(folder)
        let lights = take.events.reduce(into: [Int64: HostTime]()) { lights, event in
            if case .frame(let record) = event { lights[record.frame] = record.lightTime }
        }
        let replay = try TakeReplay(take, stage: VirtualStage.stage(), asset: asset)
        try replay.makePlates(of: 0, width: 160)
        var drawn: [Int64: Double] = [:]
        var plates: [TakePlate] = []
        try replay.run {
            plates.append($0)
        } _: { frame in
            drawn[frame.frame] =
                frame.cameras.first { $0.camera == 0 }?.stageFromPupil.panTiltRoll.pan
        }
        #expect(plates.count >= 115 && plates.map(\.frame) == plates.map(\.frame).sorted())
        // Only the last frames' tracker has nothing more to say.
        #expect(plates.dropLast(6).dropFirst(2).allSatisfy { $0.isMeasured })
        var (furthest, worst) = (0.0, 0.0)
        for plate in plates where plate.isMeasured && plate.frame > Self.first + 20 {
            #expect(plate.picture.width == 160 && plate.picture.height == 90)
            let seconds = Self.seconds(at: try #require(lights[plate.frame]))
            let truth = Self.pan(at: seconds) * Self.degree
            let middle = try middleDirection(plate)
            let seen = atan2(-middle.x, middle.y)
            worst = max(worst, abs(seen - truth) / Self.degree)
            let foreseen = try #require(drawn[plate.frame])
            furthest = max(furthest, abs(foreseen - truth) / Self.degree)
        }
        print("plates \(plates.count): worst \(worst)°, foreseen off by \(furthest)°")
        #expect(worst < 0.3)
        #expect(furthest > 1, "the turn was not foreseen")
    }

    @Test func `has its matte where the wall is`() throws {
        let folder = TemporaryFolder()
        let (take, asset) = try take(folder)
        let replay = try TakeReplay(take, stage: VirtualStage.stage(), asset: asset)
        try replay.makePlates(of: 0, width: 160)
        var plates: [TakePlate] = []
        try replay.run {
            plates.append($0)
        } _: { _ in
        }
        let plate = try #require(plates.first { $0.frame == Self.first + 60 })
        let matte = plate.picture.matte
        // The wall is 1.5 m high, 4 m away: more than the picture's 1.125 m, and 8 m wide.
        #expect(matte.count == 160 * 90 && matte.allSatisfy { $0 == 255 })
        // Seen with a third of the focal length it has an end above and below.
        var wide = VirtualStage.stage()
        wide.cameras[0].lens.focalLengthMillimeters = 16
        let other = try TakeReplay(take, stage: wide, asset: asset)
        try other.makePlates(of: 0, width: 160)
        plates = []
        try other.run {
            plates.append($0)
        } _: { _ in
        }
        let far = try #require(plates.first { $0.frame == Self.first + 60 })
        let rows = (0..<90).map { far.picture.matte[$0 * 160 + 80] }
        // 1.5 m of 3.375 m: 40 of 90 rows.
        #expect(abs(rows.count { $0 == 255 } - 40) <= 1)
        #expect(rows.first == 0 && rows.last == 0)
        let unlit = rows.indices.filter { rows[$0] == 0 }
        #expect(unlit.allSatisfy { far.picture.pixels[4 * ($0 * 160 + 80)] == 0 })
    }
}
