import FrameModel
import Geometry
import Glibc
import Lanes

extension StagePlan {
    /// One view's picture of the scene: dome, then cards far to near.
    ///
    /// Strip by strip, so that what a card hides is not drawn and what is clear is not sampled.
    /// Strips are counted from the patch's corner, so they do not depend on the region.
    /// - Frame path: yes
    func drawScene(
        _ scene: UnsafePointer<PreparedScene>, _ rays: Rays, _ filtering: Filtering,
        _ region: cyc_region, _ scratch: TileScratch
    ) {
        guard scene.pointee.cardCount > 0 else {
            drawDome(scene, rays, filtering, region, scratch.view)
            return
        }
        let cards = CardStack(scene, rays, filtering, in: scratch.cards)
        let dome = cards.hidesDome ? DomeMap.none : DomeMap(scene, rays, filtering)
        guard cards.count > 0 else {
            draw(dome, scene, rays, filtering, region, scratch.view)
            return
        }
        let layer = scratch.layer
        eachStrip(rays, region, scratch.view) { columns, part, target in
            drawStrip(dome, scene, rays, filtering, cards, columns, part, target, layer)
        }
    }

    /// The dome alone, and what a grade makes of it where there is one.
    /// - Frame path: yes
    func drawDome(
        _ scene: UnsafePointer<PreparedScene>, _ rays: Rays, _ filtering: Filtering,
        _ region: cyc_region, _ target: cyc_planes, _ grade: UnsafePointer<cyc_grade>? = nil
    ) {
        draw(DomeMap(scene, rays, filtering), scene, rays, filtering, region, target, grade)
    }

    /// Cuts a region into the strips of its patch: the strip's columns in the patch, the part of
    /// the region in it, and where that goes.
    /// - Frame path: yes
    @inline(__always)
    private func eachStrip(
        _ rays: Rays, _ region: cyc_region, _ target: cyc_planes,
        _ draw: ((Int, Int), cyc_region, cyc_planes) -> Void
    ) {
        let left = Int(region.x)
        let right = left &+ Int(region.width)
        var strip = left / RenderLimits.stripWidth &* RenderLimits.stripWidth
        while strip < right {
            let columns = (strip, Swift.min(strip &+ RenderLimits.stripWidth, rays.width))
            let from = Swift.max(left, strip)
            let part = cyc_region(
                x: Int32(from), y: region.y, width: Int32(Swift.min(right, columns.1) &- from),
                height: region.height)
            draw(columns, part, target.advanced(x: from &- left, y: 0))
            strip &+= RenderLimits.stripWidth
        }
    }

    /// The nearest card that hides all else or the dome, then the cards before it, far to near.
    /// - Frame path: yes
    private func drawStrip(
        _ dome: DomeMap, _ scene: UnsafePointer<PreparedScene>, _ rays: Rays,
        _ filtering: Filtering, _ cards: CardStack, _ columns: (Int, Int),
        _ part: cyc_region, _ target: cyc_planes, _ layer: cyc_layer
    ) {
        var contents = InlineArray<16, CardMap.Content>(
            repeating: CardMap.Content(shows: .clear, hasEdges: false))
        var card = 0
        var isHidden = false
        while card < cards.count && !isHidden {
            contents[card] = cards[card].pointee.content(columns: columns, height: rays.height)
            isHidden = contents[card].shows == .solid
            card &+= 1
        }
        if isHidden {
            card &-= 1
            drawSolid(cards[card], scene, rays, part, target)
        } else {
            draw(dome, scene, rays, filtering, part, target)
        }
        while card > 0 {
            card &-= 1
            guard contents[card].shows == .mixed else { continue }
            drawCard(
                cards[card], scene, rays, hasEdges: contents[card].hasEdges, part, target, layer)
        }
    }

    /// A card that is opaque all over the part.
    /// - Frame path: yes
    private func drawSolid(
        _ card: UnsafePointer<CardMap>, _ scene: UnsafePointer<PreparedScene>, _ rays: Rays,
        _ part: cyc_region, _ target: cyc_planes
    ) {
        if card.pointee.plan.isPlain {
            var constants = card.pointee.constants
            kernels.picture(&constants, part, target)
        } else {
            gather(
                card.pointee.view, card.pointee.plan, scene, card: card.pointee.index, rays, part,
                cyc_layer(light: target, alpha: nil))
        }
    }

    /// One card over what is there; `layer` is room for its samples.
    /// - Frame path: yes
    func drawCard(
        _ card: UnsafePointer<CardMap>, _ scene: UnsafePointer<PreparedScene>, _ rays: Rays,
        hasEdges: Bool, _ part: cyc_region, _ target: cyc_planes, _ layer: cyc_layer
    ) {
        var constants = card.pointee.constants
        constants.has_edges = hasEdges ? 1 : 0
        if card.pointee.plan.isPlain {
            kernels.card(&constants, part, target)
        } else {
            gather(
                card.pointee.view, card.pointee.plan, scene, card: card.pointee.index, rays, part,
                layer)
            kernels.lay_over(&constants, part, layer, target)
        }
    }

    /// - Frame path: yes
    func draw(
        _ dome: DomeMap, _ scene: UnsafePointer<PreparedScene>, _ rays: Rays,
        _ filtering: Filtering, _ region: cyc_region, _ target: cyc_planes,
        _ grade: UnsafePointer<cyc_grade>? = nil
    ) {
        switch dome {
        case .none:
            blacken(target, width: Int(region.width), height: Int(region.height))
            if let grade { kernels.grade(grade, region, target, target) }
        case .face(var map):
            drawPicture(&map, region, target, grade)
        case .gatheredFace(let view, let plan):
            gather(
                view, plan, scene, card: -1, rays, region, cyc_layer(light: target, alpha: nil),
                grade)
        case .strips:
            eachStrip(rays, region, target) { columns, part, target in
                let strip = rays.columns(from: columns.0, to: columns.1)
                var own = part
                own.x -= Int32(columns.0)
                drawDome(scene, strip, filtering, own, target, grade)
            }
        case .faces(var map):
            kernels.dome(&map, region, target)
            if let grade { kernels.grade(grade, region, target, target) }
        case .gatheredFaces(let view, let plan):
            gather(view, plan, region, target)
            if let grade { kernels.grade(grade, region, target, target) }
        }
    }

    /// A flat opaque picture, and what a grade makes of it where there is one.
    /// - Frame path: yes
    func drawPicture(
        _ map: inout cyc_plane_map, _ region: cyc_region, _ target: cyc_planes,
        _ grade: UnsafePointer<cyc_grade>?
    ) {
        if let grade {
            kernels.graded_picture(&map, grade, region, target)
        } else {
            kernels.picture(&map, region, target)
        }
    }
}

/// Black light.
/// - Frame path: yes
func blacken(_ planes: cyc_planes, width: Int, height: Int) {
    guard width > 0 else { return }
    var row = 0
    while row < height {
        let start = row &* Int(planes.stride)
        memset(planes.red + start, 0, width &* 4)
        memset(planes.green + start, 0, width &* 4)
        memset(planes.blue + start, 0, width &* 4)
        row &+= 1
    }
}
