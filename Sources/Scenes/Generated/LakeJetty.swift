import FrameModel
import Geometry
import Glibc

extension LakeCards {
    /// Meters ahead where the jetty begins and ends, and how far its middle is to the right.
    private static let jettyNear: Float = 2
    private static let jettyFar: Float = 13.5
    private static let jettyWidth: Float = 1.9

    /// Planks lying flat at floor height, worn and lit by the sky and the lantern.
    func jetty() -> Card {
        let (width, length) = (LakeCards.jettyWidth, LakeCards.jettyFar - LakeCards.jettyNear)
        let scale = 190 * detail
        var brush = Brush(width: width, height: length, pixelsPerMeter: scale)
        let noise = Noise(seed: 640)
        let (columns, rows) = (brush.canvas.width, brush.canvas.height)
        let pitch: Float = 0.165
        brush.canvas.paintRows(0..<rows) { y, row in
            // Row 0 is the card's far end.
            let along = (Float(y) + 0.5) / Float(rows) * length
            let plank = (along / pitch).rounded(.down)
            let across = along - plank * pitch
            let index = Int32(plank)
            let gap = step(0.006, 0.013, across) * (1 - step(pitch - 0.010, pitch - 0.003, across))
            let tone = 0.72 + 0.5 * noise.lattice(index, 4)
            let over = 0.035 * noise.lattice(index, 11)
            for x in 0..<columns {
                let place = (Float(x) + 0.5) / Float(columns) * width - width / 2
                let end = width / 2 - over - abs(place)
                let cover = limited(end * scale + 0.5)
                guard cover > 0 else { continue }
                let grain = noise.fractal(
                    place * 5 + plank * 7.7, across * 95 + plank * 3, octaves: 4)
                let wear = noise.fractal(place * 1.3, along * 0.9, octaves: 4)
                let wood = light(0.115, 0.098, 0.088) * tone * (0.55 + 0.65 * grain + 0.3 * wear)
                let rounded = 0.75 + 0.25 * step(0, 0.03, across)
                // The lantern hangs 1.7 m above the far end, right of the middle.
                let (lx, ly, lz): (Float, Float, Float) = (place - 0.55, along - 0.25, 1.75)
                let distance = lx * lx + ly * ly + lz * lz
                let lamp = light(11, 4.9, 1.35) * (lz / (distance * distance.squareRoot()))
                let sheen = light(0.50, 0.26, 0.17) * (0.35 + 0.65 * step(5, 0, along))
                let color = wood * (sheen + light(0.22, 0.25, 0.36) + lamp) * rounded
                let dark = color * 0.10
                row[x] = SIMD4(mix(dark, color, gap), 1) * cover
            }
        }
        let middle = (LakeCards.jettyNear + LakeCards.jettyFar) / 2
        return Card(
            name: "jetty",
            // Tilted down by 90°: the card's up is the stage's forward.
            sceneFromCard: Pose(
                pan: 0, tilt: -.pi / 2, roll: 0, translation: SIMD3(0, Double(middle), 0)),
            width: Double(width), height: Double(length), picture: brush.canvas.picture)
    }

    /// A post with an arm and a lantern at the jetty's end, its glow, and its light on the water.
    func lantern() -> Card {
        let (width, height): (Float, Float) = (4, 7)
        var brush = Brush(width: width, height: height, pixelsPerMeter: 200 * detail)
        var numbers = NumberStream(seed: 811)
        // Card z = 0 is the floor; x is measured from the post.
        let wood = light(0.030, 0.022, 0.018)
        let lit = light(0.34, 0.15, 0.05)
        let lamp = SIMD2<Float>(-0.34, 1.83)
        reflect(lamp, &brush, numbers: &numbers)
        posts(&brush, wood)
        brush.stroke(SIMD2(0, 0), SIMD2(0, 2.45), width: (0.11, 0.10), color: (wood, wood * 1.4))
        brush.stroke(
            SIMD2(-0.035, 0.4), SIMD2(-0.035, 2.3), width: (0.02, 0.03), color: (wood, lit))
        brush.stroke(
            SIMD2(0.08, 2.33), SIMD2(-0.44, 2.33), width: (0.07, 0.06), color: (wood, lit * 0.5))
        brush.stroke(
            SIMD2(0, 2.02), SIMD2(-0.26, 2.31), width: (0.05, 0.05), color: (wood, lit * 0.6))
        brush.stroke(
            SIMD2(lamp.x, 2.31), SIMD2(lamp.x, lamp.y + 0.19), width: (0.012, 0.012),
            color: (wood, wood))
        lampBody(lamp, &brush, wood)
        brush.glow(lamp, radius: 1.9, color: light(0.34, 0.135, 0.030))
        brush.glow(lamp, radius: 0.75, color: light(1.3, 0.55, 0.13))
        brush.glow(lamp, radius: 0.28, color: light(7, 3.2, 0.9))
        return Card(
            name: "lantern",
            sceneFromCard: Pose(
                pan: 0, tilt: 0, roll: 0, translation: SIMD3(0.86, Double(LakeCards.jettyFar), 0)),
            width: Double(width), height: Double(height), picture: brush.canvas.picture)
    }

