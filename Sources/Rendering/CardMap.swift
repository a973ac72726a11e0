import FrameModel
import Geometry
import Lanes

/// One card seen through a patch: which mip level, the constants of its kernel, and what of it a
/// part of the patch shows.
struct CardMap: BitwiseCopyable {
    /// For a region that an edge of the card may run through.
    let constants: cyc_plane_map
    /// Place in 0 … 1 across and down the card is (s/w, t/w); w > 0 lies ahead.
    private let s: Linear
    private let t: Linear
    private let w: Linear
    private let levelSize: Vector2
    private let mask: CardMask

    /// What a region shows of a card.
    struct Content: BitwiseCopyable {
        var shows: CardMask.Content
        /// An edge of the card may run through it.
        var hasEdges: Bool
    }

    /// The card's plane is y = 0 in card space.
    ///
    /// With eye o and direction d there, the ray meets it at x = (o.x·W + |o.y|·d.x) / W, W = d.y
    /// turned so that W > 0 lies ahead; z alike. All three are linear in the pixel. Nil when the
    /// patch does not see the card.
    /// - Frame path: yes
    init?(_ scene: UnsafePointer<PreparedScene>, _ index: Int, _ rays: Rays) {
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
        w = side * Linear(at: at.y, alongX: alongX.y, alongY: alongY.y)
        let dx = Linear(at: at.x, alongX: alongX.x, alongY: alongY.x)
        let dz = Linear(at: at.z, alongX: alongX.z, alongY: alongY.z)
        s = (1 / width) * (eye.x * w + reach * dx) + 0.5 * w
        t = (-1 / height) * (eye.z * w + reach * dz) + 0.5 * w
        guard let near = CardMap.nearest(s, t, w, rays) else { return nil }
        let finest = scene.pointee.cards[index].levels[0]
        let step = CardMap.texelStep(
            Double(finest.width) * s, Double(finest.height) * t, w, near)
        let number = mipLevel(step: step, count: scene.pointee.cards[index].levelCount)
        let level = scene.pointee.cards[index].levels[number]
        mask = scene.pointee.cards[index].masks[number]
        levelSize = Vector2(Double(level.width), Double(level.height))
        var map = planeConstants(
            u: levelSize.x * s + -0.5 * w, v: levelSize.y * t + -0.5 * w, w: w, at: near,
            rays: rays, level: level, face: 0)
        map.has_edges = 1
        constants = map
    }

    /// What the pixels of a rectangle of the patch show, one more on each side for the soft edge.
    ///
    /// What lies between the corners lies between their places, as long as all look ahead.
    /// - Frame path: yes
    func content(columns: (Int, Int), height: Int) -> Content {
        var least = Vector2(repeating: .infinity)
        var greatest = Vector2(repeating: -.infinity)
        for corner in 0..<4 {
            let x = Double(corner & 1 == 0 ? columns.0 &- 1 : columns.1)
            let y = corner & 2 == 0 ? -1 : Double(height)
            let atW = w.value(x, y)
            guard atW > 0 else { return Content(shows: .mixed, hasEdges: true) }
            let (placeS, placeT) = (s.value(x, y) / atW, t.value(x, y) / atW)
            least = Vector2(Swift.min(least.x, placeS), Swift.min(least.y, placeT))
            greatest = Vector2(Swift.max(greatest.x, placeS), Swift.max(greatest.y, placeT))
        }
        if least.x > 1 || least.y > 1 || greatest.x < 0 || greatest.y < 0 {
            return Content(shows: .clear, hasEdges: false)
        }
        let isInside = least.x >= 0 && least.y >= 0 && greatest.x <= 1 && greatest.y <= 1
        let shows = mask.content(
            across: (levelSize.x * least.x - 0.5, levelSize.x * greatest.x - 0.5),
            down: (levelSize.y * least.y - 0.5, levelSize.y * greatest.y - 0.5))
        return Content(
            shows: shows == .solid && !isInside ? .mixed : shows, hasEdges: !isInside)
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
