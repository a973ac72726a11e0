public import FrameModel
import Geometry
import Glibc
import Lanes

/// A scene baked for kernels: half-float mip levels in one block of memory.
///
/// Made off the loop, on all cores (a 4096 × 2048 dome takes under a second and 150 MB), then
/// only read. All memory has been touched when `init` returns. Freed with the asset, so it must
/// outlive every frame that uses it.
///
/// Sendable although it holds pointers: nothing is written after `init`.
public final class SceneAsset: @unchecked Sendable {
    /// What frames draw.
    public let prepared: UnsafePointer<PreparedScene>
    /// Bytes of the block.
    public let byteCount: Int
    /// The scene's name.
    public let name: String
    /// Fingerprint of all that is drawn: the texels and meshes, and where the parts stand and how
    /// they move; what tells where it lies in memory is left out.
    public let fingerprint: UInt64
    /// Places in it the stage can stand at, where it is shown.
    public let viewpoints: [Viewpoint]
    /// Places in its movies.
    public let cues: [MovieCue]

    private let block: UnsafeMutableRawPointer

    /// Bakes a scene; it has at most `SceneLimits.cards` cards.
    /// - Parameter goesOn: called when a part of it has been baked.
    public init(scene: Scene, goesOn: () -> Void = {}) {
        precondition(scene.cards.count <= SceneLimits.cards, "a scene has at most 16 cards")
        var bytes = BakeLayout.align(MemoryLayout<PreparedScene>.size)
        var regions: [Range<Int>] = []
        let domeLayout = scene.dome.map { dome in
            let start = bytes
            let layout = DomeBake.layout(width: dome.picture.width, from: &bytes)
            regions.append(start..<bytes)
            return layout
        }
        let cardLayouts = scene.cards.map { card in
            let start = bytes
            let (width, height) = (card.picture.width, card.picture.height)
            let layout = CardBake.layout(width: width, height: height, from: &bytes)
            regions.append(start..<bytes)
            return layout
        }
        let meshes = MeshBake(scene.meshes)
        let meshLayout = meshes.layout(from: &bytes)
        block = HugePages.allocate(bytes)
        byteCount = bytes
        name = scene.name
        viewpoints = scene.placedViewpoints
        cues = scene.movies.flatMap { $0.movie.cues }
        var prepared = PreparedScene()
        if let dome = scene.dome, let levels = domeLayout {
            prepared.dome = DomeBake.bake(dome, levels: levels, in: block)
            goesOn()
        }
        prepared.cardCount = scene.cards.count
        for (index, card) in scene.cards.enumerated() {
            prepared.cards[index] = CardBake.bake(card, levels: cardLayouts[index], in: block)
            goesOn()
        }
        prepared.meshes = meshes.bake(meshLayout, in: block)
        goesOn()
        prepared.ownFromPlaced = scene.placedFromOwn.inverse
        prepared.moves =
            scene.dome?.motion.isStill == false || scene.cards.contains { !$0.motion.isStill }
        for (layer, movie) in scene.movies {
            prepared.movies[prepared.movieCount] = PreparedMovie(
                movie, layer: layer, region: regions[layer + (scene.dome == nil ? 0 : 1)])
            prepared.movieCount += 1
        }
        let typed = block.bindMemory(to: PreparedScene.self, capacity: 1)
        typed.initialize(to: prepared)
        self.prepared = UnsafePointer(typed)
        fingerprint = SceneAsset.fingerprint(of: block, bytes)
    }

    /// Its counts have been looked at.
    private static func fingerprint(of block: UnsafeMutableRawPointer, _ count: Int) -> UInt64 {
        let head = BakeLayout.align(MemoryLayout<PreparedScene>.size)
        var sum = BlockSum()
        let words = BakeHead(block.assumingMemoryBound(to: PreparedScene.self).pointee).words
        words.withUnsafeBytes { sum.add($0) }
        sum.add(UnsafeRawBufferPointer(start: block + head, count: count - head))
        return sum.value
    }

