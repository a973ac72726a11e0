import Color
import FrameModel
import Glibc
import StageModel

/// What one wall's limiters of whole frames remember: how much light they leave, and its flashes.
///
/// They go by the frame before, so the first bright frame passes: a panel's power supply bears a
/// frame, and the rule on flashes allows three.
struct WallLimiter: BitwiseCopyable, Sendable {
    /// Share of its light that the wall was left in the last frame.
    var light = 1.0
    /// Of that, for the panels' power.
    private var power = 1.0
    /// Of that, against flashes.
    private var calm = 1.0
    /// The wall's luminance has last risen.
    private var isRising = false
    /// Its highest or lowest since it turned, nits, as it would be without limiters.
    private var extreme = 0.0
    /// The extreme before.
    private var before = 0.0
    /// Frames of the last three flashes, the newest first.
    private var flashes = InlineArray<3, Int64>(repeating: .min / 2)

    /// Nits that a flash rises and falls by at least (ITU-R BT.1702-3, annex 1).
    static let flashNits = 20.0
    /// Nits that its darker picture lies below.
    static let darkNits = 160.0

    /// What the limiters ask for.
    struct Setting {
        /// The most the panels draw in the mean, share of full white.
        var average: Double
        /// Flashes are held down.
        var limitsFlashes: Bool
    }

    /// Goes on by a frame.
    ///
    /// - Parameters:
    ///   - mean: what the wall showed last in the mean, shares of its peak on each channel.
    ///   - luminance: the same as luminance, nits.
    ///   - shown: light the blackout left of it; a fade is the operator's, no darker picture.
    ///   - frame: the frame that is being prepared.
    ///   - hertz: frames a second.
    /// - Frame path: yes
    mutating func follow(
        mean: ColorTriple, luminance: Double, shown: Double, frame: Int64, hertz: Double,
        _ setting: Setting
    ) {
        // Of next to nothing nobody can tell what the picture is.
        guard shown > 1e-3 else { return }
        let scale = (light > 0 ? 1 / light : 1) / shown
        let drawn = mean.sum() / 3 * scale
        let asked = setting.average < 1 ? min(1, setting.average / max(drawn, 1e-9)) : 1
        // Down at once, up by a stop a second.
        let rise = exp2(1 / hertz)
        power = min(asked, power * rise)
        watch(luminance * scale, frame)
        let flashing = Double(frame - flashes[2]) <= hertz && flashes[2] > 0
        if setting.limitsFlashes && flashing {
            let swing = abs(extreme - before)
            calm = min(calm, 0.9 * WallLimiter.flashNits / max(swing, WallLimiter.flashNits))
        } else if !setting.limitsFlashes || Double(frame - flashes[0]) > hertz {
            calm = min(1, calm * rise)
        }
        light = power * calm
    }

    /// Counts a flash at each fall after a rise.
    private mutating func watch(_ nits: Double, _ frame: Int64) {
        extreme = isRising ? max(extreme, nits) : min(extreme, nits)
        let hasTurned =
            abs(nits - extreme) >= WallLimiter.flashNits
            && min(nits, extreme) < WallLimiter.darkNits
        guard hasTurned else { return }
        if isRising {
            flashes[2] = flashes[1]
            flashes[1] = flashes[0]
            flashes[0] = frame
        }
        isRising.toggle()
        (before, extreme) = (extreme, nits)
    }
}

/// Scales every wall's light by what its limiters leave, after all that is the wall's own.
///
/// A test pattern goes past every limit and is not measured: the limiters stay as they are.
/// - Frame path: yes
func limitFrames(
    _ state: UnsafeMutablePointer<LoopState>, _ inputs: FrameInputs, _ stage: LoopStage,
    _ plan: UnsafeMutablePointer<FramePlan>
) {
    let hertz = 1e9 / stage.periodNanoseconds
    plan.pointee.measuresLight = false
    for wall in 0..<stage.walls.count {
        func field(_ field: WallField) -> Double {
            inputs.live.wall(wall, field, at: inputs.liveFrame)
        }
        let setting = WallLimiter.Setting(
            average: field(.averageLimit) / 100, limitsFlashes: field(.limitsFlashes) > 0.5)
        let isAsked = setting.average < 1 || setting.limitsFlashes
        plan.pointee.measuresLight =
            plan.pointee.measuresLight || isAsked && plan.pointee.pattern.pattern == .picture
        let means = ColorTriple(inputs.wallLight.means[wall])
        let color = stage.walls[wall]
        if !isAsked {
            state.pointee.limiters[wall] = WallLimiter()
        } else if inputs.wallLight.isMeasured {
            state.pointee.limiters[wall].follow(
                mean: means / color.clip, luminance: (means * color.luminance).sum(),
                shown: state.pointee.blackoutLight, frame: inputs.liveFrame, hertz: hertz, setting)
        }
        let light = state.pointee.limiters[wall].light
        guard light < 1 else { continue }
        for view in 0..<plan.pointee.viewCount {
            scaleLight(
                &plan.pointee.grades[view * StageLimits.walls + wall], by: Float(light))
        }
    }
}
