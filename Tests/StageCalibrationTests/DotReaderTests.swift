import FrameModel
import Geometry
import StageCalibration
import TestSupport
import Testing

/// Discs drawn as a camera sees them, each pixel the mean of 64 places in it.
private struct DrawnDots {
    static let (width, height) = (480, 320)
    /// Their numbers and middles, pixels whose centres are whole numbers.
    var dots: [(number: Int, middle: Vector2)] = (0..<60).map { index in
        let (row, column) = (Double(index / 10), Double(index % 10))
        return (index * 3, Vector2(40.3 + 43.71 * column + 0.31 * row, 30.9 + 47.13 * row))
    }
    var radius = 4.6
    var noise: Float = 0.004
    /// Pixels by which a picture stands aside.
    var aside: (Int) -> Double = { _ in 0 }
    /// Numbers that blink wrongly in one picture.
    var broken: [Int: Int] = [:]

    func picture(_ step: Int, _ random: inout SeededRandom) -> GrayPicture {
        var values = (0..<Self.width * Self.height).map { _ in
            0.02 + noise * Float(2 * random.unit() - 1)
        }
        for (number, middle) in dots {
            let isLit = DotPicture.isLit(number, in: step) != (broken[number] == step)
            guard isLit else { continue }
            let at = middle + Vector2(aside(step), 0)
            for y in Int(at.y) - 7...Int(at.y) + 7 {
                for x in Int(at.x) - 7...Int(at.x) + 7
                where x >= 0 && y >= 0 && x < Self.width && y < Self.height {
                    var inside = 0
                    for part in 0..<64 {
                        let u = Double(x) - 0.5 + (Double(part % 8) + 0.5) / 8 - at.x
                        let v = Double(y) - 0.5 + (Double(part / 8) + 0.5) / 8 - at.y
                        if u * u + v * v < radius * radius { inside += 1 }
                    }
                    values[y * Self.width + x] += 0.4 * Float(inside) / 64
                }
            }
        }
        return GrayPicture(width: Self.width, height: Self.height, values: values)
    }

    func read(clip: Float = .infinity, leaving: Int? = nil) throws -> DotReader {
        var random = SeededRandom(seed: 4)
        var pictures = DotPictures(width: Self.width, height: Self.height)
        for step in 0..<DotPicture.count(dots: 200) where step != leaving {
            pictures.take(picture(step, &random), step: step, clip: clip, [])
        }
        return try DotReader(pictures, of: 200)
    }
}

@Suite struct `Blinking dots` {
    @Test func `are found to a twentieth of a pixel, with their numbers`() throws {
        let drawn = DrawnDots()
        let reader = try drawn.read()
        #expect(reader.sightings.map(\.dot) == drawn.dots.map(\.number))
        for (seen, dot) in zip(reader.sightings, drawn.dots) {
            let off = seen.pixel - dot.middle
            #expect((off * off).sum().squareRoot() < 0.05, "\(dot)")
            #expect(abs((seen.light?.x ?? 0) - 0.4) < 0.02)
        }
        #expect(reader.verdicts.worst == .pass && reader.drift < 0.05)
        #expect(reader.roundness < 1.2)
    }

    @Test func `of wrong parity are left out, as those that are seen twice`() throws {
        var drawn = DrawnDots()
        // One bit of one dot is read wrongly.
        drawn.broken = [30: DotPicture.bits + 4]
        drawn.dots[7].number = drawn.dots[8].number
        let reader = try drawn.read()
        let numbers = reader.sightings.map(\.dot)
        #expect(!numbers.contains(30) && !numbers.contains(drawn.dots[8].number))
        #expect(numbers.count == 57 && reader.unsure == 3)
    }

    @Test func `that are too few, full, or taken in motion are judged at once`() throws {
        var few = DrawnDots()
        few.dots = Array(few.dots.prefix(20))
        #expect(try few.read().verdicts.contains { $0.subject == "dots" && $0.level == .fail })
        let full = try DrawnDots().read(clip: 0.41)
        #expect(full.verdicts.contains { $0.subject == "exposure" && $0.level == .fail })
        var moved = DrawnDots()
        moved.aside = { 2...4 ~= $0 ? 0.8 : 0 }
        let swung = try moved.read()
        #expect(swung.drift > 0.5)
        #expect(swung.verdicts.contains { $0.subject == "camera" && $0.level == .fail })
        #expect(throws: CalibrationRefusal.self) { try DrawnDots().read(leaving: 6) }
    }
}
