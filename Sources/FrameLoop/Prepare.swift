public import FrameModel
import Geometry
import Lanes
import StageModel
import Timing
import Tracking

/// Decides everything about a frame before any pixel: poses at `lightTime`, frusta, placement of
/// the scene, colour constants.
///
/// - Parameters:
///   - state: the run's state; tracking history and frozen poses change.
///   - inputs: the closed list of what may influence the frame.
///   - stage: tables of the stage.
///   - plan: overwritten with the frame's plan.
/// - Frame path: yes
public func preparePlan(
    _ state: UnsafeMutablePointer<LoopState>, _ inputs: FrameInputs, _ stage: LoopStage,
    into plan: UnsafeMutablePointer<FramePlan>
) {
    acceptPackets(state, inputs, stage)
    judgeRegistrations(state, inputs, stage)
    let live = inputs.live
    let wantsFreeze = live.stage(.isFrozen, at: inputs.liveFrame) > 0.5
    if wantsFreeze && state.pointee.isFrozen {
        copyPicture(of: &state.pointee.frozenPlan, to: plan)
        prepareLimits(live, at: inputs.liveFrame, stage, plan)
    } else {
        prepareScenes(inputs, stage, plan)
        plan.pointee.defocus = live.scene(.defocus, at: inputs.liveFrame)
        prepareViews(state, inputs, stage, plan)
        prepareGrades(live, at: inputs.liveFrame, stage, plan, isFreezing: wantsFreeze)
        if wantsFreeze { copyPicture(of: &plan.pointee, to: &state.pointee.frozenPlan) }
    }
    state.pointee.isFrozen = wantsFreeze
    plan.pointee.pattern = patternPlan(live, inputs)
    plan.pointee.frame = inputs.frame
    plan.pointee.lightTime = inputs.lightTime
    // The picture made in frame n is on the wire in frame n + 1 (design, "Each output").
    plan.pointee.rtpTimestamp = stage.grid.rtpTimestamp(of: inputs.frame + 1)
    plan.pointee.ditherPhase = 0
    plan.pointee.quality = Quality.steps[min(Int(inputs.quality), Quality.steps.count - 1)]
    plan.pointee.quality.outerReduction = max(
        plan.pointee.quality.outerReduction, live.outerReduction(at: inputs.liveFrame))
    if 0.5...1.5 ~= live.stage(.view, at: inputs.liveFrame) {
        paintQuality(plan, wallCount: stage.walls.count)
    }
    limitFrames(state, inputs, stage, plan)
    plan.pointee.probe = stage.probePlace(live, at: inputs.liveFrame)
    let blackout = min(1, max(0, live.stage(.blackout, at: inputs.liveFrame)))
    dim(plan, to: Float(1 - blackout), wallCount: stage.walls.count)
    correctWalls(live, at: inputs.liveFrame, stage, plan)
    state.pointee.blackoutLight = 1 - blackout
}

/// Hands each datagram to the history of every source that listens where it arrived.
private func acceptPackets(
    _ state: UnsafeMutablePointer<LoopState>, _ inputs: FrameInputs, _ stage: LoopStage
) {
    let sourceCount = stage.sourceCount
    for source in 0..<sourceCount {
        func nanoseconds(_ field: SourceField) -> Int64 {
            let frames = inputs.live.source(source, field, at: inputs.liveFrame)
            return Int64((frames * stage.periodNanoseconds).rounded())
        }
        state.pointee.timelines[source].setDelay(
            nanoseconds(.delay), lens: nanoseconds(.lensDelay))
    }
    for packet in inputs.packets where packet.source >= 0 && packet.source < sourceCount {
        state.pointee.timelines[packet.source].accept(
            datagram: packet.bytes, sender: packet.sender, senderPort: packet.senderPort,
            arrivalTime: packet.arrivalTime, clock: inputs.clock)
    }
}

/// Judges what each camera was drawn with by what its tracker has said since.
///
/// One camera's distance to the wall is looked for a frame, in turn: it changes slowly, and the
/// walls may be of thousands of facets.
private func judgeRegistrations(
    _ state: UnsafeMutablePointer<LoopState>, _ inputs: FrameInputs, _ stage: LoopStage
) {
    let count = stage.cameras.count
    guard count > 0 else { return }
    for index in 0..<count {
        state.pointee.registration[index] = judgeRegistration(
            state, stage.camera(index, inputs.live, at: inputs.liveFrame), index)
    }
    let index = Int(inputs.frame.magnitude % UInt64(count))
    let memory = state.pointee.cameras[index]
    guard memory.isKnown else { return }
    let pupil = stage.cameras[index].stageFromPupil(body: memory.stageFromBody, memory.lens)
    state.pointee.registrations[index].wallDistance =
        stage.distance(from: pupil.translation, along: pupil.rotation.y)
        ?? RegistrationMemory.usualDistance
}

