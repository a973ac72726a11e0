import Color
import Control
import FrameLoop
import FrameModel
import Glibc
import Scenes
import StageModel
import StageRun
import Testing

/// What keeps a wall's light within bounds, the probe and baked grades, seen in the octets.
@Suite struct `The light of a wall` {
    static let first = VirtualStage.firstFrame
    private static let white = TestScenes.uniform(1)

    /// Nits of the pixel in the middle of the left wall and of the right one.
    private func nits(_ octets: [UInt8]) -> (left: Double, right: Double) {
        let all = codes(octets)
        func nits(_ x: Int) -> Double {
            let code = all[VirtualStage.width * (VirtualStage.height / 2) + x]
            let signal = Double(code[1]) / 1023
            return TransferFunction.pq.light(signal: signal) * 10_000
        }
        return (nits(128), nits(384))
    }

    @Test func `a peak limit and its roll-off show on their wall alone, and blackout beats both`()
        throws
    {
        let wall = try VirtualStage(Self.white)
        wall.edit("all/exposure", 2, at: Self.first)
        #expect(abs(nits(wall.make(Self.first)).left - 400) < 5)
        wall.edit("wall/left/peak-limit", 200, at: Self.first + 1)
        let cut = nits(wall.make(Self.first + 1))
        #expect(abs(cut.left - 200) < 2 && abs(cut.right - 400) < 5)
        wall.choose("wall/left/roll-off", "soft", at: Self.first + 2)
        let rolled = nits(wall.make(Self.first + 2))
        let color = WallColor(
            primaries: .rec2020, peakNits: 1500, nitsPerUnit: 100, transfer: .pq)
        let wanted = color.applied(
            GradeStack(repeating: Grade()), to: ColorTriple(4, 4, 4),
            limits: WallLimits(peakNits: 200, rollOff: .soft))
        #expect(wanted.y * 10_000 < 199 && abs(rolled.left - wanted.y * 10_000) < 2)
        wall.edit("stage/blackout", 1, at: Self.first + 3)
        #expect(wall.make(Self.first + 3).allSatisfy { $0 == 0 })
    }

    @Test func `the average limit dims its wall from the next frame on, and lets it go`() throws {
        let wall = try VirtualStage(Self.white)
        wall.edit("all/exposure", 2, at: Self.first)
        // Full white is 1500 nits: a tenth of it in the mean.
        wall.edit("wall/left/average-limit", 10, at: Self.first)
        #expect(abs(nits(wall.make(Self.first)).left - 400) < 5)
        for step in Int64(1)...5 {
            let seen = nits(wall.make(Self.first + step))
            #expect(abs(seen.left - 150) < 2 && abs(seen.right - 400) < 5, "frame \(step)")
        }
        #expect(abs(wall.path.limiterLight(wall: 0) - 0.375) < 0.005)
        // With less light it rises by a stop a second, not at once.
        wall.edit("all/exposure", -2, at: Self.first + 6)
        var last = nits(wall.make(Self.first + 6)).left
        for step in Int64(7)...90 {
            let seen = nits(wall.make(Self.first + step)).left
            #expect(seen >= last * 0.98 && seen <= last * 1.04)
            last = seen
        }
        #expect(abs(last - 25) < 1)
        wall.edit("wall/left/average-limit", 100, at: Self.first + 91)
        #expect(abs(nits(wall.make(Self.first + 91)).left - 25) < 1)
    }

    @Test func `a fade to black is not undone by the average limit`() throws {
        let wall = try VirtualStage(Self.white)
        wall.edit("all/exposure", 4, at: Self.first)
        // 40 % of 1500 nits.
        wall.edit("wall/left/average-limit", 40, at: Self.first)
        for step in Int64(0)..<10 { _ = wall.make(Self.first + step) }
        wall.edit("stage/blackout", 1, fade: .frames(300), at: Self.first + 10)
        // A code is 1 % of light here.
        var last = 610.0
        for step in Int64(0)..<300 {
            let seen = nits(wall.make(Self.first + 10 + step)).left
            let wanted = 600 * (1 - Double(step) / 300)
            #expect(seen <= last + 1 && abs(seen - wanted) < 0.02 * wanted + 2, "frame \(step)")
            last = seen
        }
        wall.edit("stage/blackout", 0, at: Self.first + 320)
        #expect(abs(nits(wall.make(Self.first + 320)).left - 600) < 10)
    }

    @Test func `a test pattern leaves the limiters as they were`() throws {
        let wall = try VirtualStage(Self.white)
        wall.edit("all/exposure", 4, at: Self.first)
        wall.edit("wall/left/average-limit", 40, at: Self.first)
        for step in Int64(0)..<5 { _ = wall.make(Self.first + step) }
        let light = wall.path.limiterLight(wall: 0)
        #expect(abs(light - 0.4) < 0.01)
        wall.choose("pattern/show", "flat", at: Self.first + 5)
        for step in Int64(5)..<20 { _ = wall.make(Self.first + step) }
        wall.choose("pattern/show", "picture", at: Self.first + 20)
        #expect(abs(nits(wall.make(Self.first + 20)).left - 600) < 10)
    }

