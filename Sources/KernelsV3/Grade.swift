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

/// Pixels of a row that are graded at once.
private let stripWidth: Int32 = 64

/// Of so many that are left.
@inline(__always)
private func strip(_ left: Int32) -> Int32 { left < stripWidth ? left : stripWidth }

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
            cyc_grade_step(
                grade, from, start &+ Int64(column), to, target &+ Int64(column),
                strip(region.width &- column))
            column &+= stripWidth
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
            cyc_grade_over_step(
                grade, from, weights, start &+ Int64(column), to, target &+ Int64(column),
                strip(region.width &- column))
            column &+= stripWidth
        }
        row &+= 1
    }
}
