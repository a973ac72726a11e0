import FrameModel
import Scenes
import StageModel
import Testing

/// The test patterns a running stage shows, in the codes it sends.
@Suite struct `A test pattern` {
    private static let first = VirtualStage.firstFrame

    /// The codes of a frame with a pattern on, and how many frames after it was chosen.
    private func shown(
        _ name: String, after: Int64 = 0, _ edits: (VirtualStage) -> Void = { _ in }
    ) throws -> [SIMD3<Int>] {
        let wall = try VirtualStage(TestScenes.checker(width: 64))
        wall.choose("pattern/show", name, at: Self.first)
        edits(wall)
        return codes(wall.make(Self.first + after))
    }

    private func at(_ x: Int, _ y: Int, _ codes: [SIMD3<Int>]) -> SIMD3<Int> {
        codes[y * VirtualStage.width + x]
    }

    @Test func `sends exactly the codes it names, past every grade`() throws {
        let ramp = try shown("ramp") { $0.edit("all/exposure", 2, at: Self.first) }
        for x in 0..<512 {
            let code = Int((1023 * Double(x) / 511).rounded())
            #expect(at(x, 3, ramp) == SIMD3(repeating: code))
            #expect(at(x, 30, ramp) == SIMD3(code, 0, 0))
            #expect(at(x, 50, ramp) == SIMD3(0, code, 0))
            #expect(at(x, 90, ramp) == SIMD3(0, 0, code))
        }
        let checker = try shown("checker")
        #expect(at(0, 0, checker) == SIMD3(repeating: 1023) && at(1, 0, checker) == .zero)
        #expect(at(0, 1, checker) == .zero && at(1, 1, checker) == SIMD3(repeating: 1023))
        let range = try shown("range")
        #expect(at(0, 0, range).x == 64 && at(8, 16, range).x == 0)
        #expect(at(31, 0, range).x == 940 && at(24, 16, range).x == 1023)
        let black = try shown("black")
        #expect(at(2, 2, black).x == 0 && at(10, 2, black).x == 1 && at(31, 31, black).x == 184)
    }

    @Test func `of light is right in nits, and never above the wall's peak`() throws {
        let flat = try shown("flat") {
            $0.edit("pattern/level", 203, at: Self.first)
            $0.edit("pattern/color", 1, 0.5, 0, at: Self.first)
        }
        let wanted = SIMD3(
            Int(pqCode(nits: 203).rounded()), Int(pqCode(nits: 101.5).rounded()), 0)
        #expect(flat.allSatisfy { $0 == wanted })
        let stops = try shown("stops") { $0.edit("pattern/level", 100, at: Self.first) }
        // The eighth square is the level, the fourteenth six stops above it.
        #expect(at(28, 12, stops).x == Int(pqCode(nits: 100).rounded()))
        #expect(at(20, 12, stops).x == Int(pqCode(nits: 50).rounded()))
        #expect(at(12, 28, stops).x == Int(pqCode(nits: 1500).rounded()))
    }

    @Test func `strip has another number in every frame, also while the wall is frozen`() throws {
        func numbers(_ codes: [SIMD3<Int>]) -> [UInt64] {
            let grid = FrameStripGrid(facets: VirtualStage.stage().facets, cell: 1)
            let strips = grid.facets[1]
            return (0..<strips.columns * strips.rows).map { strip in
                (0..<FrameStrip.codeCells).reduce(0) { bits, bar in
                    let rect = strips.block.rect(
                        of: strips.rect(strip: strip, bar: bar, count: 1))
                    return bits << 1 | (at(rect.x + 3, rect.y, codes).x > 0 ? 1 : 0)
                }
            }
        }
        let wall = try VirtualStage(TestScenes.checker(width: 64))
        wall.choose("pattern/show", "strip", at: Self.first)
        wall.edit("pattern/cell", 1, at: Self.first)
        let first = FrameStripGrid(facets: VirtualStage.stage().facets, cell: 1).facets[1].first
        #expect(first == 32)
        for frame in Self.first..<Self.first + 3 {
            let seen = numbers(codes(wall.make(frame)))
            #expect(seen.count == 32)
            for (strip, bars) in seen.enumerated() {
                #expect(bars == FrameStrip.bars(strip: first + strip, frame: frame))
            }
        }
        wall.edit("stage/freeze", 1, at: Self.first + 3)
        let frozen = numbers(codes(wall.make(Self.first + 3)))
        #expect(frozen[0] == FrameStrip.bars(strip: first, frame: Self.first + 3))
        #expect(numbers(codes(wall.make(Self.first + 4))) != frozen)
    }