    /// Takes up a scene baked by another process of the same program: the bytes of its block, and
    /// the address they lay at.
    ///
    /// Nil when they cannot be a scene. `notes` is what the scene said of itself.
    public convenience init?(
        name: String, bytes: UnsafeRawBufferPointer, bakedAt address: UInt, notes: String = ""
    ) {
        self.init(
            name: name, byteCount: bytes.count, bakedAt: address,
            notes: BakeNotes(text: notes)
        ) { block in
            block.copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
            return true
        }
    }

    /// Takes up a scene whose block is read by `fill`; nil when that fails, or when what was read
    /// cannot be a scene.
    init?(
        name: String, byteCount: Int, bakedAt address: UInt, notes: BakeNotes,
        fill: (UnsafeMutableRawPointer) -> Bool
    ) {
        guard byteCount >= BakeLayout.align(MemoryLayout<PreparedScene>.size),
            let room = HugePages.find(byteCount)
        else { return nil }
        block = room
        self.byteCount = byteCount
        self.name = name
        (viewpoints, cues) = (notes.viewpoints, notes.cues)
        let typed = block.bindMemory(to: PreparedScene.self, capacity: 1)
        prepared = UnsafePointer(typed)
        let isRead =
            fill(block)
            && BakeHead.hasTruths(UnsafeRawBufferPointer(start: block, count: byteCount))
            && typed.pointee.hasCounts
        fingerprint = isRead ? SceneAsset.fingerprint(of: block, byteCount) : 0
        guard isRead, BakeHead(typed.pointee).isSound else { return nil }
        typed.pointee.move(by: Int(bitPattern: block) - Int(bitPattern: address))
        guard BakeBounds(bytes).holds(typed.pointee) else { return nil }
    }

    /// The whole block, to be kept by someone who outlives this process.
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: block, count: byteCount)
    }

    /// Keeps the block from being paged out; false when the system refuses.
    public func lockMemory() -> Bool { HugePages.lock(block, byteCount) }

    /// How fast each of its movies begins.
    public var movieSpeeds: [Double] {
        (0..<prepared.pointee.movieCount).map { prepared.pointee.movies[$0].speed }
    }

    /// What it says of itself besides its block: its viewpoints and cues, a line each.
    public var notes: String { BakeNotes(files: [], viewpoints, cues).text }

    deinit { HugePages.free(block, byteCount) }
}

extension Scene {
    /// The viewpoints in the space the scene is placed in.
    fileprivate var placedViewpoints: [Viewpoint] {
        let turn = placedFromOwn.rotation.panTiltRoll.pan * 180 / .pi
        return viewpoints.map {
            Viewpoint(name: $0.name, position: placedFromOwn * $0.position, pan: $0.pan + turn)
        }
    }
}

extension Scene {
    /// Its movies and the layers that show them: a card's index, −1 for the dome.
    fileprivate var movies: [(layer: Int, movie: MovieLayer)] {
        let dome = dome?.movie.map { (layer: -1, movie: $0) }
        return [dome].compactMap(\.self)
            + cards.enumerated().compactMap { index, card in
                card.movie.map { (layer: index, movie: $0) }
            }
    }
}

extension PreparedMovie {
    /// A movie whose first picture lies somewhere in the block.
    fileprivate init(_ movie: MovieLayer, layer: Int, region: Range<Int>) {
        self.init()
        (self.layer, number) = (Int32(layer), Int32(movie.number))
        (offset, byteCount) = (region.lowerBound, region.count)
        (pictureCount, rate) = (movie.pictureCount, (movie.rate.x, movie.rate.y))
        (speed, loops) = (movie.speed, movie.isLooping ? 1 : 0)
        uneven = movie.isUneven ? 1 : 0
    }
}

extension PreparedScene {
    /// Its counts are within what it has room for: known before a pointer is touched.
    fileprivate var hasCounts: Bool {
        guard (0...SceneLimits.mipLevels).contains(dome.levelCount),
            (0...SceneLimits.cards).contains(cardCount)
        else { return false }
        for card in 0..<cardCount
        where !(1...SceneLimits.mipLevels).contains(cards[card].levelCount) {
            return false
        }
        return (0...SceneLimits.meshObjects).contains(meshes.count)
            && (0...SceneLimits.movies).contains(movieCount)
    }

