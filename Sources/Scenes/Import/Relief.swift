import FrameModel

/// A picture and its depth as triangles: the front as it is seen, cut at its jumps, and behind each
/// jump what is farther, filled in.
struct Relief {
    /// Ranges of distance whose hidden places are filled in apart: more would hardly be seen.
    private static let ranges = 4
    /// Pixels across of what is filled in.
    private static let hiddenWidth = 960
    /// Pixels of that from corner to corner of its triangles.
    private static let hiddenCell = 8
    /// What is filled in stands so much behind, of 1 / distance, that the front always hides it.
    private static let behind: Float = 0.995

    /// The front and what is behind; the first material's picture is the picture itself.
    let mesh: Mesh
    /// Pictures of the materials after the first, the farthest first.
    let hidden: [Picture]

    /// Nil when the depth cannot be shown with so few triangles.
    /// - Parameters:
    ///   - lens: of the grid's size.
    init?(
        _ picture: Picture, _ disparity: Plane, _ lens: PictureLens, jump: Float, reach: Double,
        triangles: Int
    ) {
        let width = min(disparity.width, Relief.hiddenWidth)
        let height = max(2, disparity.height * width / disparity.width)
        let small = DepthSmoothing.mapped(width, height) { x, y in
            disparity.at(x * disparity.width / width, y * disparity.height / height)
        }
        let image = Downsample.area(picture, width, height)
        let isPure = HiddenLayer.pure(small, radius: 2, jump: jump)
        let ranges = DepthRanges(small, count: Relief.ranges)
        var objects: [MeshObject] = []
        var pictures: [Picture] = []
        for range in 0..<max(1, ranges.count - 1) {
            let layer = HiddenLayer(range: range, of: ranges, image, small, isPure: isPure)
            let alpha = Relief.alpha(range, ranges, small, layer)
            let object = Relief.sheet(
                layer, alpha, lens, name: "behind \(range + 1)", material: range + 1)
            guard let object else { continue }
            objects.append(object)
            pictures.append(
                Picture(
                    width: width, height: height,
                    pixels: (0..<width * height).flatMap { at -> [Float] in
                        let color = layer.colors.pixels[at] * alpha.values[at]
                        return [color.x, color.y, color.z, alpha.values[at]]
                    }))
            objects[objects.count - 1].material = pictures.count
        }
        let spent = objects.reduce(0) { $0 + $1.triangleCount }
        guard
            let front = DepthMesh.object(
                disparity, lens, jump: jump, reach: Float(reach),
                most: max(1000, triangles - spent), name: "front", material: 0)
        else { return nil }
        let textures = (0...pictures.count).map { _ in
            MeshTexture(
                picture: Picture(width: 1, height: 1, pixels: [1, 1, 1, 1]), wrapU: .clamp,
                wrapV: .clamp)
        }
        let materials = textures.indices.map { index in
            MeshMaterial(
                name: index == 0 ? "picture" : "behind \(index)", baseTexture: index,
                alpha: index < 2 ? .opaque : .mask(cutoff: 0.5), isTwoSided: true)
        }
        mesh = Mesh(
            name: "relief", objects: [front] + objects, materials: materials, textures: textures)
        hidden = pictures
    }

    /// Where a range is filled in: behind nearer things, and a little into what is seen of it; the
    /// farthest everywhere.
    private static func alpha(
        _ range: Int, _ ranges: DepthRanges, _ disparity: Plane, _ layer: HiddenLayer
    ) -> Plane {
        let (width, height) = (disparity.width, disparity.height)
        if range == 0 {
            return Plane(
                width: width, height: height, values: Array(repeating: 1, count: width * height))
        }
        let isBehind = DepthSmoothing.mapped(width, height) { x, y in
            ranges.range(of: disparity.at(x, y)) > range && layer.share.at(x, y) > 0.5 ? 1 : 0
        }
        return DepthSmoothing.mapped(width, height) { x, y in
            if isBehind.at(x, y) > 0 { return 1 }
            guard ranges.range(of: disparity.at(x, y)) == range else { return 0 }
            for dy in -3...3 {
                for dx in -3...3 {
                    let (px, py) = (
                        max(0, min(width - 1, x + dx)), max(0, min(height - 1, y + dy))
                    )
                    if isBehind.at(px, py) > 0 { return 1 }
                }
            }
            return 0
        }
    }

    /// Squares of a range that something is filled in on; nil when there are none.
    private static func sheet(
        _ layer: HiddenLayer, _ alpha: Plane, _ lens: PictureLens, name: String, material: Int
    ) -> MeshObject? {
        let (width, height) = (alpha.width, alpha.height)
        let columns = (width + hiddenCell - 1) / hiddenCell
        let rows = (height + hiddenCell - 1) / hiddenCell
        var positions: [SIMD3<Float>] = []
        var uvs: [SIMD2<Float>] = []
        for row in 0...rows {
            for column in 0...columns {
                let uv = SIMD2(
                    min(1, Float(column * hiddenCell) / Float(width)),
                    min(1, Float(row * hiddenCell) / Float(height)))
                let value = layer.disparity.sample(uv.x * Float(width), uv.y * Float(height))
                positions.append(
                    lens.point(
                        uv.x * Float(lens.width), uv.y * Float(lens.height),
                        max(1e-5, value * behind)))
                uvs.append(uv)
            }
        }
        var indices: [UInt32] = []
        for row in 0..<rows {
            for column in 0..<columns where isNeeded(alpha, column, row) {
                let a = UInt32(row * (columns + 1) + column)
                let c = a + UInt32(columns + 1)
                indices += [a, c, a + 1, a + 1, c, c + 1]
            }
        }
        guard !indices.isEmpty else { return nil }
        return MeshObject(
            name: name, positions: positions, uvs: uvs, indices: indices, material: material)
    }

    private static func isNeeded(_ alpha: Plane, _ column: Int, _ row: Int) -> Bool {
        let (left, top) = (column * hiddenCell, row * hiddenCell)
        for y in top..<min(alpha.height, top + hiddenCell) {
            for x in left..<min(alpha.width, left + hiddenCell) where alpha.at(x, y) > 0 {
                return true
            }
        }
        return false
    }
}
