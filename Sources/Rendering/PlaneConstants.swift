import Geometry
import Lanes

/// Constants of a flat picture whose texel place is (u/w, v/w).
///
/// Places are told against an anchor texel near `at`, in doubles, so that the kernel's floats are
/// small numbers there.
/// - Frame path: yes
func planeConstants(
    u: Linear, v: Linear, w: Linear, at: Vector2, rays: Rays, level: cyc_level, face: Int
) -> cyc_plane_map {
    let atW = w.value(at.x, at.y)
    let scale = 1 / atW
    let columns = Double(level.width)
    let rows = Double(level.height)
    let anchorU = anchor(u.value(at.x, at.y) * scale, columns)
    let anchorV = anchor(v.value(at.x, at.y) * scale, rows)
    var out = cyc_plane_map(
        u: (scale * (u + -anchorU * w)).floats, v: (scale * (v + -anchorV * w)).floats,
        w: (scale * w).floats, u_min: Float(-0.5 - anchorU), u_max: Float(columns - 0.5 - anchorU),
        v_min: Float(-0.5 - anchorV), v_max: Float(rows - 0.5 - anchorV),
        texels: level.texels!
            + (Int(anchorV) &* Int(level.stride) &+ Int(anchorU)
                &+ face &* Int(level.face_stride)),
        stride: level.stride, upright_rows: 0, has_edges: 0, edge_left: 0, edge_right: 0,
        edge_top: 0, edge_bottom: 0, edge_pixels: 1
    )
    out.edge_left = out.u_min
    out.edge_right = out.u_max
    out.edge_top = out.v_min
    out.edge_bottom = out.v_max
    out.upright_rows = uprightRows(
        scale * u, scale * v, scale * w, uDown: Double(out.u.along_y), rays)
    return out
}

/// `cyc_plane_map.upright_rows` of a patch: rows of texels that sixteen neighbors lie between, or
/// 0 when u or w change down the patch, or by more than the kernel has room for.
///
/// Bounds hold for the whole patch: along a row du/dx is a constant over w², and so is dv/dx, which
/// is greatest in the first or last row.
/// - Frame path: yes
private func uprightRows(
    _ u: Linear, _ v: Linear, _ w: Linear, uDown: Double, _ rays: Rays
) -> Int32 {
    let low = Double(rays.height &- 1)
    // The kernel's last sixteen may reach beyond the patch.
    let least = Swift.min(w.at, w.value(Double(rays.width &+ 14), 0))
    // Neither moves a sample by a thousandth of a texel: `uDown` is against the anchor, from which
    // no place of a patch is a thousand texels away.
    guard least > 0.01, abs(w.alongY) * low < 1e-6 * least, abs(uDown) * low < 1e-3 * least
    else { return 0 }
    let perSquare = 1 / (least * least)
    let across = abs(u.alongX * w.at - u.at * w.alongX) * perSquare
    let last = v.at + low * v.alongY
    let slope =
        Swift.max(
            abs(v.alongX * w.at - v.at * w.alongX), abs(v.alongX * w.at - last * w.alongX))
        * perSquare
    let down = abs(v.alongY) / least
    let rows = 2 + (15 * slope + 0.01).rounded(.up)
    let high = Double(CYC_UPRIGHT_HEIGHT &- 1)
    guard 15 * across + 2 <= Double(CYC_UPRIGHT_TEXELS),
        high * down + rows + 1 <= Double(CYC_UPRIGHT_ROWS), rows <= 8
    else { return 0 }
    return Int32(rows)
}

/// A whole texel coordinate inside the picture; a NaN gives 0.
/// - Frame path: yes
private func anchor(_ place: Double, _ count: Double) -> Double {
    Swift.max(0, Swift.min(place.rounded(.down), count - 1))
}