    @Test func `lets one panel blink twice a second, and no other`() throws {
        func lit(_ after: Int64) throws -> Set<Int> {
            let codes = try shown("identify", after: after) {
                $0.edit("pattern/panel", 27, at: Self.first)
            }
            let high = Int(pqCode(nits: 100).rounded())
            // The middles of the panels, row by row.
            return Set(
                (0..<48).filter { at($0 % 16 * 32 + 16, $0 / 16 * 32 + 16, codes).x == high })
        }
        let phases = try (0..<30).map { try lit(Int64($0)) }
        // Panel 27 is the third of the right wall.
        #expect(phases.allSatisfy { $0.isEmpty || $0 == [10] })
        #expect(phases.filter { !$0.isEmpty }.count == 15)
    }

    /// What the strips of the left facet that stand beside patches and dots say: their numbers, and
    /// what each tells.
    private func told(_ codes: [SIMD3<Int>]) -> [(strip: UInt64, number: UInt64)] {
        let strips = FrameStripGrid(facets: VirtualStage.stage().facets, cell: 1).facets[0]
        return (0..<strips.columns * strips.rows).compactMap { strip in
            let bars = (0..<FrameStrip.codeCells).reduce(UInt64(0)) { bits, bar in
                let rect = strips.block.rect(of: strips.rect(strip: strip, bar: bar, count: 1))
                return bits << 1 | (at(rect.x + 3, rect.y, codes).x > 0 ? 1 : 0)
            }
            let data = bars >> 4
            guard data >> 34 & 15 == 14, data & 63 == FrameStrip.check(data >> 6 & (1 << 28 - 1))
            else { return nil }
            return (data >> 22 & 0xFFF, FrameStrip.number(gray: data >> 6 & 0xFFFF))
        }
    }

    @Test func `patches fill the panels about one, in the codes of their number`() throws {
        func patch(_ step: Double, _ edits: (VirtualStage) -> Void = { _ in }) throws
            -> [SIMD3<Int>]
        {
            try shown("patches") {
                $0.edit("pattern/panel", 36, at: Self.first)
                $0.edit("pattern/size", 1.1, at: Self.first)
                $0.edit("pattern/cell", 1, at: Self.first)
                $0.edit("pattern/step", step, at: Self.first)
                edits($0)
            }
        }
        func code(_ nits: Double) -> Int { Int(pqCode(nits: nits).rounded()) }
        // Panel 36 is the fourth of the right wall's middle row: it and its four neighbors.
        let peak = try patch(2)
        for panel in 0..<48 {
            let seen = at(panel % 16 * 32 + 16, panel / 16 * 32 + 24, peak)
            let isLit = [11, 26, 27, 28, 43].contains(panel)
            #expect((seen == SIMD3(repeating: code(1500))) == isLit, "\(panel)")
        }
        func middle(_ step: Double, _ edits: (VirtualStage) -> Void = { _ in }) throws
            -> SIMD3<Int>
        { at(27 % 16 * 32 + 5, 32 + 5, try patch(step, edits)) }
        #expect(try middle(0) == SIMD3(repeating: code(270)))
        #expect(try middle(1) == .zero)
        #expect(try middle(3) == SIMD3(repeating: 1023))
        // The eighth step of green: half of the peak's code.
        let half = try middle(4 + 16 + 7)
        #expect(half.x == 0 && half.z == 0 && abs(half.y * 2 - code(1500)) <= 2)
        let own = try middle(70) { $0.edit("pattern/color", 1, 0.1, 0, at: Self.first) }
        #expect(own == SIMD3(code(1500), code(150), 0))
        let numbers = told(try patch(70))
        #expect(numbers.count == 32)
        for (strip, number) in numbers {
            #expect(number == (strip & 1 == 1 ? 70 : UInt64(Self.first & 0xFFFF)))
        }
    }