    @Test func `a peak limit acts on a frozen wall`() throws {
        let wall = try VirtualStage(Self.white)
        wall.edit("all/exposure", 2, at: Self.first)
        wall.choose("stage/freeze", on: true, at: Self.first)
        #expect(abs(nits(wall.make(Self.first)).left - 400) < 5)
        wall.edit("wall/left/peak-limit", 200, at: Self.first + 1)
        let seen = nits(wall.make(Self.first + 1))
        #expect(abs(seen.left - 200) < 2 && abs(seen.right - 400) < 5)
    }

    @Test func `three flashes a second pass, more are held down until a second is quiet`() throws {
        let wall = try VirtualStage(Self.white)
        wall.choose("wall/left/flash-limit", on: true, at: Self.first)
        var seen: [Double] = []
        // Five flashes a second, two seconds.
        for step in Int64(0)..<120 {
            let isDark = (step / 6) % 2 == 1
            if step % 6 == 0 { wall.edit("all/exposure", isDark ? -6 : 1, at: Self.first + step) }
            seen.append(nits(wall.make(Self.first + step)).left)
        }
        let (before, after) = (seen[0..<30], seen[60..<120])
        #expect(before.max()! > 190)
        #expect(after.max()! - after.min()! < WallFlash.nits, "\(after.max()!)")
        wall.edit("all/exposure", 0, at: Self.first + 120)
        for step in Int64(120)..<600 { seen.append(nits(wall.make(Self.first + step)).left) }
        #expect(abs(seen.last! - 100) < 2)
    }

    @Test func `a probed pixel's steps end in the code that is on the wall`() throws {
        let wall = try VirtualStage(TestScenes.checker(width: 512))
        wall.edit("all/exposure", 0.5, at: Self.first)
        wall.edit("wall/right/cdl/power", 1.2, 1, 0.9, at: Self.first)
        wall.edit("outer/white-balance/temperature", 5000, at: Self.first)
        wall.choose("wall/right/gamut", "compress", at: Self.first)
        wall.choose("probe/wall", "right", at: Self.first)
        for (x, y) in [(300, 20), (411, 77), (511, 95)] {
            let frame = Self.first + Int64(x)
            wall.edit("probe/x", Double(x), at: frame)
            wall.edit("probe/y", Double(y), at: frame)
            let code = codes(wall.make(frame))[y * VirtualStage.width + x]
            let lines = ask("probe", wall, frame)
            #expect(lines.first == "wall right, pixel \(x),\(y) of P, frame \(frame)")
            #expect(lines.contains { $0.hasPrefix("outer: content ") })
            #expect(lines.contains { $0.hasPrefix("outer: wall CDL on light ") })
            #expect(lines.contains { $0.hasPrefix("outer: view white balance ") })
            #expect(lines.contains { $0.hasPrefix("outer: gamut ") })
            let told = try #require(lines.last { $0.hasPrefix("code ") })
            let numbers = told.split(separator: " ").compactMap { Double($0) }
            for channel in 0..<3 {
                #expect(abs(numbers[channel] - Double(code[channel])) <= 1.01, "\(told) \(code)")
            }
        }
        wall.edit("probe/x", 100, at: Self.first + 600)
        _ = wall.make(Self.first + 600)
        #expect(ask("probe", wall, Self.first + 600)[0].hasPrefix("refused: nothing of right"))
        wall.choose("probe/wall", "none", at: Self.first + 601)
        #expect(ask("probe", wall, Self.first + 601)[0].hasPrefix("refused: no pixel is probed"))
    }

    private func ask(_ request: String, _ wall: VirtualStage, _ frame: Int64) -> [String] {
        var session = ControlSession()
        let context = SessionContext(
            frame: frame, nanoseconds: 0, status: StatusBoard(), probed: wall.path.probed)
        session.receive(Array("\(request)\n".utf8), document: &wall.document, context: context)
        return String(decoding: session.takeOutput(), as: UTF8.self).split(separator: "\n")
            .map(String.init)
    }

    @Test func `a baked stack is drawn by its table, an edit or a fade exactly, at once`() throws {
        let wall = try VirtualStage(TestScenes.checker(width: 512))
        wall.choose("all/cdl/space", "acescct", at: Self.first)
        wall.edit("all/cdl/power", 1.1, 1, 0.95, at: Self.first)
        let exact = codes(wall.make(Self.first))
        #expect(!wall.isBaked)
        // One for both walls, which have the same primaries.
        #expect(wall.bake() == 1)
        let baked = codes(wall.make(Self.first + 1))
        #expect(wall.isBaked)
        let worst = zip(exact, baked).map { a, b in
            (0..<3).map { abs(Int(a[$0]) - Int(b[$0])) }.max()!
        }.max()!
        #expect(worst <= 1)
        wall.edit("all/exposure", 0.1, at: Self.first + 2)
        _ = wall.make(Self.first + 2)
        #expect(!wall.isBaked)
        wall.edit("all/exposure", 0, at: Self.first + 3)
        #expect(codes(wall.make(Self.first + 3)) == baked && wall.isBaked)
        wall.edit("all/exposure", 1, fade: .frames(3), at: Self.first + 7)
        _ = wall.make(Self.first + 8)
        #expect(!wall.isBaked)
    }
}

/// The rule the flash limiter keeps.
private enum WallFlash {
    static let nits = 20.0
}
