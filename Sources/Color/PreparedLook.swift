public import Lanes

/// A look on ACEScct codes in the form the kernels read, in memory of its own.
///
/// A 3D table, curves, or curves and then a 3D table are taken as they are; any other look is
/// sampled into a table of `sampledSide` points over the codes 0 … 1 (light 0 … 222).
/// `@unchecked Sendable` holds because nothing is written after `init`.
public final class PreparedLook: @unchecked Sendable {
    /// Points along the edge of a table that a look of other steps is sampled into.
    public static let sampledSide = 65

    /// What the kernels are given; valid as long as this lives.
    public let reference: LookReference
    /// The look it was made from.
    public let look: Look
    /// The largest difference sampling has made, in codes of pictures; 0 where the look was taken
    /// as it is.
    public let samplingError: Double
    /// Bytes it takes.
    public let byteCount: Int
    private let memory: UnsafeMutablePointer<Float>

    /// Prepares a look; takes milliseconds to a second.
    public init(_ look: Look) {
        self.look = look
        let (curves, cube, isSampled) = PreparedLook.parts(of: look)
        let curveFloats = (curves?.points.count ?? 0) * 3
        let count = cube.points.count * 4 + curveFloats
        byteCount = count * MemoryLayout<Float>.stride
        let raw = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        memory = raw.bindMemory(to: Float.self, capacity: count)
        for (i, point) in cube.points.enumerated() {
            (memory + 4 * i).initialize(to: point.x)
            (memory + 4 * i + 1).initialize(to: point.y)
            (memory + 4 * i + 2).initialize(to: point.z)
            (memory + 4 * i + 3).initialize(to: 0)
        }
        var constants = cyc_look()
        constants.points = UnsafePointer(memory)
        constants.side = Int32(cube.side)
        (constants.scale, constants.offset) = PreparedLook.places(
            cube.low, cube.high, last: cube.side - 1)
        if let curves, case .range(let low, let high) = curves.domain {
            let n = curves.points.count
            let first = memory + cube.points.count * 4
            for (i, point) in curves.points.enumerated() {
                for channel in 0..<3 { (first + channel * n + i).initialize(to: point[channel]) }
            }
            constants.curves = UnsafePointer(first)
            constants.curve_points = Int32(n)
            (constants.curve_scale, constants.curve_offset) = PreparedLook.places(
                low, high, last: n - 1)
        }
        constants.fingerprint = PreparedLook.fingerprint(constants, memory, count)
        reference = LookReference(constants)
        samplingError = isSampled ? PreparedLook.error(of: cube) { look.applied(to: $0) } : 0
    }

    deinit { memory.deallocate() }

    /// Curves and table that a look is, or the table it is sampled into.
    private static func parts(
        of look: Look
    ) -> (curves: CurveLUT?, cube: CubeLUT, isSampled: Bool) {
        switch look.steps.count {
        case 1:
            if case .cube(let cube) = look.steps[0] { return (nil, cube, false) }
            if case .curves(let curves) = look.steps[0], case .range = curves.domain {
                return (curves, identity(over: curves), false)
            }
        case 2:
            if case .curves(let curves) = look.steps[0], case .range = curves.domain,
                case .cube(let cube) = look.steps[1]
            {
                return (curves, cube, false)
            }
        default: break
        }
        let cube = CubeLUT(side: sampledSide) { codes in
            var out = look.applied(to: codes)
            // A look may have no answer for a code that no picture has.
            for i in 0..<3 where !Float(out[i]).isFinite { out[i] = codes[i] }
            return out
        }
        return (nil, cube, true)
    }

    /// The table that changes nothing of what curves give.
    private static func identity(over curves: CurveLUT) -> CubeLUT {
        var (low, high) = (curves.points[0], curves.points[0])
        for point in curves.points {
            for i in 0..<3 {
                low[i] = min(low[i], point[i])
                high[i] = max(high[i], point[i])
            }
        }
        for i in 0..<3 where !(low[i] < high[i]) { high[i] = low[i] + 1 }
        return CubeLUT(side: 2, low: ColorTriple(low), high: ColorTriple(high)) { $0 }
    }

    typealias Triple = (Float, Float, Float)

    private static func places(
        _ low: ColorTriple, _ high: ColorTriple, last: Int
    ) -> (scale: Triple, offset: Triple) {
        let scale = Double(last) / (high - low)
        let offset = -low * scale
        return (
            (Float(scale.x), Float(scale.y), Float(scale.z)),
            (Float(offset.x), Float(offset.y), Float(offset.z))
        )
    }

    /// The largest difference a table makes at 4,096 places spread evenly over the codes of
    /// pictures, 0.1 … 0.65 (nine stops below middle grey to four above it), by the additive
    /// recurrence of the cubic golden ratio.
    public static func error(
        of cube: CubeLUT, _ exact: (ColorTriple) -> ColorTriple
    ) -> Double {
        var worst = 0.0
        for index in 1...4096 {
            let place = Double(index) * ColorTriple(0.8191725134, 0.6710436067, 0.5497004779)
            let codes = 0.1 + 0.55 * (place - place.rounded(.down))
            let d = cube.applied(to: codes) - exact(codes)
            worst = max(worst, abs(d.x), abs(d.y), abs(d.z))
        }
        return worst
    }

    /// FNV-1a over every number the kernels read, word by word.
    private static func fingerprint(
        _ constants: cyc_look, _ floats: UnsafePointer<Float>, _ count: Int
    ) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ word: UInt32) { hash = (hash ^ UInt64(word)) &* 0x100_0000_01B3 }
        mix(UInt32(constants.side))
        mix(UInt32(constants.curve_points))
        for triple in [
            constants.scale, constants.offset, constants.curve_scale, constants.curve_offset,
        ] {
            for value in [triple.0, triple.1, triple.2] { mix(value.bitPattern) }
        }
        for i in 0..<count { mix(floats[i].bitPattern) }
        // 0 says that there is none.
        return max(1, hash)
    }
}

/// A prepared look as a grade names it: plain bytes; whose memory it is must outlive it.
///
/// `@unchecked Sendable` holds because what it points to is never written.
public struct LookReference: BitwiseCopyable, @unchecked Sendable, Equatable {
    /// What the kernels are given; without points there is no look.
    public let constants: cyc_look

    /// The constants of a look in memory.
    public init(_ constants: cyc_look) { self.constants = constants }

    /// No look.
    public static let none = LookReference(cyc_look())

    /// There is a table.
    /// - Frame path: yes
    public var isThere: Bool { constants.points != nil }

    /// Two are alike when their numbers are, wherever they lie.
    public static func == (a: LookReference, b: LookReference) -> Bool {
        a.constants.fingerprint == b.constants.fingerprint
    }
}
