import CLanes

/// Drawing by columns is right, and the faster way: on -v3 it is the slower one.
/// - Frame path: yes
func isUpright(_ map: cyc_plane_map) -> Bool {
    map.upright_rows > 0 && cyc_compiled_level() == 4
}

/// What is drawn by columns.
enum UprightContent {
    /// An opaque picture.
    case picture
    /// The same, through a grade.
    case graded(cyc_plain_grade)
    /// A card without an edge in the region, over what is there.
    case card
}

/// An upright picture or card; references: `Reference.picture` and `Reference.card`.
/// - Frame path: yes
@inline(__always)
func drawUpright(
    _ map: cyc_plane_map, _ content: UprightContent, _ region: cyc_region, _ to: cyc_planes
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
            let (count, first) = (region.width &- column, column == 0 ? 1 as Int32 : 0)
            switch content {
            case .picture: cyc_upright_column(map, 0, nil, x, y, height, first, to, at, count)
            case .graded(var grade):
                cyc_upright_column(map, 0, &grade, x, y, height, first, to, at, count)
            case .card: cyc_upright_column(map, 1, nil, x, y, height, first, to, at, count)
            }
            column &+= 16
        }
        row &+= CYC_UPRIGHT_HEIGHT
    }
}
