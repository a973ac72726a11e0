import Geometry
import Glibc
import Lanes

/// What one pixel's step covers of a picture at a corner of a patch, in texels of its finest level.
struct Footprint: BitwiseCopyable {
    /// Texels moved by a step along x and along y.
    let across: Vector2
    let down: Vector2

    /// Squared long side of the ellipse.
    /// - Frame path: yes
    @inline(__always)
    var longSquared: Double {
        let sum = squares
        let area = across.x * down.y - across.y * down.x
        return 0.5 * (sum + Swift.max(0, sum * sum - 4 * area * area).squareRoot())
    }

    /// Squared short side of the ellipse whose long one is known.
    /// - Frame path: yes
    @inline(__always)
    func shortSquared(_ longSquared: Double) -> Double {
        Swift.max(0, squares - longSquared)
    }

    /// - Frame path: yes
    @inline(__always)
    private var squares: Double {
        across.x * across.x + across.y * across.y + down.x * down.x + down.y * down.y
    }

    /// JᵀJ, J the texels a pixel: its elements xx, yy and xy.
    /// - Frame path: yes
    var stretch: SIMD3<Double> {
        SIMD3(
            across.x * across.x + across.y * across.y, down.x * down.x + down.y * down.y,
            across.x * down.x + across.y * down.y)
    }
}

/// The footprints at the four corners of a patch, half a pixel outside its outermost pixels, where
/// the next patch has its own.
struct Footprints: BitwiseCopyable {
    var topLeft: Footprint
    var topRight: Footprint
    var lowLeft: Footprint
    var lowRight: Footprint

    /// The direction on the wall along which most texels are passed, a pixel long.
    ///
    /// Eigenvector of JᵀJ summed over the corners.
    /// - Frame path: yes
    var direction: Vector2 {
        let sum = topLeft.stretch + topRight.stretch + lowLeft.stretch + lowRight.stretch
        let angle = 0.5 * atan2(2 * sum.z, sum.x - sum.y)
        return Vector2(cos(angle), sin(angle))
    }
}
