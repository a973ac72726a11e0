import Color
import FrameModel
import Geometry
import Lanes
import StageModel

/// One panel as its light is seen: where it hangs and where it faces.
struct PanelSpot: BitwiseCopyable {
    /// Middle of its LED surface, stage metres.
    let center: Vector3
    let facing: PanelFacing
    /// Index into `Stage.walls`.
    let wall: Int

    init(_ panel: Panel) {
        center = panel.stageFromPanel.translation
        // Panel space's Y goes into the wall.
        facing = PanelFacing(normal: -panel.stageFromPanel.rotation.y)
        wall = panel.wall
    }
}

/// How each wall's light is brought to what its panels make, once everything else about the light
/// is decided: a calibrated wall's 3×3 and black go into the grades where nothing comes between
/// (specification 2.1); curves and gains are the tile's.
///
/// A frozen picture is corrected as the wall is now.
/// - Frame path: yes
func correctWalls(
    _ live: UnsafePointer<LiveState>, at frame: Int64, _ stage: LoopStage,
    _ plan: UnsafeMutablePointer<FramePlan>
) {
    plan.pointee.hasCorrections = false
    for wall in 0..<stage.walls.count {
        let isPassedBy = live.wall(wall, .isUncorrected, at: frame) > 0.5
        let reference =
            isPassedBy
            ? .none
            : stage.looks.corrections.correction(fingerprint: live.pointee.corrections[wall])
        plan.pointee.corrections[wall].reference = reference
        guard reference.isThere else { continue }
        plan.pointee.hasCorrections = true
        let limits = plan.pointee.grades[wall].limits
        plan.pointee.corrections[wall].isApart = limits.rolls_off != 0 || limits.has_marks != 0
        plan.pointee.corrections[wall].levelsAngle =
            reference.hasViewAngle && live.wall(wall, .levelsAngle, at: frame) > 0.5
        for view in 0..<plan.pointee.viewCount { correct(wall, view, reference, stage, plan) }
    }
}

/// One wall's grade in one view.
private func correct(
    _ wall: Int, _ view: Int, _ reference: CorrectionReference, _ stage: LoopStage,
    _ plan: UnsafeMutablePointer<FramePlan>
) {
    let place = view * StageLimits.walls + wall
    let camera = plan.pointee.views[view].camera
    guard plan.pointee.corrections[wall].isApart(camera: camera) else {
        reference.merge(into: &plan.pointee.grades[place])
        return
    }
    plan.pointee.corrections[wall].after = reference.split(&plan.pointee.grades[place])
    guard plan.pointee.corrections[wall].levelsAngle(camera: camera) else { return }
    let eye = plan.pointee.views[view].eye
    var (sum, total) = (ColorTriple(), 0.0)
    for spot in stage.spots where spot.wall == wall {
        let weight = plan.pointee.views[view].nearness(of: spot.center)
        guard weight > 0 else { continue }
        let seen = spot.facing.angles(to: eye - spot.center)
        sum += weight * reference.viewAngle.light(across: seen.x, upwards: seen.y)
        total += weight
    }
    plan.pointee.corrections[wall].means[view] =
        total > 0 ? sum / total : ColorTriple(repeating: 1)
}

extension ViewPlan {
    /// How near a point is to the middle of the picture: 1 there, 0 from its edges on, without a
    /// step between, so that a mean does not jump when a panel comes into view.
    /// - Frame path: yes
    fileprivate func nearness(of point: Vector3) -> Double {
        let seen = stageFromPupil.transposed * (point - eye)
        guard seen.y > 0 else { return 0 }
        func share(_ value: Double, _ range: SIMD2<Double>) -> Double {
            let u = (2 * value - range.x - range.y) / (range.y - range.x)
            return max(0, 1 - u * u)
        }
        return share(seen.x / seen.y, outline.aRange) * share(-seen.z / seen.y, outline.bRange)
    }
}
