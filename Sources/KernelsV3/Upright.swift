import CLanes

/// Drawing by columns is right, and the faster way: on -v3 it is the slower one.
/// - Frame path: yes
func isUpright(_ map: cyc_plane_map) -> Bool {
    map.upright_rows > 0 && cyc_compiled_level() == 4
}

/// An upright picture, opaque, or a card without an edge in the region over what is there;
/// references: `Reference.picture` and `Reference.card`.
/// - Frame path: yes
func drawUpright(
    _ map: cyc_plane_map, isCard: Bool, _ region: cyc_region, _ to: cyc_planes
) {
    var row: Int32 = 0
    while row < region.height {
        let left = region.height &- row
        let height = left < CYC_UPRIGHT_HEIGHT ? left : CYC_UPRIGHT_HEIGHT
        let start = Int64(row) &* Int64(to.stride)
        var column: Int32 = 0
        while column < region.width {
            let (x, y) = (region.x &+ column, region.y &+ row)
            let at = start &+ Int64(column)
            let first: Int32 = column == 0 ? 1 : 0
            if isCard {
                cyc_upright_column(map, 1, x, y, height, first, to, at, region.width &- column)
            } else {
                cyc_upright_column(map, 0, x, y, height, first, to, at, region.width &- column)
            }
            column &+= 16
        }
        row &+= CYC_UPRIGHT_HEIGHT
    }
}
