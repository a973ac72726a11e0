import FrameModel
public import Lanes

/// Memory one worker draws in: the tile's light and one view's piece.
///
/// Allocated at start.
///
/// Belongs to one thread at a time: never shared while a tile is drawn.
public final class TileScratch: @unchecked Sendable {
    /// Largest tile, columns.
    public let width: Int
    /// Largest tile, rows.
    public let height: Int
    /// The tile's light, 1.0 = the curve's full scale; rows of `light.stride` floats, which is
    /// `width` rounded up to 16.
    ///
    /// Finite from the start and after every tile: grades clip.
    public let light: cyc_planes
    let view: cyc_planes
    let weights: UnsafeMutablePointer<Float>
    /// A card's samples, before it is laid over what is there.
    let layer: cyc_layer
    /// The light of the scene a crossfade comes from, and its part, a pixel each.
    let leaving: cyc_planes
    let leavingWeights: UnsafeMutablePointer<Float>
    /// A patch's cards.
    let cards: UnsafeMutablePointer<CardMap>
    let mesh = MeshScratch()
    /// What this worker has drawn of each wall's light in this frame, where the plan asks.
    public let sums: UnsafeMutablePointer<LightSums>
    private let block: UnsafeMutablePointer<Float>

    /// Scratch for tiles up to a size.
    public init(width: Int, height: Int) {
        precondition(width > 0 && height > 0, "a tile has at least one pixel")
        self.width = width
        self.height = height
        let stride = (width + 15) & ~15
        let tile = stride * height
        let piece = RenderLimits.pieceWidth * RenderLimits.pieceHeight
        let total = 3 * tile + 12 * piece
        block = UnsafeMutableRawPointer.allocate(byteCount: total * 4, alignment: 64)
            .bindMemory(to: Float.self, capacity: total)
        block.initialize(repeating: 0, count: total)
        light = cyc_planes(
            red: block, green: block + tile, blue: block + 2 * tile, stride: Int32(stride))
        let views = block + 3 * tile
        view = cyc_planes(
            red: views, green: views + piece, blue: views + 2 * piece,
            stride: Int32(RenderLimits.pieceWidth))
        weights = views + 3 * piece
        let samples = views + 4 * piece
        layer = cyc_layer(
            light: cyc_planes(
                red: samples, green: samples + piece, blue: samples + 2 * piece,
                stride: Int32(RenderLimits.pieceWidth)), alpha: samples + 3 * piece)
        let others = views + 8 * piece
        leaving = cyc_planes(
            red: others, green: others + piece, blue: others + 2 * piece,
            stride: Int32(RenderLimits.pieceWidth))
        leavingWeights = others + 3 * piece
        cards = .allocate(capacity: SceneLimits.cards)
        sums = .allocate(capacity: 1)
        sums.initialize(to: LightSums())
    }

    deinit {
        block.deallocate()
        cards.deallocate()
        sums.deallocate()
    }
}
