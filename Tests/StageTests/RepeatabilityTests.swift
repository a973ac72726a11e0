import Control
import FrameLoop
import Scenes
import Testing

/// A frame is a function of its inputs: threads and history do not matter.
@Suite struct `The same inputs` {
    static let first = VirtualStage.firstFrame
    static let scene = TestScenes.cards(atMeters: [2, 4, 14])

    /// A moving shot with an edit under way.
    private func shot(_ wall: VirtualStage, _ frames: Range<Int64>) -> [[UInt8]] {
        frames.map { step in
            let frame = Self.first + step
            if step == 6 { wall.edit("all/exposure", -2, fade: .frames(9), at: frame) }
            return wall.make(
                frame, [movingShot(frame - 1), movingShot(frame - 1, source: 1)])
        }
    }

    @Test func `give the same octets on 1, 2 and 5 threads`() throws {
        let one = shot(try VirtualStage(Self.scene, threads: 1), 0..<20)
        #expect(Set(one).count == one.count)
        for threads in [2, 5] {
            let isSame = shot(try VirtualStage(Self.scene, threads: threads), 0..<20) == one
            #expect(isSame, "\(threads) threads")
        }
    }

    @Test func `give the same octets twice`() throws {
        let isSame =
            shot(try VirtualStage(Self.scene), 0..<20) == shot(try VirtualStage(Self.scene), 0..<20)
        #expect(isSame)
    }

    @Test func `give the same octets again from a copy of the loop's state`() throws {
        let wall = try VirtualStage(Self.scene)
        let before = shot(wall, 0..<10)
        let (state, document) = (wall.path.state.pointee, wall.document)
        let take = shot(wall, 10..<25)
        let replay = try VirtualStage(Self.scene, threads: 2)
        replay.path.state.pointee = state
        replay.document = document
        #expect(before.count == 10)
        let isSame = shot(replay, 10..<25) == take
        #expect(isSame)
    }

    @Test func `of another history would have given other octets`() throws {
        let wall = try VirtualStage(Self.scene)
        _ = shot(wall, 0..<10)
        let take = shot(wall, 10..<11)
        let fresh = try VirtualStage(Self.scene)
        fresh.document = wall.document
        let isSame = shot(fresh, 10..<11) == take
        #expect(!isSame)
    }
}
