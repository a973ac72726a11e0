import FrameModel
import Lanes

/// Which slices of a piece each view is drawn in: from the first to the last one where it shows
/// something and no view above it covers all.
///
/// Slices are counted from the piece's corner. A frustum's edge runs through few of a piece's, so
/// little is drawn twice. Between the first and the last there may be slices that a view above
/// covers, with nothing drawn below: what is there then is any light of before, which is finite
/// (`TileScratch.light`) and which a weight of 1 takes to nothing.
struct ShownSlices: BitwiseCopyable {
    /// The topmost view that covers the whole piece; none below it is drawn.
    private(set) var bottom = 0
    /// A bit a slice: what a view shows something in, and what it covers all of.
    private var shown = InlineArray<9, UInt16>(repeating: 0)
    private var filled = InlineArray<9, UInt16>(repeating: 0)
    /// What is drawn of a view.
    private var drawn = InlineArray<9, UInt16>(repeating: 0)

    /// - Frame path: yes
    init(_ patch: Patch, _ views: UnsafePointer<ViewPlan>, count: Int) {
        let all = ShownSlices.bits(0, (patch.width &- 1) / RenderLimits.sliceWidth)
        (shown[0], filled[0]) = (all, all)
        var divided: UInt16 = 0
        var view = 1
        while view < count {
            switch Coverage(of: patch, views + view) {
            case .outside: break
            case .inside: (shown[view], filled[view], bottom) = (all, all, view)
            case .part: divided |= 1 &<< UInt16(view)
            }
            view &+= 1
        }
        view = bottom &+ 1
        while view < count {
            if divided & (1 &<< UInt16(view)) != 0 { divide(patch, view, views + view) }
            view &+= 1
        }
        var open = all
        while view > bottom {
            view &-= 1
            drawn[view] = shown[view] & open
            open &= ~filled[view]
        }
    }

    /// Looks at a view slice by slice.
    /// - Frame path: yes
    private mutating func divide(_ patch: Patch, _ view: Int, _ plan: UnsafePointer<ViewPlan>) {
        var from = 0
        var bit: UInt16 = 1
        while from < patch.width {
            let end = Swift.min(from &+ RenderLimits.sliceWidth, patch.width)
            let coverage = Coverage(of: patch.columns(from: from, to: end), plan)
            if coverage != .outside { shown[view] |= bit }
            if coverage == .inside { filled[view] |= bit }
            from = end
            bit = bit &<< 1
        }
    }

    /// The part of a region a view is drawn in, from its first slice to its last; nil: none.
    /// - Frame path: yes
    func part(of region: cyc_region, view: Int) -> cyc_region? {
        let width = Int32(RenderLimits.sliceWidth)
        let slices = drawn[view] & ShownSlices.bits(of: region)
        guard slices != 0 else { return nil }
        let first = Int32(slices.trailingZeroBitCount)
        let last = Int32(15 &- slices.leadingZeroBitCount)
        let from = Swift.max(region.x, first &* width)
        let end = Swift.min(region.x &+ region.width, (last &+ 1) &* width)
        return cyc_region(x: from, y: region.y, width: end &- from, height: region.height)
    }

    /// A view covers all of a part: nothing below it shows there.
    /// - Frame path: yes
    func fills(_ part: cyc_region, view: Int) -> Bool {
        let slices = ShownSlices.bits(of: part)
        return filled[view] & slices == slices
    }

    /// The slices a region touches.
    /// - Frame path: yes
    private static func bits(of region: cyc_region) -> UInt16 {
        let width = Int32(RenderLimits.sliceWidth)
        return bits(Int(region.x / width), Int((region.x &+ region.width &- 1) / width))
    }

    /// - Frame path: yes
    private static func bits(_ first: Int, _ last: Int) -> UInt16 {
        (~0 &<< UInt16(first)) & (~0 &>> UInt16(15 &- last))
    }
}
