/// A colour transform as a look file describes it: steps, first to last.
///
/// Not for pixels in bulk: `applied` is the scalar reference.
public struct Look: Sendable, Equatable {
    /// The file's own title; empty if it has none.
    public var title: String
    /// What is done, in order; none changes nothing.
    public var steps: [LookStep]

    /// A look of some steps.
    public init(title: String = "", steps: [LookStep] = []) {
        self.title = title
        self.steps = steps
    }

    /// One colour through every step, in the space the file is meant for.
    public func applied(to color: ColorTriple) -> ColorTriple {
        steps.reduce(color) { $1.applied(to: $0) }
    }
}

/// One step of a look; the kinds of step CLF has (ST 2136-1).
public enum LookStep: Sendable, Equatable {
    /// A matrix, then an offset.
    case matrix(ColorMatrix, offset: ColorTriple)
    /// Curves, one a channel.
    case curves(CurveLUT)
    /// A 3D table.
    case cube(CubeLUT)
    /// A line with ends, the same for every channel.
    case range(LookRange)
    /// Logarithms, one a channel; `isInverse`: from code to light.
    case log(red: LookLog, green: LookLog, blue: LookLog, isInverse: Bool)
    /// Powers, one a channel.
    case exponent(red: LookExponent, green: LookExponent, blue: LookExponent, isInverse: Bool)
    /// An ASC CDL, clamping (v1.2) or not.
    case cdl(CDL, isClamped: Bool, isInverse: Bool)

    /// No channel has to do with another one.
    public var keepsChannelsApart: Bool {
        switch self {
        case .matrix(let matrix, _):
            matrix.row0.y == 0 && matrix.row0.z == 0 && matrix.row1.x == 0 && matrix.row1.z == 0
                && matrix.row2.x == 0 && matrix.row2.y == 0
        case .cube: false
        case .cdl(let cdl, _, _): cdl.saturation == 1
        case .curves, .range, .log, .exponent: true
        }
    }

    /// One colour through this step.
    public func applied(to color: ColorTriple) -> ColorTriple {
        switch self {
        case .matrix(let matrix, let offset): return matrix * color + offset
        case .curves(let curves): return curves.applied(to: color)
        case .cube(let cube): return cube.applied(to: color)
        case .range(let range):
            return ColorTriple(
                range.applied(to: color.x), range.applied(to: color.y),
                range.applied(to: color.z))
        case .log(let red, let green, let blue, let isInverse):
            return isInverse
                ? ColorTriple(
                    red.light(code: color.x), green.light(code: color.y),
                    blue.light(code: color.z))
                : ColorTriple(
                    red.code(light: color.x), green.code(light: color.y),
                    blue.code(light: color.z))
        case .exponent(let red, let green, let blue, let isInverse):
            return isInverse
                ? ColorTriple(
                    red.inverted(color.x), green.inverted(color.y), blue.inverted(color.z))
                : ColorTriple(
                    red.applied(to: color.x), green.applied(to: color.y),
                    blue.applied(to: color.z))
        case .cdl(let cdl, let isClamped, false):
            return isClamped ? cdl.appliedClamped(to: color) : cdl.applied(to: color)
        case .cdl(let cdl, let isClamped, true):
            return cdl.inverted(color, isClamped: isClamped)
        }
    }
}
