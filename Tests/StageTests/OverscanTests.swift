import FrameLoop
import FrameModel
import Glibc
import Scenes
import Testing

/// Overscan that sizes itself, on the virtual stage: 24 × 13.5 mm behind 48 mm.
@Suite struct `Overscan that sizes itself` {
    static let first = VirtualStage.firstFrame

    private func wall() throws -> VirtualStage {
        let wall = try VirtualStage(TestScenes.checker(width: 512))
        wall.choose("camera/a/frustum/overscan-mode", "auto", at: Self.first)
        return wall
    }

    /// Overscan of each frame, per cent, of a camera that pans at some degrees a second by steps.
    private func overscans(
        _ wall: VirtualStage, _ steps: Range<Int64>, from start: Double = 0,
        _ speed: (Int64) -> Double
    ) -> [Double] {
        var pan = start
        return steps.map { step in
            let frame = Self.first + step
            pan += speed(step) * VirtualStage.period * 1e-9
            let datagram = VirtualStage.Datagram(
                arrivalTime: VirtualStage.host(frame - 1, plus: 0.6),
                bytes: freeD(pan: pan.remainder(dividingBy: 360), 0, 0, 1.5))
            wall.prepare(frame, [datagram])
            return wall.path.frustumInUse(camera: 0).overscan * 100
        }
    }

    @Test func `a steady pan asks for its turn over the horizon, and no more`() throws {
        let found = try overscans(wall(), 0..<1500) { _ in 20 }
        // From the newest sample to the light: 1.4 periods and 8 ms. Height grows the most.
        let turn: Double = 20 * .pi / 180 * (1.4 * VirtualStage.period * 1e-9 + 0.008)
        let half = 13.5 / 96
        let expected: Double = (tan(atan(half) + turn) / half - 1) * 100
        #expect(expected > 7)
        // By then the errors of the start, when nothing was foreseen yet, are forgotten.
        let last = found[1400...]
        #expect(last.allSatisfy { abs($0 - expected) < 0.15 }, "\(found[1499]), \(expected)")
    }

    @Test func `a still camera has the floor, and comes down to it slowly`() throws {
        let wall = try wall()
        let found = overscans(wall, 0..<2000) { (60..<160).contains($0) ? 20 : 0 }
        #expect(found[..<55].allSatisfy { $0 < 3.01 })
        #expect(found[155] > 7)
        let drop = zip(found[165...], found[166...]).map { $0 - $1 }
        #expect(drop.allSatisfy { $0 < 0.35 }, "an edge that jumps is seen")
        #expect(abs(found[1999] - 3) < 0.1)
        wall.edit("camera/a/frustum/overscan-floor", 5, at: Self.first + 2000)
        let turned = 100 * 20 * VirtualStage.period * 1e-9
        #expect(overscans(wall, 2000..<2001, from: turned) { _ in 0 }[0] == 5)
    }

    @Test func `a start not foreseen opens it at once, and not above the ceiling`() throws {
        let wall = try wall()
        let found = overscans(wall, 0..<200) { $0 < 100 ? 0 : 90 }
        #expect(found[90] < 3.1)
        #expect(found[104...].allSatisfy { $0 > 20 && $0 <= 30 })
    }

    @Test func `a fixed one stays what it is set to`() throws {
        let wall = try wall()
        wall.choose("camera/a/frustum/overscan-mode", "fixed", at: Self.first)
        wall.edit("camera/a/frustum/overscan", 12, at: Self.first)
        #expect(overscans(wall, 0..<60) { _ in 40 }.allSatisfy { abs($0 - 12) < 1e-9 })
    }
}
