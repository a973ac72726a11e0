import Control
import FrameModel
import Geometry
import Glibc
import Scenes
import Testing

/// What an operator does, seen in the octets of the next frame.
@Suite struct `An edit on the wall` {
    static let first = VirtualStage.firstFrame
    static let gray = TestScenes.uniform(0.18)

    /// Every code of a canvas is the one of a neutral light, within one code.
    private func expect(_ octets: [UInt8], nits: Double, _ note: String = "") {
        let wanted = pqCode(nits: nits)
        let worst = codes(octets).map { code in
            (0..<3).map { abs(Double(code[$0]) - wanted) }.max()!
        }.max()!
        #expect(worst <= 1, "\(worst) codes from \(wanted) \(note)")
    }

    @Test func `a stop less halves the light in the very next frame`() throws {
        let wall = try VirtualStage(Self.gray)
        expect(wall.make(Self.first), nits: 18)
        wall.edit("all/exposure", -1, at: Self.first + 1)
        expect(wall.make(Self.first + 1), nits: 9)
        wall.edit("all/exposure", 2, at: Self.first + 2)
        expect(wall.make(Self.first + 2), nits: 72)
    }

    @Test func `light clips at the wall's peak`() throws {
        let wall = try VirtualStage(Self.gray)
        wall.edit("all/exposure", 10, at: Self.first)
        expect(wall.make(Self.first), nits: 1500)
    }

    @Test func `a fade is exact at every frame`() throws {
        let wall = try VirtualStage(Self.gray)
        wall.edit("all/exposure", -2, fade: .frames(8), at: Self.first + 3)
        for step in Int64(0)...15 {
            let done = Double(min(8, max(0, step - 3))) / 8
            expect(wall.make(Self.first + step), nits: 18 * pow(0.25, done), "frame \(step)")
        }
    }

    @Test func `a fade shows the same picture at a frame whatever was shown before`() throws {
        let scene = TestScenes.checker(width: 512)
        let (all, some) = (try VirtualStage(scene), try VirtualStage(scene))
        for wall in [all, some] {
            wall.edit("all/exposure", -2, fade: .frames(20), at: Self.first)
        }
        let pictures = (Int64(0)..<24).map { all.make(Self.first + $0) }
        for step in [Int64(5), 13, 19, 20, 23] {
            let isSame = some.make(Self.first + step) == pictures[Int(step)]
            #expect(isSame, "frame \(step)")
        }
    }

    @Test func `a blackout fades light in equal steps and ends in nothing`() throws {
        let wall = try VirtualStage(Self.gray)
        wall.edit("stage/blackout", 1, fade: .frames(4), at: Self.first)
        for step in Int64(0)..<4 {
            expect(wall.make(Self.first + step), nits: 18 * (1 - Double(step) / 4))
        }
        let octets = wall.make(Self.first + 4)
        #expect(octets.allSatisfy { $0 == 0 })
    }

    @Test func `blackout beats exposure and freeze, and gives the frozen picture back`() throws {
        let wall = try VirtualStage(TestScenes.checker(width: 512))
        _ = wall.make(Self.first, [movingShot(Self.first - 1)])
        wall.edit("stage/freeze", 1, at: Self.first + 1)
        let frozen = wall.make(Self.first + 1, [movingShot(Self.first)])
        wall.edit("all/exposure", 8, at: Self.first + 2)
        wall.edit("stage/blackout", 1, at: Self.first + 2)
        let black = wall.make(Self.first + 2, [movingShot(Self.first + 1)])
        #expect(black.allSatisfy { $0 == 0 })
        wall.edit("stage/blackout", 0, at: Self.first + 3)
        let back = wall.make(Self.first + 3, [movingShot(Self.first + 2)])
        #expect(back == frozen && back != black)
    }

