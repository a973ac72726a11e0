import Geometry
import TestSupport
import Testing

@Suite struct OutlineTests {
    /// Straight-ray place of a sensor point.
    private func place(_ lens: Lens, _ p: Vector2) throws -> Vector2 {
        try #require(lens.undistorted(p)) / lens.focalLengthMillimeters
    }

    @Test(arguments: 0..<3, [0.0, 0.1])
    func `everything the enlarged sensor sees has weight one`(index: Int, overscan: Double) throws {
        let lens = Lenses.all[index]
        let outline = Outline(
            lens: lens, sensor: Lenses.sensor, overscan: overscan, softEdge: 0.02)
        let half = Vector2(35.9, 20.2) * 0.5 * (1 + overscan)
        for i in 0...200 {
            let t = Double(i) / 100 - 1
            for edge in [Vector2(-1, t), Vector2(1, t), Vector2(t, -1), Vector2(t, 1)] {
                let p = try place(lens, edge * half)
                #expect(outline.depth(p.x, p.y) > outline.softEdge - 2e-6)
                #expect(outline.weight(p.x * 0.999, p.y * 0.999) > 0.999)
            }
        }
    }

    @Test(arguments: 0..<3)
    func `the edges lie on the picture's edges to a thousandth of its width`(index: Int) throws {
        let lens = Lenses.all[index]
        let outline = Outline(lens: lens, sensor: Lenses.sensor, overscan: 0, softEdge: 0.02)
        let width = 35.9 / lens.focalLengthMillimeters
        for i in 0...200 {
            let t = Double(i) / 100 - 1
            for edge in [Vector2(-1, t), Vector2(1, t), Vector2(t, -1), Vector2(t, 1)] {
                let p = try place(lens, edge * Vector2(35.9, 20.2) * 0.5)
                #expect(abs(outline.depth(p.x, p.y) - outline.softEdge) < 1e-3 * width)
            }
        }
    }

    @Test func `outside the soft edge nothing shows`() throws {
        let lens = Lenses.barrel(.undistorts)
        let outline = Outline(lens: lens, sensor: Lenses.sensor, overscan: 0.1, softEdge: 0.02)
        for i in 0...100 {
            let t = Double(i) / 50 - 1
            for edge in [Vector2(-1, t), Vector2(1, t), Vector2(t, -1), Vector2(t, 1)] {
                let p = try place(lens, edge * Vector2(35.9, 20.2) * 0.5 * (1.1 + 0.04 + 0.05))
                #expect(outline.weight(p.x, p.y) == 0)
            }
        }
    }

    @Test func `a pinhole's outline is its rectangle`() {
        let lens = Lens(focalLengthMillimeters: 20)
        let sensor = Sensor(widthMillimeters: 40, heightMillimeters: 20)
        let outline = Outline(lens: lens, sensor: sensor, overscan: 0.1, softEdge: 0.05)
        let box = outline.boundingBox
        #expect(abs(box.least.x + 1.1 + 0.1) < 1e-9)
        #expect(abs(box.greatest.x - 1.1 - 0.1) < 1e-9)
        #expect(abs(box.least.y + 0.55 + 0.1) < 1e-9)
        #expect(abs(box.greatest.y - 0.55 - 0.1) < 1e-9)
        #expect(abs(outline.softEdge - 0.1) < 1e-12)
        #expect(abs(outline.weight(1.15, 0) - 0.5) < 1e-6)
    }

    @Test(arguments: 0..<3)
    func `no weight lies outside the bounding box`(index: Int) {
        let outline = Outline(
            lens: Lenses.all[index], sensor: Lenses.sensor, overscan: 0.1, softEdge: 0.02)
        let box = outline.boundingBox
        var random = SeededRandom(seed: 5)
        for _ in 0..<20_000 {
            let a = Double.random(in: -2...2, using: &random)
            let b = Double.random(in: -2...2, using: &random)
            guard outline.weight(a, b) > 0 else { continue }
            #expect(a >= box.least.x && a <= box.greatest.x)
            #expect(b >= box.least.y && b <= box.greatest.y)
        }
    }

    @Test func `a lens that folds beyond its sensor gives a finite outline that covers it`() throws
    {
        let lens = Lenses.folding
        // The image circle ends at 15.7 mm; the corner of this sensor is at 15.5, of the enlarged
        // one at 17.8.
        let sensor = Sensor(widthMillimeters: 27, heightMillimeters: 15.2)
        let outline = Outline(lens: lens, sensor: sensor, overscan: 0.15, softEdge: 0.02)
        for i in 0...100 {
            let t = Double(i) / 50 - 1
            for edge in [Vector2(-1, t), Vector2(1, t), Vector2(t, -1), Vector2(t, 1)] {
                let p = try place(lens, edge * Vector2(27, 15.2) * 0.5)
                #expect(outline.weight(p.x, p.y) == 1)
            }
        }
        let box = outline.boundingBox
        #expect(box.greatest.x < 3 && box.least.x > -3 && box.greatest.y < 2 && box.least.y > -2)
    }
}
