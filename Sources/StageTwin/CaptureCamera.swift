import Color
import Foundation
import Geometry
public import StageModel

/// A camera before a simulated wall that records pictures as a film camera does: blurred, noisy,
/// darker to the corners, in primaries of its own; for calibrations that know nothing of it.
///
/// Not for judging: that is `Twin`, which looks without noise.
public struct CaptureCamera: Sendable {
    /// What each processor's canvas shows; datagrams go in here.
    public var receivers: [StreamReceiver]
    private let stage: Stage
    private let camera: Camera
    private let wall: WallCondition
    private let film: FilmCondition
    private let light: WallLight
    private let gains: [SIMD3<Double>]
    /// Wall light, 1 = peak → camera, one a wall.
    private let toCamera: [Rows]
    private let grid: SampleGrid
    private let noise: CountedNoise
    private var view: WallView?
    private var pictures: UInt64 = 0

    /// ARRI Wide Gamut 4, as the maker publishes it: the camera's primaries.
    private static let primaries = Primaries(
        red: Chromaticity(0.7347, 0.2653), green: Chromaticity(0.1424, 0.8576),
        blue: Chromaticity(0.0991, -0.0308), white: Chromaticity(0.3127, 0.3290))

    /// A camera of a stage as it is really built.
    ///
    /// - Parameters:
    ///   - stage: the true stage.
    ///   - camera: index into its cameras.
    ///   - formats: what the stream of each processor says of itself.
    ///   - wall: what its light is really like.
    ///   - film: what the camera makes of it.
    public init(
        stage: Stage, camera: Int, formats: [StreamFormat], wall: WallCondition,
        film: FilmCondition
    ) {
        self.stage = stage
        self.camera = stage.cameras[camera]
        self.wall = wall
        self.film = film
        receivers = formats.map { StreamReceiver(format: $0) }
        light = WallLight(stage: stage, formats: formats)
        grid = SampleGrid(
            width: stage.cameras[camera].imageWidth, height: stage.cameras[camera].imageHeight,
            step: 1)
        noise = CountedNoise(seed: film.seed)
        gains = wall.gains(panels: stage.panels.count, seed: film.seed)
        let fromXYZ = Colorimetry.xyzFromRGB(Self.primaries).inverted
        toCamera = stage.walls.map {
            fromXYZ.after(Colorimetry.xyzFromRGB(wall.primaries ?? $0.primaries))
        }
    }

    /// Goes somewhere.
    public mutating func stand(_ moment: CameraMoment) {
        view = WallView(stage: stage, camera: SimulatedCamera(camera, at: moment), grid: grid)
    }

    /// What it sees now: red, green, blue of each pixel, linear in its own primaries, rows top to
    /// bottom.
    public mutating func photograph() -> [Float] {
        guard let view else { return [] }
        pictures += 1
        let lamps = lamps(seenIn: view)
        let (points, width) = (view.points, grid.columns)
        let sharp = filled(SIMD3<Float>(repeating: 0), rows: grid.rows, columns: width) {
            row, out in
            for column in 0..<width {
                let point = points[row * width + column]
                guard point.panel >= 0 else { continue }
                out[column] = lamps[Int(point.panel)].light(point.column, point.row)
            }
        }
        return developed(blurred(blurred(sharp, isAcross: true), isAcross: false))
    }

    /// The LEDs of a panel as the camera's light.
    private struct Lamps: Sendable {
        var columns = 0
        var rows = 0
        var leds: [SIMD3<Float>] = []

        /// Linear between LEDs; beyond the outermost, their own light.
        func light(_ column: Double, _ row: Double) -> SIMD3<Float> {
            let x = max(0, min(Double(columns - 1), column))
            let y = max(0, min(Double(rows - 1), row))
            let (c, r) = (min(columns - 2, Int(x)), min(rows - 2, Int(y)))
            let (s, t) = (Float(x - Double(c)), Float(y - Double(r)))
            let at = r * columns + c
            let upper = leds[at] * (1 - s) + leds[at + 1] * s
            let lower = leds[at + columns] * (1 - s) + leds[at + columns + 1] * s
            return upper * (1 - t) + lower * t
        }
    }

