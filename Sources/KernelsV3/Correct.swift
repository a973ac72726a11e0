import CLanes

/// One channel's light times a gain bilinear in the pixel; reference: `Reference.gained`.
/// - Frame path: yes
func gain(
    _ gain: cyc_bend, _ region: cyc_region, _ light: UnsafeMutablePointer<Float>, _ stride: Int32
) {
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int(row) &* Int(stride)
        while column < region.width {
            cyc_gain_step(
                gain, region.x &+ column, region.y &+ row, light + (start &+ Int(column)),
                region.width &- column)
            column &+= 16
        }
        row &+= 1
    }
}

/// A wall's correction and one panel's gains; reference: `Reference.corrected`.
/// - Frame path: yes
func correct(
    _ correction: UnsafePointer<cyc_correction>, _ gains: cyc_gains, _ region: cyc_region,
    _ light: cyc_planes
) {
    if correction.pointee.table.points != nil { throughTable(correction, region, light) }
    drive(correction, 0, gains.red, region, light.red, light.stride)
    drive(correction, 1, gains.green, region, light.green, light.stride)
    drive(correction, 2, gains.blue, region, light.blue, light.stride)
}

/// Every pixel through the correction's table.
@inline(__always)
private func throughTable(
    _ correction: UnsafePointer<cyc_correction>, _ region: cyc_region, _ light: cyc_planes
) {
    var groups = cyc_strip_groups()
    var (row, column): (Int32, Int32) = (0, 0)
    while cyc_next_groups(region, light.stride, light.stride, &row, &column, &groups) > 0 {
        cyc_table_step(correction, light, &groups)
    }
    let (last, count) = (Int64(region.width & ~15), region.width & 15)
    guard count > 0 else { return }
    row = 0
    while row < region.height {
        cyc_table_few(correction, light, Int64(row) &* Int64(light.stride) &+ last, count)
        row &+= 1
    }
}

/// One channel through its curve and a panel's gain.
@inline(__always)
private func drive(
    _ correction: UnsafePointer<cyc_correction>, _ channel: Int32, _ gain: Float,
    _ region: cyc_region, _ light: UnsafeMutablePointer<Float>, _ stride: Int32
) {
    var ready = cyc_ready(cyc_curve_of(correction, channel))
    let hasCurve = correction.pointee.has_curves
    let full = correction.pointee.full
    let perFull = correction.pointee.per_full
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int(row) &* Int(stride)
        while column < region.width {
            cyc_drive_step(
                &ready, hasCurve, perFull, gain * full, full, light + (start &+ Int(column)),
                region.width &- column)
            column &+= 16
        }
        row &+= 1
    }
}