/// The test pattern on the tree; strips tell the number of the frame being made.
private func patternPlan(_ live: UnsafePointer<LiveState>, _ inputs: FrameInputs) -> PatternPlan {
    let frame = inputs.liveFrame
    func field(_ field: PatternField) -> Double { live.pattern(field, at: frame) }
    return PatternPlan(
        pattern: TestPattern(rawValue: Int(field(.pattern))) ?? .picture, level: field(.level),
        color: SIMD3(field(.red), field(.green), field(.blue)), panel: Int(field(.panel)) - 1,
        cell: Int(field(.cell)), frame: inputs.frame, step: Int(field(.step)),
        size: field(.size))
}

/// The scene, and during a crossfade the one it comes from, as they stand and move at the frame.
private func prepareScenes(
    _ inputs: FrameInputs, _ stage: LoopStage, _ plan: UnsafeMutablePointer<FramePlan>
) {
    let (live, frame) = (inputs.live, inputs.liveFrame)
    let placement = scenePlacement(live, at: frame)
    var (scene, leaving) = (inputs.scene, inputs.leaving)
    var (inUse, leavingInUse) = (live.pointee.scene, live.pointee.leaving)
    let mix = live.sceneMix(at: frame)
    plan.pointee.movies = (inputs.movies, inputs.leavingMovies)
    if mix <= 0, leaving != nil {
        // A crossfade's first frame is the leaving scene alone.
        (scene, inUse) = (leaving, leavingInUse)
        plan.pointee.movies.scene = inputs.leavingMovies
        leaving = nil
    }
    if !(mix > 0 && mix < 1) || scene == nil { leaving = nil }
    if leaving == nil { leavingInUse = .none }
    plan.pointee.scenesInUse = (inUse, leavingInUse, frame)
    stage.place(scene, leaving, plan)
    plan.pointee.sceneMix = leaving == nil ? 1 : Float(mix)
    plan.pointee.sceneFromStage = (scene?.pointee.ownFromPlaced ?? .identity) * placement
    plan.pointee.leavingFromStage = (leaving?.pointee.ownFromPlaced ?? .identity) * placement
}

extension LoopStage {
    /// Gives a plan its scenes, moved to where they are in the frame that `scenesInUse` says.
    /// - Frame path: yes
    func place(
        _ scene: UnsafePointer<PreparedScene>?, _ leaving: UnsafePointer<PreparedScene>?,
        _ plan: UnsafeMutablePointer<FramePlan>
    ) {
        let (first, second, frame) = plan.pointee.scenesInUse
        func seconds(_ inUse: SceneInUse) -> Double {
            Double(frame &- inUse.startFrame) * (periodNanoseconds * 1e-9)
        }
        plan.pointee.scene = moved.scene(
            scene, seconds: seconds(first), plan.pointee.movies.scene, isLeaving: false)
        plan.pointee.leaving = moved.scene(
            leaving, seconds: seconds(second), plan.pointee.movies.leaving, isLeaving: true)
    }
}

/// Where the scene stands: the stage's placement turned, scaled and moved, seen from the stage.
private func scenePlacement(_ live: UnsafePointer<LiveState>, at frame: Int64) -> Similarity {
    let degrees = Double.pi / 180
    let rotation = Matrix3(
        pan: live.scene(.rotation, at: frame) * degrees,
        tilt: live.scene(.horizon, at: frame) * degrees, roll: 0)
    let offset = Vector3(
        live.scene(.offsetX, at: frame), live.scene(.offsetY, at: frame),
        live.scene(.offsetZ, at: frame))
    let stageFromScene = Similarity(
        rotation: rotation, scale: live.scene(.scale, at: frame), translation: offset)
    return stageFromScene.inverse
}

/// The outer view, then one for each camera whose inner frustum is drawn.
private func prepareViews(
    _ state: UnsafeMutablePointer<LoopState>, _ inputs: FrameInputs, _ stage: LoopStage,
    _ plan: UnsafeMutablePointer<FramePlan>
) {
    plan.pointee.views[0] = .outer(eye: stage.outerEye)
    var count = 1
    for index in 0..<stage.cameras.count {
        let memory = cameraMemory(state, inputs, stage, index)
        state.pointee.cameras[index] = memory
        let isGone =
            memory.isLost && inputs.live.camera(index, .whenLost, at: inputs.liveFrame) > 0.5
        guard memory.isKnown, !isGone,
            inputs.live.camera(index, .isEnabled, at: inputs.liveFrame) > 0.5
        else { continue }
        let overscan =
            inputs.live.camera(index, .overscanMode, at: inputs.liveFrame) > 0.5
            ? memory.overscan.share
            : inputs.live.camera(index, .overscan, at: inputs.liveFrame) / 100
        state.pointee.cameras[index].overscanDrawn = overscan
        plan.pointee.views[count] = innerView(
            stage.cameras[index], index, memory, overscan: overscan, inputs.live,
            at: inputs.liveFrame)
        count += 1
    }
    plan.pointee.viewCount = count
}

