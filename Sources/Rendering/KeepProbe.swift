import FrameModel
import Lanes
import StageModel

/// What the probe keeps of the one pixel it looks at.
extension StagePlan {
    /// The probed pixel lies in a region of a piece.
    /// - Frame path: yes
    func contains(
        _ piece: CanvasRect, _ region: cyc_region, _ place: ProbePlace,
        _ facet: UnsafePointer<Facet>
    ) -> Bool {
        guard place.processor >= 0, Int(place.processor) == facet.pointee.processor else {
            return false
        }
        let x = Int(place.x) &- piece.x &- Int(region.x)
        let y = Int(place.y) &- piece.y &- Int(region.y)
        return x >= 0 && y >= 0 && x < Int(region.width) && y < Int(region.height)
    }

    /// Keeps a view's light before its grade; of squares that of the nearest.
    /// - Frame path: yes
    func keepProbe(
        _ frame: UnsafePointer<FramePlan>, _ view: Int, _ piece: CanvasRect, _ area: cyc_region,
        _ side: Int, _ scratch: TileScratch
    ) {
        let place = frame.pointee.probe
        func nearest(_ pixel: Int, _ first: Int32, _ count: Int32) -> Int {
            // Square i has its centre at pixel side · i − (side + 1)/2.
            let square = side == 1 ? pixel : (pixel &+ side &+ side / 2) / side
            return max(0, min(Int(count) &- 1, square &- Int(first)))
        }
        let column = nearest(Int(place.x) &- piece.x, area.x, area.width)
        let row = nearest(Int(place.y) &- piece.y, area.y, area.height)
        let at = row &* Int(scratch.view.stride) &+ column
        probe.pointee.views[view] = SIMD4(
            scratch.view.red[at], scratch.view.green[at], scratch.view.blue[at], 1)
        probe.pointee.cameras[view] = Int32(frame.pointee.views[view].camera)
    }

    /// Keeps how much of a view lies over those before.
    /// - Frame path: yes
    func keepProbeWeight(
        _ frame: UnsafePointer<FramePlan>, _ view: Int, _ piece: CanvasRect, _ region: cyc_region,
        _ scratch: TileScratch
    ) {
        let x = Int(frame.pointee.probe.x) &- piece.x &- Int(region.x)
        let y = Int(frame.pointee.probe.y) &- piece.y &- Int(region.y)
        probe.pointee.views[view].w = scratch.weights[y &* Int(scratch.view.stride) &+ x]
    }
}
