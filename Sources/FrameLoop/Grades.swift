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
    let all = grade(live, LiveLayout.all, at: frame, stage.looks)
    var ofViews = InlineArray<9, Grade>(repeating: Grade())
    for view in 0..<plan.pointee.viewCount {
        let scope = LiveLayout.scope(view: plan.pointee.views[view].camera)
        ofViews[view] = grade(live, scope, at: frame, stage.looks)
    }
    for wall in 0..<stage.walls.count {
        let ofWall = grade(live, LiveLayout.scope(wall: wall), at: frame, stage.looks)
        for view in 0..<plan.pointee.viewCount {
            plan.pointee.grades[view * StageLimits.walls + wall] = stage.walls[wall].constants(
                [all, ofWall, ofViews[view]])
        }
    }
}

/// A scope's grade with its look.
private func grade(
    _ live: UnsafePointer<LiveState>, _ scope: Int, at frame: Int64, _ looks: LookTable
) -> Grade {
    var grade = live.grade(scope: scope, at: frame)
    grade.look = looks.look(fingerprint: live.look(scope: scope, at: frame))
    return grade
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
