import FrameModel
import Geometry
import Lanes
import StageModel

/// One of the two scenes a frame may draw: where it stands, and the room its triangles have.
struct DrawnScene {
    /// Nil: there is none.
    let scene: UnsafePointer<PreparedScene>?
    let sceneFromStage: Similarity
    /// Not counted, for it is made for every piece: the plan it belongs to outlives the frame.
    unowned(unsafe) let arena: MeshArena

    /// The scene of a frame.
    /// - Frame path: yes
    init(_ frame: UnsafePointer<FramePlan>, _ arena: MeshArena) {
        scene = frame.pointee.scene
        sceneFromStage = frame.pointee.sceneFromStage
        self.arena = arena
    }

    /// The scene its crossfade comes from.
    /// - Frame path: yes
    init(leaving frame: UnsafePointer<FramePlan>, _ arena: MeshArena) {
        scene = frame.pointee.leaving
        sceneFromStage = frame.pointee.leavingFromStage
        self.arena = arena
    }

    /// Its triangles are those of this frame, or it has none.
    /// - Frame path: yes
    func isPlaced(_ frame: UnsafePointer<FramePlan>) -> Bool {
        guard let scene, scene.pointee.meshes.count > 0 else { return true }
        return arena.scene == scene && arena.frame == frame.pointee.frame
    }
}

extension StagePlan {
    /// One view's picture of a frame's scene, scene-linear, into `scratch.view`: during a crossfade
    /// the light of both, in the frame's parts.
    /// - Frame path: yes
    func drawScenes(
        _ frame: UnsafePointer<FramePlan>, _ view: PieceView, _ scratch: TileScratch
    ) {
        guard frame.pointee.leaving != nil else {
            return draw(DrawnScene(frame, meshes), frame, view, scratch)
        }
        draw(DrawnScene(leaving: frame, leavingMeshes), frame, view, scratch)
        let region = view.region
        copyLight(scratch.view, to: scratch.leaving, rows: Int(region.height))
        draw(DrawnScene(frame, meshes), frame, view, scratch)
        let stride = Int(scratch.view.stride)
        (scratch.leavingWeights).update(
            repeating: 1 - frame.pointee.sceneMix, count: stride &* Int(region.height))
        kernels.mesh.mix(region, scratch.leaving, scratch.leavingWeights, scratch.view)
    }

    private func draw(
        _ drawn: DrawnScene, _ frame: UnsafePointer<FramePlan>, _ view: PieceView,
        _ scratch: TileScratch
    ) {
        guard let scene = drawn.scene else { return }
        let filtering = Filtering(frame, reduction: view.reduction)
        let rays = Rays(view.seen, eye: view.eye, drawn.sceneFromStage)
        if scene.pointee.meshes.count == 0 {
            drawScene(scene, rays, filtering, view.region, scratch)
        } else {
            let piece = MeshPiece(
                self, drawn.arena, view.facet, view.piece, view.index, frame)
            drawMeshScene(
                scene, rays, filtering, drawn.arena, piece, view.region,
                samples: frame.pointee.quality.meshSamples, scratch)
        }
    }
}

/// A piece of a facet as one view sees it.
struct PieceView: BitwiseCopyable {
    let facet: UnsafePointer<Facet>
    let piece: CanvasRect
    /// Which of the frame's views.
    let index: Int
    let eye: Vector3
    /// Side in pixels of the squares it is drawn in.
    let reduction: Int
    /// What is looked at: the piece, or its squares.
    let seen: Patch
    /// What of it is drawn.
    let region: cyc_region
}

/// Copies rows of light.
/// - Frame path: yes
private func copyLight(_ from: cyc_planes, to: cyc_planes, rows: Int) {
    let count = Int(from.stride) &* rows
    to.red.update(from: from.red, count: count)
    to.green.update(from: from.green, count: count)
    to.blue.update(from: from.blue, count: count)
}
