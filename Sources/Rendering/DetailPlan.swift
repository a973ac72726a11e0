import Geometry
import Glibc
import Lanes

/// Which mip levels and how many samples a patch of a layer takes.
///
/// A pixel's level of detail tells the texels it must not skip, in mip levels, each √2 coarser
/// than the one before: log2 of the square of the long side of its footprint, or, where that is
/// more than `roundness` times the short one, of what several samples along the long side leave to
/// each. It is told at the corners, which neighboring patches share, and bilinear between, so that
/// no border of a patch shows. Two levels are blended within the filter's `fade` about `switchAt`;
/// elsewhere one is sampled.
struct DetailPlan: BitwiseCopyable {
    /// The level of detail, as a part of a level, at which the next level has half the picture.
    static let switchAt = 0.5
    /// Long against short side of a footprint that one sample serves.
    static let roundness = 1.6
    /// The same of the part of a long footprint that each of several samples serves, at least.
    private static let partRoundness = 1.15
    /// A level too coarse by more than this, 1.74 × magnified, is sampled cubically.
    private static let cubicFrom = 1.6
    /// A level too coarse by this, 2.46 × magnified, is wholly sampled so.
    private static let cubicAt = 2.6
    /// Samples along a footprint that is longer than a texel by less than this gain nothing.
    private static let longEnough = 1.4

    private static let cubicMost = 0.32987697769322355  // 2^−cubicFrom

    /// Finest and coarsest level, both counted.
    let first: Int
    let last: Int
    /// Samples along the long side.
    let samples: Int
    /// Wall pixels from one sample to the next.
    let step: Vector2
    /// One level and one bilinear sample are all: the plain kernels draw it.
    let isPlain: Bool
    /// Some of it is cubic.
    let isCubic: Bool
    private let detail: cyc_bend
    private let height: Int
    private let lastLevel: Int
    private let filter: LayerFilter

    /// - Frame path: yes
    init(
        _ corners: Footprints, width: Int, height: Int, levelCount: Int, _ filter: LayerFilter
    ) {
        let a = Corner(corners.topLeft, filter)
        let b = Corner(corners.topRight, filter)
        let c = Corner(corners.lowLeft, filter)
        let d = Corner(corners.lowRight, filter)
        let least = Swift.min(Swift.min(a.texels, b.texels), Swift.min(c.texels, d.texels))
        let most = Swift.max(Swift.max(a.texels, b.texels), Swift.max(c.texels, d.texels))
        let long = Swift.max(Swift.max(a.length, b.length), Swift.max(c.length, d.length))
        let first = DetailPlan.level(least, count: levelCount) { $0 >= filter.fadeTo }
        let last = DetailPlan.level(most, count: levelCount) { $0 > filter.fadeFrom }
        self.first = first
        self.last = last
        lastLevel = levelCount &- 1
        self.height = height
        self.filter = filter
        isCubic =
            least
            < Double(1 &<< last) * (filter.blur * filter.blur * DetailPlan.cubicMost)
        let isRound = long <= DetailPlan.longEnough * DetailPlan.longEnough
        isPlain = isRound && first == last && !isCubic
        if isPlain {
            (samples, step, detail) = (1, Vector2(0, 0), cyc_bend())
            return
        }
        detail = cyc_bend(a.detail, b.detail, c.detail, d.detail, width: width, height: height)
        if isRound {
            (samples, step) = (1, Vector2(0, 0))
            return
        }
        let length = long.squareRoot()
        samples = Swift.max(
            2, Swift.min(filter.samplesMax, Int((length - 0.1).rounded(.up))))
        // A texel's own width at each end; the samples between lie a texel apart or less.
        let reach = (1 - 1 / length) * filter.blur
        step = corners.direction * (reach / Double(samples &- 1))
    }

    /// Squared texels of a footprint a sample must not skip, when there may be any number: the long
    /// side up to `roundness`, then less and less of it, without a jump.
    /// - Frame path: yes
    @inline(__always)
    private static func texels(_ long: Double, _ short: Double) -> Double {
        let one = roundness * roundness * short
        if long <= one { return long }
        return Swift.max(partRoundness * partRoundness * short, one * (one / long))
    }

    /// The level of some squared texels a pixel: passed over while `isCoarser` holds.
    /// - Frame path: yes
    @inline(__always)
    private static func level(
        _ texels: Double, count: Int, while isCoarser: (Double) -> Bool
    ) -> Int {
        var level = 0
        var texels = texels
        while isCoarser(texels) && level &+ 1 < count {
            texels *= 0.5
            level &+= 1
        }
        return level
    }

    /// Farthest a sample lies from its pixel, wall pixels.
    /// - Frame path: yes
    var reach: Double {
        0.5 * Double(samples &- 1) * (step.x * step.x + step.y * step.y).squareRoot()
    }

    /// The levels some columns take.
    struct Run: BitwiseCopyable, Equatable {
        var first: Int
        var last: Int
        /// Some of it is cubic.
        var isCubic: Bool
        /// One level and one bilinear sample.
        var isPlain: Bool
    }

    /// What columns `from` up to `end` take over all rows of the patch.
    /// - Frame path: yes
    func run(from: Int, to end: Int) -> Run {
        run(columns: (from, end), rows: (0, height))
    }

