import CLanes

/// One pass over a flat picture; reference: `Reference.picturePass`.
/// - Frame path: yes
func picturePass(
    _ map: UnsafePointer<cyc_plane_map>, _ pass: UnsafePointer<cyc_pass>, _ region: cyc_region,
    _ to: cyc_layer
) {
    let map = map.pointee
    let pass = pass.pointee
    if isUpright(map) && pass.is_cubic == 0 && pass.samples == 1 {
        passByColumns(map, pass, region, to)
        return
    }
    let step = 16 &* (CYC_KEPT / pass.samples)
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int64(row) &* Int64(to.light.stride)
        while column < region.width {
            cyc_picture_pass_step(
                map, pass, region.x &+ column, region.y &+ row, to, start &+ Int64(column),
                region.width &- column)
            column &+= step
        }
        row &+= 1
    }
}

/// - Frame path: yes
private func passByColumns(
    _ map: cyc_plane_map, _ pass: cyc_pass, _ region: cyc_region, _ to: cyc_layer
) {
    var row: Int32 = 0
    while row < region.height {
        let left = region.height &- row
        let height = left < CYC_UPRIGHT_HEIGHT ? left : CYC_UPRIGHT_HEIGHT
        let start = Int64(row) &* Int64(to.light.stride)
        var column: Int32 = 0
        while column < region.width {
            let (x, y) = (region.x &+ column, region.y &+ row)
            let at = start &+ Int64(column)
            let (count, first) = (region.width &- column, column == 0 ? 1 as Int32 : 0)
            if to.alpha == nil {
                cyc_pass_column(map, pass, x, y, height, first, 0, to, at, count)
            } else {
                cyc_pass_column(map, pass, x, y, height, first, 1, to, at, count)
            }
            column &+= 16
        }
        row &+= CYC_UPRIGHT_HEIGHT
    }
}

/// One pass over a dome; reference: `Reference.domePass`.
/// - Frame path: yes
func domePass(
    _ map: UnsafePointer<cyc_dome_map>, _ pass: UnsafePointer<cyc_pass>, _ region: cyc_region,
    _ to: cyc_layer
) {
    let map = map.pointee
    let pass = pass.pointee
    let step = 16 &* (CYC_KEPT / pass.samples)
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int64(row) &* Int64(to.light.stride)
        while column < region.width {
            cyc_dome_pass_step(
                map, pass, region.x &+ column, region.y &+ row, to, start &+ Int64(column),
                region.width &- column)
            column &+= step
        }
        row &+= 1
    }
}

/// A card's gathered samples over what is there; reference: `Reference.laidOver`.
/// - Frame path: yes
func layOver(
    _ map: UnsafePointer<cyc_plane_map>, _ region: cyc_region, _ from: cyc_layer,
    _ to: cyc_planes
) {
    let map = map.pointee
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let source = Int64(row) &* Int64(from.light.stride)
        let target = Int64(row) &* Int64(to.stride)
        while column < region.width {
            cyc_lay_step(
                map, region.x &+ column, region.y &+ row, from, source &+ Int64(column), to,
                target &+ Int64(column), region.width &- column)
            column &+= 16
        }
        row &+= 1
    }
}
