import FrameModel
import Geometry
import StageCalibration
import StageModel
import TestSupport
import Testing

/// A flat wall of one facet, its strips drawn as a camera square on to it sees them.
private struct DrawnWall {
    static let facet = Facet(
        processor: 0, wall: 0, canvas: CanvasRect(x: 0, y: 0, width: 256, height: 192),
        origin: Vector3(-1.275, 4, 1.91), alongX: Vector3(0.01, 0, 0),
        alongY: Vector3(0, 0, -0.01))

    let strips = FrameStripGrid(facets: [facet], cell: 4).facets[0]
    /// Camera pixels of a wall pixel.
    var scale = 2.5
    /// Camera pixels a pan blurs over.
    var blur = 1
    var noise: Float = 0
    /// Frame of the first part of the exposure, and how much the next has.
    var frame: Int64 = 1_000_000
    var share = 0.0
    /// Camera rows a lens that is not in focus blurs over.
    var soft = 0.0
    /// Camera columns a row below: a rolled camera.
    var slant = 0.0

    private func light(_ x: Double, _ y: Double, _ frame: Int64) -> Float {
        let (column, row) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
        for strip in 0..<strips.columns * strips.rows {
            let rect = strips.rect(strip: strip, bar: 0, count: FrameStrip.codeCells)
            guard rect.x <= column, column < rect.x + rect.width, rect.y <= row,
                row < rect.y + rect.height
            else { continue }
            let bar = (row - rect.y) / strips.cell
            let bars = FrameStrip.bars(strip: strips.first + strip, frame: frame)
            return bars >> UInt64(FrameStrip.codeCells - 1 - bar) & 1 == 1 ? 0.8 : 0.02
        }
        return 0.02
    }

    func picture(width: Int = 640, height: Int = 480) -> GrayPicture {
        var random = SeededRandom(seed: 11)
        var values: [Float] = []
        for y in 0..<height {
            for x in 0..<width {
                var sum: Float = 0
                for step in 0..<blur {
                    let at = Double(x) + 0.5 + Double(step) - Double(blur - 1) / 2
                    let u = (at - slant * Double(y)) / scale
                    for part in soft > 0 ? -4...4 : 0...0 {
                        let v = (Double(y) + 0.5 + soft * Double(part) / 9) / scale
                        let whole = Float(soft > 0 ? 9 : 1)
                        sum += light(u, v, frame) * Float(1 - share) / whole
                        if share > 0 { sum += light(u, v, frame + 1) * Float(share) / whole }
                    }
                }
                let noise = noise * Float(2 * random.unit() - 1)
                values.append(sum / Float(blur) + noise)
            }
        }
        return GrayPicture(width: width, height: height, values: values)
    }
}

@Suite struct `Frame strips in a picture` {
    @Test(arguments: [(1, Float(0), 0.0), (9, 0.05, 0), (1, 0, 0.12), (13, 0.03, -0.08)])
    func `are read with their places to a tenth of a pixel, two where there is noise`(
        blur: Int, noise: Float, slant: Double
    ) throws {
        var wall = DrawnWall()
        (wall.blur, wall.noise, wall.slant) = (blur, noise, slant)
        let seen = StripReader.sightings(in: wall.picture(), of: 4)
        // One row of four; a rolled picture loses the outermost.
        #expect(wall.strips.columns * wall.strips.rows == 4)
        #expect(seen.count >= (slant == 0 ? 4 : 3))
        for sighting in seen {
            #expect(sighting.number == 1_000_000 & 0xFFFF && abs(sighting.share) < 0.06)
            let mark = wall.strips.rect(strip: sighting.strip, bar: 0, count: 3)
            let row = (Double(mark.y) + 6) * wall.scale
            let column = (Double(mark.x) + Double(mark.width) / 2) * wall.scale + slant * row
            #expect(abs(sighting.upper.y - row) < 0.2, "\(sighting) \(row)")
            let reach = (noise > 0 ? 0.2 : 0.1) + abs(slant)
            #expect(abs(sighting.upper.x - column) < reach, "\(sighting) \(column)")
        }
    }

    @Test func `tell two frames in one exposure and their shares`() throws {
        // Neighbors whose Gray codes differ in the lowest, a middle and the highest bar.
        let cases = [
            (999_999, 0.5), (1_000_001, 0.4), (983_039, 0.6), (999_999, 0.1), (1_000_000, 0.25),
            (1_000_003, 0.75), (65_535, 0.9),
        ]
        for (frame, share) in cases {
            var wall = DrawnWall()
            (wall.frame, wall.share) = (Int64(frame), share)
            let seen = StripReader.sightings(in: wall.picture(), of: 4)
            #expect(seen.count >= 3)
            for sighting in seen {
                let after = FrameStrip.frames(from: frame & 0xFFFF, to: sighting.number)
                let error = Double(after) + sighting.share - share
                #expect(abs(error) < 0.02, "\(frame) \(share): \(error)")
            }
        }
    }

