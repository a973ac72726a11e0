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
    /// Of each view: slices across, and down the columns from the first to the last of those.
    private var across = InlineArray<9, Slices>(repeating: Slices())
    private var down = InlineArray<9, Slices>(repeating: Slices())

    /// Slices of a piece in one direction, a bit each.
    private struct Slices: BitwiseCopyable {
        /// Where the view shows something, and what it covers all of.
        var shown: UInt16 = 0
        var filled: UInt16 = 0
        /// What is drawn of it.
        var drawn: UInt16 = 0

        /// - Frame path: yes
        @inline(__always)
        init(shown: UInt16 = 0, filled: UInt16 = 0) { (self.shown, self.filled) = (shown, filled) }

        /// Looks at a view slice by slice, each of so many pixels; `part` is the patch between two.
        /// - Frame path: yes
        @inline(__always)
        init(
            _ view: UnsafePointer<ViewPlan>, pixels: Int, each size: Int,
            _ part: (Int, Int) -> SeenPatch
        ) {
            var from = 0
            var bit: UInt16 = 1
            while from < pixels {
                let end = Swift.min(from &+ size, pixels)
                let coverage = Coverage(of: part(from, end), view)
                if coverage != .outside { shown |= bit }
                if coverage == .inside { filled |= bit }
                from = end
                bit = bit &<< 1
            }
        }
    }

    /// - Frame path: yes
    init(_ patch: Patch, _ views: UnsafePointer<ViewPlan>, count: Int) {
        let all = ShownSlices.bits(0, (patch.width &- 1) / RenderLimits.sliceWidth)
        let allRows = ShownSlices.bits(0, (patch.height &- 1) / RenderLimits.sliceHeight)
        var divided: UInt16 = 0
        var view = 1
        while view < count {
            switch Coverage(of: SeenPatch(patch, views + view), views + view) {
            case .outside: break
            case .inside: bottom = view
            case .part: divided |= 1 &<< UInt16(view)
            }
            view &+= 1
        }
        across[bottom] = Slices(shown: all, filled: all)
        down[bottom] = Slices(shown: allRows, filled: allRows)
        view = bottom &+ 1
        while view < count {
            if divided & (1 &<< UInt16(view)) != 0 { divide(patch, view, views + view, allRows) }
            view &+= 1
        }
        var (open, openRows) = (all, allRows)
        while view > bottom {
            view &-= 1
            across[view].drawn = across[view].shown & open
            down[view].drawn = down[view].shown & openRows
            open &= ~across[view].filled
            if across[view].shown == all { openRows &= ~down[view].filled }
        }
    }

    /// Looks at a view that may show in a part of the patch only.
    /// - Frame path: yes
    private mutating func divide(
        _ patch: Patch, _ view: Int, _ plan: UnsafePointer<ViewPlan>, _ allRows: UInt16
    ) {
        let (width, height) = (RenderLimits.sliceWidth, RenderLimits.sliceHeight)
        let seen = SeenPatch(patch, plan)
        let slices = Slices(plan, pixels: seen.width, each: width) {
            seen.columns(from: $0, to: $1)
        }
        across[view] = slices
        // An edge that runs across the piece leaves no slice all covered; where one is, the edge
        // runs down it, and to look at rows as well costs more than it saves.
        guard slices.shown != 0, slices.filled == 0 else {
            down[view].shown = allRows
            return
        }
        let first = slices.shown.trailingZeroBitCount &* width
        let last = (16 &- slices.shown.leadingZeroBitCount) &* width
        let columns = seen.columns(from: first, to: Swift.min(last, seen.width))
        down[view] = Slices(plan, pixels: seen.height, each: height) {
            columns.rows(from: $0, to: $1)
        }
    }

    /// The part of a region a view is drawn in, from its first slice to its last; nil: none.
    /// - Frame path: yes
    func part(of region: cyc_region, view: Int) -> cyc_region? {
        let slices = across[view].drawn & ShownSlices.columns(of: region)
        let rows = down[view].drawn & ShownSlices.rows(of: region)
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
        return across[view].filled & slices == slices || down[view].filled & rows == rows
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
