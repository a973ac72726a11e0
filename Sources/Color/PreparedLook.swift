public import Lanes

/// A look on ACEScct codes in the form the kernels read, in memory of its own.
///
/// A 3D table, curves, or curves and then a 3D table are taken as they are. Other steps that keep
/// the channels apart become curves of `curvePoints` points, before a 3D table or alone; any other
/// look is sampled into a table of `sampledSide` points over the codes 0 … 1 (light 0 … 222).
/// `@unchecked Sendable` holds because nothing is written after `init`.
public final class PreparedLook: @unchecked Sendable {
    /// Points along the edge of a table that a look of other steps is sampled into.
    public static let sampledSide = 65
    /// Points of the curves that steps of single channels are sampled into, over the codes
    /// −1/8 … 9/8: within 1e-6 of a smooth curve, and 4e-5 at a bend.
    public static let curvePoints = 8193

    /// What the kernels are given; valid as long as this lives.
    public let reference: LookReference
    /// The look it was made from.
    public let look: Look
    /// The largest difference sampling has made, in codes of pictures; 0 where the look was taken
    /// as it is.
    public let samplingError: Double
    private let memory: UnsafeMutablePointer<Float>
    /// Made of the points, where there are few enough.
    private let tetrahedra: UnsafeMutableBufferPointer<cyc_tetrahedron>?

    /// Prepares a look; takes milliseconds to a second.
    public convenience init(_ look: Look) {
        let (curves, cube) = PreparedLook.parts(of: look)
        var constants = cyc_look()
        constants.side = Int32(cube.side)
        (constants.scale, constants.offset) = PreparedLook.places(
            cube.low, cube.high, last: cube.side - 1)
        var byChannel: [Float] = []
        if let curves, case .range(let low, let high) = curves.domain {
            constants.curve_points = Int32(curves.points.count)
            (constants.curve_scale, constants.curve_offset) = PreparedLook.places(
                low, high, last: curves.points.count - 1)
            for channel in 0..<3 { byChannel += curves.points.map { $0[channel] } }
        }
        let parts = [curves.map(LookStep.curves), LookStep.cube(cube)].compactMap(\.self)
        let isItself = look.steps == parts || look.steps + [.cube(cube)] == parts
        let error =
            isItself
            ? 0
            : PreparedLook.error(
                of: { parts.reduce($0) { $1.applied(to: $0) } }, { look.applied(to: $0) })
        self.init(
            constants, points: cube.points.flatMap { [$0.x, $0.y, $0.z] }, curves: byChannel,
            madeFrom: look, samplingError: error)
    }

    /// A table of a whole grade, light to light: points of a grid, red fastest.
    convenience init(_ points: [ColorTriple], on grid: LightGrid) {
        var constants = cyc_look()
        constants.side = Int32(grid.side)
        constants.octave_bits = Int32(grid.octaveBits)
        self.init(
            constants, points: points.flatMap { [Float($0.x), Float($0.y), Float($0.z)] },
            curves: [], madeFrom: Look(title: "baked"))
    }

