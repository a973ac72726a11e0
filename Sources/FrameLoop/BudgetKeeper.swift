public import FrameModel
public import Timing

/// Decides how finely the next frame is drawn from what the last ones cost: quality gives way
/// before frames come late, and comes back once it is predicted to fit.
///
/// A plain value without a clock: times are those of the reports, so the same reports give the same
/// steps. Not part of `prepare`: its answer is an input of the frame (`FrameInputs.quality`).
///
///     own share of the period   0 ──────── 0.7 ──── 0.8 ──────── 1
///     a better step would take  ▲ step up  │ stay  │ step down ▼
///
/// Down, a step at a time: when a frame was late by our own work; when three frames more than not
/// took over 0.8 of the period of our own time; when a dozen more than not were handed over after
/// 0.9 of it, whosever fault it was. A single hole of the machine is none of these.
///
/// Down at once, too, where a scene is coming that took so much when it was last drawn.
///
/// Up, a step at a time: when the better step is predicted to take below 0.7 of the period, not
/// before 2 s after the last change. The prediction is what that step took when it was last drawn,
/// scaled by what the present one takes now against then. A better step that had to be left again
/// within 10 s doubles the wait, up to 64 s, but where the load has plainly gone (below 0.5).
public struct BudgetKeeper: BitwiseCopyable, Sendable {
    /// Index into `Quality.steps` of the next frame.
    public private(set) var step = 0

    /// What each step is thought to take at the present load, in periods.
    private var costs = BudgetKeeper.usual
    /// Frames measured at this step since it was taken.
    private var seen = 0
    /// Frames whose own work was over the limit, less those below it.
    private var strain = 0
    /// The last frame was late by its own work.
    private var isLate = false
    /// Frames handed over in the last tenth of the period or later, less the others.
    private var squeeze = 0
    /// What the last frame took, in periods, and what the last few did.
    private var latest = 0.0
    private var recent = 0.0
    /// Steps that have been measured, a bit each.
    private var known: UInt8 = 0
    /// What this step was thought to take when it was taken.
    private var expected = 0.0
    /// The step is a better one than that before it.
    private var isRaised = false
    private var changed = HostTime(nanoseconds: 0)
    private var handedOver = HostTime(nanoseconds: 0)
    private var wait = BudgetKeeper.leastWait
    /// The step that was left for what other scenes may take; past the last one: none was.
    private var leftStep = Quality.steps.count
    /// The scenes of the frames measured last.
    private var drawn = (scene: SceneInUse.none, leaving: SceneInUse.none)
    /// What the scenes took when they were last drawn, by slot of the asset table.
    private var loads = InlineArray<8, SceneLoad>(repeating: SceneLoad())

    /// What a scene takes alone at the best step, in periods; of generation 0: nobody knows.
    private struct SceneLoad: BitwiseCopyable {
        var generation: UInt32 = 0
        var cost = 0.0
    }

    /// A keeper that begins with the best step.
    public init() {}

    /// What the steps take against the first before they have been seen: measured on the demo stage
    /// and the bench's pinned path (the outer frustum is 60 % of the pixels there), where the last
    /// ones, which depend on the scene, change little.
    private static let usual: InlineArray<6, Double> = [
        1, 0.85, 0.76, 0.75, 0.74, 0.73,
    ]
    /// Own work above it makes a frame late where the machine takes the rest (design, "Lateness").
    private static let limit = 0.8
    /// What a better step may be predicted to take: so far below the limit that what it takes more
    /// than predicted does not throw it back.
    private static let target = 0.7
    /// A prediction below it leaves no doubt.
    private static let plain = 0.5
    private static let strainMost = 3
    /// Of whole frames: a hole of the machine is one frame or two, a program beside us is many.
    private static let squeezeMost = 12
    /// Frames that settle what a step takes; later ones move it by a sixteenth.
    private static let settling = 8
    private static let leastWait: Int64 = 2_000_000_000
    private static let longestWait: Int64 = 64_000_000_000
    /// A raise that lasted so long was right.
    private static let proven: Int64 = 10_000_000_000
    /// What is known of other steps fades towards the usual in so long: the camera has moved.
    private static let memory: Double = 300e9

    /// Takes in what a frame took that was drawn at `report.quality`, whoever chose it.
    ///
    /// Frames that drew nothing (no scene, blackout) are not to be told: they say nothing of the
    /// next one that does.
    /// - Frame path: yes
    public mutating func measure(_ report: FrameReport, period: Int64) {
        if Int(report.quality) != step { move(to: Int(report.quality), at: report.handedOverTime) }
        // What the frame before overran is not this one's.
        let overrun = max(0, handedOver - report.tickTime)
        let begun = overrun > 0 ? handedOver : report.tickTime
        handedOver = report.handedOverTime
        let took = share(report.handedOverTime - begun, of: period)
        let own = share(
            report.loopCPUNanoseconds + report.workerCPUNanoseconds
                + max(0, report.waitNanoseconds - overrun), of: period)
        strain = max(0, strain + (own > Self.limit ? 1 : -1))
        isLate = own > Self.limit && report.isLateByUs
        squeeze = max(0, squeeze + (took > 0.9 ? 1 : -1))
        latest = max(own, took)
        learn()
        forget(period)
    }

