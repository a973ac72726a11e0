import Lanes

/// A look in a take: the numbers the kernels read, so that a replay needs no file.
///
///     u32   points along an edge, u32 points of a curve (0: no curves)
///     f32   scale and offset of the table, of the curves: 3 each
///     f32   the table's points, red green blue, red fastest; then all of the curves' red, green,
///           blue
///
/// Numbers are little-endian.
extension PreparedLook {
    private static let (sides, curvesMax) = (2...256, 1 << 16)

    /// The most bytes a look takes that a file may have.
    public static let recordedBytesMax = 64 + 12 * (129 * 129 * 129 + curvesMax)

    /// The look as bytes.
    public var recorded: [UInt8] {
        let look = reference.constants
        var bytes: [UInt8] = []
        func put(_ number: UInt32) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        put(UInt32(look.side))
        put(UInt32(look.curve_points))
        for triple in [look.scale, look.offset, look.curve_scale, look.curve_offset] {
            for value in [triple.0, triple.1, triple.2] { put(value.bitPattern) }
        }
        let points = Int(look.side * look.side * look.side)
        bytes.reserveCapacity(64 + 12 * (points + Int(look.curve_points)))
        if let table = look.points {
            for point in 0..<points {
                for channel in 0..<3 { put(table[4 * point + channel].bitPattern) }
            }
        }
        if let curves = look.curves {
            for index in 0..<3 * Int(look.curve_points) { put(curves[index].bitPattern) }
        }
        return bytes
    }

    /// The look some bytes are; nil when they are none.
    ///
    /// Of what file it came they do not say.
    public convenience init?(recorded bytes: [UInt8]) {
        var at = 0
        func number() -> UInt32? {
            guard bytes.count - at >= 4 else { return nil }
            defer { at += 4 }
            return bytes.withUnsafeBytes {
                UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: at, as: UInt32.self))
            }
        }
        guard let side = number().map(Int.init), let curvePoints = number().map(Int.init),
            Self.sides ~= side, curvePoints == 0 || 2...Self.curvesMax ~= curvePoints,
            bytes.count == 56 + 12 * (side * side * side + curvePoints)
        else { return nil }
        func floats(_ count: Int) -> [Float] {
            (0..<count).map { _ in Float(bitPattern: number() ?? 0) }
        }
        let places = floats(12)
        let points = floats(3 * side * side * side)
        let curves = floats(3 * curvePoints)
        guard (places + points + curves).allSatisfy(\.isFinite) else { return nil }
        func triple(_ index: Int) -> Triple {
            (places[3 * index], places[3 * index + 1], places[3 * index + 2])
        }
        var constants = cyc_look()
        constants.side = Int32(side)
        constants.curve_points = Int32(curvePoints)
        (constants.scale, constants.offset) = (triple(0), triple(1))
        (constants.curve_scale, constants.curve_offset) = (triple(2), triple(3))
        self.init(
            constants, points: points, curves: curves, madeFrom: Look(title: "recorded"))
    }
}
