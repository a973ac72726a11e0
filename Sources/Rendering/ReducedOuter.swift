import FrameModel
import Geometry
import Lanes
import StageModel

extension Patch {
    /// The patch in squares of `reduction` pixels a side, their centres where it is looked at, and
    /// one more square on each side, for pixels between centres.
    ///
    /// Square 0 ends where the patch begins. Beyond the facet the squares go on in its plane, so
    /// that nothing is different at its edge.
    /// - Frame path: yes
    func squares(of reduction: Int) -> Patch {
        let n = Double(reduction)
        let first = -0.5 * (n + 1)
        return Patch(
            origin: origin + first * (alongX + alongY), alongX: n * alongX, alongY: n * alongY,
            width: (width &+ reduction &- 1) / reduction &+ 2,
            height: (height &+ reduction &- 1) / reduction &+ 2)
    }
}

/// The squares that the pixels of a region lie between, for `cyc_kernels.enlarge`.
/// - Frame path: yes
func squares(between pixels: cyc_region, _ reduction: Int32) -> cyc_region {
    let squares = cyc_squares_of(reduction)
    let x = cyc_square_before(squares, pixels.x)
    let y = cyc_square_before(squares, pixels.y)
    return cyc_region(
        x: x, y: y,
        width: cyc_square_before(squares, pixels.x &+ pixels.width &- 1) &+ 2 &- x,
        height: cyc_square_before(squares, pixels.y &+ pixels.height &- 1) &+ 2 &- y)
}

extension StagePlan {
    /// Side in pixels of the squares a view is drawn in.
    /// - Frame path: yes
    func reduction(_ frame: UnsafePointer<FramePlan>, view: Int) -> Int {
        view == 0 ? frame.pointee.quality.outerReduction : 1
    }
}
