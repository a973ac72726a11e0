import Geometry
import StageModel
import TestSupport
import Testing

@Suite struct FacetTests {
    /// The canvas pixel of a panel pixel, written out from `Panel`'s convention.
    private func convention(_ panel: Panel, _ c: Int, _ r: Int) -> SIMD2<Int> {
        let (x, y, w, h) = (panel.canvas.x, panel.canvas.y, oblong.columns, oblong.rows)
        switch panel.quarterTurns {
        case 0: return SIMD2(x + c, y + r)
        case 1: return SIMD2(x + h - 1 - r, y + c)
        case 2: return SIMD2(x + w - 1 - c, y + h - 1 - r)
        default: return SIMD2(x + r, y + w - 1 - c)
        }
    }

    @Test(arguments: 0..<4)
    func `a panel pixel is fed by the canvas pixel its convention says`(turns: Int) {
        for panel in grid(slanted, columns: 3, rows: 2, quarterTurns: turns) {
            for c in 0..<oblong.columns {
                for r in 0..<oblong.rows {
                    let pixel = panel.canvasPixel(column: c, row: r, of: oblong)
                    #expect(pixel == convention(panel, c, r))
                    #expect(pixel.x >= panel.canvas.x && pixel.x < panel.canvas.endX)
                    #expect(pixel.y >= panel.canvas.y && pixel.y < panel.canvas.endY)
                }
            }
        }
    }

    @Test(arguments: 0..<4)
    func `a facet puts every pixel where its panel hangs`(turns: Int) throws {
        var random = SeededRandom(seed: UInt64(turns))
        for _ in 0..<50 {
            let pose = Pose(
                pan: .random(in: -4...4, using: &random), tilt: .random(in: -2...2, using: &random),
                roll: .random(in: -4...4, using: &random),
                translation: Vector3(
                    .random(in: -9...9, using: &random), .random(in: -9...9, using: &random),
                    .random(in: -9...9, using: &random)))
            let (w, h) = (oblong.columns, oblong.rows)
            let panel = Panel(
                name: "p", wall: 0, product: 0, stageFromPanel: pose, processor: 0,
                canvas: CanvasRect(
                    x: 17, y: 31, width: turns % 2 == 0 ? w : h, height: turns % 2 == 0 ? h : w),
                quarterTurns: turns)
            let facet = Facet(panel, of: oblong)
            for _ in 0..<20 {
                let (c, r) = (
                    Int.random(in: 0..<w, using: &random), Int.random(in: 0..<h, using: &random)
                )
                let pixel = convention(panel, c, r)
                let local = Vector3(
                    ((Double(c) + 0.5) / Double(w) - 0.5) * oblong.width, 0,
                    (0.5 - (Double(r) + 0.5) / Double(h)) * oblong.height)
                let stands = facet.stagePoint(Double(pixel.x), Double(pixel.y))
                #expect((stands - pose * local).length < 1e-12)
                #expect(
                    (panel.stagePoint(column: c, row: r, of: oblong) - pose * local).length < 1e-15)
            }
        }
    }

    @Test(arguments: 0..<4)
    func `a flat wall fed by one block is one facet, however it is turned`(turns: Int) {
        let panels = grid(slanted, columns: 5, rows: 3, quarterTurns: turns)
        let facets = Facet.merging(panels, products: [oblong])
        #expect(facets.count == 1)
        let wide = turns % 2 == 0
        #expect(
            facets.first?.canvas
                == CanvasRect(x: 3, y: 2, width: wide ? 40 : 15, height: wide ? 15 : 40))
    }

    @Test func `an arc is one facet a column`() {
        let arc = WallShape.arc(center: .zero, radius: 2, step: 0.05, middle: 0)
        let facets = Facet.merging(grid(arc, columns: 7, rows: 4), products: [oblong])
        #expect(facets.count == 7)
        #expect(facets.allSatisfy { $0.canvas.height == 20 && $0.canvas.width == 8 })
    }

    @Test func `facets cover the panels' pixels exactly once and where they hang`() throws {
        var random = SeededRandom(seed: 99)
        for round in 0..<40 {
            var panels = grid(
                slanted, columns: Int.random(in: 1...6, using: &random),
                rows: Int.random(in: 1...6, using: &random), quarterTurns: round % 4)
            // Some panels are turned by 180° in place, some hang a millimeter off, some are gone.
            panels = panels.compactMap { panel in
                var panel = panel
                switch Int.random(in: 0..<8, using: &random) {
                case 0: panel.quarterTurns = (panel.quarterTurns + 2) % 4
                case 1: panel.stageFromPanel.translation.y += 0.001
                case 2: return nil
                case 3: panel.wall = 1
                default: break
                }
                return panel
            }
            let facets = Facet.merging(panels, products: [oblong])
            #expect(facets.count <= panels.count)
            var covered: [SIMD2<Int>: Facet] = [:]
            for facet in facets {
                for x in facet.canvas.x..<facet.canvas.endX {
                    for y in facet.canvas.y..<facet.canvas.endY {
                        #expect(covered.updateValue(facet, forKey: SIMD2(x, y)) == nil)
                    }
                }
            }
            #expect(covered.count == panels.count * oblong.columns * oblong.rows)
            for panel in panels {
                for c in 0..<oblong.columns {
                    for r in 0..<oblong.rows {
                        let pixel = panel.canvasPixel(column: c, row: r, of: oblong)
                        let facet = try #require(covered[pixel])
                        #expect(facet.wall == panel.wall)
                        let stands = facet.stagePoint(Double(pixel.x), Double(pixel.y))
                        let hangs = panel.stagePoint(column: c, row: r, of: oblong)
                        #expect((stands - hangs).length < 1e-5)
                    }
                }
            }
        }
    }

    @Test func `panels of another wall, processor or pitch stay facets of their own`() {
        let panels = grid(slanted, columns: 2, rows: 1)
        var other = panels
        other[1].wall = 1
        #expect(Facet.merging(other, products: [oblong]).count == 2)
        other = panels
        other[1].processor = 1
        #expect(Facet.merging(other, products: [oblong]).count == 2)
        other = panels
        other[1].product = 1
        var finer = oblong
        finer.width = 0.0799
        #expect(Facet.merging(other, products: [oblong, finer]).count == 2)
        #expect(Facet.merging(panels, products: [oblong]).count == 1)
    }
}