    /// Glass with a flame of more than 4,000 nits, a roof and a floor.
    private func lampBody(_ lamp: SIMD2<Float>, _ brush: inout Brush, _ metal: Light) {
        let glass = light(16, 7.6, 2.2)
        brush.stroke(
            lamp - SIMD2(0, 0.10), lamp + SIMD2(0, 0.10), width: (0.15, 0.17),
            color: (glass, glass * 0.8))
        brush.stroke(
            lamp - SIMD2(0, 0.055), lamp + SIMD2(0, 0.035), width: (0.055, 0.02),
            color: (light(70, 44, 20), light(52, 28, 10)))
        for x: Float in [-0.085, -0.03, 0.03, 0.085] {
            brush.stroke(
                lamp + SIMD2(x * 0.9, -0.12), lamp + SIMD2(x, 0.12), width: (0.012, 0.012),
                color: (metal, metal))
        }
        brush.stroke(
            lamp + SIMD2(-0.10, -0.13), lamp + SIMD2(0.10, -0.13), width: (0.03, 0.03),
            color: (metal, metal))
        brush.curve(
            [lamp + SIMD2(-0.14, 0.125), lamp + SIMD2(0, 0.20), lamp + SIMD2(0.14, 0.125)],
            width: (0.035, 0.035), color: (metal, metal))
    }

    /// The jetty's last posts in the water.
    private func posts(_ brush: inout Brush, _ wood: Light) {
        for x: Float in [-1.72, 0.02] {
            brush.stroke(
                SIMD2(x, 0.22), SIMD2(x, LakeCards.water), width: (0.15, 0.15),
                color: (wood * 1.3, wood * 0.5))
            brush.stroke(
                SIMD2(x, LakeCards.water), SIMD2(x + 0.01, LakeCards.water - 0.5),
                width: (0.14, 0.10), color: (wood * 0.5, wood * 0.8))
        }
    }

    /// The flame's mirror image, broken into bars by the ripples.
    private func reflect(
        _ lamp: SIMD2<Float>, _ brush: inout Brush, numbers: inout NumberStream
    ) {
        let mirrored = 2 * LakeCards.water - lamp.y
        for i in 0..<150 {
            let t = Float(i) / 150
            let z = mix(LakeCards.water - 0.12, mirrored - 0.1, t)
            let off = abs(z - mirrored) / (LakeCards.water - mirrored)
            let strength = expf(-off * off * 3.5) * numbers.next(0.15...1)
            let x = lamp.x + (numbers.next() - 0.5) * (0.10 + 0.16 * off)
            let half = numbers.next(0.02...0.12)
            // Bars give light and cover nothing.
            for j in 0..<7 {
                brush.glow(
                    SIMD2(x + half * (Float(j) / 3 - 1), z), radius: 0.035,
                    color: light(7, 3.0, 0.75) * strength)
            }
        }
    }

    /// Reeds and cattails at the picture's lower corners, 3 m ahead.
    func reeds(side: Float, seed: UInt64) -> Card {
        let (width, height): (Float, Float) = (2.6, 2.4)
        var brush = Brush(width: width, height: height, pixelsPerMeter: 560 * detail)
        var numbers = NumberStream(seed: seed)
        for i in 0..<150 {
            let spread = powf(numbers.next(), 1.5)
            let x = side * (1.30 - 2.25 * spread)
            let tall = mix(1.95, 0.55, spread) * numbers.next(0.55...1.05)
            let near = Float(i) / 150
            let bend = numbers.next(-0.32...0.38)
            let root = SIMD2(x, -1.2)
            let points = (0...10).map { step -> SIMD2<Float> in
                let t = Float(step) / 10
                return root
                    + SIMD2(bend * t * t * tall * 0.6, tall * (t - 0.12 * t * t * abs(bend)))
            }
            let warm = numbers.next()
            let base = light(0.008, 0.010, 0.006) * (0.6 + near)
            let tip = mix(
                light(0.030, 0.034, 0.014), light(0.78, 0.34, 0.085), warm * warm * 0.8)
            brush.curve(points, width: (0.013, 0.0025), color: (base, tip))
            if numbers.next() < 0.17, let end = points.last {
                let stem = points[8]
                let brown = light(0.040, 0.019, 0.009)
                brush.stroke(
                    stem, stem + (end - stem) * 0.7, width: (0.030, 0.027),
                    color: (brown, brown * 1.3))
                brush.stroke(
                    stem + SIMD2(0.011, 0), stem + (end - stem) * 0.7 + SIMD2(0.011, 0),
                    width: (0.006, 0.005), color: (light(0.5, 0.2, 0.06), light(0.6, 0.26, 0.08)))
            }
        }
        return Card(
            name: side < 0 ? "reeds left at 3 m" : "reeds right at 3 m",
            sceneFromCard: Pose(
                pan: 0, tilt: 0, roll: 0, translation: SIMD3(Double(side) * 2.15, 3, 1.15)),
            width: Double(width), height: Double(height), picture: brush.canvas.picture)
    }
}