    private func lamps(seenIn view: WallView) -> [Lamps] {
        var isSeen = [Bool](repeating: false, count: stage.panels.count)
        for point in view.points where point.panel >= 0 { isSeen[Int(point.panel)] = true }
        let seen = isSeen
        let load = wall.droop > 0 ? 1 - wall.droop * share() : 1
        return filled(Lamps(), rows: stage.panels.count, columns: 1) { panel, out in
            guard seen[panel] else { return }
            let product = stage.products[stage.panels[panel].product]
            var lamps = Lamps(columns: product.columns, rows: product.rows)
            lamps.leds.reserveCapacity(product.columns * product.rows)
            // Neighbors are mostly alike.
            var (before, made) = (SIMD3<Double>(repeating: -1), SIMD3<Float>(repeating: 0))
            for row in 0..<product.rows {
                for column in 0..<product.columns {
                    let nits = light.led(panel, column, row, receivers)
                    if nits != before { (before, made) = (nits, shown(nits, panel, load)) }
                    lamps.leds.append(made)
                }
            }
            out[0] = lamps
        }
    }

    /// Mean light of the wall's LEDs, of its peak, from every eighth.
    private func share() -> Double {
        var (sum, count) = (0.0, 0.0)
        for panel in stage.panels.indices {
            let product = stage.products[stage.panels[panel].product]
            let peak = stage.walls[stage.panels[panel].wall].peakNits
            for row in stride(from: 4, to: product.rows, by: 8) {
                for column in stride(from: 4, to: product.columns, by: 8) {
                    sum += light.led(panel, column, row, receivers).sum() / (3 * peak)
                    count += 1
                }
            }
        }
        return count > 0 ? sum / count : 0
    }

    /// What the camera reads of light that a processor asks of an LED.
    private func shown(_ nits: SIMD3<Double>, _ panel: Int, _ load: Double) -> SIMD3<Float> {
        let index = stage.panels[panel].wall
        let made = wall.light(nits / stage.walls[index].peakNits) * gains[panel] * load
        let seen = toCamera[index].applied(to: made) * film.exposure
        return SIMD3(Float(seen.x), Float(seen.y), Float(seen.z))
    }

    /// Blurred along one direction.
    private func blurred(_ picture: [SIMD3<Float>], isAcross: Bool) -> [SIMD3<Float>] {
        guard film.blur > 0.05 else { return picture }
        let reach = Int((3 * film.blur).rounded(.up))
        let weights = (-reach...reach).map { Float(exp(-0.5 * pow(Double($0) / film.blur, 2))) }
        let whole = weights.reduce(0, +)
        let kernel = weights.map { $0 / whole }
        let (width, height) = (grid.columns, grid.rows)
        return filled(SIMD3<Float>(repeating: 0), rows: height, columns: width) { row, out in
            for column in 0..<width {
                var sum = SIMD3<Float>(repeating: 0)
                for step in -reach...reach {
                    let x = isAcross ? max(0, min(width - 1, column + step)) : column
                    let y = isAcross ? row : max(0, min(height - 1, row + step))
                    sum += picture[y * width + x] * kernel[step + reach]
                }
                out[column] = sum
            }
        }
    }

    /// Darker to the corners, with noise, and full where it is.
    private func developed(_ picture: [SIMD3<Float>]) -> [Float] {
        let (width, height, film, noise) = (grid.columns, grid.rows, film, noise)
        let start = pictures << 32
        let corner = Float(width * width + height * height) / 4
        return filled(Float(0), rows: height, columns: 3 * width) { row, out in
            let y = Float(row) + 0.5 - Float(height) / 2
            for column in 0..<width {
                let x = Float(column) + 0.5 - Float(width) / 2
                let fall = 1 - Float(film.vignetting) * (x * x + y * y) / corner
                for channel in 0..<3 {
                    let value = picture[row * width + column][channel] * fall
                    let at = 3 * column + channel
                    let spread = Float(film.noise.x) * abs(value) + Float(film.noise.y)
                    let count = start &+ UInt64(row * 3 * width + at)
                    out[at] = min(value + spread * noise.value(count), Float(film.clip))
                }
            }
        }
    }
}

/// How the simulated camera writes light down.
public enum CaptureCode {
    /// LogC4 code 0 … 1 of light (ARRI, "LogC4 Logarithmic Color Space", 2022).
    public static func logC4(_ light: Double) -> Double {
        let a = (262144.0 - 16) / 117.45
        let (b, c) = (928.0 / 1023, 95.0 / 1023)
        let slope = 7 * log(2) * exp2(7 - 14 * c / b) / (a * b)
        let foot = (exp2(14 * (-c / b) + 6) - 64) / a
        return light >= foot ? (log2(a * light + 64) - 6) / 14 * b + c : (light - foot) / slope
    }

    /// sRGB code 0 … 1 of light (IEC 61966-2-1).
    public static func sRGB(_ light: Double) -> Double {
        light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
    }
}