    /// Rows of a patch over which a run of several levels is looked at again: down an upright wall
    /// two levels meet in 10 to 20 rows, and a band of fewer saves no more than looking costs.
    static let bandRows = 8

    /// What of a run's levels its rows from `top` on take, at most `bandRows`: a level that has no
    /// share there is not sampled for nothing.
    ///
    /// Changes no byte: a level that is left out has a share of exactly 0 of finite texels, and the
    /// plain kernels give what a pass of share 1 does. So it may be asked for any columns. A run's
    /// cubic samples stay cubic: those are not the plain ones' bytes.
    /// - Frame path: yes
    func band(of run: Run, from: Int, to end: Int, top: Int) -> Run {
        let low = Swift.min(top &+ DetailPlan.bandRows, height)
        let own = self.run(columns: (from, end), rows: (top, low))
        var band = run
        (band.first, band.last) = (own.first, own.last)
        band.isPlain = isPlain(band)
        return band
    }

    /// What a rectangle of pixels takes: bilinear values have their extremes at the corners.
    /// - Frame path: yes
    private func run(columns: (Int, Int), rows: (Int, Int)) -> Run {
        let (left, right) = (Float(columns.0), Float(columns.1 &- 1))
        let (top, low) = (Float(rows.0), Float(rows.1 &- 1))
        let (a, b) = (detail.value(left, top), detail.value(right, top))
        let (c, d) = (detail.value(left, low), detail.value(right, low))
        // A thousandth of a level is wider than the rounding of the kernels.
        let least = Swift.min(Swift.min(a, b), Swift.min(c, d)) - 0.001
        let most = Swift.max(Swift.max(a, b), Swift.max(c, d)) + 0.001
        let (middle, half) = (Float(DetailPlan.switchAt), 0.5 * filter.fade)
        let first = Int((least - middle - half).rounded(.up))
        let last = Int((most - middle + half).rounded(.up))
        var run = Run(
            first: Swift.max(self.first, Swift.min(first, self.last)),
            last: Swift.max(self.first, Swift.min(last, self.last)), isCubic: false,
            isPlain: false)
        run.isCubic = isCubic && least < cubicBelow(level: run.last)
        run.isPlain = isPlain(run)
        return run
    }

    /// - Frame path: yes
    private func isPlain(_ run: Run) -> Bool {
        run.first == run.last && samples == 1 && !run.isCubic
    }

    /// Level of detail below which samples of a level are more and more cubic.
    /// - Frame path: yes
    private func cubicBelow(level: Int) -> Float {
        Float(level) + filter.coarser - Float(DetailPlan.cubicFrom)
    }

    /// Constants of the pass at a level of a run.
    /// - Frame path: yes
    func pass(_ run: Run, level: Int) -> cyc_pass {
        let far: Float = 1e6
        let half = 0.5 * filter.fade
        let switchAt = Float(DetailPlan.switchAt)
        return cyc_pass(
            detail: detail,
            from: level == 0 ? -far : Float(level &- 1) + switchAt - half,
            to: level == lastLevel ? far : Float(level) + switchAt - half,
            per_fade: 1 / filter.fade, samples: Int32(samples), step_x: Float(step.x),
            step_y: Float(step.y), is_first: level == run.first ? 1 : 0,
            is_cubic: run.isCubic ? 1 : 0,
            cubic_below: cubicBelow(level: level),
            per_cubic: Float(1 / (DetailPlan.cubicAt - DetailPlan.cubicFrom)),
            softness: filter.softness)
    }

    /// One corner's footprint by its filter.
    private struct Corner: BitwiseCopyable {
        /// Squared texels of the finest level a sample must not skip.
        let texels: Double
        /// Squared length of the footprint against the texels that are sampled.
        let length: Double

        /// - Frame path: yes
        @inline(__always)
        init(_ footprint: Footprint, _ filter: LayerFilter) {
            let blur = filter.blur * filter.blur
            let long = footprint.longSquared
            guard filter.samplesMax > 1 else {
                (texels, length) = (long * blur, 1)
                return
            }
            let short = footprint.shortSquared(long)
            let least = long / Double(filter.samplesMax &* filter.samplesMax)
            texels = Swift.max(DetailPlan.texels(long, short), least) * blur
            length = long * blur / Swift.max(1, texels)
        }

        /// Level of detail; 60 levels either way are more than any picture has.
        /// - Frame path: yes
        var detail: Double {
            Swift.max(-60, Swift.min(60, log2(Swift.max(1e-30, texels))))
        }
    }
}

extension cyc_bend {
    /// - Frame path: yes
    func value(_ x: Float, _ y: Float) -> Float {
        at + x * along_x + y * (along_y + x * along_xy)
    }

    /// Bilinear between the corners of a patch, half a pixel outside its outermost pixels.
    /// - Frame path: yes
    init(
        _ topLeft: Double, _ topRight: Double, _ lowLeft: Double, _ lowRight: Double, width: Int,
        height: Int
    ) {
        let x = (topRight - topLeft) / Double(width)
        let y = (lowLeft - topLeft) / Double(height)
        let xy = (lowRight - lowLeft - topRight + topLeft) / Double(width &* height)
        self.init(
            at: Float(topLeft + 0.5 * (x + y) + 0.25 * xy), along_x: Float(x + 0.5 * xy),
            along_y: Float(y + 0.5 * xy), along_xy: Float(xy))
    }
}
