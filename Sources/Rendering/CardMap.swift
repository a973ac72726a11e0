import FrameModel
import Geometry
import Lanes

/// Constants of one card seen through a patch.
enum CardMap {
    /// The card's plane is y = 0 in card space.
    ///
    /// With eye o and direction d there, the ray meets it at x = (o.x·W + |o.y|·d.x) / W, W = d.y
    /// turned so that W > 0 lies ahead; z alike. All three are linear in the pixel. Nil when the
    /// patch does not see the card.
    /// - Frame path: yes
    static func make(
        _ scene: UnsafePointer<PreparedScene>, _ index: Int, _ rays: Rays
    ) -> cyc_plane_map? {
        let pose = scene.pointee.cards[index].cardFromScene
        let width = scene.pointee.cards[index].width
        let height = scene.pointee.cards[index].height
        let eye = pose * rays.eye
        let reach = abs(eye.y)
        guard reach > 0, scene.pointee.cards[index].levelCount > 0 else { return nil }
        let at = pose.rotation * rays.at
        let alongX = pose.rotation * rays.alongX
        let alongY = pose.rotation * rays.alongY
        let side: Double = eye.y < 0 ? 1 : -1
        let w = side * Linear(at: at.y, alongX: alongX.y, alongY: alongY.y)
        let dx = Linear(at: at.x, alongX: alongX.x, alongY: alongY.x)
        let dz = Linear(at: at.z, alongX: alongX.z, alongY: alongY.z)
        // In 0 … 1 across and down the card, times W.
        let s = (1 / width) * (eye.x * w + reach * dx) + 0.5 * w
        let t = (-1 / height) * (eye.z * w + reach * dz) + 0.5 * w
        guard let near = nearest(s, t, w, rays) else { return nil }
        let finest = scene.pointee.cards[index].levels[0]
        let step = texelStep(
            Double(finest.width) * s, Double(finest.height) * t, w, near)
        let level = scene.pointee.cards[index].levels[
            mipLevel(step: step, count: scene.pointee.cards[index].levelCount)]
        if level.width >= CardCells.side && level.height >= CardCells.side
            && isClear(scene, index, s, t, w, rays)
        {
            return nil
        }
        return planeConstants(
            u: Double(level.width) * s + -0.5 * w, v: Double(level.height) * t + -0.5 * w, w: w,
            at: near, level: level, face: 0)
    }

    /// The place to take constants at: the middle, or, where that looks away from the card, the
    /// corner that looks at it most.
    ///
    /// Nil when no pixel of the patch, one more on each side for the soft edge, sees the card: a
    /// value linear in the pixel has its extremes at the corners.
    /// - Frame path: yes
    private static func nearest(_ s: Linear, _ t: Linear, _ w: Linear, _ rays: Rays) -> Vector2? {
        var best = rays.middle
        var bestW = w.value(best.x, best.y)
        let isAhead = bestW > 0
        var (left, right, above, below, behind) = (0, 0, 0, 0, 0)
        for corner in 0..<4 {
            let x = corner & 1 == 0 ? -1 : Double(rays.width)
            let y = corner & 2 == 0 ? -1 : Double(rays.height)
            let (atS, atT, atW) = (s.value(x, y), t.value(x, y), w.value(x, y))
            if !(atW > 0) { behind &+= 1 }
            if atS < 0 { left &+= 1 }
            if atS > atW { right &+= 1 }
            if atT < 0 { above &+= 1 }
            if atT > atW { below &+= 1 }
            if !isAhead && atW > bestW {
                best = Vector2(x, y)
                bestW = atW
            }
        }
        if behind == 4 || left == 4 || right == 4 || above == 4 || below == 4 { return nil }
        return bestW > 0 ? best : nil
    }

    /// The patch, one pixel more on each side, looks only at clear cells of the card.
    ///
    /// What lies between the corners of a patch lies between their places, as long as all look
    /// ahead.
    /// - Frame path: yes
    private static func isClear(
        _ scene: UnsafePointer<PreparedScene>, _ index: Int, _ s: Linear, _ t: Linear,
        _ w: Linear, _ rays: Rays
    ) -> Bool {
        var least = Vector2(1, 1)
        var greatest = Vector2(0, 0)
        for corner in 0..<4 {
            let x = corner & 1 == 0 ? -1 : Double(rays.width)
            let y = corner & 2 == 0 ? -1 : Double(rays.height)
            let atW = w.value(x, y)
            guard atW > 0 else { return false }
            let (placeS, placeT) = (s.value(x, y) / atW, t.value(x, y) / atW)
            least = Vector2(Swift.min(least.x, placeS), Swift.min(least.y, placeT))
            greatest = Vector2(Swift.max(greatest.x, placeS), Swift.max(greatest.y, placeT))
        }
        return !scene.pointee.cards[index].filled.isFilled(
            columns: (cell(least.x), cell(greatest.x)), rows: (cell(least.y), cell(greatest.y)))
    }

    /// The cell of a place 0 … 1, the outermost one beyond.
    private static func cell(_ place: Double) -> Int {
        Int(Swift.max(0, Swift.min(63, place * Double(CardCells.side))))
    }

    /// Texels of the finest level one pixel's step moves, the longer of its two directions.
    /// - Frame path: yes
    private static func texelStep(_ u: Linear, _ v: Linear, _ w: Linear, _ at: Vector2) -> Double {
        let atW = w.value(at.x, at.y)
        let placeU = u.value(at.x, at.y) / atW
        let placeV = v.value(at.x, at.y) / atW
        let across = Vector2(u.alongX - placeU * w.alongX, v.alongX - placeV * w.alongX)
        let down = Vector2(u.alongY - placeU * w.alongY, v.alongY - placeV * w.alongY)
        return Swift.max(
            (across.x * across.x + across.y * across.y).squareRoot(),
            (down.x * down.x + down.y * down.y).squareRoot()) / atW
    }
}
