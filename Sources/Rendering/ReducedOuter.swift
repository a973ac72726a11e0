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

/// The squares pixels lie between, one direction of `cyc_kernels.enlarge`.
enum Squares {
    /// The square a pixel lies after.
    /// - Frame path: yes
    static func before(_ pixel: Int32, _ reduction: Int32) -> Int32 {
        (2 &* pixel &+ reduction &+ 1) / (2 &* reduction)
    }

    /// The squares a region of pixels lies between.
    /// - Frame path: yes
    static func region(_ pixels: cyc_region, _ reduction: Int32) -> cyc_region {
        let x = before(pixels.x, reduction)
        let y = before(pixels.y, reduction)
        return cyc_region(
            x: x, y: y,
            width: before(pixels.x &+ pixels.width &- 1, reduction) &+ 2 &- x,
            height: before(pixels.y &+ pixels.height &- 1, reduction) &+ 2 &- y)
    }
}

extension StagePlan {
    /// Side in pixels of the squares a view is drawn in.
    /// - Frame path: yes
    func reduction(_ frame: UnsafePointer<FramePlan>, view: Int) -> Int {
        view == 0 ? frame.pointee.quality.outerReduction : 1
    }
}
