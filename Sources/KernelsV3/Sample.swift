import CLanes

/// A flat picture seen through a facet, opaque; reference: `Reference.picture`.
/// - Frame path: yes
func picture(_ map: UnsafePointer<cyc_plane_map>, _ region: cyc_region, _ to: cyc_planes) {
    let map = map.pointee
    if isUpright(map) {
        drawUpright(map, .picture, region, to)
        return
    }
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int64(row) &* Int64(to.stride)
        while column < region.width {
            cyc_picture_step(
                map, region.x &+ column, region.y &+ row, to, start &+ Int64(column),
                region.width &- column)
            column &+= 64
        }
        row &+= 1
    }
}

/// The same through a grade: by columns in one go, else in place.
/// - Frame path: yes
func gradedPicture(
    _ map: UnsafePointer<cyc_plane_map>, _ own: UnsafePointer<cyc_grade>, _ region: cyc_region,
    _ to: cyc_planes
) {
    if isUpright(map.pointee) && cyc_is_plain(own) != 0 {
        drawUpright(map.pointee, .graded(cyc_plain(own)), region, to)
        return
    }
    picture(map, region, to)
    grade(own, region, to, to)
}

/// A dome across its faces or at a radius; reference: `Reference.dome`.
/// - Frame path: yes
func dome(_ map: UnsafePointer<cyc_dome_map>, _ region: cyc_region, _ to: cyc_planes) {
    let map = map.pointee
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int64(row) &* Int64(to.stride)
        while column < region.width {
            cyc_dome_step(
                map, region.x &+ column, region.y &+ row, to, start &+ Int64(column),
                region.width &- column)
            column &+= 64
        }
        row &+= 1
    }
}

/// A card over what is there; reference: `Reference.card`.
/// - Frame path: yes
func card(_ map: UnsafePointer<cyc_plane_map>, _ region: cyc_region, _ to: cyc_planes) {
    let map = map.pointee
    if isUpright(map) && map.has_edges == 0 {
        drawUpright(map, .card, region, to)
        return
    }
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int64(row) &* Int64(to.stride)
        while column < region.width {
            cyc_card_step(
                map, region.x &+ column, region.y &+ row, to, start &+ Int64(column),
                region.width &- column)
            column &+= 64
        }
        row &+= 1
    }
}
