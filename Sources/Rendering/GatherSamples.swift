import FrameModel
import Geometry
import Lanes

/// Drawing what takes more than one bilinear sample a pixel: level by level, and each only where it
/// shows.
extension StagePlan {
    /// A flat picture, and what a grade makes of it where there is one; `card` −1 is the dome.
    /// - Frame path: yes
    func gather(
        _ view: PictureView, _ plan: DetailPlan, _ scene: UnsafePointer<PreparedScene>, card: Int,
        _ rays: Rays, _ region: cyc_region, _ target: cyc_layer,
        _ grade: UnsafePointer<cyc_grade>? = nil
    ) {
        eachRun(plan, rays.width, region, target) { run, part, target in
            var level = run.first
            while level <= run.last {
                let texels =
                    card < 0
                    ? scene.pointee.dome.levels[level] : scene.pointee.cards[card].levels[level]
                var map = view.map(texels, rays)
                if run.isPlain && target.alpha == nil {
                    drawPicture(&map, part, target.light, grade)
                    return
                }
                var pass = plan.pass(run, level: level)
                kernels.picture_pass(&map, &pass, part, target)
                level &+= 1
            }
            if let grade { kernels.grade(grade, part, target.light, target.light) }
        }
    }

    /// A dome across faces or at a radius.
    /// - Frame path: yes
    func gather(
        _ view: DomeView, _ plan: DetailPlan, _ region: cyc_region, _ target: cyc_planes
    ) {
        let layer = cyc_layer(light: target, alpha: nil)
        eachRun(plan, view.rays.width, region, layer) { run, part, target in
            var level = run.first
            while level <= run.last {
                var map = view.map(level: level)
                if run.isPlain {
                    kernels.dome(&map, part, target.light)
                    return
                }
                var pass = plan.pass(run, level: level)
                kernels.dome_pass(&map, &pass, part, target)
                level &+= 1
            }
        }
    }

    /// Cuts a region into runs of columns that take the same levels: the run, its part of the
    /// region, and where that goes.
    ///
    /// Columns are looked at sixteen at a time, counted from the patch's corner and over all its
    /// rows, so that a run does not depend on the region.
    /// - Frame path: yes
    @inline(__always)
    private func eachRun(
        _ plan: DetailPlan, _ width: Int, _ region: cyc_region, _ target: cyc_layer,
        _ draw: (DetailPlan.Run, cyc_region, cyc_layer) -> Void
    ) {
        let left = Int(region.x)
        let right = left &+ Int(region.width)
        var from = left
        while from < right {
            let block = from & ~15
            let run = plan.run(from: block, to: Swift.min(block &+ 16, width))
            var end = block &+ 16
            while end < right, plan.run(from: end, to: Swift.min(end &+ 16, width)) == run {
                end &+= 16
            }
            end = Swift.min(end, right)
            let part = cyc_region(
                x: Int32(from), y: region.y, width: Int32(end &- from), height: region.height)
            if run.first == run.last {
                draw(run, part, target.advanced(x: from &- left, y: 0))
            } else {
                eachBand(run, plan, part, target.advanced(x: from &- left, y: 0), draw)
            }
            from = end
        }
    }

    /// Cuts a run of several levels into rows that take the same of them.
    ///
    /// The run's columns may be cut by the region: bands change no byte (`DetailPlan.band`).
    /// - Frame path: yes
    private func eachBand(
        _ run: DetailPlan.Run, _ plan: DetailPlan, _ region: cyc_region, _ target: cyc_layer,
        _ draw: (DetailPlan.Run, cyc_region, cyc_layer) -> Void
    ) {
        let high = DetailPlan.bandRows
        let (from, end) = (Int(region.x), Int(region.x &+ region.width))
        let (top, low) = (Int(region.y), Int(region.y &+ region.height))
        var row = top
        while row < low {
            var next = row / high &* high
            let band = plan.band(of: run, from: from, to: end, top: next)
            next &+= high
            while next < low, plan.band(of: run, from: from, to: end, top: next) == band {
                next &+= high
            }
            next = Swift.min(next, low)
            draw(
                band,
                cyc_region(
                    x: region.x, y: Int32(row), width: region.width, height: Int32(next &- row)),
                target.advanced(x: 0, y: row &- top))
            row = next
        }
    }
}

extension cyc_layer {
    /// The planes from a pixel on.
    /// - Frame path: yes
    func advanced(x: Int, y: Int) -> cyc_layer {
        cyc_layer(
            light: light.advanced(x: x, y: y),
            alpha: alpha.map { $0 + (y &* Int(light.stride) &+ x) })
    }
}
