import CLanes

/// A picture of squares brought up to pixels; reference: `Reference.enlarged`.
/// - Frame path: yes
func enlarge(_ reduction: Int32, _ region: cyc_region, _ from: cyc_planes, _ to: cyc_planes) {
    var across = cyc_enlarge_from(reduction, region.x)
    let down = cyc_squares_of(reduction)
    let first = cyc_square_before(down, region.y)
    var row: Int32 = 0
    while row < region.height {
        let y = region.y &+ row
        var above = Int64(cyc_square_before(down, y) &- first) &* Int64(from.stride)
        let target = Int64(row) &* Int64(to.stride)
        var column: Int32 = 0
        while column < region.width {
            cyc_enlarge_step(
                &across, from, above, above &+ Int64(from.stride), cyc_square_share(down, y), to,
                target &+ Int64(column), region.width &- column)
            above &+= Int64(across.step)
            column &+= 16
        }
        row &+= 1
    }
}