    @Test func `undo brings the same octets back`() throws {
        let wall = try VirtualStage(TestScenes.checker(width: 512))
        let before = wall.make(Self.first, [movingShot(Self.first - 1)])
        wall.edit("stage/freeze", 1, at: Self.first + 1)
        wall.edit("stage/freeze", 0, at: Self.first + 1)
        let edits: [(String, [Double])] = [
            ("all/white-balance/temperature", [3200]), ("all/cdl/slope", [1.2, 1, 0.8]),
            ("scene/rotation", [30]), ("camera/a/frustum/overscan", [40]), ("scene/defocus", [6]),
        ]
        for (path, values) in edits {
            let answer = wall.document.apply(
                .set(path: path, values: values), atFrame: Self.first + 1)
            guard case .applied = answer else {
                Issue.record("\(path): \(answer.line)")
                continue
            }
            let changed = wall.make(Self.first)
            #expect(changed != before, "\(path)")
            _ = wall.document.apply(.undo(), atFrame: Self.first + 1)
            let after = wall.make(Self.first)
            #expect(after == before, "\(path)")
        }
    }

    @Test func `a refused edit changes nothing`() throws {
        let wall = try VirtualStage(Self.gray)
        let before = wall.make(Self.first)
        for (path, values) in [
            ("all/exposure", [Double.nan]), ("all/nothing", [1]),
            ("status/frame", [1]), ("scene/offset", [1]),
        ] {
            let answer = wall.document.apply(
                .set(path: path, values: values), atFrame: Self.first + 1)
            guard case .refused = answer else {
                Issue.record("\(path) was not refused")
                continue
            }
        }
        let after = wall.make(Self.first + 1)
        #expect(after == before)
    }

    @Test func `freeze holds the picture while the camera moves on, and lets go of it`() throws {
        let scene = TestScenes.checker(width: 512)
        let (frozen, free) = (try VirtualStage(scene), try VirtualStage(scene))
        var held: [UInt8] = []
        for step in Int64(0)..<30 {
            let frame = Self.first + step
            if step == 10 { frozen.edit("stage/freeze", 1, at: frame) }
            if step == 20 { frozen.edit("stage/freeze", 0, at: frame) }
            let (a, b) = (
                frozen.make(frame, [movingShot(frame - 1)]),
                free.make(frame, [movingShot(frame - 1)])
            )
            if step == 10 { held = a }
            let isAsWanted = (10..<20).contains(step) ? a == held : a == b
            #expect(isAsWanted, "frame \(step)")
            if (11..<20).contains(step) { #expect(a != b) }
        }
    }

    @Test func `a frozen frustum stays while its grade still answers`() throws {
        let wall = try VirtualStage(TestScenes.checker(width: 512))
        for step in Int64(0)..<10 {
            _ = wall.make(Self.first + step, [movingShot(Self.first + step - 1)])
        }
        wall.edit("camera/a/frustum/freeze", 1, at: Self.first + 10)
        let held = wall.make(Self.first + 10, [movingShot(Self.first + 9)])
        let next = wall.make(Self.first + 11, [movingShot(Self.first + 10)])
        #expect(next == held)
        wall.edit("inner/a/exposure", -3, at: Self.first + 12)
        let darker = wall.make(Self.first + 12, [movingShot(Self.first + 11)])
        #expect(darker != held)
    }

    @Test func `scopes touch only what is theirs`() throws {
        let wall = try VirtualStage(Self.gray)
        // Straight ahead at 4 m, 48 mm on 24 × 13.5 mm: 2 × 1.125 m, 128 × 72 LEDs in the middle.
        let straight = VirtualStage.Datagram(
            arrivalTime: VirtualStage.host(Self.first - 1, plus: 0.6),
            bytes: freeD(pan: 0, 0, 0, 1.5))
        let plain = codes(wall.make(Self.first, [straight]))
        func changed(_ path: String) -> [(x: Int, y: Int)] {
            wall.edit(path, -1, at: Self.first)
            defer { _ = wall.document.apply(.undo(), atFrame: Self.first) }
            let now = codes(wall.make(Self.first))
            return now.indices.filter { now[$0] != plain[$0] }.map {
                ($0 % VirtualStage.width, $0 / VirtualStage.width)
            }
        }
        let all = VirtualStage.width * VirtualStage.height
        #expect(changed("all/exposure").count == all)
        let left = changed("wall/left/exposure")
        #expect(left.count == all / 2 && left.allSatisfy { $0.x < 256 })
        let right = changed("wall/right/exposure")
        #expect(right.count == all / 2 && right.allSatisfy { $0.x >= 256 })
        let inner = changed("inner/a/exposure")
        // With 10 % overscan 141 × 79, and 2.6 LEDs of soft edge on every side.
        #expect(inner.count > 141 * 79 && inner.count <= 146 * 84)
        #expect(inner.allSatisfy { (183...328).contains($0.x) && (6...89).contains($0.y) })
        let outer = changed("outer/exposure")
        #expect(
            outer.count >= all - inner.count
                && outer.count < all - 140 * 78)
        #expect(changed("inner/b/exposure").isEmpty)
    }

