import FrameModel
import Lanes
import StageModel

/// The quality view: the picture in one color for what has given way where, for the engineer who
/// asks why it looks soft.
///
/// Every view has one color on the wall, of what it is drawn at: the outer frustum of its
/// resolution, an inner one, which is always at full resolution, of its filtering. Colors are after
/// Okabe and Ito, told apart by all eyes; their meaning stands in README.md.
/// - Frame path: yes
func paintQuality(_ plan: UnsafeMutablePointer<FramePlan>, wallCount: Int) {
    let quality = plan.pointee.quality
    for view in 0..<plan.pointee.viewCount {
        let color = view == 0 ? outerColor(quality) : innerColor(quality)
        for wall in 0..<wallCount {
            paint(&plan.pointee.grades[view * StageLimits.walls + wall], color)
        }
    }
}

/// Blue: every pixel; yellow: every second; vermilion: every fourth.
private func outerColor(_ quality: Quality) -> SIMD3<Float> {
    switch quality.outerReduction {
    case 1: SIMD3(0, 0.2, 1)
    case 2: SIMD3(1, 0.8, 0)
    default: SIMD3(1, 0.15, 0)
    }
}

/// Green: nothing has given way; sky blue: two anisotropic samples; white: one; purple: mesh edges
/// from one sample.
private func innerColor(_ quality: Quality) -> SIMD3<Float> {
    if quality.meshSamples < Quality.steps[0].meshSamples { return SIMD3(0.7, 0.1, 1) }
    switch quality.anisotropyMax {
    case Quality.steps[0].anisotropyMax...: return SIMD3(0, 1, 0.25)
    case 2...: return SIMD3(0.2, 0.8, 1)
    default: return SIMD3(1, 1, 1)
    }
}

/// Every color becomes its mean in one color, and black the least of that color that is seen on a
/// dark stage and leaves a night scene its shapes: a 300th of the wall's peak, 5 nits of 1500.
private func paint(_ grade: inout cyc_grade, _ color: SIMD3<Float>) {
    let m = grade.out_matrix
    let mean = SIMD3(m.0 + m.3 + m.6, m.1 + m.4 + m.7, m.2 + m.5 + m.8) / 3
    let (red, green, blue) = (color.x * mean, color.y * mean, color.z * mean)
    grade.out_matrix = (
        red.x, red.y, red.z, green.x, green.y, green.z, blue.x, blue.y, blue.z
    )
    let least = color * (grade.clip / 300)
    grade.floor = (least.x, least.y, least.z)
    // A roll-off or a gamut compression would change the colors that are to be read.
    grade.limits.is_used = 0
}
