import Dispatch
import FrameModel
import Geometry
import Glibc
import Lanes
import StageModel

/// The mean of 64 samples spread over each wall pixel, in doubles: what a pixel should show.
///
/// - Parameter light: light of a stage point seen from the wall's eye.
func truth(_ wall: Stage, _ light: @escaping @Sendable (Vector3) -> SIMD3<Double>)
    -> [SIMD3<Double>]
{
    let (width, height) = (wall.processors[0].width, wall.processors[0].height)
    return inRows(width, height) { x, y in
        let facet = wall.facets.first {
            x >= $0.canvas.x && x < $0.canvas.x + $0.canvas.width && y >= $0.canvas.y
                && y < $0.canvas.y + $0.canvas.height
        }!
        var sum = SIMD3<Double>()
        for sample in 0..<64 {
            let column = Double(x - facet.canvas.x) + (Double(sample % 8) + 0.5) / 8 - 0.5
            let row = Double(y - facet.canvas.y) + (Double(sample / 8) + 0.5) / 8 - 0.5
            sum += light(facet.origin + column * facet.alongX + row * facet.alongY)
        }
        return sum / 64
    }
}

/// A picture whose rows are made on all cores.
func inRows(
    _ width: Int, _ height: Int, _ pixel: @Sendable (Int, Int) -> SIMD3<Double>
) -> [SIMD3<Double>] {
    let out = Shared(count: width * height)
    DispatchQueue.concurrentPerform(iterations: height) { y in
        for x in 0..<width { out.memory[y * width + x] = pixel(x, y) }
    }
    return Array(UnsafeBufferPointer(start: out.memory, count: width * height))
}

/// Pixels that threads fill; it holds because each row is written by one of them alone.
private final class Shared: @unchecked Sendable {
    let memory: UnsafeMutablePointer<SIMD3<Double>>
    init(count: Int) {
        memory = .allocate(capacity: count)
        memory.initialize(repeating: .zero, count: count)
    }
    deinit { memory.deallocate() }
}

/// Light 1 is 100 nits: its code in ten bits, before rounding (SMPTE ST 2084).
func perceptualCode(_ light: Double) -> Double {
    let p = pow(max(0, light) / 100, 2610.0 / 16384)
    return 1023 * pow((3424.0 / 4096 + 2413.0 / 128 * p) / (1 + 2392.0 / 128 * p), 2523.0 / 32)
}

/// Peak signal to noise of a picture in ten-bit PQ codes, decibels.
func decibels(_ picture: [SIMD3<Double>], against truth: [SIMD3<Double>]) -> Double {
    var sum = 0.0
    for (a, b) in zip(picture, truth) {
        for channel in 0..<3 {
            let code = perceptualCode(a[channel]).rounded()
            let error = code - perceptualCode(b[channel])
            sum += error * error
        }
    }
    return 10 * log10(1023 * 1023 / (sum / Double(3 * truth.count)))
}

extension Rendered {
    var colors: [SIMD3<Double>] { pixels.map { SIMD3<Double>($0) } }
}

/// Light of a panorama in a direction, bilinear, in doubles.
func panorama(_ picture: Picture, _ d: Vector3) -> SIMD3<Double> {
    let (width, height) = (picture.width, picture.height)
    let u = (0.5 + atan2(d.x, d.y) / (2 * .pi)) * Double(width) - 0.5
    let v = (0.5 - atan2(d.z, (d.x * d.x + d.y * d.y).squareRoot()) / .pi) * Double(height) - 0.5
    let (column, row) = (u.rounded(.down), v.rounded(.down))
    func at(_ x: Int, _ y: Int) -> SIMD3<Double> {
        let place = max(0, min(height - 1, y)) * width + (x + width) % width
        return SIMD3(
            Double(picture.pixels[4 * place]), Double(picture.pixels[4 * place + 1]),
            Double(picture.pixels[4 * place + 2]))
    }
    let (i, j, fu, fv) = (Int(column), Int(row), u - column, v - row)
    let above = at(i, j) * (1 - fu) + at(i + 1, j) * fu
    let below = at(i, j + 1) * (1 - fu) + at(i + 1, j + 1) * fu
    return above * (1 - fv) + below * fv
}
