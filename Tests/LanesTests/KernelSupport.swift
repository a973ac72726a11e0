import Glibc
import Lanes
import TestSupport

/// Kernels this machine can run.
let runnable = InstructionSet.allCases.filter(\.isSupported)

extension SeededRandom {
    mutating func float(_ range: ClosedRange<Float>) -> Float {
        Float.random(in: range, using: &self)
    }
}

/// Three planes with canaries round and between the rows, and all that is not canary.
final class GuardedPlanes {
    static let canary: Float = -12345.5
    let width: Int
    let height: Int
    let offset: Int
    let stride: Int
    let memory: UnsafeMutablePointer<Float>
    private let plane: Int

    init(width: Int, height: Int, offset: Int) {
        self.width = width
        self.height = height
        self.offset = offset
        stride = offset + width + 21
        plane = stride * height + 64
        memory = .allocate(capacity: 3 * plane)
        memory.initialize(repeating: GuardedPlanes.canary, count: 3 * plane)
    }

    deinit { memory.deallocate() }

    var planes: cyc_planes {
        cyc_planes(
            red: memory + offset, green: memory + plane + offset,
            blue: memory + 2 * plane + offset, stride: Int32(stride))
    }

    func color(_ x: Int, _ y: Int) -> SIMD3<Double> {
        let at = offset + y * stride + x
        return SIMD3(
            Double(memory[at]), Double(memory[plane + at]), Double(memory[2 * plane + at]))
    }

    func set(_ x: Int, _ y: Int, _ color: SIMD3<Float>) {
        let at = offset + y * stride + x
        for channel in 0..<3 { memory[channel * plane + at] = color[channel] }
    }

    var canariesLive: Bool {
        for channel in 0..<3 {
            for place in 0..<plane {
                let column = place % stride - offset
                let inside = column >= 0 && column < width && place / stride < height
                if !inside && memory[channel * plane + place] != GuardedPlanes.canary {
                    return false
                }
            }
        }
        return true
    }
}

/// A half-float picture of random colours with a border.
final class RandomPicture {
    let level: cyc_level
    private let texels: UnsafeMutablePointer<UInt64>

    /// `color` gives the texels within the border; random when it is nil.
    init(
        width: Int, height: Int, faces: Int = 1, border: Int = 1, seed: UInt64,
        color: ((Int, Int) -> SIMD4<Float>)? = nil
    ) {
        var random = SeededRandom(seed: seed)
        let stride = width + 2 * border
        let face = stride * (height + 2 * border)
        // Kernels read up to 24 texels from any place on.
        let count = face * faces + 24
        texels = .allocate(capacity: count)
        for place in 0..<count {
            let alpha = random.float(0...1)
            let (x, y) = (place % stride - border, place % face / stride - border)
            let own = color?(x, y)
            var bits: UInt64 = 0
            for channel in 0..<4 {
                let value =
                    own?[channel] ?? (channel == 3 ? alpha : alpha * random.float(0...4))
                bits |= UInt64(Float16(value).bitPattern) << (16 * UInt64(channel))
            }
            texels[place] = bits
        }
        level = cyc_level(
            texels: texels + border * (stride + 1), stride: Int32(stride), width: Int32(width),
            height: Int32(height), face_stride: faces > 1 ? Int32(face) : 0)
    }

    deinit { texels.deallocate() }

    /// An upright view of the picture, no edge near, and the rows sixteen neighbors lie between.
    func uprightMap(across: Float, slope: Float, down: Float, perspective: Float) -> cyc_plane_map {
        var map = map()
        map.u = cyc_linear(at: across < 0 ? 50.3 : 3.3, along_x: across, along_y: 0)
        map.v = cyc_linear(at: slope < 0 ? 18.6 : 2.1, along_x: slope, along_y: down)
        map.w = cyc_linear(at: 1, along_x: perspective, along_y: 0)
        map.upright_rows = 2 + Int32((15 * abs(slope) * 1.2 + 0.5).rounded(.up))
        map.has_edges = 0
        (map.edge_left, map.edge_right) = (-1e6, 1e6)
        (map.edge_top, map.edge_bottom) = (-1e6, 1e6)
        return map
    }

    /// A projective view of the picture: about a texel a pixel, turned and tilted.
    func map() -> cyc_plane_map {
        cyc_plane_map(
            u: cyc_linear(at: 3.2, along_x: 0.9, along_y: 0.21),
            v: cyc_linear(at: 2.1, along_x: -0.13, along_y: 1.1),
            w: cyc_linear(at: 1, along_x: 0.004, along_y: -0.003), u_min: -0.5,
            u_max: Float(level.width) - 0.5, v_min: -0.5, v_max: Float(level.height) - 0.5,
            texels: level.texels!, stride: level.stride, upright_rows: 0, has_edges: 1,
            edge_left: 1.5,
            edge_right: Float(level.width) - 3.5, edge_top: 2.5,
            edge_bottom: Float(level.height) - 2.5, edge_pixels: 1.5)
    }
}

/// A curve fitted to a function of light by cubic Hermite interpolation in each octave.
func fittedCurve(scale: Float, offset: Float, _ value: (Double) -> Double) -> cyc_curve {
    var curve = cyc_curve()
    let shift = 0x1p-32
    withUnsafeMutableBytes(of: &curve) { bytes in
        let table = bytes.bindMemory(to: Float.self)
        for octave in 0..<32 {
            let low = exp2(Double(octave - 32))
            let (a, b) = (octave == 0 ? 0 : value(low - shift), value(2 * low - shift))
            let h = low * 1e-4
            let before = octave == 0 ? 0 : value(low - h - shift)
            let da = (value(low + h - shift) - before) / (octave == 0 ? h : 2 * h) * low
            let db = (value(2 * low + h - shift) - value(2 * low - h - shift)) / (2 * h) * low
            // The first octave of a curve as steep as these is a line.
            let f =
                octave == 0
                ? [0, b, 0, 0] : [a, da, 3 * (b - a) - 2 * da - db, 2 * (a - b) + da + db]
            let m = [f[0] - f[1] + f[2] - f[3], f[1] - 2 * f[2] + 3 * f[3], f[2] - 3 * f[3], f[3]]
            for i in 0..<4 {
                var c = Float(m[i] / pow(low, Double(i))) * scale
                if i == 0 { c += offset + (octave == 31 ? 0.0007 : 0) }
                table[32 * i + ((95 + octave) & 31)] = c
            }
        }
    }
    curve.scale = scale
    curve.offset = offset
    return curve
}

/// SMPTE ST 2084 inverse EOTF, light 1.0 = 10,000 nits.
func perceptualQuantizer(_ light: Double) -> Double {
    let p = pow(max(0, light), 2610.0 / 16384)
    return pow((3424.0 / 4096 + 2413.0 / 128 * p) / (1 + 2392.0 / 128 * p), 2523.0 / 32)
}

/// A dome map of any directions, seen from a little aside.
func randomDome(
    _ faces: RandomPicture, radiusTerm: Float, _ random: inout SeededRandom
) -> cyc_dome_map {
    func linear() -> cyc_linear {
        cyc_linear(
            at: random.float(-1...1), along_x: random.float(-0.1...0.1),
            along_y: random.float(-0.1...0.1))
    }
    var map = cyc_dome_map()
    map.x = linear()
    map.y = linear()
    map.z = linear()
    map.q = (0.3, -0.25, 0.31)
    map.radius_term = radiusTerm
    map.level = faces.level
    return map
}