    /// Lays points (red, green, blue) and curves (all of red, green, blue) in memory, where the
    /// constants then point.
    init(
        _ constants: cyc_look, points: [Float], curves: [Float], madeFrom look: Look,
        samplingError: Double = 0
    ) {
        (self.look, self.samplingError) = (look, samplingError)
        let tableCount = points.count / 3 * 4
        let count = tableCount + curves.count
        memory = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<Float>.stride, alignment: 64
        ).bindMemory(to: Float.self, capacity: count)
        for place in 0..<tableCount {
            // The fourth number of a point is nobody's.
            let value = place & 3 == 3 ? 0 : points[place / 4 * 3 + place & 3]
            (memory + place).initialize(to: value)
        }
        for (i, value) in curves.enumerated() { (memory + tableCount + i).initialize(to: value) }
        var constants = constants
        constants.points = UnsafePointer(memory)
        if !curves.isEmpty { constants.curves = UnsafePointer(memory + tableCount) }
        constants.fingerprint = PreparedLook.fingerprint(constants, memory, count)
        tetrahedra = PreparedLook.tetrahedra(of: memory, side: Int(constants.side))
        constants.tetrahedra = tetrahedra.flatMap { UnsafePointer($0.baseAddress) }
        // A table of whole grades is nothing without: the stack is drawn exactly.
        if constants.octave_bits > 0, tetrahedra == nil { constants.points = nil }
        reference = LookReference(constants)
    }

    deinit {
        memory.deallocate()
        if let tetrahedra {
            HugePages.free(tetrahedra.baseAddress!, UnsafeRawBufferPointer(tetrahedra).count)
        }
    }

    /// The tetrahedra of a table, nil where they are not worth it or there is no memory for them.
    private static func tetrahedra(
        of points: UnsafePointer<Float>, side: Int
    ) -> UnsafeMutableBufferPointer<cyc_tetrahedron>? {
        guard Tetrahedra.sides ~= side else { return nil }
        let count = Tetrahedra.count(side: side)
        let bytes = count * MemoryLayout<cyc_tetrahedron>.stride
        guard let room = HugePages.find(bytes) else { return nil }
        let memory = room.bindMemory(to: cyc_tetrahedron.self, capacity: count)
        Tetrahedra.fill(memory, from: points, side: side)
        // Frames are drawn from it. Where a process may not lock it, none of its memory is locked.
        _ = HugePages.lock(room, bytes)
        return UnsafeMutableBufferPointer(start: memory, count: count)
    }

    /// Curves and table that a look is, or is sampled into.
    private static func parts(of look: Look) -> (curves: CurveLUT?, cube: CubeLUT) {
        let apart = look.steps.prefix { $0.keepsChannelsApart }
        let rest = look.steps.dropFirst(apart.count)
        if rest.isEmpty, !apart.isEmpty {
            let curves = curves(of: apart)
            return (curves, identity(over: curves))
        }
        if rest.count == 1, case .cube(let cube)? = rest.first {
            return (apart.isEmpty ? nil : curves(of: apart), cube)
        }
        return (nil, CubeLUT(side: sampledSide) { answered(look.steps[...], $0) })
    }

    /// What steps make of codes; they may have no answer for a code that no picture has.
    private static func answered(
        _ steps: ArraySlice<LookStep>, _ codes: ColorTriple
    ) -> ColorTriple {
        var out = steps.reduce(codes) { $1.applied(to: $0) }
        for i in 0..<3 where !Float(out[i]).isFinite { out[i] = codes[i] }
        return out
    }

    /// Steps of single channels as curves: as they are, or sampled.
    private static func curves(of steps: ArraySlice<LookStep>) -> CurveLUT {
        if steps.count == 1, case .curves(let curves)? = steps.first, case .range = curves.domain {
            return curves
        }
        let (low, high) = (-0.125, 1.125)
        let points = (0..<curvePoints).map { index -> SIMD3<Float> in
            let code = low + (high - low) * Double(index) / Double(curvePoints - 1)
            return SIMD3<Float>(answered(steps, ColorTriple(repeating: code)))
        }
        return CurveLUT(
            points: points,
            domain: .range(low: ColorTriple(repeating: low), high: ColorTriple(repeating: high)))
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

    /// The largest difference of two looks at 4,096 places spread evenly over the codes of
    /// pictures, 0.1 … 0.65 (nine stops below middle grey to four above it), by the additive
    /// recurrence of the cubic golden ratio.
    public static func error(
        of sampled: (ColorTriple) -> ColorTriple, _ exact: (ColorTriple) -> ColorTriple
    ) -> Double {
        var worst = 0.0
        for index in 1...4096 {
            let codes = 0.1 + 0.55 * ColorTriple.scattered(index)
            let d = sampled(codes) - exact(codes)
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
        mix(UInt32(constants.octave_bits))
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
