import FrameModel
import Lanes

/// Which slices of a piece each view is drawn in, across and down: from the first to the last one
/// where it shows something and no view above it covers all.
///
/// Slices are counted from the piece's corner. A frustum's edge runs through few of a piece's, so
/// little is drawn twice. Between the first and the last there may be slices that a view above
/// covers, with nothing drawn below: what is there then is any light of before, which is finite
/// (`TileScratch.light`) and which a weight of 1 takes to nothing.
struct ShownSlices: BitwiseCopyable {
    /// The topmost view that covers the whole piece; none below it is drawn.
    private(set) var bottom = 0
    /// A bit a slice across: what a view shows something in, and what it covers all of.
    private var shown = InlineArray<9, UInt16>(repeating: 0)
    private var filled = InlineArray<9, UInt16>(repeating: 0)
    /// A bit a slice down, the same of the columns from the first to the last one it shows in.
    private var shownRows = InlineArray<9, UInt16>(repeating: 0)
    private var filledRows = InlineArray<9, UInt16>(repeating: 0)
    /// What is drawn of a view.
    private var drawn = InlineArray<9, UInt16>(repeating: 0)
    private var drawnRows = InlineArray<9, UInt16>(repeating: 0)

    /// - Frame path: yes
    init(_ patch: Patch, _ views: UnsafePointer<ViewPlan>, count: Int) {
        let all = ShownSlices.bits(0, (patch.width &- 1) / RenderLimits.sliceWidth)
        let allRows = ShownSlices.bits(0, (patch.height &- 1) / RenderLimits.sliceHeight)
        (shown[0], filled[0], shownRows[0], filledRows[0]) = (all, all, allRows, allRows)
        var divided: UInt16 = 0
        var view = 1
        while view < count {
            switch Coverage(of: SeenPatch(patch, views + view), views + view) {
            case .outside: break
            case .inside:
                (shown[view], filled[view], bottom) = (all, all, view)
                (shownRows[view], filledRows[view]) = (allRows, allRows)
            case .part: divided |= 1 &<< UInt16(view)
            }
            view &+= 1
        }
        view = bottom &+ 1
        while view < count {
            if divided & (1 &<< UInt16(view)) != 0 {
                let seen = SeenPatch(patch, views + view)
                divide(seen, view, views + view)
                // An edge that runs across the piece leaves no slice all covered; where one is, the
                // edge runs down it, and to look at rows as well costs more than it saves.
                if shown[view] != 0 && filled[view] == 0 {
                    divideRows(seen, view, views + view)
                } else {
                    shownRows[view] = allRows
                }
            }
            view &+= 1
        }
        var (open, openRows) = (all, allRows)
        while view > bottom {
            view &-= 1
            drawn[view] = shown[view] & open
            drawnRows[view] = shownRows[view] & openRows
            open &= ~filled[view]
            if shown[view] == all { openRows &= ~filledRows[view] }
        }
    }

    /// Looks at a view slice by slice across.
    /// - Frame path: yes
    private mutating func divide(
        _ patch: SeenPatch, _ view: Int, _ plan: UnsafePointer<ViewPlan>
    ) {
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

    /// Looks at what a view shows across slice by slice down.
    /// - Frame path: yes
    private mutating func divideRows(
        _ patch: SeenPatch, _ view: Int, _ plan: UnsafePointer<ViewPlan>
    ) {
        let first = shown[view].trailingZeroBitCount &* RenderLimits.sliceWidth
        let last = (16 &- shown[view].leadingZeroBitCount) &* RenderLimits.sliceWidth
        let columns = patch.columns(from: first, to: Swift.min(last, patch.width))
        var from = 0
        var bit: UInt16 = 1
        while from < patch.height {
            let end = Swift.min(from &+ RenderLimits.sliceHeight, patch.height)
            let coverage = Coverage(of: columns.rows(from: from, to: end), plan)
            if coverage != .outside { shownRows[view] |= bit }
            if coverage == .inside { filledRows[view] |= bit }
            from = end
            bit = bit &<< 1
        }
    }

    /// The part of a region a view is drawn in, from its first slice to its last; nil: none.
    /// - Frame path: yes
    func part(of region: cyc_region, view: Int) -> cyc_region? {
        let slices = drawn[view] & ShownSlices.columns(of: region)
        let rows = drawnRows[view] & ShownSlices.rows(of: region)
        guard slices != 0, rows != 0 else { return nil }
        let (x, endX) = ShownSlices.range(
            slices, RenderLimits.sliceWidth, within: region.x, region.width)
        let (y, endY) = ShownSlices.range(
            rows, RenderLimits.sliceHeight, within: region.y, region.height)
        return cyc_region(x: x, y: y, width: endX &- x, height: endY &- y)
    }

    /// A view covers all of a part of its own (`part`): nothing below it shows there.
    /// - Frame path: yes
    func fills(_ part: cyc_region, view: Int) -> Bool {
        let (slices, rows) = (ShownSlices.columns(of: part), ShownSlices.rows(of: part))
        return filled[view] & slices == slices || filledRows[view] & rows == rows
    }

    /// The slices across that a region touches.
    /// - Frame path: yes
    private static func columns(of region: cyc_region) -> UInt16 {
        bits(of: region.x, region.width, RenderLimits.sliceWidth)
    }

    /// The slices down that a region touches.
    /// - Frame path: yes
    private static func rows(of region: cyc_region) -> UInt16 {
        bits(of: region.y, region.height, RenderLimits.sliceHeight)
    }

    /// - Frame path: yes
    private static func bits(of first: Int32, _ count: Int32, _ size: Int) -> UInt16 {
        bits(Int(first) / size, Int(first &+ count &- 1) / size)
    }

    /// - Frame path: yes
    private static func bits(_ first: Int, _ last: Int) -> UInt16 {
        (~0 &<< UInt16(first)) & (~0 &>> UInt16(15 &- last))
    }

    /// Pixels from the first of some slices to their last, within others.
    /// - Frame path: yes
    private static func range(
        _ slices: UInt16, _ size: Int, within first: Int32, _ count: Int32
    ) -> (Int32, Int32) {
        let from = Int32(slices.trailingZeroBitCount &* size)
        let end = Int32((16 &- slices.leadingZeroBitCount) &* size)
        return (Swift.max(first, from), Swift.min(first &+ count, end))
    }
}
