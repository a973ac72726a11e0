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

/// Scene-linear to wall light; reference: `Reference.grade`.
/// - Frame path: yes
func grade(
    _ grade: UnsafePointer<cyc_grade>, _ region: cyc_region, _ from: cyc_planes, _ to: cyc_planes
) {
    if cyc_is_plain(grade) != 0 {
        gradePlainly(cyc_plain(grade), region, from, to)
    } else {
        gradeStrips(grade, region, from, nil, to)
    }
}

/// A plain grade, its numbers in registers all the way.
/// - Frame path: yes
private func gradePlainly(
    _ grade: cyc_plain_grade, _ region: cyc_region, _ from: cyc_planes, _ to: cyc_planes
) {
    var grade = grade
    var row: Int32 = 0
    while row < region.height {
        var column: Int32 = 0
        let start = Int64(row) &* Int64(from.stride)
        let target = Int64(row) &* Int64(to.stride)
        while column < region.width {
            cyc_plain_grade_step(
                &grade, from, start &+ Int64(column), to, target &+ Int64(column),
                region.width &- column)
            column &+= 16
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
    gradeStrips(grade, region, from, weights, to)
}

/// A grade strip by strip, in place of what is there or over it where there are weights; one that
/// is a table alone with its numbers near all the way.
/// - Frame path: yes
@inline(__always)
private func gradeStrips(
    _ grade: UnsafePointer<cyc_grade>, _ region: cyc_region, _ from: cyc_planes,
    _ weights: UnsafePointer<Float>?, _ to: cyc_planes
) {
    var groups = cyc_strip_groups()
    var (row, column): (Int32, Int32) = (0, 0)
    if cyc_is_table_alone(grade) != 0 {
        var table = cyc_table_of(grade)
        while cyc_next_groups(region, from.stride, to.stride, &row, &column, &groups) > 0 {
            cyc_table_grade_step(&table, from, weights, &groups, to)
        }
    } else {
        while cyc_next_groups(region, from.stride, to.stride, &row, &column, &groups) > 0 {
            cyc_grade_step(grade, from, weights, &groups, to)
        }
    }
    if region.width & 15 != 0 { gradeFew(grade, region, from, weights, to) }
}

/// The last columns of a region, of which there are fewer than sixteen.
/// - Frame path: yes
@inline(never)
private func gradeFew(
    _ grade: UnsafePointer<cyc_grade>, _ region: cyc_region, _ from: cyc_planes,
    _ weights: UnsafePointer<Float>?, _ to: cyc_planes
) {
    let (column, count) = (Int64(region.width & ~15), region.width & 15)
    var row: Int32 = 0
    while row < region.height {
        cyc_grade_few(
            grade, from, weights, Int64(row) &* Int64(from.stride) &+ column, to,
            Int64(row) &* Int64(to.stride) &+ column, count)
        row &+= 1
    }
}
