public import Color
public import FrameModel
import Lanes
import StageModel

/// Colour constants of every view on every wall: the scopes all → wall → inner frustum or outer,
/// then the wall's limits and the light its limiters leave.
///
/// A stack that stands still and is baked is drawn by its table, every other one exactly; so is a
/// picture that is being frozen, which may outlive its tables.
/// - Frame path: yes
func prepareGrades(
    _ live: UnsafePointer<LiveState>, at frame: Int64, _ stage: LoopStage,
    _ plan: UnsafeMutablePointer<FramePlan>, isFreezing: Bool
) {
    let all = grade(live, LiveLayout.all, at: frame, stage.looks)
    var ofViews = InlineArray<9, Grade>(repeating: Grade())
    for view in 0..<plan.pointee.viewCount {
        let scope = LiveLayout.scope(view: plan.pointee.views[view].camera)
        ofViews[view] = grade(live, scope, at: frame, stage.looks)
    }
    let hasBakes = live.hasBakes && !isFreezing && !live.isGradeFading(at: frame)
    for wall in 0..<stage.walls.count {
        let ofWall = grade(live, LiveLayout.scope(wall: wall), at: frame, stage.looks)
        let limits = live.limits(wall: wall, at: frame)
        for view in 0..<plan.pointee.viewCount {
            let stack: GradeStack = [all, ofWall, ofViews[view]]
            let baked =
                hasBakes
                ? bake(of: stack, wall: stage.tableWall(of: wall), live, stage.looks) : .none
            plan.pointee.grades[view * StageLimits.walls + wall] =
                baked.isThere
                ? stage.walls[wall].constants(baked: baked, limits: limits)
                : stage.walls[wall].constants(stack, limits: limits)
        }
    }
}

/// Limits every wall's light anew; those of a frozen picture protect the wall as it is now.
/// - Frame path: yes
func prepareLimits(
    _ live: UnsafePointer<LiveState>, at frame: Int64, _ stage: LoopStage,
    _ plan: UnsafeMutablePointer<FramePlan>
) {
    for wall in 0..<stage.walls.count {
        let limits = live.limits(wall: wall, at: frame)
        let color = stage.walls[wall]
        for view in 0..<plan.pointee.viewCount {
            color.limit(&plan.pointee.grades[view * StageLimits.walls + wall], to: limits)
        }
    }
}

/// The table of a stack.
///
/// Asked for only while no grade fades: a stack at its end is one that a replay can bake again from
/// the settings alone.
private func bake(
    of stack: GradeStack, wall: Int, _ live: UnsafePointer<LiveState>, _ looks: LookTable
) -> LookReference {
    looks.bakes.look(fingerprint: live.bake(of: Grade.key(of: stack, wall: wall)))
}

/// A scope's grade with its look.
private func grade(
    _ live: UnsafePointer<LiveState>, _ scope: Int, at frame: Int64, _ looks: LookTable
) -> Grade {
    var grade = live.grade(scope: scope, at: frame)
    grade.look = looks.look(fingerprint: live.look(scope: scope, at: frame))
    return grade
}

/// A stack of grades that walls show to the end of all fades.
public struct SettledStack: Sendable {
    /// Indices into the stage's walls, all of which share tables.
    public var walls: [Int]
    /// `Grade.key` of the stack.
    public var key: UInt64
    /// The grades.
    public var stack: GradeStack
}

extension LoopStage {
    /// The stacks that are worth a table, each once: those with a look, with a CDL on codes or with
    /// powers in two scopes cost more than one.
    public func costlyStacks(_ live: UnsafePointer<LiveState>) -> [SettledStack] {
        let views = [LiveLayout.outer] + cameras.indices.map { LiveLayout.scope(camera: $0) }
        let all = grade(live, LiveLayout.all, at: .max, looks)
        var found: [SettledStack] = []
        for wall in 0..<walls.count {
            let ofWall = grade(live, LiveLayout.scope(wall: wall), at: .max, looks)
            for view in views {
                let stack: GradeStack = [all, ofWall, grade(live, view, at: .max, looks)]
                let key = Grade.key(of: stack, wall: tableWall(of: wall))
                guard Grade.isCostly(stack) else { continue }
                if let index = found.firstIndex(where: { $0.key == key }) {
                    if found[index].walls.last != wall { found[index].walls.append(wall) }
                    continue
                }
                found.append(SettledStack(walls: [wall], key: key, stack: stack))
            }
        }
        return found
    }

    /// The first wall that shares tables with one.
    /// - Frame path: yes
    func tableWall(of wall: Int) -> Int {
        var first = 0
        while !walls[first].sharesTables(with: walls[wall]) { first &+= 1 }
        return first
    }

    /// A stack as a table that is near enough to it on every wall that shows it, or too far off
    /// (`error`).
    public func baked(_ settled: SettledStack) -> (look: PreparedLook, error: Double) {
        WallColor.baked(settled.stack, on: settled.walls.map(wall))
    }
}

/// Scales what comes out of a grade, floor and limits included.
/// - Frame path: yes
func scaleLight(_ grade: inout cyc_grade, by light: Float) {
    let m = grade.out_matrix
    grade.out_matrix = (
        m.0 * light, m.1 * light, m.2 * light, m.3 * light, m.4 * light, m.5 * light,
        m.6 * light, m.7 * light, m.8 * light
    )
    grade.clip *= light
    grade.floor = (grade.floor.0 * light, grade.floor.1 * light, grade.floor.2 * light)
    guard light > 0 else {
        grade.limits.is_used = 0
        return
    }
    grade.limits.roll_from *= light
    grade.limits.to_pq /= light
    grade.limits.peak *= light
    grade.limits.mark_light *= light
    grade.limits.mark_least *= light
}
