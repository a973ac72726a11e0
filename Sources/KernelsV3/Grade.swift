import CLanes

/// Weight of a camera's picture; reference: `Reference.weight`.
/// - Frame path: yes
func weight(
    _ outline: UnsafePointer<cyc_outline>, _ region: cyc_region, _ to: UnsafeMutablePointer<Float>,
    _ stride: Int32
) {
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int(row) &* Int(stride)
        while column < region.width {
            cyc_weight_step(
                outline, region.x &+ column, region.y &+ row, to + (start &+ Int(column)),
                region.width &- column)
            column &+= 16
        }
        row &+= 1
    }
}

/// Pixels of a row that are graded at once, of so many that are left: whole groups of sixteen in
/// even parts, as a part of one group waits for itself; then the rest of a group.
/// - Frame path: yes
@inline(__always)
func strip(_ left: Int32) -> Int32 {
    let (groups, most) = (left >> 4, CYC_STRIP >> 4)
    guard groups > 0 else { return left }
    let parts = (groups &+ most &- 1) / most
    return (groups &+ parts &- 1) / parts &* 16
}

/// Scene-linear to wall light; reference: `Reference.grade`.
/// - Frame path: yes
func grade(
    _ grade: UnsafePointer<cyc_grade>, _ region: cyc_region, _ from: cyc_planes, _ to: cyc_planes
) {
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int64(row) &* Int64(from.stride)
        let target = Int64(row) &* Int64(to.stride)
        while column < region.width {
            let count = strip(region.width &- column)
            cyc_grade_step(
                grade, from, start &+ Int64(column), to, target &+ Int64(column), count)
            column &+= count
        }
        row &+= 1
    }
}

/// Scene-linear to wall light, blended over the target by weights.
/// - Frame path: yes
func gradeOver(
    _ grade: UnsafePointer<cyc_grade>, _ region: cyc_region, _ from: cyc_planes,
    _ weights: UnsafePointer<Float>, _ to: cyc_planes
) {
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int64(row) &* Int64(from.stride)
        let target = Int64(row) &* Int64(to.stride)
        while column < region.width {
            let count = strip(region.width &- column)
            cyc_grade_over_step(
                grade, from, weights, start &+ Int64(column), to, target &+ Int64(column), count)
            column &+= count
        }
        row &+= 1
    }
}
