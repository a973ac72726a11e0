import FrameModel
import Lanes

/// Whether everything a baked scene points to lies in its block: held for blocks read from files,
/// for a renderer looks at no bound.
struct BakeBounds {
    private let start: Int
    private let size: Int

    init(_ block: UnsafeRawBufferPointer) {
        start = Int(bitPattern: block.baseAddress)
        size = block.count
    }

    /// Looks at every level, cluster and triangle once; counts were checked before.
    func holds(_ scene: PreparedScene) -> Bool {
        for level in 0..<scene.dome.levelCount {
            guard holds(scene.dome.levels[level], faces: 6) else { return false }
        }
        for index in 0..<scene.cardCount {
            let card = scene.cards[index]
            for level in 0..<card.levelCount {
                guard holds(card.levels[level], faces: 1), holds(card.masks[level]) else {
                    return false
                }
            }
        }
        for index in 0..<scene.movieCount where !holds(scene.movies[index], of: scene) {
            return false
        }
        return scene.meshes.count == 0 || holds(scene.meshes)
    }

    /// A movie's picture, and all of its layer in it: the ring's pictures are as large.
    private func holds(_ movie: PreparedMovie, of scene: PreparedScene) -> Bool {
        guard movie.offset >= 0, movie.byteCount > 0, movie.offset <= size,
            movie.byteCount <= size - movie.offset
        else { return false }
        let picture = BakeBounds(
            UnsafeRawBufferPointer(
                start: UnsafeRawPointer(bitPattern: start + movie.offset), count: movie.byteCount))
        guard movie.layer >= 0 else {
            return scene.dome.levelCount > 0
                && (0..<scene.dome.levelCount).allSatisfy {
                    picture.holds(scene.dome.levels[$0], faces: 6)
                }
        }
        let card = scene.cards[Int(movie.layer)]
        return (0..<card.levelCount).allSatisfy {
            picture.holds(card.levels[$0], faces: 1) && picture.holds(card.masks[$0])
        }
    }

    private func holds<Element>(_ pointer: UnsafePointer<Element>?, _ first: Int, _ count: Int)
        -> Bool
    {
        guard let pointer, first >= 0, count >= 0 else { return false }
        let place = Int(bitPattern: pointer)
        guard place >= start, place % MemoryLayout<Element>.alignment == 0 else { return false }
        let room = (start + size - place) / MemoryLayout<Element>.stride
        return place <= start + size && first <= room && count <= room - first
    }

    /// A level with its border and what kernels read beyond it.
    private func holds(_ level: cyc_level, faces: Int) -> Bool {
        let sides = 1...SceneLimits.pictureSide
        let (width, height) = (Int(level.width), Int(level.height))
        let (stride, face) = (Int(level.stride), Int(level.face_stride))
        let border = BakeLayout.border
        guard sides.contains(width), sides.contains(height), let texels = level.texels,
            (width + 2 * border...4 * SceneLimits.pictureSide).contains(stride),
            faces == 1 || face >= stride * (height + 2 * border)
        else { return false }
        // One more row than the border has: 24 texels from any place on.
        let count = stride * (height + border) + (faces - 1) * face + 24
        let before = Int(bitPattern: texels) - border * (stride + 1) * 8
        return before >= start && holds(level.texels, 0, count - border)
    }

    private func holds(_ mask: CardMask) -> Bool {
        guard mask.words != nil else { return true }
        let cells = 1...SceneLimits.pictureSide
        guard cells.contains(Int(mask.columns)), cells.contains(Int(mask.rows)) else {
            return false
        }
        return holds(
            mask.words, 0, CardMask.wordCount(columns: Int(mask.columns), rows: Int(mask.rows)))
    }

    private func holds(_ meshes: PreparedMeshes) -> Bool {
        guard holds(meshes.objects, 0, meshes.count), let objects = meshes.objects else {
            return false
        }
        for index in 0..<meshes.count {
            let (first, count) = (
                Int(objects[index].firstCluster), Int(objects[index].clusterCount)
            )
            guard holds(meshes.data.clusters, first, count), let clusters = meshes.data.clusters
            else { return false }
            for cluster in first..<first + count {
                guard holds(clusters[cluster], meshes.data) else { return false }
            }
        }
        return true
    }

    private func holds(_ cluster: cyc_mesh_cluster, _ data: cyc_mesh_data) -> Bool {
        let (vertices, triangles) = (Int(cluster.vertices), Int(cluster.triangles))
        let (first, padded) = (Int(cluster.vertex), (vertices + 15) / 16 * 16)
        guard vertices <= Int(CYC_MESH_VERTICES), triangles <= Int(CYC_MESH_TRIANGLES),
            [data.x, data.y, data.z, data.u, data.v].allSatisfy({ holds($0, first, padded) }),
            holds(data.triangles, Int(cluster.triangle), (triangles + 15) / 16 * 16)
        else { return false }
        if cluster.color != .max {
            let colors = [data.red, data.green, data.blue, data.alpha]
            guard colors.allSatisfy({ holds($0, Int(cluster.color), padded) }) else {
                return false
            }
        }
        let words = data.triangles! + Int(cluster.triangle)
        for triangle in 0..<triangles {
            let word = words[triangle]
            guard word & 0xFF < vertices, word >> 8 & 0xFF < vertices, word >> 16 < vertices else {
                return false
            }
        }
        return holds(material: Int(cluster.material), data)
    }

    private func holds(material index: Int, _ data: cyc_mesh_data) -> Bool {
        guard holds(data.materials, index, 1) else { return false }
        let material = data.materials![index]
        let isMasked = material.flags & Int32(CYC_MESH_MASKED) != 0
        return holds(texture: Int(material.texture), isMasked: isMasked, data)
            && (material.emission == -1
                || holds(texture: Int(material.emission), isMasked: false, data))
    }

    private func holds(texture index: Int, isMasked: Bool, _ data: cyc_mesh_data) -> Bool {
        guard holds(data.textures, index, 1) else { return false }
        var texture = data.textures![index]
        let (levels, sides) = (Int(texture.levels), 1...SceneLimits.meshTextureSide)
        guard (1...Int(CYC_MESH_LEVELS)).contains(levels), sides.contains(Int(texture.width)),
            sides.contains(Int(texture.height)), (0...2).contains(texture.wrap_u),
            (0...2).contains(texture.wrap_v)
        else { return false }
        let texels = withUnsafeBytes(of: &texture.level) { Array($0.bindMemory(to: Int32.self)) }
        let covers = withUnsafeBytes(of: &texture.coverage) {
            Array($0.bindMemory(to: Int32.self))
        }
        for level in 0..<levels {
            let width = max(1, Int(texture.width) >> level)
            let height = max(1, Int(texture.height) >> level)
            let (before, all) = (width + 3, (width + 2) * (height + 2))
            guard holds(data.texels, Int(texels[level]) - before, all + 2),
                !isMasked || holds(data.coverage, Int(covers[level]) - before, all + 16)
            else { return false }
        }
        return true
    }
}
