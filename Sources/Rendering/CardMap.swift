import FrameModel
import Geometry
import Lanes

/// One card seen through a patch: which mip levels, the constants of its kernels, and what of it a
/// part of the patch shows.
struct CardMap: BitwiseCopyable {
    /// Which card of the scene.
    let index: Int
    let view: PictureView
    let plan: DetailPlan
    /// At the finest level drawn, for a region that an edge of the card may run through.
    let constants: cyc_plane_map
    /// Wall pixels from a region's own that its samples and the fade of the edges may reach.
    private let reach: Double
    private let scene: UnsafePointer<PreparedScene>

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
    init?(
        _ scene: UnsafePointer<PreparedScene>, _ index: Int, _ rays: Rays, _ filtering: Filtering
    ) {
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
        let s = (1 / width) * (eye.x * w + reach * dx) + 0.5 * w
        let t = (-1 / height) * (eye.z * w + reach * dz) + 0.5 * w
        guard let near = CardMap.nearest(s, t, w, rays) else { return nil }
        let finest = scene.pointee.cards[index].levels[0]
        let filter = filtering.layer(defocus: scene.pointee.cards[index].defocus)
        view = PictureView(s: s, t: t, w: w, at: near, face: 0)
        plan = DetailPlan(
            view.footprints(finest: finest, rays), width: rays.width, height: rays.height,
            levelCount: scene.pointee.cards[index].levelCount, filter)
        self.reach = Swift.max(1, plan.reach, 0.5 * filter.blur + 0.5)
        self.index = index
        self.scene = scene
        var map = view.map(scene.pointee.cards[index].levels[plan.first], rays)
        map.has_edges = 1
        map.edge_pixels = Float(filter.blur)
        constants = map
    }

    /// What the pixels of a rectangle of the patch show, with all that their samples reach.
    ///
    /// What lies between the corners lies between their places, as long as all look ahead.
    /// - Frame path: yes
    func content(columns: (Int, Int), height: Int) -> Content {
        var least = Vector2(repeating: .infinity)
        var greatest = Vector2(repeating: -.infinity)
        for corner in 0..<4 {
            let x =
                corner & 1 == 0 ? Double(columns.0) - reach : Double(columns.1 &- 1) + reach
            let y = corner & 2 == 0 ? -reach : Double(height &- 1) + reach
            let atW = view.w.value(x, y)
            guard atW > 0 else { return Content(shows: .mixed, hasEdges: true) }
            let (placeS, placeT) = (view.s.value(x, y) / atW, view.t.value(x, y) / atW)
            least = Vector2(Swift.min(least.x, placeS), Swift.min(least.y, placeT))
            greatest = Vector2(Swift.max(greatest.x, placeS), Swift.max(greatest.y, placeT))
        }
        if least.x > 1 || least.y > 1 || greatest.x < 0 || greatest.y < 0 {
            return Content(shows: .clear, hasEdges: false)
        }
        let isInside = least.x >= 0 && least.y >= 0 && greatest.x <= 1 && greatest.y <= 1
        let shows = shows(least, greatest)
        return Content(
            shows: shows == .solid && !isInside ? .mixed : shows, hasEdges: !isInside)
    }

    /// What samples between two places show at every level drawn.
    /// - Frame path: yes
    private func shows(_ least: Vector2, _ greatest: Vector2) -> CardMask.Content {
        // A cubic sample takes a texel more on each side.
        let more: Double = plan.isCubic ? 1 : 0
        var shows: CardMask.Content?
        var level = plan.first
        while level <= plan.last {
            let width = Double(scene.pointee.cards[index].levels[level].width)
            let height = Double(scene.pointee.cards[index].levels[level].height)
            let here = scene.pointee.cards[index].masks[level].content(
                across: (width * least.x - 0.5 - more, width * greatest.x - 0.5 + more),
                down: (height * least.y - 0.5 - more, height * greatest.y - 0.5 + more))
            if let before = shows, before != here { return .mixed }
            shows = here
            level &+= 1
        }
        return shows ?? .mixed
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
}