    /// Chooses the next frame's step, none better than `best`, at a frame's hand-over.
    /// - Frame path: yes
    public mutating func decide(best: Int, at time: HostTime) {
        let isPressed = strain >= Self.strainMost || squeeze >= Self.squeezeMost
        if step < best {
            move(to: best, at: time)
        } else if (isPressed || isLate) && step < Quality.steps.count - 1 {
            // Several frames tell of a load that has come, and it has for every step. A single one
            // does not: it may be a hole of a machine that counts what it takes as ours.
            if isPressed { scale(by: max(1, latest / costs[step])) }
            lower(at: time)
        } else if step > best {
            let predicted = max(costs[step - 1], costs[step])
            let isBack = step > leftStep && seen >= 2 * Self.settling
            let patience = isBack ? 0 : predicted < Self.plain ? Self.leastWait : wait
            // While the load falls, what the others take is not known yet.
            let isSteady = min(recent, latest) > 0.85 * costs[step]
            if isSteady && predicted < Self.target && time - changed >= patience {
                move(to: step - 1, at: time)
                isRaised = true
            }
        }
    }

    /// Takes in which scenes the next frame draws: quality gives way before the first frame of a
    /// crossfade, or of a dearer scene, is late.
    ///
    /// What a scene took when it was last drawn is remembered by its slot. One that has never been
    /// drawn is thought as dear as the dearest known; after a crossfade it is what the two took
    /// less what the other one does. A step that was left for such a guess comes back as soon as
    /// frames have told better.
    /// - Frame path: yes
    public mutating func foresee(
        _ scene: SceneInUse, leaving: SceneInUse, at time: HostTime
    ) {
        guard !scene.isSame(as: drawn.scene) || !leaving.isSame(as: drawn.leaving) else { return }
        remember()
        let before = costs[0]
        let isFirst = drawn.scene.slot < 0
        drawn = (scene, leaving)
        guard !isFirst, known != 0 || seen > 0 else { return }
        let after = load(of: scene) + (leaving.slot < 0 ? 0 : load(of: leaving))
        scale(by: after / before)
        let from = step
        // Two scenes' sum is a guess, and what one that was off the wall reads lies in no cache.
        let most = leaving.slot < 0 ? Self.limit : Self.target
        while step < Quality.steps.count - 1, costs[step] > most {
            move(to: step + 1, at: time)
        }
        if step > from { leftStep = min(leftStep, from) }
        // What this step takes now is to be learned, whether it is another one or not.
        if seen > 0 { known |= 1 << UInt8(step) }
        (seen, expected) = (0, costs[step])
    }

    /// Keeps what the scenes drawn until now took.
    private mutating func remember() {
        guard drawn.scene.slot >= 0, drawn.scene.slot < loads.count, known != 0 || seen > 0 else {
            return
        }
        let isAlone = drawn.leaving.slot < 0
        guard isAlone || knownLoad(of: drawn.scene) == nil else { return }
        let others = isAlone ? 0 : load(of: drawn.leaving)
        loads[Int(drawn.scene.slot)] = SceneLoad(
            generation: drawn.scene.generation, cost: max(0.05 * costs[0], costs[0] - others))
    }

    private func knownLoad(of scene: SceneInUse) -> Double? {
        guard scene.slot >= 0, scene.slot < loads.count else { return nil }
        let load = loads[Int(scene.slot)]
        return load.generation == scene.generation && load.generation != 0 ? load.cost : nil
    }

    /// What a scene takes alone, at the best step, as far as anyone knows.
    private func load(of scene: SceneInUse) -> Double {
        if let known = knownLoad(of: scene) { return known }
        var dearest = 0.001
        for slot in loads.indices { dearest = max(dearest, loads[slot].cost) }
        return dearest
    }

    private mutating func lower(at time: HostTime) {
        let held = time - changed
        leftStep = Quality.steps.count
        if isRaised { wait = held < Self.proven ? min(2 * wait, Self.longestWait) : Self.leastWait }
        move(to: step + 1, at: time)
    }

    private mutating func scale(by factor: Double) {
        for index in 0..<Quality.steps.count { costs[index] *= factor }
    }

    private mutating func move(to step: Int, at time: HostTime) {
        if seen > 0 { known |= 1 << UInt8(self.step) }
        self.step = step
        if step <= leftStep { leftStep = Quality.steps.count }
        expected = costs[step]
        changed = time
        isRaised = false
        seen = 0
        strain = 0
        squeeze = 0
        isLate = false
    }

    /// A part of a period; no less than a thousandth, so that ratios are ratios, and no more than
    /// one and a half: what one hole took says nothing of the next frame.
    private func share(_ nanoseconds: Int64, of period: Int64) -> Double {
        min(1.5, max(0.001, Double(nanoseconds) / Double(period)))
    }

    /// The first frames of a step tell what it takes, later ones how the load has changed, and it
    /// has for every step.
    private mutating func learn() {
        seen += 1
        if known == 0 && seen == 1 { scale(by: latest / costs[step]) }
        recent = seen == 1 ? latest : recent + (latest - recent) / 4
        if seen <= Self.settling {
            if seen == 1 { costs[step] = latest }
            costs[step] += (latest - costs[step]) / Double(seen)
            if seen == Self.settling { compare() }
        } else {
            scale(by: 1 + (latest / costs[step] - 1) / 16)
        }
    }

    /// Where a known step takes something else than expected, or a better one less than the one
    /// before it, the load has changed together with the step, and it has for every step.
    private mutating func compare() {
        let isKnown = known & 1 << UInt8(step) != 0
        let change =
            isKnown
            ? costs[step] / expected : isRaised ? min(1, costs[step] / costs[step + 1]) : 1
        for index in 0..<Quality.steps.count where index != step { costs[index] *= change }
    }

    private mutating func forget(_ period: Int64) {
        let part = Double(period) / Self.memory
        for index in 0..<Quality.steps.count where index != step {
            let usual = costs[step] * Self.usual[index] / Self.usual[step]
            costs[index] += (usual - costs[index]) * part
        }
    }
}