    @Test func `dots blink their numbers and their parity`() throws {
        func lit(_ step: Int) throws -> [Bool] {
            let codes = try shown("dots") {
                $0.edit("pattern/cell", 1, at: Self.first)
                $0.edit("pattern/step", Double(step), at: Self.first)
            }
            return (0..<48).map { panel in
                // A panel of the left wall's row, then one of the right wall's.
                let (wall, place) = panel.quotientAndRemainder(dividingBy: 24)
                return at(wall * 256 + place % 8 * 32 + 16, place / 8 * 32 + 16, codes).x > 0
            }
        }
        // Strips stand over some.
        let seen = try zip(lit(DotPicture.all), lit(DotPicture.none)).map { $0 && !$1 }
        #expect(seen.filter { $0 }.count > 30)
        #expect(DotPicture.count(dots: 48) == 19)
        var numbers = [Int](repeating: 0, count: 48)
        for bit in 0..<7 {
            let (on, off) = try (lit(5 + 2 * bit), lit(6 + 2 * bit))
            for dot in 0..<48 where seen[dot] {
                #expect(on[dot] != off[dot])
                if bit > 0, on[dot] { numbers[dot] |= 1 << (bit - 1) }
            }
            if bit == 0 {
                for dot in 0..<48 where seen[dot] {
                    #expect(on[dot] == !dot.nonzeroBitCount.isMultiple(of: 2))
                }
            }
        }
        for dot in 0..<48 where seen[dot] { #expect(numbers[dot] == dot) }
        let green = try shown("dots") {
            $0.edit("pattern/cell", 1, at: Self.first)
            $0.edit("pattern/step", 3, at: Self.first)
        }
        // The third panel: strips stand on the first and the fifth.
        let (x, y) = (64, 0)
        let pixels = (0..<1024).map { at(x + $0 % 32, y + $0 / 32, green) }
        // A disc of eight pixels has 52 whose middles are within it, and they lie evenly.
        #expect(pixels.filter { $0.y > 0 && $0.x == 0 && $0.z == 0 }.count == 52)
        let sum = pixels.indices.reduce(SIMD2(0, 0)) {
            pixels[$1].y > 0 ? $0 &+ SIMD2($1 % 32 * 2 - 31, $1 / 32 * 2 - 31) : $0
        }
        #expect(sum == .zero)
    }

    @Test func `panels and grid stand where the panels are`() throws {
        let panels = try shown("panels")
        let white = Int(pqCode(nits: 100).rounded())
        for panel in 0..<48 {
            let (x, y) = (panel % 16 * 32, panel / 16 * 32)
            #expect(at(x, y, panels).x == white && at(x + 31, y + 31, panels).y == white)
            #expect(at(x + 2, y + 29, panels).x < white)
        }
        // The wall is 0.75 to 2.25 m high: lines at 1.0, 1.5 and 2.0, a row on each side of each.
        let grid = try shown("grid")
        for x in [5, 100, 300, 500] {
            for y in [15, 16, 47, 48, 79, 80] { #expect(at(x, y, grid).x == white) }
            #expect(at(x, 31, grid).x < white && at(x, 40, grid).x == 0)
        }
    }

    @Test func `goes dark with the blackout and makes way for the picture`() throws {
        let wall = try VirtualStage(TestScenes.checker(width: 64))
        let picture = wall.make(Self.first)
        wall.choose("pattern/show", "ramp", at: Self.first + 1)
        let pattern = wall.make(Self.first + 1)
        #expect(pattern != picture)
        wall.edit("stage/blackout", 1, at: Self.first + 2)
        #expect(wall.make(Self.first + 2).allSatisfy { $0 == 0 })
        wall.edit("stage/blackout", 0, at: Self.first + 3)
        wall.choose("pattern/show", "picture", at: Self.first + 3)
        #expect(wall.make(Self.first + 3) == picture)
    }
}
