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
    init(of patch: Patch, _ view: UnsafePointer<ViewPlan>) {
        let outline = view.pointee.outline
        let pupilFromStage = view.pointee.stageFromPupil.transposed
        let at = pupilFromStage * (patch.origin - view.pointee.eye)
        let x = pupilFromStage * patch.alongX
        let y = pupilFromStage * patch.alongY
        var low = Vector2(repeating: .infinity)
        var high = Vector2(repeating: -.infinity)
        var behind = 0
        for corner in 0..<4 {
            let cx = corner & 1 == 0 ? 0 : Double(patch.width &- 1)
            let cy = corner & 2 == 0 ? 0 : Double(patch.height &- 1)
            let v = at + cx * x + cy * y
            if !(v.y > 0) {
                behind &+= 1
                continue
            }
            let a = v.x / v.y
            let b = -v.z / v.y
            low = Vector2(Swift.min(low.x, a), Swift.min(low.y, b))
            high = Vector2(Swift.max(high.x, a), Swift.max(high.y, b))
        }
        if behind == 4 {
            self = .outside
            return
        }
        if behind > 0 {
            self = .part
            return
        }
        // Wider than the rounding of the kernel's floats.
        let margin = 1e-6 * (1 + abs(low.x) + abs(high.x) + abs(low.y) + abs(high.y))
        let left = Bounds(outline.left, low.y, high.y, outline.bRange)
        let right = Bounds(outline.right, low.y, high.y, outline.bRange)
        let top = Bounds(outline.top, low.x, high.x, outline.aRange)
        let bottom = Bounds(outline.bottom, low.x, high.x, outline.aRange)
        let most = Swift.min(
            Swift.min(right.high - low.x, high.x - left.low),
            Swift.min(bottom.high - low.y, high.y - top.low))
        let least = Swift.min(
            Swift.min(right.low - high.x, low.x - left.high),
            Swift.min(bottom.low - high.y, low.y - top.high))
        if most < -margin {
            self = .outside
        } else if least > outline.softEdge + margin {
            self = .inside
        } else {
            self = .part
        }
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
