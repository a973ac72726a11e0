import FrameModel
import Glibc

/// What the operator and the frame's quality say about filtering.
struct Filtering: BitwiseCopyable {
    /// Samples along the long side of a footprint, at most.
    let samplesMax: Int
    /// The whole scene's blur, wall pixels.
    let defocus: Double

    /// - Frame path: yes
    init(_ frame: UnsafePointer<FramePlan>) {
        samplesMax = Swift.max(
            1, Swift.min(frame.pointee.quality.anisotropyMax, RenderLimits.samplesMax))
        defocus = frame.pointee.defocus
    }

    /// A layer's own filter; `defocus` is the layer's.
    /// - Frame path: yes
    func layer(defocus own: Double) -> LayerFilter {
        let width = (defocus * defocus + own * own).squareRoot() / LayerFilter.spread
        guard width > 0 else {
            return LayerFilter(samplesMax: samplesMax, blur: 1, coarser: 0, softness: 0)
        }
        let blur = (1 + width * width).squareRoot()
        let octaves = log2(blur)
        return LayerFilter(
            samplesMax: samplesMax, blur: blur, coarser: Float(2 * octaves),
            softness: Float(Swift.min(1, octaves)))
    }
}

/// How one layer is filtered.
struct LayerFilter: BitwiseCopyable {
    /// Width at half height of a point seen through the B-spline of a level, box-filtered itself,
    /// in its texels: the two have a variance of 5/12 texel².
    static let spread = 1.52

    let samplesMax: Int
    /// A pixel's footprint against one in focus, ≥ 1.
    let blur: Double
    /// The same in mip levels.
    let coarser: Float
    /// 0: cubic samples are sharp (Catmull-Rom) … 1: soft (B-spline).
    let softness: Float
}
