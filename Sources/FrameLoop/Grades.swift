import Color
import FrameModel
import Lanes
import StageModel

/// Colour constants of every view on every wall: the scopes all → wall → inner frustum or outer.
/// - Frame path: yes
func prepareGrades(
    _ live: UnsafePointer<LiveState>, at frame: Int64, _ stage: LoopStage,
    _ plan: UnsafeMutablePointer<FramePlan>
) {
    let all = live.grade(scope: LiveLayout.all, at: frame)
    for wall in 0..<stage.walls.count {
        let ofWall = live.grade(scope: LiveLayout.scope(wall: wall), at: frame)
        for view in 0..<plan.pointee.viewCount {
            let scope = LiveLayout.scope(view: plan.pointee.views[view].camera)
            plan.pointee.grades[view * StageLimits.walls + wall] = stage.walls[wall].constants(
                [all, ofWall, live.grade(scope: scope, at: frame)])
        }
    }
}

/// Scales what comes out of a grade, floor and clip included.
/// - Frame path: yes
func scaleLight(_ grade: inout cyc_grade, by light: Float) {
    let m = grade.out_matrix
    grade.out_matrix = (
        m.0 * light, m.1 * light, m.2 * light, m.3 * light, m.4 * light, m.5 * light,
        m.6 * light, m.7 * light, m.8 * light
    )
    grade.clip *= light
    grade.floor = (grade.floor.0 * light, grade.floor.1 * light, grade.floor.2 * light)
}
