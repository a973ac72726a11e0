import FrameModel
import Geometry
import Glibc
import Lanes

/// The second half of drawing meshes: dome, meshes and cards of a piece in one depth order.
extension StagePlan {
    /// One view's picture of a scene with meshes, into `scratch.view`: what hides first, the dome
    /// where nothing does, then cards and blended objects far to near.
    ///
    /// - Parameter samples: places in a pixel where triangles are looked for, 4 or 1, as
    ///   when they were placed.
    /// - Frame path: yes
    func drawMeshScene(
        _ scene: UnsafePointer<PreparedScene>, _ rays: Rays, _ filtering: Filtering,
        _ arena: MeshArena, _ piece: MeshPiece, _ region: cyc_region, samples perPixel: Int,
        _ scratch: TileScratch
    ) {
        guard !piece.isEmpty else {
            drawScene(scene, rays, filtering, region, scratch)
            return
        }
        var piece = piece
        let samples = scratch.mesh.clearedSolid(
            x: piece.x, y: piece.y, region, perPixel: perPixel)
        drawSolid(scene, &piece, region, samples)
        let filled = kernels.mesh.filled(region, samples)
        if filled & 2 != 0 || scene.pointee.dome.levelCount == 0 {
            blacken(scratch.view, width: Int(region.width), height: Int(region.height))
        } else {
            drawDome(scene, rays, filtering, region, scratch.view)
        }
        if filled & 1 != 0 { shade(scene, arena, region, samples, blends: false, scratch.view) }
        drawLayers(
            scene, rays, filtering, arena, &piece, region, samples, isHidden: filled & 1 != 0,
            scratch)
    }

    /// Opaque and masked triangles: those before the first blended one.
    private func drawSolid(
        _ scene: UnsafePointer<PreparedScene>, _ piece: inout MeshPiece, _ region: cyc_region,
        _ samples: cyc_mesh_samples
    ) {
        let data = meshData(scene)
        let materials = data.pointee.materials!
        while let triangle = piece.first {
            let flags = materials[Int(triangle.pointee.material)].flags
            if flags & Int32(CYC_MESH_BLENDS) != 0 { return }
            let id = piece.takeFirst()
            kernels.mesh.raster(data, triangle, id &+ 1, region, samples)
        }
    }

    private func shade(
        _ scene: UnsafePointer<PreparedScene>, _ arena: MeshArena, _ region: cyc_region,
        _ samples: cyc_mesh_samples, blends: Bool, _ target: cyc_planes
    ) {
        kernels.mesh.shade(
            meshData(scene), arena.triangles, arena.colors, region, samples, blends ? 1 : 0,
            target)
    }

    /// Cards and blended objects, the farthest first by their centres.
    private func drawLayers(
        _ scene: UnsafePointer<PreparedScene>, _ rays: Rays, _ filtering: Filtering,
        _ arena: MeshArena, _ piece: inout MeshPiece, _ region: cyc_region,
        _ samples: cyc_mesh_samples, isHidden: Bool, _ scratch: TileScratch
    ) {
        let order = CardOrder(scene, rays.eye)
        var card = 0
        while true {
            let object = piece.first.map { scene.pointee.meshes.objects! + Int($0.pointee.object) }
            let objectWay = object.map { MeshDistance.squared($0.pointee.center, rays.eye) } ?? -1
            if card < order.count && order.squaredDistance(card) >= objectWay {
                if let map = CardMap(scene, order.card(card), rays, filtering) {
                    scratch.cards.pointee = map
                    drawCard(
                        scratch.cards, scene, rays, region, samples, isHidden: isHidden, scratch)
                }
                card &+= 1
            } else if object != nil {
                drawBlended(scene, arena, &piece, region, samples, scratch)
            } else {
                return
            }
        }
    }

    /// A card, only where nothing stands before it.
    private func drawCard(
        _ card: UnsafePointer<CardMap>, _ scene: UnsafePointer<PreparedScene>, _ rays: Rays,
        _ region: cyc_region, _ samples: cyc_mesh_samples, isHidden: Bool, _ scratch: TileScratch
    ) {
        let content = card.pointee.content(columns: (0, rays.width), height: rays.height)
        guard content.shows != .clear else { return }
        guard isHidden else {
            drawCard(
                card, scene, rays, hasEdges: content.hasEdges, region, scratch.view, scratch.layer)
            return
        }
        let (over, weights) = (scratch.mesh.over, scratch.mesh.weights)
        let bytes = Int(scratch.view.stride) &* Int(region.height) &* 4
        memcpy(over.red, scratch.view.red, bytes)
        memcpy(over.green, scratch.view.green, bytes)
        memcpy(over.blue, scratch.view.blue, bytes)
        drawCard(card, scene, rays, hasEdges: content.hasEdges, region, over, scratch.layer)
        kernels.mesh.unhidden(
            cardDepth(scene, card.pointee.index, rays), region, samples, weights, over.stride)
        kernels.mesh.mix(region, over, weights, scratch.view)
    }

    /// 1/w of a card's plane: with y = 0 there, eye o and direction d, w = −o.y / d.y.
    private func cardDepth(
        _ scene: UnsafePointer<PreparedScene>, _ index: Int, _ rays: Rays
    ) -> cyc_linear {
        let pose = scene.pointee.cards[index].cardFromScene
        let scale = -1 / (pose * rays.eye).y
        let depth = Linear(
            at: (pose.rotation * rays.at).y, alongX: (pose.rotation * rays.alongX).y,
            alongY: (pose.rotation * rays.alongY).y)
        return (scale * depth).floats
    }

    /// The next blended object: its nearest surface, where nothing stands before it.
    private func drawBlended(
        _ scene: UnsafePointer<PreparedScene>, _ arena: MeshArena, _ piece: inout MeshPiece,
        _ region: cyc_region, _ solid: cyc_mesh_samples, _ scratch: TileScratch
    ) {
        guard let object = piece.first?.pointee.object else { return }
        let samples = scratch.mesh.layer(before: solid, region)
        let data = meshData(scene)
        while let triangle = piece.first, triangle.pointee.object == object {
            let id = piece.takeFirst()
            kernels.mesh.raster(data, triangle, id &+ 1, region, samples)
        }
        if kernels.mesh.filled(region, samples) & 1 != 0 {
            shade(scene, arena, region, samples, blends: true, scratch.view)
        }
    }
}

/// How far a mesh object stands from an eye.
enum MeshDistance {
    /// - Frame path: yes
    static func squared(_ center: SIMD3<Float>, _ eye: Vector3) -> Double {
        let way = Vector3(Double(center.x), Double(center.y), Double(center.z)) - eye
        return way.dot(way)
    }
}
