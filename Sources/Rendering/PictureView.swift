import FrameModel
import Geometry
import Lanes

/// A flat picture seen through a patch: its place across and down, 0 … 1, is (s/w, t/w).
struct PictureView: BitwiseCopyable {
    let s: Linear
    let t: Linear
    /// > 0 lies ahead.
    let w: Linear
    /// Pixel of the patch that constants are taken at; w > 0 there.
    let at: Vector2
    /// Cube face of the dome; 0 for a card.
    let face: Int

    /// The kernels' constants at a level.
    /// - Frame path: yes
    func map(_ level: cyc_level, _ rays: Rays) -> cyc_plane_map {
        planeConstants(
            u: Double(level.width) * s + -0.5 * w, v: Double(level.height) * t + -0.5 * w, w: w,
            at: at, rays: rays, level: level, face: face)
    }

    /// What the patch's corners see of the picture.
    ///
    /// With u = U/w, du/dx = (U′x·w − U·w′x) / w², whose numerator does not change along x. A
    /// corner that looks away takes the place constants are taken at.
    /// - Frame path: yes
    func footprints(finest: cyc_level, _ rays: Rays) -> Footprints {
        let u = Double(finest.width) * s
        let v = Double(finest.height) * t
        let right = Double(rays.width) - 0.5
        let low = Double(rays.height) - 0.5
        return Footprints(
            topLeft: footprint(u, v, -0.5, -0.5), topRight: footprint(u, v, right, -0.5),
            lowLeft: footprint(u, v, -0.5, low), lowRight: footprint(u, v, right, low))
    }

    /// - Frame path: yes
    @inline(__always)
    private func footprint(_ u: Linear, _ v: Linear, _ x: Double, _ y: Double) -> Footprint {
        var (x, y) = (x, y)
        var atW = w.value(x, y)
        if !(atW > 1e-6 * w.value(at.x, at.y)) {
            (x, y) = (at.x, at.y)
            atW = w.value(x, y)
        }
        let perSquare = 1 / (atW * atW)
        let (atU, atV) = (u.value(x, y), v.value(x, y))
        return Footprint(
            across: Vector2(
                (u.alongX * atW - atU * w.alongX) * perSquare,
                (v.alongX * atW - atV * w.alongX) * perSquare),
            down: Vector2(
                (u.alongY * atW - atU * w.alongY) * perSquare,
                (v.alongY * atW - atV * w.alongY) * perSquare))
    }
}