/// The pose and lens a camera is drawn with: frozen, fixed on the tree, or tracked.
private func cameraMemory(
    _ state: UnsafeMutablePointer<LoopState>, _ inputs: FrameInputs, _ stage: LoopStage,
    _ index: Int
) -> CameraMemory {
    let (live, frame) = (inputs.live, inputs.liveFrame)
    let camera = stage.camera(index, live, at: frame)
    var memory = state.pointee.cameras[index]
    let freeze = live.camera(index, .isFrozen, at: frame) > 0.5
    if freeze && memory.isFrozen { return memory }
    memory.sensor = camera.sensor
    memory.isLost = false
    let tracked = state.pointee.timelines[camera.source].cameraState(
        at: inputs.lightTime, now: inputs.clock.host(tai: inputs.tickTime))
    if live.camera(index, .usesFixedPose, at: frame) > 0.5 || camera.isFixed {
        memory.stageFromBody = fixedPose(live, index, at: frame)
        var rings = LensReading()
        rings.say(.zoom, live.camera(index, .fixedZoom, at: frame))
        (memory.lens, memory.lensOrigin) = camera.lens(rings, LensShape())
        memory.overscan.fix(overscanBounds(live, index, at: frame).lowerBound)
        memory.isKnown = true
    } else if tracked.status != .never {
        memory.stageFromBody = tracked.stageFromBody
        memory.isLost = tracked.status == .lost
        (memory.lens, memory.lensOrigin) = camera.lens(tracked.lens, tracked.shape)
        memory.isKnown = true
        memory.overscan.follow(
            tracked, state.pointee.registration[index], memory.lens, camera,
            within: overscanBounds(live, index, at: frame), period: stage.periodNanoseconds * 1e-9)
        state.pointee.registrations[index].remember(
            DrawnPose(
                lightTime: inputs.lightTime,
                stageFromPupil: camera.stageFromPupil(body: tracked.stageFromBody, memory.lens),
                focalLengthMillimeters: memory.lens.focalLengthMillimeters))
    }
    memory.isFrozen = freeze && memory.isKnown
    return memory
}

/// The least and the greatest overscan that sizes itself, shares of the picture.
private func overscanBounds(
    _ live: UnsafePointer<LiveState>, _ camera: Int, at frame: Int64
) -> ClosedRange<Double> {
    let floor = live.camera(camera, .overscanFloor, at: frame) / 100
    return floor...max(floor, live.camera(camera, .overscanCeiling, at: frame) / 100)
}

/// The pose on the control tree: for locked-off shots and dead trackers.
private func fixedPose(_ live: UnsafePointer<LiveState>, _ camera: Int, at frame: Int64) -> Pose {
    let degrees = Double.pi / 180
    return Pose(
        pan: live.camera(camera, .fixedPan, at: frame) * degrees,
        tilt: live.camera(camera, .fixedTilt, at: frame) * degrees,
        roll: live.camera(camera, .fixedRoll, at: frame) * degrees,
        translation: Vector3(
            live.camera(camera, .fixedX, at: frame), live.camera(camera, .fixedY, at: frame),
            live.camera(camera, .fixedZ, at: frame)))
}

/// An inner frustum's view: eye at the entrance pupil, outline from sensor and lens.
private func innerView(
    _ camera: LoopCamera, _ index: Int, _ memory: CameraMemory, overscan: Double,
    _ live: UnsafePointer<LiveState>, at frame: Int64
) -> ViewPlan {
    let lens = memory.lens
    let stageFromSensor = memory.stageFromBody * camera.bodyFromSensor
    let outline = Outline(
        lens: lens, sensor: memory.sensor.area, overscan: overscan,
        softEdge: live.camera(index, .softEdge, at: frame) / 100)
    return ViewPlan(
        camera: index,
        eye: stageFromSensor * Vector3(0, lens.entrancePupilOffset, 0),
        stageFromPupil: stageFromSensor.rotation, outline: outline,
        pixelsPerRadian: memory.sensor.pixelsPerRadianPerMillimeter * lens.focalLengthMillimeters)
}

/// Everything of a plan that makes its picture; its time and its light stay.
private func copyPicture(
    of source: UnsafeMutablePointer<FramePlan>, to target: UnsafeMutablePointer<FramePlan>
) {
    target.pointee.scene = source.pointee.scene
    target.pointee.sceneFromStage = source.pointee.sceneFromStage
    target.pointee.leaving = source.pointee.leaving
    target.pointee.leavingFromStage = source.pointee.leavingFromStage
    target.pointee.sceneMix = source.pointee.sceneMix
    target.pointee.scenesInUse = source.pointee.scenesInUse
    target.pointee.movies = source.pointee.movies
    target.pointee.defocus = source.pointee.defocus
    target.pointee.viewCount = source.pointee.viewCount
    target.pointee.views = source.pointee.views
    target.pointee.grades = source.pointee.grades
}

/// Scales the wall's light after everything else: blackout beats every other control, and what
/// clips at peak fades with the rest.
private func dim(_ plan: UnsafeMutablePointer<FramePlan>, to light: Float, wallCount: Int) {
    plan.pointee.light = light
    guard light < 1 else { return }
    for view in 0..<plan.pointee.viewCount {
        for wall in 0..<wallCount {
            scaleLight(&plan.pointee.grades[view * StageLimits.walls + wall], by: light)
        }
    }
}