    @Test func `tell one frame from two in an exposure that is not sharp`() {
        // Cells of three camera pixels, blurred over as many: of 64 frames one is left out, of two
        // that share an exposure all are.
        func mixed(share: Double) -> Int {
            (Int64(0)..<64).count { frame in
                var wall = DrawnWall()
                (wall.scale, wall.soft, wall.frame, wall.share) = (0.8, 3, frame, share)
                let reading = StripReading(
                    wall.picture(width: 205, height: 154),
                    of: FrameStripGrid(facets: [DrawnWall.facet], cell: 4), isSparse: false)
                return reading.isMixed || reading.step == nil
            }
        }
        #expect(mixed(share: 0) <= 1)
        #expect(mixed(share: 0.25) >= 62)
        #expect(mixed(share: 0.5) == 64)
    }

    @Test func `are not found where there are none`() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<12 {
            let noise = GrayPicture(
                width: 320, height: 240,
                values: (0..<320 * 240).map { _ in Float(random.next() % 1000) / 1000 })
            #expect(StripReader.sightings(in: noise, of: 4096).isEmpty)
            // Bars of any height over the whole width.
            let rows = (0..<240).reduce(into: [Float]()) { rows, _ in
                rows.append(random.next() % 3 == 0 ? 1 - (rows.last ?? 0) : rows.last ?? 0)
            }
            let bars = GrayPicture(
                width: 320, height: 240, values: rows.flatMap { [Float](repeating: $0, count: 320) }
            )
            #expect(StripReader.sightings(in: bars, of: 4096).isEmpty)
        }
        #expect(
            StripReader.sightings(in: GrayPicture(width: 1, height: 1, values: [1]), of: 4).isEmpty)
        let black = GrayPicture(width: 64, height: 64, values: .init(repeating: 0, count: 4096))
        #expect(StripReader.sightings(in: black, of: 4).isEmpty)
    }

    @Test func `have numbers that differ in one bar from frame to frame, and checks that hold`() {
        for frame in Int64(65000)..<67000 {
            let (bars, next) = (
                FrameStrip.bars(strip: 77, frame: frame),
                FrameStrip.bars(strip: 77, frame: frame + 1)
            )
            let gray = (bars ^ next) >> 10 & 0xFFFF
            #expect(gray.nonzeroBitCount == 1)
            #expect(FrameStrip.number(gray: bars >> 10 & 0xFFFF) == UInt64(frame & 0xFFFF))
            // One wrong bar is never taken for another number.
            for bit in 10..<38 {
                let wrong = bars ^ 1 << UInt64(bit)
                #expect(FrameStrip.check(wrong >> 10 & 0xFFF_FFFF) != wrong >> 4 & 0x3F)
            }
        }
    }

    @Test func `give the pan of a camera with any lens, tilt and roll`() throws {
        let facet = DrawnWall.facet
        let pans = StripPan(facets: [facet], cell: 4)
        let strips = FrameStripGrid(facets: [facet], cell: 4).facets[0]
        var lens = Lens(focalLengthMillimeters: 30)
        lens.distortion.radial[0] = 1e-4
        let sensor = Sensor(widthMillimeters: 36, heightMillimeters: 20.25)
        let truth = Pose(pan: 0.14, tilt: -0.05, roll: 0.03, translation: Vector3(0.4, 0.2, 1.2))
        let seen = try (0..<4).map { strip in
            func place(_ bar: Int) throws -> Vector2 {
                let rect = strips.rect(strip: strip, bar: bar, count: 3)
                let point = facet.stagePoint(
                    uprightX: Double(rect.x) + Double(rect.width) / 2, y: Double(rect.y) + 6)
                let at = try #require(lens.project(truth.inverse * point))
                return Vector2((at.x / 36 + 0.5) * 1920, (at.y / 20.25 + 0.5) * 1080)
            }
            return StripSighting(
                strip: strip, number: 0, share: 0, upper: try place(0), lower: try place(39))
        }
        let known = StripPan.Camera(
            stageFromPupil: Pose(
                pan: -0.5, tilt: -0.05, roll: 0.03, translation: truth.translation),
            lens: lens, sensor: sensor)
        let pan = try #require(pans.pan(of: seen, width: 1920, height: 1080, from: known))
        #expect(abs(pan - 0.14) < 1e-9)
        #expect(pans.pan(of: [], width: 1920, height: 1080, from: known) == nil)
    }
}
