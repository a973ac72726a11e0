import Control
import FrameLoop
import FrameModel
import Scenes
import Testing

/// The quality step is an input of a frame like any other; false colors tell it on the wall.
@Suite struct `A frame's quality` {
    static let first = VirtualStage.firstFrame
    static let scene = TestScenes.meshes()

    /// A moving shot, each frame at its own step.
    private func shot(_ wall: VirtualStage, _ steps: [Int]) -> [[UInt8]] {
        steps.enumerated().map { index, step in
            wall.quality = UInt8(step)
            let frame = Self.first + Int64(index)
            return wall.make(frame, [movingShot(frame - 1), movingShot(frame - 1, source: 1)])
        }
    }

    @Test func `is all of the steps before it that its bytes depend on`() throws {
        let mixed = [0, 1, 2, 5, 0, 2, 1, 4, 3, 0, 1, 2]
        let all = shot(try VirtualStage(Self.scene), mixed)
        for step in 0..<3 {
            let one = shot(
                try VirtualStage(Self.scene, threads: 2),
                Array(repeating: step, count: mixed.count))
            for index in mixed.indices {
                let isSame = one[index] == all[index]
                if mixed[index] == step {
                    #expect(isSame, "step \(step), frame \(index)")
                } else if mixed[index] < 3 {
                    // The steps after the third draw the outer frustum no more coarsely.
                    #expect(!isSame, "step \(step), frame \(index)")
                }
            }
        }
    }

    @Test func `gives the same bytes on any number of threads`() throws {
        let steps = [0, 1, 2, 3, 4, 5]
        let one = shot(try VirtualStage(Self.scene), steps)
        for threads in [2, 5] {
            let isSame = shot(try VirtualStage(Self.scene, threads: threads), steps) == one
            #expect(isSame, "\(threads) threads")
        }
    }

    @Test func `is no finer than the operator's outer resolution, and no coarser for it`() throws {
        func picture(_ word: String, step: UInt8) throws -> [UInt8] {
            let wall = try VirtualStage(Self.scene)
            wall.choose("outer/resolution", word, at: Self.first)
            wall.quality = step
            return wall.make(Self.first, [movingShot(Self.first - 1)])
        }
        let half = try picture("half", step: 0)
        let isSame = try half == picture("full", step: 1)
        #expect(isSame)
        let isStill = try half == picture("half", step: 1)
        #expect(isStill)
        let isCoarser = try picture("half", step: 2) == picture("full", step: 2)
        #expect(isCoarser)
        let isDifferent = try half != picture("full", step: 0)
        #expect(isDifferent)
    }

    @Test(arguments: [
        (0, SIMD3(0, 0.2, 1), SIMD3(0, 1, 0.25)), (1, SIMD3(1, 0.8, 0), SIMD3(0, 1, 0.25)),
        (2, SIMD3(1, 0.15, 0), SIMD3(0, 1, 0.25)), (3, SIMD3(1, 0.15, 0), SIMD3(0.2, 0.8, 1)),
        (4, SIMD3(1, 0.15, 0), SIMD3(1, 1, 1)), (5, SIMD3(1, 0.15, 0), SIMD3(0.7, 0.1, 1)),
    ])
    func `in false colors is the palette's, region by region, in light and in the dark`(
        step: Int, outer: SIMD3<Double>, inner: SIMD3<Double>
    ) throws {
        // A night scene shows the least there is, a 300th of the peak.
        for (scene, nits) in [
            (TestScenes.uniform(0.18), 18.0), (Scene(name: "night", dome: nil, cards: []), 5),
        ] {
            let wall = try VirtualStage(scene)
            let straight = VirtualStage.Datagram(
                arrivalTime: VirtualStage.host(Self.first - 1, plus: 0.6),
                bytes: freeD(pan: 0, 0, 0, 1.5))
            wall.choose("stage/view", "quality", at: Self.first)
            wall.quality = UInt8(step)
            let seen = codes(wall.make(Self.first, [straight]))
            for (place, color) in [((5, 5), outer), ((256, 48), inner)] {
                let code = seen[place.1 * VirtualStage.width + place.0]
                for channel in 0..<3 {
                    let wanted = pqCode(nits: nits * color[channel])
                    #expect(abs(Double(code[channel]) - wanted) <= 1.01)
                }
            }
        }
    }

    @Test func `in false colors does not outlast them, shows on a frozen wall, not in a blackout`()
        throws
    {
        let wall = try VirtualStage(TestScenes.checker(width: 512))
        let before = wall.make(Self.first, [movingShot(Self.first - 1)])
        wall.edit("stage/freeze", 1, at: Self.first)
        let frozen = wall.make(Self.first)
        #expect(frozen == before)
        wall.choose("stage/view", "quality", at: Self.first)
        let colored = wall.make(Self.first)
        #expect(colored != frozen)
        wall.edit("stage/blackout", 1, at: Self.first)
        let black = wall.make(Self.first)
        #expect(black.allSatisfy { $0 == 0 })
        wall.edit("stage/blackout", 0, at: Self.first)
        wall.choose("stage/view", "picture", at: Self.first)
        let after = wall.make(Self.first)
        #expect(after == frozen)
    }
}
