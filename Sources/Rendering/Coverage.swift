import FrameModel
import Geometry

/// Whether an inner frustum shows nothing, all or part of a patch.
///
/// Never wrong about the first two: what it cannot tell is `part`.
enum Coverage: UInt8, BitwiseCopyable {
    case outside
    case inside
    case part

    /// Corners bound a and b (a projection maps a convex piece to a convex one), and the edges are
    /// bounded over those ranges.
    /// - Frame path: yes
    init(of patch: SeenPatch, _ view: UnsafePointer<ViewPlan>) {
        var low = Vector2(repeating: .infinity)
        var high = Vector2(repeating: -.infinity)
        var behind = 0
        for corner in 0..<4 {
            let v = patch.corner(corner)
            if !(v.y > 0) {
                behind &+= 1
                continue
            }
            let perForward = 1 / v.y
            let a = v.x * perForward
            let b = -v.z * perForward
            low = Vector2(Swift.min(low.x, a), Swift.min(low.y, b))
            high = Vector2(Swift.max(high.x, a), Swift.max(high.y, b))
        }
        if behind > 0 {
            self = behind == 4 ? .outside : .part
            return
        }
        let outline = view.pointee.outline
        // Wider than the rounding of the kernel's floats.
        let margin = 1e-6 * (1 + abs(low.x) + abs(high.x) + abs(low.y) + abs(high.y))
        let left = Bounds(outline.left, low.y, high.y, outline.bRange)
        let right = Bounds(outline.right, low.y, high.y, outline.bRange)
        if Swift.min(right.high - low.x, high.x - left.low) < -margin {
            self = .outside
            return
        }
        let top = Bounds(outline.top, low.x, high.x, outline.aRange)
        let bottom = Bounds(outline.bottom, low.x, high.x, outline.aRange)
        if Swift.min(bottom.high - low.y, high.y - top.low) < -margin {
            self = .outside
            return
        }
        let least = Swift.min(
            Swift.min(right.low - high.x, low.x - left.high),
            Swift.min(bottom.low - high.y, low.y - top.high))
        self = least > outline.softEdge + margin ? .inside : .part
    }
}

/// A patch in a camera's axes, from its pupil: right, forward and up.
struct SeenPatch: BitwiseCopyable {
    private let at: Vector3
    private let alongX: Vector3
    private let alongY: Vector3
    let width: Int
    let height: Int

    /// - Frame path: yes
    init(_ patch: Patch, _ view: UnsafePointer<ViewPlan>) {
        let pupilFromStage = view.pointee.stageFromPupil.transposed
        at = pupilFromStage * (patch.origin - view.pointee.eye)
        alongX = pupilFromStage * patch.alongX
        alongY = pupilFromStage * patch.alongY
        (width, height) = (patch.width, patch.height)
    }

    /// - Frame path: yes
    private init(at: Vector3, alongX: Vector3, alongY: Vector3, width: Int, height: Int) {
        (self.at, self.alongX, self.alongY) = (at, alongX, alongY)
        (self.width, self.height) = (width, height)
    }

    /// Some columns of the patch.
    /// - Frame path: yes
    func columns(from first: Int, to end: Int) -> SeenPatch {
        SeenPatch(
            at: at + Double(first) * alongX, alongX: alongX, alongY: alongY, width: end &- first,
            height: height)
    }

    /// Some rows of the patch.
    /// - Frame path: yes
    func rows(from first: Int, to end: Int) -> SeenPatch {
        SeenPatch(
            at: at + Double(first) * alongY, alongX: alongX, alongY: alongY, width: width,
            height: end &- first)
    }

    /// The centre of an outermost pixel: bit 0 right, bit 1 below.
    /// - Frame path: yes
    @inline(__always)
    fileprivate func corner(_ index: Int) -> Vector3 {
        let x = index & 1 == 0 ? 0 : Double(width &- 1)
        let y = index & 2 == 0 ? 0 : Double(height &- 1)
        return at + x * alongX + y * alongY
    }
}

/// Least and greatest value of a quartic over a range, never too narrow: its Taylor series about
/// the middle, each term at its worst.
private struct Bounds {
    let low: Double
    let high: Double

    /// - Frame path: yes
    init(_ c: InlineArray<5, Double>, _ from: Double, _ to: Double, _ range: SIMD2<Double>) {
        let least = Swift.max(range.x, Swift.min(range.y, from))
        let greatest = Swift.max(range.x, Swift.min(range.y, to))
        let m = (least + greatest) * 0.5
        let h = (greatest - least) * 0.5
        let value = c[0] + m * (c[1] + m * (c[2] + m * (c[3] + m * c[4])))
        let first = c[1] + m * (2 * c[2] + m * (3 * c[3] + m * 4 * c[4]))
        let second = c[2] + m * (3 * c[3] + m * 6 * c[4])
        let third = c[3] + m * 4 * c[4]
        let reach = h * (abs(first) + h * (abs(second) + h * (abs(third) + h * abs(c[4]))))
        low = value - reach
        high = value + reach
    }
}
