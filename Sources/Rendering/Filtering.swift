import FrameModel
import Glibc

/// What the operator and the frame's quality say about filtering.
struct Filtering: BitwiseCopyable {
    /// Samples along the long side of a footprint, at most.
    let samplesMax: Int
    /// The whole scene's blur, wall pixels.
    private let defocus: Double
    /// Wall pixels along a side of what is drawn as one.
    private let reduction: Double

    /// - Frame path: yes
    init(_ frame: UnsafePointer<FramePlan>, reduction: Int) {
        samplesMax = Swift.max(
            1, Swift.min(frame.pointee.quality.anisotropyMax, RenderLimits.samplesMax))
        defocus = frame.pointee.defocus
        self.reduction = Double(reduction)
    }

    /// A layer's own filter; `defocus` is the layer's, wall pixels.
    /// - Frame path: yes
    func layer(defocus own: Double) -> LayerFilter {
        let pixels = (defocus * defocus + own * own).squareRoot() / reduction
        let width = pixels / LayerFilter.spread
        guard width > 0 else {
            return LayerFilter(samplesMax: samplesMax)
        }
        let blur = (1 + width * width).squareRoot()
        return LayerFilter(samplesMax: samplesMax, blur: blur)
    }
}

/// How one layer is filtered.
struct LayerFilter: BitwiseCopyable {
    /// Width at half height of a point seen through the B-spline of a level, box-filtered itself,
    /// in its texels: the two have a variance of 5/12 texel².
    static let spread = 1.52
    private static let narrowFade: Float = 0.04

    let samplesMax: Int
    /// A pixel's footprint against one in focus, ≥ 1.
    let blur: Double
    /// The same in mip levels.
    let coarser: Float
    /// 0: cubic samples are sharp (Catmull-Rom) … 1: soft (B-spline).
    let softness: Float
    /// Levels of detail over which one level fades into the next: narrow, because there two are
    /// sampled; wide where a blur is to change without a step.
    let fade: Float
    /// Squared texels a pixel where fading to the second level begins and ends.
    let fadeFrom: Double
    let fadeTo: Double

    /// In focus.
    /// - Frame path: yes
    init(samplesMax: Int) {
        self.samplesMax = samplesMax
        (blur, coarser, softness) = (1, 0, 0)
        fade = LayerFilter.narrowFade
        fadeFrom = 1.394743666350411  // 2^(switchAt − narrowFade / 2)
        fadeTo = 1.4339552480158273  // 2^(switchAt + narrowFade / 2)
    }

    /// Blurred.
    /// - Frame path: yes
    init(samplesMax: Int, blur: Double) {
        self.samplesMax = samplesMax
        self.blur = blur
        let octaves = log2(blur)
        let soft = Swift.min(1, octaves)
        coarser = Float(2 * octaves)
        softness = Float(soft)
        let width = Double(LayerFilter.narrowFade) + soft * (1 - Double(LayerFilter.narrowFade))
        fade = Float(width)
        fadeFrom = exp2(DetailPlan.switchAt - 0.5 * width)
        fadeTo = exp2(DetailPlan.switchAt + 0.5 * width)
    }
}
