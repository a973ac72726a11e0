import FrameModel
import Lanes

/// Which strips of a piece each view is drawn in: where it shows something and no view above it
/// covers all.
///
/// Strips are sixteen columns, counted from the piece's corner. A frustum's edge runs through few
/// of a piece's, and only those are drawn twice.
struct ShownStrips: BitwiseCopyable {
    static let width = 16

    /// The topmost view that covers the whole piece; none below it is drawn.
    private(set) var bottom = 0
    /// A bit a strip: what a view shows something in, and what it covers all of.
    private var shown = InlineArray<9, UInt16>(repeating: 0)
    private var filled = InlineArray<9, UInt16>(repeating: 0)
    /// What is drawn of a view.
    private var drawn = InlineArray<9, UInt16>(repeating: 0)

    /// - Frame path: yes
    init(_ patch: Patch, _ views: UnsafePointer<ViewPlan>, count: Int) {
        let all = ShownStrips.bits(0, (patch.width &- 1) / ShownStrips.width)
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

    /// Looks at a view strip by strip.
    /// - Frame path: yes
    private mutating func divide(_ patch: Patch, _ view: Int, _ plan: UnsafePointer<ViewPlan>) {
        var from = 0
        var bit: UInt16 = 1
        while from < patch.width {
            let end = Swift.min(from &+ ShownStrips.width, patch.width)
            let coverage = Coverage(of: patch.columns(from: from, to: end), plan)
            if coverage != .outside { shown[view] |= bit }
            if coverage == .inside { filled[view] |= bit }
            from = end
            bit = bit &<< 1
        }
    }

    /// The part of a region a view is drawn in, from its first strip to its last; nil: none.
    /// - Frame path: yes
    func part(of region: cyc_region, view: Int) -> cyc_region? {
        let width = Int32(ShownStrips.width)
        let within = ShownStrips.bits(
            Int(region.x / width), Int((region.x &+ region.width &- 1) / width))
        let strips = drawn[view] & within
        guard strips != 0 else { return nil }
        let first = Int32(strips.trailingZeroBitCount)
        let last = Int32(15 &- strips.leadingZeroBitCount)
        let from = Swift.max(region.x, first &* width)
        let end = Swift.min(region.x &+ region.width, (last &+ 1) &* width)
        return cyc_region(x: from, y: region.y, width: end &- from, height: region.height)
    }

    /// A view covers all of a part: nothing below it shows there.
    /// - Frame path: yes
    func fills(_ part: cyc_region, view: Int) -> Bool {
        let width = Int32(ShownStrips.width)
        let strips = ShownStrips.bits(
            Int(part.x / width), Int((part.x &+ part.width &- 1) / width))
        return filled[view] & strips == strips
    }

    /// - Frame path: yes
    private static func bits(_ first: Int, _ last: Int) -> UInt16 {
        (~0 &<< UInt16(first)) & (~0 &>> UInt16(15 &- last))
    }
}