    @Test(arguments: [(1.0, 0.0), (-1.5, 0.0), (0.0, 0.5), (0.6, -0.4)])
    func `moving the world moves a card on the wall as geometry says`(
        right: Double, up: Double
    ) throws {
        let wall = try VirtualStage(Self.cardScene)
        let before = Self.middle(codes(wall.make(Self.first)))
        wall.edit("scene/offset", right, 0, up, at: Self.first + 1)
        let after = Self.middle(codes(wall.make(Self.first + 1)))
        // The eye is at the origin, the wall at 4 m, the card at 8 m: half the way on the wall.
        let wanted = SIMD2(right, -up) * 0.5 / VirtualStage.pitch
        #expect(abs(after.x - before.x - wanted.x) < 0.3)
        #expect(abs(after.y - before.y - wanted.y) < 0.3)
    }

    @Test func `a larger world is seen larger, a turned one to the side`() throws {
        let wall = try VirtualStage(Self.cardScene)
        // Code 450 is about half the card's light: the middle of its edge.
        let size = codes(wall.make(Self.first)).count { $0.x > 450 }
        wall.edit("scene/scale", 0.5, at: Self.first + 1)
        wall.edit("scene/offset", 0, 4, 0.75, at: Self.first + 1)
        // Half as large, but moved back to 8 m and to the eye's height: a quarter of the area.
        let half = codes(wall.make(Self.first + 1)).count { $0.x > 450 }
        #expect(abs(Double(half) / Double(size) - 0.25) < 0.03)
        wall.edit("scene/scale", 1, at: Self.first + 2)
        wall.edit("scene/offset", 0, 0, 0, at: Self.first + 2)
        wall.edit("scene/rotation", 20, at: Self.first + 2)
        let turned = Self.middle(codes(wall.make(Self.first + 2)))
        // 20° to the left: 4 m · tan 20° = 1.456 m on the wall, a little more for the slant.
        #expect(abs(turned.x - (255.5 - 1.456 / VirtualStage.pitch)) < 3)
    }

    /// A white card of 1.6 × 1.6 m at 8 m and the eye's height before black.
    static var cardScene: Scene {
        let white = Picture(
            width: 64, height: 64, pixels: [Float](repeating: 1, count: 64 * 64 * 4))
        return Scene(
            name: "card", dome: nil,
            cards: [
                Card(
                    name: "white",
                    sceneFromCard: Pose(rotation: .identity, translation: Vector3(0, 8, 1.5)),
                    width: 1.6, height: 1.6, picture: white)
            ])
    }

    /// Middle of what is lit, LEDs.
    static func middle(_ codes: [SIMD3<Int>]) -> SIMD2<Double> {
        var (sum, count) = (SIMD2<Double>(0, 0), 0.0)
        for (index, code) in codes.enumerated() where code.x > 300 {
            let place = index.quotientAndRemainder(dividingBy: VirtualStage.width)
            sum += SIMD2(Double(place.remainder), Double(place.quotient))
            count += 1
        }
        return sum / count
    }
}