    /// Moves every pointer into the block by some bytes.
    fileprivate mutating func move(by distance: Int) {
        for level in 0..<dome.levelCount { dome.levels[level].move(by: distance) }
        for card in 0..<cardCount {
            for level in 0..<cards[card].levelCount {
                cards[card].levels[level].move(by: distance)
                cards[card].masks[level].move(by: distance)
            }
        }
        if meshes.count > 0 { meshes.move(by: distance) }
    }
}

extension PreparedMeshes {
    fileprivate mutating func move(by distance: Int) {
        objects.move(by: distance)
        data.x.move(by: distance)
        data.y.move(by: distance)
        data.z.move(by: distance)
        data.u.move(by: distance)
        data.v.move(by: distance)
        data.red.move(by: distance)
        data.green.move(by: distance)
        data.blue.move(by: distance)
        data.alpha.move(by: distance)
        data.triangles.move(by: distance)
        data.clusters.move(by: distance)
        data.materials.move(by: distance)
        data.textures.move(by: distance)
        data.texels.move(by: distance)
        data.coverage.move(by: distance)
    }
}

extension Optional {
    /// Moves a pointer by some bytes.
    fileprivate mutating func move<Pointee>(by distance: Int)
    where Wrapped == UnsafePointer<Pointee> {
        // By numbers: of a damaged block the sum may be no address at all.
        self = flatMap { UnsafePointer(bitPattern: Int(bitPattern: $0) &+ distance) }
    }
}

/// Where in the block the levels of a picture lie.
enum BakeLayout {
    /// One level: its place, size and the texels of a row and of a face, border and gap included.
    struct Level {
        var offset: Int
        var width: Int
        var height: Int
        var faces: Int

        /// Cache lines a row, 2 more than a multiple of 4, whatever the width: of 20 rows of texels
        /// that a block of the wall lies on, then no more than 3 share a place in a first-level
        /// cache of 8 ways and 4 KB a way; rows of 8 KB would all share one.
        var stride: Int { (width + 2 * border + 15) & ~31 + 16 }
        var faceTexels: Int { stride * (height + 2 * border) }

        /// The level as kernels read it: `texels` is texel (0, 0) inside the border.
        func prepared(in block: UnsafeMutableRawPointer) -> cyc_level {
            let texels = texels(in: block) + border * (stride + 1)
            return cyc_level(
                texels: texels, stride: Int32(stride), width: Int32(width), height: Int32(height),
                face_stride: faces > 1 ? Int32(faceTexels) : 0)
        }

        /// First texel of the border.
        func texels(in block: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UInt64> {
            (block + offset).bindMemory(to: UInt64.self, capacity: faceTexels * faces)
        }
    }

    /// Texels round a picture: a cubic sample in its outermost half texel reaches two beyond it.
    static let border = 2

    /// Cache lines, so that levels do not share one.
    static func align(_ bytes: Int) -> Int { (bytes + 63) & ~63 }

    /// Side of a mip level, each √2 smaller than the one before; at least 1.
    static func side(_ finest: Int, level: Int) -> Int {
        max(1, Int((Double(finest) * exp2(-0.5 * Double(level))).rounded()))
    }

    /// Takes the next place for a level.
    static func level(_ width: Int, _ height: Int, faces: Int, from bytes: inout Int) -> Level {
        let level = Level(offset: bytes, width: width, height: height, faces: faces)
        // Kernels read up to 24 texels from any place on.
        bytes = align(bytes + level.faceTexels * faces * 8 + 24 * 8)
        return level
    }

    /// A row of RGBA colours as texels.
    static func texels(
        of colors: UnsafePointer<Float>, count: Int, into row: UnsafeMutablePointer<UInt64>
    ) {
        if InstructionSet.best != nil {
            cyc_halves(colors, Int64(count), row)
        } else {
            for column in 0..<count {
                let at = colors + 4 * column
                row[column] = texel(SIMD4(at[0], at[1], at[2], at[3]))
            }
        }
    }

    /// Four halves of a colour: finite, within the range of a half, NaN as 0.
    static func texel(_ color: SIMD4<Float>) -> UInt64 {
        var bits: UInt64 = 0
        for channel in 0..<4 {
            let value = color[channel]
            let finite = value.isNaN ? 0 : max(-65504, min(65504, value))
            bits |= UInt64(Float16(finite).bitPattern) << (16 * UInt64(channel))
        }
        return bits
    }
}
