import FrameModel
import Geometry
import Glibc
import Lanes
import Scenes
import StageModel
import TestSupport

/// Light that is a sum of plane waves about a mean: nothing in it is finer than its finest wave.
struct Waves {
    /// Scene-linear; 100 nits on the test's wall.
    static let mean = 1.0
    /// Waves of each channel.
    private let count: Int
    /// Wave vectors, radians a unit of the place, and phases; first all of red, then green, blue.
    private let vectors: [Vector3]
    private let phases: [Double]

    /// Waves whose vectors `vector` gives, from a share of the finest and a random angle.
    init(
        seed: UInt64, perChannel: Int = 4, shares: ClosedRange<Double> = 0.5...1,
        _ vector: (Double, Double, inout SeededRandom) -> Vector3
    ) {
        var random = SeededRandom(seed: seed)
        count = perChannel
        var vectors: [Vector3] = []
        for index in 0..<(3 * count) {
            // One wave of each channel is the finest there is.
            let isFinest = index % count == 0
            let share = isFinest ? 1 : Double.random(in: shares, using: &random)
            let angle = Double.random(in: 0...(2 * .pi), using: &random)
            vectors.append(vector(share, angle, &random))
        }
        self.vectors = vectors
        phases = (0..<(3 * count)).map { _ in Double.random(in: 0...(2 * .pi), using: &random) }
    }

    /// Waves of any direction in space, at most `finest` radians a unit.
    init(
        seed: UInt64, perChannel: Int = 4, shares: ClosedRange<Double> = 0.5...1, finest: Double
    ) {
        self.init(seed: seed, perChannel: perChannel, shares: shares) { share, angle, random in
            let up = Double.random(in: -1...1, using: &random)
            let flat = (1 - up * up).squareRoot()
            return (share * finest) * Vector3(flat * cos(angle), flat * sin(angle), up)
        }
    }

    func light(_ place: Vector3) -> SIMD3<Double> {
        var out = SIMD3<Double>()
        for channel in 0..<3 {
            var sum = 0.0
            for wave in 0..<count {
                let index = channel * count + wave
                sum += cos(vectors[index].dot(place) + phases[index])
            }
            out[channel] = Waves.mean * (1 + 0.95 * sum / Double(count))
        }
        return out
    }

    /// The waves as a panorama, each texel the light in its middle.
    func dome(width: Int) -> Dome {
        let height = width / 2
        var pixels: [Float] = []
        pixels.reserveCapacity(width * height * 4)
        for row in 0..<height {
            let elevation = (0.5 - (Double(row) + 0.5) / Double(height)) * .pi
            for column in 0..<width {
                let azimuth = ((Double(column) + 0.5) / Double(width) - 0.5) * 2 * .pi
                let color = light(direction(azimuth, elevation))
                pixels += [Float(color.x), Float(color.y), Float(color.z), 1]
            }
        }
        return Dome(picture: Picture(width: width, height: height, pixels: pixels))
    }

    /// The waves on a card of some texels, each the light in its middle.
    func card(columns: Int, rows: Int, texel: Double, pose: Pose, alpha: Float) -> Card {
        var pixels: [Float] = []
        for row in 0..<rows {
            for column in 0..<columns {
                let x = (Double(column) + 0.5 - Double(columns) / 2) * texel
                let z = (Double(rows) / 2 - Double(row) - 0.5) * texel
                let color = light(Vector3(x, 0, z))
                pixels += [Float(color.x), Float(color.y), Float(color.z), alpha]
            }
        }
        return Card(
            name: "waves", sceneFromCard: pose, width: Double(columns) * texel,
            height: Double(rows) * texel,
            picture: Picture(width: columns, height: rows, pixels: pixels))
    }
}

/// Random light a texel, full to Nyquist.
func noisePicture(width: Int, height: Int, seed: UInt64) -> Picture {
    var random = SeededRandom(seed: seed)
    var pixels: [Float] = []
    pixels.reserveCapacity(width * height * 4)
    for _ in 0..<(width * height) {
        for _ in 0..<3 { pixels.append(Float.random(in: 0.2...1.8, using: &random)) }
        pixels.append(1)
    }
    return Picture(width: width, height: height, pixels: pixels)
}

/// The walls the filter is judged on, their eye in the origin, their middle 1 m before it.
enum FilterWall {
    static let columns = 96
    static let rows = 48

    /// One facet, turned from the eye by `slant`, of pixels `pitch` wide.
    static func flat(pitch: Double, slant: Double = 0) -> Stage {
        let rotation = Matrix3(pan: slant, tilt: 0, roll: 0)
        var wall = stage([facet(rotation, at: 0, columns, pitch, 1)], width: columns, height: rows)
        wall.outerEye = .zero
        return wall
    }

    /// Four facets on an arc about the eye.
    static func curved(pitch: Double) -> Stage {
        let each = columns / 4
        let facets = (0..<4).map { index in
            let pan = (1.5 - Double(index)) * 2 * atan(Double(each) * pitch / 2)
            return facet(Matrix3(pan: pan, tilt: 0, roll: 0), at: index * each, each, pitch, 1)
        }
        var wall = stage(facets, width: columns, height: rows)
        wall.outerEye = .zero
        return wall
    }

    /// `turned` faces away from the middle by its own rotation, about its own centre when slanted.
    private static func facet(
        _ rotation: Matrix3, at column: Int, _ columns: Int, _ pitch: Double, _ distance: Double
    ) -> Facet {
        let isSlanted = columns == FilterWall.columns
        let center = isSlanted ? Vector3(0, distance, 0) : rotation * Vector3(0, distance, 0)
        return Facet(
            processor: 0, wall: 0,
            canvas: CanvasRect(x: column, y: 0, width: columns, height: rows),
            origin: center - Double(columns - 1) * 0.5 * pitch * rotation.x
                + Double(rows - 1) * 0.5 * pitch * rotation.z,
            alongX: rotation.x * pitch, alongY: rotation.z * -pitch)
    }
}
